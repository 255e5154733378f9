"""What earlier crawls had, and when each address falls due to be asked for again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

from archive.captures import Capture
from archive.captures.index import CaptureIndex
from archive.documents.served import CUT_SHORT, MISSING
from crawler.cms.model import ListedItem


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one address that was asked for.

    ``capture`` is the last good one, None when it was never had. ``listed`` is what its listing said at the last
    answer, ``delisted`` whether none listed it then. ``looked_on`` is the day of that answer; ``gone_since`` the day of
    the first since the last good one that said there is nothing at the address, None when it is there; ``led_off``
    whether it said so by leading off the portal.
    """

    capture: Capture | None
    listed: Mapping[str, Any]
    delisted: bool
    looked_on: date
    gone_since: date | None
    led_off: bool = False

    def still_as_listed(self, item: ListedItem) -> bool:
        """Whether a listing says now what it said then. The address is the same by how this was found.

        The digest of the text counts where the listing carried the text both times.
        """
        digest = self.listed.get("digest")
        same_text = not digest or not item.digest or digest == item.digest
        same_entry = (self.listed.get("title") or "", self.listed.get("date")) == (item.title, item.date)
        return same_entry and same_text and not self.delisted

    def is_due(self, url: str, today: date, days: int) -> bool:
        """Whether it is time to ask again though nothing speaks for a change.

        What is there falls due once in so many ``days``, see `falls_due`; so does a dead entry that has long been
        listed. Anything else that is gone is asked for again when it has been so for twice as long as at the last look:
        after one day, two, four, up to ``days``. Where an address leads off the portal someone may just be putting it
        right: it is asked for again on the same day, too.
        """
        if self.gone_since is None or self._never_was(today, days):
            return falls_due(url, self.looked_on, today, days)
        least = 1 if days and not self.led_off else 0
        wait = max(least, min((self.looked_on - self.gone_since).days, days))
        return not timedelta(0) <= today - self.looked_on < timedelta(days=wait)

    def _never_was(self, today: date, days: int) -> bool:
        """Whether the address was dead whenever it was asked for, and its entry is older than so many ``days``."""
        listed = str(self.listed.get("date") or "")
        old = bool(listed) and listed < (today - timedelta(days=days)).isoformat()
        return self.capture is None and old and not self.led_off


class Memory:
    """Every article and attachment asked for so far, by the address it was asked for under."""

    def __init__(self, index: CaptureIndex) -> None:
        self._articles = dict(_known(index.all("article")))
        self._attachments = dict(_known(index.all("attachment")))

    def seen(self, url: str) -> Known | None:
        """Return what is known of the article listed at that address, had or not."""
        return self._articles.get(url)

    def article(self, url: str) -> Known | None:
        """Return what is known of an article that was had once at least."""
        known = self._articles.get(url)
        return known if known and known.capture else None

    def attachment(self, url: str) -> Known | None:
        """Return what is known of the attachment at that address, had or not."""
        return self._attachments.get(url)

    def has_attachment(self, url: str) -> bool:
        """Whether the attachment at that address was had."""
        known = self._attachments.get(url)
        return known is not None and known.capture is not None

    def articles_of(self, portal_id: str) -> Iterator[tuple[str, Known]]:
        """Go through the articles of a portal that were had once at least, with their addresses."""
        for url, known in self._articles.items():
            if known.capture and known.capture.facts.get("portal") == portal_id:
                yield url, known


def falls_due(url: str, looked_on: date, today: date, days: int) -> bool:
    """Whether an address falls due: one day in ``days`` is its own, told from the address, and has come since.

    So the addresses spread over the days, a run that was missed is made up for, and two runs on one day ask once. A
    look in the future (the clock was wrong) does not count. ``days`` 0 means always.
    """
    if days == 0:
        return True
    own = int.from_bytes(hashlib.sha256(url.encode()).digest()[:8]) % days
    last = today - timedelta(days=(today.toordinal() - own) % days)
    return not last <= looked_on <= today


def is_good(capture: Capture) -> bool:
    """Whether a capture is what was asked for: served as 200 or unchanged, and no challenge, login or error page.

    A page without its end is taken as it is once the portal has served the same bytes twice.
    """
    served = capture.status == HTTPStatus.OK or (capture.status == HTTPStatus.NOT_MODIFIED and not capture.new)
    state = capture.facts.get("state")
    return served and (state is None or (state == CUT_SHORT and not capture.new))


def is_missing(capture: Capture) -> bool:
    """Whether a capture says that there is nothing of the portal's at the address. Troubles of the server say less."""
    nothing = capture.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
    return nothing or capture.facts.get("state") == MISSING or "leads_off" in capture.facts


def _known(captures: Iterable[Capture]) -> Iterator[tuple[str, Known]]:
    found: dict[str, Known] = {}
    # In the order they were written, not by the clock: it may have been set back.
    for capture in sorted(captures, key=lambda capture: (capture.warc_file, capture.warc_offset)):
        good = is_good(capture)
        if not good and not is_missing(capture):
            continue
        facts = capture.facts
        url = facts.get("asked") or capture.url
        day = datetime.fromisoformat(capture.fetched_at).date()
        answer = Known(capture if good else None, facts.get("listed") or {}, bool(facts.get("delisted")), day, None)
        before = found.get(url)
        if not good:
            since = before.gone_since if before else None
            answer = replace(answer, capture=before.capture if before else None, gone_since=since or day)
            answer = replace(answer, led_off="leads_off" in facts)
        found[url] = answer
    yield from found.items()
