"""Pictures that a document's file holds among its text: the tables they show, put in their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from archive.documents import ocr
from archive.documents.model import Block, Document, Picture, Table, UnreadableError
from archive.documents.page_blocks import blocks_of
from archive.documents.pdf_page import Page

if TYPE_CHECKING:
    import numpy as np

# A picture of fewer bytes shows no table that can be read: it is an icon, a line, a code.
_LEAST_BYTES = 3_000
# The shorter and the longer side of the smallest picture of a table: four rows of 15 pixels, seven columns of 40.
_LEAST_SIDES = (60, 280)


def with_pictures(document: Document) -> Document:
    """Return a document with the tables in it that its pictures show.

    What shows no ruled table with words in it adds nothing. Without OCR a note says what to install.
    """
    pictures = [picture for picture in document.pictures if len(picture.data) >= _LEAST_BYTES]
    document = replace(document, pictures=())
    if not pictures:
        return document
    if not ocr.available():
        note = f"文档中有 {len(pictures)} 幅图片，其中若有表格则未读取：{ocr.INSTALL}"
        return replace(document, notes=(*document.notes, note))
    looked = _Looked()
    found = {place: list(_tables(group, looked)) for place, group in groupby(pictures, key=lambda one: one.place)}
    reader = f"{document.reader}+ocr" if any(found.values()) else document.reader
    notes = [*document.notes, *looked.notes()]
    if not document.tables and not any(found.values()):
        notes.append(f"文档中没有表格，但有 {len(pictures)} 幅图片，未从中识别出表格：请打开原件核对")
    return replace(document, reader=reader, blocks=tuple(_placed(document.blocks, found)), notes=tuple(notes))


def _placed(blocks: tuple[Block, ...], found: dict[int, list[Table]]) -> Iterator[Block]:
    for place in range(len(blocks) + 1):
        yield from found.get(place, ())
        yield from blocks[place : place + 1]


def _tables(pictures: Iterator[Picture], looked: _Looked) -> Iterator[Table]:
    """Give the tables of pictures that follow each other without text between, as of pages that do."""
    pages = [page for picture in pictures if (page := looked.at(picture.data)) is not None]
    for block in blocks_of(pages):
        if isinstance(block, Table):
            yield replace(block, pages=())


class _Looked:
    """Looks at the pictures of one document, up to so many, each once however often it is shown."""

    def __init__(self) -> None:
        self._pages: dict[bytes, Page | None] = {}
        self._broken = self._too_many = 0

    def at(self, data: bytes) -> Page | None:
        """Return the tables a picture shows, as a page; None where it shows none."""
        if data not in self._pages:
            if len(self._pages) >= ocr.MOST_PAGES:
                self._too_many += 1
                return None
            self._pages[data] = self._look(data)
        return self._pages[data]

    def notes(self) -> Iterator[str]:
        """Say which pictures were not looked at."""
        if self._broken:
            yield f"文档中有 {self._broken} 幅图片无法打开（格式不明、过大或已损坏），其中若有表格则未读取，请核对原件"
        if self._too_many:
            yield f"文档中的图片过多，只识别了前 {ocr.MOST_PAGES} 幅，其余 {self._too_many} 幅未读取：请打开原件核对"

    def _look(self, data: bytes) -> Page | None:
        from archive.documents.ocr_pictures import SmallPictureError, on_page, pictures_of

        try:
            picture: np.ndarray = next(pictures_of(data, 1, _LEAST_SIDES))
        except SmallPictureError:
            return None
        except UnreadableError:
            self._broken += 1
            return None
        page, _ = ocr.recognise_tables(on_page(picture))
        return page if page.tables else None
