"""Archived originals: the bytes a portal served, shown so that nothing in them can act."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from archive.captures import DecodeError, read_record
from archive.documents import kind
from archive.documents.encoding import decode_text
from archive.site.security import ORIGINAL_CSP

# Shown in the browser; everything else is handed over as a file.
_IMAGES = ("image/png", "image/jpeg", "image/gif", "image/bmp")
# Text a browser would otherwise run a style sheet or a viewer on.
_AS_TEXT = (kind.TEXT, kind.JSON, kind.XML)
_SUFFIXES = {
    kind.PDF: ".pdf",
    kind.DOCX: ".docx",
    kind.XLSX: ".xlsx",
    kind.OLE: ".doc",
    kind.DOC: ".doc",
    kind.WPS: ".wps",
    kind.XLS: ".xls",
    kind.ODT: ".odt",
    kind.ODS: ".ods",
    kind.ENCRYPTED: ".docx",
    kind.RTF: ".rtf",
    kind.ZIP: ".zip",
    kind.RAR: ".rar",
    kind.MHTML: ".mht",
    "image/tiff": ".tif",
}


class OriginalLostError(Exception):
    """The record cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Original:
    """What to answer with: the bytes as the portal meant them, their type and headers."""

    body: bytes
    content_type: str
    headers: dict[str, str]


def original(folder: Path, row: sqlite3.Row) -> Original:
    """Read the original of a capture from the WARC files in ``folder``.

    ``row`` is its row of ``captures``. Raises OriginalLostError.
    """
    body = _read(folder, row)
    media_type = kind.media_type(body)
    headers = {"content-security-policy": ORIGINAL_CSP, "etag": f'"{row["sha256"]}"'}
    if media_type == kind.HTML:
        return Original(body, f"text/html; charset={_charset(body)}", headers)
    if media_type in _AS_TEXT or media_type == kind.EMPTY:
        return Original(body, f"text/plain; charset={_charset(body)}", headers)
    if media_type in _IMAGES:
        return Original(body, media_type, headers)
    name = file_name(row["url"], _SUFFIXES.get(media_type, ".bin"))
    headers["content-disposition"] = (
        f"attachment; filename=\"original{_SUFFIXES.get(media_type, '.bin')}\"; filename*=UTF-8''{quote(name)}"
    )
    return Original(body, media_type, headers)


def file_name(url: str, suffix: str) -> str:
    """Return a name for a file from the last part of its address; ``suffix`` is used when it shows none."""
    last = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    name = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', "_", last).strip(". ") or "original"
    return name if re.search(r"\.[A-Za-z0-9]{1,5}$", name) else name + suffix


def _read(folder: Path, row: sqlite3.Row) -> bytes:
    place = f"{row['warc_file']} 第 {row['warc_offset']} 字节处"
    if not folder.is_dir():
        raise OriginalLostError(f"存档文件夹 {folder.name} 不在此服务器上，无法取出原件（{place}）。")
    try:
        return read_record(folder, row["warc_file"], row["warc_offset"]).body
    except FileNotFoundError as error:
        raise OriginalLostError(f"WARC 文件 {row['warc_file']} 不在存档文件夹中，请从备份恢复后再试。") from error
    except (DecodeError, ValueError) as error:
        raise OriginalLostError(f"{place} 的记录无法读取：{error}。") from error
    except OSError as error:
        raise OriginalLostError(f"{place} 的记录暂时无法读取：{error}。") from error


def _charset(body: bytes) -> str:
    name = decode_text(body)[1]
    # Python's names for an encoding with a byte order mark; browsers know the encoding and see the mark.
    return {"utf-8-sig": "utf-8", "utf-16": "utf-16"}.get(name, name)
