"""What made the tables what they are, step by step. A released step is never edited; a change is a new step."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from archive.database import search
from archive.database.schema import tables
from archive.database.views import WIDE_VIEWS, rates_view, wide_view

migrations = Migrations("archive")

_INDEXES = {
    "reports_by_year": 'reports ("year", "agency_id")',
    "reports_by_agency": 'reports ("agency_id", "year")',
    "versions_by_report": 'versions ("report_id", "number")',
    "cells_by_key": 'cells ("table", "row", "column", "value")',
    "findings_by_report": 'findings ("report_id")',
    "findings_by_rule": 'findings ("rule")',
    "captures_by_report": 'captures ("report_id")',
    "indicators_by_key": 'indicators ("key", "value")',
    "coverage_by_year": 'coverage ("year", "state")',
    "coverage_by_report": 'coverage ("report_id")',
    "captures_by_url": 'captures ("url")',
    "reports_by_search": 'reports ("search_id")',
    "sections_by_search": 'sections ("search_id", "key")',
}


@migrations()
def m001_tables(db: Database) -> None:
    """The first tables."""
    for table in tables().values():
        if table.since <= 1:
            db.execute(table.ddl(1))


@migrations()
def m002_indexes(db: Database) -> None:
    """What the site and the views look things up by."""
    for name, place in _INDEXES.items():
        db.execute(f"CREATE INDEX {name} ON {place}")
    db.execute(search.CREATE)


@migrations()
def m003_views(db: Database) -> None:
    """The wide views: of the tables of the form, and of the rates."""
    for name in WIDE_VIEWS:
        db.execute(wide_view(name))
    db.execute(rates_view())
