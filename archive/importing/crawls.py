"""Crawls of others: WARC 1.0 and 1.1 and ARC files, packed or not, and WACZ; each record as what we keep of it."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.timeutils import iso_date_to_datetime

from archive.captures import DecodeError, decode_body
from archive.captures.exchange import Headers
from archive.captures.reading import header_of

# What is read of a record at most, in bytes: more than any scan a portal serves.
_MOST = 400_000_000
_WEB = ("http://", "https://")
_DAMAGE = (ArchiveLoadFailed, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, RuntimeError)


class ForeignError(ValueError):
    """A crawl that cannot be read on; the message says why."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A record of another's crawl.

    ``body`` is as sent with its transfer coding undone, ``plain`` decoded. ``repeats`` is the payload digest of the
    record whose bytes it is, ``digest`` its own as the crawl has it. ``left_out`` says why there is nothing to take.
    """

    url: str = ""
    id: str = ""
    status: int = 200
    reason: str = ""
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    plain: bytes = b""
    fetched_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    digest: str | None = None
    repeats: str | None = None
    resource_type: str | None = None
    left_out: str | None = None


def is_warc(path: Path) -> bool:
    """Whether a file begins as a WARC or ARC file does, packed or not."""
    with path.open("rb") as file:
        head = file.read(8)
    if head[:2] == b"\x1f\x8b":
        try:
            with gzip.open(path) as file:
                head = file.read(8)
        except (OSError, EOFError, zlib.error):
            return False
    return head.startswith((b"WARC/", b"filedesc"))


def is_wacz(path: Path) -> bool:
    """Whether a file is a WACZ: a zip with WARC files in archive/ and a datapackage.json."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
    return "datapackage.json" in names and any(map(_is_archive, names))


def read_wacz(path: Path) -> Iterator[Foreign]:
    """Go through the records of the WARC files in a WACZ. Raises ForeignError."""
    with zipfile.ZipFile(path) as file:
        for name in sorted(filter(_is_archive, file.namelist())):
            try:
                with file.open(name) as warc:
                    yield from _records(warc)
            except _DAMAGE as error:
                raise ForeignError(f"{name} cannot be read on ({error})") from error


def read_warc(path: Path) -> Iterator[Foreign]:
    """Go through the records of a WARC or ARC file. Raises ForeignError."""
    try:
        with path.open("rb") as warc:
            yield from _records(warc)
    except _DAMAGE as error:
        raise ForeignError(f"it cannot be read on ({error})") from error


def _is_archive(name: str) -> bool:
    return name.startswith("archive/") and name.endswith((".warc", ".warc.gz"))


def _records(warc: BinaryIO) -> Iterator[Foreign]:
    for record in ArchiveIterator(warc, arc2warc=True):
        if record.rec_type in ("response", "resource", "revisit"):
            yield _foreign(record)


def _foreign(record: ArcWarcRecord) -> Foreign:
    head = record.rec_headers
    url = (head.get_header("WARC-Target-URI") or "").strip("<>")
    if not url.startswith(_WEB):
        return Foreign(left_out="it is no page of the web")
    http = record.http_headers
    status = int(http.get_statuscode()) if http and http.get_statuscode().isdigit() else 200
    if not 200 <= status < 400:
        return Foreign(left_out=f"the server answered {status}")
    headers = list(http.headers) if http else []
    digest = head.get_header("WARC-Payload-Digest")
    common = {
        "url": url,
        "id": head.get_header("WARC-Record-ID") or "",
        "status": status,
        "reason": http.statusline.partition(" ")[2] if http else "",
        "fetched_at": iso_date_to_datetime(head.get_header("WARC-Date")).replace(tzinfo=UTC),
        "digest": digest,
    }
    if record.rec_type == "revisit":
        return Foreign(**common, headers=headers, repeats=digest or "")
    body = _body(record, headers)
    if body is None:
        return Foreign(left_out=f"it has more than {_MOST // 1_000_000} MB")
    try:
        plain = decode_body(body, header_of(headers, "Content-Encoding"))
    except DecodeError:
        plain = body
    kind = None if http else head.get_header("Content-Type") or "application/octet-stream"
    return Foreign(**common, headers=headers, body=body, plain=plain, resource_type=kind)


def _body(record: ArcWarcRecord, headers: Headers) -> bytes | None:
    """Return the body without its transfer coding; None when it is too large."""
    stream = record.raw_stream
    if (header_of(headers, "Transfer-Encoding") or "").lower() == "chunked":
        # Some crawlers undo it and keep the header; what is not chunked passes.
        stream = ChunkedDataReader(stream, decomp_type=None)
    pieces, length = [], 0
    while piece := stream.read(1 << 20):
        length += len(piece)
        if length > _MOST:
            return None
        pieces.append(piece)
    return b"".join(pieces)
