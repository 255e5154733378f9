"""The cells read so far, and what could not be understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archive.forms.numbers import Value, read_value
from archive.forms.rows import Row


@dataclass(frozen=True, slots=True)
class CellReading:
    """A cell of the form as a document shows it.

    ``table``, ``row`` and ``column`` are keys of the form; ``state`` is one of `archive.forms.numbers.STATES`;
    ``place`` says where it stands: table/row/cell, from 1, after ``page N/`` where the file has pages; ``recognised``
    is True when that is a picture.
    """

    table: str
    row: str
    column: str
    value: int | float | None
    state: str
    raw: str
    place: str
    recognised: bool = False


@dataclass
class Cells:
    """Collects cells; one read twice (a second copy of the table) is compared, and unread where they differ."""

    table: str
    found: dict[tuple[str, str], CellReading] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _differing: int = 0

    def add_row(
        self,
        row: Row,
        keys: Iterable[tuple[str, str]],
        positions: Sequence[int] | None,
        units: Mapping[str, str | None] | None = None,
        given: Mapping[str, str | None] | None = None,
    ) -> None:
        """Add one value for each (row, column) key, from the cells at ``positions``.

        ``units`` are those of the columns, where a cell may name another; ``given`` those the row or its header names.
        None for the positions means that the values cannot be told apart: the cells are there, unreadable.
        """
        for number, (row_key, column_key) in enumerate(keys):
            recognised = any(row.recognised)
            if positions is None:
                value, raw, place = Value(None, "unreadable"), "", row.line
            else:
                raw = row.texts[positions[number]]
                value, place = (
                    read_value(raw, (units or {}).get(column_key), (given or {}).get(column_key)),
                    row.place(positions[number]),
                )
                if row.doubtful(positions[number]):
                    value = Value(None, "unreadable")
            self._add(CellReading(self.table, row_key, column_key, value.value, value.state, raw, place, recognised))
        if positions is None:
            self.notes.append(f"第 {row.table} 个表格第 {row.number} 行的数值与表头对不上，未读取：{row.shown}")

    def _add(self, cell: CellReading) -> None:
        place = (cell.row, cell.column)
        before = self.found.setdefault(place, cell)
        if before is cell:
            return
        if (before.value, before.state) == (cell.value, cell.state):
            if before.recognised and not cell.recognised:
                self.found[place] = cell
            return
        if cell.state in ("blank", "unreadable"):
            return  # an empty form or a copy that cannot be read says nothing against what was read
        if before.state in ("blank", "unreadable") and before.raw == "":
            self.found[place] = cell
            return
        if before.recognised != cell.recognised:
            # What may be misread says nothing against what is not.
            self.found[place] = cell if before.recognised else before
            return
        # Two tables of different content: another year's, another body's. Which is meant is not ours to guess.
        self.found[place] = replace(before, value=None, state="unreadable")
        self._differing += 1
        if self._differing == 1:
            self.notes.append(
                f"表格出现不止一次且内容不同，无法判断以何者为准，不同的格未读取：{cell.row}/{cell.column} 先为"
                f" {before.raw!r}（{before.place}），后为 {cell.raw!r}（{cell.place}）"
            )

    def unknown(self, row: Row) -> None:
        """Note a row that no form knows."""
        self.notes.append(f"第 {row.table} 个表格第 {row.number} 行不属于已知表式，未读取：{row.shown}")
