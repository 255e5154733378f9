"""Every field of every form with its labels, meaning, unit and law: what the code book lists and the archive holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from archive.forms.model import Entry, Form, Grid, TableForm, forms


@dataclass(frozen=True, slots=True)
class Field:
    """A cell of one form: the keys it is stored under, its labels as printed, what it counts and by what law.

    ``zh`` joins the row's and the column's label, ``en`` their meanings. ``type`` is ``count``, ``change`` or
    ``money``. ``optional`` marks rows and columns that reports print beyond the official form. ``law`` names the
    article, or the notice that made the form where no article is known.
    """

    form: str
    table: str
    row: str
    column: str
    zh: str
    en: str
    type: str
    unit: str | None
    law: str
    optional: bool


@cache
def fields() -> tuple[Field, ...]:
    """The fields of every form, oldest form first, in the order they are printed; optional ones among them."""
    return tuple(
        field
        for form in reversed(forms())
        for table in form.tables
        for grid in table.grids
        for field in _fields(form, table, grid)
    )


def _fields(form: Form, table: TableForm, grid: Grid) -> Iterator[Field]:
    groups = {row.key: row for row in grid.rows if row.heads}
    for row in grid.rows:
        if row.heads:
            continue
        for column in grid.columns:
            # A list has one number a row, and the row says what it counts.
            counted = row if table.shape == "list" else column
            yield Field(
                form.id,
                table.key,
                row.key,
                column.key,
                _joined(_printed(row, groups), _printed(column, groups), table),
                _joined(row.en, column.en, table),
                counted.type,
                counted.unit or table.unit,
                row.law or column.law or form.rule,
                row.optional or column.optional,
            )


def _joined(row: str, column: str, table: TableForm) -> str:
    return row if table.shape == "list" else f"{row} × {column}"


def _printed(entry: Entry, groups: dict[str, Entry]) -> str:
    """The label with the words above it that tell it from others."""
    above = groups[entry.group].label if entry.group in groups else entry.group
    return f"{above} {entry.label}" if above and above != entry.label else entry.label
