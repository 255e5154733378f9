import io
import zipfile

import pytest

from archive.documents import kind


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.4 ...", kind.PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", kind.OLE),
        (_zip("word/document.xml"), kind.DOCX),
        (_zip("xl/workbook.xml"), kind.XLSX),
        (_zip("a.txt"), kind.ZIP),
        (b"PK\x03\x04 torn", kind.ZIP),
        (b"\n\n<!DOCTYPE html><html>", kind.HTML),
        (b"\xef\xbb\xbf<div>x", kind.HTML),
        (b"<table><tr><td>1", kind.HTML),
        ("南岗区\t1\n".encode(), kind.TEXT),
        ("南岗区\t1\n".encode("gb18030"), kind.TEXT),
        ("南岗区\t1\n".encode("utf-16"), kind.TEXT),
        ("<html><body>南岗区".encode("utf-16"), kind.HTML),
        (b'{"data": 1}', kind.JSON),
        (b"<?xml version='1.0'?><datastore/>", kind.XML),
        (b"", kind.EMPTY),
        (b"\x00\x01\x02", kind.BINARY),
    ],
)
def test_the_bytes_tell_the_kind(data, expected):
    assert kind.media_type(data) == expected
