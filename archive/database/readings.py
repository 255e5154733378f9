"""Reads captures, each distinct one once: what was read before with the same readers is taken from the cache."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.captures import Capture, CaptureStore, DecodeError
from archive.documents.sandbox import Sandbox, Task
from archive.reading import reader_version, unreadable

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """A capture and the JSON object its body gave (see `archive.reading.read_bytes`)."""

    capture: Capture
    line: dict


class ReadingCache:
    """What documents gave, by their digest, the hints they were read with and the version of the readers."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS readings (key TEXT PRIMARY KEY, version TEXT, line TEXT) STRICT")

    def get(self, key: str) -> dict | None:
        """Return what was read under that key by the present readers."""
        row = self._db.execute(
            "SELECT line FROM readings WHERE key = ? AND version = ?", (key, reader_version())
        ).fetchone()
        return json.loads(row[0]) if row else None

    def put_all(self, lines: Iterable[tuple[str, dict]]) -> None:
        """Keep readings of the present readers."""
        version = reader_version()
        rows = [(key, version, json.dumps(line, ensure_ascii=False)) for key, line in lines]
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def hints_of(capture: Capture) -> dict[str, str | None]:
    """Return what the listing that led to a capture said of it."""
    listed = capture.facts.get("listed") or {}
    return {name: listed.get(name) for name in ("title", "date", "publisher")}


def read_all(
    store: CaptureStore, captures: Sequence[Capture], cache: ReadingCache, *, jobs: int, full: bool = False
) -> Iterator[Reading]:
    """Read captures in the order given, in ``jobs`` processes; ``full`` reads again what the cache knows."""
    keys = [_key(capture) for capture in captures]
    known = {} if full else {key: line for key in set(keys) if (line := cache.get(key))}
    todo = {key: capture for key, capture in zip(keys, captures, strict=True) if key not in known}
    fresh = list(_read_fresh(store, todo, jobs))
    cache.put_all(fresh)
    known.update(fresh)
    logger.info("read %d documents, %d known from before", len(fresh), len(captures) - len(fresh))
    for key, capture in zip(keys, captures, strict=True):
        yield Reading(capture, known[key])


def _read_fresh(store: CaptureStore, todo: Mapping[str, Capture], jobs: int) -> Iterator[tuple[str, dict]]:
    """Read each capture in the sandbox; one whose bytes do not come out of its record whole has no document to read."""
    damaged: dict[str, dict] = {}

    def tasks() -> Iterator[Task]:
        for key, capture in todo.items():
            try:
                body = store.read(capture.warc_file, capture.warc_offset).body
            except DecodeError as error:
                damaged[key] = unreadable(b"", f"传输中损坏，无法解压（{error}）：下次抓取时会重新获取")
            else:
                yield Task(body, hints_of(capture))

    with Sandbox(min(jobs, len(todo))) as sandbox:
        lines = iter(list(sandbox.read_all(tasks())))
    for key in todo:
        yield key, damaged[key] if key in damaged else next(lines)


def _key(capture: Capture) -> str:
    hints = json.dumps(hints_of(capture), ensure_ascii=False, sort_keys=True)
    return capture.sha256 + ":" + hashlib.sha256(hints.encode()).hexdigest()[:16]
