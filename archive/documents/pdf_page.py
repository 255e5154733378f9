"""What stands on a PDF page: its visible characters and its ruling lines, upright, in points from the top left."""

from __future__ import annotations

import ctypes
import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw

# Bounds on what one page may hold; the densest report page seen has 3,000 characters and 900 ruling pieces.
_MOST_GLYPHS = 50_000
_MOST_OBJECTS = 50_000
_MOST_NESTED = 6
# A filled shape or a picture this thin is a ruling line, not an area. In points.
_THIN = 3.2
# Lighter than this in every channel is white on paper: nobody sees it. Of 255.
_WHITE = 245
# How far a line may be off the horizontal or vertical, as a slope.
_SLANT = 0.02
# A figure of which more than this is cut off is not whole. In sizes.
_CUT = 0.1
# The area a text is printed in is a rectangle, as a rule.
_MOST_SEGMENTS = 20
_INVISIBLE = 3  # the text render mode of hidden text, as under scans
_REPLACEMENT = "\ufffd"

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character: its left, right and base line (y downwards), its size in points.

    ``turn`` is 0 for upright text, else the degrees (90, 180, 270) it is turned counter-clockwise. ``spaced`` is True
    when the file prints a space before it, ``doubt`` when it was recognised in a picture and may be another. ``run``
    is the same for characters that the file prints as one text.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    turn: int = 0
    spaced: bool = False
    doubt: bool = False
    run: int = 0

    @property
    def x(self) -> float:
        """The middle, from the left."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """The middle, from the top: Chinese characters stand on their base line by an eighth of their size."""
        return self.base - 0.36 * self.size


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, edges in points from the top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


@dataclass(frozen=True, slots=True)
class Page:
    """A page's size in points, visible characters and ruling lines; each ruling is a box of no or little thickness.

    ``recognised`` is True when they were recognised in a picture, ``cut`` when there are more of them than were read.
    ``pictures`` is where pictures stand, ``turn`` how the file turns the page's text, as in `Glyph`; ``tables`` is
    where tables stand that were recognised in pictures, the rest of the page being what it says itself.
    """

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rulings: tuple[Box, ...]
    recognised: bool = False
    cut: bool = False
    pictures: tuple[Box, ...] = ()
    turn: int = 0
    tables: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class _Run:
    """What the characters of one text object share."""

    size: float
    angle: int | None
    shown: bool
    white: bool


def read_page(page: pdfium.PdfPage) -> Page:
    """Read a page. Hidden, white and slanted text (watermarks) is left out; turned pages are put upright."""
    bounds = Box(*page.get_bbox())
    lines, areas, images, drawn = _drawings(page)
    text = page.get_textpage()
    cut = not drawn or raw.FPDFText_CountChars(text) > _MOST_GLYPHS
    glyphs = list(_on_page(_glyphs(text), bounds))
    turn = Counter(glyph.turn for glyph, _ in glyphs).most_common(1)[0][0] if glyphs else 0
    move, width, height = _upright(bounds, turn)
    rulings = tuple(_moved_box(line, move) for line in lines)
    visible = [
        _moved_glyph(glyph, move, turn)
        for glyph, white in glyphs
        if not white or any(area.holds(glyph.x, glyph.base + glyph.size * 0.36) for area in (*areas, *images))
    ]
    pictures = tuple(_moved_box(image, move) for image in images)
    return Page(width, height, tuple(_once(visible)), rulings, cut=cut, pictures=pictures, turn=turn)


def _on_page(glyphs: Iterable[tuple[Glyph, bool]], bounds: Box) -> Iterator[tuple[Glyph, bool]]:
    """Leave out what lies outside of the page, but not the end of a word that begins on it."""
    before: Glyph | None = None
    for glyph, white in glyphs:
        goes_on = before and math.hypot(glyph.x0 - before.x0, glyph.base - before.base) < 1.5 * glyph.size
        if goes_on or bounds.holds(glyph.x, glyph.base + glyph.size * 0.36):
            yield glyph, white
            before = glyph
        else:
            before = None


def _upright(bounds: Box, turn: int) -> tuple[Callable[[Point], Point], float, float]:
    """Return how to move a point of the page so that text turned by ``turn`` degrees stands upright, and the size."""
    wide, high = bounds.x1 - bounds.x0, bounds.y1 - bounds.y0
    moves: dict[int, Callable[[Point], Point]] = {
        0: lambda p: (p[0] - bounds.x0, bounds.y1 - p[1]),
        90: lambda p: (p[1] - bounds.y0, p[0] - bounds.x0),
        180: lambda p: (bounds.x1 - p[0], p[1] - bounds.y0),
        270: lambda p: (bounds.y1 - p[1], bounds.x1 - p[0]),
    }
    return moves[turn], *((wide, high) if turn in (0, 180) else (high, wide))


def _moved_box(box: Box, move: Callable[[Point], Point]) -> Box:
    (ax, ay), (bx, by) = move((box.x0, box.y0)), move((box.x1, box.y1))
    return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _moved_glyph(glyph: Glyph, move: Callable[[Point], Point], turn: int) -> Glyph:
    """Move a character; one turned otherwise than its page keeps its middle, as if it stood upright there."""
    own = (glyph.turn - turn) % 360
    if own == 0:
        along = math.radians(glyph.turn)
        length = glyph.x1 - glyph.x0
        start = (glyph.x0, glyph.base)
        end = (start[0] + length * math.cos(along), start[1] + length * math.sin(along))
        (x0, base), (x1, _) = move(start), move(end)
        return replace(glyph, x0=min(x0, x1), x1=max(x0, x1), base=base, turn=0)
    x, y = move((glyph.x0, glyph.base))
    return replace(glyph, x0=x - glyph.size / 2, x1=x + glyph.size / 2, base=y + 0.36 * glyph.size, turn=own)


def _once(glyphs: list[Glyph]) -> Iterator[Glyph]:
    """Leave out a character printed again at the same spot, which is how some programs make bold type."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    for glyph in glyphs:
        column, line = round(glyph.x / 4), round(glyph.base / 4)
        near = (seen.get((glyph.text, column + dx, line + dy), ()) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        if any(
            abs(other.x - glyph.x) < 0.15 * glyph.size and abs(other.base - glyph.base) < 0.15 * glyph.size
            for others in near
            for other in others
        ):
            continue
        seen.setdefault((glyph.text, column, line), []).append(glyph)
        yield glyph


def _glyphs(text: pdfium.PdfTextPage) -> Iterator[tuple[Glyph, bool]]:
    """Go through the characters of a page in its own coordinates, each with whether it is white.

    ``x0`` and ``base`` are where a character begins, ``x1`` is ``x0`` plus its length along its own line.
    """
    runs: dict[int, _Run] = {}
    clips: dict[int, Box | None] = {}
    origin_x, origin_y, loose = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    spaced = False
    for index in range(min(raw.FPDFText_CountChars(text), _MOST_GLYPHS)):
        character = _character(text, index)
        if not character.strip():
            spaced = spaced or not raw.FPDFText_IsGenerated(text, index)
            continue
        if raw.FPDFText_IsGenerated(text, index):
            continue
        handle = raw.FPDFText_GetTextObject(text, index)
        key = ctypes.addressof(handle.contents) if handle else 0
        run = runs.get(key) or runs.setdefault(key, _run(text, index, handle))
        if not run.shown or run.angle is None:
            continue
        raw.FPDFText_GetCharOrigin(text, index, origin_x, origin_y)
        raw.FPDFText_GetLooseCharBox(text, index, loose)
        length = loose.right - loose.left if run.angle in (0, 180) else loose.top - loose.bottom
        x, y = origin_x.value, origin_y.value
        cut = False
        if run.angle == 0 and character.isdigit() and handle:
            if key not in clips:
                clips[key] = _clip(handle)
            cut = _is_cut(x, x + length, clips[key], run.size)
        yield Glyph(character, x, x + abs(length), y, run.size, run.angle, spaced, doubt=cut, run=key), run.white
        spaced = False


def _character(text: pdfium.PdfTextPage, index: int) -> str:
    code = raw.FPDFText_GetUnicode(text, index)
    if raw.FPDFText_IsHyphen(text, index):
        return "-"
    if raw.FPDFText_HasUnicodeMapError(text, index) or 0xD800 <= code < 0xE000 or code == 0 or code > 0x10FFFF:
        return _REPLACEMENT
    return chr(code)


def _run(text: pdfium.PdfTextPage, index: int, handle: object) -> _Run:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    size = abs(raw.FPDFText_GetFontSize(text, index)) * math.hypot(matrix.c, matrix.d)
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    quarter = round(angle / 90) * 90
    colour = [ctypes.c_uint() for _ in range(4)]
    known = raw.FPDFText_GetFillColor(text, index, *colour)
    white = bool(known) and min(part.value for part in colour[:3]) >= _WHITE
    clear = bool(known) and colour[3].value == 0
    hidden = bool(handle) and raw.FPDFTextObj_GetTextRenderMode(handle) == _INVISIBLE
    shown = not hidden and not clear and 1 < size < 200
    return _Run(size, quarter % 360 if abs(angle - quarter) < 8 else None, shown, white)


def _is_cut(x0: float, x1: float, clip: Box | None, size: float) -> bool:
    """Whether a part of a character is cut off beside the area it is printed in: more may be, of what it belongs to."""
    return clip is not None and max(x1 - clip.x1, clip.x0 - x0) > _CUT * size


def _clip(handle: object) -> Box | None:
    """Return the area a text object is printed in, if the file limits it to one."""
    path = raw.FPDFPageObj_GetClipPath(handle)
    count = raw.FPDFClipPath_CountPaths(path) if path else 0
    x, y = ctypes.c_float(), ctypes.c_float()
    area: Box | None = None
    for index in range(min(count, _MOST_NESTED)):
        points = []
        for number in range(min(raw.FPDFClipPath_CountPathSegments(path, index), _MOST_SEGMENTS)):
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(path, index, number), x, y)
            points.append((x.value, y.value))
        if points:
            box = _around(points)
            area = box if area is None else Box(max(area.x0, box.x0), 0, min(area.x1, box.x1), 0)
    return area


