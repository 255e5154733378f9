"""Plain text, as reports are pasted or exported: paragraphs, and tables whose cells are set apart by tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.documents.encoding import decode_text
from archive.documents.model import Block, Cell, Document, Paragraph, Table
from archive.documents.spaces import fold_line, fold_spaces
from archive.documents.typed import cells_of, is_table

# A paragraph that begins with an index starts anew; one that ends so is finished.
_BEGINS = re.compile(r"(?:第?[一二三四五六七八九十]+[、.．章]|[（(][一二三四五六七八九十\d]+[)）]|\d+[、.．]|附)")
_ENDS = "。；：！？;:!?”》>"
# What heads rows inside a typed table is no longer than this: 第二十条第（一）项, 申请人情况. In characters.
_CAPTION = 20
# Running text has a comma or a full stop somewhere; titles and headings mostly have none.
_PROSE = re.compile(r"[，。；]")


def read_text(data: bytes) -> Document:
    """Read plain text.

    Lines with tabs are table rows, cells set apart by single tabs, or typed with bars or runs of spaces between; rows
    that follow each other make one table. Other lines are paragraphs. Exports cut paragraphs in mid-sentence by
    blank lines: one that is running text and ends without closing punctuation goes on in the next, unless that begins
    with an index.
    """
    text, _ = decode_text(data)
    blocks: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    for line in _with_typed_tables(text.splitlines()):
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


def _with_typed_tables(lines: Sequence[str]) -> Iterator[str]:
    """Give the lines, those of typed tables with tabs between their cells."""
    run: list[tuple[str, list[str]]] = []
    for line in (*lines, ""):
        cells = None if "\t" in line else cells_of(line)
        if cells is None and run and _is_caption(line):
            cells = [fold_spaces(line)]
        if cells is not None:
            run.append((line, cells))
            continue
        # What stands below the last row is no part of the table.
        end = max((place for place, (_, row) in enumerate(run, 1) if len(row) > 1), default=0)
        table = is_table([row for _, row in run[:end]])
        for place, (whole, row) in enumerate(run):
            if not table or (place >= end and row):
                yield whole
            elif row:
                yield "\t".join(row) + ("\t" if len(row) == 1 else "")
        run = []
        yield line


def _is_caption(line: str) -> bool:
    """Whether a line inside a typed table heads the rows under it: short and no sentence."""
    words = line.strip()
    return 0 < len(words) <= _CAPTION and not _PROSE.search(words)


def _goes_on(before: str, words: str) -> bool:
    return bool(_PROSE.search(before)) and before[-1] not in _ENDS and not _BEGINS.match(words)
