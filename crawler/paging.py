"""Goes through the pages of a listing to the end, and notices pages that repeat and listings that never end."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.cms.model import Listing

# Pages without anything new, in a row, after which a listing is not followed further.
_REPEATS = 2
# A listing that shows less than this share of the total it names is said to be incomplete; a few entries fewer are
# usual, since the systems count withdrawn ones.
_ENOUGH = 0.9


@dataclass(slots=True)
class Paging:
    """The state of one listing. ``limit`` is the number of pages after which it must be a loop."""

    limit: int
    complaint: str | None = None
    _seen: set[str] = field(default_factory=set)
    _total: int | None = None
    _pages: int | None = None
    _repeats: int = 0
    _taken: int = 0

    @property
    def count(self) -> int:
        """How many different entries were seen."""
        return len(self._seen)

    def take(self, listing: Listing) -> int:
        """Take one page; return how many of its entries were not seen before."""
        keys = {item.url or item.title for item in listing.items} - self._seen
        self._seen |= keys
        self._taken += 1
        self._repeats = 0 if keys else self._repeats + 1
        if listing.total is not None:
            self._total = listing.total
        if listing.pages is not None:
            self._pages = listing.pages
        return len(keys)

    def has_more(self, page: int) -> bool:
        """Whether to ask for the page after ``page``; ``complaint`` says what is wrong when pages run out early."""
        if self._taken >= self.limit:
            self.complaint = f"it has more than {self.limit} pages"
            return False
        if self._pages is not None:
            if page >= self._pages:
                return False
            if self._repeats >= _REPEATS:
                self.complaint = f"page {page} of {self._pages} repeats entries of the pages before it"
                return False
            return True
        if self._total is not None and self.count >= self._total:
            return False
        if self._repeats:
            self.check_total()
            return False
        return True

    def check_total(self) -> None:
        """Complain when far fewer entries were seen than the listing says it has."""
        if self._total is not None and self.count < _ENOUGH * self._total:
            self.complaint = f"it says {self._total} entries and shows {self.count}"
