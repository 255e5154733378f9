"""Whether what was recognised of a cell can be trusted: read twice, and as many characters as pieces of ink."""

from __future__ import annotations

import itertools
import re
import statistics
import unicodedata
from collections.abc import Sequence

from archive.documents.ocr_engine import Reading
from archive.documents.ocr_ink import Piece, signs

# What may stand in a cell for a value: figures, with separators and a sign, or a mark for none. No number begins with a
# 0 before other figures: there the first was lost.
_VALUE = re.compile(r"[+\-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?|[+\-]?(0|[1-9]\d*)(\.\d+)?|[/\\\-]{1,2}")
# What figures and marks are misread for. A short text of nothing else is a value in doubt, not a label.
_LIKE_VALUE = re.compile(r"[\d.,，。、·:：;；'’`/\\|\-—–_+~OoQqDCcUulLIi!丨一〇○口()\s]{1,12}")
_SAME = str.maketrans({"，": ",", "—": "-", "–": "-", "−": "-", "一": "-", "／": "/", "．": "."})
# How wide a point, a comma or a sign is, in figures.
_MARK = 0.5
# How much wider a point is in some faces, in figures.
_WIDE_POINT = 0.45
# How far the middles of two figures side by side are apart at most, and how wide the gap between two that are not 1, in
# figures: where there is more, a point was lost.
_APART, _GAP = 1.3, 0.5
# How much less room than other figures a 1 takes at either end of a number, and how much nearer two of them stand.
_NARROW_ONE, _ONES = 0.2, 0.2
# How sure the recogniser must be of a value at the first reading, of 1; and at the second, which says the same.
_SURE, _ALSO_SURE = 0.8, 0.5


def plain(text: str) -> str:
    """Return a text with its signs in one writing and without spaces."""
    return unicodedata.normalize("NFKC", re.sub(r"\s", "", text)).translate(_SAME)


def is_value(text: str) -> bool:
    """Whether a text, made plain, is a value."""
    return bool(_VALUE.fullmatch(text))


def may_be_value(text: str) -> bool:
    """Whether a text could be a misread value."""
    return not text.strip() or bool(_LIKE_VALUE.fullmatch(text))


def doubtful(line: Sequence[Piece], first: Reading, second: Reading, figure: float) -> bool:
    """Whether two readings of one line leave doubt; ``figure`` is how wide a figure is on this page, in pixels."""
    text = plain(first[0])
    if text != plain(second[0]) or first[1] < _SURE or second[1] < _ALSO_SURE:
        return True
    return not is_value(text) or not _counts_agree(line, text, figure)


def _counts_agree(line: Sequence[Piece], text: str, figure: float) -> bool:
    """Whether there is as much ink as there are characters: pieces tell little, for figures break and touch."""
    if not any(character.isdigit() for character in text):
        return len(signs(line)) == len(text)
    expected = sum(1.0 if character.isdigit() else _MARK for character in text)
    long = (max(piece.x1 for piece in line) - line[0].x0) / figure if figure else 0.0
    # The gap after the last figure is no ink.
    ones = _NARROW_ONE * ((text[0] == "1") + (text[-1] == "1")) + _ONES * sum(
        pair == ("1", "1") for pair in itertools.pairwise(text)
    )
    points = sum(character in ".," for character in text)
    if len(_points(line)) != points or (figure and not points and _gapes(line, text, figure)):
        return False
    return not figure or expected - 0.35 - ones <= long <= expected + 0.15 + _WIDE_POINT * points


def _gapes(line: Sequence[Piece], text: str, figure: float) -> bool:
    """Whether there is room for a point between two figures."""
    found = signs(line)
    ends = [(sign[0].x0, max(piece.x1 for piece in sign)) for sign in found]
    if len(found) == len(text):
        middles = [(start + end) / 2 for start, end in ends]
        return any(after - before > _APART * figure for before, after in itertools.pairwise(middles))
    return "1" not in text and any(after[0] - before[1] > _GAP * figure for before, after in itertools.pairwise(ends))


def _points(line: Sequence[Piece]) -> list[Piece]:
    """The pieces of a line that can only be a point or a comma: low, small, with no other above or beside."""
    top, bottom = min(piece.y0 for piece in line), max(piece.y1 for piece in line)
    tall = max(piece.high for piece in line)
    level = top + 0.6 * tall
    small = [piece for piece in line if piece.y0 > level and piece.high < 0.5 * tall and piece.wide < 0.4 * tall]
    return [
        piece
        for piece in small
        if bottom - piece.y1 < 0.4 * tall
        and not any(other is not piece and other.x0 < piece.x1 + 1 and piece.x0 < other.x1 + 1 for other in line)
    ]


def width_of_figures(lines: Sequence[tuple[Sequence[Piece], str]]) -> float:
    """Return how many pixels a figure takes on a page, its gap included: the usual distance of two in one number.

    Longer numbers tell it more finely and count for more.
    """
    steps = []
    for line, text in lines:
        found = signs(line)
        if text.isdigit() and len(text) == len(found) > 1:
            middles = [(sign[0].x0 + max(piece.x1 for piece in sign)) / 2 for sign in found]
            steps += [(middles[-1] - middles[0]) / (len(text) - 1)] * (len(text) - 1)
    if steps:
        return statistics.median(steps)
    widths = [line[-1].x1 - line[0].x0 for line, text in lines if text.isdigit() and len(text) == 1 and text != "1"]
    return 1.15 * statistics.median(widths) if widths else 0.0
