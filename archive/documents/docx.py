"""DOCX files: paragraphs and tables in the order they stand in the body."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from archive.documents import kind
from archive.documents.docx_numbering import Numbering
from archive.documents.docx_pictures import Shown, apart, held, shown_in
from archive.documents.model import Block, Cell, Document, Paragraph, Picture, Table, UnreadableError
from archive.documents.spaces import fold_line, fold_spaces, squeeze
from archive.documents.unpacking import refuse_bombs

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# The strict kind of the format calls the same things by another name.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"


def _w(name: str) -> str:
    return f"{{{_MAIN}}}{name}"


_P, _TBL, _TR, _TC = _w("p"), _w("tbl"), _w("tr"), _w("tc")
_T, _BOX = _w("t"), _w("txbxContent")
_MARKS = {_w("tab"): " ", _w("ptab"): " ", _w("br"): "\n", _w("cr"): "\n", _w("noBreakHyphen"): "-"}
_FIELD, _FIELD_PART = _w("fldChar"), _w("fldCharType")
_SYMBOL, _CODE, _FONT = _w("sym"), _w("char"), _w("font")
_PROPERTIES, _GRID_SPAN, _MERGE, _VAL = _w("tcPr"), _w("gridSpan"), _w("vMerge"), _w("val")
_ACROSS, _BEFORE = _w("hMerge"), f"{_w('trPr')}/{_w('gridBefore')}"
# Word makes no table of more columns; a cell that claims to span more would fill the memory.
_MOST_COLUMNS = 63
_R, _ALIGN = _w("r"), f"{_w('rPr')}/{_w('vertAlign')}"
# Raised and lowered text is set off by these: a footnote mark must not become a digit of the number it hangs on.
_SET_OFF = {"superscript": "^", "subscript": "_"}
_STYLE = f"{_w('pPr')}/{_w('pStyle')}"
_PICTURE = "[图片]"
# Text that was struck out or moved away under change tracking, fields' instructions, how a word is spoken and the copy
# for programs that cannot show a drawing are not what the reader sees.
_UNSEEN = {
    _w("del"), _w("moveFrom"), _w("instrText"), _w("delText"), _w("pPr"), _w("rPr"), _w("rt"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}  # fmt: skip
# Nor are runs, rows, cells and controls that have one of these properties in theirs, unless it is switched off.
_HIDING = {
    _R: (_w("rPr"), {_w("strike"), _w("dstrike"), _w("vanish")}),
    _TR: (_w("trPr"), {_w("del"), _w("hidden")}),
    _TC: (_PROPERTIES, {_w("cellDel")}),
    _w("sdt"): (_w("sdtPr"), {_w("showingPlcHdr")}),  # nothing was filled in
}
_OFF = {"0", "false", "off"}


def read_docx(data: bytes) -> Document:
    """Read a DOCX file.

    A cell merged downwards is read where it begins. Raises UnreadableError for a file that is damaged, encrypted or
    unpacks to more than any report could hold.
    """
    refuse_bombs(data, "DOCX")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        path = _target(archive, "_rels/.rels", "officeDocument") or "word/document.xml"
        relations = posixpath.join(posixpath.dirname(path), "_rels", posixpath.basename(path) + ".rels")
        body = _parsed(archive, path).find(_w("body"))
        if body is None:
            raise ValueError("没有正文")
        styles, numbering = (_related(archive, relations, role) for role in ("styles", "numbering"))
    except (KeyError, etree.XMLSyntaxError, *kind.DAMAGE) as error:
        raise UnreadableError(f"DOCX 文件已损坏或加密，无法打开（{error}）：请到原址重新下载核对") from error
    _join_across(body)
    if styles is not None:
        _drop_unseen(body, _hiding_styles(styles))
    if numbering is not None:
        _write_numbers(body, Numbering(numbering, styles, _MAIN))
    blocks, shown = apart(_blocks(body))
    named = _parsed(archive, relations) if shown and relations in archive.namelist() else etree.Element("none")
    pictures = tuple(held(archive, posixpath.dirname(path), named, shown))
    notes = tuple(_notes(archive.namelist(), body, blocks, pictures))
    return Document("docx", blocks, notes=notes, pictures=pictures)


def _parsed(archive: zipfile.ZipFile, path: str) -> etree._Element:
    data = archive.read(path).replace(_STRICT, _MAIN.encode())
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False))


def _target(archive: zipfile.ZipFile, relations: str, role: str) -> str | None:
    """Return the part that plays a role for the one these relations are of, None where none of the file's does."""
    if relations not in archive.namelist():
        return None
    folder = posixpath.dirname(posixpath.dirname(relations))
    for relation in _parsed(archive, relations).iterfind("{*}Relationship"):
        path = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
        if relation.get("Type", "").endswith(f"/{role}") and path in archive.namelist():
            return path
    return None


