"""The sums a form prints, and how they stand among numbers that may be misread: which hold, which are broken.

A cell that could not be read leaves the sums it is part of open, unless they agree on what it must be, with each other
or with what was made out of it: then they hold, and vouch for the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from archive.forms.model import TableForm

Place = tuple[str, str, str]
Number = int | float


@dataclass(frozen=True, slots=True)
class Sum:
    """Cells that add up to what others add up to, as the form says."""

    parts: tuple[Place, ...]
    whole: tuple[Place, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """All its cells."""
        return self.parts + self.whole

    def difference(self, numbers: Mapping[Place, Number]) -> Decimal | None:
        """Return by how much the parts exceed the whole, None when one of the cells holds no number."""
        if any(place not in numbers for place in self.places):
            return None
        return total(numbers, self.parts) - total(numbers, self.whole)

    def solved(self, place: Place, numbers: Mapping[Place, Number]) -> Number | None:
        """Return what a cell must be for the sum to hold, None when other cells of it are unread too.

        Less than nothing where no number makes it hold.
        """
        difference = self.difference({**numbers, place: 0})
        if difference is None:
            return None
        return plain(difference if place in self.whole else -difference)


def sums_of(table: TableForm, shown: Iterable[Place] = ()) -> Iterator[Sum]:
    """Give the sums of a table that the form itself prints; see the rules T3-BAL, T3-SUM, T3-ROW, T4-SUM, STAT-SUM.

    Of those of subtotals, which the form does not have (T3-SUB), only the ones ``shown`` in a report.
    """
    for whole, parts in table.sums:
        yield Sum(tuple((table.key, part, "value") for part in parts), ((table.key, whole, "value"),))
    if table.shape not in ("matrix", "across"):
        return
    rows, columns = table.grid.value_rows, [column.key for column in table.grid.value_columns]
    for row in rows:
        parts = tuple((table.key, row.key, column) for column in columns if column != "total")
        yield Sum(parts, ((table.key, row.key, "total"),))
    if table.shape != "matrix":
        return
    results = [row.key for row in rows if row.role == "result"]
    for column in columns:
        received, carried_in, whole, carried_out = (
            (table.key, row, column) for row in ("new_received", "carried_in", "results_total", "carried_out")
        )
        yield Sum(tuple((table.key, row, column) for row in results), (whole,))
        yield Sum((received, carried_in), (whole, carried_out))
    for place in shown:
        if place[0] == table.key:
            yield from _of_subtotal(table, place)


def _of_subtotal(table: TableForm, place: Place) -> Iterator[Sum]:
    _, row, column = place
    group = row.removesuffix("_subtotal")
    if row != group:
        children = [entry.key for entry in table.grid.value_rows if entry.group == group]
        yield Sum(tuple((table.key, child, column) for child in children), (place,))
    elif column == "legal_person_subtotal":
        organisations = [entry.key for entry in table.grid.value_columns if entry.group]
        yield Sum(tuple((table.key, row, child) for child in organisations), (place,))


@dataclass(frozen=True, slots=True)
class Standing:
    """Which sums hold, which are broken, and which nobody can tell for the unread cells in them."""

    holding: frozenset[Sum]
    broken: frozenset[Sum]
    untold: frozenset[Sum]


def standing(
    sums: Sequence[Sum],
    numbers: Mapping[Place, Number],
    blanks: Collection[Place],
    unread: Mapping[Place, Number | None],
) -> Standing:
    """Tell how sums stand: ``blanks`` are cells with nothing in them, ``unread`` others and what they may say.

    A blank part counts nothing. A blank total is not filled in, and unknown; parts of which none is filled in say
    nothing of a total other than 0.
    """
    totals = {entry.whole[0] for entry in sums if len(entry.whole) == 1}
    known = {**numbers, **{place: 0 for place in blanks if place not in totals}}
    raws = {place: number for place, number in unread.items() if number is not None}
    holding: set[Sum] = set()
    broken: set[Sum] = set()
    left = {entry for entry in sums if any(place not in blanks for place in entry.parts)}
    left |= {entry for entry in sums if all(known.get(place) == 0 for place in entry.whole)}
    for entry in left:
        difference = entry.difference(known)
        if difference is not None:
            (broken if difference else holding).add(entry)
        elif entry.difference({**raws, **known}) == 0:
            holding.add(entry)
    told = True
    while told:
        told = _settle(_said(left - broken, known), raws, known, holding, broken)
    _settle_together(left - broken, known, holding, broken)
    untold = {entry for entry in left - holding - broken if not unread.keys().isdisjoint(entry.places)}
    return Standing(frozenset(holding), frozenset(broken), frozenset(untold))


def _said(sums: Iterable[Sum], known: Mapping[Place, Number]) -> dict[Place, dict[Sum, Number]]:
    """Return what each sum with one unread cell says that cell must be."""
    said: dict[Place, dict[Sum, Number]] = defaultdict(dict)
    for entry in sums:
        unread = [place for place in entry.places if place not in known]
        if len(unread) == 1:
            said[unread[0]][entry] = entry.solved(unread[0], known)
    return said


def _settle(
    said: Mapping[Place, Mapping[Sum, Number]],
    raws: Mapping[Place, Number],
    known: dict[Place, Number],
    holding: set[Sum],
    broken: set[Sum],
) -> bool:
    """Take for known what two witnesses agree on, sums or a sum and the raw text. Returns whether there was such."""
    told = False
    for place, values in said.items():
        witnesses = Counter(values.values())
        if place in raws:
            witnesses[raws[place]] += 1
        value, count = witnesses.most_common(1)[0]
        agree = count > 1 and value >= 0
        if agree:
            known[place] = value
            told = True
        elif len(values) == 1 and value >= 0:
            continue
        agreed = {entry for entry, number in values.items() if agree and number == value}
        holding |= agreed
        holding -= values.keys() - agreed
        broken |= values.keys() - agreed
    return told


def _settle_together(sums: Collection[Sum], known: Mapping[Place, Number], holding: set[Sum], broken: set[Sum]) -> None:
    """Hold what sums say of one unread cell each against the sums that have several of those."""
    said = {place: values for place, values in _said(sums, known).items() if place not in known}
    by = {place: next(iter(values.items())) for place, values in said.items() if len(values) == 1}
    solved = {place: number for place, (_, number) in by.items() if number >= 0}
    for entry in sums:
        crossed = [place for place in entry.places if place not in known]
        if len(crossed) > 1 and solved.keys() >= set(crossed):
            agree = entry.difference({**solved, **known}) == 0
            (holding if agree else broken).update((entry, *(by[place][0] for place in crossed)))
    holding -= broken


def total(numbers: Mapping[Place, Number], places: Iterable[Place]) -> Decimal:
    """Add up the numbers of some cells."""
    return sum((Decimal(str(numbers[place])) for place in places), Decimal(0))


def plain(number: Decimal) -> Number:
    """Return a number as a whole one, where it is."""
    return int(number) if number == number.to_integral_value() else float(number)
