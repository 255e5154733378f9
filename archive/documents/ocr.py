"""Image files and the pages of a PDF that are pictures: read by recognising characters (OCR), an optional part.

The heavy libraries are imported when the first picture is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.documents import kind, ocr_engine
from archive.documents.model import Document, UnreadableError
from archive.documents.page_blocks import blocks_of
from archive.documents.pdf_page import Page

if TYPE_CHECKING:
    import numpy as np

KINDS = frozenset(kind.IMAGES)

# Pages that are recognised in one file, at some six seconds each: more do not fit the time a file has.
MOST_PAGES = 40
# A page with fewer characters has nothing to say.
_LEAST_TEXT = 8

INSTALL = "需要文字识别（OCR）组件：请安装 pip install 'harbin-disclosure-archive[ocr]'，下次构建时会自动重新读取此文件"
_NO_TEXT = "图片上没有可辨认的文字（照片、图标或空白页），不是年度报告的页面：请人工打开核对"


def available() -> bool:
    """Whether pictures can be read here."""
    return ocr_engine.available()


def recognise(picture: np.ndarray) -> Page:
    """Recognise one picture of a page, grey or RGB."""
    from archive.documents.ocr_page import recognise_page

    return recognise_page(picture)


def recognise_tables(picture: np.ndarray) -> tuple[Page, int]:
    """Recognise the ruled tables alone of a picture, and by how many quarters it was turned; see `ocr_page`."""
    from archive.documents.ocr_page import recognise_tables

    return recognise_tables(picture)


def read_image(data: bytes) -> Document:
    """Read an image file of one of ``KINDS`` as the pages of a report.

    Raises UnreadableError when OCR is not installed, or the file is broken, out of all size, or shows no text.
    """
    if not available():
        raise UnreadableError(f"读取图片{INSTALL}")
    from archive.documents.ocr_pictures import pictures_of

    pages: list[Page] = []
    notes: list[str] = []
    for picture in pictures_of(data, MOST_PAGES):
        if len(pages) == MOST_PAGES:
            notes.append(f"图片超过 {MOST_PAGES} 页，只识别了前 {MOST_PAGES} 页")
            break
        pages.append(recognise(picture))
    if sum(bool(glyph.text) for page in pages for glyph in page.glyphs) < _LEAST_TEXT:
        raise UnreadableError(_NO_TEXT)
    return Document("ocr", blocks_of(pages), {}, tuple(notes), not notes, recognised=True)
