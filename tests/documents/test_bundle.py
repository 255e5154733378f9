"""ZIP and RAR bundles: which member is the report, Chinese names, and what must not be opened."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

import pytest

from archive.documents import bundle, programs
from archive.reading import read_bytes
from tests.database.test_build import report as page
from tests.documents.test_docx import report as docx
from tests.documents.test_sheet import xlsx
from tests.forms import paper

REPORT = docx(dict.fromkeys(paper.keys(), "7"), paper.Noise(random.Random(1)))
NOTICE = "<html><body><p>关于报送材料的通知</p></body></html>".encode()
NAME = "南岗区教育局2023年政府信息公开工作年度报告.docx"


def pack(members: list[tuple[str, bytes]], encoding: str = "utf-8") -> bytes:
    """A ZIP file; names in another encoding than UTF-8 are written raw and unmarked, as Chinese systems do."""
    buffer = io.BytesIO()
    raws = {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(members):
            if encoding != "utf-8":
                raw = name.encode(encoding)
                name = f"#{number}".ljust(len(raw), "#")
                raws[name.encode()] = raw
            archive.writestr(name, data)
    packed = buffer.getvalue()
    for name, raw in raws.items():
        packed = packed.replace(name, raw)
    return packed


def rar(members: list[tuple[str, bytes]]) -> bytes:
    """A RAR file of version 4, members stored as they are."""

    def block(kind: int, flags: int, body: bytes, data: bytes = b"") -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data

    parts = [b"Rar!\x1a\x07\x00", block(0x73, 0, bytes(6))]
    for name, data in members:
        raw = name.encode()
        sizes = struct.pack("<IIBII", len(data), len(data), 3, zlib.crc32(data), 0x5A000000)
        parts.append(block(0x74, 0x8000, sizes + struct.pack("<BBHI", 20, 0x30, len(raw), 0o100644) + raw, data))
    return b"".join([*parts, block(0x7B, 0x4000, b"")])


def test_the_member_that_is_a_report_is_read_and_the_rest_is_noted():
    line = read_bytes(pack([("通知.html", NOTICE), ("附件/表.xlsx", xlsx(({(0, 0): "甲"}, []))), (NAME, REPORT)]))
    assert (line["status"], len(line["cells"])) == ("complete", 200)
    assert line["source"]["reader"] == "zip+docx"
    assert any(NAME in note for note in line["notes"])
    assert any("通知.html" in note and "表.xlsx" in note for note in line["notes"])


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_report_is_found_by_its_text_where_names_say_nothing(encoding):
    line = read_bytes(pack([("通知.html", NOTICE), ("新建文档.docx", REPORT)], encoding))
    assert line["status"] == "complete"
    assert "新建文档.docx" in line["notes"][0]


def test_names_that_climb_out_are_names_only(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    line = read_bytes(pack([("../../report.html", page()), ("/etc/x.html", NOTICE)]))
    assert line["status"] == "complete"
    assert list(tmp_path.iterdir()) == []


def test_what_systems_leave_behind_is_passed_over():
    litter = [("__MACOSX/._a.docx", b"x"), ("a/.DS_Store", b"x"), ("~$a.docx", b"x"), ("Thumbs.db", b"x"), ("a/", b"")]
    line = read_bytes(pack([*litter, ("a/a.docx", REPORT)]))
    assert line["status"] == "complete"
    assert not any("还有" in note for note in line["notes"])


def test_a_member_that_cannot_be_read_does_not_hide_the_report():
    line = read_bytes(pack([("年报扫描.bin", b"\x00\x01"), ("年报.docx", REPORT)]))
    assert line["status"] == "complete"
    assert any("年报扫描.bin" in note for note in line["notes"])


def test_a_bundle_in_a_bundle_is_opened_and_one_deeper_is_not():
    once = pack([("年报.zip", pack([("年报.docx", REPORT)]))])
    assert read_bytes(once)["status"] == "complete"
    line = read_bytes(pack([("外.zip", once)]))
    assert line["status"] == "unreadable"
    assert "嵌套" in line["error"]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (pack([("a.docx", REPORT)])[:-30], "不完整"),
        (pack([("a.txt", b" " * 50_000_000)]), "超出"),
        (pack([(f"{number}.txt", b"x") for number in range(300)]), "300 个文件"),
        (pack([]), "没有文件"),
        (pack([("a.bin", b"\x00")]), "a.bin"),
        (pack([("a.docx", REPORT)]).replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
                                   .replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"), "密码"),
    ],
    ids=["torn", "bomb", "many", "empty", "unknown", "locked"],
)  # fmt: skip
def test_bundles_that_give_nothing_say_why(data, word):
    line = read_bytes(data)
    assert line["status"] == "unreadable"
    assert word in line["error"]


def test_a_damaged_member_is_named():
    data = bytearray(pack([("年报.docx", REPORT)]))
    data[200:220] = bytes(20)
    assert "年报.docx" in read_bytes(bytes(data))["error"]


needs_unpacker = pytest.mark.skipif(
    programs.unpacker() is None, reason="needs bsdtar: apt-get install libarchive-tools"
)


@needs_unpacker
def test_a_rar_is_read_like_a_zip():
    line = read_bytes(rar([("通知.html", NOTICE), (NAME, REPORT)]))
    assert (line["status"], len(line["cells"]), line["source"]["reader"]) == ("complete", 200, "rar+docx")
    assert NAME in line["notes"][0]
    assert read_bytes(pack([("年报.rar", rar([(NAME, REPORT)]))]))["status"] == "complete"


@needs_unpacker
@pytest.mark.parametrize("cut", [8, 100, -200])
def test_a_torn_rar_gives_a_reason(cut):
    line = read_bytes(rar([(NAME, REPORT)])[:cut])
    assert line["status"] == "unreadable"
    assert "RAR" in line["error"]


def test_without_the_program_a_rar_names_the_package(monkeypatch):
    monkeypatch.setattr(programs, "unpacker", lambda: None)
    assert "libarchive-tools" in read_bytes(rar([(NAME, REPORT)]))["error"]


def test_only_so_many_members_are_read_in_search_of_the_report(monkeypatch):
    read = []

    def note(data):
        read.append(data)
        raise bundle.UnreadableError("x")

    with pytest.raises(bundle.UnreadableError):
        bundle.read_bundle(pack([(f"{number}.txt", b"x") for number in range(50)]), note)
    assert len(read) == bundle._MOST_READ