def _drawings(page: pdfium.PdfPage) -> tuple[list[Box], list[Box], list[Box], bool]:
    """Return the ruling lines of a page, the areas it fills with a colour and its pictures, as the page has them.

    Also whether that is all of them.
    """
    lines: list[Box] = []
    areas: list[Box] = []
    images: list[Box] = []
    left = _MOST_OBJECTS

    def walk(count: int, get: Callable[[int], object], matrix: Matrix, depth: int) -> None:
        nonlocal left
        for index in range(count):
            left -= 1
            if left < 0:
                return
            thing = get(index)
            if not thing:
                continue
            kind = raw.FPDFPageObj_GetType(thing)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                _draw(thing, _times(_matrix(thing), matrix), lines, areas)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                box = _image(thing, matrix)
                (lines if _is_thin(box) else images).append(box)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MOST_NESTED:
                inside = _times(_matrix(thing), matrix)
                walk(raw.FPDFFormObj_CountObjects(thing), _inner(thing), inside, depth + 1)

    walk(raw.FPDFPage_CountObjects(page), lambda index: raw.FPDFPage_GetObject(page, index), _IDENTITY, 0)
    return lines, areas, images, left >= 0


def _inner(form: object) -> Callable[[int], object]:
    return lambda index: raw.FPDFFormObj_GetObject(form, index)


