"""Writes the WARC files: the exchanges of one run, each as it came, complete or not at all."""

from __future__ import annotations

import logging
import os
import sqlite3
import uuid
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.warcwriter import WARCWriter

from archive.captures.exchange import Capture, Exchange
from archive.captures.index import CaptureIndex
from archive.captures.reading import OPEN, as_revisit, header_of, told_from, warc_path
from archive.captures.records import records_of, warc_date

logger = logging.getLogger(__name__)

# A new file is begun past this size, so that one can be copied, checked or lost without much else. In bytes; about
# what the field's crawlers use.
ROTATE_AT = 1_000_000_000


class CaptureWriter:
    """Writes the exchanges of one run."""

    def __init__(
        self,
        folder: Path,
        index: CaptureIndex,
        run_id: str,
        description: dict[str, str],
        rotate_at: int = ROTATE_AT,
    ) -> None:
        self._folder = folder
        self._index = index
        self._run_id = run_id
        self._rotate_at = rotate_at
        self._description = {"format": "WARC File Format 1.1", **description}
        self._file: BinaryIO | None = None
        self._path = Path()
        self._number = 0

    def write(self, exchange: Exchange, *, repeats: Capture | None = None) -> Capture:
        """Write one exchange and index it; the bytes are with the operating system when this returns.

        ``repeats`` is the capture whose bytes it is known to repeat; otherwise the index is asked. The response comes
        last, after its request and its facts: a write cut short leaves no response without them.
        Raises OSError, or sqlite3.Error from the index, when the disk does not take it; the file then ends where it
        did before.
        """
        if self._file is None or self._file.tell() > self._rotate_at:
            self._begin_file()
        before = repeats or self._same_as(exchange)
        capture = _capture(exchange, before)
        buffer = BytesIO()
        writer = WARCWriter(buffer, gzip=True, warc_version="WARC/1.1")
        for record in records_of(exchange, capture.id, before):
            last = buffer.tell()
            writer.write_record(record)
        start = self._file.tell()
        capture = replace(capture, warc_file=self._path.name, warc_offset=start + last)
        try:
            _write_all(self._file, buffer.getbuffer())
            self._index.add(capture)
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
            self._index.set_size(self._path.name, self._path.stat().st_size)
        except sqlite3.Error as error:
            logger.warning("%s is not noted as indexed (%s): the next start reads it again", self._path.name, error)

    def _begin_file(self) -> None:
        self.close()
        # A run id used before has files already, which stay as they are.
        name = f"{self._run_id}-{self._number + 1:05d}.warc.gz"
        while warc_path(self._folder, name).exists():
            self._number += 1
            name = f"{self._run_id}-{self._number + 1:05d}.warc.gz"
        self._number += 1
        self._path = self._folder / name
        buffer = BytesIO()
        writer = WARCWriter(buffer, gzip=True, warc_version="WARC/1.1")
        writer.write_record(writer.create_warcinfo_record(self._path.name, self._description))
        # Without a buffer of Python's own: what it could not write it would try again, behind our back.
        self._file = self._path.with_name(self._path.name + OPEN).open("xb", buffering=0)
        _write_all(self._file, buffer.getbuffer())
        # The name, too, is to outlast a power cut: captures of a file that is gone could not be told from a loss.
        _sync_folder(self._folder)

    def _same_as(self, exchange: Exchange) -> Capture | None:
        """Return the stored capture this response repeats, if it does."""
        if exchange.status == 304:
            latest = self._index.latest(exchange.url, exchange.method, exchange.request_body)
            same = latest and self._index.get(latest.body_id)
        else:
            same = self._index.with_payload(exchange.request_key, exchange.payload_digest, exchange.status)
        # What was lost with its file is stored anew.
        return same if same and warc_path(self._folder, same.warc_file).exists() else None


def _capture(exchange: Exchange, before: Capture | None) -> Capture:
    """Return the entry of the index for an exchange, but for its place."""
    record_id = str(uuid.uuid4())
    capture = Capture(
        id=record_id,
        request_key=exchange.request_key,
        url=exchange.url,
        method=exchange.method,
        status=exchange.status,
        fetched_at=warc_date(exchange),
        payload_digest=exchange.payload_digest,
        **told_from(exchange.body, exchange.headers),
        bytes=len(exchange.body),
        warc_file="",
        warc_offset=-1,
        body_id=record_id,
        etag=header_of(exchange.headers, "ETag"),
        last_modified=header_of(exchange.headers, "Last-Modified"),
        facts=exchange.facts,
    )
    return as_revisit(capture, before) if before else capture


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
