"""Pages kept as they were sent: one asked for again is not made again. A build never changes, nor do its pages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

# Bytes kept: some thousand pages of reports.
_MOST = 64_000_000


@dataclass(frozen=True, slots=True)
class KeptPage:
    """The HTML of a page, and whether it draws charts."""

    body: bytes
    charts: bool


class KeptPages:
    """The pages asked for last, up to so many bytes. Used from one thread."""

    def __init__(self, most: int = _MOST) -> None:
        self._most, self._size = most, 0
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()

    def get(self, key: Hashable) -> KeptPage | None:
        """Return the page kept under a key."""
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def put(self, key: Hashable, page: KeptPage) -> None:
        """Keep a page; those not asked for the longest go."""
        if old := self._pages.pop(key, None):
            self._size -= len(old.body)
        self._pages[key] = page
        self._size += len(page.body)
        while self._size > self._most:
            self._size -= len(self._pages.popitem(last=False)[1].body)
