"""Versions of reports: what each said."""

from __future__ import annotations

import sqlite3

Row = sqlite3.Row


def get_version(db: sqlite3.Connection, report_id: str, number: int) -> Row | None:
    """One version with its capture; ``current`` is 1 for the one the report shows."""
    return db.execute(
        "SELECT versions.*, captures.url, captures.fetched_at, captures.sha256,"
        " versions.number = (SELECT max(number) FROM versions WHERE report_id = ?) AS current"
        " FROM versions JOIN captures ON captures.id = versions.capture_id"
        " WHERE versions.report_id = ? AND versions.number = ?",
        [report_id, report_id, number],
    ).fetchone()


def sections_of(db: sqlite3.Connection, version: Row) -> list[Row]:
    """The sections of a version in their order."""
    if version["current"]:
        return db.execute(
            "SELECT key, heading, text FROM sections WHERE report_id = ? ORDER BY position", [version["report_id"]]
        ).fetchall()
    return db.execute(
        "SELECT key, heading, text FROM version_sections WHERE version_id = ? ORDER BY position", [version["id"]]
    ).fetchall()


def cells_of(db: sqlite3.Connection, version: Row) -> list[Row]:
    """The cells of a version."""
    columns = '"table", row, "column", value, state, raw'
    if version["current"]:
        return db.execute(f"SELECT {columns} FROM cells WHERE report_id = ?", [version["report_id"]]).fetchall()  # noqa: S608
    return db.execute(f"SELECT {columns} FROM version_cells WHERE version_id = ?", [version["id"]]).fetchall()  # noqa: S608


def newest_versions(db: sqlite3.Connection, *, limit: int, changed: bool) -> list[Row]:
    """The versions seen first most recently, with their reports; ``changed`` takes only those after the first."""
    return db.execute(
        f"""
        SELECT versions.report_id, versions.number, versions.first_seen, reports.title, reports.year,
               reports.published_on, reports.status, agencies.name
        FROM (SELECT * FROM versions {"WHERE number > 1" if changed else ""} ORDER BY first_seen DESC, id LIMIT ?)
          AS versions JOIN reports ON reports.id = versions.report_id JOIN agencies ON agencies.id = reports.agency_id
        ORDER BY versions.first_seen DESC, versions.id
        """,  # noqa: S608
        [limit],
    ).fetchall()
