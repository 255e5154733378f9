"""What is offered to take away is written with each build, and never half."""

from __future__ import annotations

import hashlib
import sqlite3

import pytest

from archive.exporting import downloads
from archive.exporting.downloads import write_downloads
from archive.nightly import offer_downloads
from tests.database.test_build import CURRENT, Portal, report


@pytest.fixture
def data(tmp_path):
    portal = Portal(tmp_path)
    portal.serves((CURRENT, report(), {}))
    portal.build().close()
    return tmp_path


def test_every_table_the_originals_and_their_digests_are_written(data):
    folder = write_downloads(data)
    lines = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    names = {path.name for path in folder.iterdir()}
    assert {"reports.csv", "reports.parquet", "cells.csv", "requests.csv", "originals.wacz", "codebook.md"} <= names
    assert set(lines) == (names - {"SHA256SUMS"}) | {"archive.db"}
    for name, digest in lines.items():
        path = data / "archive.db" if name == "archive.db" else folder / name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    assert write_downloads(data) == folder
    assert {path.name for path in folder.iterdir()} == names


def test_a_full_disk_leaves_the_files_before_and_says_so(data, monkeypatch):
    folder = write_downloads(data)
    before = (folder / "SHA256SUMS").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(downloads, "write_tables", full)
    (problem,) = offer_downloads(data)
    assert problem["code"] == "downloads-not-written"
    assert "No space left" in problem["message"]
    assert (folder / "SHA256SUMS").read_bytes() == before
    assert sqlite3.connect(data / "archive.db").execute("SELECT count(*) FROM reports").fetchone() == (1,)
