"""The rows and cells of a page's tables, as a browser takes them, whatever else stands between their tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.documents.page_unseen import hidden, unread
from archive.documents.tree import Element

CELLS = {"td", "th"}
_GROUPS = {"thead", "tbody", "tfoot"}
# Where a browser looks no further for what belongs to a table.
_PARTS = {"table", "caption", "tr", *_GROUPS, *CELLS}
# Of what stands around rows or cells only these still work: a browser opens them again in each cell.
_STRUCK_AROUND = {"s", "strike"}
_DIGITS = re.compile(r"\s*(\d{1,9})")
# A table claims no more than this; a larger span is a slip or an attack. HTML itself allows 1000 columns.
_MOST_SPAN = 1000


@dataclass(slots=True)
class Row:
    """The cells of a row, and how many rows its group has from this one on: no cell reaches into the next group."""

    cells: list[Element]
    left: int = 1


def rows_of(table: Element) -> list[Row]:
    """Return the rows of this table, not of tables inside it, in the order they show: head first and foot last.

    Cells without a row are one, and so are cells and rows inside a ``<form>`` or ``<font>`` that has no business there.
    """
    head: list[Row] | None = None
    foot: list[Row] | None = None
    body: list[Row] = []
    for name, rows in _groups(table):
        if name == "thead" and head is None:
            head = rows
        elif name == "tfoot" and foot is None:
            foot = rows
        else:
            body += rows
    return [*(head or ()), *body, *(foot or ())]


def _groups(table: Element) -> Iterator[tuple[str, list[Row]]]:
    bare: list[Element] = []
    for part in _parts(table):
        if part.tag not in _GROUPS:
            bare.append(part)
            continue
        yield "tbody", _counted(bare)
        bare = []
        yield part.tag, _counted(_parts(part))
    yield "tbody", _counted(bare)


def _counted(parts: Iterable[Element]) -> list[Row]:
    rows: list[Row] = []
    begun: Row | None = None
    for part in parts:
        if part.tag == "tr":
            inside = list(_parts(part))
            rows.append(Row([cell for cell in inside if cell.tag in CELLS]))
            rows += _counted(other for other in inside if other.tag not in CELLS)
            begun = None
        elif part.tag in _GROUPS:
            rows += _counted(_parts(part))
            begun = None
        elif part.tag in CELLS:
            if begun is None:
                begun = Row([])
                rows.append(begun)
            begun.cells.append(part)
    for left, row in enumerate(reversed(rows), 1):
        row.left = left
    return rows


def _parts(element: Element) -> Iterator[Element]:
    """Give the parts of a table in one of its parts, through everything that is none."""
    for child in element:
        if child.tag not in _PARTS:
            yield from _parts(child)
        elif not hidden(child):
            yield child


def stray_in(table: Element) -> Iterator[Element | str]:
    """Give what stands in a table and in none of its cells, as elements and pieces of text.

    A browser shows it before the table.
    """
    if table.text:
        yield table.text
    for child in table:
        if (
            child.tag in _GROUPS
            or child.tag == "tr"
            or (child.tag not in _PARTS and next(_parts(child), None) is not None)
        ):
            if not unread(child):
                yield from stray_in(child)
        elif child.tag == "table" or child.tag not in _PARTS:
            yield child
        if child.tail:
            yield child.tail


def is_unread(cell: Element) -> bool:
    """Whether a cell, its row or the group of its row is struck out or made invisible; it still holds its place."""
    while cell is not None and cell.tag != "table":
        if (cell.tag in _PARTS or cell.tag in _STRUCK_AROUND) and unread(cell):
            return True
        cell = cell.getparent()
    return False


def spans(cell: Element, row: Row) -> tuple[int, int]:
    """Return how many rows and columns a cell of a row spans; with 0 rows it goes on to the end of its group."""
    down = _span(cell, "rowspan")
    return min(down, row.left) if down else row.left, _span(cell, "colspan") or 1


def _span(cell: Element, name: str) -> int:
    claimed = cell.get(name)
    digits = _DIGITS.match(claimed) if claimed else None
    return min(int(digits.group(1)), _MOST_SPAN) if digits else 1
