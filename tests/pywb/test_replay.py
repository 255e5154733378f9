"""The field's own replay tool serves our captures byte for byte."""

from __future__ import annotations

import gzip
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.captures import Capture, CaptureStore, Exchange
from archive.captures.exchange import IMPORTED
from tests.documents.test_docx import report as report_docx
from tests.forms import paper
from tests.forms.test_filling import REAL
from tests.pywb.replay import MISSING, WAYBACK, replay

pytestmark = pytest.mark.skipif(not WAYBACK.exists(), reason=MISSING)

PAGE = "<html><head><meta charset=gb18030><title>年报</title></head><body><p>南岗区教育局</p></body></html>".encode(
    "gb18030"
)
SITE = "http://www.hrbng.localhost"


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> tuple[Path, list[tuple[Capture, bytes]]]:
    """Captures of every kind with what a reader is to see: plain, packed, binary, served again, unchanged, imported."""
    folder = tmp_path_factory.mktemp("replay") / "captures"
    store = CaptureStore(folder)
    out = store.writer(run_id="20260131T000000Z", software="test/1", rotate_at=20_000)
    docx = report_docx(REAL["suqian_2023"], paper.Noise(random.Random(1)))
    html, packed = ("Content-Type", "text/html"), ("Content-Encoding", "gzip")
    answers = [
        ("/art/1.html", 200, [html], PAGE, PAGE),
        ("/art/2.html", 200, [html, packed], gzip.compress(PAGE), PAGE),
        ("/art/3.html?a=1&b=%E5%B9%B4", 200, [html], PAGE + b"3", PAGE + b"3"),
        ("/files/1.docx", 200, [("Content-Type", "application/msword")], docx, docx),
        ("/art/1.html", 200, [html], PAGE, PAGE),
        ("/art/2.html", 304, [], b"", PAGE),
        ("/art/1.html", 200, [html], PAGE.replace(b"<p>", b"<p>1"), PAGE.replace(b"<p>", b"<p>1")),
        ("/gone.html", 404, [html], b"<p>gone</p>", b"<p>gone</p>"),
    ]
    found = []
    for number, (path, status, headers, body, seen) in enumerate(answers):
        exchange = Exchange(
            url=SITE + path, status=status, headers=headers, body=body, reason="OK",
            fetched_at=datetime(2026, 1, 31, tzinfo=UTC) + timedelta(days=number), request_headers=[("Host", "www.hrbng.localhost")],
        )  # fmt: skip
        found.append((out.write(exchange), seen))
    handed_in = Exchange(
        url=SITE + "/mail/1.docx", status=200, headers=[], body=docx, method=IMPORTED, resource_type="application/msword",
        fetched_at=datetime(2026, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    found.append((out.write(handed_in), docx))
    out.close()
    store.close()
    assert len(list(folder.glob("*.warc.gz"))) > 1
    return folder, found


def test_pywb_serves_every_capture_byte_for_byte_at_its_second(served):
    folder, found = served
    with replay(folder) as pywb:
        answers = [(capture, pywb.get(capture), body) for capture, body in found]
    wrong = [
        (capture.url, capture.fetched_at, answer.status_code)
        for capture, answer, body in answers
        if answer.content != body or answer.status_code not in (capture.status, 200)
    ]
    assert wrong == []
    times = {
        (capture.url, capture.fetched_at): answer.headers.get("memento-datetime") for capture, answer, _ in answers
    }
    assert times[SITE + "/art/1.html", "2026-02-06T00:00:00Z"] == "Fri, 06 Feb 2026 00:00:00 GMT"
