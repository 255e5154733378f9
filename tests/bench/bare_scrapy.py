"""Scrapy and nothing of ours: fetches the addresses of a JSON file, one at a time a host, and drops them.

What `make bench` holds our crawl against. Only the resolver is ours, without which the replica's names mean nothing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

SETTINGS = {
    "LOG_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "CONCURRENT_ITEMS": 4,
    "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": True,
    "TWISTED_DNS_RESOLVER": "crawler.resolver.LoopbackAwareResolver",
}


class Bare(Spider):
    """Asks for addresses and looks at nothing."""

    name = "bare"

    async def start(self) -> AsyncIterator[Request]:
        for url in json.loads(Path(sys.argv[1]).read_text()):
            yield Request(url, self.parse, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Drop the response."""


if __name__ == "__main__":
    process = AsyncCrawlerProcess(SETTINGS)
    process.crawl(Bare)
    process.start()
