"""The captures in the order they were made, whatever the clock said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from archive.captures import Capture


def in_order(captures: Iterable[Capture]) -> list[Capture]:
    """Return captures in the order of their times, runs of the crawler in the order they were made as well.

    A run's place is told by the names of its WARC files: runs are numbered on even where the clock was set back
    (`archive.runs.new_run_id`). A run that begins before the end of the one before it had a wrong time, or the other
    had: it is moved behind it as a whole, so that what the portal served last stays last. What was imported (captures
    without a portal) was made elsewhere, and its times are believed.
    """
    found = sorted(captures, key=lambda capture: (capture.warc_file, capture.warc_offset))
    ordered = [capture for capture in found if not capture.facts.get("portal")]
    crawled = [capture for capture in found if capture.facts.get("portal")]
    latest = ""
    for _, run in groupby(crawled, key=lambda capture: capture.warc_file.rsplit("-", 1)[0]):
        moved = _behind(latest, list(run))
        latest = max(capture.fetched_at for capture in moved)
        ordered += moved
    return sorted(ordered, key=lambda capture: capture.fetched_at)


def _behind(latest: str, run: list[Capture]) -> list[Capture]:
    first = min(capture.fetched_at for capture in run)
    if first >= latest:
        return run
    shift = datetime.fromisoformat(latest) - datetime.fromisoformat(first) + timedelta(seconds=1)
    return [replace(capture, fetched_at=_later(capture.fetched_at, shift)) for capture in run]


def _later(time: str, shift: timedelta) -> str:
    return f"{(datetime.fromisoformat(time) + shift).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
