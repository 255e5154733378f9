"""Cuts the place out of a text where the terms of a search stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from archive.search import fold, spans

# Characters of text shown, and how many of them stand before the first hit; a second piece has terms the first has not.
_WIDTH, _SECOND = 120, 60
_BEFORE = 24
# Places looked at for the one with the most terms near each other.
_MOST = 100

Span = tuple[int, int]


def marked(text: str, terms: Sequence[str]) -> Markup:
    """Return all of ``text`` with every place of ``terms`` (folded, see `archive.search`) marked."""
    return _marked(text, spans(text, tuple(terms)), 0, len(text))


def snippet(text: str, terms: Sequence[str]) -> Markup:
    """Return the pieces of ``text`` that show the most of ``terms``, marked; its beginning when none is there."""
    found = spans(text, tuple(terms))
    pieces = [_best(text, found, terms, _WIDTH)]
    missing = [term for term in terms if term not in fold(text[slice(*pieces[0])])]
    others = spans(text, tuple(missing)) if missing else []
    if others:
        start, end = _best(text, others, missing, _SECOND)
        if end <= pieces[0][0]:
            pieces.insert(0, (start, end))
        elif start >= pieces[0][1]:
            pieces.append((start, end))
    shown = Markup("…").join(_marked(text, found, start, end) for start, end in pieces)
    return Markup("{}{}{}").format("…" if pieces[0][0] else "", shown, "…" if pieces[-1][1] < len(text) else "")


def _best(text: str, found: Sequence[Span], terms: Sequence[str], width: int) -> Span:
    """Return the piece of ``text`` with the most different terms, of equals that with the most places."""

    def piece(place: int) -> Span:
        start = max(0, found[place][0] - _BEFORE)
        return start, min(len(text), max(start + width, found[place][1]))

    def worth(place: int) -> tuple[int, int]:
        start, end = piece(place)
        folded = fold(text[start:end])
        return sum(term in folded for term in terms), sum(stop <= end for _, stop in found[place : place + width])

    if not found:
        return 0, min(len(text), width)
    return piece(max(range(min(len(found), _MOST)), key=worth))


def _marked(text: str, found: Sequence[Span], start: int, end: int) -> Markup:
    parts, last = [], start
    for begin, stop in found:
        if begin >= start and stop <= end:
            parts += [_line(text[last:begin]), Markup("<mark>{}</mark>").format(_line(text[begin:stop]))]
            last = stop
    return Markup("").join([*parts, _line(text[last:end])])


def _line(text: str) -> Markup:
    return escape(re.sub(r"\s+", " ", text))
