"""A bundle is the same to the byte from the same captures, and another machine makes the same archive from it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import main
from archive.database.build import build
from archive.runs import save_run
from archive.verify import verify
from tests.database.test_build import CURRENT, Portal, report

OTHER = CURRENT.replace("_1.", "_2.")


@pytest.fixture
def data(tmp_path) -> Path:
    portal = Portal(tmp_path / "data")
    portal.serves(
        ("http://a.localhost/list", b"<p>1</p>", {"role": "listing"}),
        (CURRENT, report(), {}),
        (OTHER, report(agency="南岗区民政局"), {}),
    )
    portal.serves((CURRENT, report(), {}), (OTHER, report(agency="南岗区民政局").replace(b"1191", b"1192"), {}))
    save_run(portal.data / "runs", {
        "id": "20240201T030000Z", "command": "crawl", "started_at": "2024-02-01T03:00:00Z", "outcome": "done",
    })  # fmt: skip
    build(portal.data)
    return portal.data


def xxgk(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def export(data: Path, target: Path) -> Path:
    done = xxgk("export", "--data", data, target)
    assert done.exit_code == 0, done.output
    return Path(done.stdout.strip())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_bundle_holds_everything_under_its_date_with_checksums_others_can_check(data, tmp_path):
    bundle = export(data, tmp_path / "out")
    assert bundle.name == "harbin-disclosure-archive-20240202T030000Z"
    names = set(contents(bundle))
    assert {"archive.db", "originals.wacz", "codebook.md", "datapackage.json", "README.md", "SHA256SUMS"} <= names
    assert {"runs/20240201T030000Z.json", "tables/cells.csv", "tables/requests.parquet"} <= names
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=bundle, capture_output=True, text=True, check=True)
    assert len(checked.stdout.splitlines()) == len(names) - 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == [bundle.name]


def test_the_package_is_a_valid_one_whose_tables_fit_their_description(data, tmp_path):
    from frictionless import Package

    bundle = export(data, tmp_path / "out")
    package = Package(str(bundle / "datapackage.json"))
    assert Package.validate_descriptor(json.loads((bundle / "datapackage.json").read_text("utf-8"))).valid
    reports = package.get_resource("reports")
    described = {field.name: field.type for field in reports.schema.fields}
    with (bundle / "tables" / "reports.csv").open(encoding="utf-8-sig") as file:
        assert list(described) == file.readline().strip().split(",")
    assert (described["year"], described["title"]) == ("integer", "string")


def test_deleting_the_archive_the_index_and_the_cache_and_building_again_gives_the_same_bundle_to_the_byte(
    data, tmp_path
):
    first = contents(export(data, tmp_path / "1"))
    for attempt in ("2", "3"):
        for path in [
            *data.glob("captures/index.db*"),
            *data.glob("captures/*.cdxj"),
            *data.glob("cache/*"),
            *data.glob("builds/*"),
        ]:
            path.unlink()
        (data / "archive.db").unlink()
        build(data, full=True)
        again = contents(export(data, tmp_path / attempt))
        assert [name for name in again if again[name] != first.get(name)] == []
        assert again.keys() == first.keys()


@pytest.mark.parametrize("kind", ["folder", "file.zip"])
def test_another_machine_makes_the_same_archive_from_it(data, tmp_path, kind):
    bundle = export(data, tmp_path / kind)
    elsewhere = tmp_path / "elsewhere" / "data"
    done = xxgk("restore", bundle, "--data", elsewhere)
    assert (done.exit_code, "5 captures" in done.stdout) == (0, True), done.output
    assert (verify(elsewhere).problems, verify(elsewhere).notes) == ([], [])
    with sqlite3.connect(elsewhere / "archive.db") as db:
        assert db.execute("SELECT count(*) FROM versions").fetchone() == (3,)
    same = export(elsewhere, tmp_path / "again" / kind)
    if kind == "folder":
        assert contents(same) == contents(bundle)
    else:
        assert same.read_bytes() == bundle.read_bytes()
    build(elsewhere, full=True)
    rebuilt = export(elsewhere, tmp_path / "rebuilt")
    assert contents(rebuilt) == contents(bundle if kind == "folder" else _unpacked(bundle, tmp_path / "unpacked"))
    assert {path.name for path in (tmp_path / "elsewhere").iterdir()} == {"data"}


def _unpacked(path: Path, folder: Path) -> Path:
    zipfile.ZipFile(path).extractall(folder)
    return folder


def test_a_damaged_or_foreign_bundle_restores_nothing(data, tmp_path):
    bundle = export(data, tmp_path / "out")
    elsewhere = tmp_path / "elsewhere"
    wacz = bundle / "originals.wacz"
    whole = wacz.read_bytes()
    wacz.write_bytes(whole[:500] + b"x" + whole[501:])
    assert "originals.wacz is not what was exported" in xxgk("restore", bundle, "--data", elsewhere).output
    wacz.unlink()
    assert "lacks originals.wacz" in xxgk("restore", bundle, "--data", elsewhere).output
    assert xxgk("restore", data, "--data", elsewhere).exit_code == 1
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as file:
        file.writestr("../evil", "x")
    assert "none of ours" in xxgk("restore", tmp_path / "evil.zip", "--data", elsewhere).output
    assert not elsewhere.exists()
    assert not (tmp_path / "evil").exists()
    assert not list(tmp_path.glob(".restore-*"))


def test_an_archive_in_use_is_never_restored_over(data, tmp_path):
    bundle = export(data, tmp_path / "out")
    assert "is not empty" in xxgk("restore", bundle, "--data", data).output
    assert verify(data).sound


def test_an_export_that_fails_leaves_nothing(data, tmp_path, monkeypatch):
    monkeypatch.setattr("archive.exporting.bundle.write_wacz", _full)
    done = xxgk("export", "--data", data, tmp_path / "out")
    assert (done.exit_code, "No space left" in done.output) == (1, True)
    assert list((tmp_path / "out").iterdir()) == []
    assert xxgk("export", "--data", tmp_path / "nothing", tmp_path / "out").exit_code == 1


def _full(*_, **__) -> None:
    raise OSError(28, "No space left on device")


def test_what_could_not_be_restored_is_not_exported(data, tmp_path):
    path = min((data / "captures").glob("*.warc.gz"))
    path.write_bytes(path.read_bytes()[:-30])
    done = xxgk("export", "--data", data, tmp_path / "out")
    assert (done.exit_code, "not sound" in done.output, path.name in done.output) == (1, True, True)
    assert xxgk("export", "--data", data, "--wacz", tmp_path / "a.wacz").exit_code == 1
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "a.wacz").exists()


def test_a_bundle_there_already_is_left_and_another_never_written_over(data, tmp_path):
    bundle = export(data, tmp_path / "out")
    before = contents(bundle)
    assert export(data, tmp_path / "out") == bundle
    (bundle / "SHA256SUMS").write_text("")
    assert "is there already" in xxgk("export", "--data", data, tmp_path / "out").output
    (tmp_path / "a.zip").write_bytes(b"")
    assert "is there already" in xxgk("export", "--data", data, tmp_path / "a.zip").output
    assert contents(bundle) == before | {"SHA256SUMS": b""}


def test_a_night_without_anything_new_gives_a_bundle_of_its_own(data, tmp_path):
    first = export(data, tmp_path / "out")
    save_run(data / "runs", {
        "id": "20240203T030000Z", "command": "crawl", "started_at": "2024-02-03T03:00:00Z", "outcome": "done",
    })  # fmt: skip
    build(data)
    assert export(data, tmp_path / "out").name > first.name
