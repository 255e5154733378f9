"""A report, read: what `xxgk parse` prints and the archive keeps."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from archive.documents.html import refusal
from archive.documents.model import Document
from archive.documents.spaces import squeeze
from archive.forms.cells import CellReading
from archive.forms.filling import Filling, detect_form, fill, subtotals_among
from archive.forms.gathering import gathered
from archive.forms.headings import SectionText, is_heading, split_sections
from archive.forms.identity import (
    Title,
    find_agency,
    find_contact,
    find_period,
    find_published,
    find_title,
    find_year,
    read_title,
    title_span,
)
from archive.forms.labels import body, fold
from archive.forms.model import forms
from archive.forms.narrative import Statement, read_statements
from archive.forms.running import with_running_rows

_NO_CONTENT = (
    "标题是年度报告，正文却没有年报的表格，六个部分只见 {parts} 个：报告可能在附件或图片中，或页面不完整，请核对原文"
)
# Reports for later years have a table: g2, g3 or g4.
_LAST_NARRATIVE_YEAR = 2013
_NO_TITLE = "找不到含机构和年度的标题，机构和年度取自正文或列表，请核对原文"

_TABLES_LOST = "正文中有年报表格的行名，但表格已散成文字，各格无法辨认，未读取：请核对原文或附件"
# So many row labels of a form in the text, none of them a word of every report, are its tables come apart.
_LABELS_OF_A_FORM = 5
_LONG_LABEL = 8

# A narrative with no table is still a report when it has at least this many of the six parts.
PARTS_OF_A_REPORT = 3

# In characters.
_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Report:
    """One annual report as a document gives it.

    ``status`` is ``complete`` (every cell of the form accounted for), ``partial``, ``narrative`` (no tables),
    ``not_a_report`` or ``unreadable``; ``error`` says why in the last two cases. Dates are ISO text. ``agency`` is the
    body as the title names it, else the text, else the listing; ``agency_in_title`` and ``agency_in_text`` what each of
    the first two says. ``statements`` are the numbers of the sentences, apart from the ``cells``.
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
    agency_in_title: str | None = None
    agency_in_text: str | None = None
    statements: tuple[Statement, ...] = ()

    @property
    def subtotals(self) -> tuple[CellReading, ...]:
        """Those of ``cells`` that hold printed subtotals (小计), which are no parts of any total."""
        form = next((form for form in forms() if form.id == self.form), None)
        return subtotals_among(self.cells, form) if form else ()


def read_report(document: Document, hints: Mapping[str, str | None] | None = None) -> Report:
    """Read the report a document holds.

    ``hints`` is what a listing said of it: ``title``, ``date``, ``publisher``; used only where the document itself is
    silent. Never raises for what a document says: a document that is no annual report gets the status and a reason.
    """
    hints = hints or {}
    title = find_title(document)
    tables = gathered(document, title and title.year)
    document = with_running_rows(tables)
    reason = refusal(tables)
    if reason:
        return Report("not_a_report", title=_shown_title(document), error=reason)
    title = find_title(document)
    form = detect_form(tables, year=title and title.year)
    sections = split_sections(document.paragraphs[title_span(document, title) if title else 0 :])
    parts = sum(section.key != "preamble" for section in sections)
    has_content = form is not None or parts >= PARTS_OF_A_REPORT
    listed = read_title(hints.get("title") or "")
    title = title or (listed if has_content else None)
    if title is None and not has_content:
        error = "不是政府信息公开工作年度报告：标题和内容都不符"
        return Report("not_a_report", title=_shown_title(document), error=error)
    texts = [section.text for section in sections]
    period = find_period("\n".join(texts[:1])) or find_period("\n".join(texts))
    filling = fill(tables, form) if form else None
    form_in_text = (filling is None or bool(filling.missing)) and _form_in_text(tables)
    agency = _agency(title, texts, listed, document, hints)
    year = title.year if title else period[0].year if period else find_year("\n".join(texts[:2]))
    return Report(
        status=_status(document, filling, form_in_text) if has_content else "unreadable",
        title=title.text if title else _shown_title(document),
        agency=agency,
        year=year,
        form=form.id if form else _narrative_form(year),
        published_on=(document.facts.get("published") or find_published(document) or hints.get("date") or "")[:10]
        or None,
        period=tuple(map(date.isoformat, period)) if period else None,
        contact=find_contact(texts),
        sections=sections,
        cells=filling.cells if filling else (),
        notes=tuple(
            ([] if title else [_NO_TITLE]) + ([_TABLES_LOST] if form_in_text else []) + _notes(document, filling)
        ),
        error=None if has_content else _NO_CONTENT.format(parts=parts),
        index_number=document.facts.get("index_number"),
        agency_in_title=(title and title.agency) or None,
        agency_in_text=find_agency("\n".join(texts[:1])),
        # A digit of running text that was recognised in a picture has no sum to answer to.
        statements=() if document.recognised else read_statements(sections, year, agency),
    )


