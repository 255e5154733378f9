"""Agencies and their reports."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

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
        " (SELECT count(*) FROM findings WHERE report_id = reports.id AND severity <> 'info'"
        " AND outcome = 'failed') AS findings"
        " FROM reports WHERE agency_id = ? ORDER BY year DESC",
        [agency_id],
    ).fetchall()


def names_of(db: sqlite3.Connection, agency_id: str) -> list[Row]:
    """The names an agency had or is called by, those of the registry first, each with the years it stood in."""
    return db.execute(
        "SELECT name, kind, year_from, year_to FROM agency_names WHERE agency_id = ?"
        " ORDER BY kind = 'printed', year_from, name",
        [agency_id],
    ).fetchall()


def successions_of(db: sqlite3.Connection, agency_id: str) -> list[Row]:
    """The bodies before and after an agency."""
    return db.execute(
        "SELECT * FROM successions WHERE predecessor_id = ?1 OR successor_id = ?1 ORDER BY year, predecessor_id",
        [agency_id],
    ).fetchall()


def find_agencies(db: sqlite3.Connection, name: str, *, limit: int) -> list[Row]:
    """Agencies whose name holds ``name``, the shortest names first."""
    return db.execute(
        "SELECT id, name FROM agencies WHERE instr(name, ?) > 0 ORDER BY length(name), id LIMIT ?", [name, limit]
    ).fetchall()


def get_agencies(db: sqlite3.Connection, ids: Sequence[str]) -> list[Row]:
    """Agencies by their ids, in that order; unknown ones are left out."""
    marks = ", ".join("?" * len(ids))
    found = {row["id"]: row for row in db.execute(f"SELECT * FROM agencies WHERE id IN ({marks})", list(ids))}  # noqa: S608
    return [found[agency_id] for agency_id in ids if agency_id in found]


def some_agencies(db: sqlite3.Connection, *, limit: int) -> list[Row]:
    """The first agencies of the list, the city's first."""
    return db.execute(
        "SELECT id, name FROM agencies ORDER BY district IS NOT NULL, level, id LIMIT ?", [limit]
    ).fetchall()


def reports_in(db: sqlite3.Connection, agency_ids: Sequence[str], years: Sequence[int]) -> list[Row]:
    """The reports of agencies in some years."""
    if not agency_ids or not years:
        return []
    return db.execute(
        f"SELECT id, agency_id, year, form, status, title FROM reports"  # noqa: S608
        f" WHERE agency_id IN ({', '.join('?' * len(agency_ids))}) AND year IN ({', '.join('?' * len(years))})",
        [*agency_ids, *years],
    ).fetchall()


def years_of(db: sqlite3.Connection, agency_ids: Sequence[str]) -> list[int]:
    """The years any of these agencies has a report for, oldest first."""
    marks = ", ".join("?" * len(agency_ids))
    rows = db.execute(f"SELECT DISTINCT year FROM reports WHERE agency_id IN ({marks}) ORDER BY year", list(agency_ids))  # noqa: S608
    return [year for (year,) in rows]
