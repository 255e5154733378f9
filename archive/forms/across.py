"""Tables with one row of numbers, whose groups and results both stand in the header (表四)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.forms.cells import Cells
from archive.forms.labels import fold
from archive.forms.model import TableForm
from archive.forms.numbers import holds_digit, is_value
from archive.forms.rows import Row

# Fewer columns than this could by chance hold 1, 2, 3 and be numbers.
_NUMBERED_FROM = 4
_MARKS = re.compile(r"[\W_]+")


class AcrossReader:
    """Reads a table whose header names groups (复议, 直接起诉, 复议后起诉) over results, above one row of numbers."""

    def __init__(self, form: TableForm) -> None:
        self.cells = Cells(form.key)
        self._grid = form.grid
        self._wider = form.grid.wider_labels
        self._groups: list[tuple[int, str]] = []
        self._results: list[tuple[int, int, str]] = []
        # Where one cell names both: its column, the group and the result.
        self._both: list[tuple[int, str, str]] = []
        self._doubt = False
        self._out_of_order = False
        # Whether numbers were read below this header.
        self._read = False
        self._rows: list[Row] = []
        # The first row of blanks under each header.
        self._blanks: list[tuple[Row, list[tuple[str, str]]]] = []
        self._table = 0

    def take(self, row: Row) -> bool:
        """Read a row if it belongs here."""
        if row.table != self._table:
            self._table = row.table
            self._begin()
        return self._take_group_row(row) or self._take_header(row) or self._take_values(row)

    def finish(self) -> None:
        """Take the first row of blanks for the numbers where no other came."""
        for row, pairs in self._blanks:
            if not self.cells.found.keys() & set(pairs):
                self.cells.add_row(row, pairs, range(len(pairs)))

    def _begin(self) -> None:
        """Forget the header: another table begins, or another header below the numbers of one."""
        self._groups, self._results, self._both, self._rows = [], [], [], []
        self._doubt = self._out_of_order = self._read = False

    def _take_header(self, row: Row) -> bool:
        filled = row.filled
        if not filled or row.holds_number:
            return False
        groups: list[tuple[int, str]] = []
        results: list[tuple[int, int, str]] = []
        other = 0
        doubt = out_of_order = False
        both: list[tuple[int, str, str]] = []
        for position in filled:
            text = row.texts[position]
            if pair := self._named_both(text):
                both.append((row.columns[position], *pair))
            elif match := self._grid.row_labels.find(text):
                groups.append((row.columns[position], match.key))
            elif match := self._grid.column_labels.exact(text):
                results.append((row.columns[position], row.number, match.key))
            elif self._wider.exact(text):
                # 行政诉讼 stands right of 行政复议; left of it, the table is in an order of its own.
                out_of_order |= (self._read or not self._groups) and not groups
            else:
                other += 1
                # The first word may be one for the rows (项目, 类别); any other names a column the form does not have.
                doubt |= position != filled[0] or row.columns[position] > 0
        known = len(filled) - other
        # A header row names almost only groups and results; a first cell may be a word for the row (项目, 类别). One
        # label alone heads a table of its own when it is a group's.
        if other > 1 or (known < 2 and (other or results)):
            return False
        if self._read:
            self._begin()
        self._groups += groups
        self._results += results
        self._both += both
        self._doubt |= doubt
        self._out_of_order |= out_of_order
        self._rows.append(row)
        return True

    def _named_both(self, text: str) -> tuple[str, str] | None:
        """Read a header cell that names a group and its result: 行政复议-结果维持, 复议后起诉（总计）."""
        words = _plain(text)
        for group in self._grid.value_rows:
            for wording in group.wordings:
                before, found, after = words.partition(_plain(wording))
                match = self._grid.column_labels.exact(after) if found and before in ("", group.group) else None
                if match and match.how == "exact" and after:
                    return group.key, match.key
        return None

    def _take_group_row(self, row: Row) -> bool:
        """Read one group's row of a table turned on its side: the group's name, then its results."""
        filled = row.filled
        if not filled or not self._results:
            return False
        labels = [position for position in filled if not is_value(row.texts[position])]
        match = self._grid.row_labels.find(row.texts[labels[-1]]) if labels else None
        columns = [column.key for column in self._grid.value_columns]
        names = [key for _, _, key in sorted(self._results)]
        if not match or sorted(names) != sorted(columns):
            return False
        values = self._without_padding(row, range(labels[-1] + 1, len(row.texts)), len(names))
        # Two rows of a header that name results over the same columns leave their order open.
        told = len({column for column, *_ in self._results}) == len(names)
        fits = len(values) == len(names)
        if len(labels) == len(filled) and not fits:
            return False
        self.cells.add_row(row, [(match.key, column) for column in names], values if fits and told else None)
        return True

    def _take_values(self, row: Row) -> bool:
        count = len(self._results) + len(self._both)
        if not count or not row.texts:
            return False
        first = 0 if is_value(row.texts[0]) else 1
        values = range(first, len(row.texts))
        odd = [position for position in values if not is_value(row.texts[position])]
        # A number with a remark beside it is no number, and takes none of the others with it.
        if len(odd) * 2 > len(values) or not all(holds_digit(row.texts[position]) for position in odd):
            return False
        values = self._without_padding(row, values, count)
        pairs = self._pairs(row)
        numbers = [fold(row.texts[position]) for position in values]
        if not any(numbers):
            # Blank rows are layout, unless the form was left blank.
            if pairs and len(values) == len(pairs):
                self._blanks.append((row, pairs))
            return True
        if numbers == [str(number) for number in range(1, len(numbers) + 1)] and len(numbers) > _NUMBERED_FROM:
            return True  # the columns are numbered
        official = [(entry.key, column.key) for entry in self._grid.value_rows for column in self._grid.value_columns]
        # A first cell that is no number and a blank last one: a row label and a lost number, or a number misprinted
        # and padding.
        fits = pairs and len(values) == len(pairs) and (first == 0 or bool(numbers[-1]))
        self.cells.add_row(row, pairs or official, values if fits else None)
        self._read = True
        return True

    def _without_padding(self, row: Row, values: range, count: int) -> Sequence[int]:
        """Leave out blank cells beside the results, where each value stands under one."""
        results = sorted(column for column, *_ in (*self._results, *self._both))
        under = [position for position in values if row.columns[position] in results]
        blank = not any(fold(row.texts[position]) for position in values if position not in under)
        told = [row.columns[position] for position in under] == results and len(under) == count
        return under if told and blank and row.whole else values

    def _pairs(self, row: Row) -> list[tuple[str, str]] | None:
        """The (group, result) of each value of ``row``, in the order the header shows them; None when it leaves doubt.

        Where spans, or padding in their place, cover one rectangle, a result belongs to the last group that begins at
        or left of it. Where they do not, the labels must stand in the official order.
        """
        if self._both:
            both = [(group, result) for _, group, result in sorted(self._both)]
            return None if self._results or self._doubt or len(set(both)) != len(both) else both
        named = [key for _, key in self._groups] or [entry.key for entry in self._grid.value_rows]
        results = [column.key for column in self._grid.value_columns]
        if self._doubt or len(set(named)) != len(named):
            return None
        if all(each.whole and each.width == row.width for each in (*self._rows, row)):
            pairs = []
            for column, _, result in sorted(self._results):
                left = [(start, order, key) for order, (start, key) in enumerate(self._groups) if start <= column]
                pairs.append((max(left)[2] if left else None, result))
            whole = {(group, result) for group in named for result in results}
            if len(pairs) == len(whole) and set(pairs) == whole:
                return pairs
        in_order = [entry.key for entry in self._grid.value_rows if entry.key in named] == named
        in_order &= not (self._out_of_order and len(named) == len(self._grid.value_rows))
        if in_order and [key for _, _, key in self._results] == results * len(named):
            return [(group, result) for group in named for result in results]
        return None


def _plain(text: str) -> str:
    return _MARKS.sub("", fold(text))
