"""Logs: one file a run, kept for so many days. What a terminal shows stays as it is."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_DAY = 86400


@contextlib.contextmanager
def log_to(path: Path) -> Iterator[None]:
    """Write what is logged from INFO on to a file too, at its end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter(FORMAT))
    handler.setLevel(logging.INFO)
    root = logging.getLogger()
    shown = {each: each.level for each in root.handlers}
    for each in shown:
        each.setLevel(max(each.level, root.level))
    level = root.level
    root.setLevel(min(level, logging.INFO))
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
        root.setLevel(level)
        for each, before in shown.items():
            each.setLevel(before)


@contextlib.contextmanager
def run_log(folder: Path, run_id: str, *, keep_days: int) -> Iterator[Path]:
    """Log to a file of the run's own, whose path is given, and sweep those older than ``keep_days``."""
    path = folder / f"{run_id}.log"
    with log_to(path):
        for old in folder.glob("*.log"):
            if time.time() - old.stat().st_mtime > keep_days * _DAY:
                old.unlink()
        yield path
