"""Which kind of file some bytes are. The bytes decide; names and headers on these portals often lie."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

HTML = "text/html"
TEXT = "text/plain"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OLE = "application/x-ole-storage"  # Word, Excel and WPS files of before 2007
RTF = "application/rtf"
ZIP = "application/zip"
RAR = "application/vnd.rar"
JSON = "application/json"
XML = "application/xml"
BINARY = "application/octet-stream"
EMPTY = "application/x-empty"

_MAGIC = (
    (b"%PDF", PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"{\\rtf", RTF),
    (b"Rar!\x1a\x07", RAR),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_TAG = re.compile(rb"<(?:!doctype html|html|head|body|meta|title|div|table|p|span|script|ucap\w+|!--)\b", re.IGNORECASE)
# How far into a file its kind shows; some templates begin with kilobytes of blank lines.
_LOOK = 8192


def media_type(data: bytes) -> str:
    """Return the media type of the file ``data``."""
    head = data[:_LOOK].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        return EMPTY if not data.strip() else TEXT
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"<?xml") and not _TAG.search(head):
        return XML
    if _TAG.search(head):
        return HTML
    if head[:1] in b"{[":
        return JSON
    return BINARY if b"\x00" in head else TEXT


def _zip_kind(data: bytes) -> str:
    try:
        names = zipfile.ZipFile(BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError):
        return ZIP
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    return ZIP
