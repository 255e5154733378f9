"""Legacy Word, WPS, RTF and ODT through LibreOffice; files it cannot read; and what documents try while it reads."""

from __future__ import annotations

import io
import os
import random
import socket
import struct
import subprocess
import threading
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import reading
from archive.documents import kind, office, ole, programs
from archive.reading import read_bytes
from tests.database.test_build import Portal, rows
from tests.documents.test_docx import report as docx
from tests.forms import paper
from tests.sandbox.hostile import running

needs_office = pytest.mark.skipif(
    programs.office() is None, reason="needs LibreOffice: apt-get install libreoffice-writer-nogui"
)

VALUES = dict(zip(paper.keys(), map(str, random.Random(3).choices(range(100_000), k=200)), strict=True))


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, bytes]:
    """The same report as DOC, RTF and ODT."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "report.docx").write_bytes(docx(VALUES, paper.Noise(random.Random(5))))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for suffix in ("doc", "rtf", "odt"):
        command = [programs.office(), profile, "--headless", "--convert-to", suffix, "--outdir", folder]
        subprocess.run([*command, folder / "report.docx"], check=True, capture_output=True)
    return {suffix: (folder / f"report.{suffix}").read_bytes() for suffix in ("doc", "rtf", "odt")}


@needs_office
@pytest.mark.parametrize(("suffix", "media_type"), [("doc", kind.DOC), ("rtf", kind.RTF), ("odt", kind.ODT)])
def test_every_cell_is_read(files, suffix, media_type):
    line = read_bytes(files[suffix])
    assert {(c["table"], c["row"], c["column"]): str(c["value"]) for c in line["cells"]} == VALUES
    assert (line["source"]["media_type"], line["source"]["reader"]) == (media_type, suffix)
    assert (line["report"]["agency"], line["report"]["year"], line["status"]) == ("南岗区教育局", 2023, "complete")


@needs_office
def test_a_file_cut_short_gives_a_reason_or_only_whole_cells(files):
    for suffix, data in files.items():
        line = read_bytes(data[: len(data) // 2])
        read = {(c["table"], c["row"], c["column"]): c["raw"] for c in line["cells"] if c["state"] == "number"}
        assert line["status"] != "complete", suffix
        # The last cell of a torn file may be torn itself; LibreOffice does not say where the file ended.
        assert sum(VALUES[key] != raw for key, raw in read.items()) == 0, suffix


@needs_office
@pytest.mark.parametrize(
    "data",
    [
        ole.MAGIC + b"\x00" * 5000,
        b"{\\rtf1" + b"{" * 100_000,
        b"{\\rtf1\\ansi " + os.urandom(10_000),
    ],
    ids=["empty-ole", "deep-rtf", "noise-rtf"],
)
def test_damaged_files_give_a_line(data):
    line = read_bytes(data)
    assert line["status"] in ("unreadable", "not_a_report")
    assert line["error"]


def test_a_word_file_behind_a_password_is_known_by_its_flag():
    data = compound({"WordDocument": struct.pack("<5HH", 0xA5EC, 193, 0, 0, 0, 0x0100).ljust(4096, b"\0")})
    assert kind.media_type(data) == kind.DOC
    assert "密码" in read_bytes(data)["error"]


def test_other_ole_files_are_told_apart():
    assert kind.media_type(compound({"Workbook": b"x" * 4096})) == kind.XLS
    assert kind.media_type(compound({"MatOST": b"x" * 4096})) == kind.WPS
    assert kind.media_type(compound({"PowerPoint Document": b"x" * 4096})) == kind.OLE
    locked = compound({"EncryptionInfo": b"x" * 4096, "EncryptedPackage": b"x" * 4096})
    assert kind.media_type(locked) == kind.ENCRYPTED
    assert "密码" in read_bytes(locked)["error"]


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=8), st.integers(0, 6000))
def test_no_ole_file_however_damaged_stops_the_sniffer(changes, length):
    data = bytearray(compound({"WordDocument": b"x" * 4096}))
    for place, value in changes:
        data[place] = value
    kind.media_type(bytes(data[:length]))
    ole.is_encrypted_word(bytes(data[:length]))


@pytest.mark.parametrize(
    ("manifest", "content", "word"),
    [
        ("<manifest:encryption-data/>", b"", "密码"),
        ("", b" " * 50_000_000, "超出"),
    ],
)
def test_an_odt_that_must_not_be_opened_is_not(manifest, content, word):
    assert word in read_bytes(odt(content, manifest))["error"]


def test_without_the_program_the_line_names_the_package(monkeypatch):
    monkeypatch.setattr(programs, "office", lambda: None)
    line = read_bytes(b"{\\rtf1 x}")
    assert line["status"] == "unreadable"
    assert "libreoffice-writer-nogui" in line["error"]


@needs_office
def test_the_build_after_it_was_installed_reads_what_waited_for_it(tmp_path, monkeypatch, files):
    portal = Portal(tmp_path)
    portal.serves(("http://x.localhost/a.doc", files["doc"], {"role": "attachment"}))
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    reading.reader_version.cache_clear()
    outcome, reason = rows(portal.build(), "SELECT outcome, reason FROM captures")[0]
    assert outcome in ("unreadable", "not_read")
    assert "libreoffice-writer-nogui" in reason
    monkeypatch.setenv("PATH", path)
    reading.reader_version.cache_clear()
    assert rows(portal.build(), "SELECT status FROM reports") == [("complete",)]


def test_a_program_that_hangs_is_ended_with_all_it_started(tmp_path, monkeypatch):
    script = tmp_path / "bin" / "soffice"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\nsleep 987 &\nsleep 987\n")
    script.chmod(0o755)
    monkeypatch.setattr(programs, "office", lambda: str(script))
    monkeypatch.setattr(office, "_SECONDS", 1)
    started = time.monotonic()
    assert "超过 1 秒" in read_bytes(b"{\\rtf1 x}")["error"]
    assert time.monotonic() - started < 5
    time.sleep(0.2)
    assert not running("sleep 987")


@needs_office
def test_a_document_reaches_neither_the_network_nor_other_files(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret-of-the-machine")
    with socket.create_server(("127.0.0.1", 0)) as server:
        reached = []
        threading.Thread(target=lambda: _accept(server, reached), daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        body = f"""
            <text:section text:name="a"><text:section-source xlink:href="{secret.as_uri()}"/><text:p>旧</text:p></text:section>
            <text:section text:name="b"><text:section-source xlink:href="{address}.odt"/><text:p>旧</text:p></text:section>
            <text:p>年报<draw:frame svg:width="1cm" svg:height="1cm"><draw:image xlink:href="{address}.png"/></draw:frame></text:p>
        """
        document = office.read_office(odt(body.encode()))
        included = "{\\rtf1{\\field{\\*\\fldinst INCLUDETEXT \"%s\"}{\\fldrslt old}}{\\field{\\*\\fldinst INCLUDEPICTURE \"%s.png\" \\\\d}{\\fldrslt old}}}"  # fmt: skip
        other = office.read_office((included % (secret, address)).encode())
    assert "年报" in document.text
    assert "secret" not in document.text + other.text
    assert reached == []


def _accept(server: socket.socket, reached: list) -> None:
    try:
        while True:
            reached.append(server.accept())
    except OSError:
        return


def odt(content: bytes, manifest: str = "") -> bytes:
    """An OpenDocument text whose body is ``content``."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{part}:1.0"'
        for name, part in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind.ODT, zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f'<office:document-content {spaces} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">'
            "<office:body><office:text>".encode()
            + content
            + b"</office:text></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind.ODT}"/>'
            f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>{manifest}</manifest:manifest>',
        )
    return buffer.getvalue()


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file with streams of 4096 bytes and more, one table sector: at most 127 sectors of 512 bytes."""
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    sectors, chain, entries = [], [], []

    def add(data: bytes) -> int:
        first = len(sectors)
        pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        sectors.extend(pieces)
        chain.extend([*range(first + 1, first + len(pieces)), end])
        return first

    def entry(name: str, sort: int, start: int, size: int, child: int = free, right: int = free) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        return raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), sort, 1, free, right, child) + bytes(36) + struct.pack("<IQ", start, size)  # fmt: skip

    for number, (name, data) in enumerate(streams.items(), 1):
        right = number + 1 if number < len(streams) else free
        entries.append(entry(name, 2, add(data), len(data), right=right))
    root = entry("Root Entry", 5, end, 0, child=1)
    folder = add(b"".join([root, *entries]).ljust(512, b"\0"))
    chain.append(table)
    sectors.append(struct.pack("<128I", *chain, *[free] * (128 - len(chain))))
    header = ole.MAGIC + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<8I", 1, folder, 0, 4096, end, 0, end, 0) + struct.pack("<I", len(sectors) - 1)
    return header.ljust(512, b"\xff") + b"".join(sectors)
