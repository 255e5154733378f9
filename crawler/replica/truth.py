"""What a perfect reader extracts from the replica: one line a report, from the world's own data."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from crawler.replica.faults import FAULTS
from crawler.replica.findings import deadline, findings
from crawler.replica.report import Report, read_back

if TYPE_CHECKING:
    from crawler.replica.world import World


def truth(world: World, port: int) -> list[dict]:
    """Return the truth about a world served on ``port``, in the shape of the agreed JSON.

    Beside the agreed keys each line has ``id``, ``agency_id``, ``url`` (the primary address), ``also_at`` (the others),
    ``dates`` (the date each address shows), ``attachments``, ``planted`` (what was done to the report) and ``deadline``
    (the last day to publish it, None where there is none). ``statements`` is there for reports on years before 2019,
    whose sentences were written down with what they state. A page that
    a fault broke has ``fault``, the status and an ``error`` that says what was done; then no cells are promised.
    """
    lines = [_line(world, report, port) for report in world.reports.values() if not report.withdrawn]
    return [*lines, *(line(port) for line in world.other_truth)]


def truth_jsonl(world: World, port: int) -> str:
    """Return `truth` as JSON lines."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in truth(world, port))


def _line(world: World, report: Report, port: int) -> dict:
    articles = world.articles_of(report.id)
    primary, *others = articles
    files = [f"http://{a.host}:{port}{a.file_path}" for a in articles] if report.attachment else []
    last_day = deadline(report.agency, report.year)
    line = {
        "id": report.id,
        "agency_id": report.agency.id,
        "url": primary.url(port),
        "also_at": [article.url(port) for article in others],
        "dates": {article.url(port): f"{article.published:%Y-%m-%d}" for article in articles},
        "attachments": files,
        "planted": list(report.planted),
        "deadline": last_day and last_day.isoformat(),
        "report": {
            "title": "".join(report.title.split()),
            "agency": "".join(report.title_agency.split()),
            "year": report.year,
            "form": report.form.id,
            "published_on": f"{primary.published:%Y-%m-%d}",
            "period": report.period and [day.isoformat() for day in report.period],
            "contact": dict(report.contact),
        },
        "status": "complete" if report.form.cell_keys() else "narrative",
        "sections": [
            {"key": section.key, "heading": section.heading, "text": "\n".join(map(str.strip, section.paragraphs))}
            for section in report.sections
        ],
        "cells": _cells(report),
        "findings": findings(report),
        "notes": [],
    }
    if report.statements is not None:
        line["statements"] = [asdict(statement) for statement in report.statements]
    if report.fault:
        fault = FAULTS[report.fault]
        line |= {"fault": fault.name, "status": fault.status, "error": fault.help}
        line |= {"cells": [], "findings": []}
    return line


def _cells(report: Report) -> list[dict]:
    cells = []
    for table, row, column in report.form.cell_keys():
        raw = report.cells[table, row, column].strip()
        value, state = read_back(raw)
        cells.append({"table": table, "row": row, "column": column, "value": value, "state": state, "raw": raw})
    return cells