def _related(archive: zipfile.ZipFile, relations: str, role: str) -> etree._Element | None:
    path = _target(archive, relations, role)
    return _parsed(archive, path) if path else None


def _write_numbers(body: etree._Element, numbering: Numbering) -> None:
    """Write the numbers Word draws before paragraphs into them, apart from a text that begins with a digit itself."""
    seen = (paragraph for paragraph in body.iter(_P) if not any(map(_unseen, paragraph.iterancestors())))
    for paragraph, label in numbering.labels(seen).items():
        run, text = etree.Element(_R), etree.Element(_T)
        text.text = label + " " * _text(paragraph).lstrip()[:1].isdigit()
        run.append(text)
        properties = paragraph.find(_w("pPr"))
        paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, run)


def _notes(
    names: list[str], body: etree._Element, blocks: tuple[Block, ...], shown: tuple[Picture, ...]
) -> Iterator[str]:
    """Say what a document holds besides text: other files, and pictures where no table is that stand nowhere."""
    embedded = [name for name in names if re.match(r"word/embeddings/.", name)]
    chunks = body.find(f".//{_w('altChunk')}") is not None
    if embedded or chunks:
        yield f"文档内嵌有 {max(len(embedded), 1)} 个其他文件，其内容未读取：请打开原件核对"
    pictures = [name for name in names if re.match(r"word/media/.", name)]
    if pictures and not shown and not any(isinstance(block, Table) for block in blocks):
        yield f"文档中没有表格，但有 {len(pictures)} 幅图片，表格可能在图片中，未读取：请打开原件核对"


def _hiding_styles(styles: etree._Element) -> set[str]:
    """Return the styles that strike out or hide what has them, by themselves or by the style they are based on."""
    based: dict[str, str] = {}
    hiding: set[str] = set()
    for style in styles.iter(_w("style")):
        name = style.get(_w("styleId"), "")
        base = style.find(_w("basedOn"))
        based[name] = "" if base is None else base.get(_VAL, "")
        found = _marks(style, *_HIDING[_R])
        if any(mark.get(_VAL) not in _OFF for mark in found):
            hiding.add(name)
        elif found:
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
    own = f"{_w('rPr')}/{_w('rStyle')}"
    for paragraph in body.iter(_P):
        style = paragraph.find(_STYLE)
        whole = style is not None and style.get(_VAL) in hiding
        for run in list(paragraph.iter(_R)):
            named = run.find(own)
            shown = any(mark.get(_VAL) in _OFF for mark in _marks(run, *_HIDING[_R]))
            if (whole or (named is not None and named.get(_VAL) in hiding)) and not shown:
                run.getparent().remove(run)


