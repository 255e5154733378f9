"""Which pages the portals have taken away, and since when."""

from __future__ import annotations

from collections.abc import Iterable

from archive.captures import Capture

# RFC 9110, 15.5.5, 15.5.11, 15.4.2 and 15.4.9: there is nothing at the address, or no longer. Any other failure, and a
# redirect for the time being, says nothing of the page.
_NOTHING_THERE = (404, 410, 301, 308)
_THERE = (200, 304)
# What the crawler notes of a page that says in words, with status 200, that there is none.
_SAYS_NOTHING_THERE = "missing"


def absences(captures: Iterable[Capture]) -> dict[str, str]:
    """Return the addresses that were there once and are no more, each with the time (UTC) it was first found missing.

    ``captures`` are all captures, in the order they were made, the repeated ones too. A page put back is there again.
    Answers that are no page (a bot check, a login, a torn transfer: ``state`` among their facts) count neither way.
    """
    there: set[str] = set()
    missing: dict[str, str] = {}
    for capture in captures:
        state = capture.facts.get("state")
        if capture.method != "GET" or state not in (None, _SAYS_NOTHING_THERE):
            continue
        if capture.status in _THERE and not state:
            there.add(capture.url)
            missing.pop(capture.url, None)
        elif (capture.status in _NOTHING_THERE or state) and capture.url in there:
            missing.setdefault(capture.url, capture.fetched_at)
    return missing
