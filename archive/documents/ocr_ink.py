"""The ink of a scanned page: its pieces, which lines they make, and pictures of those lines for the recogniser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from archive.documents.pdf_page import Box

# What is darker than this is ink, of 255, and darker than the second may be faint ink, once the text is as dark as the
# third: thin strokes, blurred, are grey.
INK, FAINT, _BLACK = 85, 50, 235
_MOST_GAIN = 2.2
# Smaller pieces are grain of the paper; a decimal point at 9 points is one point wide. In points, both ways.
_GRAIN = 0.7
# A piece that is no larger than this is dust, where it stands alone. In points.
DUST = 1.8


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of ink that hangs together: its edges in pixels, right and bottom ones outside, and its pixels."""

    x0: int
    y0: int
    x1: int
    y1: int
    area: int

    @property
    def wide(self) -> int:
        """Its width in pixels."""
        return self.x1 - self.x0

    @property
    def high(self) -> int:
        """Its height in pixels."""
        return self.y1 - self.y0


class Ink:
    """The ink of a straight page (0 paper, 255 black), its ruling lines taken away."""

    def __init__(self, dark: np.ndarray, rulings: np.ndarray, scale: float) -> None:
        self.scale = scale
        self.dark = _darkened(np.where(rulings > 0, np.uint8(0), dark))
        self._calm = cv2.GaussianBlur(self.dark, (3, 3), 0.7)
        count, _, stats, middles = cv2.connectedComponentsWithStats((self._calm > INK).astype(np.uint8), connectivity=8)
        stats, middles = stats[1:count], middles[1:count]
        real = np.maximum(stats[:, 2], stats[:, 3]) > _GRAIN * scale
        self._stats, self._middles = stats[real], middles[real]

    def within(self, box: Box) -> list[Piece]:
        """Return the pieces whose middle is in a box given in pixels, from the left."""
        x, y = self._middles[:, 0], self._middles[:, 1]
        held = (x >= box.x0) & (x < box.x1) & (y >= box.y0) & (y < box.y1)
        found = [
            Piece(int(x), int(y), int(x + wide), int(y + high), int(area))
            for x, y, wide, high, area in self._stats[held]
        ]
        return sorted(found, key=lambda piece: piece.x0)

    def faint(self, box: Box) -> bool:
        """Whether there is something in a box, in pixels, that may be ink too faint to be told."""
        part = self._calm[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)]
        if not part.size:
            return False
        count, _, stats, _ = cv2.connectedComponentsWithStats((part > FAINT).astype(np.uint8), connectivity=8)
        return any(max(wide, high) > DUST * self.scale for _, _, wide, high, _ in stats[1:count])

    def picture(self, pieces: Sequence[Piece], margin: float) -> np.ndarray:
        """Return a picture of some pieces in a line, on white, with a margin of a part of their height around."""
        x0, y0 = min(piece.x0 for piece in pieces), min(piece.y0 for piece in pieces)
        x1, y1 = max(piece.x1 for piece in pieces), max(piece.y1 for piece in pieces)
        room = max(2, round(margin * (y1 - y0)))
        high, wide = self.dark.shape
        light = np.full((y1 - y0 + 2 * room, x1 - x0 + 2 * room), 255, np.uint8)
        # A pixel more than the pieces, for their soft edges; what lies beyond is another's.
        left, top, right, bottom = max(0, x0 - 2), max(0, y0 - 2), min(wide, x1 + 2), min(high, y1 + 2)
        light[top - y0 + room : bottom - y0 + room, left - x0 + room : right - x0 + room] = (
            255 - self.dark[top:bottom, left:right]
        )
        return light


def _darkened(dark: np.ndarray) -> np.ndarray:
    """Return the page with its text as dark as print is."""
    ink = dark[dark > INK]
    if not ink.size:
        return dark
    gain = float(np.clip(_BLACK / np.percentile(ink, 90), 1.0, _MOST_GAIN))
    return cv2.convertScaleAbs(dark, alpha=gain)


def lines_among(pieces: Sequence[Piece], size: float) -> list[list[Piece]]:
    """Gather the pieces of a cell into its lines, from the top, each from the left.

    ``size`` is the height of a character in pixels: strokes that stand above each other within it are one line.
    """
    lines: list[list[Piece]] = []
    ends: list[tuple[int, int]] = []
    for piece in sorted(pieces, key=lambda piece: piece.y0):
        if lines:
            top, bottom = ends[-1]
            shared = min(bottom, piece.y1) - max(top, piece.y0)
            if shared > 0.3 * min(piece.high, bottom - top) or max(bottom, piece.y1) - top <= 1.05 * size:
                lines[-1].append(piece)
                ends[-1] = (top, max(bottom, piece.y1))
                continue
        lines.append([piece])
        ends.append((piece.y0, piece.y1))
    return [sorted(line, key=lambda piece: piece.x0) for line in lines]


def parted(line: Sequence[Piece], gap: float) -> list[list[Piece]]:
    """Part a line where there is a gap, in pixels."""
    parts: list[list[Piece]] = [[line[0]]]
    reach = line[0].x1
    for piece in line[1:]:
        if piece.x0 - reach > gap:
            parts.append([])
        parts[-1].append(piece)
        reach = max(reach, piece.x1)
    return parts


def signs(line: Sequence[Piece]) -> list[list[Piece]]:
    """Gather the pieces of a line that stand above each other: the characters, where they do not touch."""
    found: list[list[Piece]] = []
    reach = -1.0
    for piece in line:
        if found and piece.x0 < reach - 0.4 * piece.wide:
            found[-1].append(piece)
        else:
            found.append([piece])
        reach = max(reach, piece.x1)
    return found
