"""What a portal's listings say there is, gathered before anything of it is fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from crawler.cms.model import ListedItem
from crawler.portals import Portal
from crawler.titles import OTHER, kind_of, year_of


class Plan:
    """The reports a portal lists, each address once, however many listings show it."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._items: dict[str, list[ListedItem]] = {}
        self._nameless: dict[str, ListedItem] = {}
        self._listings: dict[str, set[str]] = {}
        self._addresses: dict[str, str] = {}
        self._via: dict[str, str] = {}

    def begin(self, label: str, address: str) -> None:
        """Note that a listing is being asked for, so that an empty one is seen to be empty."""
        self._listings.setdefault(label, set())
        self._addresses.setdefault(label, address)

    def take(self, label: str, items: Iterable[ListedItem], *, in_report_column: bool) -> list[ListedItem]:
        """Add the reports among the entries of a listing; return those that lie off the portal.

        The listing must have begun.
        """
        offsite = []
        for item in items:
            if kind_of(item.title, in_report_column=in_report_column and item.own_column) == OTHER:
                continue
            if item.url is None:
                self._nameless.setdefault(item.title, item)
                continue
            url = self._portal.canonical(item.url)
            if not self._portal.owns(url):
                offsite.append(item)
                continue
            self._listings[label].add(url)
            self._via.setdefault(url, self._addresses[label])
            self._items.setdefault(url, []).append(item)
        return offsite

    @property
    def count(self) -> int:
        """How many reports are listed."""
        return len(self._items)

    @property
    def counts(self) -> dict[str, int]:
        """How many reports each listing shows."""
        return {label: len(urls) for label, urls in self._listings.items()}

    @property
    def without_address(self) -> tuple[ListedItem, ...]:
        """Reports listed by title only: dead links."""
        return tuple(self._nameless.values())

    def __contains__(self, url: str) -> bool:
        """Whether a report is listed at that address."""
        return url in self._items

    def address(self, label: str) -> str:
        """Return the page of a listing."""
        return self._addresses[label]

    def found_on(self, item: ListedItem) -> str | None:
        """Return the page of a listing that shows the entry."""
        return self._via.get(item.url or "")

    def reports(self, year: int | None = None) -> Iterator[ListedItem]:
        """Go through the reports, one entry an address; with ``year`` those of that year and of no known year."""
        for url, items in self._items.items():
            item = _joined(url, items)
            if year is None or year_of(item.title, item.column) in (None, year):
                yield item


def listed_facts(item: ListedItem) -> dict[str, Any]:
    """Return what is kept of a listing's entry beside the capture of its page; empty values are left out."""
    facts = {name: getattr(item, name) for name in ("title", "date", "publisher", "column", "digest")}
    return {name: value for name, value in facts.items() if value}


def _joined(url: str, items: list[ListedItem]) -> ListedItem:
    """One entry of several for the same address, the same whatever order the listings came in.

    Listings differ in how much they tell: the one with the fullest title, a date and a publisher speaks; the others
    fill in.
    """
    ordered = sorted(items, key=lambda item: (-len(item.title), item.title, item.date or "~", item.column))
    files = {file.url: file for item in ordered for file in item.attachments}
    return ListedItem(
        url=url,
        title=ordered[0].title,
        date=min((item.date for item in ordered if item.date), default=None),
        publisher=min((item.publisher for item in ordered if item.publisher), default=None),
        column=min((item.column for item in ordered if item.column), key=lambda name: (-len(name), name), default=""),
        own_column=any(item.own_column for item in ordered),
        attachments=tuple(files[name] for name in sorted(files)),
        digest=min((item.digest for item in ordered if item.digest), default=None),
    )
