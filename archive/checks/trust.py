"""Numbers recognised in a picture are taken for numbers only where the sums they take part in hold.

A figure misread for another is as sharp as one read right; but it is part of a sum, most often of two. A number needs a
sum that holds; and where another is broken, it is unread, with its raw text kept, unless it would take three misread
cells at once for it to be wrong: then it is another cell that is wrong, or the report adds up wrongly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from archive.checks.finding import Finding
from archive.checks.sums import Number, Place, Standing, Sum, plain, standing, sums_of, total
from archive.forms.cells import CellReading
from archive.forms.model import forms
from archive.forms.numbers import read_value
from archive.forms.report import Report

_EMPTY = ("blank", "not_applicable")
# In a picture so bad that more of the cells with something in them are in doubt, as a part of them, nothing is believed
# that no sum vouches for, blank cells neither: thin strokes are lost there.
_MOST_DOUBTED = 0.1


def trusted(report: Report, *, whole: bool = True) -> tuple[Report, list[Finding]]:
    """Return a recognised report with the cells unread that no sum vouches for, and what is to be said of them.

    Words in place of a value are taken for one misread. Unless the ``whole`` report was recognised, cells that were not
    stay as they are; they count in the sums of the others.
    """
    form = next((form for form in forms() if form.id == report.form), None)
    judged = {_place(cell) for cell in report.cells if whole or cell.recognised}
    if form is None or not judged:
        return report, []
    numbers = {_place(cell): cell.value for cell in report.cells if cell.state == "number"}
    blanks = {_place(cell) for cell in report.cells if cell.state in _EMPTY}
    shown = [_place(cell) for cell in report.cells]
    sums = [entry for table in form.tables for entry in sums_of(table, shown) if set(entry.places) & set(shown)]
    unread = _unread(report.cells)
    stand = standing(sums, numbers, blanks, unread)
    summed = {table.key for table in form.tables if table.shape in ("matrix", "across")}
    # Rows whose cells could not be told apart have no text: that is the table's doing.
    doubted = sum(bool(cell.raw) for cell in report.cells if _place(cell) in judged & unread.keys())
    bad = doubted > _MOST_DOUBTED * (doubted + len(judged & numbers.keys()))
    doubtful = _unvouched([*numbers, *blanks] if bad else [place for place in numbers if place[0] in summed], stand)
    doubtful |= _refuted([*numbers, *blanks], sums, stand) | _unseen(sums, numbers, blanks)
    doubtful |= {_place(cell) for cell in report.cells if cell.state == "text"}
    cells = tuple(
        replace(cell, value=None, state="unreadable") if _place(cell) in doubtful & judged else cell
        for cell in report.cells
    )
    broken = [entry for entry in sums if entry in stand.broken and judged.intersection(entry.places)]
    counted = {**dict.fromkeys(blanks, 0), **numbers}
    recognised = [cell for cell in report.cells if _place(cell) in judged]
    findings = [*_reports(broken, counted), *_suggestions(recognised, counted, sums, broken)]
    status = (
        "partial"
        if any(cell.state == "unreadable" for cell in cells) and report.status == "complete"
        else report.status
    )
    return replace(report, cells=cells, status=status), findings


def _unread(cells: Iterable[CellReading]) -> dict[Place, Number | None]:
    """Return the cells that were not read, each with the number it is if its raw text is right."""
    return {_place(cell): read_value(cell.raw).value for cell in cells if cell.state in ("unreadable", "text")}


def _unvouched(numbers: Iterable[Place], stand: Standing) -> set[Place]:
    """Return the numbers, or blank cells, that no sum vouches for."""
    return set(numbers) - {place for entry in stand.holding for place in entry.places}


def _refuted(places: Iterable[Place], sums: Iterable[Sum], stand: Standing) -> set[Place]:
    """Return the cells of sums in doubt that may be wrong alone, or with one other that hides it in all that hold.

    A lone sum that holds, as in table four, is believed: nothing says that something is wrong there.
    """
    about: dict[Place, set[Sum]] = defaultdict(set)
    for entry in sums:
        for place in entry.places:
            about[place].add(entry)
    refuted = set()
    for place in places:
        if not about[place] & (stand.broken | stand.untold):
            continue
        holding = about[place] & stand.holding
        hiding = set.intersection(*(set(entry.places) for entry in holding)) - {place} if holding else set()
        if not holding or any(about[other] & stand.holding <= about[place] for other in hiding):
            refuted.add(place)
    return refuted


def _unseen(sums: Iterable[Sum], numbers: Mapping[Place, Number], blanks: set[Place]) -> set[Place]:
    """Return the blank totals of numbers, in a report that fills in most of its totals: ink that was not seen."""
    totals = {entry.whole[0]: entry.parts for entry in sums if len(entry.whole) == 1}
    unseen = set()
    for place in blanks & totals.keys():
        mates = [other for other in totals if other[0] == place[0] and (other[1] == place[1] or other[2] == place[2])]
        filled = sum(other in numbers for other in mates) > sum(other in blanks for other in mates)
        if filled and any(numbers.get(part) for part in totals[place]):
            unseen.add(place)
    return unseen


def _reports(broken: Iterable[Sum], numbers: Mapping[Place, Number]) -> Iterator[Finding]:
    for entry in broken:
        table, row, column = entry.whole[0]
        if any(place not in numbers for place in entry.places):
            continue
        parts, whole = plain(total(numbers, entry.parts)), plain(total(numbers, entry.whole))
        yield Finding(
            "OCR-SUM", "warning", table, row, column, parts, whole,
            f"识别出的数字不能相加：各项之和为 {parts}，合计为 {whole}；可能识别有误，也可能原件如此，有关各格除有其他"
            "合计证明的以外未采信，请核对原件",
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
        for place in sorted(shared & numbers.keys() & by_place.keys()):
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
        found = {entry.solved(place, numbers) for entry in sums if place in entry.places} - {None}
        value = found.pop() if len(found) == 1 else None
        if value is not None and value >= 0 and _near(cell.raw, value):
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


def _near(raw: str, value: Number) -> bool:
    """Whether a raw text is the value, or differs from it in one character."""
    text = str(value)
    return len(raw) == len(text) and sum(one != other for one, other in zip(raw, text, strict=True)) <= 1


def _place(cell: CellReading) -> Place:
    return cell.table, cell.row, cell.column
