"""The originals as WACZ: valid, complete, the same to the byte each time, and only what was asked for."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from wacz.main import main as wacz
from warcio.archiveiterator import ArchiveIterator

from archive.cli import main
from archive.database.build import build
from archive.exporting.wacz import ExportError, Selection, write_wacz
from tests.database.test_build import CURRENT, Portal, report

OTHER = CURRENT.replace("_1.", "_2.")
OLDER = CURRENT.replace("_1.", "_3.")


@pytest.fixture
def data(tmp_path) -> Path:
    """Two agencies, two years of one; one report served twice, once changed."""
    portal = Portal(tmp_path / "data")
    listing = ("http://a.localhost/list", b"<p>1</p>", {"role": "listing"})
    portal.serves(
        listing,
        (CURRENT, report(), {}),
        (OTHER, report(agency="南岗区民政局"), {}),
        (OLDER, report(year="2022"), {}),
    )
    portal.serves((CURRENT, report(), {}), (OTHER, report(agency="南岗区民政局").replace(b"1191", b"1192"), {}))
    build(portal.data)
    return portal.data


def records(path: Path) -> list[tuple[str, str, bytes]]:
    """The records of a WACZ by another reader: type, address, payload."""
    found = []
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            if name.startswith("archive/"):
                for record in ArchiveIterator(io.BytesIO(file.read(name)), check_digests="raise"):
                    url = record.rec_headers.get_header("WARC-Target-URI")
                    found.append((record.rec_type, url, record.raw_stream.read()))
    return found


def pages(path: Path) -> list[dict]:
    with zipfile.ZipFile(path) as file:
        return [json.loads(line) for line in file.read("pages/pages.jsonl").splitlines()]


def test_the_fields_validator_accepts_it(data, tmp_path, capsys):
    write_wacz(tmp_path / "all.wacz", data)
    assert wacz(["validate", "-f", str(tmp_path / "all.wacz")]) == 0, capsys.readouterr().out


def test_every_capture_is_in_it_and_in_its_index(data, tmp_path):
    target = tmp_path / "all.wacz"
    write_wacz(target, data)
    inside = records(target)
    assert [kind for kind, *_ in inside].count("response") == 5
    assert [kind for kind, *_ in inside].count("revisit") == 1
    with zipfile.ZipFile(target) as file:
        lines = gzip.decompress(file.read("indexes/index.cdx.gz")).decode().splitlines()
        assert lines == sorted(lines)
        for line in lines:
            entry = json.loads(line.split(" ", 2)[2])
            with file.open(f"archive/{entry['filename']}") as warc:
                warc.seek(int(entry["offset"]))
                record = next(iter(ArchiveIterator(io.BytesIO(warc.read(int(entry["length"]))))))
                assert record.rec_headers.get_header("WARC-Target-URI") == entry["url"]
    assert len(lines) == 6


def test_the_reports_are_listed_by_their_titles_every_version(data, tmp_path):
    write_wacz(tmp_path / "all.wacz", data)
    head, *listed = pages(tmp_path / "all.wacz")
    assert head["format"] == "json-pages-1.0"
    assert sorted((page["url"], page["ts"][:10]) for page in listed) == [
        (CURRENT, "2024-02-01"), (OTHER, "2024-02-01"), (OTHER, "2024-02-02"), (OLDER, "2024-02-01"),
    ]  # fmt: skip
    assert all("政府信息公开工作年度报告" in page["title"] for page in listed)
    assert len({page["id"] for page in listed}) == 4


def test_it_is_the_same_to_the_byte_each_time(data, tmp_path):
    write_wacz(tmp_path / "1.wacz", data)
    shutil.copytree(data, tmp_path / "elsewhere", symlinks=True)
    for path in (tmp_path / "elsewhere" / "captures").glob("*.cdxj"):
        path.unlink()
    write_wacz(tmp_path / "2.wacz", tmp_path / "elsewhere")
    assert (tmp_path / "1.wacz").read_bytes() == (tmp_path / "2.wacz").read_bytes()


def test_a_selection_holds_its_reports_and_nothing_else(data, tmp_path):
    target = tmp_path / "one.wacz"
    assert write_wacz(target, data, Selection(2023, "nangangqu-jiaoyuju")) == 1
    assert {url for _, url, _ in records(target) if url} == {CURRENT}
    kinds = [kind for kind, *_ in records(target)]
    counts = {kind: kinds.count(kind) for kind in ("warcinfo", "response", "revisit", "metadata")}
    assert counts == {"warcinfo": 2, "response": 1, "revisit": 1, "metadata": 2}
    assert wacz(["validate", "-f", str(target)]) == 0
    assert write_wacz(target, data, Selection(year=2022)) == 1
    assert {url for _, url, _ in records(target) if url} == {OLDER}


def test_what_is_not_there_is_said_and_leaves_no_file(data, tmp_path):
    with pytest.raises(ExportError, match="no report"):
        write_wacz(tmp_path / "none.wacz", data, Selection(year=1999))
    with pytest.raises(ExportError, match="xxgk build"):
        write_wacz(tmp_path / "none.wacz", tmp_path / "nowhere")
    assert not list(tmp_path.glob("*none*"))


def test_the_command_writes_it(data, tmp_path):
    target = tmp_path / "there" / "all.wacz"
    done = CliRunner().invoke(main, ["export", "--data", str(data), "--wacz", str(target)])
    assert (done.exit_code, target.exists()) == (0, True), done.output
    assert [path.name for path in target.parent.iterdir()] == ["all.wacz"]
