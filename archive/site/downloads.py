"""Whole files to take away: what lies beside the live build, in one piece or by the range asked for."""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from email.utils import formatdate
from functools import cache
from importlib.resources import files
from pathlib import Path

from archive.database.schema import tables
from archive.database.views import views

# The file that says what the others' digests are, in the form of sha256sum.
SUMS = "SHA256SUMS"
_PIECE = 256 * 1024
_MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".db": "application/vnd.sqlite3",
    ".wacz": "application/wacz+zip",
    ".zip": "application/zip",
    ".gz": "application/gzip",
}
_RANGE = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})", re.ASCII)
_SUM = re.compile(r"(?P<digest>[0-9a-f]{64}) [ *](?P<name>.+)")


class RangeError(ValueError):
    """The range asked for lies outside the file."""


@dataclass(frozen=True, slots=True)
class Example:
    """How a file is read with some program: its ``name`` and the ``code``, with {base} for the site's address."""

    key: str
    name: str
    code: str


@cache
def examples() -> tuple[Example, ...]:
    """The examples of ``examples.toml``."""
    data = tomllib.loads((files(__package__) / "examples.toml").read_text("utf-8"))
    return tuple(Example(**{**entry, "code": entry["code"].strip()}) for entry in data["examples"])


@dataclass(frozen=True, slots=True)
class File:
    """A file that is offered: its name, where it lies, bytes, when it was written (UNIX time) and digest if known."""

    name: str
    path: Path
    bytes: int
    written: float
    sha256: str | None = None

    @property
    def etag(self) -> str:
        """What changes whenever the file does."""
        return f'"{self.bytes:x}-{int(self.written * 1e6):x}"'

    @property
    def media_type(self) -> str:
        """The media type its name tells."""
        return _MEDIA_TYPES.get(self.path.suffix if self.name != SUMS else "", "text/plain; charset=utf-8")


def offered(folder: Path, build: Path) -> list[File]:
    """Return the build itself as ``archive.db`` and the files in ``folder``, if there is one, by their paths in it.

    Hidden files and links are left out: what is offered was put there to be.
    """
    found = [_file("archive.db", build)]
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not path.is_symlink() and not re.search(r"(?:^|/)\.", name) and name != "archive.db":
            found.append(_file(name, path))
    sums = _sums(folder / SUMS)
    return [replace(file, sha256=sums.get(file.name)) for file in found]


@dataclass(frozen=True, slots=True)
class Group:
    """The files of one table, or one other file: its ``name``, what it is in ``words`` (None where not known)."""

    name: str
    words: str | None
    files: tuple[File, ...]


def groups(files: Iterable[File], language: str) -> list[Group]:
    """Return the files as they are listed: those of a table together, with what the table holds."""
    by_name: dict[str, list[File]] = {}
    for file in files:
        table = file.path.suffix in (".csv", ".parquet")
        by_name.setdefault(file.path.stem if table else file.name, []).append(file)
    return [Group(name, _meaning(name, language), tuple(found)) for name, found in by_name.items()]


def _meaning(name: str, language: str) -> str | None:
    if name in tables():
        return tables()[name].en if language == "en" else tables()[name].zh
    return views()[name][language == "en"] if name in views() else None


def _file(name: str, path: Path) -> File:
    status = path.stat()
    return File(name, path, status.st_size, status.st_mtime)


def _sums(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    lines = (_SUM.fullmatch(line) for line in path.read_text("utf-8").splitlines())
    return {line["name"]: line["digest"] for line in lines if line}


def byte_range(header: str, length: int) -> tuple[int, int] | None:
    """Return the first and last byte a Range header asks for, None when the whole file is to be sent.

    Several ranges, other units and what is no range are answered with the whole file, as RFC 9110 (14.2) allows.
    Raises RangeError when the range begins past the end.
    """
    found = _RANGE.fullmatch(header.strip())
    if not found or not (found["first"] or found["last"]):
        return None
    if not found["first"]:
        first, last = max(0, length - int(found["last"])), length - 1
        if found["last"].strip("0") == "":
            raise RangeError(header)
    else:
        first, last = int(found["first"]), min(int(found["last"] or length - 1), length - 1)
        if found["last"] and int(found["last"]) < first:
            return None
    if first >= length:
        raise RangeError(header)
    return first, last


class FileAnswer:
    """Answers with a file, read as it is sent: memory does not grow with it."""

    def __init__(self, file: File, asked: Mapping[str, str], headers: Mapping[str, str], *, head: bool) -> None:
        self._file = file
        self._head = head
        self._headers = {
            **headers,
            "accept-ranges": "bytes",
            "content-type": file.media_type,
            "etag": file.etag,
            "last-modified": formatdate(file.written, usegmt=True),
        }
        self._first, self._last = 0, file.bytes - 1
        # A part of an older file is worth nothing to who has the beginning of it.
        fresh = asked.get("if-range") in (None, file.etag, self._headers["last-modified"])
        try:
            wanted = byte_range(asked.get("range", ""), file.bytes) if fresh else None
        except RangeError:
            self.status = 416
            self._headers["content-range"] = f"bytes */{file.bytes}"
            self._last = -1
        else:
            self.status = 206 if wanted else 200
            if wanted:
                self._first, self._last = wanted
                self._headers["content-range"] = f"bytes {wanted[0]}-{wanted[1]}/{file.bytes}"
        self._headers["content-length"] = str(self._last - self._first + 1)

    async def asgi_send(self, send: Callable[[dict], Awaitable[None]]) -> None:
        """Send it. It ends early when the reader leaves, or when the file has lost its end meanwhile."""
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self._headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        left = 0 if self._head else self._last - self._first + 1
        if left > 0:
            with await asyncio.to_thread(self._file.path.open, "rb") as opened:
                await asyncio.to_thread(opened.seek, self._first)
                while left > 0:
                    piece = await asyncio.to_thread(opened.read, min(_PIECE, left))
                    if not piece:
                        break
                    left -= len(piece)
                    await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
                else:
                    return
        await send({"type": "http.response.body", "body": b"", "more_body": False})
