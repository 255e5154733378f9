"""Tells pages that are served as if all were well and are not what was asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from archive.documents.encoding import decode_text
from crawler.cms.markup import load_data

EMPTY = "empty"
CHALLENGE = "challenge"
LOGIN = "login"
MISSING = "missing"
CUT_SHORT = "cut-short"

_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style|noscript|head)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_HTML = re.compile(rb"<(?:!doctype|html|head|body|script|meta)\b", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
# How far into a file the first tag shows.
_LOOK = 2048


@dataclass(frozen=True, slots=True)
class _State:
    name: str
    title: re.Pattern[str] | None
    text: re.Pattern[str] | None
    source: re.Pattern[str] | None


def page_state(body: bytes) -> str | None:
    """Return what is wrong with a decoded body served as 200, None when nothing shows.

    ``empty``, ``challenge`` (a bot check, or a page of nothing but script), ``login``, ``missing`` (an error page) or
    ``cut-short`` (HTML without its end). Files that are not HTML are only ever empty.
    """
    if not body.strip():
        return EMPTY
    if not _HTML.search(body[:_LOOK]):
        return None
    text = decode_text(body)[0]
    data = load_data("pages")
    short = len(body) <= data["bytes_at_most"]
    seen = "".join(_TAG.sub(" ", _UNSEEN.sub(" ", text)).split()) if short else ""
    few = short and len(seen) < data["text_at_most"]
    title = _TITLE.search(text)
    for state in _states():
        if few and title and state.title and state.title.search(title.group(1)):
            return state.name
        if few and state.text and state.text.search(seen):
            return state.name
        if few and state.source and state.source.search(text):
            return state.name
    if few and not seen and _SCRIPT.search(text):
        return CHALLENGE
    lowered = text[-4096:].lower()
    if "<html" in text[:_LOOK].lower() and "</html" not in lowered and "</body" not in lowered:
        return CUT_SHORT
    return None


@cache
def _states() -> tuple[_State, ...]:
    return tuple(
        _State(entry["name"], *(_compiled(entry.get(key)) for key in ("title", "text", "source")))
        for entry in load_data("pages")["states"]
    )


def _compiled(expression: str | None) -> re.Pattern[str] | None:
    return re.compile(expression, re.IGNORECASE | re.DOTALL) if expression else None
