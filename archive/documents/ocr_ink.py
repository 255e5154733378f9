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
# How much redder than paper what is red is at least, of 255.
_REDDISH = 60
# Smaller pieces are grain of the paper; a decimal point at 9 points is one point wide. In points, both ways.
_GRAIN = 0.7
# A piece that is no larger than this is dust, where it stands alone. In points.
DUST = 1.8
# How far a piece reaches out of the cell it is in at most, in points; what reaches further is no character of it.
_OUT = 3.0


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

    def __init__(self, dark: np.ndarray, rulings: np.ndarray, scale: float, red: np.ndarray | None = None) -> None:
        self.scale = scale
        self._red = red
        self.dark = _darkened(np.where(rulings > 0, np.uint8(0), dark))
        self._calm = cv2.GaussianBlur(self.dark, (3, 3), 0.7)
        seen = (self._calm > INK).astype(np.uint8)
        count, self._pieces, stats, middles = cv2.connectedComponentsWithStats(seen, connectivity=8)
        self._edges = stats[:, :4] + np.array([0, 0, 1, 1]) * stats[:, [0, 1, 0, 1]]
        self._walls = rulings
        stats, middles = stats[1:count], middles[1:count]
        real = np.maximum(stats[:, 2], stats[:, 3]) > _GRAIN * scale
        self._stats, self._middles = stats[real], middles[real]

    def within(self, box: Box) -> list[Piece]:
        """Return the pieces whose middle is in a box, in pixels, and that do not reach far out of it, from the left."""
        x, y = self._middles[:, 0], self._middles[:, 1]
        held = (x >= box.x0) & (x < box.x1) & (y >= box.y0) & (y < box.y1)
        out = _OUT * self.scale
        held &= (self._stats[:, 0] > box.x0 - out) & (self._stats[:, 0] + self._stats[:, 2] < box.x1 + out)
        held &= (self._stats[:, 1] > box.y0 - out) & (self._stats[:, 1] + self._stats[:, 3] < box.y1 + out)
        found = [
            Piece(int(x), int(y), int(x + wide), int(y + high), int(area))
            for x, y, wide, high, area in self._stats[held]
        ]
        return sorted(found, key=lambda piece: piece.x0)

    def crossed(self, box: Box) -> bool:
        """Whether ink in a box, in pixels, goes on beyond it: a stroke through it, that figures may be part of."""
        part = self._pieces[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)]
        edges = self._edges[np.setdiff1d(part, 0)]
        out = _OUT * self.scale
        beyond = (edges[:, :2] < [box.x0 - out, box.y0 - out]) | (edges[:, 2:] > [box.x1 + out, box.y1 + out])
        return bool(beyond.any())

    def cut(self, pieces: Sequence[Piece]) -> bool:
        """Whether some pieces end at a ruling line on their left or right: what lies on or beyond it is lost."""
        y0, y1 = min(piece.y0 for piece in pieces), max(piece.y1 for piece in pieces)
        x0, x1 = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
        return bool(self._walls[y0:y1, max(0, x0 - 1) : x0].any() or self._walls[y0:y1, x1 : x1 + 1].any())

    def faint(self, box: Box) -> bool:
        """Whether there is something in a box, in pixels, that may be ink: too faint to be told, or red as a seal."""
        rows, columns = slice(round(box.y0), round(box.y1)), slice(round(box.x0), round(box.x1))
        part = self._calm[rows, columns]
        if not part.size:
            return False
        high, wide = part.shape
        size = DUST * self.scale
        if any(max(w, h) > size for _, _, w, h, _ in _pieces(part > FAINT)):
            return True
        red = [] if self._red is None else _pieces(self._red[rows, columns] > _REDDISH)
        # A seal's ring goes on into the next cell.
        return any(max(w, h) > size and x > 0 and y > 0 and x + w < wide and y + h < high for x, y, w, h, _ in red)

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


def _pieces(seen: np.ndarray) -> np.ndarray:
    """Return left, top, width, height and area of the pieces of a picture that hang together."""
    return cv2.connectedComponentsWithStats(seen.astype(np.uint8), connectivity=8)[2][1:]


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
