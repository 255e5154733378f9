"""Traditional characters read as the simplified ones, for matching words only."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


def simplified(text: str) -> str:
    """Return ``text`` in simplified characters, one for one: its length stays as it is."""
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    data = tomllib.loads((files(__package__) / "characters.toml").read_text("utf-8"))
    pairs = "".join(data["pairs"])
    return str.maketrans(pairs[::2], pairs[1::2])
