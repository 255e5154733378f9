"""Goes through a WARC file of ours byte by byte: each gzip member, the record in it, its digests.

For checking, and on purpose not with the library that wrote the file: two readings that agree are worth more than one.
The form is ISO 28500 (WARC 1.1), one record a gzip member (its annex D).
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

# Read in pieces of this many bytes: small enough for any machine, large enough to be fast.
_PIECE = 1 << 18
_END_OF_RECORD = b"\r\n\r\n"


class DamageError(ValueError):
    """A WARC file is not whole from ``offset`` on."""

    def __init__(self, offset: int, what: str) -> None:
        super().__init__(f"{what} at byte {offset}" if offset else what)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record: where its gzip member begins and ends in the file, its named fields (lower case) and its block."""

    offset: int
    end: int
    fields: dict[str, str]
    block: bytes

    @property
    def type(self) -> str:
        """``response``, ``revisit``, ``resource``, ``request``, ``metadata``, ``warcinfo``, ..."""
        return self.fields.get("warc-type", "")

    @property
    def id(self) -> str:
        """The UUID of the record."""
        return bare_uuid(self.fields.get("warc-record-id", ""))

    @property
    def payload(self) -> bytes:
        """The block without the HTTP head, for the records that have one."""
        if not self.fields.get("content-type", "").startswith("application/http"):
            return self.block
        return self.block.partition(b"\r\n\r\n")[2]

    def wrong_digests(self) -> list[str]:
        """Return the names of the digests the record carries that its bytes do not give."""
        checked = {"WARC-Block-Digest": self.block}
        if self.type != "revisit":  # its payload digest is that of the record it refers to
            checked["WARC-Payload-Digest"] = self.payload
        return [
            name
            for name, data in checked.items()
            if (said := self.fields.get(name.lower())) is not None and said != sha1(data)
        ]


def bare_uuid(urn: str) -> str:
    """Return the UUID in ``<urn:uuid:...>``."""
    return urn.strip("<>").removeprefix("urn:uuid:")


def sha1(data: bytes) -> str:
    """Return the SHA-1 of bytes in the base32 form WARC tools expect."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def walk(path: Path) -> Iterator[RawRecord]:
    """Go through the records of a gzip WARC file, one a member.

    Raises DamageError at the first byte from which the file is not whole; the records before it have come by then.
    """
    with path.open("rb") as file:
        for offset, end, plain in _members(file):
            yield _record(offset, end, plain)


def _members(file: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """Go through the gzip members: where each begins and ends, and what it holds."""
    offset = position = 0
    waiting = b""
    while True:
        decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
        pieces = []
        while not decoder.eof:
            piece = waiting or file.read(_PIECE)
            if not piece:
                if position > offset:
                    raise DamageError(offset, "a record is cut short")
                return
            try:
                pieces.append(decoder.decompress(piece))
            except zlib.error as error:
                raise DamageError(offset, f"a record cannot be unpacked ({error})") from error
            waiting = decoder.unused_data
            position += len(piece) - len(waiting)
        yield offset, position, b"".join(pieces)
        offset = position


def _record(offset: int, end: int, plain: bytes) -> RawRecord:
    head, found, rest = plain.partition(b"\r\n\r\n")
    version, *lines = head.decode("utf-8", "replace").split("\r\n")
    if not found or not version.startswith("WARC/1."):
        raise DamageError(offset, "there is no WARC record")
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = fields.get("content-length", "")
    if not length.isdigit() or len(rest) != int(length) + len(_END_OF_RECORD) or not rest.endswith(_END_OF_RECORD):
        raise DamageError(offset, "a record is not as long as it says")
    return RawRecord(offset, end, fields, rest[: -len(_END_OF_RECORD)])
