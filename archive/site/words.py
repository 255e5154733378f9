"""The Chinese names of the archive's codes, from ``words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def vocabulary() -> dict[str, dict[str, str]]:
    """All names, by kind of code and code."""
    return tomllib.loads((files(__package__) / "words.toml").read_text("utf-8"))


def word(code: str | None, kind: str) -> str:
    """Return the name of ``code``; a code without one is shown as it is."""
    return vocabulary()[kind].get(code or "", code or "")
