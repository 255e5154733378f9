"""Builds archive.db from the captures: a new file, written in one transaction, checked, then put in place whole."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.captures import Capture, CaptureStore
from archive.captures.cdxj import write_cdxj
from archive.captures.walk import DamageError
from archive.database.assemble import assemble
from archive.database.derive import silent_bodies
from archive.database.order import in_order
from archive.database.presence import absences
from archive.database.readings import Reading, ReadingCache, read_all
from archive.database.schema import tables
from archive.database.writing import write
from archive.runs import load_runs
from archive.sandbox.pool import SandboxError

logger = logging.getLogger(__name__)

# Builds kept: the live one, and those a slow reader of the site or a person comparing may still need.
_KEPT = 3


class BuildError(RuntimeError):
    """A build that was not put in place; the file before it is still there."""


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: its file and how many rows each table holds."""

    path: Path
    counts: dict[str, int]


def build(data: Path, *, full: bool = False, jobs: int = 1) -> Built:
    """Build ``<data>/archive.db`` from ``<data>/captures`` and ``<data>/runs``.

    Documents read before by the same readers are not read again unless ``full``. The new file gets a dated name under
    ``<data>/builds`` and ``archive.db``, a symbolic link, is moved to it in one step; a reader of the site sees the old
    file or the new one. The index for replay tools beside the WARC files is brought up to date. Raises BuildError when
    there is nothing to build from or the new file is not sound.
    """
    readings, others, gone = _read(data, full=full, jobs=jobs)
    rows = assemble(readings, others, gone)
    rows["agencies"] += silent_bodies(rows)
    rows["runs"] = [_run_row(run) for run in load_runs(data / "runs")]
    path = _new_path(data / "builds")
    try:
        counts = write(path, rows)
        _check(path)
        _put_in_place(data / "archive.db", path)
    except (sqlite3.Error, OSError) as error:
        path.unlink(missing_ok=True)
        raise BuildError(
            f"the new archive could not be written ({error}); the one before it is still in place"
        ) from error
    _sweep(data / "builds", keep=path)
    try:
        write_cdxj(data / "captures")
    except (DamageError, OSError) as error:
        logger.warning("the index for replay tools is not up to date: %s", error)
    return Built(path, counts)


def _read(data: Path, *, full: bool, jobs: int) -> tuple[list[Reading], list[Capture], dict[str, str]]:
    """Read the documents among the captures; with them, the captures that are none, and the addresses that are gone.

    Raises BuildError.
    """
    try:
        with (
            closing(CaptureStore(data / "captures")) as store,
            closing(ReadingCache(data / "cache" / "readings.db")) as cache,
        ):
            store.repair()
            captures = in_order(store.index.all())
            if not captures:
                raise BuildError(f"no captures in {data / 'captures'}: run `xxgk crawl` first")
            documents, seen, others = _sorted_out(captures)
            return list(read_all(store, documents, seen, cache, jobs=jobs, full=full)), others, absences(captures)
    except SandboxError as error:
        raise BuildError(f"documents cannot be read on this machine ({error}); the archive before it stays") from error
    except (sqlite3.Error, OSError) as error:
        raise BuildError(
            f"{data} cannot be read or written ({error}): check disk space and permissions; the archive before it stays"
        ) from error


def _sorted_out(captures: Sequence[Capture]) -> tuple[list[Capture], dict[str, tuple[str, ...]], list[Capture]]:
    """Part the captures with new bytes into documents and others; with the times the bytes of each were served."""
    seen: dict[str, tuple[str, ...]] = {}
    for capture in captures:
        seen[capture.body_id] = (*seen.get(capture.body_id, ()), capture.fetched_at)
    distinct = [capture for capture in captures if capture.new]
    documents = [
        capture
        for capture in distinct
        if capture.facts.get("role") in ("article", "attachment", "imported") and capture.status == 200
    ]
    chosen = {capture.id for capture in documents}
    return documents, seen, [capture for capture in distinct if capture.id not in chosen]


def _check(path: Path) -> None:
    """Refuse a file that is damaged or whose rows refer to rows that are not there."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        sound = db.execute("PRAGMA integrity_check").fetchone()[0]
        broken = db.execute("PRAGMA foreign_key_check").fetchone()
    db.close()
    if sound != "ok" or broken:
        raise sqlite3.DatabaseError(f"integrity: {sound}; dangling reference: {broken}")


def _put_in_place(link: Path, path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(0o444)
    waiting = link.with_name(link.name + ".next")
    waiting.unlink(missing_ok=True)
    waiting.symlink_to(path.relative_to(link.parent))
    waiting.replace(link)


def _sweep(folder: Path, keep: Path) -> None:
    old = sorted(folder.glob("archive-*.db"))[:-_KEPT]
    for path in old:
        if path != keep:
            path.unlink()


def _new_path(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"archive-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.db"


def _run_row(run: Mapping[str, object]) -> dict[str, object]:
    row = {column.name: run.get(column.name) for column in tables()["runs"].columns}
    for name in ("requests", "bytes", "listed", "new", "changed", "unchanged", "gone"):
        row[name] = row[name] or 0
    return {**row, "problems": json.dumps(run.get("problems") or [], ensure_ascii=False)}
