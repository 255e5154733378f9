"""Reads captures, each distinct one once: what was read before with the same readers is taken from the cache."""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from warcio.exceptions import ArchiveLoadFailed

from archive.captures import Capture, CaptureStore, DecodeError
from archive.reading import reader_version, unreadable
from archive.sandbox.pool import Sandbox, Task

logger = logging.getLogger(__name__)


# Readings are written to the cache so many at a time: a stopped build loses no more.
_KEPT_TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """A capture, the JSON object its body gave (see `archive.reading.read_bytes`), and every time it was served."""

    capture: Capture
    line: dict
    seen: tuple[str, ...]


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
    store: CaptureStore,
    captures: Sequence[Capture],
    seen: Mapping[str, tuple[str, ...]],
    cache: ReadingCache,
    *,
    jobs: int,
    full: bool = False,
) -> Iterator[Reading]:
    """Read captures in the order given, in ``jobs`` processes; ``full`` reads again what the cache knows.

    ``seen`` gives the times each capture's bytes were served. What is read is kept as it comes, so that a build that is
    stopped goes on where it was.
    """
    keys = [_key(capture) for capture in captures]
    known = {} if full else {key: line for key in set(keys) if (line := cache.get(key))}
    todo = {key: capture for key, capture in zip(keys, captures, strict=True) if key not in known}
    lost: dict[str, dict] = {}
    fresh = _read_fresh(store, todo, jobs, lost)
    while some := list(itertools.islice(fresh, _KEPT_TOGETHER)):
        cache.put_all(some)
        known.update(some)
    logger.info("read %d documents, %d known from before", len(todo), len(captures) - len(todo))
    for key, capture in zip(keys, captures, strict=True):
        yield Reading(capture, known.get(key) or lost[key], seen[capture.id])


def _read_fresh(
    store: CaptureStore, todo: Mapping[str, Capture], jobs: int, lost: dict[str, dict]
) -> Iterator[tuple[str, dict]]:
    """Read each capture in the sandbox. Those whose record cannot be had go to ``lost``, and are tried again."""
    handed: list[str] = []

    def tasks() -> Iterator[Task]:
        for key, capture in todo.items():
            try:
                body = store.read(capture.warc_file, capture.warc_offset).body
            except DecodeError as error:
                lost[key] = unreadable(b"", f"传输中损坏，无法解压（{error}）：下次抓取时会重新获取")
            except (OSError, ValueError, ArchiveLoadFailed) as error:
                logger.error("%s at %d cannot be read: %s", capture.warc_file, capture.warc_offset, error)
                words = f"存档文件 {capture.warc_file} 缺失或损坏（{error}）：请从备份恢复后重建"
                lost[key] = unreadable(b"", words)
            else:
                handed.append(key)
                yield Task(body, hints_of(capture))

    with Sandbox(min(jobs, len(todo))) as sandbox:
        for number, line in enumerate(sandbox.read_all(tasks())):
            yield handed[number], line


def _key(capture: Capture) -> str:
    hints = json.dumps(hints_of(capture), ensure_ascii=False, sort_keys=True)
    return capture.sha256 + ":" + hashlib.sha256(hints.encode()).hexdigest()[:16]
