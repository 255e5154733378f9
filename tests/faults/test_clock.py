"""A clock that was wrong for one night: which text is the newest, and in which order they came."""

from __future__ import annotations

import sqlite3

import pytest

from archive.database.build import build
from crawler.replica.server import serve_replica
from crawler.replica.world import World
from tests.crawler.running import crawl

TEXTS = ("存在公开内容不够全面的问题。", "存在队伍建设有待加强的问题。", "存在解读形式较为单一的问题。")


@pytest.mark.parametrize("days", [(0, -400, 1), (400, 0, 1)], ids=["set back", "set right again"])
def test_the_text_served_last_is_the_newest_whatever_the_clock_said(tmp_path, days):
    world = World(seed=5, agencies=2, years=[2023])
    report = next(iter(world.reports))
    with serve_replica(world) as server:
        for text, day in zip(TEXTS, days, strict=True):
            world.set_text(report, "problems", [text])
            done = crawl(tmp_path / "data", server.portals_url, "--full", days=day)
            assert done.exit_code == 0, done.stderr
    build(tmp_path / "data", jobs=1)
    db = sqlite3.connect(f"file:{tmp_path / 'data' / 'archive.db'}?mode=ro", uri=True)
    texts = db.execute("SELECT text FROM sections WHERE report_id = ? AND key = 'problems'", [report]).fetchall()
    assert texts == [(TEXTS[-1],)]
    versions = db.execute(
        "SELECT number, first_seen FROM versions WHERE report_id = ? ORDER BY number", [report]
    ).fetchall()
    assert [number for number, _ in versions] == [1, 2, 3]
    assert [seen for _, seen in versions] == sorted(seen for _, seen in versions)
    assert db.execute("SELECT id FROM runs ORDER BY id").fetchall() == sorted(db.execute("SELECT id FROM runs"))
    problems = [row[0] for row in db.execute("SELECT problems FROM runs ORDER BY id")]
    assert ['"clock"' in each for each in problems].count(True) >= 1
