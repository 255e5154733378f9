"""The index of captures: a SQLite file that can be thrown away and made again from the WARC files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from archive.captures.exchange import Capture, request_key

_COLUMNS = (
    "id",
    "request_key",
    "url",
    "method",
    "status",
    "fetched_at",
    "payload_digest",
    "sha256",
    "media_type",
    "bytes",
    "warc_file",
    "warc_offset",
    "body_id",
    "etag",
    "last_modified",
    "facts",
)

_DDL = """
CREATE TABLE IF NOT EXISTS captures (
    id TEXT PRIMARY KEY, request_key TEXT NOT NULL, url TEXT NOT NULL, method TEXT NOT NULL,
    status INTEGER NOT NULL, fetched_at TEXT NOT NULL, payload_digest TEXT NOT NULL, sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL, bytes INTEGER NOT NULL, warc_file TEXT NOT NULL, warc_offset INTEGER NOT NULL,
    body_id TEXT NOT NULL, etag TEXT, last_modified TEXT, facts TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, size INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS captures_by_request ON captures (request_key, fetched_at);
CREATE INDEX IF NOT EXISTS captures_by_place ON captures (warc_file, warc_offset);
"""

# A capture that gives a body: a 200, or a 304 that points to one.
_GOOD = "(status = 200 OR (status = 304 AND body_id <> id))"


class CaptureIndex:
    """Finds captures by request, by id and in the order they were made. One writer at a time, many readers."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        # WAL with NORMAL loses at most the last entries on a power cut, and those are found again in the WARC.
        self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _DDL)

    def add(self, capture: Capture) -> None:
        """Add one capture; one already there (same id) is replaced."""
        values = [getattr(capture, name) for name in _COLUMNS[:-1]]
        values.append(json.dumps(capture.facts, ensure_ascii=False, sort_keys=True))
        marks = ", ".join("?" * len(_COLUMNS))
        self._db.execute(
            f"INSERT OR REPLACE INTO captures ({', '.join(_COLUMNS)}) VALUES ({marks})",  # noqa: S608
            values,
        )

    def get(self, capture_id: str) -> Capture | None:
        """Return the capture with that id."""
        return self._one("id = ?", capture_id)

    def latest(self, url: str, method: str = "GET", request_body: bytes = b"") -> Capture | None:
        """Return the newest capture of that request that gives a body (200, or 304 pointing to one)."""
        return self._one(
            f"request_key = ? AND {_GOOD} ORDER BY fetched_at DESC, rowid DESC LIMIT 1",
            request_key(url, method, request_body),
        )

    def with_payload(self, key: str, payload_digest: str, status: int) -> Capture | None:
        """Return the first capture of the request ``key`` that was answered so and holds a body with that digest."""
        return self._one(
            "request_key = ? AND payload_digest = ? AND status = ? AND body_id = id ORDER BY rowid LIMIT 1",
            key,
            payload_digest,
            status,
        )

    def exactly(self, key: str, payload_digest: str, fetched_at: str) -> Capture | None:
        """Return the capture of the request ``key`` made at that second that gave those bytes."""
        return self._one("request_key = ? AND payload_digest = ? AND fetched_at = ?", key, payload_digest, fetched_at)

    def all(self, role: str | None = None) -> Iterator[Capture]:
        """Go through the captures in the order they were made, all or those of one role."""
        where = "json_extract(facts, '$.role') = ?" if role else "1"
        yield from self._many(f"{where} ORDER BY fetched_at, warc_file, warc_offset", *([role] if role else []))

    def forget_from(self, warc_file: str, offset: int) -> None:
        """Drop the entries of a file at or after ``offset``: a repair cut the file there."""
        self._db.execute("DELETE FROM captures WHERE warc_file = ? AND warc_offset >= ?", (warc_file, offset))

    def places(self, warc_file: str) -> set[int]:
        """Return the offsets in that file that are indexed."""
        rows = self._db.execute("SELECT warc_offset FROM captures WHERE warc_file = ?", (warc_file,))
        return {offset for (offset,) in rows}

    def size_of(self, warc_file: str) -> int | None:
        """Return how long a finished file was when it was wholly indexed, in bytes; None when it was not."""
        row = self._db.execute("SELECT size FROM files WHERE name = ?", (warc_file,)).fetchone()
        return row[0] if row else None

    def set_size(self, warc_file: str, size: int) -> None:
        """Note that a finished file of that many bytes is wholly indexed."""
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (warc_file, size))

    def worlds(self) -> set[bool]:
        """Return which kinds of portal the captures are of: True for replicas, False for real ones."""
        rows = self._db.execute("SELECT DISTINCT json_extract(facts, '$.replica') IS 1 FROM captures")
        return {bool(replica) for (replica,) in rows}

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _one(self, where: str, *values: object) -> Capture | None:
        return next(self._many(where, *values), None)

    def _many(self, where: str, *values: object) -> Iterator[Capture]:
        rows = self._db.execute(f"SELECT {', '.join(_COLUMNS)} FROM captures WHERE {where}", values)  # noqa: S608
        for row in rows:
            yield Capture(*row[:-1], facts=json.loads(row[-1]))
