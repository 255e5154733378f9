"""Tables made of other elements: laid out by style or named by role, they are tables like any other."""

from __future__ import annotations

import re

from archive.documents.tree import Element, length_of

# display values and ARIA roles, by the element of a table they make of another.
_PARTS = {
    "table": "table", "inline-table": "table", "grid": "table",
    "table-row-group": "tbody", "table-header-group": "thead", "table-footer-group": "tfoot", "rowgroup": "tbody",
    "table-row": "tr", "row": "tr",
    "table-cell": "td", "cell": "td", "gridcell": "td", "columnheader": "td", "rowheader": "td",
}  # fmt: skip
# The longest labels have some 80 characters with their gloss; a cell with much more holds the page. In characters.
_LONGEST_CELL = 200
_INSIDE = {
    "table": ("tbody", "thead", "tfoot", "tr"),
    "tbody": ("tr",),
    "thead": ("tr",),
    "tfoot": ("tr",),
    "tr": ("td",),
}
_DISPLAY = re.compile(r"(?<![\w-])display\s*:\s*((?:inline-)?table(?:-[a-z-]+)?)\b", re.IGNORECASE)


def name_tables(root: Element) -> None:
    """Give the elements of such tables the names of a table's.

    Only where all fits: rows in the table, short cells in the rows, and nothing between. What style sheets say must
    have been applied (`page_unseen.apply_sheets`). Read as running text, such rows lose their blank cells.
    """
    parts: dict[Element, str] = {}
    tables: list[Element] = []
    for element in root.iterdescendants():
        part = _part(element)
        if part:
            parts[element] = part
            tables += [element] if part == "table" else []
    for table in tables:
        if _fits(table, "table", parts):
            _rename(table, parts)


def _part(element: Element) -> str | None:
    display = _DISPLAY.search(element.get("style", ""))
    return _PARTS.get(display.group(1).lower() if display else element.get("role", "").lower())


def _fits(element: Element, part: str, parts: dict[Element, str]) -> bool:
    """Whether all that stands in a part of a table is its own parts, down to the cells."""
    inside = _INSIDE.get(part)
    if inside is None:
        return length_of(element) <= _LONGEST_CELL
    if (element.text or "").strip():
        return False
    for child in element:
        if parts.get(child) not in inside or not _fits(child, parts[child], parts) or (child.tail or "").strip():
            return False
    return True


def _rename(element: Element, parts: dict[Element, str]) -> None:
    part = parts[element]
    element.tag = part
    for child in element if part in _INSIDE else ():
        _rename(child, parts)
