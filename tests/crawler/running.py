"""Runs ``xxgk crawl`` in processes of their own: a reactor cannot be started twice in one.

They are forked from a server that has loaded the crawler once, which saves most of a second for each.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

_PRELOAD = ("tests.crawler.preloaded", "tests.crawler.running")
# What asks for the time.
_WITH_CLOCK = (
    "archive.runs",
    "crawler.commands",
    "crawler.extensions",
    "crawler.journal",
    "crawler.limits",
    "crawler.pace",
)


@dataclass
class Crawled:
    exit_code: int
    stdout: str
    stderr: str
    record: dict
    peak_mb: float


def crawl(data: Path, portals: Path | str, *options: str, days: int = 0, patience: float = 120) -> Crawled:
    """Run ``xxgk crawl`` for ``patience`` seconds at most, with a clock ``days`` ahead of this machine's, or behind."""
    folder = data.parent
    out, err = folder / f"{data.name}.out", folder / f"{data.name}.err"
    arguments = ["--data", str(data), "--portals", str(portals), *options]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOAD))
    process = context.Process(target=_crawl, args=(arguments, days, str(out), str(err)))
    process.start()
    process.join(patience)
    if process.is_alive():
        process.kill()
        raise TimeoutError(f"the crawl did not end: {err.read_text('utf-8')}")
    runs = sorted((data / "runs").glob("*.json"), key=lambda path: path.stat().st_mtime_ns) if data.exists() else []
    record = json.loads(runs[-1].read_text("utf-8")) if runs else {}
    peak = float((folder / f"{data.name}.peak").read_text())
    return Crawled(process.exitcode, out.read_text("utf-8"), err.read_text("utf-8"), record, peak)


def _crawl(arguments: list[str], days: int, out: str, err: str) -> None:
    import os
    import warnings

    from scrapy.exceptions import ScrapyDeprecationWarning

    for path, number in ((out, 1), (err, 2)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
    # The server's own are closed or its own terminal's.
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
    warnings.simplefilter("error", ScrapyDeprecationWarning)
    if days:
        _set_clocks(days)
    from crawler.commands import crawl as command

    sys.argv = ["xxgk crawl", *arguments]
    try:
        command()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # On Linux ru_maxrss is in kilobytes.
        Path(out).with_suffix(".peak").write_text(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000))


def _set_clocks(days: int) -> None:
    class Shifted(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(days=days)

    for name in _WITH_CLOCK:
        import_module(name).datetime = Shifted
