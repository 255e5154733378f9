"""Captures: what the portals served."""

from __future__ import annotations

import sqlite3

Row = sqlite3.Row


def get_capture(db: sqlite3.Connection, capture_id: str) -> Row | None:
    """One capture, with the title of the report it carries."""
    return db.execute(
        "SELECT captures.*, reports.title AS report_title FROM captures"
        " LEFT JOIN reports ON reports.id = captures.report_id WHERE captures.id = ?",
        [capture_id],
    ).fetchone()


def same_address(db: sqlite3.Connection, url: str, method: str, *, limit: int = 50) -> list[Row]:
    """Every capture of one address, newest first."""
    return db.execute(
        "SELECT id, status, fetched_at, bytes, sha256, outcome FROM captures"
        " WHERE url = ? AND method = ? ORDER BY fetched_at DESC, id LIMIT ?",
        [url, method, limit],
    ).fetchall()
