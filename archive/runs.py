"""Run records: one JSON file a run, written when it starts and again when it ends."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

logger = logging.getLogger(__name__)

COUNTERS = ("requests", "bytes", "listed", "new", "changed", "unchanged", "gone")


def new_run_id(folder: Path) -> str:
    """Return the identifier of a run that starts now: the UTC time to the second, none that ``folder`` has a record of.

    Two runs within a second are told apart by waiting for the next. To be called under the lock.
    """
    while (folder / f"{(run_id := datetime.now(UTC).strftime('%Y%m%dT%H%M%SZ'))}.json").exists():
        time.sleep(0.05)
    return run_id


def save_run(folder: Path, run: dict) -> None:
    """Write a run record, replacing the one before it in a single step."""
    folder.mkdir(parents=True, exist_ok=True)
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
