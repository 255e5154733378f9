"""Agencies and their reports."""

from __future__ import annotations

import sqlite3

from archive.site.queries.reports import Filter

Row = sqlite3.Row


def count_agencies(db: sqlite3.Connection, chosen: Filter) -> int:
    """How many agencies a filter leaves."""
    where, values = chosen.where()
    return db.execute(f"SELECT count(*) FROM agencies WHERE {where}", values).fetchone()[0]  # noqa: S608


def list_agencies(db: sqlite3.Connection, chosen: Filter, *, limit: int, offset: int) -> list[Row]:
    """The agencies a filter leaves, city first, then by district; with the number and years of their reports."""
    where, values = chosen.where()
    return db.execute(
        f"""
        SELECT agencies.*, count(reports.id) AS reports, min(reports.year) AS first_year,
               max(reports.year) AS last_year
        FROM agencies LEFT JOIN reports ON reports.agency_id = agencies.id
        WHERE {where} GROUP BY agencies.id
        ORDER BY agencies.district IS NOT NULL, agencies.id LIMIT ? OFFSET ?
        """,  # noqa: S608
        [*values, limit, offset],
    ).fetchall()


def get_agency(db: sqlite3.Connection, agency_id: str) -> Row | None:
    """One agency."""
    return db.execute("SELECT * FROM agencies WHERE id = ?", [agency_id]).fetchone()


def reports_of(db: sqlite3.Connection, agency_id: str) -> list[Row]:
    """The reports of an agency, newest first; ``findings`` counts errors and warnings."""
    return db.execute(
        "SELECT id, year, title, form, published_on, status,"
        " (SELECT count(*) FROM findings WHERE report_id = reports.id AND severity <> 'info') AS findings"
        " FROM reports WHERE agency_id = ? ORDER BY year DESC",
        [agency_id],
    ).fetchall()
