"""By when a body had to publish its report, and by what law: data of ``deadlines.toml``.

Source: 政府信息公开条例 of 2008 (国务院令第492号) art. 31 and of 2019 (国务院令第711号) art. 49.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Deadline:
    """What the law says of one body and report year.

    ``day`` is the last day to publish, None where the law sets none; ``law`` the article that sets it; ``usual`` the
    day reports of such bodies are mostly out by, which is ``day`` where there is one. ``zh`` and ``en`` put the rule,
    or the reason why there is none, into words.
    """

    day: date | None
    usual: date
    law: str | None
    zh: str
    en: str


def deadline(level: str, year: int) -> Deadline:
    """Return the deadline of a body of that level for its report on ``year``.

    Raises ValueError for an unknown level.
    """
    for kind in ("deadlines", "unknown"):
        for entry in _data()[kind]:
            if level in entry["levels"] and entry.get("from", 0) <= year <= entry.get("to", 9999):
                day = date(year + 1, entry["month"], entry["day"])
                return Deadline(day if kind == "deadlines" else None, day, entry.get("law"), entry["zh"], entry["en"])
    raise ValueError(f"no deadline is written down for the level {level!r} in {year}: add it to deadlines.toml")


@cache
def _data() -> dict:
    return tomllib.loads((files(__package__) / "deadlines.toml").read_text("utf-8"))
