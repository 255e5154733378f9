"""Tables made of blocks of rows, each block under its own header row (表二)."""

from __future__ import annotations

from archive.forms.cells import Cells
from archive.forms.labels import fold
from archive.forms.model import Grid, TableForm
from archive.forms.numbers import unit_in
from archive.forms.rows import Row


class BlocksReader:
    """Reads the rows of a table of blocks, wherever they stand: in one table, or in one table a block."""

    def __init__(self, form: TableForm) -> None:
        self.cells = Cells(form.key)
        self._form = form
        self._headings = form.block_labels
        self._grids = {grid.key: grid for grid in form.grids}
        self._block: Grid | None = None
        self._header: list[str | None] | None = None
        self._units: dict[str, str | None] = {}
        # A header row was read and no row under it yet: it may stand above its block's heading.
        self._headless = False
        # Whether rows of the block were read since its heading.
        self._read = False
        self._table = 0

    def take(self, row: Row) -> bool:
        """Read a row if it belongs here."""
        if row.table != self._table:
            # A table cut in pieces goes on under the same block and header; where it has headings of its own, they come
            # first.
            self._table = row.table
        return self._take_heading(row) or self._take_header(row) or self._take_values(row)

    def finish(self) -> None:
        """Nothing is left open."""

    def _take_heading(self, row: Row) -> bool:
        filled = row.filled
        match = self._headings.find(row.texts[filled[0]]) if len(filled) == 1 else None
        # A wrong character could as well make one article's item another's.
        if match and match.how != "typo":
            above = self._headless
            self._block, self._headless, self._read = self._grids[match.key], False, False
            if not above:
                self._header = None
            return True
        return False

    def _take_header(self, row: Row) -> bool:
        filled = row.filled
        if len(filled) < 2 or row.holds_number:
            return False
        words = [row.texts[position] for position in filled]
        named = any(fold(header) in fold(words[0]) for header in self._form.headers)
        if named and self._read:
            self._block = None  # another header below the block's rows: the heading of the next was not seen
        blocks = [self._block] if self._block else list(self._grids.values())
        best = max(blocks, key=lambda block: sum(block.column_labels.find(word) is not None for word in words[1:]))
        keys = [match and match.key for match in map(best.column_labels.find, words[1:])]
        # Without the header's own word (信息内容), a column's name alone could stand in any table.
        if not named and not (self._block and any(keys)):
            return False
        self._header, self._headless, self._read = keys, True, False
        self._units = {key: unit_in(word) for key, word in zip(keys, words[1:], strict=True) if key}
        return True

    def _take_values(self, row: Row) -> bool:
        filled = row.filled
        if not filled or (self._block is None and self._header is None):
            return False
        start = filled[0]
        grid, key = self._find_row(row.texts[start])
        if grid is None:
            return False
        if self._block is not None and grid is not self._block:
            self._header = None
        self._block, self._headless, self._read = self._block and grid, False, True
        keys = [column.key for column in grid.value_columns]
        if self._header is not None:
            if set(self._header) == set(keys) and len(self._header) == len(keys):
                keys = list(self._header)
            else:
                self.cells.add_row(row, [(key, column) for column in keys], None)
                return True
        end = start + 1 + len(keys)
        # Cells beyond are padding: a one-number block in a table of four columns. So may be a blank before a number.
        values = [bool(fold(text)) for text in row.texts[start + 1 : end]]
        gaps = len(row.texts) > end and values != sorted(values, reverse=True)
        fits = len(row.texts) >= end and not gaps and not any(fold(text) for text in row.texts[end:])
        positions = list(range(start + 1, end)) if fits else None
        units = {column.key: column.unit for column in grid.columns}
        given = {column: unit_in(row.texts[start]) or self._units.get(column) for column in keys}
        self.cells.add_row(row, [(key, column) for column in keys], positions, units, given)
        return True

    def _find_row(self, label: str) -> tuple[Grid | None, str]:
        """Find the row a label names, in the current block or, since block headings get lost, in another."""
        blocks = [*filter(None, [self._block]), *self._grids.values()]
        for block in blocks:
            match = block.row_labels.find(label)
            if match:
                return block, match.key
        return None, ""
