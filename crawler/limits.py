"""How much one run may take: requests, bytes, hours and room on the disk."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.errors import StoppedError
from crawler.manners import Manners
from crawler.session import Session

REQUESTS = "request-ceiling"
BYTES = "byte-ceiling"
HOURS = "quiet-hours"
DISK = "disk-full"

_MB = 1_000_000


def reached(manners: Manners, *, requests: int, size: int, free: int, now: datetime) -> str | None:
    """Return the code of the limit a run has reached, None while it may go on.

    ``requests`` made and bytes (``size``) received so far, by all portals; ``free`` bytes on the disk.
    """
    if free < manners.min_free_mb * _MB:
        return DISK
    if manners.quiet_hours and not manners.quiet_hours.hold(now):
        return HOURS
    if requests >= manners.requests_a_run:
        return REQUESTS
    return BYTES if size >= manners.megabytes_a_run * _MB else None


class KeepWithinLimits:
    """Downloader middleware: lets no request go out when the run has reached a limit, and ends the portal's crawl.

    What was had is kept, and the next run asks for the rest: new reports go before those looked at again.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._closing: asyncio.Future | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for a crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise StoppedError when the run is to end."""
        session: Session = self.crawler.spider.session
        if self._closing is None and not session.journal.stopped:
            code = _now_reached(session)
            if code:
                session.journal.stop(code, **_words(session, code))
        if session.journal.stopped:
            if self._closing is None:
                self._closing = asyncio.ensure_future(
                    self.crawler.engine.close_spider_async(reason=session.journal.stopped)
                )
            raise StoppedError(request.url)


def _now_reached(session: Session) -> str | None:
    tallies = session.journal.tallies.values()
    return reached(
        session.manners,
        requests=sum(tally.requests for tally in tallies),
        size=sum(tally.bytes for tally in tallies),
        free=shutil.disk_usage(session.store.folder).free,
        now=datetime.now(UTC),
    )


def _words(session: Session, code: str) -> dict[str, object]:
    manners = session.manners
    limits = {
        DISK: manners.min_free_mb, HOURS: manners.quiet_hours, REQUESTS: manners.requests_a_run,
        BYTES: manners.megabytes_a_run,
    }  # fmt: skip
    return {"limit": limits[code], "detail": f"less than {manners.min_free_mb} MB free" if code == DISK else ""}
