"""Tables as rows of cells, the same for pages and for Word files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell where its row begins it. ``kind``: label | value | filler (an empty cell that only pads).

    A line break in ``text`` is one inside the cell.
    """

    text: str
    rowspan: int = 1
    colspan: int = 1
    kind: str = "label"


Grid = tuple[tuple[GridCell, ...], ...]


def label(text: str, rowspan: int = 1, colspan: int = 1) -> GridCell:
    """A cell with words in it."""
    return GridCell(text, rowspan, colspan)


def value(text: str, colspan: int = 1) -> GridCell:
    """A cell of the form."""
    return GridCell(text, 1, colspan, "value")


def filler(count: int = 1) -> list[GridCell]:
    """Return ``count`` empty cells."""
    return [GridCell("", kind="filler")] * count


Placed = list[tuple[int, int, GridCell]]


def place(grid: Grid) -> Placed:
    """Return (row, column, cell) of every cell on the full grid, as files that know merged cells hold them."""
    return _merge_padding(_spread_out(grid)) if _is_flat(grid) else _spread_out(grid)


def _spread_out(grid: Grid) -> Placed:
    """Return (row, column, cell) of every cell on the full grid, past those that reach down from above."""
    taken: set[tuple[int, int]] = set()
    placed = []
    for top, row in enumerate(grid):
        left = 0
        for cell in row:
            while (top, left) in taken:
                left += 1
            for down in range(cell.rowspan):
                taken |= {(top + down, left + across) for across in range(cell.colspan)}
            placed.append((top, left, cell))
            left += cell.colspan
    return placed


def _is_flat(grid: Grid) -> bool:
    return all(cell.rowspan == cell.colspan == 1 for row in grid for cell in row)


def _merge_padding(placed: Placed) -> Placed:
    """Let every cell of a table without spans take in the empty cells right of it, as Word had them merged.

    Empty cells at the head of a row stay as they are.
    """
    merged: Placed = []
    for top, left, cell in placed:
        if cell.kind == "filler" and merged and merged[-1][0] == top and merged[-1][2].kind != "filler":
            row, column, before = merged[-1]
            merged[-1] = (row, column, GridCell(before.text, 1, before.colspan + 1, before.kind))
        else:
            merged.append((top, left, cell))
    return merged
