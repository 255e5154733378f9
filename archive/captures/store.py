"""Writes and reads the WARC files."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.captures.exchange import Capture, DecodeError, Exchange, Headers, decode_body, request_key
from archive.captures.index import CaptureIndex
from archive.captures.tail import whole_length
from archive.documents.kind import media_type

logger = logging.getLogger(__name__)

# A new file is begun past this size, so that one can be copied, checked or lost without much else. In bytes; about
# what the field's crawlers use.
ROTATE_AT = 1_000_000_000

OPEN = ".open"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


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
        return _header(self.headers, name)


class CaptureStore:
    """The folder of captures: ``*.warc.gz`` files and ``index.db``."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.index = CaptureIndex(self.folder / "index.db")

    def writer(
        self,
        *,
        run_id: str,
        software: str,
        description: dict[str, str] | None = None,
        rotate_at: int = ROTATE_AT,
    ) -> CaptureWriter:
        """Return the writer of one run, after mending what an interrupted one left.

        ``description`` goes into the warcinfo record. Files appear at the first write; a new one is begun when one has
        ``rotate_at`` bytes.
        """
        self.repair()
        return CaptureWriter(self, run_id, software, description or {}, rotate_at)

    def read(self, warc_file: str, warc_offset: int) -> StoredResponse:
        """Read the response record at that place; see `read_record`."""
        return read_record(self.folder, warc_file, warc_offset)

    def response(self, capture: Capture) -> StoredResponse:
        """Read the bytes a capture stands for: its own, or for a revisit those served before."""
        holder = capture if capture.new else self.index.get(capture.body_id)
        if holder is None:
            raise ValueError(f"capture {capture.id} refers to {capture.body_id}, which the index does not know")
        stored = self.read(holder.warc_file, holder.warc_offset)
        return StoredResponse(
            capture.url, stored.status, stored.headers, stored.body, capture.fetched_at, capture.facts
        )

    def path(self, warc_file: str) -> Path:
        """Return where a WARC file lies; see `warc_path`."""
        return warc_path(self.folder, warc_file)

    def warc_files(self) -> list[Path]:
        """Return the WARC files in the order they were begun."""
        return sorted([*self.folder.glob("*.warc.gz"), *self.folder.glob("*.warc.gz" + OPEN)])

    def repair(self) -> None:
        """Mend what a killed writer left: cut a torn last record, index what was not, close the file.

        Also makes the index again for files it does not know, so deleting ``index.db`` loses nothing.
        """
        for path in self.folder.glob("*.warc.gz" + OPEN):
            good = whole_length(path)
            lost = path.stat().st_size - good
            if lost:
                logger.warning("cut a torn record of %d bytes off %s, left by an interrupted run", lost, path.name)
                os.truncate(path, good)
            name = path.name.removesuffix(OPEN)
            self.index.forget_from(name, good)
            if good:
                path.rename(self.folder / name)
            else:
                path.unlink()
        for path in sorted(self.folder.glob("*.warc.gz")):
            # In the order of the runs: a revisit is indexed after what it refers to. A power cut can take the index's
            # last entries with it; what the index has seen of a file tells.
            if self.index.size_of(path.name) != path.stat().st_size:
                self._index_file(path.name)

    def _index_file(self, name: str) -> None:
        path = self.folder / name
        if not path.exists():
            return
        known = self.index.places(name)
        added = 0
        try:
            for capture in read_captures(path):
                if capture.warc_offset not in known:
                    self.index.add(self._as_before(capture))
                    added += 1
        except (ArchiveLoadFailed, ValueError) as error:
            logger.error("%s is damaged after %d captures and has to be restored from a backup: %s", name, added, error)
            return
        self.index.set_size(name, path.stat().st_size)
        if added:
            logger.info("indexed %d captures of %s", added, name)

    def _as_before(self, capture: Capture) -> Capture:
        """Give a revisit what its record does not repeat, from the capture that holds the bytes."""
        holder = None if capture.new else self.index.get(capture.body_id)
        return capture if holder is None else _revisit(capture, holder)

    def close(self) -> None:
        """Close the index."""
        self.index.close()


