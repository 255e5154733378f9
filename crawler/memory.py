"""What earlier crawls had: which articles and attachments need not be asked for again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.captures import Capture
from archive.captures.index import CaptureIndex
from crawler.cms.model import ListedItem
from crawler.cms.pages import CUT_SHORT


@dataclass(frozen=True, slots=True)
class Known:
    """The last good capture of an article, and what its listing said of it then."""

    capture: Capture
    title: str
    date: str | None
    digest: str | None

    def still_as_listed(self, item: ListedItem) -> bool:
        """Whether a listing says now what it said then. The address is the same by how this was found.

        The digest of the text counts where the listing carried the text both times.
        """
        same_text = not self.digest or not item.digest or self.digest == item.digest
        return self.title == item.title and self.date == item.date and same_text

    def is_due(self, now: datetime, days: int) -> bool:
        """Whether it was last asked for so many days ago that the page may have changed under the same entry."""
        return now - datetime.fromisoformat(self.capture.fetched_at) >= timedelta(days=days)


class Memory:
    """The last good capture of every article and attachment, by the address it was asked for under."""

    def __init__(self, index: CaptureIndex) -> None:
        self._articles: dict[str, Known] = {}
        for capture in index.all("article"):
            if is_good(capture):
                listed = capture.facts.get("listed") or {}
                known = Known(capture, listed.get("title") or "", listed.get("date"), listed.get("digest"))
                self._articles[capture.facts.get("asked") or capture.url] = known
        self._attachments = {
            capture.facts.get("asked") or capture.url for capture in index.all("attachment") if is_good(capture)
        }

    def article(self, url: str) -> Known | None:
        """Return what is known of the article listed at that address."""
        return self._articles.get(url)

    def has_attachment(self, url: str) -> bool:
        """Whether the attachment at that address was had."""
        return url in self._attachments


def is_good(capture: Capture) -> bool:
    """Whether a capture is what was asked for: served as 200 or unchanged, and no challenge, login or error page.

    A page without its end is taken as it is once the portal has served the same bytes twice.
    """
    served = capture.status == 200 or (capture.status == 304 and not capture.new)
    state = capture.facts.get("state")
    return served and (state is None or (state == CUT_SHORT and not capture.new))
