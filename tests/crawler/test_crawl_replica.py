"""The real command against the replica portal: all there is, once, and nothing else."""

import contextlib
import sqlite3
import subprocess
import sys

import pytest

from archive.captures import CaptureStore
from crawler.memory import Memory
from crawler.replica.server import serve_replica
from crawler.replica.world import World
from tests.crawler.running import crawl

OFFSITE = "127.0.0.3"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    data = tmp_path_factory.mktemp("replica") / "data"
    world = World(seed=20260117, agencies=9, years=[2021, 2022, 2024])
    with serve_replica(world) as server:
        first, asked = crawl(data, server.portals_url), list(server.log)
        server.log.clear()
        second, again = crawl(data, server.portals_url), list(server.log)
        yield {"data": data, "server": server, "first": first, "asked": asked, "second": second, "again": again}


@contextlib.contextmanager
def memory(data):
    store = CaptureStore(data / "captures")
    try:
        yield Memory(store.index)
    finally:
        store.close()


def articles(log):
    return {
        f"{asked.host}{asked.path}"
        for asked in log
        if asked.status == 200 and ("/c01_" in asked.path or "/art/" in asked.path)
    }


def test_every_report_is_captured_at_every_address_with_its_attachments(crawled):
    assert crawled["first"].exit_code == 0, crawled["first"].stderr
    truth = crawled["server"].truth()
    assert len(truth) > 20
    with memory(crawled["data"]) as known:
        for line in truth:
            for url in (line["url"], *line["also_at"]):
                assert known.article(url), url
            for url in line["attachments"]:
                assert known.has_attachment(url), url


def test_what_is_listed_beside_reports_is_left_alone(crawled):
    addresses = {url for line in crawled["server"].truth() for url in (line["url"], *line["also_at"])}
    fetched = {"http://" + place.replace("/", f":{crawled['server'].port}/", 1) for place in articles(crawled["asked"])}
    dead = [notice["url"] for notice in crawled["first"].record["notices"] if notice["code"] == "gone"]
    assert fetched - addresses <= set(dead)


def test_nothing_off_the_portals_is_asked_for(crawled):
    assert OFFSITE not in {asked.host for asked in crawled["asked"] + crawled["again"]}
    assert {"offsite"} <= {notice["code"] for notice in crawled["first"].record["notices"]}


def test_a_second_crawl_fetches_no_report_again(crawled):
    first, second = crawled["first"].record, crawled["second"].record
    dead = {
        notice["url"].split("://")[1].replace(f":{crawled['server'].port}", "")
        for notice in second["notices"]
        if notice["url"]
    }
    assert articles(crawled["again"]) - dead == set()
    assert (second["new"], second["changed"], second["unchanged"]) == (0, 0, first["new"])
    assert (second["outcome"], second["listed"]) == ("done", first["listed"])


def test_a_night_without_changes_asks_for_lists_and_stores_next_to_nothing(crawled):
    first, second = crawled["first"].record, crawled["second"].record
    with contextlib.closing(CaptureStore(crawled["data"] / "captures")) as store:
        again = [each for each in store.index.all() if each.warc_file.startswith(second["id"])]
        size = sum(store.path(name).stat().st_size for name in {each.warc_file for each in again})
    asked = [each for each in again if each.facts["role"] in ("article", "attachment")]
    # An address that leads off the portal is tried again on the same day.
    assert [each.url for each in asked if "leads_off" not in each.facts] == []
    assert len(again) < first["requests"] - first["new"], "leaves of the tree are not asked for what lies below them"
    assert size < 1200 * len(again)


def test_every_capture_says_it_is_a_replicas(crawled):
    db = sqlite3.connect(crawled["data"] / "captures" / "index.db")
    assert db.execute("SELECT min(json_extract(facts, '$.replica')) FROM captures").fetchone() == (1,)
    db.close()


def test_no_pages_are_fetched_twice_in_one_crawl(crawled):
    requests = [(asked.method, asked.host, asked.path, asked.body) for asked in crawled["asked"]]
    assert len(requests) == len(set(requests))


def test_a_changed_report_is_fetched_again(tmp_path):
    world = World(seed=5, agencies=3, years=[2022, 2023])
    with serve_replica(world) as server:
        assert crawl(tmp_path, server.portals_url).exit_code == 0
        changed = next(iter(world.reports))
        world.set_text(changed, "overview", ["总体情况有所更正。"])
        server.log.clear()
        done = crawl(tmp_path, server.portals_url, "--full")
        expected = len(world.articles_of(changed))
        assert done.record["changed"] == expected
        assert done.record["unchanged"] + done.record["changed"] == done.record["listed"] - done.record["gone"]
        assert len(articles(server.log)) >= expected


def test_pages_are_looked_at_again_after_the_recheck_days(tmp_path):
    world = World(seed=6, agencies=2, years=[2023])
    with serve_replica(world) as server:
        file = tmp_path / "portals.toml"
        file.write_text(server.portals_toml.replace("[crawl]", "[crawl]\nrecheck_days = 0", 1), "utf-8")
        crawl(tmp_path / "data", file)
        changed = next(iter(world.reports))
        world.set_text(changed, "overview", ["总体情况有所更正。"])
        done = crawl(tmp_path / "data", file)
        assert done.record["changed"] == len(world.articles_of(changed))


def test_broken_pages_are_said_and_stop_nothing(tmp_path):
    faults = ["challenge-page", "login-page", "listing-markup", "damaged-page"]
    world = World(seed=8, agencies=10, years=[2021, 2022], faults=faults)
    with serve_replica(world) as server:
        done = crawl(tmp_path, server.portals_url)
        codes = {problem["code"] for problem in done.record["problems"]}
        assert codes >= {"challenge-page", "login-page", "listing-markup", "damaged-page"}
        whole = [line for line in server.truth() if line["status"] == "complete"]
        with memory(tmp_path) as known:
            assert all(known.article(line["url"]) for line in whole)


def test_real_and_invented_reports_never_meet_in_one_archive(tmp_path):
    with serve_replica(World(seed=3, agencies=2, years=[2022])) as server:
        portals = tmp_path / "portals.toml"
        portals.write_text(server.portals_toml, "utf-8")
        command = [
            sys.executable,
            "-m",
            "archive",
            "crawl",
            "--data",
            str(tmp_path / "data"),
            "--portals",
            str(portals),
        ]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0
        portals.write_text(server.portals_toml.replace("replica = true", "replica = false"), "utf-8")
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "must not meet" in refused.stderr
