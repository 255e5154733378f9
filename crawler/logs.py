"""What of the libraries' logs reaches people."""

from __future__ import annotations

import logging


class _WithoutTraceback(logging.Filter):
    """Takes the traceback off: a host that does not answer is a problem of the run record, not of the program."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        record.levelno, record.levelname = logging.INFO, "INFO"
        return logging.getLogger().isEnabledFor(logging.INFO)


class _AtOurLevel(logging.Filter):
    """Lets through what our own level lets through, whatever level Scrapy has set its logger to."""

    def filter(self, record: logging.LogRecord) -> bool:
        return logging.getLogger().isEnabledFor(record.levelno)


def keep_our_level() -> None:
    """Say of Scrapy's start what `xxgk`'s own level allows. To be called before the crawler process is made.

    Making it sets Scrapy's logger to DEBUG and then logs versions and settings through these two.
    """
    for name in ("scrapy.utils.log", "scrapy.crawler"):
        logging.getLogger(name).addFilter(_AtOurLevel())


def quieten() -> None:
    """Undo the level Scrapy gives its logger, and let robots.txt requests that fail be said once, in the run record.

    To be called when the crawler process has been made: that is what sets Scrapy's logger to DEBUG.
    """
    logging.getLogger("scrapy").setLevel(logging.NOTSET)
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").addFilter(_WithoutTraceback())
