"""Pictures of tables among the text of a PDF page: where they may be, and what was recognised put on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from archive.documents.pdf_page import Box, Page
from archive.documents.pdf_pictures import contents, drawn_scale

if TYPE_CHECKING:
    import numpy as np

# Pictures among the text are looked at where they cover this part of the page (a table of four rows as wide as the text
# covers 0.055 of A4), each of a width and height in points: less is an icon, a code or a seal.
_PART, _TABLE_WIDE, _TABLE_HIGH = 0.05, 150.0, 40.0
# Pieces of a picture cut into strips are this near each other. In points.
_STRIPS = 1.5
# What is drawn of a page for its tables: no more is looked at (`archive.documents.ocr_paper`). Pixels, shorter side.
_MOST_AMONG = 2100
# With more characters of the text layer over it than these, a picture is what a page is printed on.
_OVER = 50


def pictures_among(found: Page) -> list[Box]:
    """Return where pictures stand on a page that may be of tables; none where they are small or text lies over them."""
    boxes: list[Box] = []
    for box in found.pictures:
        clipped = Box(max(box.x0, 0), max(box.y0, 0), min(box.x1, found.width), min(box.y1, found.height))
        if clipped.x1 > clipped.x0 and clipped.y1 > clipped.y0:
            boxes = _joined(boxes, clipped)
    boxes = [box for box in boxes if box.x1 - box.x0 >= _TABLE_WIDE and box.y1 - box.y0 >= _TABLE_HIGH]
    boxes = [box for box in boxes if sum(box.holds(glyph.x, glyph.y) for glyph in found.glyphs) <= _OVER]
    covered = sum((box.x1 - box.x0) * (box.y1 - box.y0) for box in boxes)
    return boxes if covered >= _PART * found.width * found.height else []


def _joined(boxes: Sequence[Box], box: Box) -> list[Box]:
    """Add a box to others, as one with those it touches along a whole side: strips of a picture."""
    for other in boxes:
        across = abs(other.x0 - box.x0) <= _STRIPS and abs(other.x1 - box.x1) <= _STRIPS
        across = across and max(other.y0, box.y0) <= min(other.y1, box.y1) + _STRIPS
        down = abs(other.y0 - box.y0) <= _STRIPS and abs(other.y1 - box.y1) <= _STRIPS
        down = down and max(other.x0, box.x0) <= min(other.x1, box.x1) + _STRIPS
        if across or down:
            whole = Box(min(other.x0, box.x0), min(other.y0, box.y0), max(other.x1, box.x1), max(other.y1, box.y1))
            return _joined([one for one in boxes if one is not other], whole)
    return [*boxes, box]


def picture_among(page: pdfium.PdfPage, found: Page, boxes: Sequence[Box]) -> np.ndarray:
    """Draw a page, RGB and upright, with nothing on it but these boxes, on paper like theirs."""
    import numpy as np

    images, _ = contents(page)
    finest = max((wide / (box.x1 - box.x0) for box, wide in images if box.x1 - box.x0 >= _TABLE_HIGH), default=0.0)
    scale = drawn_scale(page, finest, _MOST_AMONG)
    drawn = page.render(scale=scale, rotation=-page.get_rotation() % 360, rev_byteorder=True).to_numpy()[:, :, :3]
    drawn = np.rot90(drawn, -found.turn // 90)
    across, down = drawn.shape[1] / found.width, drawn.shape[0] / found.height
    places = [
        (slice(round(box.y0 * down), round(box.y1 * down)), slice(round(box.x0 * across), round(box.x1 * across)))
        for box in boxes
    ]
    paper = np.median(np.concatenate([drawn[place].reshape(-1, 3) for place in places]), axis=0)
    sheet = np.empty_like(drawn)
    sheet[:] = paper.astype(np.uint8)
    for place in places:
        sheet[place] = drawn[place]
    return sheet


def with_tables(found: Page, tables: Page) -> tuple[Page, bool]:
    """Add tables recognised in a page's pictures to it, but for those that text lies over; return if there are such."""
    across, down = found.width / tables.width, found.height / tables.height

    def moved(box: Box) -> Box:
        return Box(box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down)

    places = [moved(box) for box in tables.tables]
    free = [box for box in places if not any(box.holds(glyph.x, glyph.y) for glyph in found.glyphs)]
    glyphs = [
        replace(glyph, x0=glyph.x0 * across, x1=glyph.x1 * across, base=glyph.base * down, size=glyph.size * down)
        for glyph in tables.glyphs
    ]
    glyphs = [glyph for glyph in glyphs if any(box.holds(glyph.x, glyph.y) for box in free)]
    lines = [line for line in map(moved, tables.rulings) if any(_within(line, box) for box in free)]
    page = replace(
        found, glyphs=(*found.glyphs, *glyphs), rulings=(*found.rulings, *lines), tables=(*found.tables, *free)
    )
    return page, len(free) < len(places)


def _within(line: Box, box: Box) -> bool:
    around = Box(box.x0 - _STRIPS, box.y0 - _STRIPS, box.x1 + _STRIPS, box.y1 + _STRIPS)
    return around.holds((line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2)
