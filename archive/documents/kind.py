"""Which kind of file some bytes are. The bytes decide; names and headers on these portals often lie."""

from __future__ import annotations

import re
import struct
import zipfile
from io import BytesIO

from archive.documents import ole

HTML = "text/html"
TEXT = "text/plain"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OLE = "application/x-ole-storage"  # of before 2007, and none of the four that follow
DOC = "application/msword"  # what Kingsoft WPS writes holds the same streams
WPS = "application/vnd.ms-works"
XLS = "application/vnd.ms-excel"
ENCRYPTED = "application/x-encrypted-office"  # DOCX or XLSX behind a password
RTF = "application/rtf"
ODT = "application/vnd.oasis.opendocument.text"
WORD_XML = "application/msword+xml"  # Word 2003 as one XML file
ZIP = "application/zip"
RAR = "application/vnd.rar"
JSON = "application/json"
XML = "application/xml"
BINARY = "application/octet-stream"
EMPTY = "application/x-empty"

_MAGIC = (
    (b"%PDF", PDF),
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
# Streams that only one program writes; Works for Windows named its text after itself, later versions MatOST.
_STREAMS = (
    ("EncryptedPackage", ENCRYPTED),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("MatOST", WPS),
    ("MN0", WPS),
)
# How far into a file its kind shows; some templates begin with kilobytes of blank lines.
_LOOK = 8192


def media_type(data: bytes) -> str:
    """Return the media type of the file ``data``."""
    head = data[:_LOOK].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        return EMPTY if not data.strip() else TEXT
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    if head.startswith(ole.MAGIC):
        streams = ole.stream_starts(data)
        return next((kind for stream, kind in _STREAMS if stream in streams), OLE)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"<?xml") and b'progid="Word.Document"' in head:
        return WORD_XML
    if head.startswith(b"<?xml") and not _TAG.search(head):
        return XML
    if _TAG.search(head):
        return HTML
    if head[:1] in b"{[":
        return JSON
    return BINARY if b"\x00" in head else TEXT


def _zip_kind(data: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError):
        return ZIP
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    # An OpenDocument file begins with its type, stored as it is, so that it stands at a fixed place.
    return ODT if data[30 : 38 + len(ODT)] == b"mimetype" + ODT.encode() else ZIP
