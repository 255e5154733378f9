"""What pages say, as data: JSON, CSV and a feed."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree

from archive.site import measures
from archive.site.labels import cell_labels
from archive.site.metadata import TITLE
from archive.site.queries import agencies, reports, versions
from archive.site.views.agencies import values_of_reports
from archive.site.views.asked import Asked, Document
from archive.site.views.compare import chosen, spread
from archive.site.views.reports import get_report
from archive.site.words import say

_ATOM = "http://www.w3.org/2005/Atom"
_ENTRIES = 60
# Spreadsheets take a file for UTF-8 only when it begins so; what reads CSV as data drops it.
_MARK = "\ufeff"


def report_json(db: sqlite3.Connection, asked: Asked) -> Document:
    """A whole report: its facts, sections, cells, findings, rates, notes and versions."""
    found = get_report(db, asked.id)
    content: dict[str, Any] = {
        "address": f"{asked.origin}/reports/{asked.id}",
        "report": dict(found),
        "sections": _dicts(reports.sections(db, asked.id)),
        "cells": _dicts(reports.cells(db, asked.id)),
        "findings": _dicts(reports.findings(db, asked.id)),
        "indicators": _dicts(reports.indicators(db, [asked.id])),
        "notes": reports.notes(db, asked.id),
        "versions": _dicts(reports.versions(db, asked.id)),
    }
    return Document(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "application/json")


def report_csv(db: sqlite3.Connection, asked: Asked) -> Document:
    """The cells of a report with the labels of the form beside their keys."""
    found = get_report(db, asked.id)
    labels = cell_labels(found["form"])
    lines: list[Sequence[object]] = [["report_id", "table", "row", "column", "label", "value", "state", "raw"]]
    for cell in reports.cells(db, asked.id):
        place = (cell["table"], cell["row"], cell["column"])
        lines.append([asked.id, *place, labels.get(place, ""), cell["value"], cell["state"], cell["raw"]])
    return Document(_csv(lines), "text/csv", f"{asked.id}.csv")


def compare_csv(db: sqlite3.Connection, asked: Asked) -> Document:
    """The comparison asked for, one line an agency and year."""
    return Document(_csv(_compared(db, asked)), "text/csv", "compare.csv")


def compare_json(db: sqlite3.Connection, asked: Asked) -> Document:
    """The comparison asked for, one object an agency and year, and what its numbers are."""
    head, *lines = _compared(db, asked)
    content = {
        "rows": [dict(zip(head, line, strict=True)) for line in lines],
        "measures": {
            key: {"zh": measure.zh, "en": measure.en, "unit": "ratio" if measure.is_rate else measure.unit}
            for key, measure in measures.measures().items()
        },
    }
    return Document(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "application/json")


def feed(db: sqlite3.Connection, asked: Asked) -> Document:
    """New and changed reports as an Atom feed (RFC 4287), the newest first."""
    rows = versions.newest_versions(db, limit=_ENTRIES, changed=False)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh-CN"})
    address = f"{asked.origin}/feed.atom"
    _text(root, "id", address)
    _text(root, "title", TITLE + say("：新的和有改动的报告"))
    _text(root, "updated", rows[0]["first_seen"] if rows else "1970-01-01T00:00:00Z")
    ElementTree.SubElement(root, f"{{{_ATOM}}}link", {"rel": "self", "type": "application/atom+xml", "href": address})
    ElementTree.SubElement(
        root, f"{{{_ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": f"{asked.origin}/"}
    )
    for row in rows:
        _entry(root, asked.origin, row)
    ElementTree.register_namespace("", _ATOM)
    return Document(ElementTree.tostring(root, "unicode", xml_declaration=True), "application/atom+xml")


def _entry(root: ElementTree.Element, origin: str, row: sqlite3.Row) -> None:
    report = f"{origin}/reports/{row['report_id']}"
    new = row["number"] == 1
    page = report if new else f"{report}/versions/{row['number'] - 1}..{row['number']}"
    entry = ElementTree.SubElement(root, f"{{{_ATOM}}}entry")
    _text(entry, "id", f"{report}@{row['number']}")
    _text(entry, "title", row["title"] if new else f"（有改动）{row['title']}")
    _text(entry, "updated", row["first_seen"])
    _link(entry, "alternate", "text/html", page)
    author = ElementTree.SubElement(entry, f"{{{_ATOM}}}author")
    _text(author, "name", row["name"])
    published = f"，页面日期 {row['published_on']}" if row["published_on"] else ""
    _text(entry, "summary", f"{row['name']} {row['year']} 年度{published}；第 {row['number']} 版。")


def _link(parent: ElementTree.Element, relation: str, media_type: str, address: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}link", {"rel": relation, "type": media_type, "href": address})


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    # XML has no way to write these characters.
    kept = "".join(character for character in text if character >= " " or character in "\t\n\r")
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = kept


def _compared(db: sqlite3.Connection, asked: Asked) -> list[list[object]]:
    choice = chosen(db, asked)
    rows = agencies.reports_in(db, [row["id"] for row in choice.agencies], choice.years)
    return spread(choice, {(row["agency_id"], row["year"]): row for row in rows}, values_of_reports(db, rows))


def _csv(lines: Iterable[Sequence[object]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(lines)
    return _MARK + written.getvalue()


def _dicts(rows: Iterable[sqlite3.Row]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]
