"""Reports written as PDF with a text layer, their tables ruled."""

from __future__ import annotations

import html
import io
import random

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

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
    story = []
    for number, block in enumerate(paper.blocks):
        if isinstance(block, str):
            story.append(Paragraph(html.escape(block), body if number else title))
        else:
            story += [ruled_table(block, _widths(block), style, _repeat(block, style)), Paragraph("&nbsp;", body)]

    def stamp(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawCentredString(landscape(A4)[0] / 2, 30, numbering.format(document.page))

    buffer = io.BytesIO()
    page = SimpleDocTemplate(buffer, pagesize=landscape(A4), leftMargin=40, rightMargin=40, bottomMargin=60)
    page.build(story, onFirstPage=stamp, onLaterPages=stamp)
    return buffer.getvalue()


def _repeat(rows: Rows, style: Style) -> int:
    return style.repeat if len(rows) > 20 and any(cell.rowspan == 3 for cell in rows[0]) else 0


def _widths(rows: Rows) -> list[float]:
    """Column widths by what the columns hold: labels are wrapped after a dozen characters, numbers never."""
    places = spread(rows)
    width = max(x + cell.colspan for _, x, cell in places)
    needed = [18.0] * width
    for _, x, cell in places:
        if cell.colspan == 1 and cell.text:
            long = len(cell.text) if not cell.text[0].isdigit() or cell.text.isdigit() else min(len(cell.text), 14)
            figures = sum(c.isascii() and (c.isdigit() or c in ".,+-") for c in cell.text) == len(cell.text)
            room = 4.6 * long + 8 if figures else 8.2 * min(long, 14 if width < 15 else 2) + 6
            needed[x] = max(needed[x], room)
    total = sum(needed)
    return [part * 750 / total for part in needed] if total > 750 or total < 500 else needed
