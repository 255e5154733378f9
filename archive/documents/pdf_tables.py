"""Ruled tables of a PDF: the cells of their grids with their text, joined over pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from archive.documents.model import Cell, Table
from archive.documents.pdf_grid import Grid, Region
from archive.documents.pdf_lines import APART, UNITS, cell_text, goes_on, is_number, lines_of, upright
from archive.documents.pdf_page import Box, Glyph
from archive.documents.spaces import squeeze

# Column edges of two pages this near each other are the same edge. In points.
_SAME_EDGE = 4.0
# A label that begins so is a row of its own, not the rest of the one before the page break.
_BEGINS = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]|第[一二三四五六七八九十]+条|其中|小计|合计|共计|总计"
)
_INDEX = re.compile(r"[（(]?[一二三四五六七八九十\d]{0,2}[)）、.．]?")
# What no label begins with, unless it is the rest of one.
_RESTS = "）)、，。；：》”』」.．"
# A table numbers its rows when this part of its labels, of so many and more, begin with an index.
_INDEXED, _LABELS = 0.7, 5
# A line that leaves no more than this of its cell's width may go on after the page break: the cell's margins, and two
# characters that must stay together. In sizes.
_FULL = 3.3
# Nor may there be room for another line below it. In sizes, from the base line to the cell's edge.
_LOW = 1.9


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell: its text, how many rows it spans, its left and right edge.

    ``low`` is True when there is no room for a line below its last, ``full`` when there is none beside it either.
    ``doubt`` is True when what was recognised of it may be something else.
    """

    text: str
    rowspan: int
    x0: float
    x1: float
    low: bool = False
    full: bool = False
    doubt: bool = False


@dataclass(slots=True)
class Ruled:
    """A table, or the part of it that stands on one page: the cells that begin in each row, and the column edges.

    ``drawn`` is True when ruling lines draw them, False when they are told from how the text stands; ``pages`` is the
    page each row stands on, where that is known.
    """

    rows: list[list[Placed]]
    xs: list[float] = field(default_factory=list)
    drawn: bool = True
    pages: list[int] = field(default_factory=list)


def read_grid(grid: Grid, glyphs: Sequence[Glyph], page: int) -> Ruled:
    """Put the characters into the cells of a grid on a page."""
    inside = _by_region(grid, glyphs)
    rows: list[list[Placed]] = [[] for _ in range(len(grid.ys) - 1)]
    widest: dict[int, float] = {}
    for region, members in zip(grid.regions, inside, strict=True):
        width = round(region.box.x1 - region.box.x0)
        lengths = [line.x1 - line.x0 for line in lines_of(upright(members))]
        widest[width] = max([widest.get(width, 0.0), *lengths])
    for region, members in zip(grid.regions, inside, strict=True):
        for piece, part in _pieces(region, members, grid):
            width = round(piece.box.x1 - piece.box.x0)
            room = max(widest.get(near, 0.0) for near in (width - 1, width, width + 1))
            rows[piece.row].append(_placed(piece, part, room))
    for row in rows:
        row.sort(key=lambda cell: cell.x0)
    rows = _without_slivers(rows, grid)
    return Ruled(rows, list(grid.xs), pages=[page] * len(rows))


