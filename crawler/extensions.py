"""The extension that writes what was downloaded, before anything looks inside."""

from __future__ import annotations

import asyncio
import errno
import logging
import sqlite3
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from archive.captures import DecodeError, Exchange, decode_body
from archive.documents.served import page_state
from crawler.limits import DISK

logger = logging.getLogger(__name__)

# Roles whose pages are looked at for what is not the thing asked for; listings are judged by their readers.
_JUDGED = ("article", "attachment")
_REDIRECTS = (301, 302, 303, 307, 308)


class KeepCaptures:
    """Writes every response to the captures before a spider sees it; stops the crawl when that fails.

    Takes ``facts`` from the request's meta and leaves ``capture`` and ``state`` there.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._stopping: asyncio.Future | None = None
        crawler.signals.connect(self.response_downloaded, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for a crawler."""
        return cls(crawler)

    def response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        """Write one exchange."""
        session = spider.session
        if session.journal.fatal:
            self._stop()
            return
        exchange = exchange_of(response, request, facts_of(response, request, spider))
        try:
            capture = session.writer.write(exchange)
        except Exception as error:  # whatever it is: nothing may be fetched that is not kept
            if not isinstance(error, OSError | sqlite3.Error):
                logger.exception("the capture of %s could not be written", request.url)
            session.journal.fatal = repr(error)
            if _is_full(error):
                session.journal.stop(DISK, detail=error, limit=session.manners.min_free_mb)
            else:
                session.journal.problem(spider.portal, "capture-failed", request.url, detail=error)
            self._stop()
            return
        request.meta["capture"] = capture
        request.meta["state"] = exchange.facts.get("state")
        spider.reckoning.answered(len(response.body))

    def _stop(self) -> None:
        if self._stopping is None:
            self._stopping = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="capture-failed"))


def _is_full(error: Exception) -> bool:
    """Whether a write failed for want of room: of the disk, or of what this user or process may take of it."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return getattr(error, "errno", None) in full or getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"


def facts_of(response: Response, request: Request, spider: Spider) -> dict[str, Any]:
    """Return what is kept beside a response: what the spider knew when it asked, and what is plain from the answer."""
    facts = dict(request.meta.get("facts") or {"role": _role_of(request.url)})
    facts |= {
        "portal": spider.portal.id,
        "cms": spider.portal.cms,
        "district": spider.portal.district,
        "replica": spider.portal.replica or "X-Replica-Portal" in response.headers,
    }
    if request.meta.get("redirect_urls"):
        facts["redirected_from"] = request.meta["redirect_urls"]
    if facts["role"] in _JUDGED and (target := _off_portal(response, spider)):
        facts["leads_off"] = target
    if response.status == HTTPStatus.OK and facts["role"] in _JUDGED:
        facts["state"] = _state_of(response)
    return {name: value for name, value in facts.items() if value not in (None, "")}


def _off_portal(response: Response, spider: Spider) -> str | None:
    """The address a redirect leads to when it is not the portal's."""
    place = response.headers.get("Location")
    if place is None or response.status not in _REDIRECTS:
        return None
    target = urljoin(response.url, place.decode("utf-8", "replace"))
    return None if spider.portal.owns(target) else target


def exchange_of(response: Response, request: Request, facts: dict[str, Any]) -> Exchange:
    """Return request and response as the captures keep them: bodies as sent, every header.

    Scrapy does not keep the reason phrase; the standard one stands in for it.
    """
    return Exchange(
        url=response.url,
        method=request.method,
        request_headers=[("Host", urlsplit(request.url).netloc), *_headers(request.headers)],
        request_body=request.body,
        status=response.status,
        reason=_phrase(response.status),
        headers=_headers(response.headers),
        body=response.body,
        fetched_at=datetime.now(UTC),
        ip=str(response.ip_address) if response.ip_address else None,
        facts=facts,
    )


def _state_of(response: Response) -> str | None:
    coding = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
    try:
        return page_state(decode_body(response.body, coding))
    except DecodeError:
        return "damaged"


def _role_of(url: str) -> str:
    return "robots" if urlsplit(url).path == "/robots.txt" else "other"


def _headers(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
