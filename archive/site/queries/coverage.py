"""Which agencies have a report for which year, when it was due and whether it came in time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from archive.site.queries.reports import CITY

Row = sqlite3.Row


@dataclass(frozen=True, slots=True)
class Chosen:
    """What coverage is narrowed by; None leaves it open. ``state`` keeps agencies that have it in some year."""

    level: str | None = None
    district: str | None = None
    name: str | None = None
    state: str | None = None
    year: int | None = None

    def where(self) -> tuple[str, list[object]]:
        """Return a condition on ``agencies``, and its values."""
        conditions, values = ["1"], []
        if self.level is not None:
            conditions.append("agencies.level = ?")
            values.append(self.level)
        if self.district == CITY:
            conditions.append("agencies.district IS NULL")
        elif self.district is not None:
            conditions.append("agencies.district = ?")
            values.append(self.district)
        if self.name is not None:
            conditions.append("instr(agencies.name, ?) > 0")
            values.append(self.name)
        if self.state is not None:
            condition = "covered.changed = 1" if self.state == "changed" else "covered.state = ?"
            in_year = " AND covered.year = ?" if self.year is not None else ""
            conditions.append(
                "EXISTS (SELECT 1 FROM coverage AS covered"  # noqa: S608
                f" WHERE covered.agency_id = agencies.id AND {condition}{in_year})"
            )
            values += [] if self.state == "changed" else [self.state]
            values += [self.year] if self.year is not None else []
        return " AND ".join(conditions), values


def by_year_and_level(db: sqlite3.Connection) -> dict[tuple[int, str], dict[str, int]]:
    """How many agencies of each level are in each state, by year and level; ``changed`` counts beside the states."""
    rows = db.execute("SELECT year, level, state, count(*), sum(changed) FROM coverage GROUP BY year, level, state")
    found: dict[tuple[int, str], dict[str, int]] = {}
    for year, level, state, number, changed in rows:
        states = found.setdefault((year, level), {})
        states[state] = number
        states["changed"] = states.get("changed", 0) + changed
    return found


def years(db: sqlite3.Connection) -> list[int]:
    """The years coverage is known of, oldest first."""
    return [year for (year,) in db.execute("SELECT DISTINCT year FROM coverage ORDER BY year")]


def count_agencies(db: sqlite3.Connection, chosen: Chosen) -> int:
    """How many agencies a choice leaves."""
    where, values = chosen.where()
    return db.execute(f"SELECT count(*) FROM agencies WHERE {where}", values).fetchone()[0]  # noqa: S608


def list_agencies(db: sqlite3.Connection, chosen: Chosen, *, limit: int, offset: int) -> list[Row]:
    """The agencies a choice leaves, the city's first, then by district."""
    where, values = chosen.where()
    return db.execute(
        f"SELECT id, name, level, district FROM agencies WHERE {where}"  # noqa: S608
        " ORDER BY district IS NOT NULL, id LIMIT ? OFFSET ?",
        [*values, limit, offset],
    ).fetchall()


def of_agencies(db: sqlite3.Connection, agency_ids: Sequence[str]) -> list[Row]:
    """The coverage of some agencies, by agency and year."""
    if not agency_ids:
        return []
    return db.execute(
        f"SELECT * FROM coverage WHERE agency_id IN ({', '.join('?' * len(agency_ids))}) ORDER BY agency_id, year",  # noqa: S608
        list(agency_ids),
    ).fetchall()


def of_report(db: sqlite3.Connection, agency_id: str, year: int) -> Row | None:
    """The coverage of one agency in one year."""
    return db.execute("SELECT * FROM coverage WHERE agency_id = ? AND year = ?", [agency_id, year]).fetchone()
