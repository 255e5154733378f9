"""Ruled tables of a PDF: the cells of their grids with their text."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise

from archive.documents.model import Cell, Table
from archive.documents.pdf_grid import Grid, Region
from archive.documents.pdf_lines import cell_lines, cell_text, is_number, lines_of
from archive.documents.pdf_page import Box, Glyph
from archive.documents.spaces import squeeze

# Columns whose widths differ by less are meant to be as wide. In points.
_SAME_WIDTH = 0.3
# A figure printed over the side of its cell by more than this does not belong there alone. In sizes.
_STICKS_OUT = 0.2
# A line that leaves no more than this of its cell's width may go on after the page break: the cell's margins, and two
# characters that must stay together. In sizes.
_FULL = 3.3
# Nor may there be room for another line below it. In sizes, from the base line to the cell's edge.
_LOW = 1.9


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell: its text, how many rows it spans, its left and right edge.

    ``low`` is True when there is no room for a line below its last, ``full`` when there is none beside it either.
    ``doubt`` is True when what was recognised of it may be something else, ``recognised`` when it was, in a picture.
    """

    text: str
    rowspan: int
    x0: float
    x1: float
    low: bool = False
    full: bool = False
    doubt: bool = False
    recognised: bool = False


@dataclass(slots=True)
class Ruled:
    """A table, or the part of it that stands on one page: the cells that begin in each row, and the column edges.

    ``drawn`` is True when ruling lines draw them, False when they are told from how the text stands; ``pages`` is the
    page each row stands on, where that is known.
    """

    rows: list[list[Placed]]
    xs: list[float] = field(default_factory=list)
    drawn: bool = True
    pages: list[int] = field(default_factory=list)


def read_grid(grid: Grid, glyphs: Sequence[Glyph], page: int, *, recognised: bool = False) -> Ruled:
    """Put the characters into the cells of a grid on a page."""
    inside, crossed = _by_region(grid, glyphs)
    rows: list[list[Placed]] = [[] for _ in range(len(grid.ys) - 1)]
    room = _Room(grid.regions, inside)
    for index, (region, members) in enumerate(zip(grid.regions, inside, strict=True)):
        for piece, part in _pieces(region, members, grid):
            cell = _placed(piece, part, room.of(piece.box))
            rows[piece.row].append(replace(cell, doubt=cell.doubt or index in crossed, recognised=recognised))
    for row in rows:
        row.sort(key=lambda cell: cell.x0)
    rows = _without_slivers(rows, grid)
    return Ruled(rows, list(grid.xs), pages=[page] * len(rows))


class _Room:
    """How wide a line can be in a cell, as the lines in cells no wider than it show."""

    def __init__(self, regions: Sequence[Region], inside: Sequence[list[Glyph]]) -> None:
        shown = sorted(
            (wide, min(wide, line.x1 - line.x0))
            for region, members in zip(regions, inside, strict=True)
            for wide in (region.box.x1 - region.box.x0,)
            for line in lines_of(members)
        )
        self.widths = [width for width, _ in shown]
        self.lengths = list(accumulate((length for _, length in shown), max))

    def of(self, box: Box) -> float:
        """Return the widest line, 0 where none is."""
        within = bisect_right(self.widths, box.x1 - box.x0 + _SAME_WIDTH)
        return self.lengths[within - 1] if within else 0.0


def _by_region(grid: Grid, glyphs: Sequence[Glyph]) -> tuple[list[list[Glyph]], set[int]]:
    """Return the characters of each cell, and the cells over whose side a number runs: which part is whose is open."""
    owner = {
        (row, column): index
        for index, region in enumerate(grid.regions)
        for row in range(region.row, region.row + region.rowspan)
        for column in range(region.column, region.column + region.colspan)
    }
    inside: list[list[Glyph]] = [[] for _ in grid.regions]
    crossed: set[int] = set()
    before: tuple[Glyph, int | None] | None = None
    figures: list[tuple[Glyph, int | None]] = []
    for number, glyph in enumerate(glyphs):
        place = owner.get((_step(grid.ys, grid.level(glyph)), _step(grid.xs, glyph.x)))
        if before and before[1] is not None and _hangs(before[0], glyph):
            place = before[1]
        if place is not None:
            inside[place].append(glyph)
            if _sticks_out(glyph, grid.regions[place].box):
                crossed.add(place)
        if before and before[1] != place and _is_one_number(before[0], glyph) and not _ends_a_text(glyphs, number):
            crossed |= {index for index in (before[1], place) if index is not None}
        before = glyph, place
        if glyph.text.isdigit():
            figures.append(before)
    return inside, crossed | _cells_of_one_text(figures)


def _cells_of_one_text(figures: list[tuple[Glyph, int | None]]) -> set[int]:
    """Return the cells that share a number the file prints as one text, or figure by figure, in whatever order."""
    together = Counter(glyph.run for glyph, _ in figures)
    figures = sorted(figures, key=lambda figure: (round(figure[0].base), figure[0].x0))
    return {
        index
        for (before, one), (glyph, other) in pairwise(figures)
        if one != other and glyph.run and _is_one_number(before, glyph)
        if before.run == glyph.run or together[before.run] == together[glyph.run] == 1
        for index in (one, other)
        if index is not None
    }


