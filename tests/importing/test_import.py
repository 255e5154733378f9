"""What others saved is taken in once, read like the rest, shows where it comes from, and never speaks for the portal."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import os
import random
import sqlite3
import zipfile
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from wacz.main import main as wacz
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.captures import CaptureStore, read_record
from archive.cli import main
from archive.database.build import build
from archive.verify import verify
from tests.database.test_build import CURRENT, Portal, report
from tests.documents.test_docx import report as report_docx
from tests.forms import paper
from tests.forms.test_filling import REAL

REPORT = "nangangqu-jiaoyuju-2023"
SAVED = b"<!-- saved from url=(0050)" + CURRENT.encode() + b" -->\r\n"


def xxgk(data: Path, *words: object) -> Result:
    return CliRunner().invoke(main, ["import", "--data", str(data), *map(str, words)])


def taken(data: Path, *words: object) -> str:
    done = xxgk(data, *words)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()[-1]


def archive(data: Path, sql: str) -> list[tuple]:
    build(data)
    with sqlite3.connect(data / "archive.db") as db:
        return db.execute(sql).fetchall()


@pytest.fixture
def data(tmp_path) -> Path:
    return tmp_path / "data"


def docx() -> bytes:
    return report_docx(REAL["suqian_2023"], paper.Noise(random.Random(1)))


def saved(tmp_path: Path, name: str, body: bytes) -> Path:
    path = tmp_path / "saved" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(body)
    return path


def test_a_page_saved_by_a_browser_is_read_and_shows_where_it_comes_from(data, tmp_path):
    path = saved(tmp_path, "年报.html", SAVED + report())
    assert taken(data, path, "--fetched-at", "2024-03-01T08:00:00+08:00", "--note", "王女士邮件寄来") == (
        "1 new captures, 0 known from before, 0 files not taken in"
    )
    found = archive(
        data, "SELECT url, method, role, fetched_at, outcome, report_id, origin, warc_file, warc_offset FROM captures"
    )
    [(url, method, role, fetched_at, outcome, report_id, origin, warc_file, offset)] = found
    assert (url, method, role, outcome, report_id) == (CURRENT, "IMPORT", "imported", "report", REPORT)
    assert fetched_at == "2024-03-01T00:00:00Z"
    assert "年报.html" in origin
    assert "王女士邮件寄来" in origin
    assert read_record(data / "captures", warc_file, offset).body == path.read_bytes()
    assert archive(data, "SELECT status, url FROM reports") == [("complete", CURRENT)]


def test_a_page_saved_as_mhtml_is_read_and_the_file_kept_as_it_came(data, tmp_path):
    message = MIMEMultipart("related")
    message["From"], message["Snapshot-Content-Location"] = "<Saved by Blink>", CURRENT
    part = MIMEText(report().decode(), "html", "utf-8")
    part["Content-Location"] = CURRENT
    message.attach(part)
    message.attach(MIMEImage(b"\x89PNG\r\n\x1a\n", "png"))
    path = saved(tmp_path, "page.mhtml", message.as_bytes())
    assert taken(data, path).startswith("2 new captures")
    assert taken(data, path).startswith("0 new captures, 2 known")
    assert archive(data, "SELECT id, status, url FROM reports") == [(REPORT, "complete", CURRENT)]
    [(warc_file, offset)] = archive(data, "SELECT warc_file, warc_offset FROM captures WHERE url LIKE 'urn:%'")
    assert read_record(data / "captures", warc_file, offset).body == path.read_bytes()


def test_a_page_saved_by_singlefile_says_where_it_was(data, tmp_path):
    note = f"<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: {CURRENT} \n saved date: Mon -->".encode()
    taken(data, saved(tmp_path, "a.html", note + report()))
    assert archive(data, "SELECT url FROM captures") == [(CURRENT,)]


def test_a_docx_sent_by_mail_needs_no_address(data, tmp_path):
    taken(data, saved(tmp_path, "附件.docx", docx()))
    [(url, outcome, report_id)] = archive(data, "SELECT url, outcome, report_id FROM captures")
    assert url == "urn:sha256:" + hashlib.sha256((tmp_path / "saved" / "附件.docx").read_bytes()).hexdigest()
    assert (outcome, report_id) == ("report", REPORT)


def test_whose_report_a_document_is_can_be_said_where_it_does_not_say_itself(data, tmp_path):
    nameless = saved(tmp_path, "nameless.html", report(agency=""))
    taken(data, nameless, "--agency", "南岗区民政局", "--year", "2023")
    assert archive(data, "SELECT id FROM reports") == [("nangangqu-minzhengju-2023",)]


def test_an_import_never_speaks_for_a_report_the_portal_served(data, tmp_path):
    portal = Portal(data)
    portal.serves((CURRENT, report(), {}))
    changed = saved(tmp_path, "changed.html", SAVED + report().replace(b"1191", b"9999"))
    elsewhere = saved(tmp_path, "other.html", report().replace(b"1191", b"8888"))
    taken(data, changed, "--fetched-at", "2026-01-01")
    taken(data, elsewhere, "--url", "http://copy.localhost/a.html")
    granted = (
        "SELECT value FROM requests_cells"
        and "SELECT value FROM cells WHERE \"row\" = 'granted' AND \"column\" = 'total'"
    )
    assert archive(data, granted) == [(1191,)]
    outcomes = archive(data, "SELECT method, outcome, report_id FROM captures ORDER BY method, url")
    assert outcomes == [("GET", "report", REPORT), ("IMPORT", "duplicate", REPORT), ("IMPORT", "duplicate", REPORT)]
    assert archive(data, "SELECT count(*) FROM versions") == [(1,)]


def test_the_crawler_never_takes_an_import_for_what_the_portal_answered(data, tmp_path):
    taken(data, saved(tmp_path, "page.html", SAVED + report()))
    store = CaptureStore(data / "captures")
    assert store.index.latest(CURRENT) is None
    assert list(store.index.all("article")) == []
    store.close()


def test_taking_a_file_in_twice_adds_nothing(data, tmp_path):
    files = [
        saved(tmp_path, "1.html", report()),
        saved(tmp_path, "2.warc.gz", crawl()),
        saved(tmp_path, "3.docx", docx()),
    ]
    first = taken(data, *files)
    size = sum(path.stat().st_size for path in (data / "captures").glob("*.warc.gz"))
    assert first.startswith("7 new captures, 0 known")
    assert taken(data, *files).startswith("0 new captures, 7 known")
    assert sum(path.stat().st_size for path in (data / "captures").glob("*.warc.gz")) == size
    renamed = saved(tmp_path, "renamed.html", files[0].read_bytes())
    assert taken(data, renamed).startswith("0 new")


def crawl(*, packed: bool = True, version: str = "WARC/1.0") -> bytes:
    """A crawl of another's: a chunked answer, a packed one, one served again, a file of its own, and what is no page."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version=version)

    def add(
        kind: str, url: str, body: bytes, date: str, *headers: tuple[str, str], status: str = "200 OK", **more: object
    ) -> None:
        answer = StatusAndHeaders(status, [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                url, kind, io.BytesIO(body), len(body),
                http_headers=answer if kind == "response" else None, warc_headers_dict={"WARC-Date": date}, **more,
            )
        )  # fmt: skip

    page = report()
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (page[:1000], page[1000:])) + b"0\r\n\r\n"
    writer.write_record(writer.create_warcinfo_record("crawl.warc.gz", {"software": "Browsertrix"}))
    add("response", CURRENT, chunked, "2023-02-01T00:00:00Z", ("Transfer-Encoding", "chunked"))
    other = gzip.compress(report(agency="南岗区民政局"), mtime=0)
    add("response", CURRENT + "?2", other, "2023-02-01T00:00:01Z", ("Content-Encoding", "gzip"))
    again = writer.create_revisit_record(
        CURRENT + "?2", _digest(other), CURRENT + "?2", "2023-02-01T00:00:01Z",
        warc_headers_dict={"WARC-Date": "2023-02-08T00:00:00Z"},
    )  # fmt: skip
    writer.write_record(again)
    add(
        "resource",
        "http://www.hrb.localhost/files/a.docx",
        docx(),
        "2023-02-01T00:00:02Z",
        warc_content_type="application/msword",
    )
    add("response", "http://www.hrb.localhost/a.css", b"p{}", "2023-02-01T00:00:03Z")
    add("response", "http://www.hrb.localhost/gone", b"no", "2023-02-01T00:00:04Z", status="404 Not Found")
    add("resource", "urn:pageinfo:" + CURRENT, b"{}", "2023-02-01T00:00:05Z", warc_content_type="application/json")
    return out.getvalue()


