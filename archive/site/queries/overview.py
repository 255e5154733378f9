"""What the archive holds as a whole."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

Row = sqlite3.Row


def years(db: sqlite3.Connection) -> list[int]:
    """The years there are reports for, newest first."""
    return [year for (year,) in db.execute("SELECT DISTINCT year FROM reports ORDER BY year DESC")]


def districts(db: sqlite3.Connection) -> list[str]:
    """The districts there are agencies of."""
    return [
        name
        for (name,) in db.execute(
            "SELECT district FROM agencies WHERE district IS NOT NULL GROUP BY district ORDER BY min(id)"
        )
    ]


def by_year_and_level(db: sqlite3.Connection) -> dict[tuple[int, str], int]:
    """How many reports there are of each year and level."""
    rows = db.execute(
        "SELECT reports.year, agencies.level, count(*) FROM reports JOIN agencies ON agencies.id = reports.agency_id"
        " GROUP BY reports.year, agencies.level"
    )
    return {(year, level): number for year, level, number in rows}


def newest_reports(db: sqlite3.Connection, limit: int = 10) -> list[Row]:
    """The reports published last."""
    return db.execute(
        "SELECT reports.id, reports.year, reports.title, reports.published_on, reports.status, agencies.name"
        " FROM reports JOIN agencies ON agencies.id = reports.agency_id"
        " ORDER BY reports.published_on DESC NULLS LAST, reports.first_seen DESC, reports.id LIMIT ?",
        [limit],
    ).fetchall()


def last_run(db: sqlite3.Connection) -> dict[str, Any] | None:
    """The run that began last, its ``problems`` as a list; None before the first."""
    row = db.execute("SELECT * FROM runs ORDER BY started_at DESC LIMIT 1").fetchone()
    return {**dict(row), "problems": json.loads(row["problems"])} if row else None


def findings_by_severity(db: sqlite3.Connection) -> dict[str, int]:
    """How many findings there are of each severity."""
    return dict(db.execute("SELECT severity, count(*) FROM findings GROUP BY severity").fetchall())
