"""Ruling lines made into grids: which rectangles of a page are the cells of a table."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from archive.documents.pdf_page import Box, Glyph

# Lines this near each other are one line, and this far apart still meet. In points; a line of text has 9 and more.
_NEAR = 3.0
# A table with more lines than this in one direction is a drawing.
_MOST_LINES = 400
# The next line of a cell that is open below has its base line no further down than this. In sizes.
_BELOW = 1.4
# A row of one line of text is no higher than this. In points.
_ROW = 40.0
# A row is no lower, a column no narrower than this. In sizes of the smallest type.
_LOW, _NARROW = 0.8, 0.6
# The part of a cell's side that a line must cover to close it.
_COVERS = 0.55


@dataclass(frozen=True, slots=True)
class Region:
    """A cell of a grid: its first row and column, how many of each it spans, and where it stands."""

    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's lines, from the left and from the top, and its cells in reading order.

    ``ragged`` are the columns that no line closes below: a page break cuts the last row, perhaps between lines of text.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    regions: tuple[Region, ...]
    ragged: frozenset[int] = frozenset()

    @property
    def box(self) -> Box:
        """The whole table."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def level(self, glyph: Glyph) -> float:
        """Return how far down a character stands: in the last row where the page break cuts through its line."""
        cut = glyph.base - _BELOW * glyph.size < self.ys[-1] < glyph.y
        cut = cut and bool(self.ragged) and bisect_right(self.xs, glyph.x) - 1 in self.ragged
        return self.ys[-1] - 0.01 if cut else glyph.y

    def holds(self, glyph: Glyph) -> bool:
        """Whether a character stands in the table."""
        return self.xs[0] <= glyph.x <= self.xs[-1] and self.ys[0] <= self.level(glyph) <= self.ys[-1]


def tables_among(pages: Iterable[Sequence[Grid]]) -> list[list[Grid]]:
    """Leave out the frames that are no tables, on all pages.

    A low frame as wide as a table is one of its rows, that a page break parts from the rest.
    """
    pages = [list(grids) for grids in pages]
    sides = [(grid.xs[0], grid.xs[-1]) for grids in pages for grid in grids if len(grid.regions) > 1]

    def is_row(grid: Grid) -> bool:
        low = grid.ys[-1] - grid.ys[0] <= _ROW
        return low and any(
            abs(left - grid.xs[0]) <= _NEAR and abs(right - grid.xs[-1]) <= _NEAR for left, right in sides
        )

    return [[grid for grid in grids if len(grid.regions) > 1 or is_row(grid)] for grids in pages]


@dataclass(slots=True)
class _Line:
    at: float
    start: float
    end: float


_Part = tuple[list[_Line], list[_Line]]


def find_grids(rulings: Iterable[Box], size: float = 0.0) -> list[Grid]:
    """Return the grids that ruling lines make, from the top; a frame around one rectangle is one as well.

    ``size`` is that of the smallest type on the page: nothing lower than it is a row, nothing narrower than its figures
    a column.
    """
    across: list[_Line] = []
    down: list[_Line] = []
    for box in rulings:
        wide, high = box.x1 - box.x0, box.y1 - box.y0
        if wide >= high:
            across.append(_Line((box.y0 + box.y1) / 2, box.x0, box.x1))
        if high >= wide:
            down.append(_Line((box.x0 + box.x1) / 2, box.y0, box.y1))
    across, down = _joined(across), _joined(down)
    grids = [_grid(*part, size) for part in _connected(across, down)]
    return sorted(filter(None, grids), key=lambda grid: grid.ys[0])


def _joined(lines: list[_Line]) -> list[_Line]:
    """Join the pieces of lines: first those at the same height, then those that touch."""
    levels = _levels([line.at for line in lines])
    by_level: dict[int, list[_Line]] = {}
    for line in lines:
        by_level.setdefault(_nearest(levels, line.at), []).append(line)
    joined: list[_Line] = []
    for level, pieces in by_level.items():
        pieces.sort(key=lambda line: line.start)
        current = _Line(levels[level], pieces[0].start, pieces[0].end)
        for piece in pieces[1:]:
            if piece.start <= current.end + _NEAR:
                current.end = max(current.end, piece.end)
            else:
                joined.append(current)
                current = _Line(levels[level], piece.start, piece.end)
        joined.append(current)
    return [line for line in joined if line.end - line.start > 2 * _NEAR]


