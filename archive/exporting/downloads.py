"""The files the site offers to take away: every table, the originals, the code book, and their digests."""

from __future__ import annotations

import shutil
from pathlib import Path

from archive import codebook
from archive.exporting.tables import file_sha256, write_tables
from archive.exporting.wacz import write_wacz

FOLDER = "downloads"
# The names the site knows them by.
ORIGINALS = "originals.wacz"
SUMS = "SHA256SUMS"


def write_downloads(data: Path) -> Path:
    """Write the files for the live archive of ``data`` into ``<data>/downloads`` and return that folder.

    A new folder takes the place of the one before when it is whole. To be called under the lock of ``data``, after a
    build: the captures were mended by that. Raises OSError, sqlite3.Error or ExportError; the folder before stays.
    """
    target = data / FOLDER
    waiting, old = target.with_name(FOLDER + ".next"), target.with_name(FOLDER + ".old")
    for left in (waiting, old):
        shutil.rmtree(left, ignore_errors=True)
    waiting.mkdir(parents=True)
    live = (data / "archive.db").resolve()
    write_tables(live, waiting)
    write_wacz(waiting / ORIGINALS, data, checked=True)
    (waiting / "codebook.md").write_text(codebook.as_markdown(), "utf-8")
    (waiting / "codebook.csv").write_text(codebook.as_csv(), "utf-8")
    files = {path.name: path for path in sorted(waiting.iterdir())} | {"archive.db": live}
    sums = "".join(f"{file_sha256(path)}  {name}\n" for name, path in files.items())
    (waiting / SUMS).write_text(sums, "utf-8")
    if target.exists():
        target.rename(old)
    waiting.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target