def _by_region(grid: Grid, glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    owner = {
        (row, column): index
        for index, region in enumerate(grid.regions)
        for row in range(region.row, region.row + region.rowspan)
        for column in range(region.column, region.column + region.colspan)
    }
    inside: list[list[Glyph]] = [[] for _ in grid.regions]
    before: tuple[Glyph, int] | None = None
    for glyph in glyphs:
        place = owner.get((_step(grid.ys, glyph.y), _step(grid.xs, glyph.x)))
        if before and _hangs(before[0], glyph):
            place = before[1]
        if place is None:
            before = None
            continue
        inside[place].append(glyph)
        before = glyph, place
    return inside


def _hangs(before: Glyph, glyph: Glyph) -> bool:
    """Whether a character is a mark that may not begin a line: it stays with the one before, over the cell's edge."""
    level = abs(before.base - glyph.base) < 0.5 and before.turn == glyph.turn == 0
    return glyph.text in "、，。；：）)”》" and level and abs(glyph.x0 - before.x1) < 0.3 * glyph.size


def _step(edges: Sequence[float], value: float) -> int:
    """Return which interval of the edges holds a value; -1 if none does."""
    return next((i for i in range(len(edges) - 1) if edges[i] <= value < edges[i + 1]), -1)


def _pieces(region: Region, glyphs: list[Glyph], grid: Grid) -> list[tuple[Region, list[Glyph]]]:
    """Cut a cell of several rows whose number stands in a later one, off its middle: it belongs to that row alone."""
    lines = lines_of(upright(glyphs))
    if region.rowspan == 1 or not lines or not all(is_number(squeeze(line.text)) for line in lines):
        return [(region, glyphs)]
    middle = (lines[0].y + lines[-1].y) / 2
    first = grid.ys[region.row + 1]
    if middle < first or abs(middle - (region.box.y0 + region.box.y1) / 2) < lines[0].size / 2:
        return [(region, glyphs)]
    pieces = []
    for row in range(region.row, region.row + region.rowspan):
        box = Box(region.box.x0, grid.ys[row], region.box.x1, grid.ys[row + 1])
        own = [glyph for glyph in glyphs if box.y0 <= glyph.y < box.y1]
        pieces.append((Region(row, region.column, 1, region.colspan, box), own))
    return pieces


def _placed(region: Region, glyphs: list[Glyph], widest: float) -> Placed:
    lines = lines_of(upright(glyphs))
    text = cell_text(lines, region.box, widest)
    wide = region.box.x1 - region.box.x0
    # Text goes on over a page break only from a line without room beside or below it.
    low = bool(lines) and region.box.y1 - lines[-1].base < _LOW * lines[-1].size
    full = low and lines[-1].x1 - lines[-1].x0 > wide - _FULL * lines[-1].size
    return Placed(text, region.rowspan, region.box.x0, region.box.x1, low, full, any(glyph.doubt for glyph in glyphs))


def _without_slivers(rows: list[list[Placed]], grid: Grid) -> list[list[Placed]]:
    """Leave out rows too low for any text, that double lines make."""
    low = [index for index in range(len(rows)) if grid.ys[index + 1] - grid.ys[index] < 5]
    low = [index for index in low if not any(cell.text or cell.doubt for cell in rows[index])]

    def shortened(cell: Placed, index: int) -> Placed:
        inside = sum(index <= sliver < index + cell.rowspan for sliver in low)
        return replace(cell, rowspan=max(1, cell.rowspan - inside))

    return [[shortened(cell, index) for cell in row] for index, row in enumerate(rows) if index not in low]


def continues(before: Ruled, after: Ruled) -> bool:
    """Whether a table at the top of a page goes on from one at the end of the page before: its columns do.

    One that begins with the same header and then the same row begins anew: the table is printed twice.
    """
    if not (before.drawn and after.drawn):
        return False
    if _alike(before.rows, after.rows) > (_repeated(before.rows, after.rows) or len(after.rows)):
        return False
    if abs(before.xs[0] - after.xs[0]) > _SAME_EDGE or abs(before.xs[-1] - after.xs[-1]) > _SAME_EDGE:
        return False
    fewer, more = sorted((before.xs, after.xs), key=len)
    return all(any(abs(x - other) <= _SAME_EDGE for other in more) for x in fewer)


def join(before: Ruled, after: Ruled) -> Ruled:
    """Join the parts of a table: a repeated header is left out, a row cut by the page break made whole."""
    rows = [list(row) for row in before.rows]
    rest = [list(row) for row in after.rows[_repeated(rows, after.rows) :]]
    if rest and _join_labels(rows, rest[0]) and not any(cell.text or cell.doubt for cell in rest[0]):
        del rest[0]
    if rest and rows and _cut(rows, rest[0]):
        _join_row(rows, rest.pop(0))
    elif rest and rows and _may_be_rest(rows[-1], rest[0]):
        rest[0] = [cell if cell.text else replace(cell, doubt=True) for cell in rest[0]]
    xs = list(before.xs)
    xs += [x for x in after.xs if all(abs(x - other) > _SAME_EDGE for other in xs)]
    pages = before.pages + after.pages[len(after.pages) - len(rest) :]
    return Ruled(rows + rest, sorted(xs), pages=pages)


def _texts(row: Iterable[Placed]) -> list[str]:
    return [squeeze(cell.text) for cell in row]


def _alike(rows: list[list[Placed]], after: list[list[Placed]]) -> int:
    """Count the rows that two parts of a table both begin with: the same labels, or the same numbers without one."""

    def same(pair: tuple[list[Placed], list[Placed]]) -> bool:
        one, other = map(_texts, pair)
        labels = [text for text in one if text and not is_number(text)]
        if not labels:
            return any(one) and one == other
        return labels == [text for text in other if text and not is_number(text)]

    return sum(1 for _ in takewhile(same, zip(rows, after, strict=False)))


def _repeated(rows: list[list[Placed]], after: list[list[Placed]]) -> int:
    """Count the rows at the top of a part that repeat the header: the rows a table begins with, without numbers."""
    count = 0
    for first, row in zip(rows, after, strict=False):
        texts = _texts(row)
        if texts != _texts(first) or not any(texts) or any(map(is_number, filter(None, texts))):
            break
        count += 1
    return count if count < len(after) else 0


def _join_labels(rows: list[list[Placed]], row: list[Placed]) -> bool:
    """Give the rest of a label that a page break cuts back to the cell it began in; returns whether any is.

    Labels of several rows do so, and the words of a header, where no number stands in either row.
    """
    header = _of_header(rows[-1], row)
    whole = header and _under_words(rows[-1], row)
    joined = False
    for position, cell in enumerate(row):
        if not cell.text or _begins(cell.text) or is_number(squeeze(cell.text)):
            continue
        found = _reaching_down(rows, cell)
        if found is None:
            continue
        index, place = found
        head = rows[index][place]
        of_rows = (cell.rowspan > 1 or head.rowspan > 1) and not header
        if head.text and (head.low if of_rows else header and (whole or head.full or _is_part(head, cell))):
            text = head.text + cell.text
            rows[index][place] = replace(head, text=text, low=cell.low, full=cell.full, doubt=head.doubt or cell.doubt)
            row[position] = replace(cell, text="")
            joined = True
    return joined


def _of_header(last: list[Placed], first: list[Placed]) -> bool:
    """Whether rows on both sides of a page break are of a header: no numbers, and words in more cells than labels."""
    words = sum(bool(cell.text) for cell in last)
    if any(is_number(squeeze(cell.text)) for cell in (*last, *first) if cell.text):
        return False
    return (words > 2 or 2 * words >= len(last)) and not any(_begins(cell.text) for cell in first)


def _under_words(last: list[Placed], first: list[Placed]) -> bool:
    """Whether a row is the end of the words above it: they stand under words, but not under all or not as a label."""
    below = [(one, other) for one in last for other in first if _same_place(one, other)]
    if len(below) < len(first) or any(other.text and not one.text for one, other in below):
        return False
    return any(one.text and (not other.text or _is_part(one, other)) for one, other in below)


def _reaching_down(rows: list[list[Placed]], cell: Placed) -> tuple[int, int] | None:
    """Return the row and position of the cell above a page break that stands where ``cell`` does below it."""
    for index in range(len(rows) - 1, -1, -1):
        for place, head in enumerate(rows[index]):
            if _same_place(head, cell):
                return (index, place) if index + head.rowspan >= len(rows) else None
    return None


def _same_place(one: Placed, other: Placed) -> bool:
    return abs(one.x0 - other.x0) <= _SAME_EDGE and abs(one.x1 - other.x1) <= _SAME_EDGE


def _cut(rows: list[list[Placed]], first: list[Placed]) -> bool:
    """Whether a page's first row is the rest of the row that the page before ends with.

    It is when a number goes on here, or a label that ends there with a full line does without an index, and the numbers
    stand in one of the two parts only, or fewer of them here than there, or those there have filled their cells.
    """
    last = rows[-1]
    pairs = [(one, other) for one in last for other in first if _same_place(one, other)]
    if not pairs or len(pairs) < min(len(last), len(first)) - 1:
        return False
    if any(goes_on(one.text, other.text) for one, other in pairs):
        return True
    numbers = [(one, other) for one, other in pairs if other.text and is_number(squeeze(other.text))]
    if numbers and len(numbers) == sum(bool(cell.text) for cell in first):
        # Nothing but the ends of numbers that a narrow column breaks.
        return all(one.full and is_number(squeeze(one.text)) for one, _ in numbers)
    labels = [(one, other) for one, other in pairs if one.text and other.text and (one, other) not in numbers]
    if not labels or any(is_number(squeeze(text)) for pair in labels for text in (pair[0].text, pair[1].text)):
        return False
    upper = sum(is_number(squeeze(cell.text)) for cell in last if cell.text)
    if not all(_label_goes_on(rows, *pair, numbers=bool(upper or numbers)) for pair in labels):
        return False
    fresh = [other for one, other in pairs if other.text and not one.text and not is_number(squeeze(other.text))]
    if len(fresh) > len(labels):
        return False  # words under blanks: a header's next row
    # Numbers in both parts are those of two rows, unless only some have one below, or all above fill their cells.
    fewer = len(numbers) < upper and all(one.text for one, _ in numbers)
    return not (upper and numbers) or fewer or all(one.text and one.full for one, _ in numbers)


def _begins(text: str) -> bool:
    """Whether a text begins a label of its own."""
    return bool(_BEGINS.match(squeeze(text)))


def _is_part(above: Placed, below: Placed) -> bool:
    """Whether one of two texts can be no label of its own: a bare index, one character, or the end of brackets."""
    one, other = squeeze(above.text), squeeze(below.text)
    if other in UNITS:
        return False
    return other[0] in _RESTS or bool(_INDEX.fullmatch(one)) or len(one) == 1 or len(other) == 1


def _may_be_rest(last: list[Placed], first: list[Placed]) -> bool:
    """Whether a page's first row may be the rest of the row before it, whose numbers all stand above the page break.

    If so, its cells are not blank; the words of its label may look like another's.
    """
    words = [cell for cell in first if cell.text]
    numbers = any(is_number(squeeze(cell.text)) for cell in last)
    return len(words) == 1 < len(first) and numbers and not _begins(words[0].text)


def _label_goes_on(rows: list[list[Placed]], one: Placed, other: Placed, *, numbers: bool) -> bool:
    """Whether a label may go on below a page break: it must, or all others have an index, or it fills its line.

    The last tells nothing where there are no ``numbers`` beside either part, or the rest is a label elsewhere.
    """
    if _begins(other.text):
        return False
    if _is_part(one, other):
        return True
    texts = [cell.text for row in rows for cell in row if cell.text and _same_place(cell, one)]
    indexed = len(texts) >= _LABELS and sum(map(_begins, texts)) >= _INDEXED * len(texts)
    alone = squeeze(other.text) in map(squeeze, texts)
    return indexed or (one.full and numbers and not alone)


def _join_row(rows: list[list[Placed]], rest: list[Placed]) -> None:
    joined = []
    for cell in rows[-1]:
        other = next((other for other in rest if _same_place(cell, other)), None)
        if other is None:
            joined.append(cell)
        else:
            # Whether two numbers are parts of one, no one can tell, unless the mark of thousands says so.
            numbers = is_number(squeeze(cell.text)) and is_number(squeeze(other.text)) and cell.text and other.text
            apart = numbers and not goes_on(cell.text, other.text)
            text = cell.text + (APART if apart else "") + other.text
            rowspan = max(cell.rowspan, other.rowspan)
            joined.append(replace(cell, text=text, rowspan=rowspan, doubt=cell.doubt or other.doubt))
    for other in rest:
        if any(_same_place(cell, other) for cell in rows[-1]):
            continue
        above = _reaching_down(rows, other)
        if other.text:
            joined.append(other)
        elif above:
            index, place = above
            head = rows[index][place]
            rows[index][place] = replace(head, rowspan=head.rowspan + other.rowspan - 1)
    rows[-1] = sorted(joined, key=lambda cell: cell.x0)


def as_table(ruled: Ruled) -> Table:
    """Return the table, the width of each cell counted in columns."""

    def column(x: float) -> int:
        return min(range(len(ruled.xs)), key=lambda index: abs(ruled.xs[index] - x))

    return Table(
        tuple(
            tuple(Cell(cell.text, cell.rowspan, max(1, column(cell.x1) - column(cell.x0)), cell.doubt) for cell in row)
            for row in ruled.rows
        ),
        tuple(ruled.pages),
    )