def _levels(values: Iterable[float]) -> list[float]:
    """Gather values that lie near each other; returns the middle of each gathering, in order."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][0] <= _NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [(group[0] + group[-1]) / 2 for group in groups]


def _apart(levels: list[float], lines: Iterable[_Line], least: float) -> list[float]:
    """Leave out levels too near another, those with less drawn along them."""
    drawn = dict.fromkeys(range(len(levels)), 0.0)
    for line in lines:
        drawn[_nearest(levels, line.at)] += line.end - line.start
    kept: list[int] = []
    for index, level in enumerate(levels):
        if kept and level - levels[kept[-1]] < least:
            if drawn[index] <= drawn[kept[-1]]:
                continue
            kept.pop()
        kept.append(index)
    return [levels[index] for index in kept]


def _nearest(levels: Sequence[float], value: float) -> int:
    after = bisect_right(levels, value)
    around = [index for index in (after - 1, after) if 0 <= index < len(levels)]
    return min(around, key=lambda index: abs(levels[index] - value))


def _connected(across: list[_Line], down: list[_Line]) -> list[_Part]:
    """Part lines into those that hang together."""
    if len(across) > _MOST_LINES * 4 or len(down) > _MOST_LINES * 4:
        return []
    parent = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, line in enumerate(across):
        for j, other in enumerate(down, len(across)):
            if (
                line.start - _NEAR <= other.at <= line.end + _NEAR
                and other.start - _NEAR <= line.at <= other.end + _NEAR
            ):
                parent[root(i)] = root(j)
    _join_open_sides(down, parent, root, len(across))
    parts: dict[int, _Part] = {}
    for i, line in enumerate(across):
        parts.setdefault(root(i), ([], []))[0].append(line)
    for j, line in enumerate(down, len(across)):
        parts.setdefault(root(j), ([], []))[1].append(line)
    return [part for part in parts.values() if part[0] and part[1]]


def _join_open_sides(down: list[_Line], parent: list[int], root: Callable[[int], int], first: int) -> None:
    """Let a line that meets no other belong to the lines beside it that are just as high.

    A column whose one cell goes on over both ends of a page has no other lines.
    """
    sizes = Counter(map(root, range(len(parent))))
    for j, line in enumerate(down, first):
        if sizes[root(j)] > 1:
            continue
        for k, other in enumerate(down, first):
            same = abs(line.start - other.start) <= _NEAR and abs(line.end - other.end) <= _NEAR
            if same and sizes[root(k)] > 1:
                parent[j] = root(k)
                break


def _grid(across: list[_Line], down: list[_Line], size: float) -> Grid | None:
    """Make a grid of lines that hang together. Its outer sides are closed even where no line is drawn."""
    xs = _levels([line.at for line in down] + [end for line in across for end in (line.start, line.end)])
    ys = _levels([line.at for line in across] + [end for line in down for end in (line.start, line.end)])
    xs, ys = _apart(xs, down, _NARROW * size), _apart(ys, across, _LOW * size)
    if not 2 <= len(xs) <= _MOST_LINES or not 2 <= len(ys) <= _MOST_LINES:
        return None
    walls = _covered(down, xs, ys)
    floors = _covered(across, ys, xs)
    ragged = frozenset(column for column in range(len(xs) - 1) if (len(ys) - 1, column) not in floors)
    return Grid(tuple(xs), tuple(ys), tuple(_regions(xs, ys, walls, floors)), ragged)


def _covered(lines: Iterable[_Line], places: Sequence[float], steps: Sequence[float]) -> set[tuple[int, int]]:
    """Return the (place, step) pairs where a line closes the side of a cell."""
    lengths: dict[tuple[int, int], float] = {}
    for line in lines:
        place = _nearest(places, line.at)
        for step in range(len(steps) - 1):
            shared = min(line.end, steps[step + 1]) - max(line.start, steps[step])
            if shared > 0:
                lengths[place, step] = lengths.get((place, step), 0.0) + shared
    return {
        (place, step)
        for (place, step), length in lengths.items()
        if length >= _COVERS * (steps[step + 1] - steps[step])
    }


def _regions(
    xs: Sequence[float], ys: Sequence[float], walls: set[tuple[int, int]], floors: set[tuple[int, int]]
) -> list[Region]:
    """Merge the smallest rectangles over missing sides. What is then no rectangle is cut into its rows again."""
    columns, rows = len(xs) - 1, len(ys) - 1
    taken: set[tuple[int, int]] = set()
    found: list[tuple[int, int, int, int]] = []
    for start in ((row, column) for row in range(rows) for column in range(columns)):
        if start in taken:
            continue
        group = _open_group(start, rows, columns, walls, floors)
        taken |= group
        found += _rectangles(group, walls)
    return [
        Region(row, column, rowspan, colspan, Box(xs[column], ys[row], xs[column + colspan], ys[row + rowspan]))
        for row, column, rowspan, colspan in sorted(found)
    ]


def _open_group(
    start: tuple[int, int], rows: int, columns: int, walls: set[tuple[int, int]], floors: set[tuple[int, int]]
) -> set[tuple[int, int]]:
    group = {start}
    waiting = [start]
    while waiting:
        row, column = waiting.pop()
        around = []
        if column + 1 < columns and (column + 1, row) not in walls:
            around.append((row, column + 1))
        if column > 0 and (column, row) not in walls:
            around.append((row, column - 1))
        if row + 1 < rows and (row + 1, column) not in floors:
            around.append((row + 1, column))
        if row > 0 and (row, column) not in floors:
            around.append((row - 1, column))
        new = [place for place in around if place not in group]
        group.update(new)
        waiting += new
    return group


def _rectangles(group: set[tuple[int, int]], walls: set[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    top, bottom = min(row for row, _ in group), max(row for row, _ in group)
    left, right = min(column for _, column in group), max(column for _, column in group)
    # A line inside that closes nothing (it ends in the middle of a cell) leaves the shape in doubt as well.
    inside = {(column, row) for row in range(top, bottom + 1) for column in range(left + 1, right + 1)} & walls
    if len(group) == (bottom - top + 1) * (right - left + 1) and not inside:
        return [(top, left, bottom - top + 1, right - left + 1)]
    pieces: list[tuple[int, int, int, int]] = []
    for row in range(top, bottom + 1):
        start = None
        for column in range(left, right + 2):
            member = (row, column) in group
            if start is not None and (not member or (column, row) in walls):
                pieces.append((row, start, 1, column - start))
                start = None
            if member and start is None:
                start = column
    return pieces
