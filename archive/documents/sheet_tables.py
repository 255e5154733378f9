"""Which rows of a sheet make tables, and which hold a line of text: a sheet itself does not say.

A text alone in its row may be a paragraph, a caption or a row of a table: a group's name, a label whose values are
blank. What tells is how far its cell is merged, and how the rows above and below it are laid out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.documents.model import Block, Cell, Paragraph, Table
from archive.documents.spaces import fold_line, fold_spaces

# The top left and bottom right corner of merged cells: row and column, both ends included.
Merge = tuple[tuple[int, int], tuple[int, int]]
# The first and the last column of something.
Reach = tuple[int, int]

# A number, a unit of up to two characters behind it, or a mark that there is none.
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*\s*[^\W\d]{0,2}%?")
_VALUE = re.compile(rf"{_NUMBER.pattern}|[/\\—–−-]+|无")
_SENTENCE = re.compile(r"。")
# What running text and titles have, and headings inside a table have not.
_PROSE = re.compile(r"[，。；：:;,]|\d{4}\s*年")
_HEADING = re.compile(r"第?[一二三四五六七八九十]+\s*(?:[、.．]|部分|章)")
# What heads rows of a table is no longer than this: 第二十条第（一）项, 申请人情况. In characters.
_CAPTION = 20


@dataclass(frozen=True, slots=True)
class _Line:
    """A row that is not blank: its number, the columns of what is filled, and the text that stands alone in it.

    ``words`` are its texts by column, ``cells`` the columns of its cells; ``label_end`` is the column in which the last
    text that is no value ends, ``number_end`` that of the last number, None without one; ``framed`` is
    True when all it holds has a frame, ``gap`` when the row above is blank.
    """

    number: int
    reach: Reach
    alone: str
    label_end: int | None
    number_end: int | None
    words: tuple[tuple[int, str], ...]
    cells: tuple[Reach, ...]
    framed: bool
    gap: bool = False

    @property
    def merged(self) -> bool:
        """Whether it reaches over more than one column."""
        return self.reach[0] < self.reach[1]


class _Grid:
    """The texts of a sheet by row and column, and its merged cells."""

    def __init__(self, texts: list[list[str]], merges: Sequence[Merge], framed: frozenset[tuple[int, int]]) -> None:
        self.texts = texts
        self._width = max(map(len, texts), default=0)
        self._spans = {start: (end[0] - start[0] + 1, end[1] - start[1] + 1) for start, end in merges}
        self._framed = framed
        covered = {
            (row, column)
            for (top, left), (bottom, right) in merges
            for row in range(top, min(bottom + 1, len(texts)))
            for column in range(left, min(right + 1, self._width))
        }
        self._covered = covered - self._spans.keys()
        # Cells a merge beginning in a row above covers.
        self._hanging = {
            (row, column)
            for (top, left), (bottom, right) in merges
            for row in range(top + 1, min(bottom + 1, len(texts)))
            for column in range(left, min(right + 1, self._width))
        }

    def line(self, row: int, *, inside: bool) -> _Line | None:
        """Describe a row, None for a blank one; ``inside`` tells whether the row above was none."""
        texts = self.texts[row]
        filled = [column for column in range(len(texts)) if texts[column] and (row, column) not in self._covered]
        used = [column for column in range(self._width) if self._uses(row, column)]
        hangs = any((row, column) in self._hanging for column in range(self._width))
        framed = any((row, column) in self._framed for column in range(self._width))
        if not filled and not (inside and (hangs or framed)):
            return None
        words = [(column, unicodedata.normalize("NFKC", texts[column]).strip()) for column in filled]
        labels = [self._end(row, column) for column, word in words if not _VALUE.fullmatch(word)]
        single = len(filled) == 1 and not hangs and self._span(row, filled[0])[0] == 1 and bool(labels)
        beside = [column for column in used if (row, column) in self._framed and (row, column) not in self._covered]
        single = single and not set(beside) - set(filled)  # blank cells with a frame hold the values of a label
        used = list(range(filled[0], labels[0] + 1)) if single else used
        return _Line(
            row,
            (min(used), max(used)),
            texts[filled[0]] if single else "",
            max(labels, default=None),
            max((self._end(row, column) for column, word in words if _NUMBER.fullmatch(word)), default=None),
            tuple(words),
            tuple((column, self._end(row, column)) for column in used if (row, column) not in self._covered),
            bool(filled) and all((row, column) in self._framed for column in filled),
        )

    def _uses(self, row: int, column: int) -> bool:
        place = (row, column)
        filled = column < len(self.texts[row]) and self.texts[row][column]
        return bool(filled) or place in self._covered or place in self._spans or place in self._framed

    def _end(self, row: int, column: int) -> int:
        return column + self._span(row, column)[1] - 1

    def _span(self, row: int, column: int) -> tuple[int, int]:
        return self._spans.get((row, column), (1, 1))

    def table(self, lines: Sequence[_Line]) -> Table:
        """Return rows as a table as wide as what stands in them."""
        first, last = _reach(lines)
        return Table(tuple(self._cells(line.number, range(first, last + 1)) for line in lines))

    def _cells(self, row: int, columns: range) -> tuple[Cell, ...]:
        texts = self.texts[row]
        return tuple(
            Cell(fold_line(texts[column] if column < len(texts) else ""), *self._span(row, column))
            for column in columns
            if (row, column) not in self._covered
        )


def split_tables(
    texts: list[list[str]], merges: Sequence[Merge], framed: frozenset[tuple[int, int]] = frozenset()
) -> Iterator[Block]:
    """Give the blocks of a sheet: its texts row by row from A1 on, its merged cells, and those with a frame."""
    grid = _Grid(texts, merges, framed)
    lines: list[_Line] = []
    gap = True
    for row in range(len(texts)):
        line = grid.line(row, inside=not gap)
        if line:
            lines.append(replace(line, gap=gap))
        gap = line is None
    pieces = [_piece(lines[place + 1 :]) for place in range(len(lines))]
    # One text over the whole width above a table is its caption; where more follow below it, or others head as many
    # columns, they are headings inside it.
    heads = [_heads(line, piece) for line, piece in zip(lines, pieces, strict=True)]
    widths = Counter(line.reach for line, head in zip(lines, heads, strict=True) if head)
    table: list[_Line] = []
    for place, (line, piece) in enumerate(zip(lines, pieces, strict=True)):
        if table and _goes_on(table, line, piece):
            table.append(line)
            continue
        if table:
            yield grid.table(table)
            table = []
        after = place + len(piece) + 1
        followed = after < len(lines) and heads[after]
        if not line.alone or (heads[place] and (followed or widths[line.reach] > 1)):
            table = [line]
        else:
            # A short text is broken to fit its cell, a long one into paragraphs.
            parts = [line.alone] if len(line.alone) <= _CAPTION else line.alone.splitlines()
            yield from (Paragraph(words) for part in parts if (words := fold_spaces(part)))
    if table:
        yield grid.table(table)


def _piece(below: Sequence[_Line]) -> list[_Line]:
    """Return the first of some rows, up to a blank one or one that holds a text alone."""
    end = next((place for place, line in enumerate(below) if line.alone or line.gap), len(below))
    return list(below[:end])


def _reach(lines: Sequence[_Line]) -> Reach:
    return min(line.reach[0] for line in lines), max(line.reach[1] for line in lines)


def _heads(line: _Line, piece: Sequence[_Line]) -> bool:
    """Whether a text alone could be the heading of the rows below it: short, and merged over just their width."""
    short = 0 < len(line.alone) <= _CAPTION and not _PROSE.search(line.alone) and not _HEADING.match(line.alone)
    return short and line.merged and bool(piece) and line.reach == _reach(piece)


def _goes_on(table: Sequence[_Line], line: _Line, piece: Sequence[_Line]) -> bool:
    """Whether a row goes on with the table above it; ``piece`` is what follows that row."""
    last = table[-1]
    if not line.alone:
        if len(line.words) > 1 and line.words == table[0].words:
            return False  # the header again: another table, or another copy
        return not line.gap or (line.number_end is not None and line.label_end == last.label_end)
    if _SENTENCE.search(line.alone) or (last.framed and not line.framed):
        return False
    below = piece[0] if piece else None
    if line.gap:
        alike = below is not None and below.number_end is not None and below.label_end == last.label_end
        return bool(_HEADING.match(line.alone)) and alike
    end = _reach(table)[1]
    if line.label_end == last.label_end or not line.merged:
        return True  # a label whose values are blank
    if line.reach[1] < end and any(line.reach in other.cells for other in table if not other.alone):
        return True  # the same, below cells of the same width
    if below is not None and (len(table) == 1 or _alike(table, below)):
        return True  # a group's name
    return not _HEADING.match(line.alone) and not _PROSE.search(line.alone) and line.reach[1] <= end


def _alike(table: Sequence[_Line], line: _Line) -> bool:
    """Whether a row has its last number, or where it has none its label, in a column where a table has it."""
    if line.number_end is not None:
        return any(line.number_end == other.number_end for other in table)
    wide = line.label_end == line.reach[1] or any(line.reach[1] == other.reach[1] for other in table)
    return wide and line.label_end == table[-1].label_end
