"""Word files of before 2007, WPS, RTF and OpenDocument text: turned into DOCX by LibreOffice, then read as DOCX.

LibreOffice is a program of its own and optional. It gets a profile, a home and a name of our own making, no macros, no
links, no network and no files but its own and the document's copy.
"""

from __future__ import annotations

import subprocess
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from archive.documents import kind, ole, programs
from archive.documents.docx import read_docx
from archive.documents.model import Document, UnreadableError
from archive.documents.unpacking import refuse_bombs

# A report converts in 1 to 2 s on a slow machine, first start included; more than this is a file it cannot handle.
_SECONDS = 60

_SUFFIXES = {kind.DOC: "doc", kind.WPS: "wps", kind.RTF: "rtf", kind.ODT: "odt", kind.WORD_XML: "xml"}
_NAMES = {kind.DOC: "DOC/WPS", kind.WPS: "WPS", kind.RTF: "RTF", kind.ODT: "ODT", kind.WORD_XML: "Word XML"}
KINDS = frozenset(_SUFFIXES)

_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)


def read_office(data: bytes) -> Document:
    """Read a file of one of ``KINDS``.

    Raises UnreadableError when LibreOffice is not installed, takes too long, or can make nothing of the file.
    """
    media_type = kind.media_type(data)
    name = _NAMES[media_type]
    _refuse_locked(data, media_type)
    office = programs.office()
    if office is None:
        raise UnreadableError(
            f"读取 {name} 文件需要 LibreOffice：请安装 Debian 软件包 libreoffice-writer-nogui"
            "（apt-get install libreoffice-writer-nogui），下次构建时会自动重新读取此文件"
        )
    with tempfile.TemporaryDirectory(prefix="xxgk-office-") as folder:
        converted = _convert(office, data, _SUFFIXES[media_type], name, Path(folder).resolve())
    return replace(read_docx(converted), reader=_SUFFIXES[media_type])


def _refuse_locked(data: bytes, media_type: str) -> None:
    locked = media_type == kind.DOC and ole.is_encrypted_word(data)
    if media_type == kind.ODT:
        refuse_bombs(data, "ODT")
        with suppress(KeyError, RuntimeError, zipfile.BadZipFile):
            locked = b"encryption-data" in zipfile.ZipFile(BytesIO(data)).read("META-INF/manifest.xml")
    if locked:
        raise UnreadableError(f"{_NAMES[media_type]} 文件设有打开密码，无法读取：请向发布机关索取无密码的文件")


def _convert(office: str, data: bytes, suffix: str, name: str, folder: Path) -> bytes:
    source, target = folder / f"document.{suffix}", folder / "converted"
    source.write_bytes(data)
    _write_profile(folder / "profile")
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--nologo", "--nolockcheck", "--convert-to", "docx:Office Open XML Text", "--outdir", str(target)]
    try:
        programs.run([*command, str(source)], folder, seconds=_SECONDS, sockets=programs.SOCKETS)
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(f"LibreOffice 转换此 {name} 文件超过 {_SECONDS} 秒，已中止：请人工打开核对") from error
    result = target / "document.docx"
    if not result.is_file():
        raise UnreadableError(f"LibreOffice 打不开此 {name} 文件，可能已损坏、不完整或设有密码：请到原址重新下载核对")
    return result.read_bytes()


def _write_profile(profile: Path) -> None:
    (profile / "user").mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        "utf-8",
    )
