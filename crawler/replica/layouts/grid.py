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
