"""What the sheets of an XLSX file look like."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from archive.documents import kind
from archive.documents.sheet_looks import Look, changes_number

_WORKBOOK, _RELATIONS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_OFF = {None, "0", "false"}

# ECMA-376 part 1, 18.8.30: those of the numbered formats that show another number than is stored.
_NUMBERED = {9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 48: "##0.0E+0"}


def xlsx_looks(data: bytes, rows: int, columns: int) -> dict[str, Look]:
    """Return the looks of the sheets of an XLSX file by name, of so many rows and columns; {} if it does not tell."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        targets = {}
        for relation in _elements(archive, _RELATIONS, "Relationship"):
            targets[relation.get("Id")] = posixpath.normpath(posixpath.join("/xl", relation.get("Target", "")))[1:]
        paths = {}
        for sheet in _elements(archive, _WORKBOOK, "sheet"):
            paths[sheet.get("name", "")] = targets.get(sheet.get(_ID) or sheet.get(_STRICT_ID), "")
        names = set(archive.namelist())
        styles = _styles(archive) if _STYLES in names else []
        return {name: _look(archive, path, styles, rows, columns) for name, path in paths.items() if path in names}
    except (KeyError, etree.XMLSyntaxError, *kind.DAMAGE):
        return {}


def _elements(archive: zipfile.ZipFile, path: str, *names: str) -> Iterator[etree._Element]:
    """Go through the elements of a part that are called so, in whichever namespace: the strict one is another."""
    with archive.open(path) as part:
        for _, element in etree.iterparse(part, tag=[f"{{*}}{name}" for name in names], resolve_entities=False):
            yield element
            element.clear()


def _styles(archive: zipfile.ZipFile) -> list[tuple[bool, str]]:
    """Return of each cell style whether it has a frame, and its number format where that changes numbers."""
    root = etree.fromstring(archive.read(_STYLES), etree.XMLParser(resolve_entities=False))
    codes = dict(_NUMBERED)
    for each in root.findall("{*}numFmts/{*}numFmt"):
        codes[int(each.get("numFmtId", "0"))] = each.get("formatCode", "")
    borders = [
        any(side.get("style", "none") != "none" for side in border.iterfind("*"))
        for border in root.findall("{*}borders/{*}border")
    ]
    found = []
    for style in root.findall("{*}cellXfs/{*}xf"):
        border = int(style.get("borderId", "0"))
        code = codes.get(int(style.get("numFmtId", "0")), "")
        found.append((border < len(borders) and borders[border], code if changes_number(code) else ""))
    return found


def _look(archive: zipfile.ZipFile, path: str, styles: list[tuple[bool, str]], rows: int, columns: int) -> Look:
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    framed: set[tuple[int, int]] = set()
    formats: dict[tuple[int, int], str] = {}
    unsolved: set[tuple[int, int]] = set()
    row = -1
    for element in _elements(archive, path, "col", "row"):
        hidden = element.get("hidden") not in _OFF
        if etree.QName(element).localname == "col":
            if hidden or float(element.get("width", "1")) == 0:
                last = min(int(element.get("max", "1")), columns)
                hidden_columns |= set(range(int(element.get("min", "1")) - 1, last))
            continue
        row = int(element.get("r", row + 2)) - 1
        if not 0 <= row < rows:
            break
        if hidden or float(element.get("ht", "1")) == 0:
            hidden_rows.add(row)
        for column, cell in _cells(element):
            style = int(cell.get("s", "0"))
            frame, code = styles[style] if style < len(styles) else (False, "")
            place = (row, column)
            if column >= columns:
                continue
            if frame:
                framed.add(place)
            if code:
                formats[place] = code
            solved = cell.find("{*}f") is None or cell.findtext("{*}v") or cell.get("t") == "str"
            if not solved or cell.get("t") == "e":
                unsolved.add(place)
    return Look(frozenset(hidden_rows), frozenset(hidden_columns), frozenset(framed), formats, frozenset(unsolved))


def _cells(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """Go through the cells of a row, each with its column; one that does not name it stands right of the one before."""
    column = -1
    for cell in row.iterfind("{*}c"):
        named = _PLACE.fullmatch(cell.get("r", ""))
        column = _column(named[1]) if named else column + 1
        yield column, cell


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1
