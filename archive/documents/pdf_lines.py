"""Characters made into lines, and lines into the text of a cell."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from archive.documents.pdf_page import Box, Glyph
from archive.documents.spaces import fold_line

# Characters whose base lines differ by less than this part of their size stand on one line.
_SAME_LINE = 0.5
# Characters whose middles differ by less than this part of their size stand in one column.
_SAME_COLUMN = 0.3
# Characters that are all further down than this from the one above are one column, read the same either way. In sizes.
_ONE_COLUMN = 0.8
# In columns, characters are no further apart downwards than across by more than this, marks of their own width aside.
_NARROW = 1.15
# As many characters of a label are looked at to tell which way it is written.
_MOST_IN_COLUMNS = 60
# A gap this wide between two characters is a space, and between two figures a gap between two numbers. In sizes.
_SPACE = 0.2
_PARTS_NUMBERS = 0.35
# Characters printed over each other by more than this part of the narrower one: which is meant cannot be told.
_OVERPRINTED, _FIGURES_OVERPRINTED = 0.55, 0.25
_FIGURE = re.compile(r"[0-9０-９]")
_THOUSANDS = re.compile(r"(?:[0０][0-9０-９]{0,2})?(?:[,，][0-9０-９]{3})+(?![0-9０-９])")
# A number whose last group of thousands is not whole, and one where all are.
_OPEN = re.compile(r"[+\-]?[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})*[,，][0-9０-９]{0,2}")
_GROUPED = re.compile(r"[+\-]?[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?![0-9０-９])")
# Marks that may not begin a line: they take the figure before them along.
_HANGING = ",，.．%％"
# What stands between an index and its label.
_POINT = re.compile(r"[.．](?![0-9０-９])")
_NUMERIC = re.compile(r"[0-9０-９.．,，+\-−—–/／%％]+")
# What numbers are counted in.
UNITS = ("件", "条", "项", "个", "次", "篇", "人", "人次", "元", "万元")
_UNIT = re.compile(rf"(?<=[0-9０-９])(?:{'|'.join(UNITS)})$")
# Words that stand for nothing to report.
_NOTHING = {"无", "不适用", "不涉及"}
_ASCII = re.compile(r"[!-~]")
# What stands between two numbers that share a cell, so that nobody takes them for one.
APART = " | "
_DOUBT = "\ufffd"
# The inner margins of a table cell, both together, in points; Word and LibreOffice have 8 to 11.
_MARGINS = 12.0
# Lines of one cell are no further apart than this; further apart are rows. In sizes.
_TIGHT = 1.6
# Nearer than this, they are printed over each other. In character sizes.
_NEAREST = 0.8


@dataclass(frozen=True, slots=True)
class Line:
    """Characters on one base line, from the left."""

    glyphs: tuple[Glyph, ...]

    @property
    def x0(self) -> float:
        """The left end."""
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        """The right end."""
        return max(glyph.x1 for glyph in self.glyphs)

    @property
    def base(self) -> float:
        """The base line, from the top."""
        return self.glyphs[0].base

    @property
    def size(self) -> float:
        """The size of its characters in points: the most of them."""
        sizes = sorted(glyph.size for glyph in self.glyphs)
        return sizes[len(sizes) // 2]

    @property
    def y(self) -> float:
        """The middle of its characters, from the top."""
        return self.base - 0.36 * self.size

    @property
    def text(self) -> str:
        """The characters, with spaces where there are gaps, and marks where numbers are apart or overprinted."""
        parts = [self.glyphs[0].text]
        for before, glyph in zip(self.glyphs, self.glyphs[1:], strict=False):
            parts.append(_between(before, glyph))
            parts.append(glyph.text)
        return "".join(parts)


def _between(before: Glyph, glyph: Glyph) -> str:
    size = min(before.size, glyph.size)
    gap = glyph.x0 - before.x1
    narrow = min(before.x1 - before.x0, glyph.x1 - glyph.x0)
    figures = _FIGURE.match(before.text) and _FIGURE.match(glyph.text)
    if narrow > 0 and -gap > (_FIGURES_OVERPRINTED if figures else _OVERPRINTED) * narrow:
        return _DOUBT
    numeric = _NUMERIC.fullmatch(before.text) and _NUMERIC.fullmatch(glyph.text)
    if gap > _PARTS_NUMBERS * size and numeric and glyph.text not in ".．,，":
        return APART
    latin = _ASCII.match(before.text) or _ASCII.match(glyph.text)
    return " " if glyph.spaced or gap > (_SPACE if latin else 2.5) * size else ""


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Gather characters into lines, from the top; each line from the left."""
    groups: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.base, glyph.x0)):
        last = groups[-1] if groups else None
        if last and glyph.base - last[0].base < _SAME_LINE * min(glyph.size, last[0].size):
            last.append(glyph)
        else:
            groups.append([glyph])
    return [Line(tuple(sorted(group, key=lambda glyph: glyph.x0))) for group in groups]


