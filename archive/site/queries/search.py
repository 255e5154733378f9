"""Search over section texts, titles and agencies' names: exact hits, what they can be narrowed by, a page of them.

The index finds the numbers of the hits; what is counted and narrowed by is looked up in a table of all numbers, kept in
memory for each build. In SQL the same counts take a join of every hit for each list of choices: with 100,000 hits
seconds instead of some 30 ms.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from threading import Lock

from archive.search import Query, holds, match
from archive.site.builds import remembered

# What hits can be narrowed by. The section of a hit in the title or the agency's name is TITLE; the district of a city
# body is CITY.
FILTERS = ("year", "level", "district", "agency", "section", "form")
TITLE, CITY = "title", "-"
# Hits in more sections than this are not ranked but given newest first: what stands everywhere tells nothing by its
# place, and ranking takes a microsecond a hit.
RANKED = 20_000
# Queries whose hits are kept for the next page, each of up to half a megabyte.
_KEPT = 32


@dataclass(frozen=True, slots=True)
class Hit:
    """A section that holds all terms; or, where ``section`` is None, a report whose title or agency's name does."""

    report: sqlite3.Row
    section: sqlite3.Row | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found: how many hits, a page of them, and how many each choice of each filter would leave.

    ``counts`` has for each of FILTERS the numbers by value, the other filters applied. ``ranked`` is whether the hits
    come by relevance; if not, the newest come first.
    """

    total: int
    hits: list[Hit]
    counts: dict[str, dict[object, int]]
    ranked: bool


def search(db: sqlite3.Connection, query: Query, chosen: Mapping[str, object], *, limit: int, offset: int) -> Found:
    """Return the sections and titles that hold every term of ``query``, narrowed by ``chosen``: values of FILTERS.

    The best come first (bm25; a word in a title weighs more than one in a text), of equals the newest year.
    """
    if not query.terms:
        return Found(0, [], {name: {} for name in FILTERS}, ranked=False)
    places = remembered(db, "search places", _places)
    numbers, ranked = _numbers(db, query)
    left, counts = places.narrowed(numbers, {name: chosen[name] for name in FILTERS if chosen.get(name) is not None})
    return Found(len(left), [_hit(db, number) for number in left[offset : offset + limit]], counts, ranked)


class _Places:
    """For each number of the index what its section can be found by; most sections share all but the agency."""

    def __init__(self, rows: Iterable[tuple]) -> None:
        kinds: dict[tuple, int] = {}
        agencies: dict[str, int] = {}
        self._kind, self._agency = array("L"), array("L")
        for number, agency, *kind in rows:
            for column, value in (
                (self._kind, kinds.setdefault(tuple(kind), len(kinds))),
                (self._agency, agencies.setdefault(agency, len(agencies))),
            ):
                column.extend([0] * (number + 1 - len(column)))
                column[number] = value
        self._kinds, self._agencies = list(kinds), list(agencies)

    def narrowed(self, numbers: Sequence[int], chosen: Mapping[str, object]) -> tuple[Sequence[int], dict]:
        """Return the numbers that ``chosen`` leaves, in their order, and the counts of each filter's choices."""
        by_kind = {name: value for name, value in chosen.items() if name != "agency"}
        of_agency = numbers
        if "agency" in chosen:
            asked = self._agencies.index(chosen["agency"]) if chosen["agency"] in self._agencies else -1
            of_agency = [number for number in numbers if self._agency[number] == asked]
        kinds = Counter(map(self._kind.__getitem__, of_agency))
        counts: dict[str, dict[object, int]] = {}
        for place, name in enumerate(_KIND):
            others = {key: value for key, value in by_kind.items() if key != name}
            counted: Counter = Counter()
            for kind, number in kinds.items():
                if _fits(self._kinds[kind], others):
                    counted[self._kinds[kind][place]] += number
            counts[name] = dict(counted)
        if by_kind:
            fits = bytes(_fits(kind, by_kind) for kind in self._kinds)
            same = of_agency is numbers
            numbers = self._fitting(fits, numbers)
            of_agency = numbers if same else self._fitting(fits, of_agency)
        agencies = Counter(map(self._agency.__getitem__, numbers))
        counts["agency"] = {self._agencies[agency]: number for agency, number in agencies.most_common()}
        return of_agency, counts

    def _fitting(self, fits: bytes, numbers: Sequence[int]) -> list[int]:
        return list(compress(numbers, map(fits.__getitem__, map(self._kind.__getitem__, numbers))))


# The parts of a kind, in the order of the query in `_places`.
_KIND = ("year", "level", "district", "section", "form")


