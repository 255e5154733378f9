"""From the elements of a page to blocks: what is a paragraph, what a table, what only layout."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from lxml.cssselect import CSSSelector

from archive.documents.embedded import picture_in
from archive.documents.model import Block, Cell, Paragraph, Picture, Table
from archive.documents.spaces import fold_line, fold_spaces, squeeze
from archive.documents.text import blocks_of
from archive.documents.tree import Element, holds, length_of, text_of

_SKIPPED = {
    "script", "style", "noscript", "template", "head", "title", "iframe", "object", "select", "textarea", "button",
}  # fmt: skip
_BREAKING = {
    "p", "div", "section", "article", "header", "footer", "main", "nav", "aside", "ul", "ol", "li", "dl", "dt", "dd",
    "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "form", "fieldset", "figure", "figcaption", "hr",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "center", "address", "body", "pagebreak",
    "ucapcontent", "ucaptitle",
}  # fmt: skip
_ROWS = {"tr", "thead", "tbody", "tfoot"}
_CELLS = {"td", "th"}
# What shows in a cell and is no text.
_THINGS = {"img", "input", "textarea", "select"}
# Raised and lowered text is set off by these: a footnote mark must not become a digit of the number it hangs on.
_SET_OFF = {"sup": "^", "sub": "_", "super": "^"}
_RAISED = re.compile(r"(?<![\w-])vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
# A reviewer's remark beside the text, as Word exports it: the mark in the line, and the balloons at the end.
_REMARK = re.compile(r"MsoComment|msocom", re.IGNORECASE)
_REMARKS = re.compile(r"mso-element\s*:\s*comment", re.IGNORECASE)
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "ucaptitle"}
# Copies of the text for another screen are hidden by style; they would be read twice.
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
# The parts of a style sheet: rules for other screens and paper, and for the rest what they select and say.
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_MEDIA = re.compile(r"@[a-z-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE)
_RULE = re.compile(r"(?P<selectors>[^{}]+)\{(?P<body>[^{}]*)\}")
_DISPLAY = re.compile(r"(?<![\w-])display\s*:\s*([a-z-]+)", re.IGNORECASE)
_ONE = r"(?:[A-Za-z][\w-]*(?:[.#][A-Za-z_][\w-]*)*|(?:[.#][A-Za-z_][\w-]*)+)"
_PLAIN = re.compile(rf"{_ONE}(?:(?:\s*>\s*|\s+){_ONE})*")
# What its author struck out or made invisible is not said. It keeps its place on the page, which what is hidden does
# not.
_STRUCK = {"del", "s", "strike"}
_UNREAD = re.compile(
    r"(?<![\w-])(?:text-decoration(?:-line)?\s*:[^;]*line-through|visibility\s*:\s*(?:hidden|collapse)"
    r"|font-size\s*:\s*(?:0+(?:\.0*)?|\.0+)(?:%|[a-z]+)?\s*(?:[!;]|$))",
    re.IGNORECASE,
)
# UCAP pages carry this mark where a script splits them into pages.
_PAGE_BREAK = re.compile(r"#PAGE_BREAK#")
_FILE = re.compile(
    r"\.(?:docx?|wps|pdf|xlsx?|et|rtf|odt|ofd|zip|rar|7z)(?:$|[?#])|/downfile\.jsp|/down\.jsp", re.IGNORECASE
)
# A table of one cell with no more text than this is a frame put into a cell, not a page laid out. In characters.
_SHORT_CELL = 80
# So many different styles are remembered, over the pages; the text of a style is some 100 characters.
_REMEMBERED = 4096
_DIGITS = re.compile(r"\s*(\d{1,9})")
# A table claims no more than this; a larger span is a slip or an attack. HTML itself allows 1000 columns.
_MOST_SPAN = 1000


def hide_by_style(root: Element, sheets: str) -> None:
    """Mark as hidden the copies of a text that the page's own style sheets, given as one text, show to no one.

    Only plain rules count, of one selector without a state and outside ``@media``; the last rule for an element that
    names ``display`` decides. What a script may show again (the panels of tabs) is not known from here: a table is
    hidden only where another stays in sight.
    """
    if not _HIDDEN.search(sheets):
        return
    shown: dict[Element, bool] = {}
    for rule in _RULE.finditer(_COMMENT.sub("", _MEDIA.sub("", sheets))):
        display = _DISPLAY.findall(rule["body"])
        for selector in rule["selectors"].split(",") if display else ():
            if _PLAIN.fullmatch(selector.strip()):
                select = CSSSelector(selector.strip(), translator="html")
                shown.update(dict.fromkeys(select(root), display[-1].lower() != "none"))
    hidden = [element for element, visible in shown.items() if not visible]
    inside = {table for element in hidden for table in element.iterdescendants("table")}
    if inside and all(table in inside for table in root.iterdescendants("table")):
        return
    for element in hidden:
        element.set("hidden", "")


def read_blocks(element: Element) -> list[Block]:
    """Return the blocks of an element in order; see `read_with_pictures`."""
    return read_with_pictures(element)[0]


def read_with_pictures(element: Element) -> tuple[list[Block], list[Picture]]:
    """Return the blocks of an element in order, and the pictures that the page itself holds among them.

    Tables that only lay out the page (one cell a row, or other tables inside) are read through: what stands in their
    cells becomes blocks of its own. Hidden copies and what was struck out are left out.
    """
    builder = _Builder()
    builder.walk(element)
    builder.flush()
    return builder.blocks, builder.pictures


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of a row; what stands in them is not read where the row or its group is struck out."""

    cells: list[Element]
    unread: bool


