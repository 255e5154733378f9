"""Tables typed in plain text: columns parted by bars, drawn rules, commas or runs of spaces."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from archive.documents.spaces import fold_line, fold_spaces, squeeze

Rows = list[list[str]]

_BARS = re.compile(r"[|｜│┃║]")
_DRAWN = re.compile(r"[|｜│┃║\u2500-\u257f]")
# A line of nothing but rules and corners parts rows and holds nothing.
# A single dash is a value.
_RULE = re.compile(
    r"[\s|｜│┃║:+=\-\u2500-\u257f]*(?:[-=]{2}|[+\u2500-\u2501\u2504-\u257f])[\s|｜│┃║:+=\-\u2500-\u257f]*"
)
_ONLY_BARS = re.compile(r"\s*[|｜][\s|｜]*")
# Where a bar begins a row, only that of its first cell has words behind it on the line.
_BEGUN = re.compile(r"\s*[|｜]\s*[^|｜\s]")
# Columns are set apart by two spaces or more, or a full-width one; the indent is none.
_GAP = re.compile(r"(?:[ \u00a0]{2,}|[ \u00a0]*\u3000[ \u00a0\u3000]*)")
_NUMBER = re.compile(r"[+-]?[\d０-９,，.]+|[-/—]|0")
_GROUPED = re.compile(r"\d,\d{3}(?!\d)")
# Sentences are no cells.
_PROSE = re.compile(r"[。；！？]")
# What heads rows inside a typed table is no longer than this: 第二十条第（一）项, 申请人情况. In characters.
_CAPTION = 20
_RUNNING = re.compile(r"[，。；]")
# A word broken over two lines inside a cell: 商业 / 企业. In characters.
_BROKEN = 6
# So many rows that end in numbers make a table; fewer could be a line or two of a letter. In rows.
_LEAST = 3
# Where bars part the cells, so many lines show that it is no line of links. In rows.
_LEAST_BARRED = 2
# So many numbers side by side are a row of a table by themselves. In cells.
_WIDE = 5
# Marks of bold text and of a line break, as Markdown has them in cells.
_MARKS = re.compile(r"\*\*|__")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def pieces(lines: Sequence[str]) -> Iterator[str | Rows]:
    """Give the lines of a text that are no table, and the typed tables among them as rows of cells.

    Where copying put each cell on a line of its own, with bars between, no line says where a row ends: such a table
    has one cell a row.
    """
    at = 0
    while at < len(lines):
        run, rows = next(filter(None, (find(lines, at) for find in (_barred, _spaced, _separated))), (1, []))
        if rows:
            yield rows
        else:
            yield from lines[at : at + run]
        at += run


def _barred(lines: Sequence[str], at: int) -> tuple[int, Rows] | None:
    """Return how many lines from ``at`` on are parted by bars, and the rows they make: none if they are no table."""
    end = at
    while end < len(lines) and _in_barred(lines, end):
        end += 1
    run = lines[at:end]
    if not run:
        return None
    ruled = any(map(_RULE.fullmatch, run))
    rows = [_split(line) for line in run if not _RULE.fullmatch(line)]
    if not ruled and any(map(_is_part_of_row, run)):
        # A bar that begins a row follows that which ended the one before: between the two is no cell.
        joined = "\n".join(_BARS.sub("", line, count=1) if _BEGUN.match(line) else line for line in run)
        cells = [[cell] for cell in _split(joined)]
        return len(run), cells if any(_NUMBER.fullmatch(squeeze(cell)) for (cell,) in cells) else []
    shown = len(rows) >= _LEAST_BARRED and any(map(_leads, rows))
    return len(run), rows if ruled or shown or any(map(_is_wide, rows)) else []


def _in_barred(lines: Sequence[str], at: int) -> bool:
    line, *after = (*lines[at : at + 3], "", "")[:3]
    if not line.strip():
        # A blank cell between two bars.
        return at > 0 and bool(_ONLY_BARS.fullmatch(lines[at - 1]) and _ONLY_BARS.fullmatch(after[0]))
    if "\t" in line:
        return False
    if _DRAWN.search(line):
        return True
    if _ONLY_BARS.fullmatch(after[0]):
        return True
    broken = all(0 < len(part.strip()) <= _BROKEN for part in (line, after[0]))
    return broken and bool(_ONLY_BARS.fullmatch(after[1]))


def _is_part_of_row(line: str) -> bool:
    """Whether a line cannot be a whole row: a cell that ends below, a bar alone, a number without its label."""
    filled = [cell for cell in _split(line) if cell]
    alone = len(filled) == 1 and bool(_NUMBER.fullmatch(squeeze(filled[0]))) and not _BARS.match(line.lstrip())
    return not _BARS.search(line) or line.strip() == "|" or alone


def _split(line: str) -> list[str]:
    parts = _BARS.split(line.strip())
    if len(parts) > 1 and not parts[0].strip():
        parts = parts[1:]
    if len(parts) > 1 and not parts[-1].strip():
        parts = parts[:-1]
    return [_cell(part) for part in parts]


def _cell(part: str) -> str:
    return fold_line(_MARKS.sub("", _BREAK.sub("\n", part)))


def _separated(lines: Sequence[str], at: int) -> tuple[int, Rows] | None:
    """The same for lines of values parted by commas, as spreadsheets are exported: all with as many cells."""
    count, rows = _run(lines, at, _between_commas) or (0, [])
    # 12,345 is one number or two; in lines of one length it is two.
    told = len(set(map(len, rows))) == 1 or not any(map(_GROUPED.search, lines[at : at + count]))
    return (count, rows if told else []) if count else None


def _spaced(lines: Sequence[str], at: int) -> tuple[int, Rows] | None:
    """The same for lines parted by runs of spaces."""
    return _run(lines, at, _between_spaces)


def _run(lines: Sequence[str], at: int, cells_of: Callable[[str], list[str] | None]) -> tuple[int, Rows] | None:
    rows: Rows = []
    for line in lines[at:]:
        cells = None if "\t" in line else cells_of(line)
        if cells is None and rows and _is_caption(line):
            cells = [fold_spaces(line)]
        if cells is None:
            break
        rows.append(cells)
    # What stands below the last row is no part of the table.
    end = max((place for place, row in enumerate(rows, 1) if len(row) > 1), default=0)
    rows = rows[:end]
    if not rows:
        return None
    return len(rows), rows if any(map(_is_wide, rows)) or sum(map(_tells, rows)) >= _LEAST else []


def _between_spaces(line: str) -> list[str] | None:
    if not line.strip() or _PROSE.search(line) or _DRAWN.search(line):
        return None
    parts = [fold_spaces(part) for part in _GAP.split(line.strip())]
    return parts if len(parts) > 1 and all(parts) else None


def _between_commas(line: str) -> list[str] | None:
    if "," not in line or _PROSE.search(line):
        return None
    cells = [_cell(cell) for cell in next(csv.reader([line]), [])]
    if any(_GROUPED.fullmatch(f"{one[-1:]},{other}") and not _NUMBER.fullmatch(one) for one, other in pairwise(cells)):
        return None  # words, and a number that goes on behind the comma
    # A sentence has words of any length between its commas, and nothing else.
    return cells if _tells(cells) or not all(cells) or all(len(cell) <= _CAPTION for cell in cells) else None


def _is_caption(line: str) -> bool:
    """Whether a line inside a typed table heads the rows under it: short and no sentence."""
    words = line.strip()
    return 0 < len(words) <= _CAPTION and not _RUNNING.search(words)


def _is_wide(row: Sequence[str]) -> bool:
    return len(row) >= _WIDE and all(_NUMBER.fullmatch(squeeze(cell)) for cell in row)


def _tells(row: Sequence[str]) -> bool:
    """Whether words are followed by numbers to the end of a row."""
    filled = [cell for cell in row if cell]
    numbers = [bool(_NUMBER.fullmatch(squeeze(cell))) for cell in filled]
    return any(numbers) and not numbers[0] and numbers[-1]


def _leads(row: Sequence[str]) -> bool:
    """Whether a word stands before numbers, or before blanks only, as in a form not filled in."""
    return _tells(row) or (len(row) > 2 and bool(row[0]) and not any(row[1:]))
