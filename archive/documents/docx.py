"""DOCX files: paragraphs and tables in the order they stand in the body."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from archive.documents import kind
from archive.documents.model import Block, Cell, Document, Paragraph, Table, UnreadableError
from archive.documents.spaces import fold_line, fold_spaces, squeeze
from archive.documents.unpacking import refuse_bombs

_P, _TBL, _TR, _TC = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_T, _TAB, _BR, _CR = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
_HYPHEN = qn("w:noBreakHyphen")
_SYMBOL, _CODE, _FONT = qn("w:sym"), qn("w:char"), qn("w:font")
_PROPERTIES, _GRID_SPAN, _MERGE, _VAL = qn("w:tcPr"), qn("w:gridSpan"), qn("w:vMerge"), qn("w:val")
_R, _ALIGN = qn("w:r"), f"{qn('w:rPr')}/{qn('w:vertAlign')}"
# Raised and lowered text is set off by these: a footnote mark must not become a digit of the number it hangs on.
_SET_OFF = {"superscript": "^", "subscript": "_"}
_STYLE = f"{qn('w:pPr')}/{qn('w:pStyle')}"
# Text that was struck out or moved away under change tracking, fields' instructions, how a word is spoken and the copy
# for programs that cannot show a drawing are not what the reader sees.
_UNSEEN = {
    qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:delText"), qn("w:pPr"), qn("w:rPr"), qn("w:rt"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}  # fmt: skip
# Nor are runs and rows with one of these properties, unless it is switched off.
_HIDING = {
    _R: tuple(f"{qn('w:rPr')}/{qn(name)}" for name in ("w:strike", "w:dstrike", "w:vanish")),
    _TR: tuple(f"{qn('w:trPr')}/{qn(name)}" for name in ("w:del", "w:hidden")),
}
_OFF = {"0", "false", "off"}


def read_docx(data: bytes) -> Document:
    """Read a DOCX file.

    A cell merged downwards is read where it begins. Raises UnreadableError for a file that is damaged, encrypted or
    unpacks to more than any report could hold.
    """
    refuse_bombs(data, "DOCX")
    try:
        document = docx.Document(BytesIO(data))
        body = document.element.body
        _drop_unseen(body, _hiding_styles(document.styles.element))
    except (PackageNotFoundError, KeyError, etree.XMLSyntaxError, *kind.DAMAGE) as error:
        raise UnreadableError(f"DOCX 文件已损坏或加密，无法打开（{error}）：请到原址重新下载核对") from error
    return Document("docx", tuple(_blocks(body)))


def _hiding_styles(styles: etree._Element) -> set[str]:
    """Return the styles that strike out or hide what has them, by themselves or by the style they are based on."""
    based: dict[str, str] = {}
    hiding: set[str] = set()
    for style in styles.iter(qn("w:style")):
        name = style.get(qn("w:styleId"), "")
        base = style.find(qn("w:basedOn"))
        based[name] = "" if base is None else base.get(_VAL, "")
        found = [style.find(path) for path in _HIDING[_R]]
        if any(mark is not None and mark.get(_VAL) not in _OFF for mark in found):
            hiding.add(name)
        elif any(mark is not None for mark in found):
            based[name] = ""  # switched off again
    for name in based:
        above, seen = name, set()
        while above and above not in seen and above not in hiding:
            seen.add(above)
            above = based.get(above, "")
        if above in hiding:
            hiding |= seen
    return hiding


def _drop_unseen(body: etree._Element, hiding: set[str]) -> None:
    """Take the runs out of a body that one of these styles, their own or their paragraph's, strikes out or hides."""
    if not hiding:
        return
    own = f"{qn('w:rPr')}/{qn('w:rStyle')}"
    for paragraph in body.iter(_P):
        style = paragraph.find(_STYLE)
        whole = style is not None and style.get(_VAL) in hiding
        for run in list(paragraph.iter(_R)):
            named = run.find(own)
            marks = [run.find(path) for path in _HIDING[_R]]
            shown = any(mark is not None and mark.get(_VAL) in _OFF for mark in marks)
            if (whole or (named is not None and named.get(_VAL) in hiding)) and not shown:
                run.getparent().remove(run)


