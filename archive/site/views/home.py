"""The home page."""

from __future__ import annotations

import sqlite3

from archive.site.builds import remembered
from archive.site.queries import coverage, overview, quality, versions
from archive.site.views.asked import Asked, Page
from archive.site.words import vocabulary

# What counts as a report that is there; the rest of what was expected is missing.
_THERE = ("on_time", "late", "published", "narrative", "unread")


def home(db: sqlite3.Connection, asked: Asked) -> Page:
    """What the archive holds, what is new or changed, how complete it is, how the last run went."""
    counted = remembered(db, "coverage-map", coverage.by_year_and_level)
    levels = [level for level in vocabulary()["level"] if any(key[1] == level for key in counted)]
    years = sorted({year for year, _ in counted}, reverse=True)
    return Page(
        "home.html",
        "/",
        {
            "years": years,
            "levels": levels,
            "map": {place: share(states) for place, states in counted.items()},
            "totals": {year: _total(counted, year, levels) for year in years},
            "failed": remembered(db, "findings-failed", quality.failed),
            "newest": remembered(db, "newest", overview.newest_reports),
            "changed": remembered(db, "changed", lambda db: versions.newest_versions(db, limit=6, changed=True)),
            "run": overview.last_run(db),
        },
    )


def share(states: dict[str, int]) -> tuple[int, int]:
    """How many reports are there, of how many that are there or expected."""
    there = sum(states.get(state, 0) for state in _THERE)
    return there, there + states.get("missing", 0)


def _total(counted: dict[tuple[int, str], dict[str, int]], year: int, levels: list[str]) -> tuple[int, int]:
    shares = [share(counted.get((year, level), {})) for level in levels]
    return sum(there for there, _ in shares), sum(due for _, due in shares)
