"""Dates as Chinese pages write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_DATE = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s*[-年./]\s*(?P<month>\d{1,2})\s*[-月./]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:\s*(?P<time>\d{1,2}:\d{2}(?::\d{2})?))?"
)


def iso_date(text: str) -> str | None:
    """Return the first date in ``text`` as ``YYYY-MM-DD``, with `` HH:MM[:SS]`` if a time follows; None if none is.

    Dates that no calendar has (2月30日) are none.
    """
    found = _DATE.search(unicodedata.normalize("NFKC", text))
    if not found:
        return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"])).isoformat()
    except ValueError:
        return None
    if not found["time"]:
        return day
    hour, rest = found["time"].split(":", 1)
    return f"{day} {int(hour):02d}:{rest}"
