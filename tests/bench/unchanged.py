"""``python -m tests.bench.unchanged``: what a night costs in which nothing changed, on a replica of 2,000 reports.

Crawls it, crawls it again at once, and again on the following days by a clock set forward: requests and bytes of new
captures, against the listings and a thirtieth of the reports.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

from archive.captures import CaptureStore
from tests.crawler.running import crawl

# Four report years of these bodies are about 2,000 reports.
_AGENCIES = 525
_NIGHTS = 3
_RECHECK_DAYS = 30


def main() -> None:
    """Print the figures of each night, a line each."""
    replica = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "archive",
            "replica",
            "--port",
            "0",
            "--agencies",
            str(_AGENCIES),
            "--years",
            "2021-2024",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = replica.stdout.readline().strip()
        with tempfile.TemporaryDirectory() as folder:
            for night in range(_NIGHTS + 1):
                days = max(0, night - 1)  # the second run is on the day of the first
                _print(night, days, _night(Path(folder) / "data", f"{address}portals.toml", days))
    finally:
        replica.terminate()
        replica.wait()


def _night(data: Path, portals: str, days: int) -> dict:
    before = _size(data)
    done = crawl(data, portals, days=days, patience=3000)
    run = done.record["id"]
    with closing(CaptureStore(data / "captures")) as store:
        captures = [capture for capture in store.index.all() if capture.warc_file.startswith(run)]
        known = {
            capture.facts.get("asked")
            for capture in store.index.all()
            if capture.facts.get("role") in ("article", "attachment")
        }
    roles = Counter(capture.facts.get("role") for capture in captures)
    return {
        "listed": done.record["listed"],
        "known addresses": len(known),
        "requests": done.record["requests"],
        "for listings": sum(count for role, count in roles.items() if role not in ("article", "attachment")),
        "for reports": roles["article"],
        "for files": roles["attachment"],
        "a thirtieth of the known": round(len(known) / _RECHECK_DAYS, 1),
        "new captures, kB": round((_size(data) - before) / 1000),
        "peak memory, MB": round(done.peak_mb),
        "outcome": done.record["outcome"],
    }


def _size(data: Path) -> int:
    return sum(path.stat().st_size for path in (data / "captures").glob("*.warc.gz"))


def _print(night: int, days: int, figures: dict) -> None:
    sys.stdout.write(f"run {night + 1}, day {days + 1}: {json.dumps(figures)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
