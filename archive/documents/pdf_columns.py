"""Tables without ruling lines: columns told by how the numbers are aligned, rows by where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from archive.documents.pdf_labels import INDEX, labels_of
from archive.documents.pdf_lines import APART, Line, cell_text, lines_of
from archive.documents.pdf_page import Box, Glyph
from archive.documents.pdf_tables import Placed, Ruled
from archive.documents.pdf_torn import TIGHT, in_doubt, is_torn, is_value
from archive.documents.spaces import squeeze

# Pieces of a line this far apart stand in two columns; where the file prints a space, and between figures. In sizes.
_GAP, _SPACED_GAP, _FIGURES_GAP = 0.6, 1.1, 0.35
# Base lines nearer than this are one; so are the edges or middles of a column's numbers. In sizes.
_SAME_BASE, _SAME_EDGE = 0.2, 0.45
# Lines further apart than this are two tables'. In sizes.
_FAR = 4.0
Row = list[Line]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns of numbers stand: for each its middle; the edges around them; and how they are aligned."""

    middles: tuple[float, ...]
    starts: tuple[float, ...]
    edges: tuple[float, ...]
    left_aligned: bool

    @property
    def pitch(self) -> float:
        """The least distance of two columns."""
        return min((right - left for left, right in pairwise(self.middles)), default=self.edges[-1] - self.edges[0])

    def of(self, line: Line) -> int:
        """Return the column a piece stands in: the nearest."""
        middle = (line.x0 + line.x1) / 2
        return min(range(len(self.middles)), key=lambda index: abs(self.middles[index] - middle))


def find_unruled(lines: Sequence[Line]) -> tuple[list[tuple[float, Ruled]], list[Line]]:
    """Find the tables among the lines of a page. Returns each with the height it begins at, and the lines left over."""
    rows = _rows(lines)
    tables: list[tuple[float, Ruled]] = []
    used: set[Glyph] = set()
    torn = False
    free = 0
    for first, last in _blocks(rows):
        values = [found for row in rows[first : last + 1] if (found := _values(row))]
        columns = _columns(values)
        if columns is None:
            continue
        top = _header_start(rows, free, first, columns)
        bottom = _last_label(rows, last, columns)
        if top == first and len(values) == 1 and len(columns.middles) < 2:
            continue  # a word and a number set apart, as in an address
        header, taken_header = _header(rows[top:first], columns)
        body, taken = _body(rows[first : bottom + 1], columns)
        torn = torn or is_torn(rows[max(0, first - 1) : bottom + 2], columns.edges)
        if any(sum(_is_over(line, columns) for line in row) > len(columns.middles) for row in rows[top:first]):
            body = [_in_one_cell(row, columns) for row in body]
        ruled = Ruled([*header, *body], [columns.edges[0] - 100, *columns.edges], drawn=False)
        tables.append((rows[top][0].base, ruled))
        used |= {glyph for line in (*taken_header, *taken) for glyph in line.glyphs}
        free = bottom + 1
    if not tables:
        return [], list(lines)
    if torn:
        tables = [(base, in_doubt(table)) for base, table in tables]
    return tables, lines_of(glyph for line in lines for glyph in line.glyphs if glyph not in used)


