"""Lays a table of the form out as the official form prints it: which cell stands where, and how far it spans.

Made from the form's data (``archive/forms/*.toml``), so that a new form needs no template of its own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import groupby

from archive.forms.model import Entry, Grid, TableForm, forms


@dataclass(frozen=True, slots=True)
class Head:
    """A cell with a label. ``scope`` is that of HTML, None for a cell that heads nothing; ``kind`` names its style."""

    text: str
    scope: str | None
    rows: int = 1
    columns: int = 1
    kind: str = "label"


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell that holds the value of one ``row`` and ``column`` of the form; ``columns`` is how many it spans."""

    row: str
    column: str
    columns: int = 1


Line = tuple[Head | Slot, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table as printed.

    ``widths`` are the numbers of columns in its column groups, labels first; ``label_columns`` how many of the columns
    hold labels. ``head`` and each of ``bodies`` are lines of cells.
    """

    table: str
    shape: str
    caption: str
    widths: tuple[int, ...]
    label_columns: int
    head: tuple[Line, ...]
    bodies: tuple[tuple[Line, ...], ...]

    def slots(self) -> frozenset[tuple[str, str]]:
        """Every (row, column) the layout has a place for."""
        return frozenset(
            (cell.row, cell.column) for body in self.bodies for line in body for cell in line if isinstance(cell, Slot)
        )


@cache
def layout(form: str, table: str, optional: frozenset[str] = frozenset()) -> Layout:
    """Return the layout of a table of a form.

    ``optional`` are keys of rows and columns outside the official form that a report has; each stands where such
    tables print it. Raises KeyError for a form or table that is not known.
    """
    found = next((entry for entry in forms() if entry.id == form), None)
    if found is None:
        raise KeyError(f"no form {form!r}")
    definition = found.table(table)
    return _SHAPES[definition.shape](definition, optional)


def optional_keys(form: str, table: str) -> frozenset[str]:
    """Return the keys of the rows and columns of a table that are not in the official form."""
    definition = next(entry for entry in forms() if entry.id == form).table(table)
    return frozenset(entry.key for grid in definition.grids for entry in (*grid.rows, *grid.columns) if entry.optional)


def _blocks(table: TableForm, optional: frozenset[str]) -> Layout:
    """Blocks of rows under one another, each with its own header; the last column takes what width is left."""
    chosen = [_without(grid, optional) for grid in table.grids]
    width = max(len(grid.columns) for grid in chosen)
    row_head = _printed().get(table.key, {}).get("row_head", "")
    bodies = []
    for grid in chosen:
        spans = [1] * (len(grid.columns) - 1) + [width - len(grid.columns) + 1]
        lines: list[Line] = [(Head(grid.label, "rowgroup", columns=width + 1, kind="block"),)]
        lines.append(
            (
                Head(row_head, None),
                *(Head(column.label, "col", columns=span) for column, span in zip(grid.columns, spans, strict=True)),
            )
        )
        for row in grid.rows:
            slots = (Slot(row.key, column.key, span) for column, span in zip(grid.columns, spans, strict=True))
            lines.append((Head(row.label, "row"), *slots))
        bodies.append(tuple(lines))
    return Layout(table.key, table.shape, table.caption, (1, width), 1, (), tuple(bodies))


def _matrix(table: TableForm, optional: frozenset[str]) -> Layout:
    """Rows in groups within groups against columns, some of them under a common head."""
    grid = _without(table.grid, optional)
    lines = list(_grouped(grid))
    depth = 1 + any(outer for outer, _, _ in lines) + any(group for _, group, _ in lines)
    printed = _printed().get(table.key, {})
    head = _matrix_head(grid.columns, depth, printed.get("corner", ""), printed.get("column_head"))
    bodies = []
    for outer, members in groupby(lines, key=lambda line: line[0]):
        bodies.append(tuple(_matrix_body(outer, list(members), grid.columns, depth)))
    widths = (1,) * depth + tuple(len(list(found)) for _, found in groupby(grid.columns, key=_column_group))
    return Layout(table.key, table.shape, table.caption, widths, depth, head, tuple(bodies))


def _matrix_head(columns: tuple[Entry, ...], depth: int, corner: str, column_head: str | None) -> tuple[Line, ...]:
    grouped = any(column.group for column in columns)
    height = 1 + bool(column_head) + grouped
    first: list[Head] = []
    second: list[Head] = []
    for group, members in groupby(columns, key=_column_group):
        found = list(members)
        if found[0].group:
            first.append(Head(str(group), "colgroup", columns=len(found)))
            second += [Head(column.label, "col") for column in found]
        else:
            first.append(Head(found[0].label, "col", rows=1 + grouped))
    lines: list[list[Head]] = [[Head(column_head, "colgroup", columns=len(columns))]] if column_head else []
    lines.append(first)
    if grouped:
        lines.append(second)
    lines[0].insert(0, Head(corner, None, rows=height, columns=depth, kind="corner"))
    return tuple(tuple(line) for line in lines)


def _matrix_body(
    outer: Entry | None, lines: list[tuple[Entry | None, Entry | None, Entry]], columns: tuple[Entry, ...], depth: int
) -> Iterator[Line]:
    previous: Entry | None = None
    for number, (_, group, row) in enumerate(lines):
        cells: list[Head | Slot] = []
        free = depth
        if outer:
            free -= 1
            if number == 0:
                cells.append(Head(outer.label, "rowgroup", rows=len(lines), kind="outer"))
        if group:
            free -= 1
            if group is not previous:
                height = sum(1 for _, other, _ in lines if other is group)
                cells.append(Head(group.label, "rowgroup", rows=height, kind="group"))
        previous = group
        kind = "leaf" if free == 1 else "wide" if free == depth else "middle"
        cells.append(Head(row.label, "row", columns=free, kind=kind))
        yield (*cells, *(Slot(row.key, column.key) for column in columns))


def _grouped(grid: Grid) -> Iterator[tuple[Entry | None, Entry | None, Entry]]:
    """Give each row that holds values with the group heading over it, and the heading over that.

    A heading no row names as its group stands over all rows that follow, up to those that are no results.
    """
    named = {row.group for row in grid.rows}
    groups = {row.key: row for row in grid.rows if row.heads and row.key in named}
    subtotals = {row.key.removesuffix("_subtotal"): row for row in grid.rows if row.role == "subtotal"}
    outer: Entry | None = None
    for row in grid.rows:
        if row.role in ("input", "output"):
            outer = None
        if row.heads:
            if row.key not in groups:
                outer = row
            if row.key in subtotals:
                yield outer, None, subtotals[row.key]
        elif row.role != "subtotal":
            yield outer, groups.get(row.group or ""), row


def _across(table: TableForm, optional: frozenset[str]) -> Layout:
    """One line of values; the rows of the form stand side by side in the head."""
    grid = _without(table.grid, optional)
    width = len(grid.columns)
    top: list[Head] = []
    middle: list[Head] = []
    bottom: list[Head] = []
    for group, members in groupby(grid.rows, key=_column_group):
        found = list(members)
        if found[0].group:
            top.append(Head(str(group), "colgroup", columns=width * len(found)))
            middle += [Head(row.label, "colgroup", columns=width) for row in found]
            bottom += [Head(column.label, "col") for _ in found for column in grid.columns]
        else:
            top.append(Head(found[0].label, "colgroup", columns=width))
            middle += [Head(column.label, "col", rows=2) for column in grid.columns]
    values = tuple(Slot(row.key, column.key) for row in grid.rows for column in grid.columns)
    return Layout(
        table.key, table.shape, table.caption, (width,) * len(grid.rows), 0,
        (tuple(top), tuple(middle), tuple(bottom)), ((values,),),
    )  # fmt: skip


def _list(table: TableForm, optional: frozenset[str]) -> Layout:
    """Indicators under one another, each with its unit; the numbering alone shows what is part of what."""
    grid = _without(table.grid, optional)
    value = grid.columns[0]
    head = (Head("统计指标", "col"), Head("单位", "col"), Head(value.label, "col"))
    printed = {row.label for row in grid.rows if not row.heads}
    lines: list[Line] = []
    for row in grid.rows:
        if not row.heads:
            kind = f"indent-{_depth(row.label)}"
            lines.append((Head(row.label, "row", kind=kind), Head(row.unit or "", None), Slot(row.key, value.key)))
        elif row.label not in printed:
            # A heading that has a number of its own is printed once, with it.
            lines.append((Head(row.label, "row", columns=3, kind=f"block indent-{_depth(row.label)}"),))
    return Layout(table.key, table.shape, table.caption, (1, 1, 1), 1, (head,), (tuple(lines),))


def _depth(label: str) -> int:
    """How deep a label stands: 一、 then （一） then 1. then what has no number."""
    for depth, pattern in enumerate((r"[一二三四五六七八九十]+、", r"（", r"[0-9]+[.、]")):
        if re.match(pattern, label):
            return depth
    return 3


_SHAPES = {"blocks": _blocks, "matrix": _matrix, "across": _across, "list": _list}


def _without(grid: Grid, optional: frozenset[str]) -> Grid:
    return replace(grid, rows=_chosen(grid.rows, optional), columns=_chosen(grid.columns, optional))


def _chosen(entries: Iterable[Entry], optional: frozenset[str]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if not entry.optional or entry.key in optional)


def _column_group(entry: Entry) -> str:
    # Entries of no group stand alone, each a group of its own.
    return entry.group or entry.key


@cache
def _printed() -> dict[str, dict[str, str]]:
    return tomllib.loads((files(__package__) / "layout.toml").read_text("utf-8"))
