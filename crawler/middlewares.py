"""Downloader middlewares: where requests may go, whether they need to, and what spiders get to see of responses."""

from __future__ import annotations

import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from warcio.exceptions import ArchiveLoadFailed

from archive.captures import Capture, DecodeError, StoredResponse, decode_body
from crawler.errors import DamagedBodyError, OffPortalError

logger = logging.getLogger(__name__)

# What `archive.captures` can decode; nothing else is asked for.
ACCEPT_ENCODING = b"gzip, deflate"


class _WithCrawler:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)


class StayOnPortal(_WithCrawler):
    """Lets no request leave the portal's hosts; redirects come back as requests and are stopped here too."""

    def process_request(self, request: Request) -> None:
        """Raise OffPortalError for an address that is not http(s) on one of the portal's hosts, port included."""
        if not self.crawler.spider.portal.owns(request.url):
            raise OffPortalError(request.url)


class PlainBody(_WithCrawler):
    """Gives spiders the decoded bytes of a response, and nothing that guesses at their encoding."""

    def process_request(self, request: Request) -> None:
        """Ask only for codings that can be undone."""
        request.headers[b"Accept-Encoding"] = ACCEPT_ENCODING

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Undo the content coding; ask again for a body that is damaged, and raise DamagedBodyError in the end."""
        if self.crawler.spider.session.journal.fatal:
            raise IgnoreRequest("the capture of this response could not be written")
        coding = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        try:
            body = decode_body(response.body, coding)
        except DecodeError as error:
            again = get_retry_request(request, spider=self.crawler.spider, reason="damaged body")
            if again is None:
                raise DamagedBodyError(str(error)) from error
            return again
        headers = response.headers.copy()
        headers.pop(b"Content-Encoding", None)
        return Response(
            response.url,
            status=response.status,
            headers=headers,
            body=body,
            flags=response.flags,
            request=request,
            ip_address=response.ip_address,
            protocol=response.protocol,
        )


class AskIfChanged(_WithCrawler):
    """Asks for a page captured before only if it changed, and gives the archived body back when it did not.

    A spider sees no difference, so that an unchanged listing still leads on to its entries.
    """

    def process_request(self, request: Request) -> None:
        """Set the validators of the last good capture of this very address, and no other's.

        None where its body cannot be read any more: a 304 would refer to nothing, night after night.
        """
        for name in (b"If-None-Match", b"If-Modified-Since"):
            request.headers.pop(name, None)  # a redirect or retry carries those of the request before it
        if request.method != "GET" or "facts" not in request.meta:
            return
        last = self.crawler.spider.session.store.index.latest(request.url)
        if last is None or last.facts.get("state") or not (last.etag or last.last_modified):
            return
        if self._stored(last) is None:
            return
        if last.etag:
            request.headers[b"If-None-Match"] = last.etag
        if last.last_modified:
            request.headers[b"If-Modified-Since"] = last.last_modified

    def process_response(self, request: Request, response: Response) -> Response:
        """Turn a 304 into the 200 it refers to."""
        if response.status != 304:
            return response
        last = self.crawler.spider.session.store.index.latest(request.url)
        stored = last and self._stored(last)
        if stored is None:
            return response
        headers = [(name, value) for name, value in stored.headers if name.lower() != "content-encoding"]
        return Response(
            response.url, status=200, headers=headers, body=stored.body, flags=["not modified"], request=request
        )

    def _stored(self, capture: Capture) -> StoredResponse | None:
        try:
            return self.crawler.spider.session.store.response(capture)
        except (OSError, ValueError, ArchiveLoadFailed) as error:
            logger.warning("the capture of %s cannot be read, so it is fetched anew: %s", capture.url, error)
            return None
