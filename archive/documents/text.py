"""Plain text, as reports are pasted or exported: paragraphs, and tables whose cells are set apart by tabs."""

from __future__ import annotations

import re

from archive.documents.encoding import decode_text
from archive.documents.model import Block, Cell, Document, Paragraph, Table
from archive.documents.spaces import fold_line, fold_spaces

# A paragraph that begins with an index starts anew; one that ends so is finished.
_BEGINS = re.compile(r"(?:第?[一二三四五六七八九十]+[、.．章]|[（(][一二三四五六七八九十\d]+[)）]|\d+[、.．]|附)")
_ENDS = "。；：！？;:!?”》>"
# Running text has a comma or a full stop somewhere; titles and headings mostly have none.
_PROSE = re.compile(r"[，。；]")


def read_text(data: bytes) -> Document:
    """Read plain text.

    Lines with tabs are table rows, cells set apart by single tabs; rows that follow each other make one table. Other
    lines are paragraphs. Exports cut paragraphs in mid-sentence by blank lines: one that is running text and ends
    without closing punctuation goes on in the next, unless that begins with an index.
    """
    text, _ = decode_text(data)
    blocks: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    for line in text.splitlines():
        # A line of nothing but tabs is a row of blank cells, or what is left of one.
        if "\t" in line and (line.strip() or rows):
            rows.append(tuple(Cell(fold_line(part)) for part in line.split("\t")))
            continue
        if not line.strip() and not rows:
            continue
        if rows:
            blocks.append(Table(tuple(rows)))
            rows = []
        words = fold_spaces(line)
        if not words:
            continue
        before = blocks[-1] if blocks else None
        if isinstance(before, Paragraph) and _goes_on(before.text, words):
            blocks[-1] = Paragraph(before.text + words)
        else:
            blocks.append(Paragraph(words))
    if rows:
        blocks.append(Table(tuple(rows)))
    return Document("text", tuple(blocks))


def _goes_on(before: str, words: str) -> bool:
    return bool(_PROSE.search(before)) and before[-1] not in _ENDS and not _BEGINS.match(words)
