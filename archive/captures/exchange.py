"""What one request and its response are, apart from any file."""

from __future__ import annotations

import base64
import hashlib
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Headers = list[tuple[str, str]]

# In the place of the method of what others captured or saved: no request of ours, and never taken for an answer to one.
IMPORTED = "IMPORT"

# A body that unpacks to more than this is refused: the largest scan seen on a Harbin portal has 246 MB. In bytes.
_MOST_PLAIN = 400_000_000


class DecodeError(ValueError):
    """A body is not what its Content-Encoding says: damaged or cut short."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the response to it, as seen by the crawler.

    ``body`` holds the bytes as sent, still content-encoded, transfer coding removed. ``fetched_at`` is an aware time.
    ``facts`` is what the crawler knew when it asked (portal, role, the listing entry that led here, ...): a flat
    JSON object, kept beside the response so that the archive can be built from the WARC files alone.
    What others captured has the method `IMPORTED`; when it came as a mere file, without an HTTP answer around it,
    ``resource_type`` is its media type and ``status`` 200.
    """

    url: str
    status: int
    headers: Headers
    body: bytes
    fetched_at: datetime
    method: str = "GET"
    request_headers: Headers = field(default_factory=list)
    request_body: bytes = b""
    reason: str = ""
    ip: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    resource_type: str | None = None

    @property
    def imported(self) -> bool:
        """Whether others captured it, not our crawler."""
        return self.method == IMPORTED

    @property
    def request_key(self) -> str:
        """What makes two requests the same: method, address and body."""
        return request_key(self.url, self.method, self.request_body)

    @property
    def payload_digest(self) -> str:
        """SHA-1 of the body as sent, in the base32 form WARC tools expect."""
        return "sha1:" + base64.b32encode(hashlib.sha1(self.body, usedforsecurity=False).digest()).decode()


@dataclass(frozen=True, slots=True)
class Capture:
    """One entry of the index: where a response lies and what is known of it without opening it.

    ``id`` is the UUID of its WARC record. ``sha256`` and ``media_type`` are told from the decoded body.
    ``body_id`` names the capture that holds the bytes: itself, or an earlier one when the portal served the same bytes
    again (a revisit).
    """

    id: str
    request_key: str
    url: str
    method: str
    status: int
    fetched_at: str
    payload_digest: str
    sha256: str
    media_type: str
    bytes: int
    warc_file: str
    warc_offset: int
    body_id: str
    etag: str | None
    last_modified: str | None
    facts: dict[str, Any]

    @property
    def imported(self) -> bool:
        """Whether others captured it, not our crawler."""
        return self.method == IMPORTED

    @property
    def new(self) -> bool:
        """Whether these bytes were not stored before for the same request."""
        return self.body_id == self.id


def request_key(url: str, method: str = "GET", request_body: bytes = b"") -> str:
    """Return the text that identifies a request: ``GET url``, or ``POST url sha1`` with the digest of its body."""
    if not request_body:
        return f"{method} {url}"
    return f"{method} {url} {hashlib.sha1(request_body, usedforsecurity=False).hexdigest()}"


def decode_body(body: bytes, content_encoding: str | None) -> bytes:
    """Undo a Content-Encoding of gzip or deflate (what our crawler accepts).

    Servers label plain bodies gzip; those come back unchanged. Raises DecodeError when a compressed body is
    damaged, cut short or a bomb, or the encoding is another one.
    """
    for encoding in reversed([part.strip().lower() for part in (content_encoding or "").split(",")]):
        if encoding in ("", "identity"):
            continue
        if encoding in ("gzip", "x-gzip"):
            if body[:2] == b"\x1f\x8b":
                body = _inflate(body, 16 + zlib.MAX_WBITS)
        elif encoding == "deflate":
            body = _inflate(body, zlib.MAX_WBITS if body[:1] == b"\x78" else -zlib.MAX_WBITS)
        else:
            raise DecodeError(f"the body is sent in {encoding!r}, which was not asked for and cannot be read")
    return body


def _inflate(body: bytes, window_bits: int) -> bytes:
    decoder = zlib.decompressobj(window_bits)
    try:
        plain = decoder.decompress(body, _MOST_PLAIN)
    except zlib.error as error:
        raise DecodeError(f"the compressed body is damaged ({error})") from error
    if decoder.unconsumed_tail:
        raise DecodeError(f"the compressed body unpacks to more than {_MOST_PLAIN // 1_000_000} MB")
    if not decoder.eof:
        raise DecodeError("the compressed body is cut short")
    return plain
