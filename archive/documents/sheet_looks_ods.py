"""What the sheets of an ODS file look like: OpenDocument 1.3, part 3, chapters 9, 16.27 and 16.29."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from archive.documents import kind
from archive.documents.sheet_looks import Look
from archive.documents.sheet_styles_ods import OFFICE, TABLE, Styles, local_name

_CONTENT, _STYLES = "content.xml", "styles.xml"
_ROWS, _COLUMNS = f"{TABLE}number-rows-repeated", f"{TABLE}number-columns-repeated"
_EXTENDED_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
# A formula that failed: #DIV/0!, Err:502, 错误:502. Older programs store nought as its number.
_FAILED = re.compile(r"#\D|[^\d\s]+:\d{3}$")
# A blank cell that is repeated more often than any form has rows is the look of the sheet, no place for a value.
_MOST_BLANKS = 100


def ods_looks(data: bytes, rows: int, columns: int) -> dict[str, Look]:
    """Return the looks of the sheets of an ODS file by name, of so many rows and columns; {} if it does not tell."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        styles = Styles()
        for path in (_STYLES, _CONTENT):
            if path == _CONTENT or path in archive.namelist():
                with archive.open(path) as part:
                    styles.read(part)
        return {sheet.name: sheet.look() for sheet in _sheets(archive, styles, rows, columns)}
    except (KeyError, etree.XMLSyntaxError, *kind.DAMAGE):
        return {}


def _sheets(archive: zipfile.ZipFile, styles: Styles, rows: int, columns: int) -> Iterator[_Sheet]:
    """Go through the sheets; tables inside a cell or a drawing are none."""
    tags = [f"{TABLE}{name}" for name in ("table", "table-column", "table-row")]
    open_tables: list[_Sheet] = []
    with archive.open(_CONTENT) as part:
        for event, element in etree.iterparse(part, events=("start", "end"), tag=tags, resolve_entities=False):
            name = local_name(element)
            if name == "table" and event == "start":
                open_tables.append(_Sheet(element.get(f"{TABLE}name", ""), styles, rows, columns))
            elif name == "table":
                sheet = open_tables.pop()
                element.clear()
                if not open_tables:
                    yield sheet
            elif event == "end" and name == "table-column":
                open_tables[-1].add_column(element)
            elif event == "end":
                open_tables[-1].add_row(element)
                element.clear()


class _Sheet:
    """A sheet while its columns and rows go by."""

    def __init__(self, name: str, styles: Styles, rows: int, columns: int) -> None:
        self.name = name
        self._styles = styles
        self._rows, self._columns = rows, columns
        self._row = 0
        # Of each column that is described, the style of the cells that have none.
        self._defaults: list[str | None] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._framed: set[tuple[int, int]] = set()
        self._formats: dict[tuple[int, int], str] = {}
        self._unsolved: set[tuple[int, int]] = set()

    def look(self) -> Look:
        """Return what was seen."""
        sets = (self._hidden_rows, self._hidden_columns, self._framed)
        return Look(*map(frozenset, sets), self._formats, frozenset(self._unsolved))

    def add_column(self, element: etree._Element) -> None:
        """Take in one column, or several alike."""
        start = len(self._defaults)
        new = range(start, min(start + _repeated(element, _COLUMNS), self._columns))
        self._defaults += [element.get(f"{TABLE}default-cell-style-name")] * len(new)
        if _is_hidden(element):
            self._hidden_columns |= set(new)

    def add_row(self, element: etree._Element) -> None:
        """Take in one row, or several alike."""
        repeated = _repeated(element, _ROWS)
        new = range(self._row, min(self._row + repeated, self._rows))
        self._row += repeated
        if not new:
            return
        if _is_hidden(element):
            self._hidden_rows |= set(new)
        style = element.get(f"{TABLE}default-cell-style-name")
        column = 0
        for cell in element.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            alike = _repeated(cell, _COLUMNS)
            across = range(column, min(column + alike, self._columns))
            column += alike
            self._add_cell(cell, style, new, across, blank=repeated <= _MOST_BLANKS and alike <= _MOST_BLANKS)

    def _add_cell(self, cell: etree._Element, style: str | None, down: range, across: range, *, blank: bool) -> None:
        """Take in a cell at all places it is repeated at; ``blank`` tells whether it may be framed without a value."""
        value = cell.get(f"{OFFICE}value")
        filled = value is not None or len(cell) > 0
        unsolved = _is_unsolved(cell)
        for column in across if filled or unsolved or blank else ():
            default = self._defaults[column] if column < len(self._defaults) else None
            frame, code = self._styles.cell(cell.get(f"{TABLE}style-name") or style or default)
            if not code and cell.get(f"{OFFICE}value-type") == "percentage":
                code = "0%"
            places = [(row, column) for row in down]
            if frame:
                self._framed.update(places)
            if code and value is not None:
                self._formats.update(dict.fromkeys(places, code))
            if unsolved:
                self._unsolved.update(places)


def _repeated(element: etree._Element, attribute: str) -> int:
    number = element.get(attribute)
    return 1 if number is None else max(1, int(number))


def _is_hidden(element: etree._Element) -> bool:
    """Whether a row or column is hidden, left out by a filter, or in a group that is closed."""
    groups = element.iterancestors(f"{TABLE}table-row-group", f"{TABLE}table-column-group")
    closed = any(group.get(f"{TABLE}display") == "false" for group in groups)
    return closed or element.get(f"{TABLE}visibility") in ("collapse", "filter")


def _is_unsolved(cell: etree._Element) -> bool:
    """Whether a formula has no result, or an error for one."""
    if cell.get(f"{TABLE}formula") is None:
        return False
    text = cell.find("{*}p")
    if text is None:
        return cell.get(f"{OFFICE}value-type") is None
    return cell.get(_EXTENDED_TYPE) == "error" or bool(_FAILED.match("".join(text.itertext())))
