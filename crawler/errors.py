"""What can go wrong in a crawl, apart from what Scrapy has names for."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class CrawlerError(Exception):
    """Root of the crawler's own errors; its text says what to do."""


class PortalsError(CrawlerError):
    """The portals file cannot be used (loading, before any request)."""


class UnreadableListingError(CrawlerError):
    """A response that must hold a listing holds none the readers know (listing readers)."""


class OffPortalError(IgnoreRequest):
    """A request would leave the portal's own hosts (downloader middleware)."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} is not on the portal's hosts")
        self.url = url


class DamagedBodyError(IgnoreRequest):
    """A body could not be decoded after all retries (downloader middleware)."""


class StoppedError(IgnoreRequest):
    """A request was not sent because the crawl is ending (downloader middlewares). The next run sends it."""
