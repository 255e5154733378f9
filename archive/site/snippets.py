"""Cuts the place out of a text where the terms of a search stand."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

# Characters of text shown, and how many of them stand before the first hit.
_WIDTH = 120
_BEFORE = 24


def snippet(text: str, terms: list[str]) -> Markup:
    """Return a piece of ``text`` around the first term found, every term in it marked; its beginning when none is."""
    pattern = re.compile("|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True)), re.IGNORECASE)
    found = pattern.search(text) if terms else None
    start = max(0, found.start() - _BEFORE) if found else 0
    end = max(start + _WIDTH, found.end() if found else 0)
    piece = re.sub(r"\s+", " ", text[start:end])
    return Markup("{}{}{}").format(
        "…" if start else "", _marked(piece, terms and pattern), "…" if end < len(text) else ""
    )


def _marked(text: str, pattern: re.Pattern[str] | list) -> Markup:
    if not pattern:
        return escape(text)
    parts, last = [], 0
    for found in pattern.finditer(text):
        parts += [escape(text[last : found.start()]), Markup("<mark>{}</mark>").format(found[0])]
        last = found.end()
    return Markup("").join([*parts, escape(text[last:])])
