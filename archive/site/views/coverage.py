"""Agencies by years: whose report is there, came late, was changed or is missing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby

from archive.agencies.deadlines import Deadline, deadline
from archive.database.coverage import codes
from archive.site.builds import remembered
from archive.site.queries import coverage as queries
from archive.site.views.asked import Asked, Page, choices, pages_of

_PER_PAGE = 60
STATES = ("on_time", "late", "published", "narrative", "unread", "missing", "not_due", "not_expected")


def coverage(db: sqlite3.Connection, asked: Asked) -> Page:
    """The state of each agency's report of each year, by level, district, state and name."""
    chosen = queries.Chosen(
        level=asked.get("level"),
        district=asked.get("district"),
        name=asked.get("name"),
        state=asked.get("state"),
        year=(asked.number("year") or 0) if asked.get("year") else None,
    )
    counted = remembered(db, "coverage-map", queries.by_year_and_level)
    years = sorted({year for year, _ in counted})
    pages = pages_of(asked, queries.count_agencies(db, chosen), _PER_PAGE)
    rows = queries.list_agencies(db, chosen, limit=_PER_PAGE, offset=_PER_PAGE * (pages.number - 1))
    by_place = {(row["agency_id"], row["year"]): row for row in queries.of_agencies(db, [row["id"] for row in rows])}
    picked = choices(db, asked.language)
    shown = [year for year in years if chosen.year in (None, year)]
    return Page(
        "coverage.html",
        "/coverage",
        {
            **picked,
            "chosen": chosen,
            "pages": pages,
            "rows": rows,
            "by_place": by_place,
            "shown": shown,
            "years": list(reversed(years)),
            "states": STATES,
            "codes": codes(),
            "sums": {year: _sum(counted, year) for year in shown},
            "deadlines": [line for level in picked["levels"] for line in _rules(level, shown)],
        },
    )


def _sum(counted: dict[tuple[int, str], dict[str, int]], year: int) -> dict[str, int]:
    total: dict[str, int] = {}
    for (other, _), states in counted.items():
        for state, number in states.items() if other == year else ():
            total[state] = total.get(state, 0) + number
    return total


def _rules(level: str, years: Sequence[int]) -> Iterator[tuple[str, int, int, Deadline]]:
    """Give each rule on when bodies of a level publish, with the first and last of the years it holds for."""
    for _, found in groupby(years, key=lambda year: deadline(level, year).zh):
        same = list(found)
        yield level, same[0], same[-1], deadline(level, same[-1])
