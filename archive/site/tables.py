"""A report's cells and findings, put in their places on the official form."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from archive.forms.model import TableForm, forms
from archive.site.layout import Layout, layout, optional_keys
from archive.site.rendering import count

Row = sqlite3.Row
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding: its ``number`` in the report's list, and where it stands (None: of the whole report)."""

    number: int
    rule: str
    severity: str
    message: str
    table: str | None
    row: str | None
    column: str | None

    @property
    def target(self) -> str | None:
        """The id of the place on the page it concerns: a cell or a table; None when it concerns the whole report."""
        return place_of(self.table, self.row, self.column)


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as shown: its number or text, its state, what the report prints, and the findings about it.

    ``text`` is None where the state has a word of its own (blank, unreadable, missing); ``raw`` is only given where it
    says more than the text.
    """

    text: str | None
    state: str
    raw: str | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def severity(self) -> str | None:
        """The gravest severity of its findings."""
        return next((mark.severity for mark in self.marks), None)


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of a report: the layout, what stands in each place, and cells the layout has no place for.

    ``states`` are the states in it that need explaining.
    """

    layout: Layout
    cells: dict[Place, Shown]
    states: tuple[str, ...]
    unplaced: tuple[tuple[str, str, Shown], ...]
    marks: tuple[Mark, ...] = field(default=())


_MISSING = Shown(None, "missing")
_EXPLAINED = ("blank", "not_applicable", "text", "unreadable", "missing")


def marks_of(findings: Sequence[Row]) -> list[Mark]:
    """Number the findings of a report in their order."""
    return [
        Mark(number, row["rule"], row["severity"], row["message"], row["table"], row["row"], row["column"])
        for number, row in enumerate(findings, 1)
    ]


def report_tables(form_id: str | None, rows: Iterable[Row], marks: Sequence[Mark]) -> dict[str, ReportTable]:
    """Return the tables of a report by their keys, those it has cells of.

    A table of a form this program has no layout for is left out; its cells are in the data all the same.
    """
    by_table: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_table[row["table"]].append(row)
    form = next((form for form in forms() if form.id == form_id), None)
    return (
        {table.key: _table(form.id, table, by_table[table.key], marks) for table in form.tables if by_table[table.key]}
        if form
        else {}
    )


def place_of(table: str | None, row: str | None, column: str | None) -> str | None:
    """Return the id of the cell or the table on the report's page; None for what concerns the whole report."""
    if table and row and column:
        return cell_id(table, row, column)
    return table and f"table-{table}"


def cell_id(table: str, row: str, column: str) -> str:
    """Return the id of a cell on the report's page, so that a single number can be pointed to."""
    return f"{table}.{row}.{column}"


def _table(form_id: str, table: TableForm, rows: Sequence[Row], marks: Sequence[Mark]) -> ReportTable:
    keys = {key for row in rows for key in (row["row"], row["column"])}
    laid = layout(form_id, table.key, frozenset(keys & optional_keys(form_id, table.key)))
    places = laid.slots()
    mine = [mark for mark in marks if mark.table == table.key]
    about = _places(table, mine)
    found = {(row["row"], row["column"]): _shown(row, about[row["row"], row["column"]]) for row in rows}
    cells = {place: found.get(place, _MISSING) for place in places}
    states = {shown.state for shown in cells.values()}
    return ReportTable(
        laid,
        cells,
        tuple(state for state in _EXPLAINED if state in states),
        tuple((row, column, shown) for (row, column), shown in found.items() if (row, column) not in places),
        tuple(mine),
    )


def _places(table: TableForm, marks: Sequence[Mark]) -> dict[Place, tuple[Mark, ...]]:
    """Where each finding shows: at its cell; one that speaks of a column, at the rows its balance is made of."""
    balanced = [row.key for grid in table.grids for row in grid.rows if row.role in ("input", "total", "output")]
    about: dict[Place, tuple[Mark, ...]] = defaultdict(tuple)
    for mark in marks:
        if mark.column is None:
            continue
        for row in [mark.row] if mark.row else balanced:
            about[row, mark.column] += (mark,)
    return about


def _shown(row: Row, marks: tuple[Mark, ...]) -> Shown:
    state, raw = row["state"], row["raw"]
    if state == "number":
        text = count(row["value"])
        return Shown(text, state, None if raw.strip() in (str(row["value"]), text) else raw, marks)
    if state == "not_applicable":
        return Shown(raw.strip() or "/", state, None, marks)
    if state == "text":
        return Shown(raw, state, None, marks)
    return Shown(None, state, raw if state == "unreadable" else None, marks)
