"""The ready queries: what researchers ask, as data (``questions.toml``), in the shape Datasette wants them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def questions() -> dict[str, dict[str, str]]:
    """The questions by key.

    ``zh`` and ``en`` ask, ``read_zh`` and ``read_en`` say how to read the answer, ``sql`` gives it.
    """
    return tomllib.loads((files(__package__) / "questions.toml").read_text("utf-8"))


def canned_queries() -> dict[str, dict[str, Any]]:
    """The questions as Datasette's metadata has them; the pages they make need no right to run SQL."""
    return {
        key: {
            "title": f"{entry['zh']} · {entry['en']}",
            "description": f"{entry['read_zh']} {entry['read_en']}",
            "sql": entry["sql"].strip(),
        }
        for key, entry in questions().items()
    }
