"""Tables 2 and 4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crawler.replica.form import ACTIVE_DISCLOSURE, REMEDIES, Block, CellKey, g4
from crawler.replica.layouts.grid import Grid, GridCell, filler, label, value
from crawler.replica.layouts.labels import written

_WIDTH = 4


def one_table(cells: Mapping[CellKey, str], noise: Sequence[str]) -> list[Grid]:
    """Table 2 as printed: one table of four columns, single values across three of them."""
    rows = [row for block in g4().blocks for row in _block(block, cells, noise, _WIDTH)]
    return [tuple(rows)]


def four_tables(cells: Mapping[CellKey, str], noise: Sequence[str]) -> list[Grid]:
    """Table 2 as four tables, one a block."""
    return [tuple(_block(block, cells, noise, len(block.columns) + 1)) for block in g4().blocks]


def seed_table(cells: Mapping[CellKey, str], noise: Sequence[str]) -> list[Grid]:
    """Table 2 with no spans: four cells a row, the unused ones empty."""
    rows: list[tuple[GridCell, ...]] = []
    for block in g4().blocks:
        for row in _block(block, cells, noise, len(block.columns) + 1):
            plain = [GridCell(cell.text, kind=cell.kind) for cell in row]
            rows.append((*plain, *filler(_WIDTH - len(plain))))
    return [tuple(rows)]


def _block(block: Block, cells: Mapping[CellKey, str], noise: Sequence[str], width: int) -> list[tuple[GridCell, ...]]:
    span = (width - 1) // len(block.columns)
    rows = [
        (label(written(block.label, noise), colspan=width),),
        (label("信息内容"), *(label(written(text, noise), colspan=span) for _, text in block.columns)),
    ]
    for key, text in block.rows:
        values = [value(cells[ACTIVE_DISCLOSURE, key, column], span) for column, _ in block.columns]
        rows.append((label(written(text, noise)), *values))
    return rows


def remedies(cells: Mapping[CellKey, str], noise: Sequence[str]) -> Grid:
    """Table 4 as printed: three head rows, one row of fifteen numbers."""
    form = g4()
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
        _remedy_values(cells),
    )


def seed_remedies(cells: Mapping[CellKey, str], noise: Sequence[str]) -> Grid:
    """Table 4 with no spans: fifteen cells a row, empty where a span would be."""
    form = g4()
    groups = [label(written(text, noise)) for _, text in form.remedy_groups]
    results = [label(written(text, noise)) for _, text in form.remedy_results]
    pad = filler(len(results) - 1)
    return (
        (groups[0], *pad, label(form.litigation), *filler(2 * len(results) - 1)),
        (*results, groups[1], *pad, groups[2], *pad),
        (*filler(len(results)), *results, *results),
        _remedy_values(cells),
    )


def _remedy_values(cells: Mapping[CellKey, str]) -> tuple[GridCell, ...]:
    form = g4()
    return tuple(
        value(cells[REMEDIES, group, result]) for group, _ in form.remedy_groups for result, _ in form.remedy_results
    )
