"""The search index of the archive: which text has which number in it, and how it is filled.

``sections_fts`` is contentless: it holds where tokens stand and not the texts, which are in ``sections``, ``reports``
and ``agencies``. Its rows are the sections, and one for each report with its title and the name of its agency; each is
found by the number that ``sections.search_id`` and ``reports.search_id`` say.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from archive.search import TOKENIZER, tokens

# Inserted at a time: a batch of texts of some megabytes.
_TOGETHER = 2000

INDEX = "sections_fts"
CREATE = f"""
CREATE VIRTUAL TABLE {INDEX} USING fts5(title, agency, heading, text, content='', tokenize='{TOKENIZER}')
"""
# What a word counts in a title, an agency's name, a heading and a text. Kept in the index: `rank` goes by it.
_WEIGHTS = "INSERT INTO sections_fts (sections_fts, rank) VALUES ('rank', 'bm25(8.0, 6.0, 3.0, 1.0)')"


def number(reports: Iterable[dict[str, object]], sections: Iterable[dict[str, object]]) -> None:
    """Give every report and section its ``search_id``.

    The numbers rise from the newest report year to the oldest, a report before its sections: FTS5 gives rows of the
    same rank in this order, so that of two equal hits the newer comes first.
    """
    of_report: dict[object, list[dict[str, object]]] = {}
    for section in sections:
        of_report.setdefault(section["report_id"], []).append(section)
    numbers = itertools.count(1)
    for report in sorted(reports, key=lambda row: (-int(str(row["year"])), row["id"])):
        report["search_id"] = next(numbers)
        for section in sorted(of_report.get(report["id"], ()), key=lambda row: int(str(row["position"]))):
            section["search_id"] = next(numbers)


def fill(db: sqlite3.Connection, rows: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
    """Index the ``reports`` and ``sections`` of an archive, numbered by `number`; the table is there and empty."""
    names = {agency["id"]: agency["name"] for agency in rows.get("agencies", ())}
    texts = itertools.chain(
        ((row["search_id"], row["title"], names[row["agency_id"]], "", "") for row in rows.get("reports", ())),
        ((row["search_id"], "", "", row["heading"], row["text"]) for row in rows.get("sections", ())),
    )
    # In the order of their numbers, so that the index is written from front to end.
    entries = iter(sorted(texts))
    while batch := list(itertools.islice(entries, _TOGETHER)):
        db.executemany(
            "INSERT INTO sections_fts (rowid, title, agency, heading, text) VALUES (?, ?, ?, ?, ?)", _tokenised(batch)
        )
    db.execute(_WEIGHTS)
    db.execute("INSERT INTO sections_fts (sections_fts) VALUES ('optimize')")


def _tokenised(entries: Iterable[tuple]) -> Iterator[tuple]:
    for search_id, *texts in entries:
        yield (search_id, *map(tokens, texts))
