"""A new build goes live while the site is read: no error, no page of two builds, nothing left open."""

from __future__ import annotations

import asyncio
import gc
import sqlite3

import pytest

from archive.site.app import SiteError, make_app
from tests.site import sample
from tests.site.conftest import Reader


def rows_of_build(number: int) -> dict[str, list[dict]]:
    """A build whose every page tells its number: that many agencies, each of that many reports."""
    ids = [f"agency{n}" for n in range(number)]
    return {
        "agencies": [{"id": i, "name": f"机构{i}", "office": "局", "district": None, "level": "city"} for i in ids],
        "reports": [sample.report(f"{i}-{2000 + n}", title=f"第{number}版") for i in ids for n in range(number)],
    }


def test_requests_that_begin_after_the_link_moved_see_the_new_build(own_archive):
    reader = Reader(make_app(own_archive))
    assert "南岗区教育局" in reader.get("/").text
    before = reader.get("/").headers["etag"]
    sample.publish(own_archive, "archive-2.db", rows_of_build(3))
    assert "第3版" in reader.get("/").text
    assert reader.get("/", headers={"if-none-match": before}).status_code == 200
    assert reader.get("/archive/reports.json?_shape=array").json()[0]["title"] == "第3版"
    assert reader.get(f"/reports/{sample.MAIN}").status_code == 404


def test_no_reader_meets_an_error_or_a_page_of_two_builds(tmp_path):
    sample.publish(tmp_path, "archive-1.db", rows_of_build(1))
    site = make_app(tmp_path)
    answers: list[tuple[str, int, str]] = []

    async def read(stop: asyncio.Event) -> None:
        while not stop.is_set():
            for address in (
                "/",
                "/agencies",
                "/reports",
                "/archive/reports?_facet=agency_id",
                "/archive/agencies.json",
            ):
                answer = await site.client.get(address)
                answers.append((address, answer.status_code, answer.text))

    async def main() -> None:
        stop = asyncio.Event()
        readers = [asyncio.create_task(read(stop)) for _ in range(4)]
        for number in range(2, 7):
            await asyncio.sleep(0.15)
            await asyncio.to_thread(sample.publish, tmp_path, f"archive-{number}.db", rows_of_build(number))
        published = len(answers)
        # Until everyone has been round once more, however slow the machine is.
        while sum(address == "/" for address, _, _ in answers[published:]) < 2 * len(readers):
            await asyncio.sleep(0.01)
        stop.set()
        await asyncio.gather(*readers)

    asyncio.run(main())
    assert len(answers) > 50
    assert {status for _, status, _ in answers} == {200}
    for address, _, text in answers:
        if address != "/":
            continue
        versions = {number for number in range(1, 7) if f"第{number}版" in text}
        assert len(versions) == 1
        (number,) = versions
        assert f'<a href="/agencies">{number}</a>' in text
        assert f'<a href="/reports">{number * number}</a>' in text
    assert any("第6版" in text for _, _, text in answers)


def test_a_build_left_behind_is_closed_when_its_last_reader_is_done(own_archive):
    site = make_app(own_archive)
    reader = Reader(site)
    reader.get("/")
    old = site.build
    with old.held():
        sample.publish(own_archive, "archive-2.db", rows_of_build(2))
        reader.get("/")
        assert site.build is not old
        assert asyncio.run(old.read(lambda db: db.execute("SELECT count(*) FROM reports").fetchone()[0])) == 4
    for connection in old._all_file_connections:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
    gc.collect()


def test_a_file_that_is_no_archive_does_not_go_live(own_archive, caplog):
    reader = Reader(make_app(own_archive))
    (own_archive / "builds" / "broken.db").write_bytes(b"not a database at all" * 100)
    link = own_archive / "archive.db"
    link.unlink()
    link.symlink_to("builds/broken.db")
    assert "南岗区教育局" in reader.get("/").text
    assert "broken.db" in caplog.text
    reader.get("/")
    assert caplog.text.count("is not served") == 1
    link.unlink()
    assert reader.get("/").status_code == 200


def test_an_archive_that_is_a_plain_file_is_served_too(tmp_path):
    sample.write_archive(tmp_path / "archive.db", rows_of_build(2))
    assert "第2版" in Reader(make_app(tmp_path)).get("/").text


def test_a_folder_without_an_archive_says_which_command_makes_one(tmp_path):
    with pytest.raises(SiteError, match="xxgk build"):
        make_app(tmp_path)
    (tmp_path / "archive.db").write_bytes(b"")
    with pytest.raises(SiteError, match="xxgk build"):
        make_app(tmp_path)
    (tmp_path / "archive.db").unlink()
    (tmp_path / "archive.db").symlink_to("builds/gone.db")
    with pytest.raises(SiteError, match=r"archive\.db does not exist"):
        make_app(tmp_path)


def test_an_odd_path_is_opened_as_it_is(tmp_path):
    data = tmp_path / "a b?c#d%41 数据"
    data.mkdir()
    sample.publish(data, "archive-1.db", rows_of_build(1))
    assert Reader(make_app(data)).get("/archive/reports.json").status_code == 200


def test_nothing_is_written_beside_the_archive(tmp_path):
    sample.publish(tmp_path, "archive-1.db", rows_of_build(1))
    (tmp_path / "builds" / "archive-1.db").chmod(0o444)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    reader = Reader(make_app(tmp_path))
    for address in ("/", "/reports", "/archive", "/archive/reports", "/search?q=版"):
        assert reader.get(address).status_code == 200
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
