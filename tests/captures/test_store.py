"""What is captured can be read back, checked by the field's own tools, and survives a writer that is killed."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.captures import CaptureStore, DecodeError, Exchange, decode_body

FASTWARC = Path(sys.executable).with_name("fastwarc")
URL = "http://www.example.localhost/a?b=1"


def exchange(body: bytes = b"<p>1</p>", status: int = 200, url: str = URL, **more) -> Exchange:
    headers = more.pop("headers", [("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return Exchange(
        url=url, status=status, headers=headers, body=body, fetched_at=datetime(2026, 1, 31, 3, 17, 5, tzinfo=UTC),
        request_headers=[("Host", "www.example.localhost")], reason="OK",
        facts={"role": "article", "listed": {"title": "南岗区"}}, **more,
    )  # fmt: skip


@pytest.fixture
def store(tmp_path):
    store = CaptureStore(tmp_path / "captures")
    yield store
    store.close()


def writer(store: CaptureStore, run: str = "20260131T031700Z"):
    return store.writer(run_id=run, software="test/1")


def test_a_response_is_read_back_with_every_header_and_its_facts(store):
    out = writer(store)
    capture = out.write(exchange("<p>南岗区</p>".encode()))
    out.close()
    stored = store.response(capture)
    assert stored.body.decode() == "<p>南岗区</p>"
    assert [value for name, value in stored.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert stored.facts == {"role": "article", "listed": {"title": "南岗区"}}
    assert (stored.status, stored.fetched_at) == (200, "2026-01-31T03:17:05Z")


def test_the_same_bytes_again_are_stored_once_and_still_read(store):
    out = writer(store)
    body = os.urandom(50_000)
    first = out.write(exchange(body))
    size = store.path(first.warc_file).stat().st_size
    again = out.write(exchange(body))
    not_modified = out.write(exchange(b"", status=304))
    assert (first.new, again.new, not_modified.new) == (True, False, False)
    assert store.path(first.warc_file).stat().st_size - size < 5_000
    assert store.response(again).body == store.response(not_modified).body == body
    assert not_modified.sha256 == first.sha256


def test_the_same_body_to_another_form_post_is_another_capture(store):
    out = writer(store)
    one = out.write(exchange(method="POST", request_body=b"currpage=1"))
    two = out.write(exchange(method="POST", request_body=b"currpage=2"))
    assert one.new
    assert two.new
    assert store.index.latest(URL, "POST", b"currpage=1").id == one.id


def test_an_error_answer_never_hides_the_last_good_one(store):
    out = writer(store)
    good = out.write(exchange())
    out.write(exchange(b"gone", status=404))
    again = out.write(exchange(b"gone", status=404))
    assert not again.new, "the same error page is stored once, too"
    assert store.index.latest(URL).id == good.id


def test_the_index_made_again_from_the_files_is_the_same(store, tmp_path):
    out = writer(store)
    for number, body in enumerate((b"1", b"2", b"1")):
        out.write(exchange(body, headers=[("ETag", '"x"'), ("Last-Modified", "Sat, 31 Jan 2026 03:17:05 GMT")]))
        out.close()
        out = writer(store, f"2026013{number}T041700Z")
    out.write(exchange(b"", status=304))
    out.write(exchange(b"q", method="POST", request_body=b"a=1&a=2"))
    out.close()
    before = list(store.index.all())
    store.close()
    for path in (tmp_path / "captures").glob("index.db*"):
        path.unlink()
    fresh = CaptureStore(tmp_path / "captures")
    fresh.repair()
    assert list(fresh.index.all()) == before
    fresh.close()


def test_entries_the_index_lost_are_found_again_in_the_files(store):
    out = writer(store)
    for number in range(5):
        out.write(exchange(b"%d" % number))
    out.close()
    before = list(store.index.all())
    store.index.forget_from(before[0].warc_file, before[3].warc_offset)
    store.index.set_size(before[0].warc_file, 1)
    store.repair()
    assert list(store.index.all()) == before


def test_the_files_pass_the_checks_of_the_field(store):
    out = writer(store)
    for number in range(20):
        out.write(exchange(gzip.compress(b"%d" % number), headers=[("Content-Encoding", "gzip")]))
    out.write(exchange(b"", status=304, headers=[]))
    out.write(exchange(b"x", headers=[("Transfer-Encoding", "chunked")]))
    out.close()
    for path in store.warc_files():
        assert subprocess.run([FASTWARC, "check", path], capture_output=True, check=False).returncode == 0
        assert subprocess.run(["gzip", "-t", path], capture_output=True, check=False).returncode == 0


@settings(max_examples=25, deadline=None)
@given(cut=st.floats(0, 1), bodies=st.lists(st.binary(max_size=400), min_size=1, max_size=6))
def test_a_file_torn_at_any_byte_keeps_every_whole_record(tmp_path_factory, cut, bodies):
    folder = tmp_path_factory.mktemp("torn")
    store = CaptureStore(folder)
    out = writer(store)
    written = [out.write(exchange(body + b"%d" % number)) for number, body in enumerate(bodies)]
    ends = [capture.warc_offset for capture in written[1:]]
    path = store.path(written[0].warc_file)
    assert path.name.endswith(".open"), "the file is still being written"
    at = int(cut * path.stat().st_size)
    os.truncate(path, at)
    store.close()

    fresh = CaptureStore(folder)
    writer(fresh, "20260201T031700Z").write(exchange(b"after", url=URL + "2"))
    # A record whose next one begins at or before the cut was whole.
    whole = [capture for capture, end in zip(written, ends, strict=False) if end <= at]
    for capture in whole:
        assert (
            fresh.response(fresh.index.get(capture.id)).body == fresh.read(capture.warc_file, capture.warc_offset).body
        )
    for capture in fresh.index.all():
        fresh.response(capture)
    assert all(capture.warc_offset < at for capture in fresh.index.all() if capture.warc_file == written[0].warc_file)
    fresh.close()


def test_a_writer_killed_in_the_middle_loses_nothing_it_had_written(tmp_path):
    code = f"""
