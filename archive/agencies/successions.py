"""Which body took over from which, and the names a body bore in which years: data of ``registry.toml``, applied.

The reforms of 2009, 2013, 2018 and 2023 renamed, merged and split bodies at both levels. A series of numbers over such
a year is a series of two bodies; nothing here joins them, it only says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from archive.agencies.registry import Agency, Name, Registry, in_full, registry, registry_data

# How sure a succession is, surest first; see registry.toml.
CERTAINTIES = ("certain", "likely", "possible")
KINDS = ("renamed", "merged", "split")


@dataclass(frozen=True, slots=True)
class Succession:
    """One body took over from another. ``year`` is the later one's first report year, None where not known."""

    predecessor: Agency
    successor: Agency
    year: int | None
    kind: str
    certainty: str
    source: str


@dataclass(frozen=True, slots=True)
class _Rule:
    level: str
    to: str
    before: str
    year: int | None
    kind: str
    certainty: str
    source: str


def successors(agency: Agency) -> list[Succession]:
    """What took over from an agency, earliest first; empty for one that none is known of."""
    return _applied(agency, [rule for rule in _rules() if rule.before == agency.office])


def predecessors(agency: Agency) -> list[Succession]:
    """What an agency took over from, earliest first."""
    return _applied(agency, [rule for rule in _rules() if rule.to == agency.office])


def names(agency: Agency) -> list[Name]:
    """Every name the registry knows of an agency, in full, the official one first."""
    known = registry()
    office = known.office_of(agency)
    place = known.districts.get(agency.district or "", known.city)
    written = office.names if office else (Name(agency.office, "official", agency.active_from, agency.active_to),)
    found = [Name(in_full(place.name, name.name), name.kind, name.active_from, name.active_to) for name in written]
    # What a district was called before it was one: 双城市教育局.
    found += [Name(old.name + agency.office, "former", old.active_from, old.active_to) for old in place.former]
    return found


def name_in(agency: Agency, year: int) -> str:
    """The full name an agency bore in a report year: a former one of that year, else the one of today."""
    former = (
        name.name
        for name in names(agency)
        if name.kind == "former" and (name.active_from or 0) <= year <= (name.active_to or 9999)
    )
    return next(former, agency.name)


def _applied(agency: Agency, rules: list[_Rule]) -> list[Succession]:
    known = registry()
    found = [
        Succession(
            _same_place(known, agency, rule.before), _same_place(known, agency, rule.to), rule.year, rule.kind,
            rule.certainty, rule.source,
        )
        for rule in rules
        if rule.level == agency.level
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.year or 9999, each.predecessor.id, each.successor.id))


def _same_place(known: Registry, agency: Agency, office: str) -> Agency:
    return known.resolve((agency.district or known.city.name) + office)


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            entry["level"], entry["to"], before, entry.get("year"), entry["kind"], entry["certainty"], entry["source"]
        )
        for entry in registry_data()["successions"]
        for before in entry["from"]
    )
