"""Why a request came to nothing, in a word the run record knows and a phrase for people."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http import HTTPStatus

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.errors import DamagedBodyError, OffPortalError

#: The host gave no answer at all; whether that is one address or the host shows only at the end.
UNANSWERED = "unanswered"
#: The server says that there is nothing at the address.
GONE = "gone"

# Scrapy's message, where the server says beforehand how much it will send.
_SIZE = re.compile(r"Expected to receive (\d+) bytes")

_PHRASES = {
    CannotResolveHostError: "its name is not known (DNS)",
    DownloadConnectionRefusedError: "the connection was refused",
    DownloadTimeoutError: "no answer in time",
    DownloadFailedError: "the connection broke off",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """``code`` is one of ``problems.toml``, or UNANSWERED or GONE; ``detail`` a phrase; ``words`` fill the message."""

    code: str
    detail: str
    words: dict[str, object] = field(default_factory=dict)


def explain(error: BaseException) -> Reason:
    """Return the reason an error stands for."""
    if isinstance(error, HttpError):
        status = error.response.status
        code = GONE if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE) else "http-error"
        return Reason(code, f"HTTP {status}", {"status": status})
    if isinstance(error, OffPortalError):
        return Reason("offsite", f"it leads to {error.url}", {"target": error.url})
    if isinstance(error, DamagedBodyError | ResponseDataLossError):
        return Reason("damaged-page", str(error) or "the transfer broke off")
    if isinstance(error, DownloadCancelledError):
        size = _SIZE.search(str(error))
        return Reason("too-large", f"{int(size.group(1)) / 1e6:.0f} MB" if size else "its size was not announced")
    if isinstance(error, IgnoreRequest):
        return Reason("robots" if "robots.txt" in str(error) else "redirects", str(error))
    for kind, phrase in _PHRASES.items():
        if isinstance(error, kind):
            return Reason(UNANSWERED, phrase)
    return Reason("crawler-error", repr(error))
