"""From the bytes of a file to the line `xxgk parse` prints: document, report, checks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from archive.checks.trust import trusted
from archive.checks.within import check_report
from archive.documents.kind import media_type
from archive.documents.model import UnreadableError
from archive.documents.reading import optional_parts, read_document
from archive.forms.report import Report, as_json, read_report


def read_bytes(data: bytes, *, path: str | None = None, hints: Mapping[str, str | None] | None = None) -> dict:
    """Read one file and return the agreed JSON object.

    ``hints`` is what a listing said of it (title, date, publisher). Never raises for what the file holds: a file that
    cannot be read gives ``status`` ``unreadable`` and an ``error`` that says why.
    """
    try:
        document = read_document(data)
    except UnreadableError as error:
        return unreadable(data, str(error), path=path)
    report = read_report(document, hints)
    report, doubts = trusted(report, whole=document.recognised)
    return as_json(report, _source(data, path, document.reader), [*check_report(report), *doubts])


def unreadable(data: bytes, error: str, *, path: str | None = None) -> dict:
    """Return the JSON object for a file that cannot be read, for the reason ``error`` gives."""
    return as_json(Report("unreadable", error=error), _source(data, path, None), [])


def _source(data: bytes, path: str | None, reader: str | None) -> dict:
    return {
        "path": path,
        "sha256": hashlib.sha256(data).hexdigest(),
        "media_type": media_type(data),
        "reader": reader,
        "bytes": len(data),
    }


@cache
def reader_version() -> str:
    """Return a digest of everything that decides what is read: the readers' code and data, and the optional parts.

    Readings made under another version are made again.
    """
    digest = hashlib.sha256()
    for package in ("archive.documents", "archive.forms", "archive.checks"):
        for file in sorted(files(package).iterdir(), key=lambda entry: entry.name):
            if file.name.endswith((".py", ".toml")):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    digest.update((files("archive") / "reading.py").read_bytes())
    digest.update(repr(sorted(optional_parts().items())).encode())
    return digest.hexdigest()[:16]
