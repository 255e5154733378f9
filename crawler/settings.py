"""Scrapy's settings. Each value that differs from Scrapy's default says why; delays come from the portals file."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from crawler.manners import Manners
from crawler.portals import Portal

BOT_NAME = "harbin-disclosure-archive"
SOFTWARE = f"{BOT_NAME}/{version('harbin-disclosure-archive')}"

SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
USER_AGENT = SOFTWARE

# Manners. A portal is a small public office's server.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # Scrapy: 8. Nothing here is in a hurry.
# Scrapy: 16. They would wait in line inside the downloader, and a crawl told to stop would first ask for them all.
CONCURRENT_REQUESTS = 1
DOWNLOAD_DELAY = 2.0  # seconds; the portals file's [crawl] decides
AUTOTHROTTLE_ENABLED = True  # a server that answers slowly is asked more slowly
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
COOKIES_ENABLED = False  # no portal needs one; without them every visit is the same
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # Scrapy: ERROR. What was given up is a problem of the run record, said once.
DOWNLOAD_TIMEOUT = 60  # Scrapy: 180. A dead host would hold a place for three minutes.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

# Limits. What a portal sends is held in memory, about four times over while it is written. The largest scanned report
# seen on a Harbin portal has 246 MB: such a file is named in the run record, with the setting that lets it through.
DOWNLOAD_MAXSIZE = 64_000_000  # Scrapy: 1 GiB; the portals file's [crawl] decides
DOWNLOAD_WARNSIZE = 0  # large scans are expected
REDIRECT_MAX_TIMES = 5  # Scrapy: 20. A portal that needs more is going round in circles.
METAREFRESH_ENABLED = False  # the readers know which pages forward; a challenge page must not lead us about
# Scrapy makes one task for each of these for every response: 0.7 ms a page at its default of 100.
CONCURRENT_ITEMS = 4
# It compiles the source of every callback anew for every response, 0.8 ms a page; the linter sees the same mistake.
WARN_ON_GENERATOR_RETURN_VALUE = False

# A portal has valid reports behind an expired certificate as well, and half of them have no TLS at all: what a capture
# is worth does not rest on it.
DOWNLOAD_VERIFY_CERTIFICATES = False

# Nothing may open this crawler from outside, and it opens nothing but http and https.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_HANDLERS = {"file": None, "ftp": None, "s3": None, "data": None}
TWISTED_DNS_RESOLVER = "crawler.resolver.LoopbackAwareResolver"

DOWNLOADER_MIDDLEWARES = {
    "crawler.limits.KeepWithinLimits": 40,
    # Replaced by one that compares whole hosts, with ports, and covers redirects.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.middlewares.StayOnPortal": 50,
    # Replaced by one that keeps bodies bytes: Scrapy's guesses the encoding of compressed bytes, 1.7 ms a page.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.PlainBody": 590,
    "crawler.middlewares.AskIfChanged": 605,
    "crawler.pace.WaitAsAsked": 610,  # last: nothing is to come between the wait and the request
}
EXTENSIONS = {
    "crawler.extensions.KeepCaptures": 0,  # before all others: the record comes first
    "scrapy.extensions.remote_control.RemoteControl": None,  # switched off above, and it takes 0.2 s to import
    "scrapy.extensions.logstats.LogStats": None,  # the progress says it, for all portals together
}
LOG_INSTALL_ROOT_HANDLER = False  # `xxgk` has set the logs up
STATS_DUMP = False  # the run record holds the numbers that matter


def for_portal(portal: Portal, manners: Manners) -> dict[str, Any]:
    """Return the settings that depend on the portal and the manners of its file.

    A replica is on this machine (the portals file is refused otherwise): no proxy stands before it, and it may be asked
    without any delay.
    """
    without_delay = portal.replica and not manners.delay_seconds
    return {
        "USER_AGENT": f"{SOFTWARE} ({manners.contact})" if manners.contact else SOFTWARE,
        "DOWNLOAD_TIMEOUT": manners.timeout_seconds,
        "DOWNLOAD_MAXSIZE": manners.max_file_mb * 1_000_000,
        "RETRY_TIMES": manners.retries,
        "DOWNLOAD_DELAY": manners.delay_seconds,
        "AUTOTHROTTLE_START_DELAY": manners.delay_seconds,
        "AUTOTHROTTLE_ENABLED": not without_delay,
        "HTTPPROXY_ENABLED": not portal.replica,
    }
