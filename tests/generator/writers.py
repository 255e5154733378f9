"""Reports written as files: web pages in several hands, plain text, Word, spreadsheet, bundle."""

from __future__ import annotations

import html
import io
import random
import unicodedata
import zipfile
from collections.abc import Callable

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table
from docx.text.run import Run

from tests.documents.test_docx import write_table
from tests.documents.test_sheet import lay_out, xlsx
from tests.generator.report import Paper
from tests.generator.tables import Cell, Rows, spread

# Paper as wide and high as the tables of a report need it, in points, and the margins on both sides together.
_A4, _A3 = (842, 595), (1191, 842)
_MARGINS = 60
# What a cell of Word keeps clear beside its text, both sides together. In points.
_CLEAR = 12
Writer = Callable[[Paper], bytes]


def _spans(cell: Cell) -> str:
    return (f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else "") + (
        f" colspan={cell.colspan}" if cell.colspan > 1 else ""
    )


def _clean(rows: Rows) -> str:
    lines = []
    for row in rows:
        cells = "".join(f"<td{_spans(c)}>{html.escape(c.text).replace(chr(10), '<br>')}</td>" for c in row)
        lines.append(f"<tr>{cells}</tr>")
    return "<table>" + "\n".join(lines) + "</table>"


def _word(rows: Rows) -> str:
    """As pasted from Word: a paragraph and runs in every cell, o:p, conditional comments, a wrapped source."""
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            runs = "</p><p class=MsoNormal>".join(
                "".join(
                    f'<span lang="EN-US" style="font-size:9.0pt">{html.escape(part)}</span>' for part in (t[:1], t[1:])
                )
                for t in (cell.text or "\u00a0").split("\n")
            )
            cells.append(
                f'<td{_spans(cell)} style="border:solid windowtext 1.0pt;mso-border-alt:solid">\n'
                f'  <p class=MsoNormal align=center>{runs}<span lang="EN-US"><o:p></o:p></span></p>\n </td>'
            )
        lines.append(f'<tr style="mso-yfti-irow:1">\n {"".join(cells)}\n</tr>')
    return (
        '<table class="MsoNormalTable" border="0"><!--[if !supportMisalignedColumns]-->' + "".join(lines) + "</table>"
    )


def _wps(rows: Rows) -> str:
    """As pasted from WPS: upper-case tags, FONT elements, tbody, &nbsp; for blanks, cells of the header as TH."""
    lines = []
    for number, row in enumerate(rows):
        tag = "TH" if number < 2 else "TD"
        cells = "".join(
            f"<{tag}{_spans(c).upper()}><P><FONT face=宋体><B>{html.escape(c.text).replace(chr(10), '<BR/>') or '&nbsp;'}</B>"
            f"</FONT></P></{tag}>"
            for c in row
        )
        lines.append(f"<TR>{cells}</TR>")
    return "<TABLE><TBODY>" + "".join(lines) + "</TBODY></TABLE>"


def _unclosed(rows: Rows) -> str:
    lines = ["<table border=1>"]
    for row in rows:
        lines += ["<tr>", *(f"<td{_spans(c)}>{html.escape(c.text).replace(chr(10), '<br>')}" for c in row)]
    return "\n".join([*lines, "</table>"])


def _page(paper: Paper, table: Callable[[Rows], str], *, wrap: str = "{}", encoding: str = "utf-8") -> bytes:
    parts = []
    for number, block in enumerate(paper.blocks):
        if isinstance(block, str):
            tag = "h1" if number == 0 else "p"
            parts.append(f"<{tag}>{html.escape(block)}</{tag}>")
        else:
            parts.append(table(block))
    article = wrap.format("\n".join(parts))
    head = f'<meta charset="{encoding}"><title>{paper.title}</title>'
    furniture = "<div class=nav><a href=/>首页</a> &gt; 政府信息公开年报</div><div>发布日期：2024-01-15</div>"
    foot = "<div class=foot>版权所有 邮编：150001</div>"
    page = f"<html><head>{head}</head><body>{furniture}<div id=zoom>{article}</div>{foot}</body></html>"
    return page.encode(encoding, "xmlcharrefreplace")


def write_html(paper: Paper) -> bytes:
    """A page in one of the hands, chosen by the report's seed."""
    chance = random.Random(paper.choice.seed)
    hand = chance.choice([_clean, _word, _wps, _unclosed])
    wrap = chance.choice(["{}", "{}", "<table><tr><td>{}</td></tr></table>", "<div><div>{}</div></div>"])
    if hand is _unclosed:
        wrap = "{}"
    return _page(paper, hand, wrap=wrap, encoding=chance.choice(["utf-8", "gb18030"]))


