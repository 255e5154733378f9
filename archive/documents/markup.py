"""From the elements of a page to blocks: what is a paragraph, what a table, what only layout."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from archive.documents.embedded import picture_in
from archive.documents.model import Block, Cell, Paragraph, Picture, Table
from archive.documents.page_tables import Row, is_unread, rows_of, spans, stray_in
from archive.documents.page_unseen import raised, unread
from archive.documents.spaces import fold_line, fold_spaces, squeeze
from archive.documents.text import blocks_of
from archive.documents.tree import Element, holds, length_of, text_of

# What stands in these shows on no page, or is drawn, or tells how a word is spoken.
_SKIPPED = {
    "script", "style", "noscript", "noframes", "noembed", "template", "head", "title", "datalist", "dialog",
    "iframe", "object", "video", "audio", "canvas", "svg", "select", "textarea", "button", "rt", "rp", "annotation",
}  # fmt: skip
_BREAKING = {
    "p", "div", "section", "article", "header", "footer", "main", "nav", "aside", "ul", "ol", "li", "dl", "dt", "dd",
    "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "form", "fieldset", "figure", "figcaption", "hr",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "center", "address", "body", "pagebreak",
    "ucapcontent", "ucaptitle",
}  # fmt: skip
# What shows in a cell and is no text.
_DRAWN = {"img", "svg", "canvas", "object"}
_THINGS = {*_DRAWN, "input", "textarea", "select", "button"}
# Raised and lowered text is set off by these: a footnote mark must not become a digit of the number it hangs on.
_SET_OFF = {"sup": "^", "sub": "_", "super": "^"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "ucaptitle"}
# UCAP pages carry this mark where a script splits them into pages.
_PAGE_BREAK = re.compile(r"#PAGE_BREAK#")
_FILE = re.compile(
    r"\.(?:docx?|wps|pdf|xlsx?|et|rtf|odt|ofd|zip|rar|7z)(?:$|[?#])|/downfile\.jsp|/down\.jsp", re.IGNORECASE
)
# A table of one cell with no more text than this is a frame put into a cell, not a page laid out. In characters.
_SHORT_CELL = 80


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
        if name in _SKIPPED or unread(element):
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
        stray = list(stray_in(table))
        # A table that stands in none of the cells ends this one: what follows it follows this one too.
        own = next((place for place, thing in enumerate(stray) if _is_or_holds_table(thing)), len(stray))
        self._loose(stray[:own])
        rows = rows_of(table)
        cells = [cell for row in rows for cell in row.cells]
        if any(holds(cell, "table") for cell in cells) or all(len(row.cells) <= 1 for row in rows):
            for row in rows:
                self._layout_row(row)
        else:
            self.blocks.append(Table(tuple(_read_row(row) for row in rows if row.cells)))
        self._loose(stray[own:])

    def _loose(self, things: Iterable[Element | str]) -> None:
        for thing in things:
            if isinstance(thing, str):
                self._parts.append(thing)
            else:
                self._tag(thing)
        self.flush()

    def _layout_row(self, row: Row) -> None:
        """Read a row of a layout table: as a row of data when no cell of several holds a table."""
        if len(row.cells) > 1 and not any(holds(cell, "table") for cell in row.cells):
            if self.blocks and isinstance(self.blocks[-1], Table):
                self.blocks[-1] = Table((*self.blocks[-1].rows, _read_row(row)))
            else:
                self.blocks.append(Table((_read_row(row),)))
            return
        for cell in row.cells:
            if not is_unread(cell):
                self.walk(cell)
            self.flush()


def _is_or_holds_table(thing: Element | str) -> bool:
    return not isinstance(thing, str) and (thing.tag == "table" or holds(thing, "table"))


def _holds_one_cell(table: Element) -> bool:
    """Whether a table in a cell of another is only a frame around one number or word."""
    return (
        next(table.iterancestors("td", "th"), None) is not None
        and len(list(islice(table.iterdescendants("td", "th"), 2))) == 1
        and length_of(table) <= _SHORT_CELL
    )


def _read_row(row: Row) -> tuple[Cell, ...]:
    return tuple(_cell(cell, row) for cell in row.cells)


def _cell(cell: Element, row: Row) -> Cell:
    parts: list[str] = []
    things: list[str] = []
    # An unread cell still holds its column: without it the others would move.
    if not is_unread(cell):
        _cell_text(cell, parts, things)
    # A cell that only holds a form's field or a picture is not blank, and what it says is not known.
    return Cell(fold_line("".join(parts)) or " ".join(things), *spans(cell, row))


def _cell_text(element: Element, parts: list[str], things: list[str]) -> None:
    if element.text:
        parts.append(element.text)
    for child in element:
        if not unread(child):
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
    if (mark := _SET_OFF.get(raised(child.get("style", "")) or name)) and squeeze("".join(parts[start:])):
        parts.insert(start, mark)
    if breaks:
        parts.append("\n")


def _shown_text(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += ["\n" if child.tag == "br" else "" if unread(child) else _shown_text(child), child.tail or ""]
    return "".join(parts)


def _thing(element: Element) -> str | None:
    """Return a name for a field or a picture that shows on the page; a picture of one pixel only takes up room."""
    if element.tag in _DRAWN:
        return None if {element.get("width"), element.get("height")} & {"0", "1", "0px", "1px"} else "[图片]"
    if element.tag == "input" and element.get("type", "").lower() == "hidden":
        return None
    if element.tag == "input":
        said = element.get("value", "")
    elif element.tag in ("textarea", "button"):
        said = text_of(element)
    else:
        options = list(element.iterdescendants("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options
        said = text_of(chosen[0]) if chosen else ""
    return f"[{element.tag}: {fold_line(said)}]"
