"""What lists, charts and comparisons show of a report: counts (``measures.toml``) and rates (`archive.indicators`)."""

from __future__ import annotations

import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from archive.forms.model import forms
from archive.indicators.compute import Cell
from archive.indicators.model import Term, indicators, reasons

Number = int | float
Place = tuple[str, str, str]
# The cells of a report by table, row and column.
Cells = Mapping[Place, Cell]


@dataclass(frozen=True, slots=True)
class Measure:
    """A count or a rate with its names and how it is made. ``unit`` is 件, or % for a rate.

    ``group`` is the chart it belongs to, ``main`` whether every list shows it.
    """

    key: str
    zh: str
    en: str
    note_zh: str
    note_en: str
    terms: tuple[Term, ...] = ()
    group: str | None = None
    main: bool = False
    unit: str = "件"

    @property
    def is_rate(self) -> bool:
        """Whether it is a rate, whose numbers are shares of one."""
        return self.unit == "%"

    def name(self, language: str) -> str:
        """Return its name."""
        return self.en if language == "en" else self.zh

    def note(self, language: str) -> str:
        """Return how it is made."""
        return self.note_en if language == "en" else self.note_zh


@dataclass(frozen=True, slots=True)
class Value:
    """A measure of one report. Without a number ``reason`` is why, a key of the reasons of `archive.indicators`."""

    number: Number | None
    reason: str | None = None
    over: tuple[Number, Number] | None = None


@cache
def counts() -> tuple[Measure, ...]:
    """The counts, in the order they are shown."""
    data = tomllib.loads((files(__package__) / "measures.toml").read_text("utf-8"))
    return tuple(Measure(**{**entry, "terms": tuple(map(_term, entry["terms"]))}) for entry in data["measures"])


@cache
def measures() -> dict[str, Measure]:
    """Every count and rate by its key, counts first."""
    rates = (
        Measure(entry.key, entry.zh, entry.en, entry.note_zh or entry.source, entry.note_en or entry.en, unit="%")
        for entry in indicators()
    )
    return {measure.key: measure for measure in (*counts(), *rates)}


@cache
def main_counts() -> tuple[Measure, ...]:
    """The counts that every list shows."""
    return tuple(measure for measure in counts() if measure.main)


def by_report(rows: Iterable[sqlite3.Row]) -> dict[str, dict[Place, Cell]]:
    """Gather rows of ``cells`` by report."""
    found: dict[str, dict[Place, Cell]] = defaultdict(dict)
    for row in rows:
        found[row["report_id"]][row["table"], row["row"], row["column"]] = Cell(row["value"], row["state"])
    return found


def count_of(measure: Measure, form_id: str | None, cells: Cells) -> Value:
    """Return a count of one report, read with the form it follows."""
    places = _places(measure, form_id)
    if not places:
        return Value(None, "missing")
    total = Decimal(0)
    for place in places:
        cell = cells.get(place)
        if cell is None or cell.state != "number" or cell.value is None:
            return Value(None, cell.state if cell and cell.state != "number" else "missing")
        total += Decimal(str(cell.value))
    return Value(int(total) if total == total.to_integral_value() else float(total))


def reason_words(reason: str | None, language: str) -> str | None:
    """Return why there is no number, in words."""
    found = reasons().get(reason or "")
    return found and (found.en if language == "en" else found.zh)


@cache
def _places(measure: Measure, form_id: str | None) -> tuple[Place, ...]:
    found = [term.places(form_id) for term in measure.terms] if form_id in {form.id for form in forms()} else []
    # A sum without one of its parts would be another sum.
    return tuple(place for places in found for place in places) if found and all(found) else ()


def _term(written: str) -> Term:
    return Term(*written.split("."))
