"""From a bundle to the same archive on another machine."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from archive.captures import CaptureStore
from archive.exporting.bundle import DATABASE, ORIGINALS, RUNS, SUMS
from archive.verify import verify

# What a bundle may name: a file in it, or in one folder of it, never one elsewhere.
_SAFE_NAME = re.compile(r"(?:[A-Za-z0-9][\w.-]*/)?[A-Za-z0-9][\w.-]*")
_WARC_NAME = re.compile(r"archive/([A-Za-z0-9][\w.-]*\.warc\.gz)")


class RestoreError(ValueError):
    """A bundle that cannot be restored; the message says why. Nothing was written."""


def restore(bundle: Path, data: Path) -> int:
    """Make the data folder ``data`` from a bundle, verify it and return how many captures it holds.

    ``bundle`` is the folder or the zip `xxgk export` wrote. ``data`` must not exist, or be empty: it appears whole or
    not at all. Raises RestoreError.
    """
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise RestoreError(f"{data} is not empty: give the name of a new folder")
    data.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data.parent, prefix=".restore-") as waiting:
        unpacked = Path(waiting) / "bundle"
        with _opened(bundle, unpacked) as folder:
            _check_sums(folder)
            fresh = Path(waiting) / "data"
            _put_back(folder, fresh)
        store = CaptureStore(fresh / "captures")
        store.repair()
        store.close()
        found = verify(fresh)
        if not found.sound:
            raise RestoreError(f"what was restored is not sound.\n{found.describe()}")
        if data.exists():
            data.rmdir()
        fresh.rename(data)
    return found.captures


@contextmanager
def _opened(bundle: Path, unpacked: Path) -> Iterator[Path]:
    """Give the folder of a bundle, a zip unpacked to ``unpacked`` for the while."""
    if bundle.is_dir():
        yield bundle
        return
    if not zipfile.is_zipfile(bundle):
        raise RestoreError(f"{bundle} is no bundle: neither a folder nor a zip file")
    with zipfile.ZipFile(bundle) as file:
        for info in file.infolist():
            if not _SAFE_NAME.fullmatch(info.filename):
                raise RestoreError(f"the bundle names a file {info.filename!r}, which is none of ours")
            target = unpacked / info.filename
            target.parent.mkdir(parents=True, exist_ok=True)
            with file.open(info) as source, target.open("wb") as out:
                shutil.copyfileobj(source, out)
    yield unpacked
    shutil.rmtree(unpacked)


def _check_sums(folder: Path) -> None:
    """Compare every file with SHA256SUMS."""
    sums = folder / SUMS
    if not sums.is_file():
        raise RestoreError(f"{folder} is no bundle: it has no {SUMS}")
    named = set()
    for line in sums.read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        if not _SAFE_NAME.fullmatch(name):
            raise RestoreError(f"{SUMS} names a file {name!r}, which is none of ours")
        path = folder / name
        if not path.is_file():
            raise RestoreError(f"the bundle lacks {name}: copy it anew")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise RestoreError(f"{name} is not what was exported: copy the bundle anew")
        named.add(name)
    missing = {DATABASE, ORIGINALS} - named
    if missing:
        raise RestoreError(f"{SUMS} does not name {', '.join(sorted(missing))}: this is no bundle")


def _put_back(folder: Path, data: Path) -> None:
    (data / "captures").mkdir(parents=True)
    with zipfile.ZipFile(folder / ORIGINALS) as file:
        for info in file.infolist():
            warc = _WARC_NAME.fullmatch(info.filename)
            if warc:
                with file.open(info) as source, (data / "captures" / warc[1]).open("wb") as out:
                    _copy(source, out)
    (data / "runs").mkdir()
    for path in sorted((folder / RUNS).glob("*.json")):
        shutil.copyfile(path, data / "runs" / path.name)
    (data / "builds").mkdir()
    build = data / "builds" / "archive-00000000T000000000000Z.db"
    shutil.copyfile(folder / DATABASE, build)
    build.chmod(0o444)
    (data / "archive.db").symlink_to(build.relative_to(data))


def _copy(source: BinaryIO, out: BinaryIO) -> None:
    shutil.copyfileobj(source, out, 1 << 20)
