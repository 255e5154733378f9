"""Plain text, as reports are pasted or exported: paragraphs, and tables whose cells are set apart by tabs."""

from __future__ import annotations

import re

from archive.documents.encoding import decode_text
from archive.documents.model import Block, Cell, Document, Paragraph, Table
from archive.documents.spaces import fold_line, fold_spaces
from archive.documents.typed import pieces

# A paragraph that begins with an index starts anew; one that ends so is finished.
_BEGINS = re.compile(r"(?:第?[一二三四五六七八九十]+[、.．章]|[（(][一二三四五六七八九十\d]+[)）]|\d+[、.．]|附)")
_ENDS = "。；：！？;:!?”》>"
# Running text has a comma or a full stop somewhere; titles and headings mostly have none.
_PROSE = re.compile(r"[，。；]")
_NUMBER = re.compile(r"[\d.,，\s]+|[-/—]+")
_HEADING = re.compile(r"#{1,6} +(?=\S)")


def read_text(data: bytes) -> Document:
    """Read plain text.

    Lines with tabs are table rows, cells set apart by single tabs, or typed with bars, commas or runs of spaces
    between; rows that follow each other make one table. Other lines are paragraphs; the marks of a Markdown heading
    are none of its words. Exports cut paragraphs in mid-sentence by blank lines: one that is running text and ends
    without closing punctuation goes on in the next, unless that begins with an index.
    """
    text, _ = decode_text(data)
    return Document("text", tuple(blocks_of(text)))


def blocks_of(text: str) -> list[Block]:
    """Return the paragraphs and tables of a text that keeps its lines; see `read_text`."""
    blocks: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    for piece in pieces(text.splitlines()):
        # A line of nothing but tabs is a row of blank cells, or what is left of one.
        if isinstance(piece, str) and "\t" in piece and (piece.strip() or rows):
            rows.append(tuple(Cell(fold_line(part)) for part in piece.split("\t")))
            continue
        if rows:
            blocks.append(Table(tuple(rows)))
            rows = []
        if isinstance(piece, str):
            _add_line(blocks, piece)
        else:
            blocks.append(Table(tuple(tuple(map(Cell, row)) for row in piece)))
    if rows:
        blocks.append(Table(tuple(rows)))
    return blocks


def _add_line(blocks: list[Block], line: str) -> None:
    words = fold_spaces(line)
    marked = _HEADING.match(words)
    if marked:
        words = words[marked.end() :]
    before = blocks[-1] if blocks else None
    if not words:
        return
    if isinstance(before, Paragraph) and not before.heading and not marked and _goes_on(before.text, words):
        blocks[-1] = Paragraph(before.text + words)
    else:
        blocks.append(Paragraph(words, bool(marked)))


def _goes_on(before: str, words: str) -> bool:
    if not _PROSE.search(before) or before[-1] in _ENDS or _BEGINS.match(words):
        return False
    # A note in brackets ends with them, and no sentence goes on with a bare number.
    return not _NUMBER.fullmatch(words) and (bool(_BEGINS.match(before)) or before[0] not in "（(")
