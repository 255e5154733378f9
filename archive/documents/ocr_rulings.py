"""The ruling lines of a scanned page.

Opening along a line's direction leaves what is long and thin. Strokes of large characters are as long as a low row is
high: an upright line counts only where it runs from one level line to another, or is longer than any character.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from archive.documents.pdf_grid import Grid, find_grids
from archive.documents.pdf_page import Box

# In points: the shortest level and upright lines looked for, the longest upright stroke of a character, and the longest
# that level strokes of characters beside each other make.
_SHORTEST_ACROSS, _SHORTEST_DOWN, _LONGEST_STROKE, _LONGEST_CHAIN = 16.0, 8.0, 32.0, 60.0
# The thickest line, and how near two lines come that meet. In points.
_THICKEST, _MEETS = 4.5, 2.5
# How far apart the dots of a dotted line are, and how near another line it comes. In points.
_DOTTED = 1.2
# How far from a line's edge paper must be seen, in points, what is dark there, and what part of its length may be.
_BESIDE, _INK, _MOST_BESIDE = 1.2, 110, 0.3
# The smallest table, in points: one row of one line.
_NARROWEST, _LOWEST = 80.0, 12.0
# How dark a line is at least, of 255: one thinner than a pixel is a grey one.
_DARK = 55


@dataclass(frozen=True, slots=True)
class Stroke:
    """A ruling line: its edges in pixels, right and bottom ones outside."""

    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, slots=True)
class Rulings:
    """The ruling lines of a page's tables and the grids they make, in points, and where their ink is, in pixels."""

    lines: tuple[Box, ...]
    grids: tuple[Grid, ...]
    ink: np.ndarray


def find_rulings(dark: np.ndarray, scale: float) -> Rulings:
    """Find the ruling lines of a straight page; ``scale`` is pixels a point."""
    thin = cv2.subtract(dark, cv2.morphologyEx(dark, cv2.MORPH_OPEN, _block(6 * scale, 6 * scale)))
    ink = np.zeros(dark.shape, np.uint8)
    across = _strokes(_along(thin, _SHORTEST_ACROSS * scale, level=True), _THICKEST * scale, level=True)
    down = _strokes(_along(thin, _SHORTEST_DOWN * scale, level=False), _THICKEST * scale, level=False)
    near = _MEETS * scale
    across = [stroke for stroke in across if _clear(stroke, dark, scale, level=True)]
    down = [stroke for stroke in down if _clear(stroke, dark, scale, level=False)]
    # What is longer than characters stand together is a line of itself; others by where they begin and end.
    sure = [stroke for stroke in down if stroke.y1 - stroke.y0 > _LONGEST_STROKE * scale]
    firm = [stroke for stroke in across if _is_firm(stroke, sure, scale)]
    down = [
        stroke
        for stroke in down
        if stroke in sure
        or (
            all(_meets(stroke, y, firm, near) for y in (stroke.y0, stroke.y1))
            and _touches(stroke, firm, dark, scale, level=False)
        )
    ]
    across = [
        stroke
        for stroke in across
        if _is_firm(stroke, down, scale)
        and any(_crosses(stroke, other, near) for other in down)
        and (stroke.x1 - stroke.x0 > _LONGEST_CHAIN * scale or _touches(stroke, down, dark, scale, level=True))
    ]
    lines = {stroke: _points(stroke, scale) for stroke in (*across, *down)}
    grids = _tables(find_grids(lines.values()))
    lines = {stroke: line for stroke, line in lines.items() if any(is_of(line, grid) for grid in grids)}
    for stroke in lines:
        ink[max(0, stroke.y0 - 1) : stroke.y1 + 1, max(0, stroke.x0 - 1) : stroke.x1 + 1] = 255
    return Rulings(tuple(lines.values()), tuple(find_grids(lines.values())), ink)


def _points(stroke: Stroke, scale: float) -> Box:
    return Box(stroke.x0 / scale, stroke.y0 / scale, stroke.x1 / scale, stroke.y1 / scale)


def _tables(grids: list[Grid]) -> list[Grid]:
    """Leave out what is too small for a table, or stands in a cell of one: strokes of characters that meet."""
    large = [grid for grid in grids if grid.box.x1 - grid.box.x0 >= _NARROWEST and grid.box.y1 - grid.box.y0 >= _LOWEST]
    return [
        grid
        for grid in large
        if not any(other is not grid and _inside(grid.box, region.box) for other in large for region in other.regions)
    ]


def _inside(box: Box, other: Box) -> bool:
    return other.holds(box.x0, box.y0) and other.holds(box.x1, box.y1)


