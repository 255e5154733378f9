"""Which kind of file some bytes are. The bytes decide; names and headers on these portals often lie."""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
import zlib
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
ODS = "application/vnd.oasis.opendocument.spreadsheet"
WORD_XML = "application/msword+xml"  # Word 2003 as one XML file
MHTML = "multipart/related"  # a web page and its pictures in one file, often called DOC
ZIP = "application/zip"
RAR = "application/vnd.rar"
JSON = "application/json"
XML = "application/xml"
PNG, JPEG, GIF, BMP = "image/png", "image/jpeg", "image/gif", "image/bmp"
TIFF, WEBP = "image/tiff", "image/webp"
IMAGES = (PNG, JPEG, GIF, BMP, TIFF, WEBP)
BINARY = "application/octet-stream"
EMPTY = "application/x-empty"

_MAGIC = (
    (b"%PDF", PDF),
    (b"{\\rtf", RTF),
    (b"PK\x05\x06", ZIP),  # with nothing in it
    (b"Rar!\x1a\x07", RAR),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF8", GIF),
    (b"BM", BMP),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
_TAG = re.compile(rb"<(?:!doctype html|html|head|body|meta|title|div|table|p|span|script|ucap\w+|!--)\b", re.IGNORECASE)
_MHTML = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?Content-Type:\s*multipart/related", re.IGNORECASE)
# Streams that only one program writes; Works for Windows named its text after itself, later versions MatOST.
_STREAMS = (
    ("EncryptedPackage", ENCRYPTED),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("MatOST", WPS),
    ("MN0", WPS),
)
# The main part of a DOCX file; programs on the web number it.
_WORD_PART = re.compile(r"word/document\d*\.xml")
# What zipfile raises for files that are torn, made to mislead, or locked (RuntimeError).
DAMAGE = (zipfile.BadZipFile, ValueError, RuntimeError, struct.error, OverflowError, zlib.error, EOFError, OSError)
# How far into a file its kind shows; some templates begin with kilobytes of blank lines.
_LOOK = 8192


def media_type(data: bytes) -> str:
    """Return the media type of the file ``data``."""
    head = data[:_LOOK]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "replace").encode()
    head = head.lstrip(b"\xef\xbb\xbf \t\r\n")
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
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    return _text_kind(head)


def _text_kind(head: bytes) -> str:
    if head.startswith(b"<?xml") and b'progid="Word.Document"' in head:
        return WORD_XML
    if head.startswith(b"<?xml") and not _TAG.search(head):
        return XML
    if _MHTML.match(head):
        return MHTML
    if _TAG.search(head):
        return HTML
    if head[:1] in b"{[":
        return JSON
    return BINARY if b"\x00" in head else TEXT


def _zip_kind(data: bytes) -> str:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        names = set(archive.namelist())
        if any(map(_WORD_PART.fullmatch, names)):
            return DOCX
        if "xl/workbook.xml" in names:
            return XLSX
        if "mimetype" in names:
            told = archive.open("mimetype").read(100).decode("ascii", "replace").strip()
            return told if told in (ODT, ODS) else ZIP
    except DAMAGE:
        return ZIP
    return ZIP
