"""Which body has a report for which year, whether in time, and where one is missing. Pure: rows in, rows out.

Expected in a year is a body the registry knows to have existed then, or one that reported on the year before and on the
year after. What is expected and not there is missing from the archive; that it was never published is not said.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from archive.agencies.deadlines import Deadline, deadline
from archive.agencies.registry import registry
from archive.agencies.successions import predecessors, successors

Row = dict[str, object]

# The first year of the duty to report; years before are shown only where there is a report.
_FIRST_YEAR = 2008
# Since then the form has its three tables, and a report without them is not what the form demands.
_TABLES_SINCE = 2019


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the table and what it means."""

    zh: str
    en: str


@cache
def codes() -> dict[str, dict[str, Code]]:
    """What the codes of the columns ``states``, ``expected`` and ``reasons`` mean."""
    data = tomllib.loads((files(__package__) / "coverage.toml").read_text("utf-8"))
    return {kind: {key: Code(**entry) for key, entry in entries.items()} for kind, entries in data.items()}


def coverage(
    agencies: Sequence[Mapping[str, object]],
    reports: Sequence[Mapping[str, object]],
    versions: Sequence[Mapping[str, object]],
    last_seen: date | None,
) -> list[Row]:
    """Return one row for each agency and year there are reports of.

    ``agencies``, ``reports`` and ``versions`` are rows of those tables; ``last_seen`` is the last day the portals were
    visited, None when that is not known: then every deadline counts as past.
    """
    by_place = {(report["agency_id"], report["year"]): report for report in reports}
    changes = Counter(version["report_id"] for version in versions)
    known = {agency.id: agency for agency in registry().listed()}
    rows = []
    for agency in agencies:
        others = _others(str(agency["id"]), agency)
        body = known.get(str(agency["id"]))
        for year in _years(reports):
            report = by_place.get((agency["id"], year))
            rule = deadline(str(agency["level"]), year)
            row: Row = {
                "agency_id": agency["id"], "year": year, "name": agency["name"], "district": agency["district"],
                "level": agency["level"], "deadline": rule.day and rule.day.isoformat(), "law": rule.law,
                "rule": rule.zh, "rule_en": rule.en, "changed": 0,
            }  # fmt: skip
            if report:
                row |= _published(report, rule, changes[report["id"]])
            else:
                active = body is not None and _active(body.active_from, body.active_to, year)
                replaced = any((other, year) in by_place for other in others)
                around = all((agency["id"], near) in by_place for near in (year - 1, year + 1))
                row |= _absent(rule, last_seen, active=active, replaced=replaced, around=around)
            rows.append(row)
    return rows


def _published(report: Mapping[str, object], rule: Deadline, versions: int) -> Row:
    found, reason = _date_of(report)
    late = (found - rule.day).days if found and rule.day else None
    if report["status"] == "unreadable":
        state = "unread"
    elif report["status"] == "narrative" and int(str(report["year"])) >= _TABLES_SINCE:
        state = "narrative"
    elif late is None:
        state = "published"
    else:
        state = "late" if late > 0 else "on_time"
    return {
        "report_id": report["id"], "state": state, "status": report["status"],
        "published_on": report.get("published_on"), "days_late": late, "reason": reason,
        "changed": int(versions > 1),
    }  # fmt: skip


def _date_of(report: Mapping[str, object]) -> tuple[date | None, str | None]:
    """The day a report was published, or None and why that is not known."""
    try:
        found = date.fromisoformat(str(report.get("published_on")))
    except ValueError:
        return None, "no_date"
    return (found, None) if found.year > int(str(report["year"])) else (None, "date_before_year_end")


def _absent(rule: Deadline, last_seen: date | None, *, active: bool, replaced: bool, around: bool) -> Row:
    expected = "neighbours" if around else "registry" if active and not replaced else None
    if expected is None:
        return {"state": "not_expected", "reason": "other_body_reported" if replaced else None}
    due = last_seen is None or last_seen > rule.usual
    return {"state": "missing" if due else "not_due", "expected": expected}


def _active(first: int | None, last: int | None, year: int) -> bool:
    return first is not None and first <= year <= (last or year)


def _others(agency_id: str, agency: Mapping[str, object]) -> Collection[str]:
    """The bodies before and after one: of the year of a reform either may have reported."""
    if agency["level"] not in ("city_department", "district_department"):
        return ()
    body = registry().resolve(str(agency["name"]))
    around = [each.predecessor.id for each in predecessors(body)] + [each.successor.id for each in successors(body)]
    return [other for other in around if other != agency_id]


def _years(reports: Sequence[Mapping[str, object]]) -> list[int]:
    found = {int(str(report["year"])) for report in reports}
    since = max(min(found, default=0), _FIRST_YEAR)
    return sorted(found | set(range(since, max(found, default=0) + 1)))
