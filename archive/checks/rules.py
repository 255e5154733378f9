"""The rules as data: what each says, how grave it is, where it comes from. See ``rules.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its ``id``, a short ``name``, what it says, its ``severity``, ``scope`` and ``source``.

    ``exceptions_zh`` and ``exceptions_en`` say when it may rightly not hold.
    """

    id: str
    name: str
    name_en: str
    severity: str
    scope: str
    zh: str
    en: str
    source: str
    exceptions_zh: str | None = None
    exceptions_en: str | None = None


@cache
def rules() -> dict[str, Rule]:
    """The rules by id, in the order they are explained."""
    data = tomllib.loads((files(__package__) / "rules.toml").read_text("utf-8"))
    return {entry["id"]: Rule(**entry) for entry in data["rules"]}
