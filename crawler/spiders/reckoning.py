"""Counts what a portal answers, and says at the end what only the whole crawl shows."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy.exceptions import CloseSpider

from crawler.journal import Tally
from crawler.plan import Plan
from crawler.portals import Portal
from crawler.session import Session

# A crawl that lists less than this share of what the last one did says so.
ENOUGH = 0.8


class Reckoning:
    """One portal's account in one crawl: what answered, what did not, and how its lists compare with the last ones."""

    def __init__(self, portal: Portal, session: Session, plan: Plan, tally: Tally) -> None:
        self._portal = portal
        self._session = session
        self._plan = plan
        self._tally = tally
        self._silent_in_a_row = 0
        self._unanswered: list[tuple[str, str]] = []

    def answered(self, size: int) -> None:
        """Count a response of that many bytes: the host is there."""
        self._tally.requests += 1
        self._tally.bytes += size
        self._tally.host_answered = True
        self._silent_in_a_row = 0

    def silent(self, url: str, detail: str) -> None:
        """Count a request that nothing answered. Raises CloseSpider when the host answers nothing any more."""
        self._tally.requests += 1
        self._unanswered.append((url, detail))
        self._silent_in_a_row += 1
        # A host that never answered is not worth another address: it was asked for robots.txt in vain, too.
        limit = self._session.manners.failures_in_a_row if self._tally.host_answered else 1
        if self._silent_in_a_row >= limit:
            raise CloseSpider("host-silent")

    def close(self, reason: str) -> None:
        """Say what only the whole shows, at the end of a crawl; ``reason`` is Scrapy's word for why it ended."""
        journal, manners = self._session.journal, self._session.manners
        host = self._portal.hosts[0]
        if self._unanswered and not self._tally.host_answered:
            url, detail = self._unanswered[0]
            journal.problem(self._portal, "host-down", url, host=host, tries=manners.retries + 1, detail=detail)
        else:
            for url, detail in self._unanswered:
                journal.problem(self._portal, "no-answer", url, detail=detail)
            if reason == "host-silent":
                url, detail = self._unanswered[-1]
                journal.problem(
                    self._portal, "host-stopped", url, host=host, tries=manners.failures_in_a_row, detail=detail
                )
        if reason == "finished" and self._tally.host_answered:
            self._tally.complete = True
            self._compare()

    def emptied(self) -> Iterator[str]:
        """Name the listings that show no report and did last time, or all when there is none anywhere."""
        earlier = (self._session.journal.before(self._portal) or {}).get("listings", {})
        for label, count in self._plan.counts.items():
            if count == 0 and (earlier.get(label, 0) or not self._plan.count):
                yield label

    def fewer(self) -> bool:
        """Whether the listings show far fewer reports than last time."""
        before = self._session.journal.before(self._portal)
        return before is not None and self._plan.count < ENOUGH * before["listed"]

    def _compare(self) -> None:
        before = self._session.journal.before(self._portal)
        earlier = before["listings"] if before else {}
        for label in self.emptied():
            self._session.journal.problem(
                self._portal,
                "listing-empty",
                self._plan.address(label),
                listing=label,
                before=f"（上次有 {earlier[label]} 条）" if earlier.get(label) else "",
                before_en=f" ({earlier[label]} last time)" if earlier.get(label) else "",
            )
        if self.fewer():
            self._session.journal.problem(
                self._portal, "fewer-reports", self._portal.base_url, now=self._tally.listed, before=before["listed"]
            )
