"""One report as published, with where each part of it comes from."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from archive.database.coverage import codes
from archive.forms.model import forms
from archive.forms.model import sections as form_sections
from archive.forms.narrative import statement_keys
from archive.indicators.model import indicators
from archive.site.citing import Cited, citations
from archive.site.metadata import TITLE
from archive.site.queries import coverage, reports
from archive.site.rendering import day
from archive.site.tables import marks_of, report_tables
from archive.site.views.asked import REPORT_ID, Asked, NotHereError, Page


def report(db: sqlite3.Connection, asked: Asked) -> Page:
    """One report: its sections, tables, checks, rates, versions and neighbours."""
    found = get_report(db, asked.id)
    findings = reports.findings(db, asked.id)
    marks = marks_of([row for row in findings if row["outcome"] == "failed"])
    tables = report_tables(found["form"], reports.cells(db, asked.id), marks)
    held = reports.captures_of(db, asked.id)
    years = reports.siblings(db, found["agency_id"])
    place = [row["id"] for row in years].index(asked.id)
    versions = reports.versions(db, asked.id)
    rates = {row["key"]: row for row in reports.indicators(db, [asked.id])}
    return Page(
        "report.html",
        f"/reports/{asked.id}",
        {
            "report": found,
            "form": next((form for form in forms() if form.id == found["form"]), None),
            "sections": _with_tables(reports.sections(db, asked.id), tables),
            "marks": marks,
            "not_run": [row for row in findings if row["outcome"] != "failed"],
            "labels": {key: names[asked.language] for key, names in statement_keys().items()},
            "statements": reports.statements(db, asked.id),
            "notes": reports.notes(db, asked.id),
            "rates": [(each, rates[each.key]) for each in indicators() if each.key in rates],
            "coverage_codes": codes(),
            "citations": citations(_cited(found, versions, asked)),
            "coverage": coverage.of_report(db, found["agency_id"], found["year"]),
            "versions": versions,
            "addresses": _other_addresses(found["url"], held),
            "attachments": [row for row in held if row["role"] == "attachment"],
            "years": years,
            "peers": reports.peers(db, found),
            "before": years[place - 1] if place else None,
            "after": years[place + 1] if place + 1 < len(years) else None,
        },
    )


def get_report(db: sqlite3.Connection, report_id: str) -> sqlite3.Row:
    """Return a report's row. Raises NotHereError."""
    found = reports.get_report(db, report_id) if REPORT_ID.fullmatch(report_id) else None
    if found is None:
        raise NotHereError("档案中没有标识为「{id}」的报告。", id=report_id)
    return found


def _cited(found: sqlite3.Row, versions: list[sqlite3.Row], asked: Asked) -> Cited:
    current = versions[0] if versions else None
    return Cited(
        id=found["id"],
        author=found["agency_name"],
        title=found["title"],
        year=found["year"],
        published=found["published_on"],
        seen=current and day(current["fetched_at"]),
        url=found["url"],
        archive=TITLE,
        address=f"{asked.origin}/reports/{found['id']}",
        sha256=current and current["sha256"],
    )


def _with_tables(found: list[sqlite3.Row], tables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Put each table in its section; a table whose heading the report lacks gets the official one."""
    shown = []
    left = dict(tables)
    for number, row in enumerate(found, 1):
        table = left.pop(row["key"], None)
        shown.append({**dict(row), "anchor": f"section-{number}", "table": table, "official": False})
    order = [section.key for section in form_sections()]
    for key, table in left.items():
        later = order[order.index(key) + 1 :] if key in order else []
        place = next((number for number, section in enumerate(shown) if section["key"] in later), len(shown))
        # A table of its own, such as an annex, brings its heading with it; any other belongs under one.
        missing = {"key": key, "heading": table.layout.caption, "text": "", "anchor": f"section-{key}"}
        shown.insert(place, {**missing, "table": table, "official": key in order})
    return shown


def _other_addresses(url: str, held: list[sqlite3.Row]) -> list[sqlite3.Row]:
    """The newest capture of each other address the report was found under."""
    newest: dict[str, sqlite3.Row] = {}
    for row in held:
        if row["url"] != url and row["role"] != "attachment":
            newest.setdefault(row["url"], row)
    return list(newest.values())
