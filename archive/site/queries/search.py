"""Search over titles, agencies' names and section texts."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

Row = sqlite3.Row

# The longest query that is answered, in characters; a longer one is refused in words, never cut.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that holds all terms, in its title or agency's name (``section`` is None) or in one section."""

    report: Row
    section: Row | None


def terms_of(query: str) -> list[str]:
    """Part a query into its terms, which a hit must hold all of."""
    return list(dict.fromkeys(query.split()))


def search(db: sqlite3.Connection, terms: list[str], *, limit: int, offset: int) -> tuple[int, list[Hit]]:
    """Return how many reports hold every term, and a page of them, newest first; titles before texts in a year.

    Upper and lower case of Latin letters count as one. No terms find nothing.
    """
    if not terms:
        return 0, []
    patterns = [_pattern(term) for term in terms]
    in_text = " AND ".join(["text LIKE ? ESCAPE '\\'"] * len(terms))
    in_title = " AND ".join(["reports.title || ' ' || agencies.name LIKE ? ESCAPE '\\'"] * len(terms))
    rows = db.execute(
        f"""
        WITH found AS (
          SELECT report_id, min(position) AS position FROM sections WHERE {in_text} GROUP BY report_id
          UNION ALL
          SELECT reports.id, 0 FROM reports JOIN agencies ON agencies.id = reports.agency_id WHERE {in_title}
        ), hits AS (SELECT report_id, min(position) AS position FROM found GROUP BY report_id)
        SELECT hits.report_id, hits.position, count(*) OVER () AS total FROM hits
        JOIN reports ON reports.id = hits.report_id
        ORDER BY reports.year DESC, hits.position > 0, reports.id LIMIT ? OFFSET ?
        """,  # noqa: S608
        [*patterns, *patterns, limit, offset],
    ).fetchall()
    return (rows[0]["total"] if rows else 0), [_hit(db, row["report_id"], row["position"]) for row in rows]


def _hit(db: sqlite3.Connection, report_id: str, position: int) -> Hit:
    report = db.execute(
        "SELECT reports.id, reports.year, reports.title, reports.published_on, agencies.name FROM reports"
        " JOIN agencies ON agencies.id = reports.agency_id WHERE reports.id = ?",
        [report_id],
    ).fetchone()
    section = db.execute(
        "SELECT key, heading, text FROM sections WHERE report_id = ? AND position = ?", [report_id, position]
    ).fetchone()
    return Hit(report, section)


def _pattern(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
