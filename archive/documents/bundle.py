"""ZIP and RAR files with a report in them, among its appendices. Nothing is written under a name of theirs."""

from __future__ import annotations

import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive.documents import kind, programs
from archive.documents.model import Document, UnreadableError
from archive.documents.unpacking import open_zip, refuse_bombs

Reader = Callable[[bytes], Document]

# A bundle holds a report and some appendices; a folder of a whole year's papers is not for us to search. In members.
_MOST_MEMBERS = 200
# Members that are read to find the report, those named like one first; each may need a second of LibreOffice.
_MOST_READ = 8
# A bundle in a bundle is met; one deeper is a trap.
_MOST_DEPTH = 1
_UNPACK_SECONDS = 60

_TITLE = re.compile(r"信息公开.{0,20}(?:年度报告|年报|工作报告)|年度报告.{0,20}信息公开", re.DOTALL)
_NAMED = re.compile(r"信息公开|年报|年度报告")
# What the systems of those who pack leave behind.
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.[^./]|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
# How much of a document's beginning is searched for a title. In paragraphs.
_BEGINNING = 20
_UTF8 = 0x800
_LOCKED = 0x1


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    info: zipfile.ZipInfo


def read_bundle(data: bytes, read: Reader, *, name: str = "ZIP", depth: int = 0) -> Document:
    """Read the report in a ZIP file; ``read`` reads its members.

    Of several readable members it is the first that has a report's title and tables, else a title, else tables; what
    else there is, and what could not be read, stands in the notes. Raises UnreadableError when no member can be read.
    """
    refuse_bombs(data, name)
    archive = open_zip(data, name)
    members = list(_members(archive))
    if len(members) > _MOST_MEMBERS:
        raise UnreadableError(f"{name} 压缩包内有 {len(members)} 个文件，不像一份年报，未打开：请人工核对")
    found: list[tuple[tuple[bool, bool], int, _Member, Document]] = []
    failed: list[str] = []
    for place, member in enumerate(members[:_MOST_READ]):
        try:
            document = _read_member(archive, member, read, depth)
        except UnreadableError as error:
            failed.append(f"「{member.name}」未能读取：{error}")
            continue
        rank = (_has_title(document), bool(document.tables))
        found.append((rank, -place, member, document))
        if all(rank):
            break
    if not found:
        reasons = "；".join(failed) or "其中没有文件"
        raise UnreadableError(f"{name} 压缩包内没有能读取的文件：{reasons}"[:1000])
    _, _, member, document = max(found, key=lambda entry: entry[:2])
    notes = [f"读取的是 {name} 压缩包内的「{member.name}」"]
    if others := [f"「{other.name}」" for other in members if other is not member]:
        notes.append(f"压缩包内还有 {len(others)} 个文件：{'、'.join(others[:10])}")
    reader = f"{name.lower()}+{document.reader}"
    return replace(document, reader=reader, notes=(*notes, *failed, *document.notes))


def read_rar(data: bytes, read: Reader, *, depth: int = 0) -> Document:
    """Read the report in a RAR file, which bsdtar repacks as ZIP; see `read_bundle`."""
    unpacker = programs.unpacker()
    if unpacker is None:
        raise UnreadableError(
            "读取 RAR 压缩包需要 bsdtar：请安装 Debian 软件包 libarchive-tools"
            "（apt-get install libarchive-tools），下次构建时会自动重新读取此文件"
        )
    with tempfile.TemporaryDirectory(prefix="xxgk-rar-") as place:
        folder = Path(place).resolve()
        # In a file it would look for a ZIP directory at the end first, and find that of a DOCX stored there.
        command = [unpacker, "-c", "-f", "bundle.zip", "--format=zip", "@-"]
        try:
            status = programs.run(command, folder, seconds=_UNPACK_SECONDS, given=data)
        except subprocess.TimeoutExpired as error:
            raise UnreadableError(f"RAR 压缩包 {_UNPACK_SECONDS} 秒内未能解开，已中止：请人工核对") from error
        if status != 0:
            raise UnreadableError("RAR 压缩包已损坏、设有密码或解压后过大，无法打开：请到原址重新下载核对")
        repacked = (folder / "bundle.zip").read_bytes()
    return read_bundle(repacked, read, name="RAR", depth=depth)


def _members(archive: zipfile.ZipFile) -> Iterator[_Member]:
    """Give the files, those named like a report first."""
    members = [_Member(_name(info), info) for info in archive.infolist() if not info.is_dir()]
    members = [member for member in members if not _LITTER.search(member.name) and member.info.file_size]
    yield from sorted(members, key=lambda member: not _NAMED.search(member.name))


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name. Chinese systems write GBK and do not say so; some write UTF-8 and do not either."""
    if info.flag_bits & _UTF8:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        name = ""
    # Short names in GBK can be UTF-8 by accident (通知 is), but never of three bytes a character as Chinese has there.
    return name if any(char >= "\u0800" for char in name) else raw.decode("gb18030", "replace")


def _read_member(archive: zipfile.ZipFile, member: _Member, read: Reader, depth: int) -> Document:
    if member.info.flag_bits & _LOCKED:
        raise UnreadableError("设有解压密码")
    try:
        data = archive.read(member.info)
    except kind.DAMAGE as error:
        raise UnreadableError(f"已损坏或压缩方式不明（{error}）") from error
    media_type = kind.media_type(data)
    if media_type in (kind.ZIP, kind.RAR):
        if depth >= _MOST_DEPTH:
            raise UnreadableError("压缩包层层嵌套，未打开")
        return (read_bundle if media_type == kind.ZIP else read_rar)(data, read, depth=depth + 1)
    return read(data)


def _has_title(document: Document) -> bool:
    beginning = "".join(paragraph.text for paragraph in document.paragraphs[:_BEGINNING])
    return bool(_TITLE.search(document.facts.get("title", "") + beginning))