def _blocks(parent: etree._Element) -> Iterator[Block]:
    for child in parent:
        if child.tag == _P:
            for line in _text(child).split("\n"):
                if words := fold_spaces(line):
                    yield Paragraph(words, heading=_is_heading(child))
        elif child.tag == _TBL:
            yield from _table(child)
        elif not _unseen(child):
            yield from _blocks(child)  # content controls and other wrappers


def _table(table: etree._Element) -> Iterator[Block]:
    rows = [list(_own(row, _TC)) for row in _own(table, _TR)]
    if table.find(f".//{_TC}//{_TBL}") is not None or all(len(row) <= 1 for row in rows):
        for row in rows:
            for cell in row:
                yield from _blocks(cell)
        return
    spans = _row_spans(rows)
    yield Table(tuple(tuple(_cell(cell, spans[cell]) for cell in row if cell in spans) for row in rows))


def _own(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Give the rows of a table or the cells of a row, also those in content controls, not those of tables inside."""
    for child in element:
        if _unseen(child):
            continue
        if child.tag == tag:
            yield child
        elif child.tag not in (_TBL, _P):
            yield from _own(child, tag)


def _row_spans(rows: list[list[etree._Element]]) -> dict[etree._Element, int]:
    """Return how many rows each cell spans, without the cells that only continue one above."""
    spans: dict[etree._Element, int] = {}
    above: dict[int, etree._Element] = {}
    for row in rows:
        column = 0
        for cell in row:
            merge = cell.find(f"{_PROPERTIES}/{_MERGE}")
            goes_on = merge is not None and merge.get(_VAL, "continue") == "continue"
            if goes_on and column in above:
                spans[above[column]] += 1
            else:
                spans[cell] = 1
                above.pop(column, None)
                if merge is not None:
                    above[column] = cell
            column += _grid_span(cell)
    return spans


def _cell(cell: etree._Element, rowspan: int) -> Cell:
    return Cell(fold_line("\n".join(_text(paragraph) for paragraph in _paragraphs(cell))), rowspan, _grid_span(cell))


def _paragraphs(element: etree._Element) -> Iterator[etree._Element]:
    """Give the paragraphs of a cell that are seen, also those of text boxes inside other paragraphs."""
    for child in element:
        if not _unseen(child):
            if child.tag == _P:
                yield child
            yield from _paragraphs(child)


def _grid_span(cell: etree._Element) -> int:
    span = cell.find(f"{_PROPERTIES}/{_GRID_SPAN}")
    value = span.get(_VAL, "1") if span is not None else "1"
    return max(int(value), 1) if value.isdigit() else 1


def _text(paragraph: etree._Element) -> str:
    parts: list[str] = []
    _collect(paragraph, parts)
    return "".join(parts)


def _collect(element: etree._Element, parts: list[str]) -> None:
    for child in element:
        if child.tag == _T:
            parts.append(child.text or "")
        elif child.tag == _TAB:
            parts.append(" ")
        elif child.tag in (_BR, _CR):
            parts.append("\n")
        elif child.tag == _HYPHEN:
            parts.append("-")
        elif child.tag == _SYMBOL:
            parts.append(_symbol(child))
        elif not _unseen(child) and child.tag not in (_TBL, _P):
            start = len(parts)
            _collect(child, parts)
            if child.tag == _R and (mark := _set_off(child)) and squeeze("".join(parts[start:])):
                parts.insert(start, mark)


def _symbol(element: etree._Element) -> str:
    """Return the character of a symbol: a digit or letter of the font Symbol as such, others as the font's own.

    Those of picture fonts stay in the private area they stand in: a cell that holds one is not blank, and no number.
    """
    try:
        code = int(element.get(_CODE, ""), 16)
    except ValueError:
        return ""
    if element.get(_FONT) == "Symbol" and 0xF020 <= code <= 0xF07E:
        code -= 0xF000
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000 else ""


def _unseen(element: etree._Element) -> bool:
    """Whether the reader does not see an element: by what it is, or by a property of its own."""
    properties = (element.find(path) for path in _HIDING.get(element.tag, ()))
    return element.tag in _UNSEEN or any(found is not None and found.get(_VAL) not in _OFF for found in properties)


def _set_off(run: etree._Element) -> str | None:
    align = run.find(_ALIGN)
    return None if align is None else _SET_OFF.get(align.get(_VAL, ""))


def _is_heading(paragraph: etree._Element) -> bool:
    style = paragraph.find(_STYLE)
    return style is not None and style.get(_VAL, "").lower().startswith(("heading", "title", "1", "2"))