def _fits(kind: tuple, chosen: Mapping[str, object]) -> bool:
    return all(kind[_KIND.index(name)] == value for name, value in chosen.items())


def prepare(db: sqlite3.Connection) -> None:
    """Work out beforehand what every search needs: some half a second at 15,000 reports."""
    remembered(db, "search places", _places)


def _places(db: sqlite3.Connection) -> _Places:
    cursor = db.cursor()
    cursor.row_factory = None
    # Joined here: SQLite would look the report up anew for each of its sections.
    reports = {
        report_id: (search_id, agency, year, level, district, form)
        for report_id, search_id, agency, year, level, district, form in cursor.execute(
            """
            SELECT reports.id, search_id, agency_id, year, level, coalesce(district, ?), form
            FROM reports JOIN agencies ON agencies.id = reports.agency_id
            """,
            [CITY],
        )
    }
    texts = [(search_id, report_id, TITLE) for report_id, (search_id, *_) in reports.items()]
    texts += cursor.execute("SELECT search_id, report_id, key FROM sections INDEXED BY sections_by_search")

    def places() -> Iterator[tuple]:
        for search_id, report_id, section in texts:
            _, agency, year, level, district, form = reports[report_id]
            yield search_id, agency, year, level, district, section, form

    return _Places(places())


class _Kept:
    """The numbers of the hits of the last queries."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Query, tuple[Sequence[int], bool]] = OrderedDict()

    def get(self, query: Query) -> tuple[Sequence[int], bool] | None:
        with self._lock:
            found = self._kept.get(query)
            if found:
                self._kept.move_to_end(query)
            return found

    def put(self, query: Query, found: tuple[Sequence[int], bool]) -> None:
        with self._lock:
            self._kept[query] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


def _numbers(db: sqlite3.Connection, query: Query) -> tuple[Sequence[int], bool]:
    """Return the numbers of all hits, the best first, and whether they are ranked; else the newest first."""
    kept = remembered(db, "search hits", lambda _: _Kept())
    found = kept.get(query)
    if found is None:
        expression = match(query)
        numbers = _every(db, "SELECT rowid FROM sections_fts WHERE sections_fts MATCH ?", expression)
        ranked = len(numbers) <= RANKED
        if ranked and len(numbers) > 1:
            numbers = _every(
                db, "SELECT rowid FROM sections_fts WHERE sections_fts MATCH ? ORDER BY rank, rowid", expression
            )
        if not query.indexed:
            numbers = _looked_through(db, numbers, query)
        found = (array("L", numbers), ranked)
        kept.put(query, found)
    return found


def _looked_through(db: sqlite3.Connection, numbers: Sequence[int], query: Query) -> list[int]:
    """Return those numbers, in their order, whose texts hold what the index could not tell."""
    texts = db.execute(
        """
        SELECT asked.value, sections.heading, sections.text, reports.title, agencies.name
        FROM json_each(?) AS asked
        LEFT JOIN sections ON sections.search_id = asked.value
        LEFT JOIN reports ON reports.search_id = asked.value
        LEFT JOIN agencies ON agencies.id = reports.agency_id
        ORDER BY asked.key
        """,
        [json.dumps(list(numbers))],
    )
    return [number for number, *parts in texts if holds(query, filter(None, parts))]


def _every(db: sqlite3.Connection, sql: str, expression: str) -> list[int]:
    # One value instead of a row for each hit: read a third faster, and with other threads running meanwhile.
    return json.loads(
        db.execute(f"SELECT json_group_array(rowid) FROM ({sql})", [expression]).fetchone()[0]  # noqa: S608
    )


def _hit(db: sqlite3.Connection, number: int) -> Hit:
    section = db.execute(
        "SELECT report_id, position, key, heading, text FROM sections WHERE search_id = ?", [number]
    ).fetchone()
    column, value = ("reports.search_id", number) if section is None else ("reports.id", section["report_id"])
    report = db.execute(
        f"""
        SELECT reports.id, reports.year, reports.title, reports.published_on, reports.agency_id, agencies.name
        FROM reports JOIN agencies ON agencies.id = reports.agency_id WHERE {column} = ?
        """,  # noqa: S608
        [value],
    ).fetchone()
    return Hit(report, section)


def names_of(db: sqlite3.Connection, agency_ids: Sequence[str]) -> dict[str, str]:
    """The names of agencies by their ids."""
    marks = ", ".join("?" * len(agency_ids))
    return dict(
        db.execute(f"SELECT id, name FROM agencies WHERE id IN ({marks})", list(agency_ids)).fetchall()  # noqa: S608
    )
