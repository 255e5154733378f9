"""Captures: what the portals served."""

from __future__ import annotations

import re
import sqlite3

from archive.site.queries import captures
from archive.site.views.asked import Asked, NotHereError, Page

CAPTURE_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def capture(db: sqlite3.Connection, asked: Asked) -> Page:
    """One capture: what the portal served, when, where it is kept and how to check it."""
    found = get_capture(db, asked.id)
    return Page(
        "capture.html",
        f"/captures/{asked.id}",
        {"capture": found, "others": captures.same_address(db, found["url"], found["method"])},
    )


def get_capture(db: sqlite3.Connection, capture_id: str) -> sqlite3.Row:
    """Return a capture's row. Raises NotHereError."""
    found = captures.get_capture(db, capture_id) if CAPTURE_ID.fullmatch(capture_id) else None
    if found is None:
        raise NotHereError("档案中没有标识为「{id}」的存档记录。", id=capture_id)
    return found
