"""The header of a matrix: which columns it names, in which order, and when that cannot be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

from archive.forms.labels import body, fold
from archive.forms.leading import WORDS as LINE_NUMBERS
from archive.forms.model import TableForm
from archive.forms.rows import Row

# Columns local tables add beside the form's, which hold no number of it.
_BESIDE = {"备注", "说明", "注", *LINE_NUMBERS}

# The kinds of header words that stand above a column of their own.
_PLACED = ("column", "beside", "unknown")
# A column of the form by its key, or None for one that is passed over.
Columns = list[str | None]


class MatrixHeader:
    """The header rows above some rows of a matrix."""

    def __init__(self, form: TableForm) -> None:
        self._form = form
        self._labels = form.grid.column_labels
        self._openers = form.openers
        self._rows: list[Row] = []

    def take(self, row: Row) -> bool:
        """Take a row when it is one of a header: it holds the header's own words, or names columns no row is named."""
        filled = row.filled
        if not filled or row.holds_number:
            return False
        texts = [row.texts[position] for position in filled]
        keys = {match.key for match in map(self._labels.exact, texts) if match}
        named = any(word in fold(text) for text in texts for word in self._form.headers)
        named = named or any(self._openers.find(text) for text in texts)
        if not named and (len(keys) < 2 or not keys - self._form.grid.columns_named_like_rows):
            return False
        self._rows.append(row)
        return True

    def columns(self, below: Sequence[Row]) -> Columns | None:
        """Return the columns in order, None when the header leaves doubt.

        Two ways to tell the order must not contradict each other: what stands under what as printed (a group's word is
        followed in the next row by its columns), and where the spans put each label, if the spans of the whole table
        fit together. Words that are no column of the form leave doubt, unless the spans show each to head one column
        of its own. ``below`` are the rows under this header.
        """
        official: Columns = [column.key for column in self._form.grid.value_columns]
        tokens = [self._tokens(row) for row in self._rows]
        keys = [key for row in tokens for kind, key, _ in row if kind == "column"]
        if not keys:
            return official if not self.unknown else None
        optional = {column.key for column in self._form.grid.columns if column.optional}
        once = len(set(keys)) == len(keys)
        if not once or not set(official) <= set(keys) <= set(official) | optional:
            return None
        placed = [(x, key) for row in tokens for kind, key, x in row if kind in _PLACED]
        by_place = [key for _, key in sorted(placed, key=itemgetter(0))]
        by_structure = self._structure(tokens)
        fits = self._spans_fit(below) and len({x for x, _ in placed}) == len(placed)
        if self.unknown and not (fits and self._covered({x for x, _ in placed}, below)):
            return None
        if by_structure is not None:
            return by_structure if not fits or by_place == by_structure else None
        return by_place if fits or by_place == official else None

    def places(self, below: Sequence[Row]) -> list[int] | None:
        """Return the grid columns of `columns`, in their order, where the spans of header and rows fit together."""
        placed = [x for row in self._rows for kind, _, x in self._tokens(row) if kind in _PLACED]
        return sorted(placed) if self._spans_fit(below) and len(set(placed)) == len(placed) else None

    def _tokens(self, row: Row) -> list[tuple[str, str | None, int]]:
        """Say what each word of a header row is (opener, column, beside or unknown), its column and where it begins."""
        tokens: list[tuple[str, str | None, int]] = []
        for position in row.filled:
            text, x = row.texts[position], row.columns[position]
            match = self._labels.find(text) or self._labels.begun(text)
            if self._openers.find(text):
                tokens.append(("opener", None, x))
            elif match:
                tokens.append(("column", match.key, x))
            elif body(text) in _BESIDE:
                tokens.append(("beside", None, x))
            elif position != row.filled[0] or x > 0:
                # The first word, at the left edge, heads the labels, whatever it is.
                known = any(word in fold(text) for word in self._form.headers)
                tokens += [] if known else [("unknown", None, x)]
        return tokens

    def _structure(self, tokens: list[list[tuple[str, str | None, int]]]) -> Columns | None:
        """Return the columns as the words stand under each other; None when some stand under nothing."""
        rows = [row for row in tokens if row]
        used = 0

        def expand(index: int) -> Columns:
            nonlocal used
            used = max(used, index + 1)
            columns: Columns = []
            for kind, key, _ in rows[index]:
                if kind != "opener":
                    columns.append(key)
                elif index + 1 < len(rows):
                    columns += expand(index + 1)
            return columns

        columns = expand(0) if rows else []
        wanted = Counter(key for row in rows for kind, key, _ in row if kind != "opener")
        return columns if used == len(rows) and Counter(columns) == wanted else None

    @property
    def unknown(self) -> list[str]:
        """The words of the header that are no column of the form, as printed."""
        return [
            row.texts[row.columns.index(x)]
            for row in self._rows
            for kind, _, x in self._tokens(row)
            if kind == "unknown"
        ]

    def _covered(self, places: set[int], below: Sequence[Row]) -> bool:
        """Whether below the header each cell from the first of these grid columns on stands in one of them, alone."""
        first = min(places)
        return bool(below) and all({x for x in row.columns if x >= first} == places for row in below)

    def _spans_fit(self, below: Sequence[Row]) -> bool:
        """Whether the spans of header and rows cover one rectangle."""
        rows = [*self._rows, *below]
        return all(row.whole and row.width == rows[0].width for row in rows)