def _upright(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Return the characters of a cell as if none were turned: most of a cell's characters say how it is read."""
    glyphs = list(glyphs)
    turns = [glyph.turn for glyph in glyphs]
    turn = max(set(turns), key=turns.count, default=0)
    if turn == 0:
        return [glyph for glyph in glyphs if glyph.turn == 0]
    kept = []
    for glyph in glyphs:
        if glyph.turn == turn:
            x, y = {90: (-glyph.y, glyph.x), 180: (-glyph.x, -glyph.y), 270: (glyph.y, -glyph.x)}[turn]
            kept.append(_laid(glyph, x, y))
    return kept


def cell_lines(glyphs: Sequence[Glyph]) -> list[Line]:
    """Return the lines of a cell as if they were written from the left to the right, from the top."""
    if not _runs_down(glyphs):
        return lines_of(_upright(glyphs))
    return lines_of(_laid(glyph, glyph.y, -glyph.x) for glyph in glyphs)


def _runs_down(glyphs: Sequence[Glyph]) -> bool:
    """Whether words are written in columns from the right.

    More characters stand under the one before in the file than beside it, and they are no further apart downwards than
    across. Figures are not written so: those under each other are numbers of several rows. Nor are words spaced out.
    """
    if len(glyphs) < 2 or any(glyph.text.isdigit() for glyph in glyphs):
        return False
    heights = sorted(glyph.y for glyph in glyphs)
    if all(below - above > _ONE_COLUMN * glyphs[0].size for above, below in itertools.pairwise(heights)):
        return False
    steps = list(itertools.pairwise(glyphs))
    if any(glyph.spaced and abs(glyph.base - before.base) < 1 < glyph.x - before.x for before, glyph in steps):
        return False
    level = sum(
        abs(glyph.y - before.y) < _SAME_LINE * glyph.size and glyph.x > before.x + _SAME_COLUMN * glyph.size
        for before, glyph in steps
    )
    if sum(_is_under(before, glyph) for before, glyph in steps) <= level:
        return False
    pairs = list(itertools.permutations(glyphs[:_MOST_IN_COLUMNS], 2))
    across = min((b.x - a.x for a, b in pairs if abs(b.y - a.y) < 1 and b.x - a.x > a.size / 2), default=math.inf)
    down = min((b.y - a.y for a, b in pairs if _is_under(a, b) and b.y - a.y > a.size / 2), default=0.0)
    return down <= _NARROW * across


def _is_under(above: Glyph, below: Glyph) -> bool:
    return abs(below.x - above.x) < _SAME_COLUMN * below.size and 0 < below.y - above.y < _TIGHT * below.size


def _laid(glyph: Glyph, x: float, y: float) -> Glyph:
    """Return a character with its middle at a point, upright."""
    half = glyph.size / 2
    return replace(glyph, x0=x - half, x1=x + half, base=y + 0.36 * glyph.size, turn=0, spaced=False)


def cell_text(lines: list[Line], box: Box, widest: float = 0.0) -> str:
    """Return the text of a cell from its lines: broken words joined, numbers that are apart kept apart.

    A number goes on in the next line only where its line had no room left: two numbers in one cell are two rows whose
    ruling is missing. ``widest`` is the widest line in any cell as wide as this one: so much room there is at least.
    """
    parts: list[str] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before and _parts_numbers(before, line, box, widest):
            parts.append(APART)
        parts.append(line.text)
    return fold_line("".join(parts))


def goes_on(above: str, below: str) -> bool:
    """Whether a text can only be the rest of the number above it.

    It begins with a comma, or with 0 before one, or makes three figures of what stands after the last comma above it;
    or a plus sign stands alone there. Or the number is an index, and its point and the label follow.
    """
    if above in ("+", "＋"):
        return bool(_FIGURE.match(below))
    if _OPEN.fullmatch(above):
        return bool(_GROUPED.match(above + below))
    return bool(_FIGURE.match(above[-1:]) and (_THOUSANDS.match(below) or _POINT.match(below)))


def _parts_numbers(before: Line, line: Line, box: Box, widest: float) -> bool:
    if not (_NUMERIC.fullmatch(before.glyphs[-1].text) and _NUMERIC.fullmatch(line.glyphs[0].text)):
        return False
    first = itertools.takewhile(lambda glyph: glyph is line.glyphs[0] or glyph.text in _HANGING, line.glyphs[:2])
    needed = before.x1 - before.x0 + sum(glyph.x1 - glyph.x0 for glyph in first)
    full = needed > max(box.x1 - box.x0 - _MARGINS, widest + 0.3) and len(before.glyphs) > 1
    # Lines that lie over each other are no wrapped text.
    close = _NEAREST * before.size < line.base - before.base < _TIGHT * before.size
    return not (close and (full or goes_on(before.text, line.text)))


def is_number(text: str) -> bool:
    """Whether a text could be a value: figures, with a unit or without, or one of the marks for none."""
    return text in _NOTHING or bool(_NUMERIC.fullmatch(_UNIT.sub("", text.replace(" ", ""))))
