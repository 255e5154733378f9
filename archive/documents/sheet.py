"""Spreadsheets (XLS, XLSX, ODS): each sheet's rows as tables, what stands alone in a row as paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from archive.documents import kind
from archive.documents.model import Block, Document, UnreadableError
from archive.documents.sheet_looks import Look, is_percentage
from archive.documents.sheet_looks_ods import ods_looks
from archive.documents.sheet_looks_xls import xls_looks
from archive.documents.sheet_looks_xlsx import xlsx_looks
from archive.documents.sheet_tables import Merge, split_tables
from archive.documents.unpacking import refuse_bombs

# A report takes some hundred rows and a dozen columns; sheets with a stray cell in the last row are cut here.
_MOST_ROWS, _MOST_COLUMNS = 5_000, 200
# Excel calculates with 15 digits and shows no more; the sixteenth and seventeenth are binary noise.
_DIGITS = 15

Value = str | float | bool | date | time | datetime | timedelta

_NAMES = {kind.XLS: "XLS", kind.XLSX: "XLSX", kind.ODS: "ODS"}
_LOOKS = {kind.XLS: xls_looks, kind.XLSX: xlsx_looks, kind.ODS: ods_looks}
KINDS = frozenset(_NAMES)


def read_sheet(data: bytes) -> Document:
    """Read a spreadsheet of one of ``KINDS``; hidden sheets, rows and columns are left out with a note.

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
        looks = _LOOKS[media_type](data, _MOST_ROWS, _MOST_COLUMNS)
        for about in book.sheets_metadata:
            if about.visible != SheetVisibleEnum.Visible:
                notes.append(f"工作表「{about.name}」是隐藏的，未读取")
            elif about.typ == SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(about.name)
                if sheet.height > _MOST_ROWS or sheet.width > _MOST_COLUMNS:
                    notes.append(f"工作表「{about.name}」有 {sheet.height} 行 {sheet.width} 列，超出部分未读取")
                rows = [row[:_MOST_COLUMNS] for row in sheet.to_python(skip_empty_area=False, nrows=_MOST_ROWS)]
                look = looks.get(about.name, Look())
                if about.name not in looks:
                    notes.append(f"工作表「{about.name}」的数字格式和隐藏的行列无法识别，各单元格按存储的值读取")
                if look.hidden_rows or look.hidden_columns:
                    notes.append(f"工作表「{about.name}」有隐藏的行或列，未读取")
                blocks += sheet_blocks(rows, sheet.merged_cell_ranges or (), look)
    except PasswordError as error:
        raise UnreadableError(f"{name} 文件设有打开密码，无法读取：请向发布机关索取无密码的文件") from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableError(f"{name} 文件已损坏，无法打开（{error}）：请到原址重新下载核对") from error
    return Document(_NAMES[media_type].lower(), tuple(blocks), notes=tuple(notes))


def sheet_blocks(rows: Sequence[Sequence[Value]], merges: Sequence[Merge], look: Look | None = None) -> Iterator[Block]:
    """Give the blocks of a sheet: its values row by row from A1 on, blank ones ``""``, and its merged cells."""
    look = look or Look()
    beyond = look.framed | look.unsolved
    height = max([len(rows), *(row + 1 for row, _ in beyond)])
    width = max([*map(len, rows), *(column + 1 for _, column in beyond)], default=0)
    texts = [[""] * width for _ in range(height)]
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            texts[row][column] = _text(value, look.formats.get((row, column)))
    for row, column in look.unsolved:
        texts[row][column] = "（公式无结果）"
    if not look.hidden_rows and not look.hidden_columns:
        return split_tables(texts, merges, look.framed)
    return _shown_blocks(texts, merges, look)


def _text(value: Value, code: str | None) -> str:
    """Return a value as a sheet shows it; ``code`` is its format where that shows another number."""
    if not value or code is None or isinstance(value, str | bool) or not isinstance(value, int | float):
        return shown(value)
    return shown(float(value) * 100) + "%" if is_percentage(code) else f"{shown(value)}（{code}）"


def _shown_blocks(texts: list[list[str]], merges: Sequence[Merge], look: Look) -> Iterator[Block]:
    """Give the blocks of a sheet without its hidden rows and columns; what is merged over some stands in the others."""
    rows = [row for row in range(len(texts)) if row not in look.hidden_rows]
    columns = [column for column in range(len(texts[0])) if column not in look.hidden_columns] if texts else []
    kept = []
    for (top, left), (bottom, right) in merges:
        down = [place for place, row in enumerate(rows) if top <= row <= bottom]
        across = [place for place, column in enumerate(columns) if left <= column <= right]
        if down and across and top < len(texts) and left < len(texts[0]):
            texts[rows[down[0]]][columns[across[0]]] = texts[top][left]
            kept.append(((down[0], across[0]), (down[-1], across[-1])))
    framed = frozenset(
        (y, x) for y, row in enumerate(rows) for x, column in enumerate(columns) if (row, column) in look.framed
    )
    return split_tables([[texts[row][column] for column in columns] for row in rows], kept, framed)


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
