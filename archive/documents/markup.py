"""From the elements of a page to blocks: what is a paragraph, what a table, what only layout."""

from __future__ import annotations

import re
from functools import lru_cache

from bs4 import NavigableString, Tag

from archive.documents.embedded import picture_in
from archive.documents.model import Block, Cell, Paragraph, Picture, Table
from archive.documents.spaces import fold_line, fold_spaces, squeeze
from archive.documents.text import blocks_of

_SKIPPED = {
    "script", "style", "noscript", "template", "head", "title", "iframe", "object", "select", "textarea", "button",
}  # fmt: skip
_BREAKING = {
    "p", "div", "section", "article", "header", "footer", "main", "nav", "aside", "ul", "ol", "li", "dl", "dt", "dd",
    "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "form", "fieldset", "figure", "figcaption", "hr",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "center", "address", "body", "pagebreak",
    "ucapcontent", "ucaptitle",
}  # fmt: skip
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
# A table claims no more than this; a larger span is a slip or an attack. HTML itself allows 1000 columns.
_MOST_SPAN = 1000


def hide_by_style(soup: Tag) -> None:
    """Mark as hidden the copies of a text that the page's own style sheet shows to no one.

    Only plain rules count, of one selector without a state and outside ``@media``; the last rule for an element that
    names ``display`` decides. What a script may show again (the panels of tabs) is not known from here: a table is
    hidden only where another stays in sight.
    """
    sheets = "\n".join(style.get_text() for style in soup.find_all("style"))
    if not _HIDDEN.search(sheets):
        return
    shown: dict[int, tuple[Tag, bool]] = {}
    for rule in _RULE.finditer(_COMMENT.sub("", _MEDIA.sub("", sheets))):
        display = _DISPLAY.findall(rule["body"])
        for selector in rule["selectors"].split(",") if display else ():
            if _PLAIN.fullmatch(selector.strip()):
                for element in soup.select(selector.strip()):
                    shown[id(element)] = element, display[-1].lower() != "none"
    hidden = [element for element, visible in shown.values() if not visible]
    inside = {id(table) for element in hidden for table in element.find_all("table")}
    if inside and all(id(table) in inside for table in soup.find_all("table")):
        return
    for element in hidden:
        element["hidden"] = ""


def read_blocks(element: Tag) -> list[Block]:
    """Return the blocks of an element in order; see `read_with_pictures`."""
    return read_with_pictures(element)[0]


def read_with_pictures(element: Tag) -> tuple[list[Block], list[Picture]]:
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

    def walk(self, element: Tag) -> None:
        for child in element.children:
            if isinstance(child, Tag):
                self._tag(child)
            elif type(child) is NavigableString:
                self._parts.append(child)

    def _tag(self, tag: Tag) -> None:
        name = tag.name
        if name in _SKIPPED or _unread(tag):
            return
        if name == "br":
            self.flush()
        elif name == "img":
            self._shown += picture_in(str(tag.attrs.get("src", "")))
        elif name == "table":
            self.flush()
            self._table(tag)
        elif name == "a" and _FILE.search(str(tag.attrs.get("href", ""))):
            self.walk(tag)
            self._linked.append(tag.get_text())
        elif name == "pre" and not tag.find(_BREAKING):
            self.flush()
            # Text that keeps its lines, and may have tables typed in them.
            self.blocks += blocks_of(_shown_text(tag))
        elif name in _BREAKING:
            self.flush()
            if name in _HEADINGS:
                self._heading = True
            self.walk(tag)
            self.flush()
        else:
            self.walk(tag)

    def _table(self, tag: Tag) -> None:
        for caption in tag.find_all("caption", recursive=False):
            self.walk(caption)
            self.flush()
        for inner in tag.find_all("table"):
            if _holds_one_cell(inner):
                inner.name = "div"
        rows = _rows(tag)
        if tag.find("table") is not None or all(len(cells) <= 1 for cells in rows):
            for cells in rows:
                self._layout_row(cells)
        else:
            self.blocks.append(Table(tuple(tuple(map(_cell, cells)) for cells in rows if cells)))

    def _layout_row(self, cells: list[Tag]) -> None:
        """Read a row of a layout table: as a row of data when no cell of several holds a table."""
        if len(cells) > 1 and not any(cell.find("table") for cell in cells):
            row = tuple(map(_cell, cells))
            if self.blocks and isinstance(self.blocks[-1], Table):
                self.blocks[-1] = Table((*self.blocks[-1].rows, row))
            else:
                self.blocks.append(Table((row,)))
            return
        for cell in cells:
            if not _cell_unread(cell):
                self.walk(cell)
            self.flush()


def _hidden(tag: Tag) -> bool:
    attributes = tag.attrs
    return bool(attributes) and ("hidden" in attributes or _hides(str(attributes.get("style", ""))))


