"""Image files as pictures of pages: decoded within bounds, upright, on white."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

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

_BROKEN = "图片已损坏或不完整，无法打开：请到原址重新下载核对"


def pictures_of(data: bytes, most: int) -> Iterator[np.ndarray]:
    """Give the pages of an image file as pictures, grey or RGB; of a TIFF up to ``most`` and one more.

    Raises UnreadableError when it is broken, too small for a page or too large for any.
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
            yield _picture(image, number)


def _picture(image: Image.Image, number: int) -> np.ndarray:
    try:
        if number:
            image.seek(number)
        wide, high = image.size
        if wide * high > _MOST_PIXELS:
            raise UnreadableError(_too_large(wide, high))
        if min(wide, high) < _LEAST_SIDE:
            raise UnreadableError(f"图片太小（{wide}×{high} 像素），不是报告的页面，未读取")
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
