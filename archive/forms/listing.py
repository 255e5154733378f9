"""Tables that list indicators, one a row: label, unit, number (the statistics table of 2014 to 2018)."""

from __future__ import annotations

import re

from archive.forms.cells import Cells
from archive.forms.labels import fold
from archive.forms.model import TableForm
from archive.forms.numbers import unit_in
from archive.forms.rows import Row

UNITS = {"条", "件", "次", "篇", "个", "人", "人次", "元", "万元", "份", "场次", "场", "期"}
# What heads the column of units.
UNIT_HEADERS = ("单位", "计量单位")
# A number counted in ten thousands (信息数（万条）) is not what the form asks for.
_TEN_THOUSANDS = re.compile(r"[(（](?:单位[:：])?万(?!元)")


class ListReader:
    """Reads a list of indicators. The heading above a row tells apart the labels that stand under several."""

    def __init__(self, form: TableForm) -> None:
        self.cells = Cells(form.key)
        self._form = form
        self._grid = form.grid
        self._entries = {row.key: row for row in self._grid.rows if not row.heads}
        self._group: str | None = None
        self._tables: set[int] = set()
        # By table: the grid columns of the header's words, and which of them is the value's (None: not told).
        self._header: dict[int, tuple[int, int | None, str | None]] = {}

    def take(self, row: Row) -> bool:
        """Read a row if it belongs here."""
        filled = row.filled
        if not filled:
            return False
        label = row.texts[filled[0]]
        if any(header in fold(label) for header in self._form.headers):
            self._tables.add(row.table)
            self._take_header(row)
            return True
        heading = self._grid.group_labels.exact(label)
        if heading and heading.key in self._grid.labels_by_group:
            self._group = heading.key
        match = self._grid.labels_by_group[self._group].find(label) if self._group else None
        if match is None and heading is None and (heading := self._grid.group_labels.find(label)):
            # Its own number stands beside a heading cut off or mistyped, as beside one that is not.
            self._group = heading.key if heading.key in self._grid.labels_by_group else self._group
            match = (
                self._grid.labels_by_group[heading.key].find(label)
                if heading.key in self._grid.labels_by_group
                else None
            )
        if match is None:
            if heading:
                return True
            inside = row.table in self._tables and self._group is not None and row.holds_number
            if inside:
                self.cells.unknown(row)
            return inside
        self._tables.add(row.table)
        self._add(row, filled[0], match.key)
        return True

    def finish(self) -> None:
        """Nothing is left open."""

    def _take_header(self, row: Row) -> None:
        words = [position for position in row.filled if fold(row.texts[position]) not in UNIT_HEADERS]
        values = [position for position in words[1:] if self._grid.column_labels.exact(row.texts[position])]
        column = row.columns[values[0]] if len(values) == 1 else None
        unit = unit_in(row.texts[values[0]]) if len(values) == 1 else None
        self._header[row.table] = (len(words), column, unit)

    def _add(self, row: Row, position: int, key: str) -> None:
        entry = self._entries[key]
        after = range(position + 1, len(row.texts))
        named = [place for place in after if fold(row.texts[place]) in UNITS]
        values = [place for place in after if place not in named]
        words, column, header_unit = self._header.get(row.table, (2, None, None))
        if len(values) > 1 or words > 2:
            # More columns than the form has: the header must say which is meant, and name those that hold something.
            others = [place for place in values if column is None or row.columns[place] != column]
            if words <= 2 and any(fold(row.texts[place]) for place in others):
                others = values
            values = [place for place in values if place not in others]
        label = row.texts[position]
        fits = len(values) == 1 and not _TEN_THOUSANDS.search(label)
        given = unit_in(label) or (fold(row.texts[named[0]]) if named else None)
        if entry.type == "money":
            given = given or header_unit
        self.cells.add_row(row, [(key, "value")], values if fits else None, {"value": entry.unit}, {"value": given})
