"""The main job over real HTTP: the replica portal crawled by the real spiders, read, and compared with the truth."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from crawler.replica.faults import FAULTS
from crawler.replica.server import ReplicaServer, serve_replica
from crawler.replica.world import World

# The truth is of one report at a time; what holds between years, and between bodies, has tests of its own.
BETWEEN_REPORTS = {"T3-CARRY", "T2-STOCK", "T2-ITEMS", "T2-FEE-UNIT", "COPY", "TXT-CHANGE", "HIER"}
# A world in which attachments of every kind occur.
EVERY_FORM = 23
XXGK = Path(sys.executable).with_name("xxgk")


def run(data: Path, server: ReplicaServer, *more: str) -> subprocess.CompletedProcess:
    command = [XXGK, "run", "--data", data, "--portals", server.portals_url, *more]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)


def connect(data: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{data / 'archive.db'}?mode=ro", uri=True)


def squeezed(text: str) -> str:
    return "".join(text.split())


def as_read(db: sqlite3.Connection) -> dict[str, dict]:
    """What the archive says of each report, in the shape `as_true` gives the truth."""
    db.row_factory = sqlite3.Row
    found = {}
    for row in db.execute("SELECT * FROM reports"):
        cells = db.execute(
            'SELECT "table", "row", "column", value, state, raw FROM cells WHERE report_id = ?', [row["id"]]
        )
        sections = db.execute(
            "SELECT key, heading, text FROM sections WHERE report_id = ? ORDER BY position", [row["id"]]
        )
        findings = db.execute(
            'SELECT rule, severity, "table", "row", "column", expected, actual, outcome FROM findings WHERE report_id = ?',
            [row["id"]],
        )
        found[row["id"]] = {
            "url": row["url"], "status": row["status"], "title": row["title"], "agency": row["agency_in_title"],
            "year": row["year"], "form": row["form"], "published_on": row["published_on"],
            "period": [row["period_start"], row["period_end"]],
            "contact": {name: row["contact_" + name] for name in ("address", "postcode", "phone", "url", "email")},
            "cells": {tuple(cell)[:3]: tuple(cell)[3:] for cell in cells},
            "sections": [(key, squeezed(heading), squeezed(text)) for key, heading, text in sections],
            "findings": Counter(tuple(finding) for finding in findings if finding["rule"] not in BETWEEN_REPORTS),
        }  # fmt: skip
    return found


def as_true(line: dict) -> dict:
    report = line["report"]
    place = ("table", "row", "column")
    return {
        "url": line["url"], "status": line["status"], "title": report["title"], "agency": report["agency"],
        "year": report["year"], "form": report["form"], "published_on": report["published_on"],
        "period": report["period"] or [None, None], "contact": report["contact"],
        "cells": {
            tuple(cell[name] for name in place): (cell["value"], cell["state"], cell["raw"]) for cell in line["cells"]
        },
        "sections": [(part["key"], squeezed(part["heading"]), squeezed(part["text"])) for part in line["sections"]],
        "findings": Counter(
            tuple(finding[name] for name in ("rule", "severity", *place, "expected", "actual", "outcome"))
            for finding in (*line["findings"], *late(line))
        ),
    }  # fmt: skip


def late(line: dict) -> list[dict]:
    """What the archive adds of its own to the findings of a report: it knows what kind of body each is."""
    last_day, shown = line["deadline"], line["report"]["published_on"]
    if line["status"] not in ("complete", "narrative") or not last_day or shown <= last_day:
        return []
    return [{"rule": "DEADLINE", "severity": "info", "table": None, "row": None, "column": None,
             "expected": last_day, "actual": shown, "outcome": "failed"}]  # fmt: skip


def dump(db: sqlite3.Connection) -> dict[str, list]:
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables = [name for name in tables if name not in ("runs", "_sqlite_migrations") and not name.startswith("sqlite_")]
    return {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in tables}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """One crawl of a world with faults planted in its reports, and the same crawl again."""
    data = tmp_path_factory.mktemp("chain") / "data"
    with serve_replica(World(seed=4711, agencies=14, years=range(2021, 2025))) as server:
        first = run(data, server)
        asked = list(server.log)
        server.log.clear()
        before = dump(connect(data))
        second = run(data, server)
        yield {
            "data": data, "truth": server.truth(), "first": first, "second": second, "asked": asked,
            "asked_again": list(server.log), "before": before, "server": server,
        }  # fmt: skip


def test_the_archive_says_exactly_what_the_portals_published(crawled):
    assert crawled["first"].returncode in (0, 3), crawled["first"].stderr
    true = {line["id"]: as_true(line) for line in crawled["truth"]}
    read = as_read(connect(crawled["data"]))
    assert read.keys() == true.keys()
    for report_id in crawled["server"].world.reports:
        assert read[report_id] == true[report_id], report_id
    assert len(true) > 40
    assert sum(len(report["cells"]) for report in read.values()) == 200 * len(true)
    assert any(report["findings"] for report in true.values()), "the world has planted faults"


def test_reports_of_every_form_and_kind_of_file_are_read_as_they_were_published(tmp_path):
    """Every form from the narratives on; files of every kind, some of them the only place the tables stand in."""
    world = World(seed=EVERY_FORM, agencies=7, years=range(2012, 2026))
    files = {report.file_kind for report in world.reports.values() if report.attachment}
    alone = {report.form.id for report in world.reports.values() if report.only_in_file}
    assert files == {"docx", "pdf", "xlsx", "zip"}
    assert len(alone) > 1
    with serve_replica(world) as server:
        shown = run(tmp_path, server)
        assert shown.returncode in (0, 3), shown.stderr
        true = {line["id"]: as_true(line) for line in server.truth()}
        stated = {line["id"]: line["statements"] for line in server.truth() if "statements" in line}
    db = connect(tmp_path)
    read = as_read(db)
    assert Counter(report["form"] for report in true.values()).keys() == {"g1", "g2", "g3", "g4"}
    assert read.keys() == true.keys()
    for report_id in world.reports:
        assert read[report_id] == true[report_id], report_id
    names = ("key", "value", "unit", "time", "approximate", "section", "sentence", "raw")
    for report_id, statements in stated.items():
        found = db.execute(f"SELECT {', '.join(names)} FROM statements WHERE report_id = ?", [report_id])
        assert Counter(map(tuple, found)) == Counter(tuple(each[name] for name in names) for each in statements)


def test_the_same_report_under_two_addresses_is_one(crawled):
    db = connect(crawled["data"])
    # Where the tables stand in the file alone, the file is the report and its pages are not.
    reports = crawled["server"].world.reports
    twice = [line for line in crawled["truth"] if line["also_at"] and not reports[line["id"]].only_in_file]
    assert twice
    for line in twice:
        found = dict(
            db.execute("SELECT url, outcome FROM captures WHERE report_id = ? AND role = 'article'", [line["id"]])
        )
        assert found == {line["url"]: "report", **dict.fromkeys(line["also_at"], "duplicate")}


def test_a_second_crawl_asks_for_no_known_page_and_changes_no_row(crawled):
    assert crawled["second"].returncode in (0, 3), crawled["second"].stderr
    true = {url for line in crawled["truth"] for url in (line["url"], *line["also_at"], *line["attachments"])}
    port = crawled["server"].port
    asked = Counter(f"http://{each.host}:{port}{each.path}" for each in crawled["asked"])
    again = {f"http://{each.host}:{port}{each.path}" for each in crawled["asked_again"]}
    assert {url: asked[url] for url in true} == dict.fromkeys(true, 1)
    assert true & again == set()
    assert dump(connect(crawled["data"])) == crawled["before"]


def test_nothing_off_the_portals_was_asked_for(crawled):
    hosts = {asked.host for asked in crawled["asked"] + crawled["asked_again"]}
    assert "127.0.0.3" not in hosts
    assert hosts <= {site.legacy.host for site in crawled["server"].world.sites} | {
        site.current.host for site in crawled["server"].world.sites
    } | {"127.0.0.1"}


def test_every_capture_can_be_read_back_and_says_it_is_a_replicas(crawled):
    db = connect(crawled["data"])
    assert db.execute("SELECT min(replica), count(*) FROM captures").fetchone()[0] == 1
    assert db.execute("SELECT min(replica) FROM reports").fetchone() == (1,)
    fastwarc = Path(sys.executable).with_name("fastwarc")
    for path in (crawled["data"] / "captures").glob("*.warc.gz"):
        assert subprocess.run([fastwarc, "check", path], capture_output=True, check=False).returncode == 0


def test_what_changes_on_the_portal_is_fetched_and_kept_beside_what_was(tmp_path):
    world = World(seed=99, agencies=4, years=[2022, 2023])
    with serve_replica(world) as server:
        assert run(tmp_path, server).returncode in (0, 3)
        first, second = sorted(world.reports)[:2]
        world.set_text(first, "problems", ["今年以来问题有所变化。"])
        world.withdraw(second)
        assert run(tmp_path, server, "--full").returncode in (0, 3)
        db = connect(tmp_path)
        numbers = dict(db.execute("SELECT report_id, max(number) FROM versions GROUP BY report_id"))
        assert numbers.pop(first) == 2
        assert set(numbers.values()) == {1}
        assert second in numbers, "a withdrawn report stays"
        text = db.execute("SELECT text FROM sections WHERE report_id = ? AND key = 'problems'", [first]).fetchone()
        assert text == ("今年以来问题有所变化。",)


def test_broken_pages_stop_nothing_and_give_no_wrong_number(tmp_path):
    with serve_replica(World(seed=31, agencies=12, years=[2021, 2022], faults=tuple(FAULTS))) as server:
        shown = run(tmp_path, server)
        assert shown.returncode == 3, shown.stderr
        assert "Traceback" not in shown.stderr
        truth = {line.get("id"): line for line in server.truth()}
        db = connect(tmp_path)
        read = as_read(db)
        for report_id, report in read.items():
            assert report_id in truth, f"{report_id} is none of this world's"
            true = {
                tuple(cell[name] for name in ("table", "row", "column")): cell["value"]
                for cell in truth[report_id]["cells"]
            }
            for place, (value, state, _) in report["cells"].items():
                assert state == "unreadable" or place not in true or value == true[place], (report_id, place)
        whole = [line for line in truth.values() if line["status"] == "complete"]
        assert len(whole) > 10
        for line in whole:
            assert read[line["id"]]["cells"] == as_true(line)["cells"]
        reasons = db.execute("SELECT reason FROM captures WHERE outcome IN ('not_a_report', 'unreadable', 'error')")
        assert all(reason for (reason,) in reasons)
        status = subprocess.run(
            [XXGK, "status", "--data", tmp_path, "--json"], capture_output=True, text=True, check=False
        )
        codes = {problem["code"] for problem in json.loads(status.stdout)["problems"]}
        assert {"challenge-page", "listing-markup"} <= codes
