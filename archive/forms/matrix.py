"""Tables of many rows against a few columns, with grouped row labels (表三)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from archive.forms.cells import Cells
from archive.forms.labels import Match, fold
from archive.forms.model import TableForm
from archive.forms.numbers import is_value
from archive.forms.rows import Row

# Words a row of sums inside a group is labelled with.
_SUBTOTAL = ("小计", "合计")


class MatrixReader:
    """Reads the rows of a matrix: leading labels first, the group carried down, then the values.

    Values are never found by grid position: published tables leave spans out, pad with blank cells and begin the same
    column at different cells in different rows.
    """

    def __init__(self, form: TableForm) -> None:
        self.cells = Cells(form.key)
        self._form = form
        self._grid = form.grid
        self._groups = {row.key: row for row in self._grid.rows if row.heads}
        self._optional = {row.key for row in self._grid.rows if row.optional}
        self._group: str | None = None
        self._header: dict[int, list[tuple[int, int, str]]] = {}
        self._pending: list[tuple[Row, str, int]] = []

    def take(self, row: Row) -> bool:
        """Read a row if it belongs here."""
        if self._take_header(row):
            return True
        key, position, labelled = self._find_label(row)
        if key is None:
            inside = labelled and row.table in self._header and row.holds_number
            if inside:
                self.cells.unknown(row)
            return inside or (labelled and self._only_groups(row))
        self._pending.append((row, key, position))
        return True

    def finish(self) -> None:
        """Settle which cells of each row are its values, now that all rows are known."""
        starts = self._usual_starts()
        for row, key, position in self._pending:
            columns = self._columns(row.table)
            self.cells.add_row(
                row,
                [(key, column) for column in columns],
                self._values(row, position, len(columns), starts),
            )

    def _take_header(self, row: Row) -> bool:
        filled = row.filled
        if not filled or row.holds_number:
            return False
        words = [fold(row.texts[position]) for position in filled]
        named = any(header in word for word in words for header in self._form.headers)
        columns = [(position, self._grid.column_labels.exact(row.texts[position])) for position in filled]
        columns = [(position, match) for position, match in columns if match]
        if not named and len({match.key for _, match in columns}) < 2:
            return False
        for position, match in columns:
            self._header.setdefault(row.table, []).append((row.columns[position], row.number, match.key))
        self._header.setdefault(row.table, [])
        return True

    def _find_label(self, row: Row) -> tuple[str | None, int, bool]:
        """Go along the leading labels. Returns the row's key, the position of its label, and whether any was met."""
        met = False
        last = -1
        for position, text in enumerate(row.texts):
            if not fold(text):
                continue
            # 小计 alone sums the group above; 合计 alone could as well be the total of all.
            if self._group and fold(text) in (_SUBTOTAL if met else _SUBTOTAL[:1]):
                return f"{self._group}_subtotal", position, True
            if is_value(text):
                break
            group = self._grid.group_labels.find(text)
            if group:
                self._group, met, last = group.key, True, position
                if any(word in fold(text) for word in _SUBTOTAL):
                    return f"{group.key}_subtotal", position, True
                continue
            leaf = self._find_leaf(text)
            if leaf:
                self._group = next((entry.group for entry in self._grid.rows if entry.key == leaf.key), None)
                return leaf.key, position, True
            return None, position, bool(self._pending) or met
        if met and f"{self._group}_subtotal" in self._optional and row.holds_number:
            return f"{self._group}_subtotal", last, True
        return None, last, met

    def _find_leaf(self, text: str) -> Match | None:
        """Recognise a row label in its group, else one of no group, else one only a single other group has."""
        by_group = self._grid.labels_by_group
        for group in dict.fromkeys((self._group, None)):
            match = group in by_group and by_group[group].find(text)
            if match:
                return match
        found = {match.key: match for match in (labels.find(text) for labels in by_group.values()) if match}
        return next(iter(found.values())) if len(found) == 1 else None

    def _only_groups(self, row: Row) -> bool:
        return all(self._grid.group_labels.find(row.texts[position]) for position in row.filled)

    def _columns(self, table: int) -> list[str]:
        """The columns of a table in the order its header shows them; the official ones when it does not say.

        A table split over pages goes on without a header: it has the one before.
        """
        official = [column.key for column in self._grid.value_columns]
        shown = max((known for known in self._header if known <= table), default=None)
        header = self._header.get(shown, [])
        keys = [key for _, _, key in header]
        if Counter(keys) == Counter(official) or not keys:
            return official
        optional = {column.key for column in self._grid.columns if column.optional}
        if len(set(keys)) == len(keys) and set(official) <= set(keys) <= set(official) | optional:
            return [key for _, _, key in sorted(header)]
        return official

    def _usual_starts(self) -> dict[tuple[int, int], int]:
        """Where values begin, by row length and label position, learnt from the rows that leave no doubt."""
        starts: dict[tuple[int, int], Counter] = {}
        for row, _, position in self._pending:
            count = len(self._columns(row.table))
            filled = [cell for cell in row.filled if cell > position]
            if len(filled) == count and filled[-1] - filled[0] == count - 1:
                starts.setdefault((len(row.texts), position), Counter())[filled[0]] += 1
        return {shape: counter.most_common(1)[0][0] for shape, counter in starts.items() if len(counter) == 1}

    @staticmethod
    def _values(row: Row, position: int, count: int, starts: dict[tuple[int, int], int]) -> Sequence[int] | None:
        """Return the positions of a row's values, or None when more than one reading is possible."""
        first, end = position + 1, len(row.texts)
        filled = [cell for cell in row.filled if cell > position]
        if end - first < count or len(filled) > count:
            return None
        if end - first == count or not filled:
            return range(first, first + count)
        if len(filled) == count:
            return filled if filled[-1] - filled[0] == count - 1 else None
        start = starts.get((end, position))
        if start is not None and start <= filled[0] and filled[-1] < start + count:
            return range(start, start + count)
        return None
