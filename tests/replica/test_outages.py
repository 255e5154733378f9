"""What goes wrong on the wire and between two visits, seen from outside."""

from __future__ import annotations

import http.client
import socket
import time

import pytest

from crawler.replica.events import EVENTS
from crawler.replica.outages import OUTAGES
from crawler.replica.server import serve_replica
from crawler.replica.trouble import TROUBLE
from crawler.replica.world import World


@pytest.fixture(scope="module")
def troubled():
    with serve_replica(World(seed=21, agencies=18, years=[2021, 2022, 2023], faults=tuple(TROUBLE))) as server:
        yield server


def ask(server, name, timeout=3.0):
    """Ask once, on a connection of its own, for the address an outage was planted at."""
    ((host, path),) = [place for place, (outage, _) in server.world._outages.items() if outage.name == name]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)
    connection.request("GET", path + ("?_isJson=true" if "search" in path else ""), headers={"Host": host})
    return connection.getresponse()


def test_an_answer_that_never_comes(troubled):
    with pytest.raises(TimeoutError):
        ask(troubled, "time-out", timeout=0.5)


def test_a_reset_in_mid_body(troubled):
    with pytest.raises(ConnectionResetError):
        ask(troubled, "reset").read()


def test_a_trickle_gives_few_bytes_a_second(troubled):
    answer = ask(troubled, "trickle")
    began = time.monotonic()
    answer.read(3)
    assert time.monotonic() - began >= 0.2


def test_errors_come_one_after_the_other_and_end(troubled):
    assert [ask(troubled, "server-errors").status for _ in range(4)] == [500, 502, 503, 200]


def test_too_many_requests_are_told_when_to_come_back(troubled):
    answers = [ask(troubled, "too-many") for _ in range(3)]
    assert [(answer.status, answer.headers.get("Retry-After")) for answer in answers] == [
        (429, "1"),
        (429, "1"),
        (200, None),
    ]


def test_lengths_are_wrong_in_both_directions(troubled):
    with pytest.raises(http.client.IncompleteRead):
        ask(troubled, "wrong-length").read()
    assert b"</html>" not in ask(troubled, "wrong-length").read()


def test_redirects_go_round_and_leave_the_portal(troubled):
    assert "round=" in ask(troubled, "circles").headers["Location"]
    assert [ask(troubled, "away").headers["Location"][:16] for _ in range(2)] == [
        "file:///etc/pass",
        "http://127.0.0.3",
    ]


def test_a_list_is_empty_once(troubled):
    first, second = (ask(troubled, "empty-list").read() for _ in range(2))
    assert b'"total": 0' in first
    assert b'"total": 0' not in second


def test_a_page_says_it_is_a_picture_or_utf_8_and_is_neither(troubled):
    assert ask(troubled, "wrong-type").headers["Content-Type"] == "image/png"
    answer = ask(troubled, "wrong-charset")
    assert "UTF-8" in answer.headers["Content-Type"]
    with pytest.raises(UnicodeDecodeError):
        (body := answer.read()).decode("utf-8")
    assert "政府信息公开" in body.decode("gb18030")


def test_a_file_of_300_mb_is_announced_or_not(troubled):
    announced, silent = ask(troubled, "huge-file"), ask(troubled, "huge-file")
    assert (announced.headers["Content-Length"], silent.headers["Content-Length"]) == ("300000000", None)
    for answer in (announced, silent):
        assert len(answer.read(1_000_000)) == 1_000_000
        answer.close()


def test_hostile_links_and_names_stand_on_pages_and_the_files_are_there(troubled):
    assert b"file:///etc/passwd" in ask(troubled, "hostile-links").read()
    assert b"../../../" in ask(troubled, "hostile-names").read()
    assert len(troubled.world.files) == 4
    assert any(len(path.rsplit("/", 1)[-1]) > 300 for _, path in troubled.world.files)
    assert all("../" in answer.headers["Content-Disposition"] for answer in troubled.world.files.values())


def test_events_come_with_the_visits_and_show_in_the_truth():
    with serve_replica(World(seed=22, agencies=8, years=[2022, 2023], faults=tuple(EVENTS))) as server:
        before = {line["id"]: (line["url"], line["sections"]) for line in server.truth()}
        seen = []
        for _ in range(3):
            for host in {host for host, _ in server.world.calendar}:
                connection = http.client.HTTPConnection("127.0.0.1", server.port)
                connection.request("GET", "/robots.txt", headers={"Host": host})
                connection.getresponse().read()
            seen.append({line["id"]: (line["url"], line["sections"]) for line in server.truth()})
    first, second, third = seen
    assert first == before
    assert (len(before.keys() - second.keys()), len(before.keys() - third.keys())) == (2, 1)
    moved = [each for each in third if third[each][0] != before[each][0]]
    changed = [each for each in third if third[each][1] != before[each][1]]
    assert (len(moved), len(changed)) == (1, 1)
    assert moved != changed


def test_an_asker_that_hangs_up_disturbs_nobody(troubled):
    with socket.create_connection(("127.0.0.1", troubled.port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127")
    assert ask(troubled, "wrong-type").status == 200


def test_every_outage_is_named_with_its_help():
    assert set(OUTAGES) | set(EVENTS) <= set(TROUBLE)
    assert all(TROUBLE.values())
