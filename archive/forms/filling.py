"""The one engine that fills a form from a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.documents.model import Document
from archive.forms.across import AcrossReader
from archive.forms.blocks import BlocksReader
from archive.forms.cells import CellReading
from archive.forms.labels import fold
from archive.forms.listing import ListReader
from archive.forms.matrix import MatrixReader
from archive.forms.model import Form, forms
from archive.forms.rows import rows_of
from archive.forms.running import is_running

# The table in the place of a cell; the page stands before it where the file has pages.
_TABLE = re.compile(r"(?:page \d+/)?(\d+)")
_READERS = {"blocks": BlocksReader, "matrix": MatrixReader, "across": AcrossReader, "list": ListReader}


@dataclass(frozen=True, slots=True)
class Filling:
    """What a document says in the cells of a form.

    ``cells`` lists every cell the document shows, in the form's order, blank ones too; ``missing`` the (table, row,
    column) of the official form it does not show; ``notes`` the rows that no form knows.
    """

    form: Form
    cells: tuple[CellReading, ...]
    missing: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]

    @property
    def subtotals(self) -> tuple[CellReading, ...]:
        """The cells of printed subtotals (小计): of a group's row, of the organisations' column, or of both."""
        return subtotals_among(self.cells, self.form)


def subtotals_among(cells: Sequence[CellReading], form: Form) -> tuple[CellReading, ...]:
    """Return those of ``cells`` that a document sums up by itself, in rows or columns the official form has not."""
    keys = {table.key: table.subtotals for table in form.tables}
    return tuple(cell for cell in cells if {cell.row, cell.column} & keys[cell.table])


def detect_form(document: Document, known: Sequence[Form] | None = None, *, year: int | None = None) -> Form | None:
    """Return the form a document's tables follow: the one most of whose own labels they show; None when none is there.

    The report's ``year`` has no say where the labels tell: bodies have filled in the wrong year's form. Where they are
    labels of several forms (tables three and four changed little), it is the form of that year, else the newest.
    """
    texts = {cell.text for table in document.tables for row in table.rows for cell in row if cell.text}
    shown = "\n".join(map(fold, texts))
    counts = [(sum(label in shown for label in map(fold, form.detect)), form) for form in known or forms()]
    most = max(count for count, _ in counts)
    tied = [form for count, form in counts if count == most > 0]
    return next((form for form in tied if year is None or form.first_year <= year), next(iter(tied), None))


def fill(document: Document, form: Form) -> Filling:
    """Read the cells of ``form`` from the tables of ``document``.

    All tables are one stream of rows: a table of the form may be split in several, and several merged in one. Each row
    goes to the table that took the row before it, if that takes it, else to the first that does.
    """
    readers = [_READERS[table.shape](table) for table in form.tables]
    strays = []
    current = readers[0]
    for row in rows_of(document, form.tables):
        if not row.filled and not isinstance(current, AcrossReader):
            continue
        if len(row.filled) == 1 and form.captions.exact(row.texts[row.filled[0]]):
            continue  # printed inside its table
        taker = next((reader for reader in _first(current, readers) if reader.take(row)), None)
        if taker:
            current = taker
        elif row.filled and not is_running(row.texts):
            strays.append(row)
    cells: list[CellReading] = []
    missing: list[tuple[str, str, str]] = []
    notes: list[str] = []
    for table, reader in zip(form.tables, readers, strict=True):
        reader.finish()
        notes += reader.cells.notes
        order = [(row.key, column.key) for grid in table.grids for row in grid.rows for column in grid.columns]
        order = list(dict.fromkeys(order))
        cells += [reader.cells.found[place] for place in order if place in reader.cells.found]
        missing += [(table.key, *place) for place in order if place in table.cells and place not in reader.cells.found]
    used = {_TABLE.match(cell.place).group(1) for cell in cells}
    for row in strays:
        # Tables that hold nothing of the form (layout, attachments lists) are none of its business.
        if str(row.table) in used:
            notes.append(f"第 {row.table} 个表格第 {row.number} 行不属于已知表式，未读取：{row.shown}")
    return Filling(form, tuple(cells), tuple(missing), tuple(notes))


def _first(reader: object, readers: list) -> list:
    return [reader, *(other for other in readers if other is not reader)]
