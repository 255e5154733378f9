"""From the cells of a report to its rates. Pure, and exact: nothing is rounded but for display."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from archive.indicators.model import Indicator, Place, Term, indicators, small_below

Number = int | float


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's number and its state; ``value`` counts only where the state is ``number``."""

    value: Number | None
    state: str


Cells = Mapping[Place, Cell]


@dataclass(frozen=True, slots=True)
class Rate:
    """An indicator of one report.

    ``numerator`` and ``denominator`` are None where a cell of theirs holds no number. ``value`` is the exact quotient,
    None where there is none: then ``reason`` is a key of `archive.indicators.model.reasons`, and ``reason_cell`` the
    first cell (table.row.column) that stands in the way. ``small`` marks a denominator too small to say much.
    """

    key: str
    numerator: Number | None
    denominator: Number | None
    value: Fraction | None
    reason: str | None
    reason_cell: str | None
    small: bool


@dataclass(frozen=True, slots=True)
class _Sum:
    value: Fraction | None
    reason: str | None = None
    cell: str | None = None


def rates(form_id: str, cells: Cells, previous: Cells | None = None, previous_form: str | None = None) -> list[Rate]:
    """Return the indicators of a report, those its form has, in their order.

    ``cells`` are the report's; ``previous`` and ``previous_form`` those and the form of the same body's report of the
    year before, None where there is none.
    """
    return [
        _rate(indicator, form_id, cells, previous, previous_form)
        for indicator in indicators()
        if form_id in indicator.forms
    ]


@cache
def places_needed() -> frozenset[Place]:
    """Every cell that some rate of some form is made of."""
    return frozenset(
        place
        for indicator in indicators()
        for form_id in indicator.forms
        for term in (*indicator.numerator, *indicator.denominator)
        for place in term.places(form_id)
    )


def _rate(indicator: Indicator, form_id: str, cells: Cells, previous: Cells | None, previous_form: str | None) -> Rate:
    numerator = _sum(indicator.numerator, form_id, cells, previous, previous_form)
    denominator = _sum(indicator.denominator, form_id, cells, previous, previous_form)
    missing = denominator if denominator.reason else numerator
    reason, cell, value = missing.reason, missing.cell, None
    if reason is None:
        if denominator.value > 0:
            value = numerator.value / denominator.value
        else:
            reason = "zero_denominator" if denominator.value == 0 else "negative_denominator"
    small = denominator.value is not None and denominator.value < small_below()
    return Rate(indicator.key, _plain(numerator.value), _plain(denominator.value), value, reason, cell, small)


def _sum(terms: Iterable[Term], form_id: str, cells: Cells, previous: Cells | None, previous_form: str | None) -> _Sum:
    total: int | Fraction = 0
    for term in terms:
        source, form = (previous, previous_form) if term.previous else (cells, form_id)
        if source is None:
            return _Sum(None, "no_previous_report")
        if form is None:
            return _Sum(None, "previous_unread")
        places = _places(term, form)
        if not places:
            return _Sum(None, "other_form")
        for place in places:
            cell = source.get(place)
            if cell is None or cell.state != "number" or cell.value is None:
                return _Sum(None, cell.state if cell and cell.state != "number" else "missing", ".".join(place))
            # A decimal as it was written, not as binary has it: 0.1 is a tenth.
            exact = cell.value if isinstance(cell.value, int) else Fraction(str(cell.value))
            total += -exact if term.minus else exact
    return _Sum(Fraction(total))


@cache
def _places(term: Term, form_id: str) -> tuple[Place, ...]:
    return term.places(form_id)


def _plain(number: Fraction | None) -> Number | None:
    if number is None:
        return None
    return int(number) if number.denominator == 1 else float(number)
