"""Lists of reports and of agencies."""

from __future__ import annotations

import sqlite3

from archive.site.queries import agencies, reports
from archive.site.views.asked import PER_PAGE, Asked, Page, choices, filter_of, pages_of


def report_list(db: sqlite3.Connection, asked: Asked) -> Page:
    """Reports, by year, level, district, status and name."""
    chosen = filter_of(asked)
    pages = pages_of(asked, reports.count_reports(db, chosen))
    rows = reports.list_reports(db, chosen, limit=PER_PAGE, offset=PER_PAGE * (pages.number - 1))
    values = {**choices(db, asked.language), "chosen": chosen, "rows": rows, "pages": pages}
    return Page("reports.html", "/reports", values)


def agency_list(db: sqlite3.Connection, asked: Asked) -> Page:
    """Agencies, by level, district and name."""
    chosen = filter_of(asked, only=("level", "district", "name"))
    pages = pages_of(asked, agencies.count_agencies(db, chosen))
    rows = agencies.list_agencies(db, chosen, limit=PER_PAGE, offset=PER_PAGE * (pages.number - 1))
    values = {**choices(db, asked.language), "chosen": chosen, "rows": rows, "pages": pages}
    return Page("agencies.html", "/agencies", values)
