"""The running text of a document, also where it stands in the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from archive.documents.model import Block, Document, Paragraph, Table
from archive.forms.headings import is_heading
from archive.forms.identity import read_title
from archive.forms.labels import fold
from archive.forms.model import forms

# A sentence alone in its row is longer than this; shorter ones are remarks of the table. In characters.
_SENTENCE = 15


def with_running_rows(document: Document) -> Document:
    """Return the document with a paragraph before each table row that holds nothing but running text.

    Whole reports are laid out in one sheet: title, headings and sentences each alone in a row over the whole width,
    the tables between them. The tables stay as they are. One recognised in a picture among text is a table alone.
    """
    return replace(document, blocks=tuple(_blocks(document)))


def is_running(texts: Iterable[str]) -> bool:
    """Whether the cells of a row hold one text alone, and that is a title, a heading or a sentence."""
    text = _alone(texts)
    return bool(text) and (is_heading(text) or _is_prose(text))


def _blocks(document: Document) -> Iterator[Block]:
    for block in document.blocks:
        if isinstance(block, Table) and (document.recognised or not block.recognised):
            yield from map(Paragraph, _running_rows(block))
        yield block


def _running_rows(table: Table) -> Iterator[str]:
    """Go through the running text of a table: its titles and sentences, and the headings between them.

    A table without sentences is no layout of a report, and what looks like a heading in it is a row of its own; so it
    is below the header of a list of indicators, whose groups are called 一、主动公开情况 as well.
    """
    rows = [(texts, _alone(texts)) for texts in ([cell.text for cell in row] for row in table.rows)]
    if not any(text and _is_prose(text) for _, text in rows):
        return
    listed = False
    for texts, text in rows:
        if text and _is_prose(text):
            listed = False
            yield text
        elif text and is_heading(text) and not listed:
            yield text
        listed = listed or (not text and any(word in fold(cell) for cell in texts for word in _list_headers()))


def _alone(texts: Iterable[str]) -> str:
    """Return the only text of a row, or nothing when it has several or none."""
    filled = [text for text in texts if fold(text)]
    return filled[0] if len(filled) == 1 else ""


def _is_prose(text: str) -> bool:
    return read_title(text) is not None or (len(text) > _SENTENCE and "。" in text)


@cache
def _list_headers() -> tuple[str, ...]:
    return tuple(word for form in forms() for table in form.tables if table.shape == "list" for word in table.headers)
