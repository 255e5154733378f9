"""How to behave towards the portals, and how much a run may take: the ``[crawl]`` table of a portals file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta, timezone
from typing import Any

from crawler.errors import PortalsError

# Harbin's time; China has had no other since 1991.
BEIJING = timezone(timedelta(hours=8))
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–—]\s*([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of the day, Beijing time, at times over midnight. Equal ends mean the whole day."""

    begin: time
    end: time

    def hold(self, moment: datetime) -> bool:
        """Whether an aware time lies in it."""
        clock = moment.astimezone(BEIJING).time()
        if self.begin < self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Manners:
    """Times in seconds, ``recheck_days`` in days, sizes in millions of bytes.

    ``quiet_hours``: when the portals may be asked, None for any hour. ``backoff_seconds``: the first pause after a 429
    or 503, doubled with each further one up to ``longest_pause_seconds``. ``requests_a_run`` and ``megabytes_a_run``:
    after so much the run ends and the next goes on. ``max_file_mb``: larger answers are not taken. ``min_free_mb``:
    with less room on the disk nothing is fetched.
    """

    contact: str = ""
    quiet_hours: Hours | None = None
    delay_seconds: float = 2.0
    timeout_seconds: float = 60.0
    backoff_seconds: float = 5.0
    longest_pause_seconds: float = 300.0
    retries: int = 2
    portals_at_once: int = 3
    pages_per_listing: int = 500
    failures_in_a_row: int = 3
    recheck_days: int = 30
    requests_a_run: int = 20_000
    megabytes_a_run: int = 5_000
    max_file_mb: int = 64
    min_free_mb: int = 500


#: What may be 0. All other numbers begin with 1.
_MAY_BE_ZERO = {
    "delay_seconds", "backoff_seconds", "longest_pause_seconds", "retries", "recheck_days", "min_free_mb",
}  # fmt: skip


def read_manners(table: Mapping[str, Any], where: str) -> Manners:
    """Return the manners of a ``[crawl]`` table, named ``where`` in errors. Raises PortalsError for a wrong value.

    Keys that are none are left to the caller.
    """
    values: dict[str, Any] = {}
    for entry in fields(Manners):
        if entry.name not in table:
            continue
        value = table[entry.name]
        if entry.name == "contact":
            values[entry.name] = _text(value, f"{where}: contact")
        elif entry.name == "quiet_hours":
            values[entry.name] = _hours(_text(value, f"{where}: quiet_hours"), where)
        else:
            values[entry.name] = _number(value, entry.name, isinstance(entry.default, float), where)
    return Manners(**values)


def _number(value: Any, name: str, whole_or_not: bool, where: str) -> float:
    kind = (int, float) if whole_or_not else int
    least = 0 if name in _MAY_BE_ZERO else 1
    if isinstance(value, bool) or not isinstance(value, kind) or value < least:
        raise PortalsError(f"{where}: {name} must be a number of at least {least}, not {value!r}")
    return value


def _text(value: Any, where: str) -> str:
    # It becomes part of a header.
    if not isinstance(value, str) or not value.isprintable():
        raise PortalsError(f"{where} must be text in quotes on one line, not {value!r}")
    return value.strip()


def _hours(text: str, where: str) -> Hours | None:
    if not text:
        return None
    found = _HOURS.fullmatch(text)
    if not found:
        raise PortalsError(f'{where}: quiet_hours must be like "22:00-06:00" (Beijing time), not {text!r}')
    numbers = [int(number) for number in found.groups()]
    return Hours(time(*numbers[:2]), time(*numbers[2:]))
