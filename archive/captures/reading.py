"""Reads the WARC files back: one record at a place, or all the captures of a file as the index holds them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from archive.captures.exchange import Capture, DecodeError, Headers, decode_body, request_key
from archive.captures.walk import bare_uuid
from archive.documents.kind import media_type

# What the name of a file still being written ends in.
OPEN = ".open"
# The records that are captures; a resource is a file somebody handed in, without an HTTP answer around it.
CAPTURES = ("response", "revisit", "resource")


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response read back from a WARC file: ``body`` decoded, ``headers`` as served."""

    url: str
    status: int
    headers: Headers
    body: bytes
    fetched_at: str
    facts: dict[str, Any]

    def header(self, name: str) -> str | None:
        """Return the first header of that name, whatever its case."""
        return header_of(self.headers, name)


def warc_path(folder: Path, warc_file: str) -> Path:
    """Return where a WARC file lies, finished or still being written.

    Raises ValueError for a name that is not a plain file name.
    """
    if Path(warc_file).name != warc_file:
        raise ValueError(f"{warc_file!r} is not the name of a WARC file")
    finished = folder / warc_file
    return finished if finished.exists() else folder / (warc_file + OPEN)


def read_record(folder: Path, warc_file: str, warc_offset: int) -> StoredResponse:
    """Read the response or resource record at a place in a WARC file of ``folder``. Writes nothing, needs no index.

    Raises FileNotFoundError when the file is not there, DecodeError when the body cannot be decoded, ValueError when no
    response lies at that place.
    """
    with warc_path(folder, warc_file).open("rb") as file:
        file.seek(warc_offset)
        record = next(iter(ArchiveIterator(file)), None)
        if record is None or record.rec_type not in ("response", "resource"):
            raise ValueError(f"{warc_file} holds no response at {warc_offset}")
        headers = _headers(record)
        return StoredResponse(
            url=record.rec_headers.get_header("WARC-Target-URI"),
            status=int(record.http_headers.get_statuscode()) if record.http_headers else 200,
            headers=headers,
            body=decode_body(record.raw_stream.read(), header_of(headers, "Content-Encoding")),
            fetched_at=record.rec_headers.get_header("WARC-Date"),
            facts={},
        )


def read_captures(path: Path) -> Iterator[Capture]:
    """Go through a WARC file and give the captures in it, as the index holds them."""
    facts: dict[str, dict] = {}
    with path.open("rb") as file:
        iterator = ArchiveIterator(file)
        for record in iterator:
            if record.rec_type == "metadata":
                about = bare_uuid(record.rec_headers.get_header("WARC-Concurrent-To"))
                facts[about] = json.loads(record.raw_stream.read())
            if record.rec_type not in CAPTURES:
                continue
            body = b"" if record.rec_type == "revisit" else record.raw_stream.read()
            known = facts.pop(bare_uuid(record.rec_headers.get_header("WARC-Record-ID")), {})
            # Asked for after the body is read: asking moves the iterator to the record's end.
            yield _capture(record, known, body, path.name.removesuffix(OPEN), iterator.get_record_offset())


def _capture(record: ArcWarcRecord, known: dict[str, Any], body: bytes, warc_file: str, offset: int) -> Capture:
    head = record.rec_headers
    record_id = bare_uuid(head.get_header("WARC-Record-ID"))
    url = head.get_header("WARC-Target-URI")
    key = known.pop("request_key", None) or request_key(url)
    status = known.pop("status", None)
    if status is None:
        status = int(record.http_headers.get_statuscode()) if record.http_headers else 304
    headers = list(record.http_headers.headers) if record.http_headers else []
    return Capture(
        id=record_id,
        request_key=key,
        url=url,
        method=key.split(" ", 1)[0],
        status=status,
        fetched_at=head.get_header("WARC-Date"),
        payload_digest=head.get_header("WARC-Payload-Digest") or "",
        **told_from(body, headers),
        bytes=len(body),
        warc_file=warc_file,
        warc_offset=offset,
        body_id=bare_uuid(head.get_header("WARC-Refers-To") or "") or record_id,
        etag=header_of(headers, "ETag"),
        last_modified=header_of(headers, "Last-Modified"),
        facts=known,
    )


def _headers(record: ArcWarcRecord) -> Headers:
    """The headers of an answer; a file that came without one has the type its record says."""
    if record.http_headers:
        return list(record.http_headers.headers)
    return [("Content-Type", record.rec_headers.get_header("Content-Type") or "application/octet-stream")]


def as_revisit(capture: Capture, holder: Capture) -> Capture:
    """Return the capture as one that repeats the bytes of ``holder``."""
    return replace(
        capture,
        payload_digest=holder.payload_digest,
        sha256=holder.sha256,
        media_type=holder.media_type,
        bytes=holder.bytes,
        body_id=holder.id,
        etag=holder.etag if capture.status == 304 else capture.etag,
        last_modified=holder.last_modified if capture.status == 304 else capture.last_modified,
    )


def told_from(body: bytes, headers: Headers) -> dict[str, str]:
    """Return the digest and the media type of a body, decoded where it can be."""
    try:
        plain = decode_body(body, header_of(headers, "Content-Encoding"))
    except DecodeError:
        plain = body  # damaged on the way: the bytes as sent are all there is
    return {"sha256": hashlib.sha256(plain).hexdigest(), "media_type": media_type(plain)}


def header_of(headers: Headers, name: str) -> str | None:
    """Return the first header of that name, whatever its case."""
    return next((value for key, value in headers if key.lower() == name.lower()), None)
