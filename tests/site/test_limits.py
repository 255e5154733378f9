"""What keeps one reader, or a bad bot, from taking the site away from the others."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ElementTree

from archive.site import gates, kept
from archive.site.app import make_app
from archive.site.gates import Gate
from tests.site import sample
from tests.site.conftest import Reader

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_so_many_are_let_in_the_others_wait_their_turn_or_are_turned_away():
    async def main() -> None:
        gate = Gate(at_once=2, waiting=1, patience=0.05)
        assert await gate.enter() and await gate.enter()
        third = asyncio.create_task(gate.enter())
        await asyncio.sleep(0)
        # One waits, which is all that may: the next is told at once.
        assert not await gate.enter()
        assert not await third
        fourth = asyncio.create_task(gate.enter())
        await asyncio.sleep(0)
        gate.leave()
        assert await fourth
        for _ in range(2):
            gate.leave()
        assert await gate.enter() and await gate.enter()

    asyncio.run(main())


def test_a_reader_turned_away_from_a_heavy_page_is_told_when_to_come_back_and_reads_reports_meanwhile(archive):
    site = make_app(archive, public=True)
    site.gate = Gate(at_once=1, waiting=0)

    async def main() -> None:
        assert not await site.gate.enter()
        for address in ("/archive/cells", "/archive/cells.json", "/search?q=申", "/compare", "/archive/cells.csv"):
            answer = await site.client.get(address)
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == str(gates.RETRY_AFTER)
            assert answer.headers["cache-control"] == "no-store"
            assert "content-security-policy" in answer.headers
        for address in ("/", f"/reports/{sample.MAIN}", "/robots.txt"):
            assert (await site.client.get(address)).status_code == 200

    asyncio.run(main())


def test_a_turn_is_given_back_also_after_an_error(archive):
    site = make_app(archive, public=True)
    site.gate = Gate(at_once=1, waiting=4, patience=5)
    reader = Reader(site)
    for address in (
        "/archive/nothing",
        "/archive/sections?_search=%22&_searchmode=raw",
        "/archive?sql=select+1",
        "/coverage/x",
    ):
        assert reader.get(address).status_code >= 400
    assert reader.get("/archive/cells.csv").status_code == 200
    assert reader.get("/search?q=申").status_code == 200


def test_datasettes_search_box_refuses_what_would_take_it_long(archive):
    reader = Reader(make_app(archive, public=True))
    assert reader.get(f"/archive/sections?_search={'公' * 200}").status_code == 200
    assert reader.get(f"/archive/sections?_search={'公' * 201}").status_code == 400
    assert reader.get(f"/archive/sections?_search_text={'公' * 201}").status_code == 400


def test_a_page_kept_is_the_page_made(archive):
    site = make_app(archive)
    reader = Reader(site)
    for address in ("/", f"/reports/{sample.MAIN}", "/search?q=申", "/coverage"):
        first, second = reader.get(address), reader.get(address)
        assert first.content == second.content and first.headers == second.headers
        assert reader.get(address, headers={"cookie": "lang=en"}).content != first.content
        assert reader.get(address, headers={"host": "other.example"}).content != first.content
        head = asyncio.run(site.client.head(address))
        assert head.status_code == 200 and head.content == b""


def test_pages_kept_take_no_more_than_they_may():
    pages = kept.KeptPages(most=100)
    for number in range(50):
        pages.put(number, kept.KeptPage(b"x" * 30, charts=False))
        pages.put(number, kept.KeptPage(b"y" * 30, charts=False))
        pages.get(0)
    assert [number for number in range(50) if pages.get(number)] == [0, 48, 49]
    pages.put("large", kept.KeptPage(b"x" * 101, charts=False))
    assert not any(pages.get(key) for key in (0, 49, "large"))


def test_search_over_a_new_build_finds_what_that_holds(own_archive):
    reader = Reader(make_app(own_archive))
    before = reader.page("/search?q=受理").select(".hits li")
    assert len(before) == 1
    agency = {"id": "a", "name": "新局", "office": "新局", "district": None, "level": "city"}
    reports = [sample.report(f"a-{year}", title=f"受理{year}") for year in range(2010, 2024)]
    sample.publish(own_archive, "archive-2.db", {"agencies": [agency], "reports": reports})
    page = reader.page("/search?q=受理")
    assert len(page.select(".hits li")) == 14
    assert [a.get_text() for a in page.select(".hits h2 a")][:2] == ["受理2023", "受理2022"]
    assert reader.get("/archive/reports.json?_search=受理&_shape=array&_size=max").json()[0]["agency_id"] == "a"


# For programs that read the site.


def test_robots_are_told_what_to_leave_and_where_the_pages_are(archive, own_archive):
    text = Reader(make_app(archive, public=True)).get("/robots.txt").text
    assert "Disallow: /search\n" in text and "Disallow: /archive/\n" in text
    assert "Sitemap: http://localhost/sitemap.xml" in text
    rows = {"agencies": [], "reports": []}
    captures = sample.write_captures(own_archive / "more")
    rows["captures"] = [{**row, "report_id": None, "replica": 1} for row in captures.values()]
    sample.publish(own_archive, "archive-2.db", rows)
    assert Reader(make_app(own_archive)).get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_the_sitemap_leads_to_every_report_and_agency(archive, reader, monkeypatch):
    monkeypatch.setattr("archive.site.crawlers.ADDRESSES_A_FILE", 4)
    parts = [e.text for e in ElementTree.fromstring(reader.get("/sitemap.xml").content).iter(f"{NAMESPACE}loc")]
    found = []
    for part in parts:
        answer = reader.get(part.removeprefix("http://localhost"))
        assert answer.headers["content-type"].startswith("application/xml")
        found += [e.text for e in ElementTree.fromstring(answer.content).iter(f"{NAMESPACE}loc")]
    assert len(parts) == 2 and len(found) == len(set(found))
    for path in (f"/reports/{sample.MAIN}", f"/agencies/{sample.EDUCATION}", f"/reports/{sample.HOSTILE}"):
        assert f"http://localhost{path}" in found
    for address in found:
        assert reader.get(address.removeprefix("http://localhost")).status_code == 200
    assert reader.get("/sitemap-99.xml").status_code == 404
