"""Tables printed on their side, rows for columns: turned back before they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.documents.model import Cell
from archive.forms.labels import Match, fold
from archive.forms.laying import Laid, Line, is_whole, lay_out
from archive.forms.model import Grid, TableForm
from archive.forms.numbers import holds_digit, is_value

# A table on its side has a line for most of the form's columns; upright ones begin two lines with a column's name.
_LEAST_LINES = 5
# How many cells before its values may hold the labels of a line.
_LABELS = 3


def upright(lines: Sequence[Line], tables: Sequence[TableForm]) -> list[Line]:
    """Return the lines of a table with those parts turned back that show one of ``tables`` on its side."""
    found = list(lines)
    for form in tables:
        turn = {"matrix": _turn_matrix, "across": _turn_across}.get(form.shape)
        if turn:
            found = turn(found, form)
    return found


def _turn_matrix(lines: list[Line], form: TableForm) -> list[Line]:
    """Turn the part whose lines are the form's columns (自然人, 商业企业 …) under a header of the form's rows."""
    grid = form.grid
    leaders = {index: key for index, line in enumerate(lines) if (key := _leader(line, grid)) is not None}
    if len(set(leaders.values())) < _LEAST_LINES:
        return lines
    first, last = min(leaders), max(leaders)
    while first and _names_rows(lines[first - 1], grid):
        first -= 1
    part = lines[first : last + 1]
    laid, reach = lay_out(part)
    if is_whole(reach):
        turned = _transposed(laid)
    else:
        turned = _by_order(part[: min(leaders) - first], part[min(leaders) - first :], form)
    return [*lines[:first], *turned, *lines[last + 1 :]] if turned else lines


def _leader(line: Line, grid: Grid) -> str | None:
    """Return the column that a line of values is named after: by the label next to them."""
    labels = [position for position, entry in enumerate(line[:_LABELS]) if not is_value(entry.cell.text)]
    if not labels:
        return None
    values = line[labels[-1] + 1 :]
    if len(values) < len(grid.value_rows):
        return None
    match = grid.column_labels.find(line[labels[-1]].cell.text)
    numbers = all(is_value(value.cell.text) or holds_digit(value.cell.text) for value in values)
    return match.key if match and numbers else None


def _names_rows(line: Line, grid: Grid) -> bool:
    texts = [entry.cell.text for entry in line if fold(entry.cell.text)]
    known = sum(bool(grid.row_labels.find(text) or grid.group_labels.find(text)) for text in texts)
    return not any(map(is_value, texts)) and known >= 2


def _transposed(laid: Sequence[Line]) -> list[Line]:
    width = max(entry.column + entry.cell.colspan for line in laid for entry in line)
    turned: list[Line] = [[] for _ in range(width)]
    for line in laid:
        for entry in line:
            cell = replace(entry.cell, rowspan=entry.cell.colspan, colspan=entry.cell.rowspan)
            turned[entry.column].append(entry._replace(cell=cell))
    return turned


def _by_order(head: Sequence[Line], body: Sequence[Line], form: TableForm) -> list[Line]:
    """Turn a part without true spans, if its header names all rows of the form in the official order, level by level.

    With the order of each level that of the form, only one order of all is left: the form's.
    """
    grid = form.grid
    official = [row.key for row in grid.value_rows]
    place = {row.key: number for number, row in enumerate(grid.rows)}
    named: list[str] = []
    for line in head:
        keys = [key for entry in line if (key := _row_key(entry, grid))]
        if [place[key] for key in keys] != sorted(place[key] for key in keys):
            return []
        named += keys
    if sorted(key for key in named if key in official) != sorted(official):
        return []
    columns = {}
    for line in body:
        key = _leader(line, grid)
        values = line[-len(official) :]
        if key is None or key in columns or len(line) < len(official):
            return []
        columns[key] = values
    labels = {row.key: row.label for row in grid.rows}
    made = {column.key: column.label for column in grid.columns}
    turned: list[Line] = [[_word(form.headers[0]), *(_word(made[key]) for key in columns)]]
    group = None
    for number, row in enumerate(grid.value_rows):
        if row.group and row.group != group:
            turned.append([_word(labels[row.group])])
        group = row.group
        turned.append([_word(row.label), *(values[number] for values in columns.values())])
    return turned


def _row_key(entry: Laid, grid: Grid) -> str | None:
    text = entry.cell.text
    match = grid.group_labels.find(text) or grid.row_labels.find(text)
    return match.key if match else None


def _turn_across(lines: list[Line], form: TableForm) -> list[Line]:
    """Turn the part whose lines are single numbers, each after its result and, where it changes, its group."""
    grid = form.grid
    groups = {row.key: row.label for row in grid.value_rows}
    results = {column.key: column.label for column in grid.value_columns}
    cells: dict[tuple[str, str], Laid] = {}
    taken: list[int] = []
    group: str | None = None
    for index, line in enumerate(lines):
        found = [(place, match) for place, entry in enumerate(line[:_LABELS]) if (match := _result(entry, grid))]
        place, match = found[-1] if found else (-1, None)
        # Padding may follow the number, to the width of the widest line.
        if place + 1 >= len(line) or any(fold(entry.cell.text) for entry in line[place + 2 :]):
            continue
        labels = [entry.cell.text for entry in line[: place + 1]]
        named = next((match for match in map(grid.row_labels.find, reversed(labels)) if match), None)
        group = named.key if named else group
        if match is None or group is None:
            continue
        result = match.key
        if (group, result) in cells:
            return lines
        cells[group, result] = line[place + 1]
        taken.append(index)
    wanted = [(group, result) for group in groups for result in results]
    if not taken or set(cells) != set(wanted):
        return lines
    first, last = taken[0], taken[-1]
    wide = len(results)
    turned = [
        [_word(label, colspan=wide) for label in groups.values()],
        [_word(results[result]) for _, result in wanted],
        [cells[pair] for pair in wanted],
    ]
    return [*lines[:first], *turned, *lines[last + 1 :]]


def _result(entry: Laid, grid: Grid) -> Match | None:
    return grid.column_labels.exact(entry.cell.text)


def _word(text: str, colspan: int = 1) -> Laid:
    """A label the form prints, put where the document has it elsewhere."""
    return Laid(Cell(text, 1, colspan), 0, 0)