class _Builder:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pictures: list[Picture] = []
        self._shown: list[bytes] = []
        self._parts: list[str] = []
        self._linked: list[str] = []
        self._heading = False

    def flush(self) -> None:
        if self._parts:
            text = fold_spaces(_PAGE_BREAK.sub("", "".join(self._parts)))
            # A line that is nothing but links to files lists attachments; it is no part of the text.
            if text and squeeze(text) != squeeze("".join(self._linked)):
                self.blocks.append(Paragraph(text, self._heading))
            self._parts, self._linked = [], []
        self.pictures += [Picture(len(self.blocks), data) for data in self._shown]
        self._shown = []
        self._heading = False

    def walk(self, element: Element) -> None:
        if element.text:
            self._parts.append(element.text)
        for child in element:
            self._tag(child)
            if child.tail:
                self._parts.append(child.tail)

    def _tag(self, element: Element) -> None:
        name = element.tag
        if name in _SKIPPED or _unread(element):
            return
        if name == "br":
            self.flush()
        elif name == "img":
            self._shown += picture_in(element.get("src", ""))
        elif name == "table":
            self.flush()
            self._table(element)
        elif name == "a" and _FILE.search(element.get("href", "")):
            self.walk(element)
            self._linked.append(text_of(element))
        elif name == "pre" and not holds(element, *_BREAKING):
            self.flush()
            # Text that keeps its lines, and may have tables typed in them.
            self.blocks += blocks_of(_shown_text(element))
        elif name in _BREAKING:
            self.flush()
            if name in _HEADINGS:
                self._heading = True
            self.walk(element)
            self.flush()
        else:
            self.walk(element)

    def _table(self, table: Element) -> None:
        for caption in table.findall("caption"):
            self.walk(caption)
            self.flush()
        for inner in list(table.iterdescendants("table")):
            if _holds_one_cell(inner):
                inner.tag = "div"
        rows = _rows(table)
        if holds(table, "table") or all(len(row.cells) <= 1 for row in rows):
            for row in rows:
                self._layout_row(row)
        else:
            self.blocks.append(Table(tuple(_read_row(row) for row in rows if row.cells)))

    def _layout_row(self, row: _Row) -> None:
        """Read a row of a layout table: as a row of data when no cell of several holds a table."""
        if len(row.cells) > 1 and not any(holds(cell, "table") for cell in row.cells):
            if self.blocks and isinstance(self.blocks[-1], Table):
                self.blocks[-1] = Table((*self.blocks[-1].rows, _read_row(row)))
            else:
                self.blocks.append(Table((_read_row(row),)))
            return
        for cell in row.cells:
            if not (row.unread or _unread(cell)):
                self.walk(cell)
            self.flush()


def _hidden(element: Element) -> bool:
    return element.get("hidden") is not None or _hides(element.get("style", ""))


def _unread(element: Element) -> bool:
    if element.tag in _STRUCK or element.get("hidden") is not None:
        return True
    style = element.get("style")
    if style and (_hides(style) or _silences(style)):
        return True
    names = element.get("class")
    return bool(names) and _is_remark(names)


