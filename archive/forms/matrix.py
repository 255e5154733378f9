"""Tables of many rows against a few columns, with grouped row labels (表三)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.forms.cells import Cells
from archive.forms.header import Columns, MatrixHeader
from archive.forms.labels import Labels, Match, body, fold, split_index
from archive.forms.model import TableForm
from archive.forms.numbers import is_value, read_value
from archive.forms.rows import Row

# Words a row of sums inside a group is labelled with.
_SUBTOTAL = ("小计", "合计")

# A label shorter than this says little out of its place. In characters.
_TELLING = 4
# From this length on a label is known with a slip, too, wherever it stands. In characters.
_SAYING = 6


@dataclass(frozen=True, slots=True)
class _Found:
    """A row's label: the key of the row, if it is one, where it stands, the group, and whether any label was met."""

    key: str | None
    position: int
    group: str | None
    met: bool


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A row of the form and where its label stands."""

    row: Row
    key: str
    position: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows of the same length and label position are laid out alike."""
        return len(self.row.texts), self.position


class MatrixReader:
    """Reads the rows of a matrix: leading labels first, the group carried down, then the values.

    Values are never found by grid position: published tables leave spans out, pad with blank cells and begin the same
    column at different cells in different rows.
    """

    def __init__(self, form: TableForm) -> None:
        self.cells = Cells(form.key)
        self._form = form
        self._grid = form.grid
        self._optional = {row.key for row in self._grid.rows if row.optional}
        self._order = {row.key: number for number, row in enumerate(self._grid.rows)}
        self._roles = {row.key: row.role for row in self._grid.rows}
        self._groups = {row.key: row.group for row in self._grid.rows}
        self._group: str | None = None
        self._last: str | None = None
        self._header: MatrixHeader | None = None
        self._headed: set[int] = set()
        # Each header with the rows under it.
        self._parts: list[tuple[MatrixHeader | None, list[_Labelled]]] = []

    def take(self, row: Row) -> bool:
        """Read a row if it belongs here."""
        if self._take_header(row):
            return True
        found = self._find_label(row)
        if found.key is None:
            inside = found.met and row.table in self._headed and row.holds_number
            if inside:
                self.cells.unknown(row)
            elif found.met and self._only_groups(row) and self._goes_on(row, None):
                self._group = found.group
                return True
            return inside
        if not self._goes_on(row, found.key):
            return False
        self._group = found.group
        if self._roles[found.key] != "subtotal":
            self._last = found.key
        if not self._parts:
            self._parts.append((None, []))
        self._parts[-1][1].append(_Labelled(row, found.key, found.position))
        return True

    def finish(self) -> None:
        """Settle which cells of each row are its values, now that all rows are known."""
        official: Columns = [column.key for column in self._grid.value_columns]
        for header, labelled in self._parts:
            columns = header.columns([entry.row for entry in labelled]) if header else official
            windows = _windows(labelled, len(columns)) if columns else {}
            under = header.places([entry.row for entry in labelled]) if header else None
            if header and columns:
                self.cells.notes += [
                    f"第 {labelled[0].row.table} 个表格有表式以外的一列，未读取：{word}"
                    for word in header.unknown
                    if labelled
                ]
            for entry in labelled:
                keys = columns or official
                places = _values(entry, keys, windows, under) if columns else None
                wanted = [number for number, key in enumerate(keys) if key]
                self.cells.add_row(
                    entry.row,
                    [(entry.key, keys[number]) for number in wanted],
                    places and [places[number] for number in wanted],
                )

    def _take_header(self, row: Row) -> bool:
        """Take a header row: the next of a header begun, or the first of one."""
        begun = self._header is not None and not self._parts[-1][1] and row.table in self._headed
        header = self._header if begun else MatrixHeader(self._form)
        if not header.take(row):
            return False
        if not begun:
            self._header = header
            self._parts.append((header, []))
        self._headed.add(row.table)
        return True

    def _goes_on(self, row: Row, key: str | None) -> bool:
        """Whether a row can be one of ours: under a header, or after the last row where a page break cut the table.

        A table that lost its header begins with the form's first row.
        """
        if row.table in self._headed:
            return True
        if self._last is None:
            return key == self._grid.value_rows[0].key
        return key is None or self._roles[key] == "subtotal" or self._order[key] > self._order[self._last]

    def _find_label(self, row: Row) -> _Found:
        """Go along the leading labels of a row."""
        group, met, last = self._group, False, -1
        for position, text in enumerate(row.texts):
            if not fold(text):
                continue
            # 小计 alone sums the group above; 合计 alone could as well be the total of all.
            if group and fold(text) in (_SUBTOTAL if met else _SUBTOTAL[:1]):
                return _Found(f"{group}_subtotal", position, group, True)
            if is_value(text):
                break
            heading = self._grid.group_labels.find(text)
            if heading:
                group, met, last = heading.key, True, position
                if any(word in fold(text) for word in _SUBTOTAL):
                    return _Found(f"{group}_subtotal", position, group, True)
                continue
            leaf = self._find_leaf(text, group)
            if leaf:
                # Where a merge was undone, its text stands in every cell it covered.
                while position + 1 < len(row.texts) and fold(row.texts[position + 1]) == fold(text):
                    position += 1
                return _Found(leaf.key, position, self._groups[leaf.key], True)
            return _Found(None, position, group, True)
        if met and f"{group}_subtotal" in self._optional and row.holds_number:
            return _Found(f"{group}_subtotal", last, group, True)
        return _Found(None, last, group, met)

    def _find_leaf(self, text: str, group: str | None) -> Match | None:
        """Recognise a row label in its group, else one of no group, else one only a single other group has.

        A label that says little (其他, 总计) is known only in its place: the group it belongs to, or after the rows it
        sums.
        """
        by_group = self._grid.labels_by_group
        for own in dict.fromkeys((group, None)):
            match = own in by_group and by_group[own].find(text)
            if match and (self._roles[match.key] != "total" or split_index(text)[0] or self._after_results()):
                return match
        if len(body(text)) < _TELLING:
            return None
        for find in (Labels.exact, Labels.find):
            found = {match.key: match for match in (find(labels, text) for labels in by_group.values()) if match}
            if found or len(body(text)) < _SAYING:
                break
        return next(iter(found.values())) if len(found) == 1 else None

    def _after_results(self) -> bool:
        return self._last is not None and self._roles[self._last] in ("result", "subtotal")

    def _only_groups(self, row: Row) -> bool:
        return all(self._grid.group_labels.find(row.texts[position]) for position in row.filled)


