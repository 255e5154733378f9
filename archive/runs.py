"""Run records: one JSON file a run, written when it starts and again when it ends."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

logger = logging.getLogger(__name__)

_ID_FORMAT = "%Y%m%dT%H%M%SZ"
_RUN_ID = re.compile(r"\d{8}T\d{6}Z")
# Room kept back for the record of a run that fills the disk: a file of so many bytes, given up when needed.
_RESERVE = ".reserve"
_RESERVED = 256 * 1024

COUNTERS = ("requests", "bytes", "listed", "new", "changed", "unchanged", "gone")


def new_run_id(folder: Path) -> str:
    """Return the identifier of a run that starts now: the UTC time to the second, later than any ``folder`` holds.

    Two runs within a second are told apart by waiting for the next. Where the clock was set back, the identifier goes
    on from the last one: runs, and the captures named after them, stay in the order they were made. To be called under
    the lock.
    """
    held = [path.stem for path in folder.glob("*.json") if _RUN_ID.fullmatch(path.stem)]
    last = max(held, default="")
    while (run_id := _id_of(datetime.now(UTC))) <= last:
        following = datetime.strptime(last, _ID_FORMAT).replace(tzinfo=UTC) + timedelta(seconds=1)
        if following - datetime.now(UTC) > timedelta(seconds=2):
            return _id_of(following)
        time.sleep(0.05)
    return run_id


def save_run(folder: Path, run: dict) -> None:
    """Write a run record, replacing the one before it in a single step.

    A little room is kept back on the disk, so that a run that ends because the disk is full can still say so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    reserve = folder / _RESERVE
    try:
        _write(folder, run)
    except OSError:
        if not reserve.exists():
            raise
        reserve.unlink()
        _write(folder, run)
        return
    if not reserve.exists():
        with contextlib.suppress(OSError):
            reserve.write_bytes(b"\0" * _RESERVED)


def _write(folder: Path, run: dict) -> None:
    path = folder / f"{run['id']}.json"
    waiting = path.with_suffix(".json.next")
    with waiting.open("w", encoding="utf-8") as file:
        json.dump(run, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(path)


def load_run(folder: Path, run_id: str) -> dict | None:
    """Return one run record, None when there is none."""
    path = folder / f"{run_id}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def load_runs(folder: Path) -> list[dict]:
    """Return every run record, oldest first. A file that is no run record is named in the log and left out."""
    return list(_readable(sorted(folder.glob("*.json"))))


def end_killed_runs(folder: Path) -> None:
    """Mark the runs that never ended as killed. To be called under the lock: nothing runs now."""
    for run in load_runs(folder):
        if run["outcome"] == "running":
            save_run(folder, {**run, "outcome": "killed"})


def _id_of(moment: datetime) -> str:
    return moment.strftime(_ID_FORMAT)


def _readable(paths: Iterable[Path]) -> Iterable[dict]:
    for path in paths:
        try:
            run = json.loads(path.read_text("utf-8"))
        except (ValueError, OSError) as error:
            logger.warning("%s is not a run record and is left out: %s", path, error)
            continue
        if isinstance(run, dict) and {"id", "command", "started_at", "outcome"} <= run.keys():
            yield run
        else:
            logger.warning("%s is not a run record and is left out: it lacks id, command, started_at or outcome", path)