def _narrative_form(year: int | None) -> str | None:
    """Return g1 for a report of the years before there was a table; None where nothing tells.

    Source: the statistics table came with the reports for 2014; tables before it are the publisher's own. A later
    report without tables may have lost them.
    """
    return "g1" if year is not None and year <= _LAST_NARRATIVE_YEAR else None


def _agency(
    title: Title | None,
    texts: Sequence[str],
    listed: Title | None,
    document: Document,
    hints: Mapping[str, str | None],
) -> str | None:
    """The agency the title names; where it names none, the text, the listing, then the page's 来源, in this order."""
    named = (title.agency if title else "") or find_agency("\n".join(texts[:1])) or (listed.agency if listed else "")
    named = named or hints.get("publisher") or document.facts.get("source") or ""
    return unicodedata.normalize("NFKC", squeeze(named)) or None


def _notes(document: Document, filling: Filling | None) -> list[str]:
    notes = [*document.notes, *(filling.notes if filling else ())]
    if filling:
        counts = Counter(table for table, _, _ in filling.missing)
        captions = {table.key: table.caption for table in filling.form.tables}
        notes += [f"「{captions[table]}」缺 {count} 格，文件中没有显示" for table, count in counts.items()]
    elif document.tables:
        notes.append("表格不属于任何已知表式，未读取")
    return notes


def _form_in_text(document: Document) -> bool:
    """Whether the rows of a form stand in the text: its tables were there, and their cells cannot be told any more."""
    lines = [fold(paragraph.text) for paragraph in document.paragraphs]
    labels = {body(row.label) for form in forms() for table in form.tables for row in table.grids[-1].value_rows}
    begun = {label for line in lines for label in labels if len(label) >= _LONG_LABEL and label in line}
    return len(begun) >= _LABELS_OF_A_FORM


def _status(document: Document, filling: Filling | None, form_in_text: bool) -> str:
    if filling is None:
        return "partial" if document.tables or form_in_text else "narrative"
    whole = not filling.missing and document.complete
    return "complete" if whole and all(cell.state != "unreadable" for cell in filling.cells) else "partial"


def _shown_title(document: Document) -> str | None:
    """What a page calls itself, else its first line, where that is neither a sentence nor a heading of a part."""
    first = next((paragraph.text for paragraph in document.paragraphs), "")
    named = first if len(first) <= _LONGEST_TITLE and not is_heading(first) else ""
    return document.facts.get("title") or named or None


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
            "index_number": report.index_number,
            "agency_in_title": report.agency_in_title,
            "agency_in_text": report.agency_in_text,
        },
        "status": report.status,
        "sections": [_plain(section) for section in report.sections],
        "cells": [_plain(cell, "recognised") for cell in report.cells],
        "statements": [_plain(statement) for statement in report.statements],
        "findings": [_plain(finding) for finding in findings],
        "notes": list(report.notes),
    }
    if report.error:
        line["error"] = report.error
    return line


def _plain(record: object, inner: str = "") -> dict:
    """Return a flat record as a dict, without an ``inner`` field: as `dataclasses.asdict`, but for its deep copies."""
    return {name: getattr(record, name) for name in record.__slots__ if name != inner}
