"""Whether what was recognised of a cell can be trusted: read twice, and as many characters as pieces of ink."""

from __future__ import annotations

import itertools
import re
import statistics
import unicodedata
from collections.abc import Sequence

from archive.documents.ocr_engine import Reading
from archive.documents.ocr_ink import Piece, signs

# What may stand in a cell for a value: figures, with separators and a sign, or a mark for none.
_VALUE = re.compile(r"[+\-]?\d{1,3}(,\d{3})+(\.\d+)?|[+\-]?\d+(\.\d+)?|[/\\\-]{1,2}")
# What figures and marks are misread for. A short text of nothing else is a value in doubt, not a label.
_LIKE_VALUE = re.compile(r"[\d.,，。、·:：;；'’`/\\|\-—–_+~OoQqDCcUulLIi!丨一〇○口()\s]{1,12}")
_SAME = str.maketrans({"，": ",", "—": "-", "–": "-", "−": "-", "一": "-", "／": "/", "．": "."})
# How sure the recogniser must be of a value, of 1.
_SURE = 0.80


def plain(text: str) -> str:
    """Return a text with its signs in one writing and without spaces."""
    return unicodedata.normalize("NFKC", re.sub(r"\s", "", text)).translate(_SAME)


def is_value(text: str) -> bool:
    """Whether a text, made plain, is a value."""
    return bool(_VALUE.fullmatch(text))


def may_be_value(text: str) -> bool:
    """Whether a text could be a misread value."""
    return not text.strip() or bool(_LIKE_VALUE.fullmatch(text))


def doubtful(line: Sequence[Piece], readings: Sequence[Reading], figure: float) -> bool:
    """Whether the readings of one line leave doubt; ``figure`` is how wide a figure is on this page, in pixels."""
    texts = {plain(text) for text, _ in readings}
    if len(texts) > 1 or min(score for _, score in readings) < _SURE:
        return True
    text = texts.pop()
    return not is_value(text) or not _counts_agree(line, text, figure)


def _counts_agree(line: Sequence[Piece], text: str, figure: float) -> bool:
    """Whether there is as much ink as there are characters. Figures may touch; then their width tells how many."""
    found = signs(line)
    tall = max(piece.y1 for piece in line) - min(piece.y0 for piece in line)
    marks = [sign for sign in found if _is_low(sign, line, tall)]
    figures = [sign for sign in found if sign not in marks]
    if not any(character.isdigit() for character in text):
        return len(found) == len(text)
    count = 0
    for sign in figures:
        wide = max(piece.x1 for piece in sign) - min(piece.x0 for piece in sign)
        count += max(1, round(wide / figure)) if figure else 1
    return count == sum(character.isdigit() for character in text) and len(marks) == sum(
        character in ".,-+" for character in text
    )


def _is_low(sign: Sequence[Piece], line: Sequence[Piece], tall: int) -> bool:
    """Whether a sign is as low as a point, a comma or a dash."""
    high = max(piece.y1 for piece in sign) - min(piece.y0 for piece in sign)
    return high < 0.5 * tall and tall > 0


def width_of_figures(lines: Sequence[tuple[Sequence[Piece], str]]) -> float:
    """Return how many pixels a figure takes on a page, its gap included: the usual distance of two in one number."""
    steps = []
    for line, text in lines:
        found = signs(line)
        if text.isdigit() and len(text) == len(found) > 1:
            starts = [(sign[0].x0 + max(piece.x1 for piece in sign)) / 2 for sign in found]
            steps += [after - before for before, after in itertools.pairwise(starts)]
    if steps:
        return statistics.median(steps)
    widths = [line[-1].x1 - line[0].x0 for line, text in lines if text.isdigit() and len(text) == 1 and text != "1"]
    return 1.15 * statistics.median(widths) if widths else 0.0
