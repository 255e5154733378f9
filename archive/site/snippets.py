"""Cuts the place out of a text where the terms of a search stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from archive.search import spans

# Characters of text shown, and how many of them stand before the first hit.
_WIDTH = 120
_BEFORE = 24
# Places looked at for the one with the most hits near each other.
_MOST = 500


def marked(text: str, terms: Sequence[str]) -> Markup:
    """Return all of ``text`` with every place of ``terms`` (folded, see `archive.search`) marked."""
    return _marked(text, spans(text, tuple(terms)), 0, len(text))


def snippet(text: str, terms: Sequence[str]) -> Markup:
    """Return a piece of ``text``, terms marked, where most of them stand together; its beginning when none does."""
    found = spans(text, tuple(terms))
    first = max(range(min(len(found), _MOST)), key=lambda place: _near(found, place), default=None)
    start = max(0, found[first][0] - _BEFORE) if first is not None else 0
    end = min(len(text), max(start + _WIDTH, found[first][1] if first is not None else 0))
    return Markup("{}{}{}").format(
        "…" if start else "", _marked(text, found, start, end), "…" if end < len(text) else ""
    )


def _near(found: Sequence[tuple[int, int]], place: int) -> int:
    """How many places stand in the piece that would begin at one of them; of equals the first is taken."""
    last = found[place][0] - _BEFORE + _WIDTH
    return sum(end <= last for _, end in found[place : place + _WIDTH])


def _marked(text: str, found: Sequence[tuple[int, int]], start: int, end: int) -> Markup:
    parts, last = [], start
    for begin, stop in found:
        if begin >= start and stop <= end:
            parts += [_line(text[last:begin]), Markup("<mark>{}</mark>").format(_line(text[begin:stop]))]
            last = stop
    return Markup("").join([*parts, _line(text[last:end])])


def _line(text: str) -> Markup:
    return escape(re.sub(r"\s+", " ", text))
