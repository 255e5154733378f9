"""Tables made of other elements: laid out by style or named by role, they are tables like any other."""

from __future__ import annotations

import re

from bs4 import NavigableString, Tag

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
_CLASS = re.compile(r"\.([\w-]+)\s*(?=[,{])")
_RULE = re.compile(r"(?P<selectors>[^{}]+)\{(?P<body>[^{}]*)\}")


def name_tables(soup: Tag) -> None:
    """Give the elements of such tables the names of a table's.

    Only where all fits: rows in the table, short cells in the rows, and nothing between. Of a style sheet only rules
    for a class count. Read as running text, such rows lose their blank cells.
    """
    by_class = _classes(soup)
    parts: dict[int, str] = {}
    tables: list[Tag] = []
    for element in soup.find_all(True):
        part = _part(element, by_class) if element.attrs else None
        if part:
            parts[id(element)] = part
            tables += [element] if part == "table" else []
    for table in tables:
        if _fits(table, "table", parts):
            _rename(table, parts)


def _classes(soup: Tag) -> dict[str, str]:
    found: dict[str, str] = {}
    for style in soup.find_all("style"):
        for rule in _RULE.finditer(style.get_text()):
            display = _DISPLAY.search(rule["body"])
            if display and "@" not in rule["selectors"]:
                found.update(dict.fromkeys(_CLASS.findall(rule["selectors"] + "{"), display.group(1).lower()))
    return found


def _part(element: Tag, by_class: dict[str, str]) -> str | None:
    display = _DISPLAY.search(str(element.attrs.get("style", "")))
    if display:
        return _PARTS.get(display.group(1).lower())
    role = _PARTS.get(str(element.attrs.get("role", "")).lower())
    names = str(element.attrs.get("class", "")).split()
    return role or next((_PARTS.get(by_class[name]) for name in names if name in by_class), None)


def _fits(element: Tag, part: str, parts: dict[int, str]) -> bool:
    """Whether all that stands in a part of a table is its own parts, down to the cells."""
    inside = _INSIDE.get(part)
    if inside is None:
        return len(element.get_text(strip=True)) <= _LONGEST_CELL
    for child in element.children:
        if isinstance(child, Tag):
            if parts.get(id(child)) not in inside or not _fits(child, parts[id(child)], parts):
                return False
        elif type(child) is NavigableString and child.strip():
            return False
    return True


def _rename(element: Tag, parts: dict[int, str]) -> None:
    part = parts[id(element)]
    element.name = part
    for child in element.find_all(True, recursive=False) if part in _INSIDE else ():
        _rename(child, parts)
