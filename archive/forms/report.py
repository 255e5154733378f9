"""A report, read: what `xxgk parse` prints and the archive keeps."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from archive.documents.html import refusal
from archive.documents.model import Document
from archive.documents.spaces import squeeze
from archive.forms.cells import CellReading
from archive.forms.filling import Filling, detect_form, fill
from archive.forms.headings import SectionText, split_sections
from archive.forms.identity import find_agency, find_contact, find_period, find_title, read_title, title_span

# A narrative with no table is still a report when it has at least this many of the six parts.
_PARTS_OF_A_REPORT = 3


@dataclass(frozen=True, slots=True)
class Report:
    """One annual report as a document gives it.

    ``status`` is ``complete`` (every cell of the form accounted for), ``partial``, ``narrative`` (no tables),
    ``not_a_report`` or ``unreadable``; ``error`` says why in the last two cases. Dates are ISO text.
    """

    status: str
    title: str | None = None
    agency: str | None = None
    year: int | None = None
    form: str | None = None
    published_on: str | None = None
    period: tuple[str, str] | None = None
    contact: dict[str, str | None] = field(default_factory=dict)
    sections: tuple[SectionText, ...] = ()
    cells: tuple[CellReading, ...] = ()
    notes: tuple[str, ...] = ()
    error: str | None = None
    index_number: str | None = None


def read_report(document: Document, hints: Mapping[str, str | None] | None = None) -> Report:
    """Read the report a document holds.

    ``hints`` is what a listing said of it: ``title``, ``date``, ``publisher``; used only where the document itself is
    silent. Never raises for what a document says: a document that is no annual report gets the status and a reason.
    """
    hints = hints or {}
    reason = refusal(document)
    if reason:
        return Report("not_a_report", title=document.facts.get("title") or None, error=reason)
    title = find_title(document)
    listed = read_title(hints.get("title") or "")
    form = detect_form(document)
    paragraphs = document.paragraphs[title_span(document, title) if title else 0 :]
    sections = split_sections(paragraphs)
    parts = sum(1 for section in sections if section.key != "preamble")
    title = title or (listed if form or parts >= _PARTS_OF_A_REPORT else None)
    if title is None or not (form or parts >= _PARTS_OF_A_REPORT):
        return _no_report(document, title is not None, parts, form is not None)
    texts = [section.text for section in sections]
    period = find_period("\n".join(texts[:1])) or find_period("\n".join(texts))
    agency = title.agency or find_agency("\n".join(texts[:1])) or (listed.agency if listed else "")
    agency = agency or squeeze(hints.get("publisher") or document.facts.get("source") or "")
    filling = fill(document, form) if form else None
    notes = [*document.notes, *(filling.notes if filling else ())]
    notes += _missing_words(filling) if filling else []
    if form is None and document.tables:
        notes.append("表格不属于任何已知表式，未读取")
    return Report(
        status=_status(document, filling),
        title=title.text,
        agency=unicodedata.normalize("NFKC", agency) or None,
        year=title.year,
        form=form.id if form else None,
        published_on=(document.facts.get("published") or hints.get("date") or "")[:10] or None,
        period=tuple(map(date.isoformat, period)) if period else None,
        contact=find_contact(texts),
        sections=sections,
        cells=filling.cells if filling else (),
        notes=tuple(notes),
        index_number=document.facts.get("index_number"),
    )


def _status(document: Document, filling: Filling | None) -> str:
    if filling is None:
        return "partial" if document.tables else "narrative"
    whole = not filling.missing and document.complete
    return "complete" if whole and all(cell.state != "unreadable" for cell in filling.cells) else "partial"


def _missing_words(filling: Filling) -> list[str]:
    counts = Counter(table for table, _, _ in filling.missing)
    captions = {table.key: table.caption for table in filling.form.tables}
    return [f"「{captions[table]}」缺 {count} 格，文件中没有显示" for table, count in counts.items()]


def _no_report(document: Document, titled: bool, parts: int, has_form: bool) -> Report:
    shown = document.facts.get("title") or next((paragraph.text for paragraph in document.paragraphs), None)
    if titled:
        error = (
            f"标题是年度报告，正文却没有年报的表格，六个部分只见 {parts} 个："
            "报告可能在附件或图片中，或页面不完整，请核对原文"
        )
        return Report("unreadable", title=shown, error=error)
    if has_form:
        return Report("unreadable", title=shown, error="有年报的表格，但找不到含机构和年度的标题，请核对原文")
    return Report("not_a_report", title=shown, error="不是政府信息公开工作年度报告：标题和内容都不符")


def as_json(report: Report, source: Mapping[str, object], findings: list) -> dict:
    """Return the line `xxgk parse` prints for a report (the agreed contract): plain dicts and lists.

    ``source`` is what is known of the file; ``findings`` come from `archive.checks`.
    """
    line = {
        "source": dict(source),
        "report": {
            "title": report.title,
            "agency": report.agency,
            "year": report.year,
            "form": report.form,
            "published_on": report.published_on,
            "period": list(report.period) if report.period else None,
            "contact": report.contact or None,
        },
        "status": report.status,
        "sections": [asdict(section) for section in report.sections],
        "cells": [asdict(cell) for cell in report.cells],
        "findings": [asdict(finding) for finding in findings],
        "notes": list(report.notes),
    }
    if report.error:
        line["error"] = report.error
    return line
