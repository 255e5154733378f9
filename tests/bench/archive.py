"""An archive larger than the city's own will be for decades: 15,000 reports of the replica's generator, 3 million cells.

Made without HTTP: what a perfect reader would read goes straight to the assembling and the writing.
"""

from __future__ import annotations

import copy
import hashlib
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from archive.captures import Capture
from archive.database.assemble import Rows, assemble
from archive.database.readings import Reading
from archive.database.writing import write
from crawler.replica.truth import truth
from crawler.replica.world import World

# The registry has some 600 bodies: so many worlds of them, told apart by a number, over so many years.
_WORLDS, _AGENCIES, _YEARS = 5, 600, range(2021, 2027)
_REPORTS = 15_000
# Every so many-th report was changed after it was published.
_CHANGED_EACH = 12
# Columns that refer to an agency or a report, whose identifier begins with the agency's.
_REFERENCES = ("agency_id", "report_id", "version_id")


def archive(folder: Path) -> Path:
    """Return a data folder with the archive in it, made the first time: some two minutes."""
    data = folder / f"xxgk-bench-{_version()}"
    if not (data / "archive.db").exists():
        (data / "builds").mkdir(parents=True, exist_ok=True)
        start = time.perf_counter()
        rows = large_rows()
        made = time.perf_counter()
        path = data / "builds" / "archive-bench.db"
        path.unlink(missing_ok=True)
        counts = write(path, rows)
        sys.stderr.write(
            f"archive of {counts['reports']} reports and {counts['cells']} cells: drawn and assembled in"
            f" {made - start:.0f} s, written in {time.perf_counter() - made:.0f} s, {path.stat().st_size / 1e6:.0f} MB\n"
        )
        (data / "archive.db").symlink_to("builds/archive-bench.db")
    return data


def _version() -> str:
    """What the archive is made by: another schema or generator makes another one."""
    root = Path(__file__).parents[2]
    places = [
        root / "archive" / "database",
        root / "archive" / "search.py",
        root / "crawler" / "replica",
        Path(__file__),
    ]
    digest = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.suffix in {".py", ".toml"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def large_rows() -> Rows:
    """Return the rows of the archive."""
    rows: Rows = defaultdict(list)
    for number in range(1, _WORLDS + 1):
        world = World(seed=number, agencies=_AGENCIES, years=_YEARS)
        left = _REPORTS - len(rows["reports"])
        lines = [line for line in truth(world, 80) if line["status"] == "complete"][: min(left, _REPORTS // _WORLDS)]
        for name, found in assemble(_readings(number, lines), []).items():
            rows[name] += [_renamed(name, row, number) for row in found]
    return rows


def _readings(world: int, lines: list[dict]) -> Iterator[Reading]:
    for number, line in enumerate(lines):
        published = date.fromisoformat(line["report"]["published_on"])
        for copy_number, url in enumerate([line["url"], *line["also_at"]]):
            read = _line(line)
            if copy_number == 0 and number % _CHANGED_EACH == 0:
                before = copy.deepcopy(read)
                before["cells"][0]["raw"] += "0"
                yield _reading(f"{world}/{url}/before", url, before, published + timedelta(days=1))
            yield _reading(f"{world}/{url}", url, read, published + timedelta(days=40))


def _line(line: dict) -> dict:
    """Return a line of the truth as the readers give it."""
    cells = [{**cell, "place": f"{number // 8 + 1}/{number % 8 + 1}/1"} for number, cell in enumerate(line["cells"])]
    return {
        **line,
        "source": {"reader": "html"},
        "statements": [],
        "report": {**line["report"], "index_number": None},
        "cells": cells,
    }


def _reading(name: str, url: str, line: dict, day: date) -> Reading:
    moment = datetime(day.year, day.month, day.day, 3, 17).strftime("%Y-%m-%dT%H:%M:%SZ")
    identifier = str(uuid.uuid5(uuid.NAMESPACE_URL, name))
    digest = hashlib.sha256(name.encode()).hexdigest()
    facts = {"role": "article", "portal": "harbin", "cms": "ucap", "replica": True}
    capture = Capture(
        id=identifier, request_key=url, url=url, method="GET", status=200, fetched_at=moment, payload_digest=digest,
        sha256=digest, media_type="text/html", bytes=60_000, warc_file="bench.warc.gz", warc_offset=0,
        body_id=identifier, etag=None, last_modified=None, facts=facts,
    )  # fmt: skip
    return Reading(capture, line, (moment,))


def _renamed(table: str, row: dict, number: int) -> dict:
    """Return a row as one of a body of its own, told from those of the other worlds by its number."""
    if number == 1:
        return row
    for name in _REFERENCES:
        if row.get(name):
            row[name] = f"w{number}-{row[name]}"
    if table in ("agencies", "reports", "versions"):
        row["id"] = f"w{number}-{row['id']}"
    if table == "agencies":
        row["name"] += f"（{number}）"
    return row
