"""Spreadsheets (XLS, XLSX, ODS): each sheet's rows as tables, what stands alone in a row as paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from archive.documents import kind
from archive.documents.model import Block, Cell, Document, Paragraph, Table, UnreadableError
from archive.documents.spaces import fold_line, fold_spaces
from archive.documents.unpacking import refuse_bombs

# A report takes some hundred rows and a dozen columns; sheets with a stray cell in the last row are cut here.
_MOST_ROWS, _MOST_COLUMNS = 5_000, 200
# Excel calculates with 15 digits and shows no more; the sixteenth and seventeenth are binary noise.
_DIGITS = 15
# In the midst of a table only a sentence, or a section's heading over its whole width, is none of its rows.
_SENTENCE = re.compile(r"。")
_HEADING = re.compile(r"[一二三四五六七八九十]+\s*、")

Value = str | float | bool | date | time | datetime | timedelta
# The top left and bottom right corner of merged cells: row and column, both ends included.
Merge = tuple[tuple[int, int], tuple[int, int]]

_NAMES = {kind.XLS: "XLS", kind.XLSX: "XLSX", kind.ODS: "ODS"}
KINDS = frozenset(_NAMES)


def read_sheet(data: bytes) -> Document:
    """Read a spreadsheet of one of ``KINDS``; hidden sheets are left out with a note.

    Raises UnreadableError for a file that is damaged, encrypted or unpacks to more than any report could hold.
    """
    media_type = kind.media_type(data)
    name = _NAMES[media_type]
    if media_type != kind.XLS:
        refuse_bombs(data, name)
    blocks: list[Block] = []
    notes = []
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        for about in book.sheets_metadata:
            if about.visible != SheetVisibleEnum.Visible:
                notes.append(f"工作表「{about.name}」是隐藏的，未读取")
            elif about.typ == SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(about.name)
                if sheet.height > _MOST_ROWS or sheet.width > _MOST_COLUMNS:
                    notes.append(f"工作表「{about.name}」有 {sheet.height} 行 {sheet.width} 列，超出部分未读取")
                rows = [row[:_MOST_COLUMNS] for row in sheet.to_python(skip_empty_area=False, nrows=_MOST_ROWS)]
                blocks += sheet_blocks(rows, sheet.merged_cell_ranges or ())
    except PasswordError as error:
        raise UnreadableError(f"{name} 文件设有打开密码，无法读取：请向发布机关索取无密码的文件") from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableError(f"{name} 文件已损坏，无法打开（{error}）：请到原址重新下载核对") from error
    return Document(_NAMES[media_type].lower(), tuple(blocks), notes=tuple(notes))


def sheet_blocks(rows: Sequence[Sequence[Value]], merges: Sequence[Merge]) -> Iterator[Block]:
    """Give the blocks of a sheet: its values row by row from A1 on, blank ones ``""``, and its merged cells."""
    texts = [[shown(value) for value in row] for row in rows]
    spans = {start: (end[0] - start[0] + 1, end[1] - start[1] + 1) for start, end in merges}
    width = max(map(len, texts), default=0)
    covered = {
        (row, column)
        for (top, left), (bottom, right) in merges
        for row in range(top, min(bottom + 1, len(texts)))
        for column in range(left, min(right + 1, width))
    } - spans.keys()
    run: list[int] = []
    for number in range(len(texts) + 1):
        continued = number < len(texts) and any((number, column) in covered for column in range(len(texts[number])))
        if number < len(texts) and (any(texts[number]) or (run and continued)):
            run.append(number)
        elif run:
            yield from _run_blocks(run, texts, spans, covered)
            run = []


def shown(value: Value) -> str:
    """Return a value as the sheet shows it where it has no format of its own: whole numbers without a point."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 10**_DIGITS:
            return str(int(value))
        return f"{value:.{_DIGITS}g}"
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _run_blocks(run: list[int], texts: list[list[str]], spans: dict, covered: set) -> Iterator[Block]:
    """Give the blocks of rows with no blank row between them: what stands alone above the table is no part of it."""
    first, last = _reach(run, texts, covered)
    table: list[int] = []
    for row in run:
        cells = _cells(row, range(first, last + 1), texts, spans, covered)
        alone = _alone(cells, last - first + 1, inside=bool(table))
        if alone is None:
            table.append(row)
            continue
        if table:
            yield _table(table, texts, spans, covered)
            table = []
        text = next(text for text in texts[row] if text)
        yield from (Paragraph(words) for line in text.splitlines() if (words := fold_spaces(line)))
    if table:
        yield _table(table, texts, spans, covered)


def _table(rows: list[int], texts: list[list[str]], spans: dict, covered: set) -> Table:
    """Return rows as a table as wide as what stands in them; others of their run may be wider."""
    first, last = _reach(rows, texts, covered)
    return Table(tuple(_cells(row, range(first, last + 1), texts, spans, covered) for row in rows))


def _reach(rows: Sequence[int], texts: list[list[str]], covered: set) -> tuple[int, int]:
    """Return the first and the last column in which rows hold anything."""
    filled = [column for row in rows for column, text in enumerate(texts[row]) if text]
    filled += [column for row, column in covered if rows[0] <= row <= rows[-1]]
    return min(filled), max(filled)


def _cells(row: int, columns: range, texts: list[list[str]], spans: dict, covered: set) -> tuple[Cell, ...]:
    return tuple(
        Cell(fold_line(texts[row][column] if column < len(texts[row]) else ""), *spans.get((row, column), (1, 1)))
        for column in columns
        if (row, column) not in covered
    )


def _alone(cells: Sequence[Cell], width: int, *, inside: bool) -> Cell | None:
    """Return the only text of a row that is no table row, else None. A label whose values are blank is a table row."""
    filled = [cell for cell in cells if cell.text]
    if len(filled) != 1 or filled[0].rowspan > 1 or re.fullmatch(r"[\d.,%-]+", filled[0].text):
        return None
    cell = filled[0]
    if inside and not _SENTENCE.search(cell.text) and not (2 * cell.colspan > width and _HEADING.match(cell.text)):
        return None
    return cell
