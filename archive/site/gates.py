"""Keeps answers that take long from holding up the others: few of them are made at once, the rest wait their turn.

Six readers of the heaviest table page otherwise hold both cores and all threads, and a report's page waits seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

# Addresses whose pages may take long: Datasette's tables and queries, and ours that look at much at once.
_HEAVY = ("/archive", "/search", "/compare", "/coverage", "/quality", "/feed.atom", "/sitemap")
# How many are made at once, how many may wait for that, and how long, in seconds.
_AT_ONCE, _WAITING, _PATIENCE = 2, 32, 10.0
# What a reader is told who is turned away: when to ask again, in seconds.
RETRY_AFTER = 10
# The longest text Datasette's search box answers, in characters: the index alone decides there, and it takes long over
# long phrases (see `archive.search.INDEXED`). Our own search has no limit.
LONGEST_SEARCH = 200

Turned = Callable[[], Awaitable[None]]


def is_heavy(path: str) -> bool:
    """Return whether an address may take long."""
    return path.startswith(_HEAVY)


def is_too_long(path: str, query: bytes) -> bool:
    """Return whether an address has Datasette search for something too long."""
    if not path.startswith("/archive") or b"_search" not in query:
        return False
    asked = parse_qs(query.decode("utf-8", "replace"))
    return any(len(text) > LONGEST_SEARCH for name in asked if name.startswith("_search") for text in asked[name])


class Gate:
    """Lets so many through at once; the others wait in the order they came, or are turned away."""

    def __init__(self, at_once: int = _AT_ONCE, waiting: int = _WAITING, patience: float = _PATIENCE) -> None:
        self._at_once, self._most_waiting, self._patience = at_once, waiting, patience
        self._turns: asyncio.Semaphore | None = None
        self._waiting = 0

    async def enter(self) -> bool:
        """Wait for one's turn; False when too many wait already or it takes too long. After True comes `leave`."""
        if self._turns is None:
            # Belongs to the loop that serves.
            self._turns = asyncio.Semaphore(self._at_once)
        if self._waiting >= self._most_waiting:
            return False
        self._waiting += 1
        try:
            await asyncio.wait_for(self._turns.acquire(), self._patience)
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return True

    def leave(self) -> None:
        """Let the next one in."""
        if self._turns is not None:
            self._turns.release()
