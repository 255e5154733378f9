"""Numbers in tables without ruling lines: what is one, and whether a narrow column has torn some into several lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product

from archive.documents.pdf_labels import INDEX
from archive.documents.pdf_lines import Line
from archive.documents.pdf_tables import Ruled
from archive.documents.spaces import squeeze

# Lines no further apart than this are one cell's. In sizes.
TIGHT = 1.45
# What a column of numbers holds.
_VALUE = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?|[-/—–\\]{1,2}")
# What is the beginning or the end of a number, and can be none itself.
_PART = re.compile(r"[+-]?\d[\d,]*,|[,.]\d[\d,.]*")
# What a column of numbers keeps clear beside them, both sides together. In sizes.
_CLEAR = 0.8
# A unit whose end is another unit: of ten thousand times less.
_MONEY = "万元"


def is_value(line: Line) -> bool:
    """Whether a piece of a line is a number, or a mark for none."""
    return bool(_VALUE.fullmatch(_plain(line)))


def is_torn(rows: Sequence[Sequence[Line]], edges: Sequence[float]) -> bool:
    """Whether numbers in the columns between ``edges`` may be parts of others, or the unit of one is torn.

    Such parts begin or end with a comma; or they stand right under each other, the upper without a label, or fill their
    column and the label beside the lower has no index, as one of a row of its own would. What stands below without any
    label is put together elsewhere.
    """
    if any(_PART.fullmatch(_plain(line)) for row in rows for line in row):
        return True
    return any(_is_torn_between(upper, lower, edges) for upper, lower in pairwise(rows) if _is_tight(upper, lower))


def _is_tight(upper: Sequence[Line], lower: Sequence[Line]) -> bool:
    return lower[0].base - upper[0].base <= TIGHT * lower[0].size


def _is_torn_between(upper: Sequence[Line], lower: Sequence[Line], edges: Sequence[float]) -> bool:
    if any(
        _is_under(above, below) and _plain(above) + _plain(below) == _MONEY for above, below in product(upper, lower)
    ):
        return True
    labels = [[line for line in row if not is_value(line)] for row in (upper, lower)]
    if not labels[1] or (labels[0] and any(INDEX.match(squeeze(line.text)) for line in labels[1])):
        return False
    for above, below in product(filter(is_value, upper), filter(is_value, lower)):
        needed = above.x1 - above.x0 + below.glyphs[0].x1 - below.glyphs[0].x0 + _CLEAR * below.size
        if _is_under(above, below) and (not labels[0] or needed > _width_around(below, edges)):
            return True
    return False


def _is_under(above: Line, below: Line) -> bool:
    return above.x0 < below.x1 and below.x0 < above.x1


def _width_around(line: Line, edges: Sequence[float]) -> float:
    """Return how wide the column is that the middle of a piece is in, the nearest if it is in none."""
    middle = (line.x0 + line.x1) / 2
    left, right = min(pairwise(edges), key=lambda column: max(column[0] - middle, middle - column[1]))
    return right - left


def in_doubt(table: Ruled) -> Ruled:
    """Return a table with no number to be trusted, nor any blank."""

    def is_words(text: str) -> bool:
        return any(map(str.isalpha, text))

    rows = [[cell if is_words(cell.text) else replace(cell, doubt=True) for cell in row] for row in table.rows]
    return replace(table, rows=rows)


def _plain(line: Line) -> str:
    return unicodedata.normalize("NFKC", squeeze(line.text)).replace("，", ",")
