"""White space in Chinese text: mostly layout, seldom meaning."""

from __future__ import annotations

import re

# U+00A0, U+3000 and the zero-width ones come with pasted text; they indent and pad.
_SPACE = r"[\s\u00a0\u3000\u200b-\u200d\u2060\ufeff]"
_RUN = re.compile(_SPACE + "+")
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
# A line break in the source between two Chinese characters is no space.
_BREAK = re.compile(rf"(?<=[{_HAN}]){_SPACE}*[\r\n]{_SPACE}*(?=[{_HAN}])")


def fold_spaces(text: str) -> str:
    """Return running text with each run of white space as one space, none at the ends or at Chinese line breaks."""
    return _RUN.sub(" ", _BREAK.sub("", text)).strip()


def fold_line(text: str) -> str:
    """Return the text of a table cell: as `fold_spaces`, with every line break dropped."""
    return _RUN.sub(" ", re.sub(r"[ \t]*[\r\n]+[ \t]*", "", text)).strip()


def squeeze(text: str) -> str:
    """Return the text without any white space."""
    return _RUN.sub("", text)
