"""The same report as a Word file, as it is attached to some pages."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from crawler.replica.http import REPLICA_WORDS
from crawler.replica.layouts.grid import Grid, GridCell
from crawler.replica.layouts.tables import tables_of
from crawler.replica.report import Report

# One moment for every entry of the file, or the same report would give other bytes each time.
_MOMENT = (1980, 1, 1, 0, 0, 0)


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
    placed = _merge_padding(_place(grid)) if _is_flat(grid) else _place(grid)
    width = max(left + cell.colspan for _, left, cell in placed)
    table = document.add_table(rows=len(grid), cols=width, style="Table Grid")
    # Once: every look at a row's cells walks the whole table.
    corners = [list(row.cells) for row in table.rows]
    for top, left, cell in placed:
        corner = corners[top][left]
        if cell.rowspan > 1 or cell.colspan > 1:
            corner = corner.merge(corners[top + cell.rowspan - 1][left + cell.colspan - 1])
        corner.text = cell.text


def _place(grid: Grid) -> list[tuple[int, int, GridCell]]:
    """Return (row, column, cell) of every cell on the full grid, past those that reach down from above."""
    taken: set[tuple[int, int]] = set()
    placed = []
    for top, row in enumerate(grid):
        left = 0
        for cell in row:
            while (top, left) in taken:
                left += 1
            for down in range(cell.rowspan):
                taken |= {(top + down, left + across) for across in range(cell.colspan)}
            placed.append((top, left, cell))
            left += cell.colspan
    return placed


def _is_flat(grid: Grid) -> bool:
    return all(cell.rowspan == cell.colspan == 1 for row in grid for cell in row)


def _merge_padding(placed: list[tuple[int, int, GridCell]]) -> list[tuple[int, int, GridCell]]:
    """Let every cell of a table without spans take in the empty cells right of it, as Word had them merged.

    Empty cells at the head of a row stay as they are.
    """
    merged: list[tuple[int, int, GridCell]] = []
    for top, left, cell in placed:
        if cell.kind == "filler" and merged and merged[-1][0] == top and merged[-1][2].kind != "filler":
            row, column, before = merged[-1]
            merged[-1] = (row, column, GridCell(before.text, 1, before.colspan + 1, before.kind))
        else:
            merged.append((top, left, cell))
    return merged


def _same_every_time(data: bytes) -> bytes:
    """Return the same package with one fixed time on every entry."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _MOMENT), old.read(name), zipfile.ZIP_DEFLATED)
    return result.getvalue()
