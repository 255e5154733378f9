"""The names of the archive's codes, from ``words.toml``, and the pages' own words, from ``messages.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from markupsafe import Markup, escape

from archive.checks.rules import rules

# The languages of the pages' own words; what the archive holds stays in Chinese.
LANGUAGES = {"zh": "中文", "en": "English"}


@cache
def vocabulary(language: str = "zh") -> dict[str, dict[str, str]]:
    """All names in one language, by kind of code and code."""
    return {
        kind: {code: names[language] for code, names in codes.items()} for kind, codes in _load("words.toml").items()
    }


def rule_name(rule_id: str, language: str = "zh") -> str:
    """Return the name of a rule of the checks; one that is no longer known keeps its id."""
    rule = rules().get(rule_id)
    return rule_id if rule is None else rule.name_en if language == "en" else rule.name


def word(code: str | None, kind: str, language: str = "zh") -> str:
    """Return the name of ``code``; a code without one is shown as it is."""
    return vocabulary(language)[kind].get(code or "", code or "")


@cache
def messages() -> dict[str, str]:
    """The English of the pages' words, by their Chinese."""
    return {zh: en for page in _load("messages.toml").values() for zh, en in page.items()}


def say(words: str, language: str = "zh", **values: object) -> Markup:
    """Return the pages' own words in a language, ``values`` put in their places in braces, everything escaped.

    Words without a translation stay as they are: a page half in Chinese is better than none.
    """
    said = words if language == "zh" else messages().get(words, words)
    # Escaped first: the places in braces are filled with what is escaped in its turn.
    return escape(said).format(**values)


def _load(name: str) -> dict[str, dict]:
    return tomllib.loads((files(__package__) / name).read_text("utf-8"))
