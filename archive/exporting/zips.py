"""Zip files whose bytes depend on nothing but what is in them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

_PIECE = 1 << 20
# rw-r--r--, as Unix says it: what unpacks the file must not depend on who packed it.
_MODE = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a zip: its name, SHA-256 and length in bytes."""

    name: str
    sha256: str
    bytes: int


class SteadyZip:
    """Writes a zip with one date for all its files, in the order they are added. Any size; streams."""

    def __init__(self, path: Path, date: str) -> None:
        """``date`` is ISO 8601, such as ``2026-01-31T03:17:05Z``."""
        self._zip = zipfile.ZipFile(path, "w", allowZip64=True)
        self._date = (*map(int, date[:10].split("-")), *map(int, date[11:19].split(":")))
        self.entries: list[Entry] = []

    def __enter__(self) -> SteadyZip:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def add(self, name: str, data: bytes, *, pack: bool = True) -> Entry:
        """Add a file with these bytes."""
        with self._open(name, pack) as out:
            out.write(data)
        return self._note(Entry(name, hashlib.sha256(data).hexdigest(), len(data)))

    def add_file(self, name: str, path: Path, *, pack: bool = False) -> Entry:
        """Add a file from the disk; stored as it is unless ``pack``."""
        digest, length = hashlib.sha256(), 0
        with path.open("rb") as file, self._open(name, pack) as out:
            while piece := file.read(_PIECE):
                digest.update(piece)
                length += len(piece)
                out.write(piece)
        return self._note(Entry(name, digest.hexdigest(), length))

    @contextmanager
    def _open(self, name: str, pack: bool) -> Iterator[BinaryIO]:
        info = zipfile.ZipInfo(name, self._date)
        info.compress_type = zipfile.ZIP_DEFLATED if pack else zipfile.ZIP_STORED
        info.external_attr = _MODE
        info.create_system = _UNIX
        with self._zip.open(info, "w", force_zip64=True) as out:
            yield out

    def _note(self, entry: Entry) -> Entry:
        self.entries.append(entry)
        return entry
