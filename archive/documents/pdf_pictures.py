"""Pages of a PDF that are pictures of text: which they are, and the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from archive.documents.pdf_page import Box, Glyph, Page

if TYPE_CHECKING:
    import numpy as np

# A page with no more characters than these is a picture if pictures cover the second, as part of its area.
_FEW, _COVERED = 50, 0.3
# Outlines of characters, which some programs write in place of text: a page of it has more shapes than this.
_OUTLINES = 300
# Pixels of the shorter side that a page without a picture is drawn at, and the most for one with: the reader takes the
# picture's own size, not that of a page box which may be wrong.
_USUAL, _MOST = 1654, 3600
_MOST_OBJECTS = 5_000
_REPLACEMENT = "\ufffd"


def is_garbled(glyphs: Sequence[Glyph]) -> bool:
    """Whether characters have no character map: nobody knows which they are."""
    return sum(glyph.text == _REPLACEMENT for glyph in glyphs) > len(glyphs) / 3


def is_picture(page: pdfium.PdfPage, found: Page) -> bool:
    """Whether what a page says is in its pictures, ``found`` being what its text layer says."""
    if found.glyphs and is_garbled(found.glyphs):
        return True
    if len(found.glyphs) > _FEW:
        return False
    images, shapes = contents(page)
    x0, y0, x1, y1 = page.get_bbox()
    area = sum(max(0.0, box.x1 - box.x0) * max(0.0, box.y1 - box.y0) for box, _ in images)
    return area > _COVERED * (x1 - x0) * (y1 - y0) or shapes > _OUTLINES


def picture_of(page: pdfium.PdfPage) -> np.ndarray:
    """Draw a page, RGB, as large as the pictures in it are."""
    images, _ = contents(page)
    finest = max((wide / (box.x1 - box.x0) for box, wide in images if box.x1 - box.x0 > 1), default=0.0)
    return page.render(scale=drawn_scale(page, finest, _MOST), rev_byteorder=True).to_numpy()[:, :, :3]


def drawn_scale(page: pdfium.PdfPage, finest: float, most: int) -> float:
    """Return the pixels a point to draw a page with: the ``finest`` of its pictures, if any, within bounds."""
    wide, high = page.get_size()
    short = min(finest * min(wide, high), most) if finest else _USUAL
    # A page many times as high as wide must not grow out of all bounds.
    return min(max(short, 200) / max(min(wide, high), 1), 4 * _MOST / max(wide, high, 1))


def contents(page: pdfium.PdfPage) -> tuple[list[tuple[Box, int]], int]:
    """Return the pictures of a page, each with its box and width in pixels, and the number of its shapes."""
    images: list[tuple[Box, int]] = []
    shapes = 0
    for number, thing in enumerate(page.get_objects(max_depth=5)):
        if number > _MOST_OBJECTS:
            break
        if thing.type == raw.FPDF_PAGEOBJ_PATH:
            shapes += 1
        elif thing.type == raw.FPDF_PAGEOBJ_IMAGE:
            wide, high = thing.get_px_size()
            box = Box(*thing.get_bounds())
            # A turned picture's width stands along the page's height.
            upright = (wide > high) == (box.x1 - box.x0 > box.y1 - box.y0)
            images.append((box, wide if upright else high))
    return images, shapes