import os, signal, sys
sys.path.insert(0, {str(Path.cwd())!r})
from tests.captures.test_store import exchange, writer, CaptureStore
from pathlib import Path
store = CaptureStore(Path({str(tmp_path)!r}))
out = writer(store)
for number in range(10):
    out.write(exchange(b"body %d" % number, url="http://a.localhost/%d" % number))
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False)
    assert killed.returncode == -9
    store = CaptureStore(tmp_path)
    store.repair()
    bodies = {store.response(capture).body for capture in store.index.all()}
    assert bodies == {b"body %d" % number for number in range(10)}
    assert [path.suffix for path in store.warc_files()] == [".gz"]
    store.close()


def test_bytes_lost_with_their_file_are_stored_anew(store):
    out = writer(store)
    lost = out.write(exchange(b"body"))
    out.close()
    store.path(lost.warc_file).unlink()
    again = writer(store, "20260201T031700Z").write(exchange(b"body"))
    assert again.new
    assert store.response(again).body == b"body"


def test_a_run_id_used_again_overwrites_nothing(store):
    first = writer(store)
    one = first.write(exchange(b"first"))
    first.close()
    second = writer(store)
    two = second.write(exchange(b"second"))
    second.close()
    assert (store.response(one).body, store.response(two).body) == (b"first", b"second")


def test_a_name_with_a_path_in_it_is_refused(store):
    with pytest.raises(ValueError, match="not the name"):
        store.path("../../etc/passwd")


def test_bodies_are_decoded_and_damaged_ones_refused():
    body = "政府".encode() * 100
    packed = gzip.compress(body)
    assert decode_body(packed, "gzip") == body
    assert decode_body(body, "gzip") == body, "servers label plain bodies gzip"
    assert decode_body(body, None) == body
    with pytest.raises(DecodeError, match="cut short"):
        decode_body(packed[:-12], "gzip")
    with pytest.raises(DecodeError, match="damaged"):
        decode_body(packed[:10] + b"\xff" * 50, "gzip")
    with pytest.raises(DecodeError, match="more than 400 MB"):
        decode_body(gzip.compress(gzip.compress(b"\0" * 500_000_000)), "gzip, gzip")
    with pytest.raises(DecodeError, match="br"):
        decode_body(body, "br")
