"""How fast a server is asked, by its own answers: Retry-After, 429 and 503, Crawl-delay.

Scrapy's AutoThrottle goes by how long answers take, and knows none of these.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler.errors import StoppedError
from crawler.manners import Manners

#: The reason a crawl of a portal ends with when its server asks to be left alone.
BUSY = "host-busy"
_TURNED_AWAY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
# A crawl told to stop while it waits notices within this. In seconds.
_NOTICES = 0.5


def retry_after(headers: Mapping[str, bytes | None], now: datetime) -> float | None:
    """Return how many seconds a Retry-After asks to wait, given as a number or a date; None when it says neither."""
    wanted = (headers.get("Retry-After") or b"").decode("latin-1").strip()
    if wanted.isdecimal():
        return float(wanted)
    try:
        moment = parsedate_to_datetime(wanted)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())


def backoff(times: int, first: float, longest: float) -> float:
    """Return the pause after being turned away that many times in a row: twice the one before, ``longest`` at most."""
    return min(first * 2 ** min(times - 1, 30), longest)


class WaitAsAsked:
    """Downloader middleware: waits before a request as long as the server asked for, in robots.txt or when it was busy.

    A server that asks for more than the longest pause, or stays busy through several addresses, is left alone until
    the next run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._interval = 0.0
        self._not_before = 0.0
        self._turned_away = 0
        self._closing: asyncio.Future | None = None
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for a crawler."""
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser) -> None:
        """Never go faster than a Crawl-delay."""
        delay = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"]) or 0.0
        self._interval = max(self._interval, min(float(delay), self._manners.longest_pause_seconds))

    async def process_request(self, request: Request) -> None:
        """Wait; raise StoppedError when the crawl was told to stop meanwhile."""
        while (left := self._not_before - time.monotonic()) > 0:
            if self._closing or not self.crawler.engine.running:
                raise StoppedError(request.url)
            await asyncio.sleep(min(left, _NOTICES))
        self._not_before = time.monotonic() + self._interval

    def process_response(self, request: Request, response: Response) -> Response:
        """Note how long the next request has to wait."""
        if response.status not in _TURNED_AWAY:
            self._turned_away = 0
            return response
        self._turned_away += 1
        manners = self._manners
        wanted = retry_after(response.headers, datetime.now(UTC))
        pause = backoff(self._turned_away, manners.backoff_seconds, manners.longest_pause_seconds)
        patient = manners.failures_in_a_row * (manners.retries + 1)
        if self._turned_away >= patient or (wanted or 0) > manners.longest_pause_seconds:
            self._leave_alone(request.url, wanted)
        self._not_before = time.monotonic() + max(pause, wanted or 0)
        return response

    @property
    def _manners(self) -> Manners:
        return self.crawler.spider.session.manners

    def _leave_alone(self, url: str, wanted: float | None) -> None:
        if self._closing is None:
            spider = self.crawler.spider
            detail = f"Retry-After: {wanted:.0f} s" if wanted else f"{self._turned_away} times 429 or 503 in a row"
            spider.session.journal.problem(spider.portal, BUSY, url, host=spider.portal.hosts[0], detail=detail)
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=BUSY))
