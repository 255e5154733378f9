"""Whether what was recognised of a cell can be trusted: read twice, and as many characters as pieces of ink."""

from __future__ import annotations

import itertools
import re
import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

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
# How much longer or shorter than others a number of as many figures is at most, in figures.
_OFF = 0.3
# So many numbers of a page tell how wide its figures are.
_MOST_TOLD = 150
# How much wider a point is in some faces, in figures.
_WIDE_POINT = 0.45
# How far the middles of two figures side by side are apart at most, and how wide the gap between two that are not 1, in
# figures: where there is more, a point was lost.
_APART, _GAP = 1.3, 0.5
# How much less room than other figures a 1 takes at either end of a number, and how much nearer two of them stand.
_NARROW_ONE, _ONES = 0.2, 0.2
# How sure the recogniser must be of a value at the first reading, of 1; and at the second, which says the same.
_SURE, _ALSO_SURE = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Face:
    """The figures of a page: how wide each is, its gap included, in pixels, and the ink beyond that of all, in figures.

    There is no gap after the last figure: ``more`` is below 0, but for blurred ink. A width of 0 is not known.
    """

    width: float
    more: float = 0.0


def plain(text: str) -> str:
    """Return a text with its signs in one writing and without spaces."""
    return unicodedata.normalize("NFKC", re.sub(r"\s", "", text)).translate(_SAME)


def is_value(text: str) -> bool:
    """Whether a text, made plain, is a value."""
    return bool(_VALUE.fullmatch(text))


def may_be_value(text: str) -> bool:
    """Whether a text could be a misread value."""
    return not text.strip() or bool(_LIKE_VALUE.fullmatch(text))


def doubtful(line: Sequence[Piece], first: Reading, second: Reading, face: Face) -> bool:
    """Whether two readings of one line leave doubt, on a page with figures of a ``face``."""
    text = plain(first[0])
    if text != plain(second[0]) or first[1] < _SURE or second[1] < _ALSO_SURE:
        return True
    return not is_value(text) or not _counts_agree(line, text, face)


def _counts_agree(line: Sequence[Piece], text: str, face: Face) -> bool:
    """Whether there is as much ink as there are characters: pieces tell little, for figures break and touch."""
    if not any(character.isdigit() for character in text):
        return len(signs(line)) == len(text)
    points = sum(character in ".," for character in text)
    if len(_points(line)) != points:
        return False
    if face.width <= 0:
        return True
    expected = sum(1.0 if character.isdigit() else _MARK for character in text) + face.more
    ones = _NARROW_ONE * ((text[0] == "1") + (text[-1] == "1")) + _ONES * sum(
        pair == ("1", "1") for pair in itertools.pairwise(text)
    )
    more = _length(line) / face.width - expected
    return -_OFF - ones <= more <= _OFF + _WIDE_POINT * points and (points > 0 or not _gapes(line, text, face.width))


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


def face_of(lines: Sequence[tuple[Sequence[Piece], str]]) -> Face:
    """Measure the figures of a page: how much longer the numbers of more figures are, and how long they are at all."""
    told = [(len(text), _length(line)) for line, text in lines if text.isdigit() and "1" not in (text[0], text[-1])]
    told = told[:_MOST_TOLD]
    steps = [
        (long - short) / (most - least)
        for (least, short), (most, long) in itertools.combinations(sorted(told), 2)
        for _ in range(most - least)
    ]
    width = statistics.median(steps) if steps else 1.15 * statistics.median(long for _, long in told) if told else 0.0
    return Face(width, statistics.median(long / width - count for count, long in told) if width > 0 else 0.0)


def _length(line: Sequence[Piece]) -> int:
    return max(piece.x1 for piece in line) - min(piece.x0 for piece in line)
