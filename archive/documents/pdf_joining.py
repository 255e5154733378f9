"""Parts of a table on pages that follow each other, put together: headers, rows and labels a page break cuts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import dropwhile, takewhile

from archive.documents.pdf_lines import APART, UNITS, goes_on, is_number
from archive.documents.pdf_tables import Placed, Ruled
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
# A table numbers its rows when all its labels, of so many and more, begin with an index; most of them, when this
# part do.
_LABELS, _INDEXED = 5, 0.7


def continues(before: Ruled, after: Ruled) -> bool:
    """Whether a table at the top of a page goes on from one at the end of the page before: its columns do.

    One that begins with the same header and then the same row begins anew: the table is printed twice. So does one
    without a header whose first two rows are the same.
    """
    if not (before.drawn and after.drawn):
        return False
    if _alike(before.rows, after.rows) > (_repeated(before.rows, after.rows) or 1):
        return False
    if abs(before.xs[0] - after.xs[0]) > _SAME_EDGE or abs(before.xs[-1] - after.xs[-1]) > _SAME_EDGE:
        return False
    first = after.rows[_repeated(before.rows, after.rows)] if after.rows else []
    return _shared(before.xs, after.xs) or _shared(_edges_of_end(before.rows), _edges(first))


def _shared(some: Sequence[float], others: Sequence[float]) -> bool:
    """Whether the edges of one are all among those of the other."""
    fewer, more = sorted((some, others), key=len)
    return len(fewer) > 0 and all(any(abs(x - other) <= _SAME_EDGE for other in more) for x in fewer)


def _edges(cells: Iterable[Placed]) -> list[float]:
    return sorted({x for cell in cells for x in (cell.x0, cell.x1)})


def _edges_of_end(rows: list[list[Placed]]) -> list[float]:
    """Return the column edges of a table's last row, cells that reach down to it among them."""
    return _edges(cell for index, row in enumerate(rows) for cell in row if index + cell.rowspan >= len(rows))


def join(before: Ruled, after: Ruled) -> Ruled:
    """Join the parts of a table: a repeated header is left out, a row cut by the page break made whole."""
    rows = [list(row) for row in before.rows]
    rest = [list(row) for row in after.rows[_repeated(rows, after.rows) :]]
    if rest and _join_labels(rows, rest[0]) and not any(cell.text or cell.doubt for cell in rest[0]):
        del rest[0]
    if rest and rows and _cut(rows, rest[0]):
        _join_row(rows, rest.pop(0))
    elif rest and rows and _may_be_rest(rows, rest[0]):
        rest[0] = _doubted(rest[0])
    elif rest and rows and _may_go_on(rows, rest[0]):
        rows[-1] = _doubted(rows[-1])
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
    whole = header and _under_words(rows, row)
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
        indexed = _begins(head.text + cell.text)  # and the rest has none of its own
        if head.text and (head.low or indexed if of_rows else header and (whole or head.full or _is_part(head, cell))):
            text = head.text + cell.text
            doubt, recognised = head.doubt or cell.doubt, head.recognised or cell.recognised
            rows[index][place] = replace(
                head, text=text, low=cell.low, full=cell.full, doubt=doubt, recognised=recognised
            )
            row[position] = replace(cell, text="")
            joined = True
    return joined


def _of_header(last: list[Placed], first: list[Placed]) -> bool:
    """Whether rows on both sides of a page break are of a header: no numbers, and words in more cells than labels."""
    words = sum(bool(cell.text) for cell in last)
    if any(is_number(squeeze(cell.text)) for cell in (*last, *first) if cell.text):
        return False
    return (words > 2 or 2 * words >= len(last)) and not any(_begins(cell.text) for cell in first)


def _under_words(rows: list[list[Placed]], first: list[Placed]) -> bool:
    """Whether a row is the end of the words above it: they stand under words, but not under all or not as a label.

    Words in the first cell alone are the label of a row that is blank.
    """
    above = [_reaching_down(rows, other) for other in first]
    below = [(rows[found[0]][found[1]], other) for found, other in zip(above, first, strict=True) if found]
    if len(below) < len(first) or any(other.text and not one.text for one, other in below):
        return False
    if not any(cell.text for cell in first[1:]):
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


def _may_be_rest(rows: list[list[Placed]], first: list[Placed]) -> bool:
    """Whether a page's first row may be the rest of the row before it, whose numbers all stand above the page break.

    If so, its cells are not blank; the words of its label may look like another's.
    """
    words = [cell for cell in first if cell.text]
    numbers = any(is_number(squeeze(cell.text)) for cell in rows[-1])
    if len(words) != 1 or len(first) < 2 or not numbers or _begins(words[0].text):
        return False
    label = next((cell for cell in rows[-1] if cell.text and _same_place(cell, words[0])), None)
    return label is None or label.full or _is_part(label, words[0]) or _indexed(rows, label) >= _INDEXED


def _may_go_on(rows: list[list[Placed]], first: list[Placed]) -> bool:
    """Whether the last row on a page may be a label alone whose rest, with all numbers, stands below the page break."""
    words = [cell for cell in rows[-1] if cell.text]
    if len(words) != 1 or len(rows[-1]) < 2 or not words[0].low:
        return False
    rest = next((cell for cell in first if cell.text and _same_place(cell, words[0])), None)
    if rest is None or _begins(rest.text) or is_number(squeeze(rest.text)):
        return False
    return any(is_number(squeeze(cell.text)) for cell in first if cell.text) and _indexed(rows, rest) >= _INDEXED


def _doubted(row: list[Placed]) -> list[Placed]:
    """Return a row whose blank cells are not blank: their numbers may stand elsewhere."""
    return [cell if cell.text else replace(cell, doubt=True) for cell in row]


def _indexed(rows: list[list[Placed]], one: Placed) -> float:
    """Return which part of the labels that stand where ``one`` does begin with an index; 0 where they are few.

    What stands above the first index is the header.
    """
    texts = [cell.text for row in rows for cell in row if cell.text and _same_place(cell, one)]
    labels = list(dropwhile(lambda text: not _begins(text), texts))
    return sum(map(_begins, labels)) / len(labels) if len(labels) >= _LABELS else 0.0


def _label_goes_on(rows: list[list[Placed]], one: Placed, other: Placed, *, numbers: bool) -> bool:
    """Whether a label may go on below a page break: it must, or all others have an index, or it fills its line.

    The last tells nothing where there are no ``numbers`` beside either part, or the rest is a label elsewhere.
    """
    if _begins(other.text):
        return False
    if _is_part(one, other):
        return True
    texts = [cell.text for row in rows for cell in row if cell.text and _same_place(cell, one)]
    alone = squeeze(other.text) in map(squeeze, texts)
    return _indexed(rows, one) == 1 or (one.full and numbers and not alone)


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
            recognised = cell.recognised or other.recognised
            doubt = cell.doubt or other.doubt
            joined.append(replace(cell, text=text, rowspan=rowspan, doubt=doubt, recognised=recognised))
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
