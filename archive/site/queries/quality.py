"""Findings over the whole archive: by rule, agency and year."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

Row = sqlite3.Row

_FROM = "FROM findings JOIN reports ON reports.id = findings.report_id JOIN agencies ON agencies.id = reports.agency_id"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What findings are narrowed by; None leaves it open."""

    rule: str | None = None
    year: int | None = None
    agency: str | None = None
    severity: str | None = None
    outcome: str = "failed"

    def where(self) -> tuple[str, list[object]]:
        """Return a condition on ``findings`` and ``reports``, and its values."""
        named = (
            ("findings.rule", self.rule),
            ("reports.year", self.year),
            ("reports.agency_id", self.agency),
            ("findings.severity", self.severity),
            ("findings.outcome", self.outcome),
        )
        given = [(column, value) for column, value in named if value is not None]
        return " AND ".join(["1", *(f"{column} = ?" for column, _ in given)]), [value for _, value in given]


def by_rule_and_year(db: sqlite3.Connection) -> dict[tuple[str, str, int], int]:
    """How many checks failed, by rule, severity and report year."""
    rows = db.execute(
        "SELECT findings.rule, findings.severity, reports.year, count(*) FROM findings"
        " JOIN reports ON reports.id = findings.report_id WHERE findings.outcome = 'failed'"
        " GROUP BY findings.rule, findings.severity, reports.year"
    )
    return {(rule, severity, year): number for rule, severity, year, number in rows}


def failed(db: sqlite3.Connection) -> int:
    """How many checks failed."""
    return db.execute("SELECT count(*) FROM findings WHERE outcome = 'failed'").fetchone()[0]


def not_run(db: sqlite3.Connection) -> int:
    """How many checks could not be run."""
    return db.execute("SELECT count(*) FROM findings WHERE outcome = 'not_run'").fetchone()[0]


def by_agency(db: sqlite3.Connection, limit: int) -> list[Row]:
    """The agencies with the most errors and warnings, with how many of each, and in how many reports."""
    return db.execute(
        f"""
        SELECT agencies.id, agencies.name, sum(findings.severity = 'error') AS errors,
               sum(findings.severity = 'warning') AS warnings, count(DISTINCT findings.report_id) AS reports
        {_FROM} WHERE findings.severity IN ('error', 'warning') AND findings.outcome = 'failed'
        GROUP BY agencies.id ORDER BY errors DESC, warnings DESC, agencies.id LIMIT ?
        """,
        [limit],
    ).fetchall()


def count_findings(db: sqlite3.Connection, chosen: Chosen) -> int:
    """How many findings a choice leaves."""
    where, values = chosen.where()
    # Only what is asked for is joined: the whole table is counted without looking at a report.
    joined = "findings JOIN reports ON reports.id = findings.report_id" if "reports." in where else "findings"
    return db.execute(f"SELECT count(*) FROM {joined} WHERE {where}", values).fetchone()[0]  # noqa: S608


def list_findings(db: sqlite3.Connection, chosen: Chosen, *, limit: int, offset: int) -> list[Row]:
    """The findings a choice leaves in the order they were found, with their reports and agencies."""
    where, values = chosen.where()
    return db.execute(
        f"""
        SELECT findings.*, reports.year, reports.title, reports.agency_id, agencies.name {_FROM}
        WHERE {where} ORDER BY findings.id LIMIT ? OFFSET ?
        """,
        [*values, limit, offset],
    ).fetchall()