def _matrix(thing: object) -> Matrix:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(thing, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _apply(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _image(thing: object, outer: Matrix) -> Box:
    matrix = _times(_matrix(thing), outer)
    return _around([_apply(matrix, x, y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))])


def _around(points: list[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _draw(path: object, matrix: Matrix, lines: list[Box], areas: list[Box]) -> None:
    """Sort a path into ruling lines (strokes along the axes, thin filled shapes) and filled areas."""
    fill, stroke = ctypes.c_int(), raw.FPDF_BOOL()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    filled = fill.value != 0 and _inked(path, raw.FPDFPageObj_GetFillColor)
    stroked = bool(stroke.value) and _inked(path, raw.FPDFPageObj_GetStrokeColor)
    if not filled and not stroked:
        return
    for points in _outlines(path, matrix):
        box = _around(points)
        if filled:
            (lines if _is_thin(box) else areas).append(box)
        if stroked:
            for (ax, ay), (bx, by) in itertools.pairwise(points):
                across, down = abs(ax - bx), abs(ay - by)
                if down <= _SLANT * across + 0.2 or across <= _SLANT * down + 0.2:
                    lines.append(_around([(ax, ay), (bx, by)]))


def _is_thin(box: Box) -> bool:
    return min(box.x1 - box.x0, box.y1 - box.y0) <= _THIN


def _inked(path: object, get: Callable[..., int]) -> bool:
    colour = [ctypes.c_uint() for _ in range(4)]
    if not get(path, *colour):
        return True
    return colour[3].value > 0 and min(part.value for part in colour[:3]) < _WHITE


def _outlines(path: object, matrix: Matrix) -> Iterator[list[Point]]:
    """Go through the straight-sided pieces of a path; what has a curve in it is no ruling."""
    points: list[Point] = []
    curved = False
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(raw.FPDFPath_CountSegments(path), _MOST_OBJECTS)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1 and not curved:
                yield points
            points, curved = [], False
        curved = curved or kind == raw.FPDF_SEGMENT_BEZIERTO
        points.append(_apply(matrix, x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1 and not curved:
        yield points
