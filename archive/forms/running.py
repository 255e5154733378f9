"""The running text of a document, also where it stands in the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from archive.documents.model import Block, Cell, Document, Paragraph
from archive.forms.headings import is_heading
from archive.forms.identity import read_title
from archive.forms.labels import fold

# A sentence alone in its row is longer than this; shorter ones are remarks of the table. In characters.
_SENTENCE = 15


def with_running_rows(document: Document) -> Document:
    """Return the document with a paragraph before each table row that holds nothing but running text.

    Whole reports are laid out in one sheet: title, headings and sentences each alone in a row over the whole width,
    the tables between them. The tables stay as they are.
    """
    return replace(document, blocks=tuple(_blocks(document)))


def is_running(texts: Iterable[str]) -> bool:
    """Whether the cells of a row hold one text alone, and that is a title, a heading or a sentence."""
    filled = [text for text in texts if fold(text)]
    if len(filled) != 1:
        return False
    text = filled[0]
    return is_heading(text) or read_title(text) is not None or (len(text) > _SENTENCE and "。" in text)


def _blocks(document: Document) -> Iterator[Block]:
    for block in document.blocks:
        if not isinstance(block, Paragraph):
            rows: Iterator[tuple[Cell, ...]] = (row for row in block.rows if is_running(cell.text for cell in row))
            for row in rows:
                yield from (Paragraph(cell.text) for cell in row if fold(cell.text))
        yield block