def _blocks(parent: etree._Element) -> Iterator[Block | Shown]:
    for child in parent:
        if child.tag == _P:
            for line in _text(child).split("\n"):
                if words := fold_spaces(line):
                    yield Paragraph(words, heading=_is_heading(child))
            yield from shown_in(child, lambda element: element.tag == _BOX or _unseen(element))
            for box in _boxes(child):
                yield from _blocks(box)
        elif child.tag == _TBL:
            yield from _table(child)
        elif not _unseen(child):
            yield from _blocks(child)  # content controls and other wrappers


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Give the text boxes anchored in a paragraph."""
    for child in paragraph:
        if child.tag == _BOX:
            yield child
        elif not _unseen(child):
            yield from _boxes(child)


def _table(table: etree._Element) -> Iterator[Block | Shown]:
    """Give a table; one that only lays out others is read through, its rows without a table in them as rows."""
    rows = [list(_own(row, _TC)) for row in _own(table, _TR)]
    spans = _row_spans(rows)
    layout = all(len(row) <= 1 for row in rows)
    data: list[tuple[Cell, ...]] = []
    for row in rows:
        if not layout and not any(map(_holds_table, row)):
            data.append(tuple(_cell(cell, spans[cell]) for cell in row if cell in spans))
            continue
        if data:
            yield Table(tuple(data))
            data = []
        for cell in row:
            yield from _blocks(cell)
    if data:
        yield Table(tuple(data))


def _holds_table(cell: etree._Element) -> bool:
    """Whether a cell holds a table; one of a single cell is but a frame around its text."""
    return any(len(list(table.iter(_TC))) > 1 for table in cell.iter(_TBL))


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
        column = _skipped(row)
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


def _skipped(row: list[etree._Element]) -> int:
    """Return how many columns of the grid a row leaves out before its first cell."""
    before = row[0].getparent().find(_BEFORE) if row else None
    value = before.get(_VAL, "0") if before is not None else "0"
    return int(value) if value.isdecimal() else 0


def _join_across(body: etree._Element) -> None:
    """Make one cell of those merged as programs did before there were spans: first one that restarts, then others."""
    for merge in list(body.iter(_ACROSS)):
        cell = merge.getparent().getparent()
        before = cell.getprevious()
        if merge.get(_VAL, "continue") == "continue" and before is not None and before.tag == _TC:
            properties = before.find(_PROPERTIES)
            if properties is None:
                properties = etree.SubElement(before, _PROPERTIES)
            width = _grid_span(before) + _grid_span(cell)
            span = properties.find(_GRID_SPAN)
            span = etree.SubElement(properties, _GRID_SPAN) if span is None else span
            span.set(_VAL, str(width))
            cell.getparent().remove(cell)


def _cell(cell: etree._Element, rowspan: int) -> Cell:
    text = fold_line("\n".join(_text(paragraph) for paragraph in _paragraphs(cell)))
    # A cell that only holds a picture is not blank, and what it says is not known.
    return Cell(text or _PICTURE * any(shown_in(cell, _unseen)), rowspan, _grid_span(cell))


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
    return min(max(int(value), 1), _MOST_COLUMNS) if value.isdecimal() else 1


def _text(paragraph: etree._Element) -> str:
    parts: list[str] = []
    _collect(paragraph, parts, [])
    return "".join(parts)


def _collect(element: etree._Element, parts: list[str], fields: list[bool]) -> None:
    """Add the text of an element to ``parts``; ``fields`` says of each field that is open whether this is its code."""
    for child in element:
        said = _said(child)
        if said is not None:
            if not any(fields):
                parts.append(said)
        elif child.tag == _FIELD:
            _step(fields, child.get(_FIELD_PART))
        elif not _unseen(child) and child.tag not in (_TBL, _P):
            start = len(parts)
            _collect(child, parts, fields)
            if child.tag == _R and (mark := _set_off(child)) and squeeze("".join(parts[start:])):
                parts.insert(start, mark)


def _said(element: etree._Element) -> str | None:
    """Return the text an element stands for, None for one that only holds others."""
    if element.tag == _T:
        return element.text or ""
    if element.tag == _SYMBOL:
        return _symbol(element)
    return _MARKS.get(element.tag)


def _step(fields: list[bool], part: str | None) -> None:
    """Follow the fields that are open: a code, then perhaps its result."""
    if part == "begin":
        fields.append(True)
    elif fields and part == "separate":
        fields[-1] = False
    elif fields and part == "end":
        fields.pop()


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
    if element.tag in _UNSEEN:
        return True
    hiding = _HIDING.get(element.tag)
    return hiding is not None and any(mark.get(_VAL) not in _OFF for mark in _marks(element, *hiding))


def _marks(element: etree._Element, properties: str, names: set[str]) -> list[etree._Element]:
    """Return those of an element's properties that are called so."""
    found = element.find(properties)
    return [] if found is None else [mark for mark in found if mark.tag in names]


def _set_off(run: etree._Element) -> str | None:
    align = run.find(_ALIGN)
    return None if align is None else _SET_OFF.get(align.get(_VAL, ""))


def _is_heading(paragraph: etree._Element) -> bool:
    style = paragraph.find(_STYLE)
    return style is not None and style.get(_VAL, "").lower().startswith(("heading", "title", "1", "2"))
