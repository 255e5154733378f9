"""A picture of a page made fit to read: one size, even light, no seal, no slant."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

# A page of A4 is so many points wide; what is no page (a long picture, a cut-out) is taken for one that wide.
_PAGE_WIDTH = 595.3
# The shorter side a page is read at, in pixels: 200 dots an inch. Smaller pictures are enlarged to it, larger ones
# reduced; a small cut-out is not blown up more than this many times, nor a picture pages long beyond this size.
_SMALLEST, _USUAL, _REDUCED, _LARGEST = 1500, 1654, 1860, 2100
_MOST_ENLARGED = 2.5
_MOST_PIXELS = 30_000_000
# By what part of its redness a pixel is lightened: a stamp's red is then as light as paper.
_SEAL = 0.4
# How far a page may be turned, in degrees, and how fine that is told.
_MOST_TURN, _COARSE, _FINE = 4.0, 0.2, 0.02
# The width at which the slant is looked for, coarsely and finely.
_LOOK_WIDTHS = (500, 1400)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, straight: how dark each pixel is (0 paper, 255 black), and how many pixels a point has.

    ``red`` is how red each was, None of a grey picture: a seal's red is paper in ``dark``, and so are red figures.
    """

    dark: np.ndarray
    scale: float
    red: np.ndarray | None = None


def flatten(picture: np.ndarray) -> Sheet:
    """Make a picture (grey or RGB) a sheet."""
    light, red = _without_seals(picture) if picture.ndim == 3 else (picture, None)
    light = _sized(light)
    dark = cv2.bitwise_not(cv2.divide(light, np.maximum(_paper(light), 1), scale=255))
    turn = -slant(dark)
    dark = _turned(dark, turn)
    scale = min(dark.shape) / _PAGE_WIDTH if max(dark.shape) < 2 * min(dark.shape) else _narrow(dark)
    return Sheet(dark, scale, None if red is None else _turned(_sized(red), turn))


def _without_seals(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a picture's red channel, in which a seal is nearly as light as paper and blue ink still dark.

    What is red is lightened by as much as it is, which is returned too: text under the seal is black, not red.
    """
    red, green, blue = cv2.split(np.ascontiguousarray(picture))
    redness = cv2.subtract(red, cv2.min(green, blue))
    return cv2.addWeighted(red, 1.0, redness, _SEAL, 0), redness


def _narrow(dark: np.ndarray) -> float:
    return dark.shape[1] / _PAGE_WIDTH if dark.shape[0] > dark.shape[1] else _USUAL / _PAGE_WIDTH


def _sized(light: np.ndarray) -> np.ndarray:
    short, times = min(light.shape), 1.0
    if short > _LARGEST:
        times = _REDUCED / short
    elif short < _SMALLEST:
        times = min(_USUAL / short, _MOST_ENLARGED)
    times = min(times, (_MOST_PIXELS / light.size) ** 0.5)
    if times == 1.0:
        return light
    how = cv2.INTER_AREA if times < 1 else cv2.INTER_CUBIC
    return cv2.resize(light, None, fx=times, fy=times, interpolation=how)


def _paper(light: np.ndarray) -> np.ndarray:
    """How light the paper is at each pixel: what is left when everything as small as writing is taken away."""
    small = cv2.resize(light, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    small = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    small = cv2.blur(small, (9, 9))
    return cv2.resize(small, light.shape[::-1], interpolation=cv2.INTER_LINEAR)


def slant(dark: np.ndarray) -> float:
    """Return how many degrees the lines of a page climb to the right: where its rows of pixels differ most."""
    found = 0.0
    spans = ((_MOST_TURN, _COARSE), (_COARSE, 0.05), (0.06, _FINE))
    for width, (span, step) in zip((_LOOK_WIDTHS[0], *_LOOK_WIDTHS[1:] * 2), spans, strict=True):
        times = min(1.0, width / dark.shape[1])
        look = cv2.resize(dark, None, fx=times, fy=times, interpolation=cv2.INTER_AREA)
        look = look[: 4 * look.shape[1]]
        angles = np.arange(found - span, found + span + step / 2, step)
        found = float(max(angles, key=lambda angle: _sharpness(look, angle)))
    return found


def _sharpness(look: np.ndarray, angle: float) -> float:
    rows = _turned(look, -angle).astype(np.float32).sum(1)
    return float(np.square(np.diff(rows)).sum())


def _turned(dark: np.ndarray, degrees: float) -> np.ndarray:
    """Turn a page counter-clockwise about its middle, its size kept."""
    if abs(degrees) < _FINE / 2:
        return dark
    high, wide = dark.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return cv2.warpAffine(dark, turn, (wide, high), flags=cv2.INTER_LINEAR, borderValue=0)
