"""What of the libraries' logs reaches people."""

from __future__ import annotations

import logging


class _WithoutTraceback(logging.Filter):
    """Takes the traceback off: a host that does not answer is a problem of the run record, not of the program."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        record.levelno, record.levelname = logging.INFO, "INFO"
        return logging.getLogger().isEnabledFor(logging.INFO)


def quieten() -> None:
    """Undo the level Scrapy gives its logger, and let robots.txt requests that fail be said once, in the run record.

    To be called when the crawler process has been made: that is what sets Scrapy's logger to DEBUG.
    """
    logging.getLogger("scrapy").setLevel(logging.NOTSET)
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").addFilter(_WithoutTraceback())