def _digest(body: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode()


@pytest.mark.parametrize(("packed", "version"), [(True, "WARC/1.0"), (False, "WARC/1.0"), (True, "WARC/1.1")])
def test_a_whole_crawl_is_taken_in_record_by_record(data, tmp_path, packed, version):
    done = xxgk(data, saved(tmp_path, "crawl.warc", crawl(packed=packed, version=version)))
    assert done.stdout.splitlines()[-1].startswith("5 new captures"), done.output
    assert "left out 1: the server answered 404" in done.stderr
    assert "left out 1: it is no page of the web" in done.stderr
    store = CaptureStore(data / "captures")
    kept = {(capture.url, capture.fetched_at): (capture, store.response(capture).body) for capture in store.index.all()}
    store.close()
    assert kept[CURRENT, "2023-02-01T00:00:00Z"][1] == report()
    assert kept[CURRENT + "?2", "2023-02-01T00:00:01Z"][1] == report(agency="南岗区民政局")
    revisit, body = kept[CURRENT + "?2", "2023-02-08T00:00:00Z"]
    assert (revisit.new, body) == (False, report(agency="南岗区民政局"))
    assert (verify(data).problems, verify(data).notes) == ([], [])
    reports = archive(data, "SELECT id, last_seen FROM reports ORDER BY id")
    assert reports == [(REPORT, "2023-02-01T00:00:02Z"), ("nangangqu-minzhengju-2023", "2023-02-08T00:00:00Z")]


def test_a_wacz_is_taken_in_and_our_own_adds_nothing(data, tmp_path):
    warc = saved(tmp_path, "crawl.warc.gz", crawl())
    assert wacz(["create", "-o", str(tmp_path / "crawl.wacz"), str(warc)]) == 0
    assert taken(data, tmp_path / "crawl.wacz").startswith("5 new captures")
    build(data)
    done = CliRunner().invoke(main, ["export", "--data", str(data), "--wacz", str(tmp_path / "own.wacz")])
    assert done.exit_code == 0, done.output
    assert taken(data, tmp_path / "own.wacz").startswith("0 new captures, 5 known")


def test_the_index_of_imports_is_made_again_from_the_files(data, tmp_path):
    taken(data, saved(tmp_path, "1.html", SAVED + report()), saved(tmp_path, "crawl.warc.gz", crawl()))
    store = CaptureStore(data / "captures")
    before = list(store.index.all())
    store.close()
    for path in (data / "captures").glob("index.db*"):
        path.unlink()
    store = CaptureStore(data / "captures")
    store.repair()
    assert list(store.index.all()) == before
    store.close()


@pytest.mark.parametrize(
    "name", ["..%2f..%2fetc", "a" * 240 + ".html", "-rf.html", "'; DROP TABLE x.html", "\n\x1b[31m.html"]
)
def test_whatever_a_file_is_called_nothing_is_written_outside_the_data_folder(data, tmp_path, name):
    path = saved(tmp_path, name, report())
    before = {entry for entry in tmp_path.rglob("*") if data not in entry.parents and entry != data}
    taken(data, "--", path)
    after = {entry for entry in tmp_path.rglob("*") if data not in entry.parents and entry != data}
    assert after == before
    assert {entry.suffix for entry in (data / "captures").glob("2*")} == {".gz"}
    [(origin,)] = archive(data, "SELECT origin FROM captures")
    assert len(origin) < 300
    assert not set(origin) & {"\n", "\x1b"}


def test_names_and_notes_without_end_are_cut(data, tmp_path):
    taken(data, saved(tmp_path, "a.html", report()), "--note", "../" * 5000)
    [(origin,)] = archive(data, "SELECT origin FROM captures")
    assert len(origin) < 400


def test_a_folder_is_gone_through_without_links_scripts_and_hidden_files(data, tmp_path):
    folder = tmp_path / "saved"
    page = saved(tmp_path, "page.html", report())
    (folder / "page_files").mkdir()
    (folder / "page_files" / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / ".hidden.html").write_bytes(report(year="2022"))
    (folder / "style.css").write_bytes(b"p{}")
    (tmp_path / "secret.html").write_bytes(report(year="2021"))
    (folder / "link.html").symlink_to(tmp_path / "secret.html")
    (folder / "root").symlink_to("/")
    assert taken(data, folder).startswith("1 new captures")
    assert archive(data, "SELECT sha256 FROM captures") == [(hashlib.sha256(page.read_bytes()).hexdigest(),)]


def test_what_cannot_be_taken_in_is_said_and_the_rest_is_taken(data, tmp_path):
    torn = saved(tmp_path, "torn.warc.gz", crawl()[:-40])
    program = saved(tmp_path, "program.exe", b"MZ\x90\x00" + os.urandom(200))
    broken = saved(tmp_path, "broken.warc.gz", gzip.compress(b"WARC/1.0\r\nnothing of the kind"))
    good = saved(tmp_path, "good.html", report(year="2020"))
    done = xxgk(data, torn, program, broken, good)
    assert done.exit_code == 1
    assert "program.exe: not taken in: no report is such a file" in done.stderr
    assert "6 new captures" in done.stdout
    assert verify(data).sound


def test_a_bomb_of_a_wacz_is_refused_or_bounded(data, tmp_path):
    path = tmp_path / "bomb.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("datapackage.json", "{}")
        file.writestr("archive/../../evil.warc", b"\0" * 10_000_000)
    done = xxgk(data, path)
    assert done.exit_code == 1
    assert not list(tmp_path.rglob("evil*"))


def test_an_address_goes_with_one_file_and_must_be_one_of_the_web(data, tmp_path):
    one, two = saved(tmp_path, "1.html", report()), saved(tmp_path, "2.html", report(year="2022"))
    assert xxgk(data, one, two, "--url", CURRENT).exit_code == 2
    assert xxgk(data, one, "--url", "file:///etc/passwd").exit_code == 2
    assert xxgk(data, one, "--fetched-at", "yesterday").exit_code == 2
    assert not (data / "captures").exists()
