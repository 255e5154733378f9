"""Reports written as PDF with a text layer, their tables ruled."""

from __future__ import annotations

import html
import io
import random
import unicodedata
from dataclasses import replace

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from tests.documents.pdf_writing import FONT, Style, ruled_table
from tests.generator.report import Paper
from tests.generator.tables import Rows, spread


def write_pdf(paper: Paper) -> bytes:
    """A ruled report: labels wrapped, numbers in the middle line, tables broken over pages, with page numbers."""
    chance = random.Random(paper.choice.seed)
    style = Style(
        repeat=chance.choice([0, 3]) if paper.choice.whole == "apart" else 0,
        align=chance.choice([0, 1, 2]),
        valign=chance.choice(["MIDDLE", "MIDDLE", "TOP"]),
        size=chance.choice([7, 7.5, 8]),
        padding=2,
    )
    numbering = chance.choice(["-{}-", "{}", "— {} —", "第{}页"])
    body = ParagraphStyle("body", fontName=FONT, fontSize=11, leading=18, firstLineIndent=22, wordWrap="CJK")
    title = ParagraphStyle("title", fontName=FONT, fontSize=18, leading=26, alignment=1)
    # A table on its side is wide and low.
    wide = any(not isinstance(block, str) and _width(block) > 18 for block in paper.blocks)
    size = landscape(A4) if wide else A4
    story = []
    for number, block in enumerate(paper.blocks):
        if isinstance(block, str):
            story.append(Paragraph(html.escape(block), body if number else title))
        else:
            story += [_table(block, style, size[0] - 80), Paragraph("&nbsp;", body)]

    def stamp(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawCentredString(size[0] / 2, 30, numbering.format(document.page))

    buffer = io.BytesIO()
    page = SimpleDocTemplate(buffer, pagesize=size, leftMargin=40, rightMargin=40, bottomMargin=60)
    page.build(story, onFirstPage=stamp, onLaterPages=stamp)
    return buffer.getvalue()


def _table(rows: Rows, style: Style, room: float) -> Table:
    """A table whose numbers all have room in one line: the type gets smaller where there are many columns."""
    size = style.size
    while size > 4 and sum(_needed(rows, size)) > room:
        size -= 0.5
    needed = _needed(rows, size)
    widths = [width * max(1, room / sum(needed) * 0.9) for width in needed]
    repeat = style.repeat if len(rows) > 20 and any(cell.rowspan == 3 for cell in rows[0]) else 0
    return ruled_table(rows, widths, replace(style, size=size), repeat)


def _width(rows: Rows) -> int:
    return max(x + cell.colspan for _, x, cell in spread(rows))


def _needed(rows: Rows, size: float) -> list[float]:
    """Column widths by what the columns hold: numbers in one line, labels wrapped after some characters."""
    needed = [2.2 * size] * _width(rows)
    for _, x, cell in spread(rows):
        if cell.colspan > 1 or not cell.text:
            continue
        if all(unicodedata.normalize("NFKC", mark) in "0123456789.,+-/件 " for mark in cell.text):
            wide = sum(1.0 if ord(mark) > 255 else 0.55 for mark in cell.text)
        else:
            wide = min(len(cell.text), 12 if len(needed) < 12 else 4 if len(needed) < 18 else 2)
        needed[x] = max(needed[x], wide * size + 6)
    return needed
