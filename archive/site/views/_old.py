"""The pages: each takes a connection to the archive and what was asked for, and returns a template and its values."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.forms.model import forms
from archive.forms.model import sections as form_sections
from archive.site import indicators
from archive.site.queries import agencies, captures, overview, reports
from archive.site.queries.reports import CITY, Filter
from archive.site.queries.search import LONGEST, terms_of
from archive.site.queries.search import search as find
from archive.site.snippets import snippet
from archive.site.tables import marks_of, report_tables
from archive.site.words import vocabulary

PER_PAGE = 50

REPORT_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*-[0-9]{4}")
AGENCY_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
CAPTURE_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked for: the ``id`` in the address, if any, and the arguments after the question mark."""

    id: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        """Return an argument, None when it is missing or blank."""
        return (self.arguments.get(name) or "").strip() or None

    def number(self, name: str) -> int | None:
        """Return an argument that is a whole number of up to nine digits, None otherwise."""
        text = self.get(name) or ""
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


@dataclass(frozen=True, slots=True)
class Page:
    """A template, the values it shows, and the page's own address."""

    template: str
    address: str
    values: dict[str, Any]


class NotHereError(LookupError):
    """There is no such page; the message says what was looked for."""


View = Callable[[sqlite3.Connection, Asked], Page]


def home(db: sqlite3.Connection, asked: Asked) -> Page:
    """What the archive holds, what is new, how the last run went."""
    counted = overview.by_year_and_level(db)
    return Page(
        "home.html",
        "/",
        {
            "years": overview.years(db),
            "levels": [level for level in vocabulary()["level"] if any(key[1] == level for key in counted)],
            "counted": counted,
            "newest": overview.newest_reports(db),
            "run": overview.last_run(db),
            "findings": overview.findings_by_severity(db),
        },
    )


def report_list(db: sqlite3.Connection, asked: Asked) -> Page:
    """Reports, by year, level, district, status and name."""
    chosen = _filter(asked)
    total = reports.count_reports(db, chosen)
    pages = _pages(asked, total)
    rows = reports.list_reports(db, chosen, limit=PER_PAGE, offset=PER_PAGE * (pages.number - 1))
    return Page("reports.html", "/reports", {**_choices(db), "chosen": chosen, "rows": rows, "pages": pages})


def agency_list(db: sqlite3.Connection, asked: Asked) -> Page:
    """Agencies, by level, district and name."""
    chosen = _filter(asked, only=("level", "district", "name"))
    total = agencies.count_agencies(db, chosen)
    pages = _pages(asked, total)
    rows = agencies.list_agencies(db, chosen, limit=PER_PAGE, offset=PER_PAGE * (pages.number - 1))
    return Page("agencies.html", "/agencies", {**_choices(db), "chosen": chosen, "rows": rows, "pages": pages})


def report(db: sqlite3.Connection, asked: Asked) -> Page:
    """One report as published, with where each part of it comes from."""
    found = reports.get_report(db, asked.id) if REPORT_ID.fullmatch(asked.id) else None
    if found is None:
        raise NotHereError(f"档案中没有标识为「{asked.id}」的报告。")
    marks = marks_of(reports.findings(db, asked.id))
    tables = report_tables(found["form"], reports.cells(db, asked.id), marks)
    held = reports.captures_of(db, asked.id)
    years = reports.siblings(db, found["agency_id"])
    place = [row["id"] for row in years].index(asked.id)
    return Page(
        "report.html",
        f"/reports/{asked.id}",
        {
            "report": found,
            "form": next((form for form in forms() if form.id == found["form"]), None),
            "sections": _with_tables(reports.sections(db, asked.id), tables),
            "marks": marks,
            "notes": reports.notes(db, asked.id),
            "versions": reports.versions(db, asked.id),
            "addresses": _other_addresses(found["url"], held),
            "attachments": [row for row in held if row["role"] == "attachment"],
            "years": years,
            "before": years[place - 1] if place else None,
            "after": years[place + 1] if place + 1 < len(years) else None,
        },
    )


def agency(db: sqlite3.Connection, asked: Asked) -> Page:
    """One agency and the main numbers of all its reports."""
    found = agencies.get_agency(db, asked.id) if AGENCY_ID.fullmatch(asked.id) else None
    if found is None:
        raise NotHereError(f"档案中没有标识为「{asked.id}」的机构。")
    rows = agencies.reports_of(db, asked.id)
    numbers = indicators.main_numbers(reports.totals(db, [row["id"] for row in rows]))
    return Page(
        "agency.html",
        f"/agencies/{asked.id}",
        {"agency": found, "rows": rows, "numbers": numbers, "indicators": indicators.INDICATORS},
    )


def capture(db: sqlite3.Connection, asked: Asked) -> Page:
    """One capture: what the portal served, when, where it is kept and how to check it."""
    found = get_capture(db, asked.id)
    return Page(
        "capture.html",
        f"/captures/{asked.id}",
        {"capture": found, "others": captures.same_address(db, found["url"], found["method"])},
    )


def get_capture(db: sqlite3.Connection, capture_id: str) -> sqlite3.Row:
    """Return a capture's row. Raises NotHereError."""
    found = captures.get_capture(db, capture_id) if CAPTURE_ID.fullmatch(capture_id) else None
    if found is None:
        raise NotHereError(f"档案中没有标识为「{capture_id}」的存档记录。")
    return found


def method(db: sqlite3.Connection, asked: Asked) -> Page:
    """Where the data come from, how they are read, what the states and checks mean."""
    return Page("method.html", "/method", {"words": vocabulary(), "forms": forms()})


def search(db: sqlite3.Connection, asked: Asked) -> Page:
    """Reports whose title, agency or text hold all the terms of a query."""
    query = asked.get("q") or ""
    too_long = len(query) > LONGEST
    terms = [] if too_long else terms_of(query)
    number = max(1, asked.number("page") or 1)
    total, hits = find(db, terms, limit=PER_PAGE, offset=PER_PAGE * (number - 1))
    shown = [
        (hit, snippet(hit.report["title"], terms), hit.section and snippet(hit.section["text"], terms)) for hit in hits
    ]
    return Page(
        "search.html",
        "/search",
        {
            "query": query[:LONGEST],
            "too_long": too_long and LONGEST,
            "terms": terms,
            "hits": shown,
            "pages": _pages(asked, total),
        },
    )


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of a list this is, of how many, and the total; ``kept`` are the other arguments."""

    number: int
    last: int
    total: int
    kept: dict[str, str]


def _pages(asked: Asked, total: int) -> Pages:
    last = max(1, -(-total // PER_PAGE))
    kept = {name: value for name, value in asked.arguments.items() if name != "page" and value.strip()}
    return Pages(min(max(1, asked.number("page") or 1), last), last, total, kept)


def _filter(asked: Asked, only: tuple[str, ...] = ("year", "level", "district", "status", "name")) -> Filter:
    """Read a filter from the arguments; unknown years, levels and states find nothing rather than everything."""
    values: dict[str, Any] = {name: asked.get(name) for name in only if name != "year"}
    if "year" in only and asked.get("year"):
        values["year"] = asked.number("year") or 0
    return Filter(**values)


def _choices(db: sqlite3.Connection) -> dict[str, Any]:
    words = vocabulary()
    return {
        "years": overview.years(db),
        "levels": words["level"],
        "statuses": words["status"],
        "districts": [(CITY, "市本级"), *((name, name) for name in overview.districts(db))],
    }


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