class CaptureWriter:
    """Writes the exchanges of one run."""

    def __init__(
        self, store: CaptureStore, run_id: str, software: str, description: dict[str, str], rotate_at: int
    ) -> None:
        self._store = store
        self._run_id = run_id
        self._rotate_at = rotate_at
        self._description = {"software": software, "format": "WARC File Format 1.1", **description}
        self._file: BinaryIO | None = None
        self._path = Path()
        self._number = 0

    def write(self, exchange: Exchange) -> Capture:
        """Write one exchange and index it; the bytes are with the operating system when this returns.

        The response comes last, after its request and its facts: a write cut short leaves no response without them.
        Raises OSError, or sqlite3.Error from the index, when the disk does not take it; the file then ends where it
        did before.
        """
        if self._file is None or self._file.tell() > self._rotate_at:
            self._begin_file()
        capture, records = self._records(exchange)
        buffer = BytesIO()
        writer = WARCWriter(buffer, gzip=True, warc_version="WARC/1.1")
        for record in records:
            last = buffer.tell()
            writer.write_record(record)
        start = self._file.tell()
        capture = replace(capture, warc_file=self._path.name, warc_offset=start + last)
        try:
            _write_all(self._file, buffer.getbuffer())
            self._store.index.add(capture)
        except (OSError, sqlite3.Error):
            # What stands half in the file would make what follows unreadable; what is not indexed would not be found.
            self._file.truncate(start)
            self._file.seek(start)
            raise
        return capture

    def close(self) -> None:
        """Finish the file of this run: synced to disk, under its final name."""
        if self._file is None:
            return
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        self._path.with_name(self._path.name + OPEN).rename(self._path)
        try:
            self._store.index.set_size(self._path.name, self._path.stat().st_size)
        except sqlite3.Error as error:
            logger.warning("%s is not noted as indexed (%s): the next start reads it again", self._path.name, error)

    def _begin_file(self) -> None:
        self.close()
        # A run id used before has files already, which stay as they are.
        name = f"{self._run_id}-{self._number + 1:05d}.warc.gz"
        while self._store.path(name).exists():
            self._number += 1
            name = f"{self._run_id}-{self._number + 1:05d}.warc.gz"
        self._number += 1
        self._path = self._store.folder / name
        buffer = BytesIO()
        writer = WARCWriter(buffer, gzip=True, warc_version="WARC/1.1")
        writer.write_record(writer.create_warcinfo_record(self._path.name, self._description))
        # Without a buffer of Python's own: what it could not write it would try again, behind our back.
        self._file = self._path.with_name(self._path.name + OPEN).open("xb", buffering=0)
        _write_all(self._file, buffer.getbuffer())
        # The name, too, is to outlast a power cut: captures of a file that is gone could not be told from a loss.
        _sync_folder(self._store.folder)

    def _records(self, exchange: Exchange) -> tuple[Capture, list]:
        build = WARCWriter(BytesIO(), gzip=False, warc_version="WARC/1.1")
        record_id = str(uuid.uuid4())
        date = exchange.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        named = {"WARC-Date": date, "WARC-Record-ID": f"<urn:uuid:{record_id}>"}
        beside = {"WARC-Date": date, "WARC-Concurrent-To": f"<urn:uuid:{record_id}>"}
        if exchange.ip:
            named["WARC-IP-Address"] = exchange.ip
        headers = _without_transfer_coding(exchange.headers)
        answer = StatusAndHeaders(f"{exchange.status} {exchange.reason}".strip(), headers, protocol="HTTP/1.1")
        before = self._same_as(exchange)
        if before is None:
            response = build.create_warc_record(
                exchange.url, "response", BytesIO(exchange.body), len(exchange.body),
                http_headers=answer, warc_headers_dict=named,
            )  # fmt: skip
        else:
            # A 304 carries no headers of its own here: replay tools would show them as an empty page.
            response = build.create_revisit_record(
                exchange.url, before.payload_digest, before.url, before.fetched_at,
                http_headers=None if exchange.status == 304 else answer,
                warc_headers_dict={**named, "WARC-Refers-To": f"<urn:uuid:{before.id}>"},
            )  # fmt: skip
            if exchange.status == 304:
                response.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED)
        line = StatusAndHeaders(
            f"{exchange.method} {_target(exchange.url)} HTTP/1.1",
            exchange.request_headers,
            is_http_request=True,
        )
        request = build.create_warc_record(
            exchange.url, "request", BytesIO(exchange.request_body), len(exchange.request_body),
            http_headers=line, warc_headers_dict=beside,
        )  # fmt: skip
        facts = json.dumps(
            {"status": exchange.status, "request_key": exchange.request_key, **exchange.facts},
            ensure_ascii=False, sort_keys=True,
        ).encode()  # fmt: skip
        metadata = build.create_warc_record(
            exchange.url, "metadata", BytesIO(facts), len(facts),
            warc_content_type="application/json", warc_headers_dict=beside,
        )  # fmt: skip
        capture = Capture(
            id=record_id,
            request_key=exchange.request_key,
            url=exchange.url,
            method=exchange.method,
            status=exchange.status,
            fetched_at=date,
            payload_digest=exchange.payload_digest,
            **_told_from(exchange.body, exchange.headers),
            bytes=len(exchange.body),
            warc_file="",
            warc_offset=-1,
            body_id=record_id,
            etag=_header(exchange.headers, "ETag"),
            last_modified=_header(exchange.headers, "Last-Modified"),
            facts=exchange.facts,
        )
        if before:
            capture = _revisit(capture, before)
        return capture, [request, metadata, response]

    def _same_as(self, exchange: Exchange) -> Capture | None:
        """Return the stored capture this response repeats, if it does."""
        if exchange.status == 304:
            latest = self._store.index.latest(exchange.url, exchange.method, exchange.request_body)
            return latest and self._store.index.get(latest.body_id)
        same = self._store.index.with_payload(exchange.request_key, exchange.payload_digest, exchange.status)
        # What was lost with its file is stored anew.
        return same if same and self._store.path(same.warc_file).exists() else None


