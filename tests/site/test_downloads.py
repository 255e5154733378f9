"""Whole files arrive whole, or by the range asked for; the examples beside them work as they stand."""

from __future__ import annotations

import contextlib
import io
import sqlite3
import urllib.request
from urllib.error import HTTPError

import duckdb
import pytest
from bs4 import BeautifulSoup

from archive.exporting.tables import write_tables
from archive.site.downloads import RangeError, byte_range
from tests.site import world
from tests.site.test_serve import serving


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    world.publish(folder)
    write_tables(folder / "archive.db", folder / "downloads")
    sums = [f"{file.sha256}  {file.path.name}" for file in write_tables(folder / "archive.db", folder / "downloads")]
    (folder / "downloads" / "SHA256SUMS").write_text("\n".join(sums) + "\n", "utf-8")
    (folder / "downloads" / ".waiting.csv").write_text("not yet", "utf-8")
    (folder / "secret.txt").write_text("secret", "utf-8")
    (folder / "downloads" / "link.csv").symlink_to(folder / "secret.txt")
    return folder


@pytest.fixture(scope="module")
def address(data):
    with serving(data) as (_, found):
        yield found


def get(address: str, **headers: str):
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
        return answer.status, dict(answer.headers), answer.read()


def status_of(address: str, **headers: str) -> int:
    try:
        return get(address, **headers)[0]
    except HTTPError as error:
        return error.code


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 0)),
        ("bytes=10-", (10, 99)),
        ("bytes=90-200", (90, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-1000", (0, 99)),
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=٣-٥", None),
    ],
)
def test_a_range_is_read_as_rfc_9110_has_it(header, expected):
    assert byte_range(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_past_the_end_is_refused(header):
    with pytest.raises(RangeError):
        byte_range(header, 100)


def test_the_page_lists_every_file_with_its_size_and_digest_and_no_other(address, data):
    page = BeautifulSoup(get(f"{address}download")[2], "lxml")
    listed = {link["href"].removeprefix("/download/") for link in page.select("table.files a")}
    there = {path.name for path in (data / "downloads").iterdir()} - {".waiting.csv", "link.csv"}
    assert listed == there | {"archive.db"}
    assert "新收" not in page.select_one("table.files").get_text()
    digests = {line.th.get_text(): line.select_one(".digest").get_text() for line in page.select("details tbody tr")}
    import hashlib

    assert digests["cells.csv"] == hashlib.sha256((data / "downloads" / "cells.csv").read_bytes()).hexdigest()


def test_a_file_arrives_whole_with_its_length_and_can_be_taken_up_where_it_broke_off(address, data, tmp_path):
    whole = (data / "downloads" / "cells.csv").read_bytes()
    status, headers, body = get(f"{address}download/cells.csv")
    assert (status, int(headers["content-length"]), body) == (200, len(whole), whole)
    assert headers["accept-ranges"] == "bytes"
    half = len(whole) // 2
    status, headers, rest = get(f"{address}download/cells.csv", Range=f"bytes={half}-", **{"If-Range": headers["etag"]})
    assert (status, headers["content-range"]) == (206, f"bytes {half}-{len(whole) - 1}/{len(whole)}")
    assert whole[:half] + rest == whole
    # The rest of another file than the one begun is of no use: the whole comes.
    status, _, body = get(f"{address}download/cells.csv", Range=f"bytes={half}-", **{"If-Range": '"older"'})
    assert (status, body) == (200, whole)
    assert status_of(f"{address}download/cells.csv", Range=f"bytes={len(whole)}-") == 416
    taken = tmp_path / "taken.db"
    taken.write_bytes(get(f"{address}download/archive.db")[2])
    with contextlib.closing(sqlite3.connect(taken)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM reports WHERE agency_id = ?", [world.CIVIL]).fetchone() == (5,)


@pytest.mark.parametrize(
    "name",
    ["../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", ".waiting.csv", "link.csv", "nothing.csv", "/etc/passwd"],
)
def test_only_what_is_offered_is_handed_out(address, name):
    assert status_of(f"{address}download/{name}") == 404


def test_the_examples_for_pandas_and_duckdb_give_the_numbers(address, data, monkeypatch):
    page = BeautifulSoup(get(f"{address}download")[2], "lxml")
    examples = {pre["aria-label"]: pre.get_text() for pre in page.select("pre.command")}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(examples["Python · pandas"], "example", "exec"), {})
    line = next(line for line in printed.getvalue().splitlines() if line.startswith("道里区民政局"))
    # The sample's two years before 2022 have no column of these bodies' alone; the numbers are in order of year.
    assert [int(float(number)) for number in line.split()[1:]] == list(world.NEW[world.CIVIL])
    monkeypatch.chdir(data / "downloads")
    rows = duckdb.sql(examples["DuckDB"]).fetchall()
    assert [total for agency, _, total in rows if agency == "平房区财政局"] == [44, 40, 52, 58]
