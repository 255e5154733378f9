"""The rates as data: what ``indicators.toml`` holds, typed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from archive.forms.model import forms

Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Term:
    """A cell, or the cells of rows that begin alike, that a sum adds (or takes away when ``minus``).

    ``row`` may end in ``*``. ``previous`` takes the cell from the same body's report of the year before.
    """

    table: str
    row: str
    column: str
    minus: bool = False
    previous: bool = False

    def places(self, form_id: str) -> tuple[Place, ...]:
        """The cells of that form it stands for, in the form's order; none when it has no such cell, or no tables."""
        rows = {
            row.key: None
            for form in forms()
            if form.id == form_id
            for table in form.tables
            if table.key == self.table
            for grid in table.grids
            for row in grid.value_rows
            if any(column.key == self.column for column in grid.value_columns) and self._means(row.key)
        }
        return tuple((self.table, row, self.column) for row in rows)

    def _means(self, row: str) -> bool:
        return row.startswith(self.row[:-1]) if self.row.endswith("*") else row == self.row


@dataclass(frozen=True, slots=True)
class Indicator:
    """A rate: numerator over denominator, each a sum of terms, for the forms that have the cells.

    ``zh`` and ``en`` name it; ``note_zh`` and ``note_en`` say what to mind; ``source`` where the formula is from.
    """

    key: str
    zh: str
    en: str
    forms: tuple[str, ...]
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]
    source: str
    note_zh: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rate is empty."""

    key: str
    zh: str
    en: str


@cache
def indicators() -> tuple[Indicator, ...]:
    """The rates, in the order they are shown."""
    return tuple(
        Indicator(
            **{
                **entry,
                "forms": tuple(entry["forms"]),
                "numerator": tuple(map(_term, entry["numerator"])),
                "denominator": tuple(map(_term, entry["denominator"])),
            }
        )
        for entry in _data()["indicators"]
    )


@cache
def reasons() -> dict[str, Reason]:
    """Why a rate can be empty, by key."""
    return {key: Reason(key, **entry) for key, entry in _data()["reasons"].items()}


def small_below() -> int:
    """The denominator under which a rate is marked as resting on few cases."""
    return _data()["small_below"]


@cache
def _data() -> dict:
    return tomllib.loads((files(__package__) / "indicators.toml").read_text("utf-8"))


def _term(written: str) -> Term:
    place = written.removeprefix("-")
    table, row, column = place.removeprefix("previous:").split(".")
    return Term(table, row, column, minus=place != written, previous=place.startswith("previous:"))
