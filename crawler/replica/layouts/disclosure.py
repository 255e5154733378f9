"""Tables 2 and 4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crawler.replica.form import ACTIVE_DISCLOSURE, REMEDIES, Block, CellKey, Form
from crawler.replica.layouts.grid import Grid, GridCell, filler, label, value
from crawler.replica.layouts.labels import written

_WIDTH = 4
_SHIFTED_WIDTH = 5


def one_table(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> list[Grid]:
    """Table 2 as printed: one table of four columns, single values across three of them."""
    rows = [row for block in form.blocks for row in _block(block, cells, noise, _WIDTH)]
    return [tuple(rows)]


def four_tables(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> list[Grid]:
    """Table 2 as four tables, one a block."""
    return [tuple(_block(block, cells, noise, len(block.columns) + 1)) for block in form.blocks]


def shifted_table(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> list[Grid]:
    """Table 2 of five columns whose head and rows of numbers merge different ones (上海市政府办公厅, 2019)."""
    rows = [row for block in form.blocks for row in _block(block, cells, noise, _SHIFTED_WIDTH)]
    return [tuple(rows)]


def seed_table(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> list[Grid]:
    """Table 2 with no spans: four cells a row, the unused ones empty."""
    rows: list[tuple[GridCell, ...]] = []
    for block in form.blocks:
        for row in _block(block, cells, noise, len(block.columns) + 1):
            plain = [GridCell(cell.text, kind=cell.kind) for cell in row]
            rows.append((*plain, *filler(_WIDTH - len(plain))))
    return [tuple(rows)]


def _block(block: Block, cells: Mapping[CellKey, str], noise: Sequence[str], width: int) -> list[tuple[GridCell, ...]]:
    count = len(block.columns)
    heads, values = _spans(width - 1, count, count // 2), _spans(width - 1, count, 0)
    names = [label(written(text, noise), colspan=span) for (_, text), span in zip(block.columns, heads, strict=True)]
    rows = [(label(written(block.label, noise), colspan=width),), (label("信息内容"), *names)]
    for key, text in block.rows:
        shown = [
            value(cells[ACTIVE_DISCLOSURE, key, column], span)
            for (column, _), span in zip(block.columns, values, strict=True)
        ]
        rows.append((label(written(text, noise)), *shown))
    return rows


def _spans(width: int, count: int, widest: int) -> list[int]:
    """Return how many of ``width`` columns each of ``count`` cells covers; what is left over goes to one of them."""
    spans = [width // count] * count
    spans[widest] += width % count
    return spans


SHAPES = {"one": one_table, "four": four_tables, "shifted": shifted_table, "seed": seed_table}


def remedies(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> Grid:
    """Table 4 as printed: three head rows, one row of fifteen numbers."""
    groups = [written(text, noise) for _, text in form.remedy_groups]
    results = [written(text, noise) for _, text in form.remedy_results]
    width = len(results)
    return (
        (label(groups[0], colspan=width), label(form.litigation, colspan=2 * width)),
        (
            *(label(text, rowspan=2) for text in results),
            label(groups[1], colspan=width),
            label(groups[2], colspan=width),
        ),
        tuple(label(text) for text in results * 2),
        _remedy_values(form, cells),
    )


def seed_remedies(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> Grid:
    """Table 4 with no spans: fifteen cells a row, empty where a span would be."""
    groups = [label(written(text, noise)) for _, text in form.remedy_groups]
    results = [label(written(text, noise)) for _, text in form.remedy_results]
    pad = filler(len(results) - 1)
    return (
        (groups[0], *pad, label(form.litigation), *filler(2 * len(results) - 1)),
        (*results, groups[1], *pad, groups[2], *pad),
        (*filler(len(results)), *results, *results),
        _remedy_values(form, cells),
    )


def _remedy_values(form: Form, cells: Mapping[CellKey, str]) -> tuple[GridCell, ...]:
    return tuple(
        value(cells[REMEDIES, group, result]) for group, _ in form.remedy_groups for result, _ in form.remedy_results
    )
