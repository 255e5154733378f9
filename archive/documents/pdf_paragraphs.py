"""Running text of a PDF: what repeats on every page left out, lines put together into paragraphs."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from archive.documents.pdf_lines import Line
from archive.documents.spaces import fold_spaces, squeeze

# Where headers and footers stand: this part of the page's height, at its top and at its bottom.
_MARGIN = 0.12
# A text on at least this part of the pages, at the same height, is a header or footer.
_REPEATED = 0.6
# A line of fewer characters says nothing of where the margins are.
_LONG = 15
# How far before the right margin a full line may end: a character and a mark that may not begin a line. In sizes.
_REACHES = 1.7
# A line that begins this much further right than the text begins a paragraph. In sizes.
_INDENTED = 0.8
# Lines further apart than this, in times of the usual distance, are two paragraphs.
_APART = 1.45

_MARKED_NUMBER = re.compile(
    r"[-—–－―~～·•]+\d{1,3}[-—–－―~～·•]+|第?\d{1,3}页?[,，/]?共\d{1,3}页?|第\d{1,3}页|\d{1,3}/\d{1,3}"
)
_BARE_NUMBER = re.compile(r"[-—–－]?\d{1,3}[-—–－]?|Page\d{1,3}(?:of\d{1,3})?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,9}")
_SLASHED = re.compile(r"\d{1,3}/\d{1,3}")
_INDEX = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、.．](?!\d)")
_ENDS = "。！？；：:"


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the running text of a page begins and ends, and the usual distance of its lines. In points."""

    left: float
    right: float
    leading: float


def without_furniture(pages: Sequence[tuple[float, Sequence[Line]]]) -> list[list[Line]]:
    """Return the lines of each page without headers, footers and page numbers.

    Pages are (height, lines outside of ruled tables, from the top).
    """
    marginal = [
        {(squeeze(line.text), round(line.base / 6)) for line in lines if _in_margin(line, height)}
        for height, lines in pages
    ]
    counts = Counter((text, place + near) for found in marginal for text, place in found for near in (-1, 0, 1))
    enough = max(2, _REPEATED * len(pages))
    counting = _counting([[line for line in lines if _in_margin(line, height)] for height, lines in pages], enough)
    kept = []
    for height, lines in pages:
        last = len(lines) - 1
        kept.append(
            [
                line
                for index, line in enumerate(lines)
                if not (
                    (_in_margin(line, height) and counts[squeeze(line.text), round(line.base / 6)] >= enough)
                    or id(line) in counting
                    or _is_page_number(squeeze(line.text), index in (0, last), _in_margin(line, height))
                )
            ]
        )
    return kept


def _counting(marginal: Sequence[Sequence[Line]], enough: float) -> set[int]:
    """Return the lines, by id, that count the pages: the same words at the same height on most pages.

    Of the numbers among them, one and the same goes up by one from each page to the next, and the others stay.
    """
    found: dict[tuple[str, int, tuple[int, ...]], list[int]] = {}
    for page, lines in enumerate(marginal):
        for line in lines:
            text = squeeze(line.text)
            numbers = [int(number) for number in _NUMBER.findall(text)]
            words = _NUMBER.sub("#", text)
            if not any(map(str.isalpha, words)):
                continue  # a row of a table, as likely
            for index, number in enumerate(numbers):
                others = (*numbers[:index], number - page, *numbers[index + 1 :], index)
                found.setdefault((words, round(line.base / 6), others), []).append(id(line))
    return {line for same in found.values() if len(same) >= enough for line in same}


def _in_margin(line: Line, height: float) -> bool:
    return not _MARGIN * height < line.y < (1 - _MARGIN) * height


def _is_page_number(text: str, outermost: bool, marginal: bool) -> bool:
    """Whether a line is a page number: marked as one wherever it stands, a bare number only at the page's end."""
    if _MARKED_NUMBER.fullmatch(text):
        return True
    return outermost and marginal and bool(_BARE_NUMBER.fullmatch(text) or _SLASHED.fullmatch(text))


def margins(lines: Sequence[Line]) -> Margins:
    """Return the margins of the running text that some lines show; failing long ones, any."""
    long = [line for line in lines if len(line.glyphs) >= _LONG] or list(lines)
    if not long:
        return Margins(0, 0, 0)
    steps = [below.base - line.base for line, below in itertools.pairwise(lines)]
    steps = [step for step in steps if 0 < step < 60]
    return Margins(
        min(line.x0 for line in long),
        max(line.x1 for line in long),
        statistics.median(steps) if steps else 0,
    )


def goes_on(before: Line, line: Line, page: Margins, new_page: bool) -> bool:
    """Whether a line is the rest of the paragraph the line before belongs to.

    It is when that one reaches the right margin and this one begins at the left; both of the same size and no further
    apart than lines are.
    """
    size = max(before.size, line.size)
    if abs(before.size - line.size) > 0.12 * size:
        return False
    if before.x1 < page.right - _REACHES * size or line.x0 > page.left + _INDENTED * size:
        return False
    if before.text[-1] in _ENDS and _INDEX.match(squeeze(line.text)):
        return False
    return new_page or line.base - before.base <= max(_APART * page.leading, 1.3 * size)


def text_of(lines: Sequence[Line]) -> str:
    """Return lines as running text: no space at a line's end, but between Latin words."""
    return fold_spaces("\n".join(line.text for line in lines))
