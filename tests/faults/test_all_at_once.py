"""Everything that can go wrong, at once: three nights' runs against one world, then the archive against the truth."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.captures import CaptureStore
from archive.database.build import build
from crawler.memory import is_good
from crawler.replica.events import EVENTS
from crawler.replica.outages import OUTAGES
from crawler.replica.server import serve_replica
from crawler.replica.trouble import TROUBLE
from crawler.replica.world import World
from tests.crawler.running import crawl
from tests.test_end_to_end import as_read, as_true, connect

MANNERS = "[crawl]\ntimeout_seconds = 1\nbackoff_seconds = 0.1\nmin_free_mb = 0\n"
# Times a page that is spoilt is asked for before it is had: one try and two more a run, or less where no try helps.
HAD_IN_RUN = {
    "time-out": 2, "reset": 2, "trickle": 2, "server-errors": 2, "too-many": 1, "cut-gzip": 2, "wrong-length": 2,
    "circles": 2, "away": 3, "challenge-once": 2, "wrong-type": 1, "wrong-charset": 1, "hostile-names": 1,
    "hostile-links": 1,
}  # fmt: skip
CODE = {
    "time-out": "no-answer", "reset": "damaged-page", "trickle": "no-answer", "server-errors": "http-error",
    "cut-gzip": "damaged-page", "circles": "redirects", "challenge-once": "challenge-page",
}  # fmt: skip


class Nights:
    """Three runs, a day apart, and what they left."""

    def __init__(self, data: Path, server, runs) -> None:
        self.data, self.server, self.runs = data, server, runs
        store = CaptureStore(data / "captures")
        self.captures = list(store.index.all())
        store.close()
        self.port = server.port

    def place(self, name: str) -> str:
        """The address an outage was planted at."""
        ((host, path),) = [place for place, (outage, _) in self.server.world._outages.items() if outage.name == name]
        return f"http://{host}:{self.port}{path}"

    def report_of(self, name: str) -> str:
        """The report an event was planned for."""
        happen = set(EVENTS[name].at.values())
        found = {}
        for planned in self.server.world.calendar.values():
            for what, report_id in planned:
                found.setdefault(report_id, set()).add(what)
        return next(report_id for report_id, whats in found.items() if whats == happen)

    def had_in(self, url: str) -> int | None:
        """The run that first had what is at an address."""
        for number, (_, record) in enumerate(self.runs, 1):
            had = [each for each in self.captures if each.warc_file.startswith(record["id"]) and is_good(each)]
            if url in {each.facts.get("asked") for each in had}:
                return number
        return None

    def said(self, url: str, run: int = 1) -> set[str]:
        record = self.runs[run - 1][1]
        return {entry["code"] for entry in (*record["problems"], *record["notices"]) if entry["url"] == url}


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nights")
    world = World(seed=7, agencies=16, years=[2021, 2022, 2023], faults=tuple(TROUBLE))
    with serve_replica(world) as server:
        portals = folder / "portals.toml"
        portals.write_text(server.portals_toml.replace("[crawl]\n", MANNERS, 1), "utf-8")
        runs = []
        for day in range(3):
            done = crawl(folder / "data", portals, days=day)
            runs.append((done, done.record))
        build(folder / "data", jobs=2)
        yield Nights(folder / "data", server, runs)


def test_after_three_runs_the_archive_says_what_the_portals_publish(nights):
    truth = {line["id"]: as_true(line) for line in nights.server.truth() if line["status"] == "complete"}
    read = as_read(connect(nights.data))
    moved = nights.report_of("moved")
    # What checks find in a report is held to the truth elsewhere, and here rests on the cells alone.
    differ = {
        (report_id, key)
        for report_id, report in truth.items()
        for key in report.keys() - {"findings"}
        if report_id not in read or read[report_id][key] != report[key]
    }
    figures = [
        {name: record[name] for name in ("requests", "bytes", "listed", "new", "changed", "unchanged", "gone")}
        for _, record in nights.runs
    ]
    sys.stdout.write(f"\n{len(TROUBLE)} faults; {len(truth)} reports, {len(differ)} differences; runs:\n")
    sys.stdout.writelines(f"  {json.dumps(each)}\n" for each in figures)
    assert len(truth) > 30
    # A report that moved may stand under its old address or its new one.
    assert differ <= {(moved, "url")}


def test_no_number_is_wrong_in_what_is_broken_for_good(nights):
    read = as_read(connect(nights.data))
    for line in nights.server.truth():
        if line["status"] == "complete" or line["id"] not in read:
            continue
        true = nights.server.world.reports[line["id"]].cells
        for place, (value, state, raw) in read[line["id"]]["cells"].items():
            assert state != "number" or raw == true.get(place, "").strip(), (line["id"], place, value)


def test_nothing_is_there_twice_and_nothing_is_lost(nights):
    world, db = nights.server.world, connect(nights.data)
    read = as_read(db)
    known = set(world.reports) | {line["id"] for line in nights.server.truth()}
    assert set(read) <= known
    gone = {report.id for report in world.reports.values() if report.withdrawn}
    assert len(gone) == 1
    assert gone <= set(read), "a withdrawn report is kept"
    unread = {line["id"] for line in nights.server.truth() if line["status"] == "not_a_report"}
    assert set(world.reports) - set(read) <= unread
    ((twice,),) = db.execute(
        "SELECT count(*) FROM (SELECT sha256, url FROM captures WHERE status = 200 GROUP BY 1, 2 HAVING count(*) > 1)"
    )
    assert twice == 0, "the same bytes of the same address are stored once"


@pytest.mark.parametrize("name", HAD_IN_RUN)
def test_a_page_is_had_once_its_trouble_is_over(nights, name):
    assert nights.had_in(nights.place(name)) <= HAD_IN_RUN[name]


@pytest.mark.parametrize("name", CODE)
def test_trouble_is_said_by_its_own_name(nights, name):
    # A portal that was silent several times in a row is left alone, and its other pages come the next night.
    said = nights.said(nights.place(name)) | nights.said(nights.place(name), 2)
    assert CODE[name] in said


def test_a_list_that_was_empty_for_one_run_loses_nothing(nights):
    url = nights.place("empty-list")
    empty = [each for each in nights.captures if each.url.split("?")[0] == url]
    assert len(empty) >= 3
    reports = [
        article
        for article in nights.server.world.articles
        if article.kind == "report" and article.report and not article.report.withdrawn
    ]
    asked = {each.facts.get("asked") for each in nights.captures if is_good(each)}
    for article in reports:
        # The list in unknown markup names its reports nowhere; they stand on the current site as well.
        if article.report.fault is None and article.host != "xxgk.harbin.localhost":
            assert article.url(nights.port) in asked


def test_a_file_of_300_mb_is_named_and_takes_no_memory(nights):
    url = nights.place("huge-file")
    assert "too-large" in nights.said(url)
    assert url not in {each.url for each in nights.captures}
    assert max(done.peak_mb for done, _ in nights.runs) < 280
    sys.stdout.write(f"\npeak memory of the crawls: {[round(done.peak_mb) for done, _ in nights.runs]} MB\n")


def test_hostile_names_are_kept_as_addresses_and_nothing_is_written_outside(nights):
    kept = [each for each in nights.captures if "replica-was-here" in each.url or "%E5%B9%B4%E6%8A%A5" in each.url]
    assert {each.status for each in kept} == {200}
    assert len({each.url for each in kept}) >= 4
    assert not list(Path("/tmp").glob("*replica-was-here*"))
    files = {path.suffix for path in nights.data.rglob("*") if path.is_file()}
    assert "replica-was-here" not in " ".join(map(str, nights.data.rglob("*")))
    assert files <= {".gz", ".db", ".json", ".reserve", "", ".db-wal", ".db-shm", ".idx", ".cdxj"}, files


def test_nothing_off_the_portals_is_asked_for_whatever_links_and_redirects_say(nights):
    hosts = {asked.host for asked in nights.server.log}
    assert "127.0.0.3" not in hosts
    targets = [each.facts["leads_off"] for each in nights.captures if "leads_off" in each.facts]
    assert {urlsplit(target).scheme for target in targets} == {"file", "http"}
    assert not [each.url for each in nights.captures if not each.url.startswith("http://")]


def test_what_changed_moved_or_came_back_is_in_the_captures(nights):
    world = nights.server.world
    ids = {name: nights.report_of(name) for name in EVENTS}
    (changed, *_), (moved, *_), (back, *_) = (
        [article.url(nights.port) for article in world.articles_of(ids[name])]
        for name in ("changed", "moved", "put-back")
    )
    texts = {each.sha256 for each in nights.captures if each.url == changed and is_good(each)}
    assert len(texts) == 2
    assert nights.had_in(moved) == 2
    gone = [each for each in nights.captures if each.facts.get("delisted") and each.status == 404]
    titles = {each.facts["listed"]["title"] for each in gone}
    assert titles >= {world.reports[ids[name]].title.strip() for name in ("moved", "put-back", "withdrawn")}
    back = [each for each in nights.captures if each.facts.get("asked") == back]
    assert [back[0].status, back[-1].status] == [200, 304]


def test_every_run_ends_with_a_record_and_no_traceback(nights):
    for done, record in nights.runs:
        assert record["outcome"] == "attention"
        assert "Traceback" not in done.stderr
        assert "crawler-error" not in {entry["code"] for entry in record["problems"]}, record["problems"]
    assert all(earlier["id"] < later["id"] for (_, earlier), (_, later) in pairwise(nights.runs))


def test_the_captures_of_all_this_are_whole(nights):
    fastwarc = Path(sys.executable).with_name("fastwarc")
    for path in (nights.data / "captures").glob("*.warc.gz"):
        assert subprocess.run(["gzip", "-t", path], check=False).returncode == 0
        assert subprocess.run([fastwarc, "check", path], capture_output=True, check=False).returncode == 0


def test_every_outage_has_a_test_here():
    told_apart = {"empty-list", "huge-file"}
    assert set(OUTAGES) == set(HAD_IN_RUN) | told_apart


def test_runs_say_what_they_asked_and_found(nights):
    db = sqlite3.connect(f"file:{nights.data / 'archive.db'}?mode=ro", uri=True)
    rows = db.execute("SELECT id, requests, bytes, new, changed, gone FROM runs ORDER BY id").fetchall()
    assert len(rows) == 3
    assert all(requests > 0 and size > 0 for _, requests, size, *_ in rows)
    assert rows[1][4] >= 1
    asked = Counter(each.warc_file[:16] for each in nights.captures)
    assert {row[0]: asked[row[0]] <= row[1] for row in rows} == {row[0]: True for row in rows}