# A page pasted from Word has a thousand elements and a few dozen styles.
@lru_cache(maxsize=_REMEMBERED)
def _hides(style: str) -> bool:
    return bool(_HIDDEN.search(style))


@lru_cache(maxsize=_REMEMBERED)
def _silences(style: str) -> bool:
    """Whether a style strikes a text out, makes it invisible, or makes it a remark beside the text."""
    return bool(_UNREAD.search(style) or _REMARKS.search(style))


@lru_cache(maxsize=_REMEMBERED)
def _is_remark(names: str) -> bool:
    return any(map(_REMARK.match, names.split()))


@lru_cache(maxsize=_REMEMBERED)
def _mark(name: str, style: str) -> str | None:
    """Return the mark that sets a raised or lowered text off, None for one on the line."""
    raised = _RAISED.search(style)
    return _SET_OFF.get(raised.group(1).lower() if raised else name)


def _rows(table: Element) -> list[_Row]:
    """Return the rows of this table, not of tables inside it."""
    rows: list[_Row] = []
    for child in _shown(table, _ROWS):
        unread = _unread(child)
        if child.tag == "tr":
            rows.append(_Row(_shown(child, _CELLS), unread))
        else:
            rows += [_Row(_shown(row, _CELLS), unread or _unread(row)) for row in _shown(child, {"tr"})]
    return rows


def _holds_one_cell(table: Element) -> bool:
    """Whether a table in a cell of another is only a frame around one number or word."""
    return (
        next(table.iterancestors("td", "th"), None) is not None
        and sum(1 for _ in table.iterdescendants("td", "th")) == 1
        and length_of(table) <= _SHORT_CELL
    )


def _shown(element: Element, names: Collection[str]) -> list[Element]:
    return [child for child in element if child.tag in names and not _hidden(child)]


def _read_row(row: _Row) -> tuple[Cell, ...]:
    return tuple(_cell(cell, row.unread) for cell in row.cells)


def _cell(cell: Element, unread: bool) -> Cell:
    parts: list[str] = []
    things: list[str] = []
    # An unread cell still holds its column: without it the others would move.
    if not unread and not _unread(cell):
        _cell_text(cell, parts, things)
    # A cell that only holds a form's field or a picture is not blank, and what it says is not known.
    return Cell(fold_line("".join(parts)) or " ".join(things), _span(cell, "rowspan"), _span(cell, "colspan"))


def _cell_text(element: Element, parts: list[str], things: list[str]) -> None:
    if element.text:
        parts.append(element.text)
    for child in element:
        if not _unread(child):
            _child_text(child, parts, things)
        if child.tail:
            parts.append(child.tail)


def _child_text(child: Element, parts: list[str], things: list[str]) -> None:
    name = child.tag
    if name in _THINGS and (thing := _thing(child)):
        things.append(thing)
    if name in _SKIPPED:
        return
    breaks = name == "br" or name in _BREAKING
    if breaks:
        parts.append("\n")
    start = len(parts)
    _cell_text(child, parts, things)
    if (mark := _mark(name, child.get("style", ""))) and squeeze("".join(parts[start:])):
        parts.insert(start, mark)
    if breaks:
        parts.append("\n")


def _shown_text(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += ["\n" if child.tag == "br" else "" if _unread(child) else _shown_text(child), child.tail or ""]
    return "".join(parts)


def _thing(element: Element) -> str | None:
    """Return a name for a field or a picture that shows on the page; a picture of one pixel only takes up room."""
    if element.tag == "img":
        return None if {element.get("width"), element.get("height")} & {"0", "1", "0px", "1px"} else "[图片]"
    if element.tag == "input" and element.get("type", "").lower() == "hidden":
        return None
    if element.tag == "input":
        said = element.get("value", "")
    elif element.tag == "textarea":
        said = text_of(element)
    else:
        options = list(element.iterdescendants("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options
        said = text_of(chosen[0]) if chosen else ""
    return f"[{element.tag}: {fold_line(said)}]"


def _span(cell: Element, name: str) -> int:
    claimed = cell.get(name)
    digits = _DIGITS.match(claimed) if claimed else None
    return min(max(int(digits.group(1)), 1), _MOST_SPAN) if digits else 1
