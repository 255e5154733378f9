"""Faults in what reports say: wrong sums, blank cells, other ways to write a number, a wrong year in the period.

Each is a small function on a report that changes its cells or its text; the truth is worked out afterwards from what
the report then says. A new one is a function and a line in `PLANTS`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from crawler.replica.form import ACTIVE_DISCLOSURE, REMEDIES, REQUESTS, STATISTICS, VALUE, CellKey
from crawler.replica.report import Report, read_back

_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


def wrong_sum(report: Report, chance: random.Random) -> None:
    """Make one number larger than it should be, so that sums no longer hold."""
    form = report.form
    total_rows = [(REQUESTS, row, "total") for row in ("new_received", "results_total", "granted")]
    columns = [(REQUESTS, "results_total", column) for column in form.applicant_columns]
    carried = [(REQUESTS, "carried_out", "natural_person")]
    remedies = [(REMEDIES, group, "total") for group, _ in form.remedy_groups]
    wholes = [(STATISTICS, whole, VALUE) for whole in form.sums]
    # Only what is written in plain digits can be made wrong by adding to it. A narrative has no cells.
    keys = (*total_rows, *columns, *carried, *remedies, *wholes)
    plain = [key for key in keys if report.cells.get(key, "").isdecimal()]
    if plain:
        key = chance.choice(plain)
        report.cells[key] = str(int(report.cells[key]) + chance.randint(1, 9))


def blank_zeros(report: Report, chance: random.Random) -> None:
    """Leave the zeros of a table empty, as many bodies do: all of them, or those outside the totals."""
    table = _some_table(report, chance)
    keep_totals = chance.random() < 0.5
    for key in _zeros(report, table):
        if not (keep_totals and key[2] == "total"):
            report.cells[key] = ""


def not_applicable(report: Report, chance: random.Random) -> None:
    """Write / or - where a body has nothing to report: 规章 (it may not make any), sometimes 行政强制 as well."""
    mark = chance.choice(("/", "-"))
    rows = ["regulations"] if chance.random() < 0.6 else ["regulations", "administrative_coercion"]
    for key in _zeros(report, ACTIVE_DISCLOSURE):
        if key[1] in rows:
            report.cells[key] = mark


def full_width(report: Report, chance: random.Random) -> None:
    """Write the numbers of one table in full-width digits."""
    table = _some_table(report, chance)
    for key, raw in report.cells.items():
        if key[0] == table:
            report.cells[key] = raw.translate(_FULL_WIDTH)


def separators(report: Report, chance: random.Random) -> None:
    """Write numbers of a thousand and more with separators, half-width or full-width."""
    comma = chance.choice((",", "，"))
    for key, raw in report.cells.items():
        whole, point, places = raw.partition(".")
        if len(whole) > 3 and whole.isdecimal() and whole.isascii():
            report.cells[key] = f"{int(whole):,}".replace(",", comma) + point + places


def wrong_period(report: Report, chance: random.Random) -> None:
    """Let the period begin or end in another year, as copied reports do; the text says so."""
    slip = chance.choice((-1, -1, -2))
    if report.period is None:
        return
    first, last = report.period
    if chance.random() < 0.5:
        period = (first.replace(year=first.year + slip), last.replace(year=last.year + slip))
    else:
        period = (first.replace(year=first.year + slip), last)
    report.sections = tuple(
        replace(section, paragraphs=tuple(_reword(text, report.period, period) for text in section.paragraphs))
        if section.key == "preamble"
        else section
        for section in report.sections
    )
    report.period = period


def _reword(text: str, old: tuple[date, date], new: tuple[date, date]) -> str:
    for before, after in zip(old, new, strict=True):
        for form in ("{0.year}年{0.month}月{0.day}日", "{0.year} 年 {0.month} 月 {0.day} 日"):
            text = text.replace(form.format(before), form.format(after))
    return text


def _some_table(report: Report, chance: random.Random) -> str:
    tables = list(dict.fromkeys(table for table, _, _ in report.form.cell_keys()))
    return chance.choice(tables) if tables else ""


def _zeros(report: Report, table: str) -> list[CellKey]:
    return [key for key, raw in report.cells.items() if key[0] == table and read_back(raw) == (0, "number")]


# name -> (share of reports, what it does)
PLANTS: dict[str, tuple[float, Callable[[Report, random.Random], None]]] = {
    "wrong-sum": (0.05, wrong_sum),
    "wrong-period": (0.02, wrong_period),
    "blank": (0.04, blank_zeros),
    "not-applicable": (0.05, not_applicable),
    "separators": (0.04, separators),
    "full-width": (0.03, full_width),
}


def plant_some(report: Report, chance: random.Random) -> None:
    """Plant each fault in its share of reports."""
    for name, (share, _) in PLANTS.items():
        if chance.random() < share:
            plant(report, name, chance)


def plant(report: Report, name: str, chance: random.Random) -> None:
    """Plant one fault and note it in ``report.planted`` if it changed anything (a report may have no large number).

    Raises KeyError for a name `PLANTS` does not have.
    """
    before = (dict(report.cells), report.period)
    PLANTS[name][1](report, chance)
    if before != (report.cells, report.period):
        report.planted.append(name)
