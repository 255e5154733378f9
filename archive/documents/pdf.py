"""PDF files: pages with a text layer, and pages that are pictures, each read its own way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from archive.documents import ocr
from archive.documents.model import Document, UnreadableError
from archive.documents.page_blocks import blocks_of
from archive.documents.pdf_page import Page, read_page
from archive.documents.pdf_pictures import is_garbled, is_picture, picture_of
from archive.documents.pdf_pictures_among import picture_among, pictures_among, with_tables

# An annual report has some ten pages, a city's with pictures sixty.
_MOST_PAGES = 300
# A document with fewer characters than this, on average, is a picture of text. In characters a page.
_LEAST_TEXT = 50

_SCAN = f"PDF 是扫描件，没有文字层（a scan without a text layer），{ocr.INSTALL}"
_NO_TEXT = "PDF 的页面上没有可辨认的文字（照片、图表或空白页），不是年度报告：请人工打开核对"
_BROKEN = "PDF 文件不完整或已损坏，无法打开（broken PDF）：请到原址重新下载核对"
_LOCKED = "PDF 文件已加密，需要密码才能打开（encrypted PDF）：请向发布机关索取未加密的文件"
_GARBLED = f"PDF 的文字层没有字符对照表，取不出文字（text without a character map），{ocr.INSTALL}"


def read_pdf(data: bytes) -> Document:
    """Read a PDF. Pages without a text layer are recognised where OCR is installed.

    Raises UnreadableError for an encrypted or a broken file, and for a scan where it is not, saying what to do.
    """
    pages, notes, complete = _pages(data)
    recognised = any(page.recognised for page in pages)
    if not recognised:
        _refuse_without_text(pages)
    elif not any(glyph.text for page in pages for glyph in page.glyphs):
        raise UnreadableError(_NO_TEXT)
    reader = "pdf+ocr" if recognised or any(page.tables for page in pages) else "pdf"
    return Document(reader, blocks_of(pages), {}, tuple(notes), complete, recognised=recognised)


def _pages(data: bytes) -> tuple[list[Page], list[str], bool]:
    try:
        file = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise UnreadableError(_LOCKED if locked else _BROKEN) from error
    try:
        count = len(file)
        if count == 0:
            raise UnreadableError(_BROKEN)
        notes = [f"PDF 有 {count} 页，只读了前 {_MOST_PAGES} 页"] if count > _MOST_PAGES else []
        pictures = _Pictures()
        pages = list(_each_page(file, min(count, _MOST_PAGES), notes, pictures))
    finally:
        file.close()
    if not pages:
        raise UnreadableError(_BROKEN)
    complete = not notes and b"%%EOF" in data[-2048:]
    # Most pictures among text are photographs: for one that was not read the document is no less whole.
    return pages, [*notes, *pictures.notes()], complete


def _each_page(file: pdfium.PdfDocument, count: int, notes: list[str], pictures: _Pictures) -> Iterator[Page]:
    """Read pages, each its own way; what could not be read is told in ``notes``."""
    for number in range(1, count + 1):
        try:
            page = file[number - 1]
            found = read_page(page)
            if found.cut:
                notes.append(f"PDF 第 {number} 页的文字或线条过多，只读了一部分：请人工打开核对")
            found = pictures.whole(page, found, number) if is_picture(page, found) else found
            found = found if found.recognised else pictures.among(page, found, number)
            page.close()
        except pdfium.PdfiumError:
            notes.append(f"PDF 第 {number} 页已损坏，未读取")
        else:
            yield found
    if pictures.unread:
        notes.append(f"PDF 第 {_listed(pictures.unread)}页是图片，未读取：{_why_unread()}")


class _Pictures:
    """Recognises the pictures of one file, up to so many, and remembers the pages with some that it did not read."""

    def __init__(self) -> None:
        self.unread: list[int] = []
        self._among: list[int] = []
        self._odd: list[int] = []
        self._left = ocr.MOST_PAGES

    def whole(self, page: pdfium.PdfPage, found: Page, number: int) -> Page:
        """Return what a page says that is one picture."""
        if self._may_recognise():
            return ocr.recognise(picture_of(page))
        self.unread.append(number)
        return found

    def among(self, page: pdfium.PdfPage, found: Page, number: int) -> Page:
        """Return a page with the tables added that pictures among its text show."""
        boxes = pictures_among(found) if number not in self.unread else []
        if not boxes:
            return found
        if not self._may_recognise():
            self._among.append(number)
            return found
        tables, turned = ocr.recognise_tables(picture_among(page, found, boxes))
        odd = bool(turned and tables.tables)
        if not odd:
            found, odd = with_tables(found, tables)
        self._odd += [number] * odd
        return found

    def notes(self) -> Iterator[str]:
        """Say which pictures among text were not read."""
        if self._among:
            why = _why_unread()
            yield f"PDF 第 {_listed(self._among)}页的文字之间有图片，其中若有表格则未读取：{why}"
        if self._odd:
            yield f"PDF 第 {_listed(self._odd)}页的图片中有表格，但表格横放或上面另有文字，未读取：请人工打开核对"

    def _may_recognise(self) -> bool:
        able = ocr.available() and self._left > 0
        self._left -= able
        return able


def _why_unread() -> str:
    return f"只识别前 {ocr.MOST_PAGES} 页图片" if ocr.available() else ocr.INSTALL


def _listed(pages: Sequence[int]) -> str:
    return "、".join(map(str, pages[:10])) + (f" 等 {len(pages)} " if len(pages) > 10 else " ")


def _refuse_without_text(pages: list[Page]) -> None:
    if sum(len(page.glyphs) for page in pages) < _LEAST_TEXT * len(pages):
        raise UnreadableError(_SCAN if not ocr.available() else _NO_TEXT)
    if is_garbled([glyph for page in pages for glyph in page.glyphs]):
        raise UnreadableError(_GARBLED)
