"""Tables typed in plain text: columns parted by bars, drawn rules or runs of spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.documents.spaces import fold_spaces, squeeze

_BARS = re.compile(r"[|｜│┃║]")
# A line of nothing but rules and corners parts rows and holds nothing.
_RULE = re.compile(r"[\s|｜│┃║:+=\-\u2500-\u257f]+")
# Columns are set apart by two spaces or more, or a full-width one; the indent is none.
_GAP = re.compile(r"(?:[ \u00a0]{2,}|[ \u00a0]*\u3000[ \u00a0\u3000]*)")
_NUMBER = re.compile(r"[+-]?[\d０-９,，.]+|[-/—]|0")
# Sentences are no cells.
_PROSE = re.compile(r"[。；！？]")
# So many rows that end in numbers make a table; fewer could be a line or two of a letter. In rows.
_LEAST = 3
# So many numbers side by side are a row of a table by themselves. In cells.
_WIDE = 5


def cells_of(line: str) -> list[str] | None:
    """Return the cells of a line of a typed table, [] for a line of rules; None when it can be none."""
    if not line.strip():
        return None
    if _BARS.search(line) or re.search(r"[\u2500-\u257f]", line):
        if _RULE.fullmatch(line):
            return []
        parts = _BARS.split(line.strip())
        if len(parts) > 3 and not parts[0].strip() and not parts[-1].strip():
            return [fold_spaces(part) for part in parts[1:-1]]
        return None
    if _PROSE.search(line):
        return None
    parts = [fold_spaces(part) for part in _GAP.split(line.strip())]
    return parts if len(parts) > 1 and all(parts) else None


def is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether lines that look like rows are a table: words followed by numbers in some, or one row of many numbers."""
    wide = any(len(row) >= _WIDE and all(_NUMBER.fullmatch(squeeze(cell)) for cell in row) for row in rows)
    return wide or sum(map(_tells, rows)) >= _LEAST


def _tells(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    numbers = [bool(_NUMBER.fullmatch(squeeze(cell))) for cell in filled]
    return any(numbers) and not numbers[0] and numbers[-1]
