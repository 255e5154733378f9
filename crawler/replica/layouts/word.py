"""The same report as a Word file, as it is attached to some pages."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from crawler.replica.http import REPLICA_WORDS
from crawler.replica.layouts.grid import Grid, place
from crawler.replica.layouts.packing import packed
from crawler.replica.layouts.tables import tables_of
from crawler.replica.report import Report


def docx_bytes(report: Report) -> bytes:
    """Return a report as DOCX, spans as merged cells. The page header says that it is a replica's."""
    document = Document()
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "", "".join(report.title.split()), REPLICA_WORDS
    properties.created = properties.modified = datetime(2020, 1, 1)
    document.sections[0].header.paragraphs[0].text = REPLICA_WORDS
    for line in report.title_lines:
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
    tables = tables_of(report)
    for section in report.sections:
        if section.heading:
            document.add_paragraph(section.heading).runs[0].bold = True
        for text in section.paragraphs:
            document.add_paragraph(text)
        for grid in tables.get(section.key, []):
            _add_table(document, grid)
    raw = io.BytesIO()
    document.save(raw)
    return _same_every_time(raw.getvalue())


def _add_table(document: Document, grid: Grid) -> None:
    placed = place(grid)
    width = max(left + cell.colspan for _, left, cell in placed)
    table = document.add_table(rows=len(grid), cols=width, style="Table Grid")
    # Once: every look at a row's cells walks the whole table.
    corners = [list(row.cells) for row in table.rows]
    for top, left, cell in placed:
        corner = corners[top][left]
        if cell.rowspan > 1 or cell.colspan > 1:
            corner = corner.merge(corners[top + cell.rowspan - 1][left + cell.colspan - 1])
        corner.text = cell.text


def _same_every_time(data: bytes) -> bytes:
    """Return the same package with one fixed time on every entry."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return packed({name: old.read(name) for name in old.namelist()})
