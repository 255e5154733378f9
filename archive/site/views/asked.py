"""What a reader asked for, and what a page answers with."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.site.queries import overview
from archive.site.queries.reports import CITY, Filter
from archive.site.words import vocabulary

PER_PAGE = 50

REPORT_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*-[0-9]{4}")
AGENCY_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked for: the ``id`` in the address, if any, and the arguments after the question mark.

    ``repeated`` holds every value of the arguments that were given more than once, or could be. ``language`` is that
    of the page's own words, ``zh`` or ``en``; ``origin`` the scheme and host the reader used, empty where not known.
    """

    id: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    repeated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    language: str = "zh"
    origin: str = ""

    def get(self, name: str) -> str | None:
        """Return an argument, None when it is missing or blank."""
        return (self.arguments.get(name) or "").strip() or None

    def every(self, name: str) -> tuple[str, ...]:
        """Return every value of an argument, each once, in the order given; blank ones are left out."""
        return tuple(dict.fromkeys(value.strip() for value in self.repeated.get(name, ()) if value.strip()))

    def number(self, name: str) -> int | None:
        """Return an argument that is a whole number of up to nine digits, None otherwise."""
        return whole(self.get(name) or "")


def whole(text: str) -> int | None:
    """Return a whole number of up to nine digits, None for any other text."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else None


@dataclass(frozen=True, slots=True)
class Page:
    """A template, the values it shows, and the page's own address. ``charts`` is whether it draws any."""

    template: str
    address: str
    values: dict[str, Any]
    charts: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """An answer that is no page: its text and media type, and the name it is saved under, None to show it."""

    text: str
    media_type: str
    file_name: str | None = None


class NotHereError(LookupError):
    """There is no such page. ``words`` say what was looked for, with ``values`` for the places in braces."""

    def __init__(self, words: str, **values: object) -> None:
        super().__init__(words.format(**values))
        self.words = words
        self.values = values


View = Callable[[sqlite3.Connection, Asked], Page | Document]


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of a list this is, of how many, and the total; ``kept`` are the other arguments."""

    number: int
    last: int
    total: int
    kept: dict[str, str]


def pages_of(asked: Asked, total: int, per_page: int = PER_PAGE) -> Pages:
    """Return where in a list of ``total`` entries the page asked for stands; past the end it is the last."""
    last = max(1, -(-total // per_page))
    kept = {name: value for name, value in asked.arguments.items() if name not in ("page", "lang") and value.strip()}
    return Pages(min(max(1, asked.number("page") or 1), last), last, total, kept)


def filter_of(asked: Asked, only: tuple[str, ...] = ("year", "level", "district", "status", "name")) -> Filter:
    """Read a filter from the arguments; unknown years, levels and states find nothing rather than everything."""
    values: dict[str, Any] = {name: asked.get(name) for name in only if name != "year"}
    if "year" in only and asked.get("year"):
        values["year"] = asked.number("year") or 0
    return Filter(**values)


def choices(db: sqlite3.Connection, language: str) -> dict[str, Any]:
    """What lists can be narrowed by: years, levels, states and districts, each with its name."""
    words = vocabulary(language)
    return {
        "years": overview.years(db),
        "levels": words["level"],
        "statuses": words["status"],
        "districts": [(CITY, words["district"]["city"]), *((name, name) for name in overview.districts(db))],
    }
