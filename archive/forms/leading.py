"""Line numbers (序号) that stand before the labels of a table, which are neither labels nor values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from archive.forms.labels import fold
from archive.forms.laying import Line
from archive.forms.numbers import is_value

# What the column of line numbers is called; beside a number of the form it would be one of its columns.
WORDS = frozenset({"序号", "编号", "行次", "行号", "栏次", "项次"})
# A line number, also as Word's lists draw it.
_NUMBER = re.compile(r"(\d{1,4})[.、]?")
# Without such a word, numbers that count this far from 1 are line numbers. In rows.
_COUNTED = 3


def without_line_numbers(lines: Sequence[Line], before: int = 0) -> tuple[list[Line], int]:
    """Return the lines of a table without the first cell of each, where these cells number the lines.

    ``before`` is the last line number of the table before, which this one may go on from; returned is this one's, 0
    where it has none.
    """
    named = any(line and fold(line[0].cell.text) in WORDS for line in lines)
    leading = [fold(line[0].cell.text) for line in lines if _is_leading(line)]
    numbers = [int(found.group(1)) for found in map(_NUMBER.fullmatch, leading) if found]
    rising = all(after > number or after == 1 for number, after in pairwise(numbers))
    counted = all(after in (number + 1, 1) for number, after in pairwise(numbers))
    if not numbers or not (rising if named else counted):
        return list(lines), 0
    if not named and not (numbers[0] == before + 1 > 1 or (numbers[0] == 1 and len(numbers) >= _COUNTED)):
        return list(lines), 0
    # Above the first and below the last of them stand other tables, which have none.
    counting = [index for index, line in enumerate(lines) if _is_leading(line) and fold(line[0].cell.text)]
    inside = range(counting[0], counting[-1] + 1)
    kept = [line[1:] if index in inside and _is_leading(line) else line for index, line in enumerate(lines)]
    return kept, numbers[-1]


def _is_leading(line: Line) -> bool:
    """Whether a line begins with a number, a blank or the word for it, and a label or another word follows."""
    if not line or line[0].cell.colspan > 1 or line[0].column:
        return False
    first = fold(line[0].cell.text)
    if first in WORDS:
        return True
    if first and not _NUMBER.fullmatch(first):
        return False
    follows = next((entry.cell.text for entry in line[1:] if fold(entry.cell.text)), "")
    return bool(follows) and not is_value(follows)
