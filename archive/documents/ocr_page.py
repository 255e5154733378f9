"""A picture of a page, recognised: the same Page a PDF's text layer gives, so that all that follows is the same."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from archive.documents import ocr_engine
from archive.documents.ocr_ink import DUST, Ink, Piece, lines_among, parted
from archive.documents.ocr_numbers import doubtful, face_of, is_value, may_be_value, plain
from archive.documents.ocr_paper import Sheet, flatten
from archive.documents.ocr_rulings import Rulings, find_rulings, is_of
from archive.documents.ocr_strokes import LIKE_SLASH, is_dash, is_slash, is_upright, may_be_slash
from archive.documents.ocr_turning import is_upright as lies_upright
from archive.documents.ocr_turning import turn_of
from archive.documents.pdf_grid import Grid
from archive.documents.pdf_page import Box, Glyph, Page

# The height of a line of text where a page does not tell, in points, and a gap that parts two words or numbers in a
# cell, in heights.
_USUAL_SIZE, _GAP = 9.0, 1.1
# A cell with more pieces of ink than this holds a label; a line longer than this, in heights, is full of characters.
_LABEL, _LONG = 8, 4
# White around a line, in heights: for the first reading, and for the second of what may be a number.
_MARGIN, _OTHER_MARGIN = 0.2, 0.45
# How much of a cell's edge is left out where faint ink is looked for, in points: what ruling lines leave.
_EDGE = 1.6
# A table among pictures of something else has so many cells with a word in them, a word so many Chinese characters.
_WORDS, _WORD = 2, 2
# Text is looked for in strips, so that a picture ten pages long takes no more memory than a page. In points.
_STRIP = 1000.0


@dataclass(frozen=True, slots=True)
class _Part:
    """Ink that is read in one go: the pieces of a line, or of a part of one; ``doubt`` when there may be more of it."""

    pieces: tuple[Piece, ...]
    size: float
    doubt: bool = False


def recognise_page(picture: np.ndarray) -> Page:
    """Recognise a picture of a page, grey or RGB, turned upright where it lies on its side or head."""
    sheet = flatten(picture)
    rulings, ink = _seen(sheet)
    if turn := _turn(sheet, rulings, ink):
        sheet = flatten(np.ascontiguousarray(np.rot90(picture, turn)))
        rulings, ink = _seen(sheet)
    return _page(sheet, [*_in_tables(ink, rulings), *_outside(sheet.dark, ink, rulings)], rulings.lines)


def recognise_tables(picture: np.ndarray) -> tuple[Page, int]:
    """Recognise the ruled tables alone of a picture of a page, and how many quarters it was turned to read them.

    What has no grid of two rows and two columns with words in it is no table, and is not on the page returned: a
    picture of something else gives an empty page.
    """
    sheet = flatten(picture)
    rulings, ink = _with_tables(*_seen(sheet))
    turn = _turn(sheet, rulings, ink)
    if turn:
        sheet = flatten(np.ascontiguousarray(np.rot90(picture, turn)))
        rulings, ink = _with_tables(*_seen(sheet))
    glyphs = list(_in_tables(ink, rulings)) if rulings.grids else []
    tables = [grid for grid in rulings.grids if _has_words(grid, glyphs)]
    kept = [glyph for glyph in glyphs if any(grid.box.holds(glyph.x, glyph.y) for grid in tables)]
    lines = [line for line in rulings.lines if any(is_of(line, grid) for grid in tables)]
    return replace(_page(sheet, kept, lines), tables=tuple(grid.box for grid in tables)), turn


def _page(sheet: Sheet, glyphs: Sequence[Glyph], lines: Sequence[Box]) -> Page:
    high, wide = sheet.dark.shape
    return Page(wide / sheet.scale, high / sheet.scale, tuple(glyphs), tuple(lines), recognised=True)


def _turn(sheet: Sheet, rulings: Rulings, ink: Ink) -> int:
    """Return how many quarters a page must be turned for the labels of its tables to stand upright."""
    return turn_of(sheet.dark) if rulings.grids and not lies_upright(_labels(ink, rulings)) else 0


def _with_tables(rulings: Rulings, ink: Ink) -> tuple[Rulings, Ink]:
    """Leave out the grids of one row or one column."""
    return replace(rulings, grids=tuple(grid for grid in rulings.grids if min(len(grid.xs), len(grid.ys)) > 2)), ink


def _has_words(grid: Grid, glyphs: Sequence[Glyph]) -> bool:
    chinese = [glyph for glyph in glyphs if "\u4e00" <= glyph.text <= "\u9fff"]
    words = (sum(region.box.holds(glyph.x, glyph.y) for glyph in chinese) >= _WORD for region in grid.regions)
    return sum(words) >= _WORDS


def _seen(sheet: Sheet) -> tuple[Rulings, Ink]:
    rulings = find_rulings(sheet.dark, sheet.scale)
    return rulings, Ink(sheet.dark, rulings.ink, sheet.scale, sheet.red)


def _labels(ink: Ink, rulings: Rulings) -> list[np.ndarray]:
    """Return pictures of the lines in cells that hold more than a number."""
    inside = [ink.within(_pixels(region.box, ink.scale)) for grid in rulings.grids for region in grid.regions]
    size = _size(inside, ink.scale)
    lines = [line for pieces in inside if len(pieces) > _LABEL for line in lines_among(pieces, size)]
    return [ink.picture(line, _MARGIN) for line in lines]


def _in_tables(ink: Ink, rulings: Rulings) -> Iterator[Glyph]:
    scale = ink.scale
    cells = [_pixels(region.box, scale) for grid in rulings.grids for region in grid.regions]
    inside = [ink.within(cell) for cell in cells]
    size = _size(inside, scale)
    parts: list[_Part] = []
    for cell, pieces in zip(cells, inside, strict=True):
        real = [piece for piece in pieces if not _remnant(piece, cell, scale)]
        edge = _EDGE * scale
        inner = Box(cell.x0 + edge, cell.y0 + edge, cell.x1 - edge, cell.y1 - edge)
        if not any(max(piece.wide, piece.high) > DUST * scale for piece in real):
            if ink.faint(inner):
                yield _unread(cell, size, scale)
            continue
        crossed = ink.crossed(inner)
        for line in lines_among(real, size):
            parts += [_Part(tuple(part), size, crossed or ink.cut(part)) for part in parted(line, _GAP * size)]
    dashes = [part for part in parts if is_dash(part.pieces, size) and not part.doubt]
    for part in dashes:
        yield from _glyphs("-", part, scale)
    yield from _read(ink, [part for part in parts if part not in dashes])


def _read(ink: Ink, parts: Sequence[_Part]) -> Iterator[Glyph]:
    """Read parts of cells; what may be a number is read twice."""
    pictures = [ink.picture(part.pieces, _MARGIN) for part in parts]
    first = ocr_engine.recognise(pictures)
    texts = [plain(text) for text, _ in first]
    values = [index for index, (text, _) in enumerate(first) if may_be_value(text)]
    again = ocr_engine.recognise([_otherwise(ink.picture(parts[index].pieces, _OTHER_MARGIN)) for index in values])
    second = dict(zip(values, again, strict=True))
    face = face_of([(parts[index].pieces, texts[index]) for index in values])
    upright = is_upright([pictures[index] for index in values if texts[index] in ("0", "8")])
    for index, (part, reading) in enumerate(zip(parts, first, strict=True)):
        if index not in second:
            yield from _glyphs(reading[0], part, ink.scale)
        elif texts[index] in LIKE_SLASH and upright and not part.doubt and is_slash(pictures[index]):
            yield from _glyphs("/", part, ink.scale)
        else:
            doubt = part.doubt or doubtful(part.pieces, reading, second[index], face)
            doubt = doubt or _is_other(texts[index], pictures[index])
            text = texts[index] if is_value(texts[index]) else reading[0]
            yield from _glyphs(text, part, ink.scale, doubt=doubt)


def _is_other(text: str, picture: np.ndarray) -> bool:
    """Whether a 1 may be a slash, or a slash is none."""
    return may_be_slash(picture) if text == "1" else text == "/" and not is_slash(picture)


def _otherwise(picture: np.ndarray) -> np.ndarray:
    """Make another picture of the same line: as black and white, the edges smoothed."""
    large = cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    _, sharp = cv2.threshold(large, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return cv2.GaussianBlur(sharp, (3, 3), 0)


def _outside(dark: np.ndarray, ink: Ink, rulings: Rulings) -> Iterator[Glyph]:
    """Read the lines outside the tables, where the recogniser's own search finds them."""
    light = 255 - dark
    for grid in rulings.grids:
        box = _pixels(grid.box, ink.scale)
        light[max(0, int(box.y0) - 2) : int(box.y1) + 3, max(0, int(box.x0) - 2) : int(box.x1) + 3] = 255
    parts: list[_Part] = []
    for box in _lines(light, ink.scale):
        pieces = ink.within(box)
        if pieces:
            high = max(piece.y1 for piece in pieces) - min(piece.y0 for piece in pieces)
            parts.append(_Part(tuple(pieces), high))
    sizes = [part.size for part in parts]
    usual = statistics.median(sizes) if sizes else 0.0
    readings = ocr_engine.recognise([ink.picture(part.pieces, 0.12) for part in parts])
    for part, (text, score) in zip(parts, readings, strict=True):
        near = 0.7 * usual < part.size < 1.25 * usual
        if score > 0.5:
            yield from _glyphs(text, _Part(part.pieces, usual if near else part.size), ink.scale)


