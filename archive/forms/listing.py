"""Tables that list indicators, one a row: label, unit, number (the statistics table of 2014 to 2018)."""

from __future__ import annotations

import re

from archive.forms.cells import Cells
from archive.forms.labels import fold
from archive.forms.model import TableForm
from archive.forms.numbers import is_value
from archive.forms.rows import Row

_UNITS = {"条", "件", "次", "篇", "个", "人", "人次", "元", "万元", "份", "场次", "场", "期"}
# A unit printed behind a label: 费用（元）, 数（单位：条）.
_IN_LABEL = re.compile(r"[(（](?:单位[:：])?(元|万元)[)）]\s*$")


class ListReader:
    """Reads a list of indicators. The heading above a row tells apart the labels that stand under several."""

    def __init__(self, form: TableForm) -> None:
        self.cells = Cells(form.key)
        self._form = form
        self._grid = form.grid
        self._entries = {row.key: row for row in self._grid.rows if not row.heads}
        self._group: str | None = None
        self._tables: set[int] = set()

    def take(self, row: Row) -> bool:
        """Read a row if it belongs here."""
        filled = row.filled
        if not filled:
            return False
        label = row.texts[filled[0]]
        if any(header in fold(label) for header in self._form.headers):
            self._tables.add(row.table)
            return True
        heading = self._grid.group_labels.exact(label)
        if heading and heading.key in self._grid.labels_by_group:
            self._group = heading.key
        match = self._grid.labels_by_group[self._group].find(label) if self._group else None
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

    def _add(self, row: Row, position: int, key: str) -> None:
        entry = self._entries[key]
        after = range(position + 1, len(row.texts))
        named = [place for place in after if fold(row.texts[place]) in _UNITS]
        values = [place for place in after if place not in named]
        if len(values) > 1:
            # Padding beside the number; two numbers are a local table with columns of its own, and which is meant is
            # not said.
            filled = [place for place in values if fold(row.texts[place])]
            values = filled if len(filled) == 1 else values[:1] if not filled else values
        fits = len(values) == 1 and (is_value(row.texts[values[0]]) or len(named) <= 1)
        printed = _IN_LABEL.search(row.texts[position])
        given = row.texts[named[0]] if named else printed.group(1) if printed else None
        self.cells.add_row(
            row, [(key, "value")], values if fits else None, {"value": entry.unit}, given and fold(given)
        )
