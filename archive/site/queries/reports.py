"""One report, and lists of reports."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

Row = sqlite3.Row

# The district filter's word for the city's own bodies, which have none.
CITY = "-"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed by; None leaves it open. ``name`` is any part of an agency's name."""

    year: int | None = None
    level: str | None = None
    district: str | None = None
    status: str | None = None
    name: str | None = None

    def where(self) -> tuple[str, list[object]]:
        """Return a condition on ``reports`` and ``agencies``, and its values."""
        conditions, values = ["1"], []
        for column, value in (
            ("reports.year", self.year),
            ("agencies.level", self.level),
            ("reports.status", self.status),
        ):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        if self.district == CITY:
            conditions.append("agencies.district IS NULL")
        elif self.district is not None:
            conditions.append("agencies.district = ?")
            values.append(self.district)
        if self.name is not None:
            conditions.append("instr(agencies.name, ?) > 0")
            values.append(self.name)
        return " AND ".join(conditions), values


_FROM = "FROM reports JOIN agencies ON agencies.id = reports.agency_id"


def count_reports(db: sqlite3.Connection, chosen: Filter) -> int:
    """How many reports a filter leaves."""
    where, values = chosen.where()
    return db.execute(f"SELECT count(*) {_FROM} WHERE {where}", values).fetchone()[0]


def list_reports(db: sqlite3.Connection, chosen: Filter, *, limit: int, offset: int) -> list[Row]:
    """The reports a filter leaves, newest year first, then by agency; ``findings`` counts errors and warnings."""
    where, values = chosen.where()
    return db.execute(
        f"""
        SELECT reports.id, reports.agency_id, reports.year, reports.title, reports.published_on, reports.status,
               agencies.name, agencies.level, agencies.district,
               (SELECT value FROM cells WHERE report_id = reports.id AND "table" = 'requests'
                AND row = 'new_received' AND "column" = 'total') AS new_received,
               (SELECT count(*) FROM findings
                WHERE report_id = reports.id AND severity <> 'info' AND outcome = 'failed') AS findings
        {_FROM} WHERE {where} ORDER BY reports.year DESC, reports.agency_id LIMIT ? OFFSET ?
        """,  # noqa: S608
        [*values, limit, offset],
    ).fetchall()


def get_report(db: sqlite3.Connection, report_id: str) -> Row | None:
    """One report with its agency's ``agency_name``, ``office``, ``level`` and ``district``."""
    return db.execute(
        "SELECT reports.*, agencies.name AS agency_name, agencies.office, agencies.level, agencies.district"
        f" {_FROM} WHERE reports.id = ?",
        [report_id],
    ).fetchone()


def sections(db: sqlite3.Connection, report_id: str) -> list[Row]:
    """The sections of a report in their order."""
    return db.execute(
        "SELECT key, heading, text FROM sections WHERE report_id = ? ORDER BY position", [report_id]
    ).fetchall()


def cells(db: sqlite3.Connection, report_id: str) -> list[Row]:
    """The cells of a report."""
    return db.execute(
        'SELECT "table", row, "column", value, state, raw, place FROM cells WHERE report_id = ?', [report_id]
    ).fetchall()


def findings(db: sqlite3.Connection, report_id: str) -> list[Row]:
    """The checks of a report that failed, the gravest first, then those that could not be run."""
    return db.execute(
        "SELECT * FROM findings WHERE report_id = ?"
        " ORDER BY outcome <> 'failed', CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, id",
        [report_id],
    ).fetchall()


def notes(db: sqlite3.Connection, report_id: str) -> list[str]:
    """What the reader met in a report and did not understand."""
    return [text for (text,) in db.execute("SELECT text FROM notes WHERE report_id = ? ORDER BY position", [report_id])]


def versions(db: sqlite3.Connection, report_id: str) -> list[Row]:
    """The versions of a report, newest first, each with its capture's address, time and digest."""
    return db.execute(
        "SELECT versions.*, captures.url, captures.fetched_at, captures.sha256, captures.media_type"
        " FROM versions JOIN captures ON captures.id = versions.capture_id"
        " WHERE versions.report_id = ? ORDER BY versions.number DESC",
        [report_id],
    ).fetchall()


def captures_of(db: sqlite3.Connection, report_id: str) -> list[Row]:
    """Every capture that carries a report, newest first."""
    return db.execute(
        "SELECT id, url, status, fetched_at, role, media_type, bytes, sha256, outcome, reason FROM captures"
        " WHERE report_id = ? ORDER BY fetched_at DESC, id",
        [report_id],
    ).fetchall()


def siblings(db: sqlite3.Connection, agency_id: str) -> list[Row]:
    """The years an agency has reports for, with their ids, oldest first."""
    return db.execute("SELECT id, year, status FROM reports WHERE agency_id = ? ORDER BY year", [agency_id]).fetchall()


def measured(db: sqlite3.Connection, report_ids: Sequence[str]) -> list[Row]:
    """The cells of reports that counts are made of: the totals of the tables, and the results of reviews and suits."""
    if not report_ids:
        return []
    marks = ", ".join("?" * len(report_ids))
    return db.execute(
        f"""
        SELECT report_id, "table", row, "column", value, state FROM cells
        WHERE report_id IN ({marks})
          AND ("column" = 'total' OR "table" = 'remedies')
        """,  # noqa: S608
        list(report_ids),
    ).fetchall()


def totals(db: sqlite3.Connection, report_ids: Sequence[str], table: str) -> list[Row]:
    """The cells of a table of reports, of its total column where it has one."""
    if not report_ids:
        return []
    marks = ", ".join("?" * len(report_ids))
    column = "AND \"column\" = 'total'" if table == "requests" else ""
    return db.execute(
        f"""
        SELECT report_id, "table", row, "column", value, state, raw FROM cells
        WHERE report_id IN ({marks}) AND "table" = ? {column}
        """,  # noqa: S608
        [*report_ids, table],
    ).fetchall()


def peers(db: sqlite3.Connection, report: Row, *, limit: int = 8) -> list[Row]:
    """Reports of the same year by other bodies of the same level and district, those after it in the list first."""
    return db.execute(
        """
        SELECT reports.id, reports.status, agencies.id AS agency_id, agencies.name
        FROM agencies JOIN reports ON reports.agency_id = agencies.id AND reports.year = ?
        WHERE agencies.level = ? AND agencies.district IS ? AND agencies.id <> ?
        ORDER BY agencies.id < ?, agencies.id LIMIT ?
        """,
        [report["year"], report["level"], report["district"], report["agency_id"], report["agency_id"], limit],
    ).fetchall()


def indicators(db: sqlite3.Connection, report_ids: Sequence[str]) -> list[Row]:
    """The rates of reports."""
    if not report_ids:
        return []
    marks = ", ".join("?" * len(report_ids))
    return db.execute(
        "SELECT report_id, key, numerator, denominator, value, reason, reason_cell, small FROM indicators"  # noqa: S608
        f" WHERE report_id IN ({marks})",
        list(report_ids),
    ).fetchall()


def statements(db: sqlite3.Connection, report_id: str) -> list[Row]:
    """The numbers the sentences of a report state, in their order."""
    return db.execute("SELECT * FROM statements WHERE report_id = ? ORDER BY position", [report_id]).fetchall()
