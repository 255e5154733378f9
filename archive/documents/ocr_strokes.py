"""The marks for nothing to report, told by their shape: a slash from the figure 1, a dash from anything.

The recogniser knows hardly any: in most faces it is sure that a slash is a 1, and takes a dash for letters. But a slash
leans, and is as wide at both ends as in its middle; an upright 1 does not lean, and a slanted one has a flag or a foot.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import numpy as np

from archive.documents.ocr_ink import Piece

# What the recogniser takes a slash for.
LIKE_SLASH = ("1", "/", "|", "l", "I")
# What is darker than this is ink, of 255.
_INK = 85
# How far the top of a slash is from above its foot at least and at most, in heights; an upright 1 has less than 0.03,
# an italic one up to 0.25.
_LEANS, _MOST = 0.1, 0.7
_UPRIGHT = 0.06
# How far its middle line is from straight, in heights, and how many times wider than usual the widest tenth of it is.
_STRAIGHT, _EVEN = 0.05, 1.6

# How high a dash is at most and how wide, in heights of a character, and how many times as wide as high at least.
_FLAT, _DASH, _LONG = 0.25, 2.2, 1.5


def is_dash(pieces: Sequence[Piece], size: float) -> bool:
    """Whether pieces of ink are one dash; ``size`` is the height of a character in pixels."""
    if len(pieces) != 1:
        return False
    wide, high = pieces[0].wide, pieces[0].high
    return high <= _FLAT * size and _LONG * high <= wide <= _DASH * size


def lean(picture: np.ndarray) -> float:
    """How far the top of the ink in a picture is to the right of its foot, in heights."""
    rows, middles, _ = _rows(picture)
    if len(rows) < 5:
        return 0.0
    end = max(1, len(rows) // 5)
    return float(middles[:end].mean() - middles[-end:].mean()) / (rows[-1] - rows[0] + 1)


def is_upright(pictures: Sequence[np.ndarray]) -> bool:
    """Whether pictures of figures that are alike on both sides, 0 and 8, show an upright face."""
    return bool(pictures) and abs(statistics.median(map(lean, pictures))) < _UPRIGHT


def is_slash(picture: np.ndarray) -> bool:
    """Whether what the picture shows is one straight stroke that leans to the right, in an upright face."""
    rows, middles, widths = _rows(picture)
    broken = len(rows) < 8 or len(rows) <= rows[-1] - rows[0]
    if broken or not _LEANS <= lean(picture) <= _MOST:
        return False
    # The ends are cut level or round.
    rows, middles, widths = rows[2:-2], middles[2:-2], widths[2:-2]
    off = middles - np.polyval(np.polyfit(rows, middles, 1), rows)
    usual = float(np.median(widths))
    even = np.percentile(widths, 90) <= max(_EVEN * usual, usual + 1)
    return bool(np.abs(off).max() <= _STRAIGHT * (len(rows) + 4) + 0.5 and even)


def may_be_slash(picture: np.ndarray) -> bool:
    """Whether what the picture shows leans more than an upright 1 does."""
    return lean(picture) > _UPRIGHT


def _rows(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rows that hold ink, the middle of the ink in each, and from where to where it goes."""
    dark = picture < 255 - _INK
    rows = np.flatnonzero(dark.any(1))
    dark = dark[rows]
    first, last = dark.argmax(1), dark.shape[1] - 1 - dark[:, ::-1].argmax(1)
    return rows, (first + last) / 2, last - first + 1.0