def _sticks_out(glyph: Glyph, box: Box) -> bool:
    """Whether a figure is printed over the side of its cell: the next one may be cut off."""
    over = max(glyph.x1 - box.x1, box.x0 - glyph.x0) > _STICKS_OUT * glyph.size
    return over and glyph.turn == 0 and glyph.text.isdigit()


def _ends_a_text(glyphs: Sequence[Glyph], number: int) -> bool:
    """Whether a character begins another text than the one before it, where not each character is a text of its own."""
    before, own = glyphs[number - 1].run, glyphs[number].run
    around = {glyph.run for glyph in glyphs[max(0, number - 2) : number + 2]}
    return before != own and len(around) < len(glyphs[max(0, number - 2) : number + 2])


def _is_one_number(before: Glyph, glyph: Glyph) -> bool:
    """Whether two characters are printed as parts of one number: side by side, as near as figures are."""
    level = abs(before.base - glyph.base) < 0.1 * glyph.size and before.turn == glyph.turn == 0
    near = -0.2 * glyph.size < glyph.x0 - before.x1 < 0.15 * glyph.size
    return level and near and not glyph.spaced and is_number(before.text + glyph.text)


def _hangs(before: Glyph, glyph: Glyph) -> bool:
    """Whether a character is a mark that may not begin a line: it stays with the one before, over the cell's edge."""
    level = abs(before.base - glyph.base) < 0.5 and before.turn == glyph.turn == 0
    near = abs(glyph.x0 - before.x1) < (1.2 if glyph.spaced else 0.3) * glyph.size
    return glyph.text in "、，。；：）)”》" and level and near


def _step(edges: Sequence[float], value: float) -> int:
    """Return which interval of the edges holds a value; -1 if none does."""
    step = bisect_right(edges, value) - 1
    return step if step < len(edges) - 1 else -1


def _pieces(region: Region, glyphs: list[Glyph], grid: Grid) -> list[tuple[Region, list[Glyph]]]:
    """Cut a cell of several rows whose number stands in a later one, off its middle: it belongs to that row alone."""
    if region.rowspan == 1:
        return [(region, glyphs)]
    lines = cell_lines(glyphs)
    if not lines or not all(is_number(squeeze(line.text)) for line in lines):
        return [(region, glyphs)]
    middle = (lines[0].y + lines[-1].y) / 2
    first = grid.ys[region.row + 1]
    if middle < first or abs(middle - (region.box.y0 + region.box.y1) / 2) < lines[0].size / 2:
        return [(region, glyphs)]
    pieces = []
    for row in range(region.row, region.row + region.rowspan):
        box = Box(region.box.x0, grid.ys[row], region.box.x1, grid.ys[row + 1])
        own = [glyph for glyph in glyphs if box.y0 <= glyph.y < box.y1]
        pieces.append((Region(row, region.column, 1, region.colspan, box), own))
    return pieces


def _placed(region: Region, glyphs: list[Glyph], widest: float) -> Placed:
    lines = cell_lines(glyphs)
    text = cell_text(lines, region.box, widest)
    wide = region.box.x1 - region.box.x0
    # Text goes on over a page break only from a line without room beside or below it.
    low = bool(glyphs) and any(region.box.y1 - glyph.base < _LOW * glyph.size for glyph in glyphs)
    full = low and lines[-1].x1 - lines[-1].x0 > wide - _FULL * lines[-1].size
    return Placed(text, region.rowspan, region.box.x0, region.box.x1, low, full, any(glyph.doubt for glyph in glyphs))


def _without_slivers(rows: list[list[Placed]], grid: Grid) -> list[list[Placed]]:
    """Leave out rows too low for any text, that double lines make."""
    low = [index for index in range(len(rows)) if grid.ys[index + 1] - grid.ys[index] < 5]
    low = [index for index in low if not any(cell.text or cell.doubt for cell in rows[index])]

    def shortened(cell: Placed, index: int) -> Placed:
        inside = sum(index <= sliver < index + cell.rowspan for sliver in low)
        return replace(cell, rowspan=max(1, cell.rowspan - inside))

    kept: list[list[Placed]] = []
    hanging: list[Placed] = []  # cells that begin in a low row and go on below it
    for index, row in enumerate(rows):
        if index in low:
            hanging = [shortened(cell, index) for cell in (*hanging, *row) if cell.rowspan > 1]
        else:
            kept.append(sorted([*hanging, *(shortened(cell, index) for cell in row)], key=lambda cell: cell.x0))
            hanging = []
    return kept


def as_table(ruled: Ruled) -> Table:
    """Return the table, the width of each cell counted in columns."""

    def column(x: float) -> int:
        return min(range(len(ruled.xs)), key=lambda index: abs(ruled.xs[index] - x))

    def cell_of(cell: Placed) -> Cell:
        wide = max(1, column(cell.x1) - column(cell.x0))
        return Cell(cell.text, cell.rowspan, wide, cell.doubt, cell.recognised)

    return Table(tuple(tuple(map(cell_of, row)) for row in ruled.rows), tuple(ruled.pages))
