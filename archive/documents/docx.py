"""DOCX files: paragraphs and tables in the order they stand in the body."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from archive.documents import kind
from archive.documents.docx_names import MAIN, MATH, STRICT, VALUE, inner, value_of, w, whole_number
from archive.documents.docx_numbering import Numbering
from archive.documents.docx_pictures import Shown, apart, held, shown_in
from archive.documents.docx_styles import apply_styles
from archive.documents.docx_unseen import take_out_unseen
from archive.documents.model import Block, Cell, Document, Paragraph, Picture, Table, UnreadableError
from archive.documents.spaces import fold_line, fold_spaces, squeeze
from archive.documents.unpacking import refuse_bombs

_P, _TBL, _TR, _TC = w("p"), w("tbl"), w("tr"), w("tc")
_T, _BOX = w("t"), w("txbxContent")
_MARKS = {w("tab"): " ", w("ptab"): " ", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "-"}
_FIELD, _FIELD_PART = w("fldChar"), w("fldCharType")
_SYMBOL, _CODE, _FONT = w("sym"), w("char"), w("font")
_PROPERTIES, _GRID_SPAN, _MERGE, _ACROSS = w("tcPr"), w("gridSpan"), w("vMerge"), w("hMerge")
_PARAGRAPHS_OWN, _RUNS_OWN, _NUMBERED = w("pPr"), w("rPr"), w("numPr")
# Word makes no table of more columns; a cell that claims to span more would fill the memory.
_MOST_COLUMNS = 63
_R = w("r")
# Raised and lowered text is set off by these: a footnote mark must not become a digit of the number it hangs on.
_SET_OFF = {"superscript": "^", "subscript": "_"}
_PICTURE = "[图片]"
# What stands above or beside what in a formula is not told; its digits alone would be another number.
_FORMULA, _FORMULA_TEXT = f"{{{MATH}}}oMath", "[公式]"
# Of these nothing is text; blocks in text have lines of their own.
_NO_TEXT = {_PARAGRAPHS_OWN, _RUNS_OWN, _TBL, _P}


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
        body = _parsed(archive, path).find(w("body"))
        if body is None:
            raise ValueError("没有正文")
        styles = _related(archive, relations, "styles")
        numbered = any(next(part.iter(_NUMBERED), None) is not None for part in (body, styles) if part is not None)
        numbering = _related(archive, relations, "numbering") if numbered else None
    except (KeyError, etree.XMLSyntaxError, *kind.DAMAGE) as error:
        raise UnreadableError(f"DOCX 文件已损坏或加密，无法打开（{error}）：请到原址重新下载核对") from error
    _join_across(body)
    if styles is not None:
        apply_styles(body, styles)
    take_out_unseen(body)
    if numbering is not None:
        _write_numbers(body, Numbering(numbering, styles, MAIN))
    blocks, shown = apart(_blocks(body))
    named = _parsed(archive, relations) if shown and relations in archive.namelist() else etree.Element("none")
    pictures = tuple(held(archive, posixpath.dirname(path), named, shown))
    notes = tuple(_notes(archive.namelist(), body, blocks, pictures))
    return Document("docx", blocks, notes=notes, pictures=pictures)


def _parsed(archive: zipfile.ZipFile, path: str) -> etree._Element:
    data = archive.read(path).replace(STRICT.encode(), MAIN.encode())
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
    for paragraph, label in numbering.labels(body.iter(_P)).items():
        run, text = etree.Element(_R), etree.Element(_T)
        text.text = label + " " * _text(paragraph).lstrip()[:1].isdigit()
        run.append(text)
        properties = inner(paragraph, _PARAGRAPHS_OWN)
        paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, run)


def _notes(
    names: list[str], body: etree._Element, blocks: tuple[Block, ...], shown: tuple[Picture, ...]
) -> Iterator[str]:
    """Say what a document holds besides text: other files, and pictures where no table is that stand nowhere."""
    embedded = [name for name in names if re.match(r"word/embeddings/.", name)]
    chunks = body.find(f".//{w('altChunk')}") is not None
    if embedded or chunks:
        yield f"文档内嵌有 {max(len(embedded), 1)} 个其他文件，其内容未读取：请打开原件核对"
    pictures = [name for name in names if re.match(r"word/media/.", name)]
    if pictures and not shown and not any(isinstance(block, Table) for block in blocks):
        yield f"文档中没有表格，但有 {len(pictures)} 幅图片，表格可能在图片中，未读取：请打开原件核对"


def _blocks(parent: etree._Element) -> Iterator[Block | Shown]:
    for child in parent:
        if child.tag == _P:
            for line in _text(child).split("\n"):
                if words := fold_spaces(line):
                    yield Paragraph(words, heading=_is_heading(child))
            yield from shown_in(child, apart_from=_BOX)
            for box in _boxes(child):
                yield from _blocks(box)
        elif child.tag == _TBL:
            yield from _table(child)
        else:
            yield from _blocks(child)  # content controls and other wrappers


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Give the text boxes anchored in a paragraph; one in another is the other's."""
    for box in paragraph.iter(_BOX):
        if next(box.iterancestors(_BOX, _P)) is paragraph:
            yield box


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
            merge = inner(cell, _PROPERTIES, _MERGE)
            goes_on = merge is not None and merge.get(VALUE, "continue") == "continue"
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
    before = inner(row[0].getparent(), w("trPr"), w("gridBefore")) if row else None
    return whole_number(value_of(before), 0)


def _join_across(body: etree._Element) -> None:
    """Make one cell of those merged as programs did before there were spans: first one that restarts, then others."""
    for merge in list(body.iter(_ACROSS)):
        cell = merge.getparent().getparent()
        before = cell.getprevious()
        if merge.get(VALUE, "continue") == "continue" and before is not None and before.tag == _TC:
            properties = inner(before, _PROPERTIES)
            if properties is None:
                properties = etree.SubElement(before, _PROPERTIES)
            width = _grid_span(before) + _grid_span(cell)
            span = inner(properties, _GRID_SPAN)
            span = etree.SubElement(properties, _GRID_SPAN) if span is None else span
            span.set(VALUE, str(width))
            cell.getparent().remove(cell)


def _cell(cell: etree._Element, rowspan: int) -> Cell:
    text = fold_line("\n".join(map(_text, cell.iter(_P))))
    # A cell that only holds a picture is not blank, and what it says is not known.
    return Cell(text or _PICTURE * any(shown_in(cell)), rowspan, _grid_span(cell))


def _grid_span(cell: etree._Element) -> int:
    return min(max(whole_number(value_of(inner(cell, _PROPERTIES, _GRID_SPAN)), 1), 1), _MOST_COLUMNS)


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
        elif child.tag not in _NO_TEXT:
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
    if element.tag == _FORMULA:
        return _FORMULA_TEXT
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


def _set_off(run: etree._Element) -> str | None:
    align = inner(run, _RUNS_OWN, w("vertAlign"))
    return None if align is None else _SET_OFF.get(align.get(VALUE, ""))


def _is_heading(paragraph: etree._Element) -> bool:
    style = inner(paragraph, _PARAGRAPHS_OWN, w("pStyle"))
    return style is not None and style.get(VALUE, "").lower().startswith(("heading", "title", "1", "2"))
