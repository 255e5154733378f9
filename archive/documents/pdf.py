"""PDF files with a text layer: ruled and unruled tables, running text, in reading order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from archive.documents.model import Block, Document, Paragraph, UnreadableError
from archive.documents.pdf_columns import as_one_page, find_unruled
from archive.documents.pdf_grid import Grid, find_grids, tables_among
from archive.documents.pdf_lines import Line, lines_of
from archive.documents.pdf_page import Page, read_page
from archive.documents.pdf_paragraphs import Margins, goes_on, margins, text_of, without_furniture
from archive.documents.pdf_tables import Ruled, as_table, continues, join, read_grid

# An annual report has some ten pages, a city's with pictures sixty.
_MOST_PAGES = 300
# A page with fewer characters than this, on average, is a picture of text. In characters a page.
_LEAST_TEXT = 50

_SCAN = "PDF 是扫描件，没有文字层（a scan without a text layer）：原件已存档，安装文字识别（OCR）组件后重建即可读出"
_BROKEN = "PDF 文件不完整或已损坏，无法打开（broken PDF）：请到原址重新下载核对"
_LOCKED = "PDF 文件已加密，需要密码才能打开（encrypted PDF）：请向发布机关索取未加密的文件"
_GARBLED = (
    "PDF 的文字层没有字符对照表，取不出文字（text without a character map）：原件已存档，"
    "安装文字识别（OCR）组件后重建即可读出"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a page in reading order: a line of text or a table, and the page it stands on."""

    page: int
    y: float
    thing: Line | Ruled


def read_pdf(data: bytes) -> Document:
    """Read a PDF that has a text layer.

    Raises UnreadableError for a scan, an encrypted or a broken file, saying what to do.
    """
    pages, notes, complete = _pages(data)
    _refuse_without_text(pages)
    parts = _parts(pages)
    return Document("pdf", tuple(_blocks(parts, _margins(pages, parts))), {}, tuple(notes), complete)


def _pages(data: bytes) -> tuple[list[Page], list[str], bool]:
    try:
        file = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise UnreadableError(_LOCKED if locked else _BROKEN) from error
    notes: list[str] = []
    pages: list[Page] = []
    try:
        count = len(file)
        if count == 0:
            raise UnreadableError(_BROKEN)
        if count > _MOST_PAGES:
            notes.append(f"PDF 有 {count} 页，只读了前 {_MOST_PAGES} 页")
        for number in range(min(count, _MOST_PAGES)):
            try:
                page = file[number]
                pages.append(read_page(page))
                page.close()
            except pdfium.PdfiumError:
                notes.append(f"PDF 第 {number + 1} 页已损坏，未读取")
    finally:
        file.close()
    if not pages:
        raise UnreadableError(_BROKEN)
    return pages, notes, not notes and b"%%EOF" in data[-2048:]


def _refuse_without_text(pages: Sequence[Page]) -> None:
    texts = [glyph.text for page in pages for glyph in page.glyphs]
    if len(texts) < _LEAST_TEXT * len(pages):
        raise UnreadableError(_SCAN)
    if sum(text == "\ufffd" for text in texts) > len(texts) / 3:
        raise UnreadableError(_GARBLED)


def _parts(pages: Sequence[Page]) -> list[_Part]:
    grids = tables_among(find_grids(page.rulings) for page in pages)
    outside = [(page.height, _lines_outside(page, found)) for page, found in zip(pages, grids, strict=True)]
    parts: list[_Part] = []
    for number, (page, found, lines) in enumerate(zip(pages, grids, without_furniture(outside), strict=True)):
        own = [_Part(number, line.y, line) for line in lines]
        own += [_Part(number, grid.ys[0], read_grid(grid, page.glyphs)) for grid in found]
        parts += sorted(own, key=lambda part: part.y)
    found_parts: list[_Part] = []
    for running, stretch in groupby(parts, key=lambda part: isinstance(part.thing, Line)):
        same = list(stretch)
        found_parts += _with_unruled(same) if running else same
    return found_parts


def _with_unruled(parts: list[_Part]) -> list[_Part]:
    """Find the unruled tables in lines that follow each other, over page breaks too: laid out as on one long page."""
    long = as_one_page([[part.thing for part in own] for _, own in groupby(parts, key=lambda part: part.page)])
    numbers = list(dict.fromkeys(part.page for part in parts))
    starts = [lines[0].base for lines in long]

    def page_of(base: float) -> int:
        return numbers[max(0, bisect_right(starts, base + 0.01) - 1)]

    tables, running = find_unruled([line for lines in long for line in lines])
    if not tables:
        return parts
    found = [_Part(page_of(line.base), line.base, line) for line in running]
    found += [_Part(page_of(base), base, table) for base, table in tables]
    return sorted(found, key=lambda part: part.y)


def _lines_outside(page: Page, grids: Sequence[Grid]) -> list[Line]:
    boxes = [grid.box for grid in grids]
    return lines_of(
        glyph for glyph in page.glyphs if glyph.turn == 0 and not any(box.holds(glyph.x, glyph.y) for box in boxes)
    )


def _margins(pages: Sequence[Page], parts: Sequence[_Part]) -> list[Margins]:
    """Return the margins of each page; pages of one width share them."""
    by_width: dict[int, list[Line]] = {}
    for part in parts:
        if isinstance(part.thing, Line):
            by_width.setdefault(round(pages[part.page].width), []).append(part.thing)
    shared = {width: margins(lines) for width, lines in by_width.items()}
    return [shared.get(round(page.width), Margins(0, page.width, 0)) for page in pages]


def _blocks(parts: Sequence[_Part], page_margins: Sequence[Margins]) -> Iterator[Block]:
    """Put parts together: tables that go on over a page break, lines that make a paragraph."""
    lines: list[Line] = []
    table: Ruled | None = None
    before: _Part | None = None
    for part in parts:
        new_page = before is not None and part.page != before.page
        if isinstance(part.thing, Line):
            if table:
                yield as_table(table)
                table = None
            if lines and not goes_on(lines[-1], part.thing, page_margins[part.page], new_page):
                yield Paragraph(text_of(lines))
                lines = []
            lines.append(part.thing)
        else:
            if lines:
                yield Paragraph(text_of(lines))
                lines = []
            if table and new_page and continues(table, part.thing):
                table = join(table, part.thing)
            else:
                if table:
                    yield as_table(table)
                table = part.thing
        before = part
    if lines:
        yield Paragraph(text_of(lines))
    if table:
        yield as_table(table)
