"""The lines of a table: its cells, where each stands in the document and, by the spans it claims, on the grid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from archive.documents.model import Cell


class Laid(NamedTuple):
    """A cell, its ``row`` in the document and ``number`` in that, from 1, and the grid ``column`` it begins in."""

    cell: Cell
    row: int
    number: int
    column: int = 0


Line = list[Laid]


def lay_out(lines: Iterable[Sequence[Laid]]) -> tuple[list[Line], list[tuple[int, bool]]]:
    """Put cells on the grid their spans make.

    Returns the lines with the columns of their cells, and of each line how far it reaches and whether every column up
    to there is covered.
    """
    laid: list[Line] = []
    reach: list[tuple[int, bool]] = []
    hanging: dict[int, int] = {}
    for cells in lines:
        column = 0
        below: dict[int, int] = {}
        covered = set(hanging)
        line: Line = []
        for entry in cells:
            while column in hanging:
                column += 1
            line.append(Laid(entry.cell, entry.row, entry.number, column))
            taken = range(column, column + entry.cell.colspan)
            covered.update(taken)
            if entry.cell.rowspan > 1:
                below.update(dict.fromkeys(taken, entry.cell.rowspan))
            column += entry.cell.colspan
        width = max(covered, default=-1) + 1
        laid.append(line)
        reach.append((width, len(covered) == width))
        hanging = {x: left - 1 for x, left in {**hanging, **below}.items() if left > 1}
    return laid, reach


def is_whole(reach: Sequence[tuple[int, bool]]) -> bool:
    """Whether lines cover one rectangle."""
    return bool(reach) and all(whole and width == reach[0][0] for width, whole in reach)