def as_one_page(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Move the lines of pages that follow each other to where they would stand on one long page, at the usual distance.

    A row of a table that a page break cuts is whole then.
    """
    steps = [below.base - line.base for lines in pages for line, below in pairwise(lines)]
    size = pages[0][0].size
    usual = min((step for step in steps if 1.05 * size <= step <= 1.8 * size), default=1.3 * size)
    moved = [list(pages[0])]
    for lines in pages[1:]:
        down = moved[-1][-1].base + usual - lines[0].base
        moved.append([Line(tuple(replace(glyph, base=glyph.base + down) for glyph in line.glyphs)) for line in lines])
    return moved


def _rows(lines: Sequence[Line]) -> list[Row]:
    """Return the pieces of the lines, base line by base line."""
    glyphs = sorted((glyph for line in lines for glyph in line.glyphs), key=lambda glyph: glyph.base)
    bases: list[list[Glyph]] = []
    for glyph in glyphs:
        if bases and glyph.base - bases[-1][-1].base < _SAME_BASE * glyph.size:
            bases[-1].append(glyph)
        else:
            bases.append([glyph])
    return [list(_split(sorted(base, key=lambda glyph: glyph.x0))) for base in bases]


def _split(glyphs: list[Glyph]) -> Iterator[Line]:
    piece = [glyphs[0]]
    for before, glyph in pairwise(glyphs):
        figures = before.text.isdigit() and glyph.text.isdigit()
        limit = _FIGURES_GAP if figures else _SPACED_GAP if glyph.spaced else _GAP
        if glyph.x0 - before.x1 > limit * min(before.size, glyph.size):
            yield Line(tuple(piece))
            piece = []
        piece.append(glyph)
    yield Line(tuple(piece))


def _values(row: Row) -> Row:
    """Return the numbers of a row, if it is one: those after a label, or three and more alone."""
    values = [line for line in row if is_value(line)]
    if len(values) == len(row):
        return values if len(values) >= 3 else []
    return [line for line in row[1:] if is_value(line)]


def _blocks(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Go through the runs of rows that have their numbers in the same columns, as (first, last)."""
    start = last = -1
    spans: list[tuple[float, float]] = []
    for index, row in enumerate(rows):
        values = _values(row)
        far = start >= 0 and row[0].base - rows[index - 1][0].base > _FAR * row[0].size
        over = start >= 0 and not values and any(line.x1 > spans[0][0] + 2 for line in row if not is_value(line))
        if far or over:
            yield start, last
            start, spans = -1, []
        if not values:
            continue
        if start >= 0 and not _fits(spans, values):
            yield start, last
            start, spans = -1, []
        if start < 0:
            start = index
        last = index
        spans = _united([*spans, *((line.x0, line.x1) for line in values)])
    if start >= 0:
        yield start, last


def _fits(spans: list[tuple[float, float]], values: Row) -> bool:
    touched = [sum(low <= line.x1 and line.x0 <= high for low, high in spans) for line in values]
    return max(touched) <= 1 and 2 * sum(touched) >= len(touched)


def _united(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    united: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if united and low <= united[-1][1]:
            united[-1] = (united[-1][0], max(high, united[-1][1]))
        else:
            united.append((low, high))
    return united


def _columns(rows: Sequence[Row]) -> _Columns | None:
    """Find the columns of numbers: they share a middle, a right or a left edge. None when none of these holds."""
    size = rows[0][0].size
    keys: list[Callable[[Line], float]] = [lambda s: (s.x0 + s.x1) / 2, lambda s: s.x1, lambda s: s.x0]
    best: list[list[Line]] | None = None
    aligned = 0
    for number, key in enumerate(keys):
        groups = _clusters([line for row in rows for line in row], key, _SAME_EDGE * size)
        place = {id(line): index for index, group in enumerate(groups) for line in group}
        clash = any(len({place[id(line)] for line in row}) < len(row) for row in rows)
        apart = all(max(s.x1 for s in left) <= min(s.x0 for s in right) + 1 for left, right in pairwise(groups))
        if not clash and apart and (best is None or len(groups) < len(best)):
            best, aligned = groups, number
    if best is None:
        return None
    extents = [(min(s.x0 for s in group), max(s.x1 for s in group)) for group in best]
    middles = [(low + high) / 2 for low, high in extents]
    inner = [(left + right) / 2 for left, right in pairwise(middles)]
    half = (inner[0] - middles[0]) if inner else 20.0
    last = (middles[-1] - inner[-1]) if inner else 20.0
    edges = [min(middles[0] - half, extents[0][0]), *inner, max(middles[-1] + last, extents[-1][1])]
    return _Columns(tuple(middles), tuple(low for low, _ in extents), tuple(edges), aligned == 2)


def _clusters(lines: list[Line], key: Callable[[Line], float], near: float) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line in sorted(lines, key=key):
        if groups and key(line) - key(groups[-1][-1]) <= near:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _header_start(rows: Sequence[Row], free: int, first: int, columns: _Columns) -> int:
    """Go up from the first row of numbers as long as words stand over the columns, in pieces."""
    start = first
    for index in range(first - 1, free - 1, -1):
        row = rows[index]
        if rows[index + 1][0].base - row[0].base > 4 * row[0].size or _is_running(row, columns):
            break
        if any(_is_over(line, columns) for line in row):
            start = index
        elif len(row) > 1:
            break
    return start


def _is_over(line: Line, columns: _Columns) -> bool:
    """Whether a piece stands over the numbers, not beside them among the labels."""
    return line.x1 > columns.starts[0] + 2


def _is_running(row: Row, columns: _Columns) -> bool:
    """Whether a line is running text or a heading: it has an index, a full stop, or goes from the labels far over."""
    first = row[0]
    across = first.x0 < columns.starts[0] - 3 * first.size and first.x1 > columns.starts[0] + first.size
    return across or bool(INDEX.match(squeeze(first.text))) or row[-1].text[-1] in "。；"


def _last_label(rows: Sequence[Row], last: int, columns: _Columns) -> int:
    """Go down from the last row of numbers as long as nothing but the rest of its label follows, line by line."""
    for index in range(last + 1, len(rows)):
        row = rows[index]
        near = row[0].base - rows[index - 1][0].base <= TIGHT * 1.2 * row[0].size
        goes_on = all(not _is_over(line, columns) and not INDEX.match(squeeze(line.text)) for line in row)
        wrapped = all(is_value(line) for line in row) and not _values(row)
        if not near or not (goes_on or wrapped):
            return index - 1
    return len(rows) - 1


def _header(rows: Sequence[Row], columns: _Columns) -> tuple[list[list[Placed]], list[Line]]:
    """Return the header as rows of cells, words wrapped within a column joined, and the pieces it took."""
    left = [line for row in rows for line in row if not _is_over(line, columns)]
    over = [line for row in rows for line in row if _is_over(line, columns)]
    cells: list[list[Line]] = []
    for line in over:
        above = next((cell for cell in reversed(cells) if _wraps(cell[-1], line, columns.pitch)), None)
        if above:
            above.append(line)
        else:
            cells.append([line])
    levels: list[list[list[Line]]] = []
    for cell in sorted(cells, key=lambda cell: cell[0].base):
        if levels and cell[0].base - levels[-1][0][0].base < 0.6 * cell[0].size:
            levels[-1].append(cell)
        else:
            levels.append([cell])
    placed = []
    for number, level in enumerate(levels):
        level.sort(key=lambda cell: cell[0].x0)
        starts = _header_columns(level, columns)
        head = "".join(line.text for line in left) if number == 0 else ""
        row = [Placed(head, 1, columns.edges[0] - 100, columns.edges[0])]
        for (start, end), cell in zip(starts, level, strict=True):
            text = "".join(line.text for line in cell)
            row.append(Placed(text, 1, columns.edges[start], columns.edges[end]))
        placed.append(row)
    return placed, [*left, *over]


def _wraps(above: Line, line: Line, pitch: float) -> bool:
    """Whether a piece of a header is the rest of the one above: no wider than a column, and right below it."""
    narrow = above.x1 - above.x0 <= pitch and line.x1 - line.x0 <= pitch
    near = 0 < line.base - above.base <= TIGHT * line.size
    same = abs(above.x0 - line.x0) < 2 or abs(above.x0 + above.x1 - line.x0 - line.x1) < 0.5 * line.size
    return narrow and near and same


def _header_columns(level: list[list[Line]], columns: _Columns) -> list[tuple[int, int]]:
    """Return the first column and the end of each cell of a header row.

    A word no wider than a column stands over one; a wider one begins where its column does, or is amid several.
    """
    most = len(columns.middles)
    starts = []
    for cell in level:
        wide = max(line.x1 for line in cell) - min(line.x0 for line in cell)
        if wide <= columns.pitch and len(level) > most / 2:
            starts.append(columns.of(cell[0]))
        elif columns.left_aligned:
            starts.append(min(range(most), key=lambda index: abs(columns.starts[index] - cell[0].x0)))
        else:
            starts.append(None)
    for index, start in enumerate(starts):
        if start is None:
            starts[index] = _centred_start(level, index, columns)
    ends = [*starts[1:], most]
    return [(start, max(start + 1, end) if end > start else start + 1) for start, end in zip(starts, ends, strict=True)]


def _centred_start(level: list[list[Line]], index: int, columns: _Columns) -> int:
    """Return where a word in the middle of several columns begins: half way to the words beside it."""
    middles = [(cell[0].x0 + cell[0].x1) / 2 for cell in level]
    steps = [right - left for left, right in pairwise(middles)]
    if not steps:
        return 0
    half = (steps[index] if index < len(steps) else steps[-1]) / 2
    edge = middles[index] - half
    return min(range(len(columns.middles)), key=lambda at: abs(columns.edges[at] - edge))


def _body(rows: Sequence[Row], columns: _Columns) -> tuple[list[list[Placed]], list[Line]]:
    """Return the rows of numbers with their labels, and the pieces they took."""
    numbers: list[list[Line]] = []
    labels: list[list[Line]] = []
    bases: list[float] = []
    loose: list[Line] = []
    for row in rows:
        over = [line for line in row if _is_over(line, columns) and (line.x0 + line.x1) / 2 > columns.edges[0]]
        left = [line for line in row if line not in over]
        below = bool(bases) and row[0].base - bases[-1] <= TIGHT * row[0].size
        if over and not left and below and all(map(is_value, over)):
            numbers[-1] += over  # numbers too long for their columns go on in the next line
            bases[-1] = row[0].base
        elif over:
            numbers.append(over)
            labels.append(left)
            bases.append(row[0].base)
        else:
            loose += left
    anchors = [number[0].base for number in numbers]
    named = labels_of(anchors, labels, loose)
    placed = [
        [*_label_cells(label, columns), *_number_cells(number, columns)]
        for label, number in zip(named.rows, numbers, strict=True)
    ]
    for position, label in sorted(named.blank, reverse=True):
        placed.insert(position, [*_label_cells([label], columns), *_number_cells([], columns)])
    return placed, [line for row in rows for line in row if line not in named.left_over]


def _in_one_cell(row: list[Placed], columns: _Columns) -> list[Placed]:
    """Put the numbers of a row into one cell: the header has more columns, and which of them are blank is not shown."""
    labels = [cell for cell in row if cell.x1 <= columns.edges[0]]
    numbers = [cell.text for cell in row if cell.x1 > columns.edges[0] and cell.text]
    return [*labels, Placed(APART.join(["", *numbers, ""]).strip(), 1, columns.edges[0], columns.edges[-1])]


def _label_cells(labels: Sequence[str], columns: _Columns) -> list[Placed]:
    edge = columns.edges[0]
    return [Placed(text, 1, edge - 10 * (len(labels) - index), edge) for index, text in enumerate(labels)]


def _number_cells(lines: Sequence[Line], columns: _Columns) -> list[Placed]:
    by_column: dict[int, list[Line]] = {}
    for line in lines:
        by_column.setdefault(columns.of(line), []).append(line)
    cells = []
    for index, (left, right) in enumerate(pairwise(columns.edges)):
        inside = lines_of(glyph for line in by_column.get(index, ()) for glyph in line.glyphs)
        cells.append(Placed(cell_text(inside, Box(left, 0, right, 0)), 1, left, right))
    return cells