def is_of(line: Box, grid: Grid) -> bool:
    """Whether a line is one of a grid's."""
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    if not Box(grid.box.x0 - 3, grid.box.y0 - 3, grid.box.x1 + 3, grid.box.y1 + 3).holds(x, y):
        return False
    at, places = (y, grid.ys) if line.x1 - line.x0 >= line.y1 - line.y0 else (x, grid.xs)
    return any(abs(at - place) <= _MEETS for place in places)


def _block(high: float, wide: float) -> np.ndarray:
    return np.ones((max(1, round(high)), max(1, round(wide))), np.uint8)


def _along(thin: np.ndarray, length: float, *, level: bool) -> np.ndarray:
    """Return where something dark runs on for a length, noise and a small slant overlooked."""
    shape = (lambda high, wide: _block(high, wide)) if level else (lambda high, wide: _block(wide, high))
    calm = cv2.blur(thin, (7, 1) if level else (1, 7))
    calm = cv2.dilate(calm, shape(2, 1))
    opened = cv2.morphologyEx(calm, cv2.MORPH_OPEN, shape(1, length))
    return (opened > _DARK).astype(np.uint8)


def _strokes(mask: np.ndarray, thickest: float, *, level: bool) -> list[Stroke]:
    """Return the thin boxes that the pieces of a mask fill."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = []
    for x, y, wide, high, _ in stats[1:count]:
        if (high if level else wide) <= thickest and (wide > high) == level:
            found.append(Stroke(int(x), int(y), int(x + wide), int(y + high)))
    return found


def _meets(stroke: Stroke, y: int, across: list[Stroke], near: float) -> bool:
    """Whether an upright line's end lies on a level line."""
    middle = (stroke.x0 + stroke.x1) / 2
    return any(
        other.y0 - near <= y <= other.y1 + near and other.x0 - near <= middle <= other.x1 + near for other in across
    )


def _touches(stroke: Stroke, lines: list[Stroke], dark: np.ndarray, scale: float, *, level: bool) -> bool:
    """Whether the ink of a line goes on to a line that crosses it, at both ends: strokes of characters end before."""
    page, line = (dark.T, _turned(stroke)) if level else (dark, stroke)
    near, middle = _MEETS * scale, (line.x0 + line.x1) / 2
    others = [_turned(other) for other in lines] if level else lines
    met = [other for other in others if other.x0 - near <= middle <= other.x1 + near]
    above = [other.y1 for other in met if other.y0 - near <= line.y0 <= other.y1 + near]
    below = [other.y0 for other in met if other.y0 - near <= line.y1 <= other.y1 + near]
    inside, most = round(2 * near), _DOTTED * scale

    def runs(start: int, end: int) -> bool:
        held = np.flatnonzero(page[max(0, start) : end, max(0, line.x0 - 1) : line.x1 + 1].max(1, initial=0) > _INK)
        return bool(np.diff(held, prepend=-1, append=max(0, end - start)).max() - 1 <= most)

    return any(runs(y, line.y0 + inside) for y in above) and any(runs(line.y1 - inside, y) for y in below)


def _turned(stroke: Stroke) -> Stroke:
    return Stroke(stroke.y0, stroke.x0, stroke.y1, stroke.x1)


def _clear(stroke: Stroke, dark: np.ndarray, scale: float, *, level: bool) -> bool:
    """Whether there is mostly paper on both sides of a line: strokes that hang together have other strokes there."""
    off = max(2, round(_BESIDE * scale))
    if level:
        beside = [dark[y, stroke.x0 : stroke.x1] for y in (stroke.y0 - off, stroke.y1 - 1 + off) if 0 <= y < len(dark)]
    else:
        wide = dark.shape[1]
        beside = [dark[stroke.y0 : stroke.y1, x] for x in (stroke.x0 - off, stroke.x1 - 1 + off) if 0 <= x < wide]
    return all(float((side > _INK).mean()) < _MOST_BESIDE for side in beside)


def _is_firm(stroke: Stroke, down: list[Stroke], scale: float) -> bool:
    """Whether a level line is long, or runs from one upright line to another."""
    if stroke.x1 - stroke.x0 > _LONGEST_CHAIN * scale:
        return True
    near, y = _MEETS * scale, (stroke.y0 + stroke.y1) / 2
    ends = [other for other in down if other.y0 - near <= y <= other.y1 + near]
    return all(any(other.x0 - near <= x <= other.x1 + near for other in ends) for x in (stroke.x0, stroke.x1))


def _crosses(across: Stroke, down: Stroke, near: float) -> bool:
    x, y = (down.x0 + down.x1) / 2, (across.y0 + across.y1) / 2
    return across.x0 - near <= x <= across.x1 + near and down.y0 - near <= y <= down.y1 + near