def _write_all(file: BinaryIO, data: memoryview) -> None:
    """Write everything: a file without a buffer may take a part at a time."""
    while data:
        data = data[file.write(data) :]


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def warc_path(folder: Path, warc_file: str) -> Path:
    """Return where a WARC file lies, finished or still being written.

    Raises ValueError for a name that is not a plain file name.
    """
    if Path(warc_file).name != warc_file:
        raise ValueError(f"{warc_file!r} is not the name of a WARC file")
    finished = folder / warc_file
    return finished if finished.exists() else folder / (warc_file + OPEN)


def read_record(folder: Path, warc_file: str, warc_offset: int) -> StoredResponse:
    """Read the response record at a place in a WARC file of ``folder``. Writes nothing, needs no index.

    Raises FileNotFoundError when the file is not there, DecodeError when the body cannot be decoded, ValueError when no
    response lies at that place.
    """
    with warc_path(folder, warc_file).open("rb") as file:
        file.seek(warc_offset)
        record = next(iter(ArchiveIterator(file)), None)
        if record is None or record.rec_type != "response":
            raise ValueError(f"{warc_file} holds no response at {warc_offset}")
        headers = list(record.http_headers.headers)
        return StoredResponse(
            url=record.rec_headers.get_header("WARC-Target-URI"),
            status=int(record.http_headers.get_statuscode()),
            headers=headers,
            body=decode_body(record.raw_stream.read(), _header(headers, "Content-Encoding")),
            fetched_at=record.rec_headers.get_header("WARC-Date"),
            facts={},
        )


def read_captures(path: Path) -> Iterator[Capture]:
    """Go through a WARC file and give the captures in it, as the index holds them."""
    facts: dict[str, dict] = {}
    with path.open("rb") as file:
        iterator = ArchiveIterator(file)
        for record in iterator:
            head = record.rec_headers
            if record.rec_type == "metadata":
                facts[_uuid(head.get_header("WARC-Concurrent-To"))] = json.loads(record.raw_stream.read())
            if record.rec_type not in ("response", "revisit"):
                continue
            record_id = _uuid(head.get_header("WARC-Record-ID"))
            known = facts.pop(record_id, {})
            url = head.get_header("WARC-Target-URI")
            key = known.pop("request_key", None) or request_key(url)
            status = known.pop("status", None)
            headers = list(record.http_headers.headers) if record.http_headers else []
            if status is None:
                status = int(record.http_headers.get_statuscode()) if record.http_headers else 304
            body = record.raw_stream.read() if record.rec_type == "response" else b""
            # Asked for after the body is read: asking moves the iterator to the record's end.
            offset = iterator.get_record_offset()
            before = _uuid(head.get_header("WARC-Refers-To") or "")
            yield Capture(
                id=record_id,
                request_key=key,
                url=url,
                method=key.split(" ", 1)[0],
                status=status,
                fetched_at=head.get_header("WARC-Date"),
                payload_digest=head.get_header("WARC-Payload-Digest") or "",
                **_told_from(body, headers),
                bytes=len(body),
                warc_file=path.name.removesuffix(OPEN),
                warc_offset=offset,
                body_id=before or record_id,
                etag=_header(headers, "ETag"),
                last_modified=_header(headers, "Last-Modified"),
                facts=known,
            )


def _revisit(capture: Capture, holder: Capture) -> Capture:
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


def _told_from(body: bytes, headers: Headers) -> dict[str, str]:
    """Return the digest and the media type of a body, decoded where it can be."""
    try:
        plain = decode_body(body, _header(headers, "Content-Encoding"))
    except DecodeError:
        plain = body  # damaged on the way: the bytes as sent are all there is
    return {"sha256": hashlib.sha256(plain).hexdigest(), "media_type": media_type(plain)}


def _without_transfer_coding(headers: Headers) -> Headers:
    """The body is kept with its transfer coding undone, so the header must not claim it still has one."""
    return [
        ("X-Archive-Orig-Transfer-Encoding" if name.lower() == "transfer-encoding" else name, value)
        for name, value in headers
    ]


def _target(url: str) -> str:
    rest = url.split("://", 1)[-1]
    slash = rest.find("/")
    return rest[slash:] if slash >= 0 else "/"


def _header(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name.lower()), None)


def _uuid(urn: str) -> str:
    return urn.strip("<>").removeprefix("urn:uuid:")
