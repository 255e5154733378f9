"""Image files as pictures of pages: decoded within bounds, upright, on white."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from archive.documents.model import UnreadableError

# Pillow's name of each kind that is read; no other decoder gets to see a stranger's file.
_DECODERS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
# A page of A3 at 600 dots an inch has 70 million pixels; a larger picture is none of a page. Decoded, three bytes each.
_MOST_PIXELS = 100_000_000
# A picture smaller than this in one direction is an icon, a logo or a bar. In pixels.
_LEAST_SIDE = 200
# JPEG files can be decoded at a half or a quarter of their size; nothing is lost down to this. In pixels.
_ENOUGH = (2400, 3400)
# What Pillow raises for files that are torn or made to mislead.
_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, OverflowError, TypeError, IndexError, KeyError)

# A picture among text is mostly as wide as the text, which leaves so much of a page's width; a page is so many times as
# high as wide. One of more pixels across is made smaller.
_TEXT_WIDE, _PAGE_HIGH, _MOST_ACROSS = 0.8, 1.41, 2000

_BROKEN = "图片已损坏或不完整，无法打开：请到原址重新下载核对"


class SmallPictureError(UnreadableError):
    """A picture is too small to show what is looked for."""


def pictures_of(data: bytes, most: int, least: tuple[int, int] = (_LEAST_SIDE, _LEAST_SIDE)) -> Iterator[np.ndarray]:
    """Give the pages of an image file as pictures, grey or RGB; of a TIFF up to ``most`` and one more.

    ``least`` is the shorter and the longer side of the smallest, in pixels. Raises UnreadableError when the file is
    broken or too large for a page, SmallPictureError when it is too small.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
        try:
            image = Image.open(io.BytesIO(data), formats=_DECODERS)
        except Image.DecompressionBombError as error:
            raise UnreadableError(_too_large()) from error
        except (UnidentifiedImageError, *_DAMAGE) as error:
            raise UnreadableError(_BROKEN) from error
        # The further pictures of a GIF or WebP are an animation's.
        frames = min(getattr(image, "n_frames", 1), most + 1) if image.format == "TIFF" else 1
        for number in range(frames):
            yield _picture(image, number, least)


def on_page(picture: np.ndarray) -> np.ndarray:
    """Put a picture that stands among text on a sheet of its own paper, as wide as it is in a page."""
    if picture.shape[1] > _MOST_ACROSS:
        times = _MOST_ACROSS / picture.shape[1]
        picture = cv2.resize(picture, None, fx=times, fy=times, interpolation=cv2.INTER_AREA)
    high, wide = picture.shape[:2]
    across = round(wide / _TEXT_WIDE)
    left = top = (across - wide) // 2
    sheet = np.empty((max(round(_PAGE_HIGH * across), high + 2 * top), across, *picture.shape[2:]), np.uint8)
    sheet[:] = np.median(picture, axis=(0, 1)).astype(np.uint8)
    sheet[top : top + high, left : left + wide] = picture
    return sheet


def _picture(image: Image.Image, number: int, least: tuple[int, int]) -> np.ndarray:
    try:
        if number:
            image.seek(number)
        wide, high = image.size
        if wide * high > _MOST_PIXELS:
            raise UnreadableError(_too_large(wide, high))
        if min(wide, high) < least[0] or max(wide, high) < least[1]:
            raise SmallPictureError(f"图片太小（{wide}×{high} 像素），不是报告的页面，未读取")
        image.draft("RGB", _ENOUGH)
        upright = ImageOps.exif_transpose(image) if number == 0 else image
        return np.asarray(_on_white(upright))
    except UnreadableError:
        raise
    except Image.DecompressionBombError as error:
        raise UnreadableError(_too_large()) from error
    except _DAMAGE as error:
        raise UnreadableError(_BROKEN) from error


def _on_white(image: Image.Image) -> Image.Image:
    """Return a picture as grey or RGB of eight bits, what is transparent white."""
    if image.mode.startswith(("I", "F")):
        image = image.point(lambda value: value / 256).convert("L") if image.mode.startswith("I;16") else image
        return image.convert("L")
    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def _too_large(wide: int = 0, high: int = 0) -> str:
    size = f"（{wide}×{high} 像素）" if wide else ""
    return f"图片太大{size}，超过 {_MOST_PIXELS // 1_000_000} 百万像素，未读取：原件已存档，请人工打开核对"