def _unread(tag: Tag) -> bool:
    attributes = tag.attrs
    if not attributes or tag.name in _STRUCK:
        return tag.name in _STRUCK
    style = str(attributes.get("style", ""))
    if "hidden" in attributes or _hides(style) or _silences(style):
        return True
    return "class" in attributes and any(map(_REMARK.match, str(attributes["class"]).split()))


# A page pasted from Word has a thousand elements and a few dozen styles.
@lru_cache(maxsize=_REMEMBERED)
def _hides(style: str) -> bool:
    return bool(_HIDDEN.search(style))


@lru_cache(maxsize=_REMEMBERED)
def _silences(style: str) -> bool:
    """Whether a style strikes a text out, makes it invisible, or makes it a remark beside the text."""
    return bool(_UNREAD.search(style) or _REMARKS.search(style))


def _set_off(tag: Tag) -> str | None:
    """Return the mark that sets a raised or lowered text off, None for one on the line."""
    raised = _RAISED.search(str(tag.attrs.get("style", ""))) if "style" in tag.attrs else None
    return _SET_OFF.get(raised.group(1).lower() if raised else tag.name)


def _cell_unread(cell: Tag) -> bool:
    """Whether a cell is not read, by itself or because its row or group of rows is not."""
    around: Tag | None = cell
    while around is not None and around.name != "table":
        if _unread(around):
            return True
        around = around.parent
    return False


def _rows(table: Tag) -> list[list[Tag]]:
    """Return the cells of each row of this table, not of tables inside it."""
    rows: list[list[Tag]] = []
    for child in _shown(table, "tr", "thead", "tbody", "tfoot"):
        rows += [_cells(row) for row in ([child] if child.name == "tr" else _shown(child, "tr"))]
    return rows


def _holds_one_cell(table: Tag) -> bool:
    """Whether a table in a cell of another is only a frame around one number or word."""
    return (
        table.find_parent(("td", "th")) is not None
        and len(table.find_all(("td", "th"))) == 1
        and (len(table.get_text(strip=True)) <= _SHORT_CELL)
    )


def _cells(row: Tag) -> list[Tag]:
    return _shown(row, "td", "th")


def _shown(tag: Tag, *names: str) -> list[Tag]:
    return [child for child in tag.children if isinstance(child, Tag) and child.name in names and not _hidden(child)]


def _cell(tag: Tag) -> Cell:
    parts: list[str] = []
    things: list[str] = []
    # An unread cell still holds its column: without it the others would move.
    if not _cell_unread(tag):
        _cell_text(tag, parts, things)
    # A cell that only holds a form's field or a picture is not blank, and what it says is not known.
    return Cell(fold_line("".join(parts)) or " ".join(things), _span(tag, "rowspan"), _span(tag, "colspan"))


def _cell_text(tag: Tag, parts: list[str], things: list[str]) -> None:
    for child in tag.children:
        if isinstance(child, Tag):
            if _unread(child):
                continue
            if thing := _thing(child):
                things.append(thing)
            name = child.name
            if name in _SKIPPED:
                continue
            breaks = name == "br" or name in _BREAKING
            if breaks:
                parts.append("\n")
            start = len(parts)
            _cell_text(child, parts, things)
            if (mark := _set_off(child)) and squeeze("".join(parts[start:])):
                parts.insert(start, mark)
            if breaks:
                parts.append("\n")
        elif type(child) is NavigableString:
            parts.append(child)


def _shown_text(tag: Tag) -> str:
    parts = []
    for child in tag.children:
        if isinstance(child, Tag):
            parts.append("\n" if child.name == "br" else "" if _unread(child) else _shown_text(child))
        elif type(child) is NavigableString:
            parts.append(child)
    return "".join(parts)


def _thing(tag: Tag) -> str | None:
    """Return a name for a field or a picture that shows on the page; a picture of one pixel only takes up room."""
    attributes = tag.attrs
    if tag.name == "img":
        return None if {attributes.get("width"), attributes.get("height")} & {"0", "1", "0px", "1px"} else "[图片]"
    if tag.name == "input" and str(attributes.get("type", "")).lower() != "hidden":
        said = str(attributes.get("value", ""))
    elif tag.name == "textarea":
        said = tag.get_text()
    elif tag.name == "select":
        chosen = tag.find("option", selected=True) or tag.find("option")
        said = chosen.get_text() if chosen else ""
    else:
        return None
    return f"[{tag.name}: {fold_line(said)}]"


def _span(tag: Tag, name: str) -> int:
    claimed = tag.attrs.get(name)
    digits = re.match(r"\s*(\d{1,9})", str(claimed)) if claimed is not None else None
    return min(max(int(digits.group(1)), 1), _MOST_SPAN) if digits else 1
