"""The same report as a spreadsheet: paragraphs over the whole width, tables with merged cells below them."""

from __future__ import annotations

import re
from html import escape

from crawler.replica.http import REPLICA_WORDS
from crawler.replica.layouts.grid import GridCell, place
from crawler.replica.layouts.packing import packed
from crawler.replica.layouts.tables import tables_of
from crawler.replica.report import Report

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Over so many columns a paragraph reaches: table 3 has ten.
_WIDTH = 10
# What Excel makes a number of when it is typed in. It would round longer ones.
_NUMBER = re.compile(r"0|-?[1-9]\d{0,14}")


def xlsx_bytes(report: Report) -> bytes:
    """Return a report as XLSX. The printed header says that it is a replica's."""
    header = f"<headerFooter><oddHeader>{escape(REPLICA_WORDS)}</oddHeader></headerFooter>"
    sheet = f"<worksheet {_MAIN}>{_cells(report)}{header}</worksheet>"
    return packed(
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/xl/workbook.xml" ContentType="{_XLSX}.sheet.main+xml"/>'
                f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_XLSX}.worksheet+xml"/></Types>'
            ),
            "_rels/.rels": _relation(f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": (
                f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets><sheet name="年报" sheetId="1" r:id="r1"/></sheets>'
                "</workbook>"
            ),
            "xl/_rels/workbook.xml.rels": _relation(f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": sheet,
        }
    )


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{kind}" Target="{target}"/>'
        "</Relationships>"
    )


def _cells(report: Report) -> str:
    rows: list[str] = []
    merges: list[str] = []
    tables = tables_of(report)
    _add([(0, 0, GridCell(line, 1, _WIDTH)) for line in ("".join(report.title_lines),)], 1, rows, merges)
    for section in report.sections:
        for text in filter(None, (section.heading, *section.paragraphs)):
            _add([(0, 0, GridCell(text, 1, _WIDTH))], 1, rows, merges)
        for grid in tables.get(section.key, []):
            _add(place(grid), len(grid), rows, merges)
    spans = "".join(f'<mergeCell ref="{ref}"/>' for ref in merges)
    return f"<sheetData>{''.join(rows)}</sheetData><mergeCells>{spans}</mergeCells>"


def _add(placed: list[tuple[int, int, GridCell]], height: int, rows: list[str], merges: list[str]) -> None:
    """Put cells below the rows there are."""
    # An empty row above.
    top = len(rows) + 1
    rows.append("")
    lines: list[list[str]] = [[] for _ in range(height)]
    for row, column, cell in placed:
        ref = f"{_letter(column)}{top + row + 1}"
        lines[row].append(_cell(ref, cell.text))
        if cell.rowspan > 1 or cell.colspan > 1:
            merges.append(f"{ref}:{_letter(column + cell.colspan - 1)}{top + row + cell.rowspan}")
    rows += [f'<row r="{top + number}">{"".join(cells)}</row>' for number, cells in enumerate(lines, 1)]


def _cell(ref: str, text: str) -> str:
    if _NUMBER.fullmatch(text):
        return f'<c r="{ref}"><v>{text}</v></c>'
    return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _letter(column: int) -> str:
    """The name of a column counted from 0; there are no more than 15."""
    return chr(ord("A") + column)
