"""Web pages saved as one file, as Word does."""

from __future__ import annotations

import base64
import quopri

import pytest

from archive.documents import kind
from archive.reading import read_bytes
from tests.database.test_build import report as page


def mhtml(body: bytes, encoding: str, content: str = "text/html") -> bytes:
    """A page in the first part of an MHT file, a picture in the second."""
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="--=_x"; type="text/html"\r\n\r\nSaved.\r\n'
    first = f"----=_x\r\nContent-Transfer-Encoding: {encoding}\r\nContent-Type: {content}; charset=gb2312\r\n\r\n"
    last = "\r\n----=_x\r\nContent-Transfer-Encoding: base64\r\nContent-Type: image/png\r\n\r\neA==\r\n----=_x--\r\n"
    return head.encode() + first.encode() + body + last.encode()


@pytest.mark.parametrize(
    ("encoding", "encode"), [("quoted-printable", quopri.encodestring), ("base64", base64.encodebytes)]
)
def test_the_page_in_the_file_is_read(encoding, encode):
    data = mhtml(encode(page()), encoding)
    assert kind.media_type(data) == kind.MHTML
    line, plain = read_bytes(data), read_bytes(page())
    assert (line["status"], line["source"]["reader"]) == ("complete", "mhtml")
    assert line["cells"] == plain["cells"]


def test_a_file_without_a_page_gives_a_reason():
    assert "没有网页" in read_bytes(mhtml(b"x", "7bit", "text/plain"))["error"]
