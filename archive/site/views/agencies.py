"""One agency: its years side by side, its charts, its names, what is missing."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from archive.database.coverage import codes
from archive.forms.model import forms
from archive.site import measures
from archive.site.measures import Measure, Value
from archive.site.queries import agencies, coverage, reports
from archive.site.views.asked import AGENCY_ID, Asked, NotHereError, Page


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and its table: a line for each measure, a column for each report. ``kind`` is ``bars`` or ``stacked``."""

    key: str
    kind: str
    measures: tuple[Measure, ...]


# What is drawn of an agency: the group of measures, and how its bars stand.
_CHARTS = (("received", "stacked"), ("outcomes", "stacked"), ("remedies", "bars"))


def agency(db: sqlite3.Connection, asked: Asked) -> Page:
    """One agency and the main numbers of all its reports."""
    found = agencies.get_agency(db, asked.id) if AGENCY_ID.fullmatch(asked.id) else None
    if found is None:
        raise NotHereError("档案中没有标识为「{id}」的机构。", id=asked.id)
    rows = agencies.reports_of(db, asked.id)
    covered = coverage.of_agencies(db, [asked.id])
    return Page(
        "agency.html",
        f"/agencies/{asked.id}",
        {
            "agency": found,
            "rows": rows,
            "values": values_of_reports(db, rows),
            "measures": measures.main_counts(),
            "charts": [
                Chart(group, kind, tuple(each for each in measures.counts() if each.group == group))
                for group, kind in _CHARTS
            ],
            "timeline": _timeline(rows),
            "coverage": covered,
            "coverage_codes": codes(),
            "wanting": [row for row in reversed(covered) if row["state"] in ("missing", "late", "unread", "narrative")],
            "names": agencies.names_of(db, asked.id),
            "successions": agencies.successions_of(db, asked.id),
            "rules": {form.id: form.rule for form in forms()},
        },
        charts=len(rows) > 1,
    )


def _timeline(rows: Sequence[sqlite3.Row]) -> list[tuple[int, sqlite3.Row | None]]:
    """Every year from the first report to the last with its report; a year without one is a gap in a chart."""
    by_year = {row["year"]: row for row in rows}
    return [(year, by_year.get(year)) for year in range(min(by_year), max(by_year) + 1)] if by_year else []


def values_of_reports(db: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> dict[str, dict[str, Value]]:
    """Return the counts and rates of reports (rows with ``id`` and ``form``) by report and measure."""
    ids = [row["id"] for row in rows]
    cells = measures.by_report(reports.measured(db, ids))
    found: dict[str, dict[str, Value]] = {
        row["id"]: {
            each.key: measures.count_of(each, row["form"], cells.get(row["id"], {})) for each in measures.counts()
        }
        for row in rows
    }
    for row in reports.indicators(db, ids):
        over = None if None in (row["numerator"], row["denominator"]) else (row["numerator"], row["denominator"])
        found[row["report_id"]][row["key"]] = Value(row["value"], row["reason"], over)
    return found
