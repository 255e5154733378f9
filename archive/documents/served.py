"""Tells pages that are served as if all were well and are not what was asked for."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from archive.documents.encoding import decode_text
from archive.documents.spaces import squeeze

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
    reason: str
    title: re.Pattern[str] | None
    text: re.Pattern[str] | None
    source: re.Pattern[str] | None

    def fits(self, title: str, text: str, source: str) -> bool:
        pairs = ((self.title, title), (self.text, text), (self.source, source))
        return any(pattern is not None and pattern.search(shown) for pattern, shown in pairs)


def why_no_document(title: str, text: str, source: str) -> str | None:
    """Return why a page that shows little is no document, by its title, its text and its scripts; None if it may be."""
    seen = squeeze(text)
    return next((state.reason for state in _states() if state.fits(title, seen, source)), None)


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
    data = _data()
    short = len(body) <= data["bytes_at_most"]
    seen = squeeze(_TAG.sub(" ", _UNSEEN.sub(" ", text))) if short else ""
    few = short and len(seen) < data["text_at_most"]
    title = _TITLE.search(text)
    if few:
        for state in _states():
            if state.fits(title.group(1) if title else "", seen, text):
                return state.name
    if few and not seen and _SCRIPT.search(text):
        return CHALLENGE
    lowered = text[-4096:].lower()
    if "<html" in text[:_LOOK].lower() and "</html" not in lowered and "</body" not in lowered:
        return CUT_SHORT
    return None


@cache
def _data() -> dict:
    return tomllib.loads((files(__package__) / "served.toml").read_text("utf-8"))


@cache
def _states() -> tuple[_State, ...]:
    return tuple(
        _State(entry["name"], entry["reason"], *(_compiled(entry.get(key)) for key in ("title", "text", "source")))
        for entry in _data()["states"]
    )


def _compiled(expression: str | None) -> re.Pattern[str] | None:
    return re.compile(expression, re.IGNORECASE | re.DOTALL) if expression else None