def _windows(labelled: Sequence[_Labelled], count: int) -> dict[tuple[int, int], range]:
    """Where the values lie in rows with more cells than values, by row length and label position.

    Padding is blank in every such row: where all that is ever filled is just as wide as the values, those are they.
    """
    filled: dict[tuple[int, int], set[int]] = defaultdict(set)
    for entry in labelled:
        filled[entry.shape].update(cell for cell in entry.row.filled if cell > entry.position)
    return {
        shape: range(min(cells), max(cells) + 1)
        for shape, cells in filled.items()
        if cells and max(cells) + 1 - min(cells) == count
    }


def _values(
    entry: _Labelled, keys: Columns, windows: Mapping[tuple[int, int], range], under: Sequence[int] | None
) -> Sequence[int] | None:
    """Return the positions of a row's values, or None when more than one reading is possible.

    ``under`` is the grid columns they stand in, where the spans tell.
    """
    row, first, count = entry.row, entry.position + 1, len(keys)
    cells = range(first, len(row.texts))
    if len(cells) < count:
        return None
    if any(row.columns[cell] != row.ends[cell - 1] for cell in cells):
        # A cell above that hangs down into the values has taken the place of one of this row's, or claims a row too
        # many: then none is missing, and they add up.
        return cells if len(cells) == count and _add_up([row.texts[cell] for cell in cells], keys) else None
    if len(cells) == count:
        return cells
    if not any(cell > entry.position for cell in row.filled):
        return cells[:count]
    if under and len(under) == count:
        placed = [cell for cell in cells if row.columns[cell] in under]
        beyond = any(fold(row.texts[cell]) for cell in cells if cell not in placed)
        if len(placed) == count and not beyond:
            return placed
    return windows.get(entry.shape)


def _add_up(texts: Sequence[str], keys: Columns) -> bool:
    """Whether the values of a row are numbers and the total is the sum of the others."""
    values = {key: read_value(text).value for key, text in zip(keys, texts, strict=True)}
    numbers = [value for value in values.values() if value is not None]
    return len(numbers) == len(keys) and None not in values and sum(numbers) == 2 * (values.get("total") or 0)
