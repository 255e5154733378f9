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
    """Let robots.txt requests that fail be said once, in the run record, like all others."""
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").addFilter(_WithoutTraceback())
