"""Opening ZIP files that strangers made: DOCX, XLSX, OpenDocument and bundles are all of this kind."""

from __future__ import annotations

import zipfile
from io import BytesIO

from archive.documents import kind
from archive.documents.model import UnreadableError

# A report with pictures unpacks to some tens of megabytes; a file that claims more than this is not opened. In bytes.
_MOST_UNPACKED = 200_000_000
# Text compresses to a tenth, seldom to a hundredth; a part of more than a megabyte that shrinks more is a bomb.
_MOST_RATIO, _SMALL = 500, 1_000_000


def open_zip(data: bytes, name: str) -> zipfile.ZipFile:
    """Open a ZIP file whose kind is called ``name``; raises UnreadableError when it is torn or damaged."""
    try:
        return zipfile.ZipFile(BytesIO(data))
    except kind.DAMAGE as error:
        raise UnreadableError(f"{name} 文件不完整或已损坏，无法打开：请到原址重新下载核对") from error


def refuse_bombs(data: bytes, name: str) -> None:
    """Raise UnreadableError when a file would unpack to more than any report could hold."""
    parts = open_zip(data, name).infolist()
    unpacked = sum(part.file_size for part in parts)
    shrunk = any(part.file_size > _SMALL and part.file_size > _MOST_RATIO * part.compress_size for part in parts)
    if unpacked > _MOST_UNPACKED or shrunk:
        raise UnreadableError(f"{name} 文件解压后达 {unpacked // 1_000_000} MB，超出任何年报的大小，未打开")
