"""Numbers recognised in a picture are taken for numbers only where the sums they take part in hold.

A figure misread for another is as sharp as one read right; but it is part of a sum, most often of two. What does not
add up is unread, with its raw text kept. That holds as well where the report itself adds up wrongly: a picture does not
tell the two apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from archive.checks.finding import Finding
from archive.forms.cells import CellReading
from archive.forms.model import TableForm, forms
from archive.forms.report import Report

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
        return _total(numbers, self.parts) - _total(numbers, self.whole)


def trusted(report: Report) -> tuple[Report, list[Finding]]:
    """Return a recognised report with the cells unread that do not add up, and what is to be said of them.

    Words in place of a value are taken for one misread.
    """
    form = next((form for form in forms() if form.id == report.form), None)
    if form is None:
        return report, []
    numbers = {_place(cell): cell.value for cell in report.cells if cell.state == "number"}
    sums = [entry for table in form.tables for entry in sums_of(table) if set(entry.places) & set(numbers)]
    broken = [entry for entry in sums if entry.difference(numbers)]
    vouched = {
        place
        for entry in sums
        if entry.difference(numbers) == 0 and not any(numbers[place] for place in entry.places)
        for place in entry.places
    }
    doubtful = {place for entry in broken for place in entry.places} - vouched
    cells = tuple(
        replace(cell, value=None, state="unreadable") if cell.state == "text" or _place(cell) in doubtful else cell
        for cell in report.cells
    )
    findings = [*_reports(broken, numbers), *_suggestions(report.cells, numbers, sums, broken)]
    unread = any(cell.state == "unreadable" for cell in cells)
    status = "partial" if unread and report.status == "complete" else report.status
    return replace(report, cells=cells, status=status), findings


def sums_of(table: TableForm) -> Iterator[Sum]:
    """Give the sums of a table that the form itself prints; see the rules T3-BAL, T3-SUM, T3-ROW, T4-SUM, STAT-SUM."""
    for total, parts in table.sums:
        yield Sum(tuple((table.key, part, "value") for part in parts), ((table.key, total, "value"),))
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
        received, carried_in, total, carried_out = (
            (table.key, row, column) for row in ("new_received", "carried_in", "results_total", "carried_out")
        )
        yield Sum(tuple((table.key, row, column) for row in results), (total,))
        yield Sum((received, carried_in), (total, carried_out))


def _reports(broken: Iterable[Sum], numbers: Mapping[Place, Number]) -> Iterator[Finding]:
    for entry in broken:
        table, row, column = entry.whole[0]
        parts, whole = _plain(_total(numbers, entry.parts)), _plain(_total(numbers, entry.whole))
        yield Finding(
            "OCR-SUM", "warning", table, row, column, parts, whole,
            f"识别出的数字不能相加：各项之和为 {parts}，合计为 {whole}；可能识别有误，也可能原件如此，有关各格未采信，"
            "请核对原件",
        )  # fmt: skip


def _suggestions(
    cells: Sequence[CellReading], numbers: Mapping[Place, Number], sums: Sequence[Sum], broken: Sequence[Sum]
) -> Iterator[Finding]:
    """Offer what a cell may be, where only one correction of a single figure makes all its sums hold."""
    by_place = {_place(cell): cell for cell in cells}
    for group in _connected(broken):
        # One broken sum can be mended in any of its cells; where two cross there is but one.
        if len(group) < 2:
            continue
        shared = set.intersection(*(set(entry.places) for entry in group))
        mended = []
        for place in sorted(shared):
            about = [entry for entry in sums if place in entry.places]
            for value in _one_figure_off(numbers[place]):
                changed = {**numbers, place: value}
                if not any(entry.difference(changed) for entry in about):
                    mended.append((place, value))
        if len(mended) == 1:
            place, value = mended[0]
            yield _suggestion(by_place[place], value)
    for cell in cells:
        if cell.state not in ("unreadable", "text"):
            continue
        place = _place(cell)
        solved = {_solved(entry, place, numbers) for entry in sums if place in entry.places}
        found = solved - {None}
        value = found.pop() if len(found) == 1 else None
        if value is not None and _near(cell.raw, value):
            yield _suggestion(cell, value)


def _suggestion(cell: CellReading, value: Number) -> Finding:
    return Finding(
        "OCR-SUGGEST", "info", cell.table, cell.row, cell.column, value, cell.raw,
        f"识别为「{cell.raw}」；若为 {value}，有关各项合计都成立，请核对原件",
    )  # fmt: skip


def _connected(broken: Sequence[Sum]) -> list[list[Sum]]:
    """Part sums into those that share cells, over others too."""
    groups: list[list[Sum]] = []
    for entry in broken:
        touching = [group for group in groups if any(set(entry.places) & set(other.places) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([*(other for group in touching for other in group), entry])
    return groups


def _one_figure_off(value: Number) -> Iterator[Number]:
    """Give the whole numbers that differ from a whole number in one figure."""
    text = str(value)
    if not text.isdigit():
        return
    for index in range(len(text)):
        for figure in "0123456789":
            changed = text[:index] + figure + text[index + 1 :]
            if figure != text[index] and (changed[0] != "0" or len(changed) == 1):
                yield int(changed)


def _solved(entry: Sum, place: Place, numbers: Mapping[Place, Number]) -> Number | None:
    """Return what a cell must be for a sum to hold, None when other cells of it are unread too."""
    if any(other not in numbers for other in entry.places if other != place):
        return None
    difference = entry.difference({**numbers, place: 0})
    value = difference if place in entry.whole else -difference
    return _plain(value) if value >= 0 else None


def _near(raw: str, value: Number) -> bool:
    """Whether a raw text is the value, or differs from it in one character."""
    text = str(value)
    return len(raw) == len(text) and sum(one != other for one, other in zip(raw, text, strict=True)) <= 1


def _place(cell: CellReading) -> Place:
    return cell.table, cell.row, cell.column


def _total(numbers: Mapping[Place, Number], places: Iterable[Place]) -> Decimal:
    return sum((Decimal(str(numbers[place])) for place in places), Decimal(0))


def _plain(number: Decimal) -> Number:
    return int(number) if number == number.to_integral_value() else float(number)
