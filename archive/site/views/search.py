"""Search."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from archive.forms.model import forms
from archive.search import parse
from archive.site.queries.search import CITY, FILTERS, TITLE, Found, Hit, names_of
from archive.site.queries.search import search as find
from archive.site.snippets import marked, snippet
from archive.site.views.asked import Asked, Page, pages_of
from archive.site.words import vocabulary

PER_PAGE = 20
# Terms that are answered together; more are refused in words, never left out.
MOST_TERMS = 16
# Choices shown of a filter that has many, those with the most hits.
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One value hits can be narrowed to. ``words`` is its name, ``chinese`` whether that is the archive's own.

    ``number`` is how many hits it would leave, ``address`` leads there or, where it is ``chosen``, back.
    """

    words: str
    chinese: bool
    number: int
    chosen: bool
    address: str


def search(db: sqlite3.Connection, asked: Asked) -> Page:
    """Sections, titles and agencies' names that hold all the terms of a query, and what they can be narrowed by."""
    text = asked.get("q") or ""
    query = parse(text)
    too_many = len(query.terms) + len(query.without) > MOST_TERMS
    chosen = _chosen(asked)
    offset = PER_PAGE * (max(1, asked.number("page") or 1) - 1)
    found = find(db, parse("") if too_many else query, chosen, limit=PER_PAGE, offset=offset)
    pages = pages_of(asked, found.total, PER_PAGE)
    if found.total and not found.hits:
        # Past the end is the last page, here as in every list.
        found = find(db, query, chosen, limit=PER_PAGE, offset=PER_PAGE * (pages.last - 1))
    kept = {"q": text, **{name: str(value) for name, value in chosen.items()}}
    return Page(
        "search.html",
        f"/search?{urlencode(kept | ({'page': pages.number} if pages.number > 1 else {}))}" if text else "/search",
        {
            "query": text,
            "too_many": too_many and MOST_TERMS,
            "terms": query.terms,
            "hits": [_shown(hit, query.terms) for hit in found.hits],
            "ranked": found.ranked,
            "pages": pages,
            "chosen": chosen,
            "filters": _filters(db, asked.language, kept, chosen, found),
            "everything": f"/search?{urlencode({'q': text})}",
        },
    )


def _chosen(asked: Asked) -> dict[str, Any]:
    """What the hits are narrowed by; an unknown value leaves none rather than all."""
    chosen: dict[str, Any] = {name: asked.get(name) for name in FILTERS if asked.get(name)}
    if "year" in chosen:
        chosen["year"] = asked.number("year") or 0
    return chosen


def _shown(hit: Hit, terms: tuple[str, ...]) -> dict[str, Any]:
    text = hit.section["text"] if hit.section else ""
    return {
        "report": hit.report,
        "title": marked(hit.report["title"], terms) if hit.section is None else hit.report["title"],
        "agency": marked(hit.report["name"], terms) if hit.section is None else hit.report["name"],
        "section": hit.section,
        "heading": hit.section and marked(hit.section["heading"], terms),
        "text": snippet(text, terms) if text else None,
    }


def _filters(
    db: sqlite3.Connection, language: str, kept: dict[str, str], chosen: dict[str, Any], found: Found
) -> list[tuple[str, list[Choice], int]]:
    """Return for each filter its name, the choices shown, and how many more there are."""
    filters = []
    for name in FILTERS:
        counts = {value: number for value, number in found.counts[name].items() if value is not None}
        if name in chosen:
            counts.setdefault(chosen[name], 0)
        values = _order(name, counts)
        shown = [value for place, value in enumerate(values) if place < _SHOWN or value == chosen.get(name)]
        names = _names(db, name, language, shown)
        choices = []
        for value in shown:
            others = {key: other for key, other in kept.items() if key != name}
            address = urlencode(others if value == chosen.get(name) else {**others, name: str(value)})
            words, chinese = names.get(value, (str(value), True))
            choices.append(Choice(words, chinese, counts[value], value == chosen.get(name), f"/search?{address}"))
        filters.append((name, choices, len(values) - len(shown)))
    return filters


def _order(name: str, counts: dict[Any, int]) -> list[Any]:
    """The values of a filter as they are listed: years and forms newest first, codes as on the form, others by hits."""
    if name in ("year", "form"):
        return sorted(counts, reverse=True)
    if name in ("level", "section"):
        codes = [TITLE, *vocabulary()[name]]
        return sorted(counts, key=lambda value: (codes.index(value) if value in codes else len(codes), str(value)))
    return sorted(counts, key=lambda value: (-counts[value], value))


def _names(db: sqlite3.Connection, name: str, language: str, values: list[Any]) -> dict[Any, tuple[str, bool]]:
    words = vocabulary(language)
    if name == "agency":
        return {agency: (words_, True) for agency, words_ in names_of(db, values).items()}
    if name == "district":
        return {CITY: (words["district"]["city"], False)}
    if name == "form":
        return {form.id: (f"{form.id} · {form.first_year}", False) for form in forms()}
    if name in ("level", "section"):
        return {code: (words_, False) for code, words_ in {**words[name], TITLE: words["found_in"]["title"]}.items()}
    return {value: (str(value), False) for value in values}
