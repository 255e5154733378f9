"""What the sheets of an XLS file look like, as xlrd tells it; the values are read by others."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING

from archive.documents.sheet_looks import Look, changes_number

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.formatting import XF
    from xlrd.sheet import Sheet

# Built-in formats whose wording depends on the country; all are dates or times.
_DATE = "yyyy-m-d"


class _Silence(io.TextIOBase):
    """Takes what xlrd says about a file while it reads it: standard output is not its place."""

    def write(self, text: str) -> int:
        """Drop a text."""
        return len(text)


def xls_looks(data: bytes, rows: int, columns: int) -> dict[str, Look]:
    """Return the looks of the sheets of an XLS file by name, of so many rows and columns.

    Those of which xlrd can make nothing are missing. It checks little of what it reads: files that are damaged, or odd
    in parts nobody asks it for, make it raise almost anything.
    """
    import xlrd  # a tenth of the time it takes to start; most files are others

    looks: dict[str, Look] = {}
    with suppress(Exception):
        # Some programs write a table of sectors that counts some twice. What they hold is read all the same.
        book = xlrd.open_workbook(
            file_contents=data, logfile=_Silence(), formatting_info=True, on_demand=True, ragged_rows=True,
            ignore_workbook_corruption=True,
        )  # fmt: skip
        styles = [_style(book, style) for style in book.xf_list]
        for number, name in enumerate(book.sheet_names()):
            with suppress(Exception):
                looks[name] = _look(book.sheet_by_index(number), styles, rows, columns)
    return looks


def _style(book: Book, style: XF) -> tuple[bool, str]:
    """Return whether a style has a frame, and its number format where that changes numbers."""
    border = style.border
    sides = (border.left_line_style, border.right_line_style, border.top_line_style, border.bottom_line_style)
    code = book.format_map[style.format_key].format_str
    code = _DATE if code is None else code
    return any(sides), code if changes_number(code) else ""


def _look(sheet: Sheet, styles: list[tuple[bool, str]], rows: int, columns: int) -> Look:
    from xlrd import XL_CELL_BLANK, XL_CELL_EMPTY, XL_CELL_ERROR

    height = min(sheet.nrows, rows)
    hidden_rows = {row for row, about in sheet.rowinfo_map.items() if about.hidden and row < rows}
    if sheet.default_row_hidden:
        hidden_rows |= set(range(height)) - sheet.rowinfo_map.keys()
    hidden_columns = {
        column for column, about in sheet.colinfo_map.items() if (about.hidden or not about.width) and column < columns
    }
    framed: set[tuple[int, int]] = set()
    formats: dict[tuple[int, int], str] = {}
    unsolved: set[tuple[int, int]] = set()
    for row in range(height):
        for column in range(min(sheet.row_len(row), columns)):
            place = (row, column)
            sort, style = sheet.cell_type(*place), sheet.cell_xf_index(*place)
            frame, code = styles[style] if style < len(styles) else (False, "")
            if frame:
                framed.add(place)
            if code and sort not in (XL_CELL_EMPTY, XL_CELL_BLANK):
                formats[place] = code
            if sort == XL_CELL_ERROR:
                unsolved.add(place)
    return Look(frozenset(hidden_rows), frozenset(hidden_columns), frozenset(framed), formats, frozenset(unsolved))
