"""The same seed gives the same bytes; another world leaves alone what both share."""

from __future__ import annotations

import hashlib

from crawler.replica.http import request
from crawler.replica.portals import portals_toml
from crawler.replica.server import ReplicaServer
from crawler.replica.truth import truth_jsonl
from crawler.replica.world import World

SMALL = {"seed": 3, "agencies": 9, "years": [2021, 2022]}


def everything(world: World) -> dict[str, str]:
    """Every page and file of a world as digests, by host and path."""
    server = ReplicaServer(world, 0)
    server.port, found = 80, {}
    for article in world.articles:
        paths = [article.path] + ([article.file_path] if article.report and article.report.attachment else [])
        for path in paths:
            answer = server.answer(request("GET", article.host, path, b"", {}, 80))
            found[article.host + path] = hashlib.sha256(answer.body).hexdigest()
    server._server.server_close()
    return found


def test_two_worlds_of_the_same_seed_are_the_same_bytes():
    first, second = World(**SMALL), World(**SMALL)
    assert everything(first) == everything(second)
    assert truth_jsonl(first, 80) == truth_jsonl(second, 80)
    assert portals_toml(first, 80) == portals_toml(second, 80)


def test_another_seed_gives_other_numbers():
    city = "haerbinshi-renminzhengfu-2021"
    assert World(**SMALL).reports[city].cells != World(**{**SMALL, "seed": 4}).reports[city].cells


def test_more_agencies_and_years_leave_the_reports_of_the_smaller_world_as_they_were():
    small = World(seed=3, agencies=9, years=[2022])
    large = World(seed=3, agencies=30, years=range(2021, 2025))
    shared = set(small.reports) & set(large.reports)
    assert len(shared) >= 4
    for report_id in shared:
        assert small.reports[report_id] == large.reports[report_id]


def test_the_seed_body_and_the_city_are_in_every_world():
    for seed in range(5):
        world = World(seed=seed, agencies=2, years=[2022])
        assert list(world.reports) == ["nangangqu-gongyexinxikejiju-2022", "haerbinshi-renminzhengfu-2022"]