def _lines(light: np.ndarray, scale: float) -> Iterator[Box]:
    """Look for lines of text at half the size."""
    strip = round(_STRIP * scale)
    for top in range(0, len(light), strip):
        part = light[top : top + strip]
        if (part < 255 - 60).sum() < 50:
            continue
        half = cv2.resize(part, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        for x0, y0, x1, y1 in ocr_engine.find_lines(half):
            yield Box(2 * x0, 2 * y0 + top, 2 * x1, 2 * y1 + top)


def _pixels(box: Box, scale: float) -> Box:
    return Box(box.x0 * scale, box.y0 * scale, box.x1 * scale, box.y1 * scale)


def _size(cells: Sequence[Sequence[Piece]], scale: float) -> float:
    """The height of a character in the tables of a page, in pixels: that of the lines of labels, which are even."""
    heights = []
    for pieces in cells:
        for line in lines_among(pieces, 0) if len(pieces) > _LABEL else ():
            high = max(piece.y1 for piece in line) - min(piece.y0 for piece in line)
            if max(piece.x1 for piece in line) - line[0].x0 > _LONG * high:
                heights.append(high)
    return 1.05 * statistics.median(heights) if heights else _USUAL_SIZE * scale


def _remnant(piece: Piece, cell: Box, scale: float) -> bool:
    """Whether a piece is what is left of a ruling line: thin, at the cell's edge."""
    near = 1.2 * scale
    thin = 0.9 * scale
    upright = piece.wide <= thin and (piece.x0 - cell.x0 < near or cell.x1 - piece.x1 < near)
    level = piece.high <= thin and (piece.y0 - cell.y0 < near or cell.y1 - piece.y1 < near)
    return upright or level


def _unread(cell: Box, size: float, scale: float) -> Glyph:
    """A mark without a text, for a cell that holds something nobody can read."""
    x, y, size = (cell.x0 + cell.x1) / 2 / scale, (cell.y0 + cell.y1) / 2 / scale, size / scale
    return Glyph("", x - size / 4, x + size / 4, y + 0.36 * size, size, doubt=True)


def _glyphs(text: str, part: _Part, scale: float, *, doubt: bool = False) -> Iterator[Glyph]:
    """Give the characters of a line their places: by their usual widths, over the length of its ink."""
    pieces = part.pieces
    x0, x1 = min(piece.x0 for piece in pieces) / scale, max(piece.x1 for piece in pieces) / scale
    middle = (min(piece.y0 for piece in pieces) + max(piece.y1 for piece in pieces)) / 2 / scale
    size = part.size / scale
    base = middle + 0.36 * size
    if not text.strip():
        yield Glyph("", x0, x1, base, size, doubt=doubt)
        return
    widths = [0.5 if ord(character) < 0x2000 else 1.0 for character in text]
    step = (x1 - x0) / sum(widths)
    spaced = False
    for character, wide in zip(text, widths, strict=True):
        if not character.isspace():
            yield Glyph(character, x0, x0 + wide * step, base, size, 0, spaced, doubt)
        spaced = character.isspace()
        x0 += wide * step
