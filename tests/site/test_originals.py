"""Archived originals are shown as the portal meant them, and cannot act."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys

import pytest

from archive.site.app import make_app
from archive.site.originals import file_name
from tests.site import sample
from tests.site.conftest import Reader

BODIES = {key: body for key, _, body, *_ in sample.SERVED}


@pytest.mark.parametrize(
    ("key", "content_type"),
    [
        ("page", "text/html; charset=utf-8"),
        ("gbk", "text/html; charset=gb18030"),
        ("hostile", "image/png"),
        ("listing", "text/plain; charset=utf-8"),
        ("docx", "application/zip"),
    ],
)
def test_an_original_is_the_bytes_served_in_a_sandbox(reader, captures, key, content_type):
    answer = reader.get(f"/captures/{captures[key]}/original")
    assert answer.status_code == 200
    assert answer.content == BODIES[key]
    assert answer.headers["content-type"] == content_type
    policy = answer.headers.get_list("content-security-policy")
    assert len(policy) == 1
    assert policy[0].startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert "allow-" not in policy[0] and "script-src" not in policy[0]
    assert answer.headers["x-content-type-options"] == "nosniff"
    # What the portal said to browsers is not repeated.
    assert "refresh" not in answer.headers


def test_a_file_is_handed_over_under_a_harmless_name(reader, captures):
    answer = reader.get(f"/captures/{captures['docx']}/original")
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="original.zip"; ')
    assert "\n" not in disposition and disposition.count('"') == 2


@pytest.mark.parametrize(
    ("url", "suffix", "name"),
    [
        ("http://x/a/%E5%B9%B4%E6%8A%A5.docx", ".docx", "年报.docx"),
        ("http://x/a/..%2F..%2Fetc", ".pdf", ".._.._etc.pdf".strip(". ")),
        ("http://x/", ".pdf", "original.pdf"),
        ("http://x/download?id=3", ".doc", "download.doc"),
    ],
)
def test_names_of_files_come_from_their_address(url, suffix, name):
    assert file_name(url, suffix) == name


def test_a_capture_says_where_it_lies_and_the_advice_it_gives_is_true(reader, captures, archive):
    page = reader.page(f"/captures/{captures['gbk']}")
    command = page.select_one("pre.command").get_text()
    assert command.startswith("warcio extract --payload ") and command.endswith(" | sha256sum")
    _, _, _, name, offset, *_ = command.split()
    tool = [sys.executable, "-m", "warcio.cli", "extract", "--payload", name, offset]
    body = subprocess.run(tool, cwd=archive / "captures", capture_output=True, check=True).stdout
    digest = hashlib.sha256(body).hexdigest()
    assert digest == hashlib.sha256(BODIES["gbk"]).hexdigest()
    assert digest in page.get_text()
    assert page.find("a", href=f"/captures/{captures['gbk']}/original")
    assert page.find("a", href=f"/reports/{sample.MAIN}")


def test_a_lost_original_says_what_to_do(own_archive):
    reader = Reader(make_app(own_archive))
    page = reader.page(f"/reports/{sample.MAIN}")
    address = page.find("a", string="原件")["href"]
    warc = next((own_archive / "captures").glob("*.warc.gz"))
    warc.unlink()
    assert warc.name in reader.page(address, status=503).main.get_text()
    shutil.rmtree(own_archive / "captures")
    assert "不在此服务器上" in reader.page(address, status=503).main.get_text()
    assert not (own_archive / "captures").exists()
