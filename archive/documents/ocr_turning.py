"""Whether a page lies upright, and how it is to be turned if not: tried by what can be read of a few lines."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import cv2
import numpy as np

from archive.documents import ocr_engine

# How many lines are tried at most and at least, and the shortest, in heights of a character: a few figures say little.
_LINES, _FEW, _LONG = 8, 3, 3.0
# Lines that are read upright are read more surely than this, of 1; on their head or side less.
_SURE = 0.75


def is_upright(labels: Sequence[np.ndarray]) -> bool:
    """Whether the lines of a page's labels can be read as they stand; with hardly any label, nobody can tell."""
    if len(labels) < _FEW:
        return True
    longest = sorted(labels, key=lambda line: line.shape[1], reverse=True)[:_LINES]
    longest = [line for line in longest if line.shape[1] > _LONG * line.shape[0]]
    return len(longest) >= _FEW and _sureness(longest) > _SURE


def turn_of(dark: np.ndarray) -> int:
    """Return by how many quarters a page is to be turned counter-clockwise to lie upright: 0 where that is in doubt."""
    half = cv2.resize(dark, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    boxes = [tuple(round(2 * edge) for edge in box) for box in ocr_engine.find_lines(255 - half)]
    lines = [255 - dark[max(0, y0) : y1, max(0, x0) : x1] for x0, y0, x1, y1 in boxes]
    lines = sorted((line for line in lines if line.size), key=lambda line: max(line.shape), reverse=True)[:_LINES]
    if len(lines) < _FEW:
        return 0
    sideways = sum(line.shape[0] > line.shape[1] for line in lines) * 2 > len(lines)
    turns = (1, 3) if sideways else (0, 2)
    lines = [line for line in lines if (line.shape[0] > line.shape[1]) == sideways]
    sure = {turn: _sureness([np.ascontiguousarray(np.rot90(line, turn)) for line in lines]) for turn in turns}
    best = max(turns, key=sure.__getitem__)
    return best if sure[best] > _SURE else 0


def _sureness(lines: Sequence[np.ndarray]) -> float:
    return statistics.median(score for _, score in ocr_engine.recognise(lines))
