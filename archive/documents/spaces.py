"""White space in Chinese text: mostly layout, seldom meaning."""

from __future__ import annotations

import re

# U+00A0 and U+3000 come with pasted text; they indent and pad. ``\s`` has these and the thin spaces.
_RUN = re.compile(r"\s+")
# So do characters of no width: soft hyphens, joiners, marks of direction. They set nothing apart.
_NO_WIDTH = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3001-\u303f]")

_DIGIT = re.compile("[0-9０-９]")
_BREAK = " ⏎ "


def fold_spaces(text: str) -> str:
    """Return running text with each run of white space as one space, none at the ends.

    A line break in the source between two Chinese characters is no space at all.
    """
    text = drop_no_width(text)

    def fold(run: re.Match[str]) -> str:
        if "\n" not in run.group() and "\r" not in run.group():
            return " "
        around = (text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1])
        return "" if all(map(_HAN.match, around)) else " "

    return _RUN.sub(fold, text).strip()


def fold_line(text: str) -> str:
    """Return the text of a table cell: line breaks dropped, other white space as one space.

    Labels are broken anywhere to fit their column, but digits on both sides of a break may be two values: that break
    stays in sight.
    """
    if text.isalnum():
        return text
    text = drop_no_width(text)

    def fold(run: re.Match[str]) -> str:
        if "\n" not in run.group() and "\r" not in run.group():
            return " "
        around = (text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1])
        return _BREAK if all(map(_DIGIT.match, around)) else ""

    return _RUN.sub(fold, text).strip()


def drop_no_width(text: str) -> str:
    """Return the text without characters of no width."""
    return _NO_WIDTH.sub("", text)


def squeeze(text: str) -> str:
    """Return the text without any white space or characters of no width."""
    return _RUN.sub("", drop_no_width(text))