def write_html_copies(paper: Paper) -> bytes:
    """A page with the article twice, one for telephones, the other for wide screens."""
    chance = random.Random(paper.choice.seed)
    hidden = chance.choice(['class="phone" style="display:none"', 'class="phone"', "hidden"])
    return _page(paper, _clean, wrap="<div class=pc>{0}</div><div " + hidden + ">{0}</div>")


def write_text(paper: Paper) -> bytes:
    """Plain text as the one Harbin report at hand: cells set apart by tabs, no spans, blank lines between."""
    parts = []
    for block in paper.blocks:
        if isinstance(block, str):
            parts.append(block)
        else:
            parts.append("\n".join("\t".join(cell.text.replace("\n", "") for cell in row) for row in block))
    return "\n\n".join(parts).encode("gb18030" if paper.choice.seed % 3 == 0 else "utf-8")


def write_docx(paper: Paper) -> bytes:
    """Word, cells merged as the spans say; ruled or not by the report's seed."""
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(8)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    sizes = [_font_size(block, _A4[0] - _MARGINS) for block in paper.blocks if not isinstance(block, str)]
    # An office takes larger paper before it takes type that no one can read.
    section.page_width, section.page_height = map(Pt, _A3 if min(sizes, default=8) < 6 else _A4)
    section.left_margin = section.right_margin = Pt(_MARGINS / 2)
    for block in paper.blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
        else:
            # Word joins tables that follow each other without a paragraph between.
            document.add_paragraph("")
            write_table(document, block)
            document.tables[-1].style = "Table Grid"
            _set_widths(document.tables[-1], block, section.page_width.pt - _MARGINS)
    document.add_paragraph("")  # Word ends no document with a table
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _needed(rows: Rows, size: float) -> list[float]:
    """Column widths by what the columns hold, in points: numbers in one line, labels wrapped after some characters."""
    needed = [size + _CLEAR] * max(x + cell.colspan for _, x, cell in spread(rows))
    for _, x, cell in spread(rows):
        if cell.colspan == 1 and cell.text:
            wide = sum(1.0 if unicodedata.east_asian_width(mark) in "WF" else 0.7 for mark in cell.text)
            labels = not all(unicodedata.normalize("NFKC", mark) in "0123456789.,+-/—件无 " for mark in cell.text)
            wide = min(wide, 10 if len(needed) < 12 else 3) if labels else wide
            needed[x] = max(needed[x], wide * size + _CLEAR)
    return needed


def _font_size(rows: Rows, room: float) -> float:
    """The largest type in which all numbers have room in their columns."""
    return next((size / 2 for size in range(16, 6, -1) if sum(_needed(rows, size / 2)) <= room), 3)


def _set_widths(table: Table, rows: Rows, room: float) -> None:
    """Give each column what its widest number needs, as an office would; labels take the rest and are wrapped."""
    size = _font_size(rows, room)
    for run in table._tbl.iter(qn("w:r")):
        Run(run, table).font.size = Pt(size)
    for column, wide in zip(table.columns, _needed(rows, size), strict=True):
        column.width = Pt(wide)
    for width in list(table._tbl.iter(qn("w:tcW"))):
        width.getparent().remove(width)


def write_xlsx(paper: Paper) -> bytes:
    """A spreadsheet, one part under the other, with or without a blank row between."""
    return xlsx(lay_out(list(paper.blocks), gap=paper.choice.seed % 2, framed=paper.choice.numbers == "blank"))


def write_zip(paper: Paper) -> bytes:
    """A bundle of the report as Word and a picture that is none of it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("附件/政府信息公开工作年度报告.docx", write_docx(paper))
        archive.writestr("说明.txt", "请查收。")
    return buffer.getvalue()


def fits_grid(paper: Paper) -> bool:
    """Whether every table covers one rectangle, as files that know no other tables need."""
    for block in paper.blocks:
        if isinstance(block, str):
            continue
        places = spread(block)
        width = max(x + cell.colspan for _, x, cell in places)
        if sum(cell.rowspan * cell.colspan for _, _, cell in places) != width * len(block):
            return False
    return True


KINDS: dict[str, Writer] = {
    "html": write_html,
    "copies": write_html_copies,
    "text": write_text,
    "docx": write_docx,
    "xlsx": write_xlsx,
    "zip": write_zip,
}
