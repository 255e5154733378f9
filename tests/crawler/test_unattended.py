"""The real command, left alone: limits, pauses, what vanishes, what comes back, a clock that is wrong."""

import json
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from itertools import chain, pairwise

from archive.captures import CaptureStore
from crawler.manners import BEIJING
from tests.crawler.running import crawl
from tests.crawler.small_portal import (
    Page,
    hanweb_entry,
    hanweb_list,
    portals_file,
    report_page,
    row,
    serve_hanweb,
)

LIST = "/module/xxgk/search.jsp"


def codes(record, kind="problems"):
    return [entry["code"] for entry in record[kind]]


def articles(portal):
    return [path for path in portal.paths() if path.startswith("/art/")]


def captures(data, role):
    store = CaptureStore(data / "captures")
    try:
        return list(store.index.all(role))
    finally:
        store.close()


# --- limits ---------------------------------------------------------------------------------------------------------


def test_a_run_at_its_ceiling_says_so_and_the_next_goes_on_until_all_is_had(portal, tmp_path):
    rows = [row(number) for number in range(9)]
    serve_hanweb(portal, rows)
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal), crawl="requests_a_run = 8")
    first = crawl(data, file)
    assert (first.exit_code, first.record["outcome"], first.record["stopped"]) == (0, "done", "request-ceiling")
    assert len(portal.asked) == first.record["requests"] == 8
    assert codes(first.record, "notices") == ["request-ceiling"]
    assert "requests_a_run" in first.stderr
    had = 4  # beside robots.txt, column, tree and list
    assert first.record["new"] == had
    second, third = crawl(data, file).record, crawl(data, file).record
    assert [second["new"], third["new"]] == [4, 1]
    assert (third["stopped"], third["unchanged"]) == (None, 8)
    assert max(Counter(articles(portal)).values()) == 1


def test_a_run_ends_when_it_has_received_its_bytes(portal, tmp_path):
    rows = [row(number) for number in range(6)]
    serve_hanweb(portal, rows)
    for _, link, _ in rows:
        portal.pages["/" + link] = report_page("长" * 200_000)
    file = portals_file(tmp_path, hanweb_entry(portal), crawl="megabytes_a_run = 1")
    record = crawl(tmp_path / "data", file).record
    assert (record["stopped"], record["new"]) == ("byte-ceiling", 2)


def test_new_reports_go_before_those_looked_at_again(portal, tmp_path):
    serve_hanweb(portal, [row(number) for number in range(4)])
    data = tmp_path / "data"
    crawl(data, portals_file(tmp_path, hanweb_entry(portal)))
    serve_hanweb(portal, [row(number) for number in range(6)])
    portal.forget()
    limited = portals_file(tmp_path, hanweb_entry(portal), crawl="requests_a_run = 6\nrecheck_days = 0")
    assert crawl(data, limited).record["new"] == 2
    assert sorted(articles(portal)) == ["/" + row(number)[1] for number in (4, 5)]


def test_outside_the_quiet_hours_nothing_is_asked_for_and_that_is_no_failure(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    now = datetime.now(BEIJING)
    hours = f"{now + timedelta(hours=2):%H:%M}-{now + timedelta(hours=3):%H:%M}"
    file = portals_file(tmp_path, hanweb_entry(portal), crawl=f'quiet_hours = "{hours}"')
    done = crawl(tmp_path / "data", file)
    assert (portal.asked, done.exit_code) == ([], 0), done.stderr
    assert (done.record["outcome"], done.record["stopped"]) == ("done", "quiet-hours")
    assert hours in done.stderr


def test_without_room_on_the_disk_nothing_is_asked_for(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    file = portals_file(tmp_path, hanweb_entry(portal), crawl="min_free_mb = 1000000000")
    done = crawl(tmp_path / "data", file)
    assert (portal.asked, done.exit_code, done.record["outcome"]) == ([], 1, "failed")
    assert codes(done.record) == ["disk-full"]
    assert "min_free_mb" in done.stderr


def test_the_next_run_begins_with_the_portals_the_last_did_not_reach(portal, elsewhere, tmp_path):
    for served in (portal, elsewhere):
        serve_hanweb(served, [row(number) for number in range(4)])
    entries = hanweb_entry(portal), hanweb_entry(elsewhere).replace('"old"', '"other"')
    file = portals_file(tmp_path, *entries, crawl="requests_a_run = 8\nportals_at_once = 1")
    first = crawl(tmp_path / "data", file)
    assert (first.exit_code, len(portal.asked), len(elsewhere.asked)) == (0, 8, 0)
    second = crawl(tmp_path / "data", file)
    assert (second.exit_code, len(elsewhere.asked)) == (0, 8)


# --- pace -----------------------------------------------------------------------------------------------------------


def test_a_server_that_says_when_to_come_back_is_left_alone_until_then(portal, tmp_path):
    serve_hanweb(portal, [row(1), row(2)])
    times, busy = [], [Page(b"busy", 429, {"Retry-After": "2"})]

    def answer(path, form):
        times.append(time.monotonic())
        return busy.pop() if busy else report_page()

    portal.pages["/" + row(1)[1]] = answer
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal), crawl="retries = 1"))
    assert (done.record["outcome"], done.record["new"]) == ("done", 2)
    assert times[1] - times[0] >= 2


def test_pauses_grow_while_a_server_stays_busy_and_then_it_is_left_alone(portal, tmp_path):
    serve_hanweb(portal, [row(number) for number in range(9)])
    times = []

    def busy(path, form):
        times.append(time.monotonic())
        return Page(b"busy", 503)

    for number in range(9):
        portal.pages["/" + row(number)[1]] = busy
    manners = "retries = 1\nbackoff_seconds = 0.2\nlongest_pause_seconds = 1\nfailures_in_a_row = 2"
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal), crawl=manners))
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) == 4
    assert [pause >= least for pause, least in zip(pauses, (0.2, 0.4, 0.8), strict=True)] == [True] * 3
    assert "host-busy" in codes(done.record)
    assert done.record["portals"]["old"]["complete"] is False


def test_a_server_that_asks_for_a_very_long_pause_is_left_alone_at_once(portal, tmp_path):
    serve_hanweb(portal, [row(number) for number in range(9)])
    for number in range(9):
        portal.pages["/" + row(number)[1]] = Page(b"busy", 503, {"Retry-After": "86400"})
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal), crawl="retries = 2"))
    assert len(articles(portal)) == 1
    assert codes(done.record) == ["host-busy"]


def test_a_crawl_delay_is_kept(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    portal.pages["/robots.txt"] = "User-agent: *\nCrawl-delay: 1\n"
    times = []

    def seen(path, form):
        times.append(time.monotonic())
        return report_page()

    for path in ("/col/col11581/index.html", "/" + row(1)[1]):
        portal.pages[path] = seen
    crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    assert len(times) == 2
    assert times[1] - times[0] >= 2.9, "column, tree, list, article: three pauses of a second"


def test_a_host_is_asked_one_thing_at_a_time_whatever_portals_it_holds(portal, tmp_path):
    serve_hanweb(portal, [row(number) for number in range(4)])
    under_way, most, lock = [0], [0], threading.Lock()

    def slow(path, form):
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.05)
        with lock:
            under_way[0] -= 1
        return report_page(path)

    for number in range(4):
        portal.pages["/" + row(number)[1]] = slow
    entries = [hanweb_entry(portal).replace('"old"', f'"old{number}"') for number in range(3)]
    done = crawl(tmp_path / "data", portals_file(tmp_path, *entries))
    assert done.record["listed"] == 12
    assert most == [1]


# --- looking again --------------------------------------------------------------------------------------------------


def test_each_report_is_looked_at_again_once_in_the_recheck_days(portal, tmp_path):
    rows = [row(number) for number in range(20)]
    serve_hanweb(portal, rows)
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal), crawl="recheck_days = 3")
    crawl(data, file)
    asked = []
    for day in (1, 2, 3):
        portal.forget()
        record = crawl(data, file, days=day).record
        assert (record["new"], record["changed"], record["unchanged"]) == (0, 0, 20)
        asked.append(articles(portal))
        assert portal.paths(status=200).count(asked[-1][0]) == 0, "only if it changed"
    assert Counter(chain.from_iterable(asked)) == {"/" + link: 1 for _, link, _ in rows}
    assert max(map(len, asked)) < 20


def test_a_silent_change_is_found_within_the_recheck_days(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal), crawl="recheck_days = 2")
    crawl(data, file)
    portal.pages["/" + row(1)[1]] = report_page("悄悄改过")
    assert sum(crawl(data, file, days=day).record["changed"] for day in (1, 2)) == 1


# --- gone, delisted, back, moved ------------------------------------------------------------------------------------


def test_a_withdrawn_report_is_captured_as_gone_and_again_when_it_is_back(portal, tmp_path):
    rows = [row(number) for number in range(10)]
    serve_hanweb(portal, rows)
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal))
    crawl(data, file)
    address = "/" + rows[3][1]
    kept = portal.pages.pop(address)
    portal.pages[LIST] = hanweb_list(portal, rows[:3] + rows[4:])
    gone = crawl(data, file).record
    assert (codes(gone), gone["gone"]) == (["gone"], 1)
    (capture,) = [each for each in captures(data, "article") if each.status == 404]
    assert capture.facts["asked"] == portal.url + rows[3][1]
    assert (capture.facts["delisted"], capture.facts["listed"]["title"]) == (True, rows[3][0])
    portal.forget()
    quiet = crawl(data, file).record
    assert (articles(portal), codes(quiet)) == ([], [])
    portal.pages[address] = kept
    serve_hanweb(portal, rows)
    back = crawl(data, file).record
    assert articles(portal) == [address]
    assert (codes(back), codes(back, "notices"), back["unchanged"]) == ([], ["back"], 10)
    last = [each for each in captures(data, "article") if each.facts["asked"] == portal.url + rows[3][1]][-1]
    assert (last.status, "delisted" in last.facts) == (304, False)


def test_a_report_no_list_shows_any_more_is_said_once_and_looked_at_in_its_turn(portal, tmp_path):
    rows = [row(number) for number in range(10)]
    serve_hanweb(portal, rows)
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal))
    crawl(data, file)
    portal.pages[LIST] = hanweb_list(portal, rows[1:])
    portal.forget()
    first, second = crawl(data, file).record, crawl(data, file).record
    assert articles(portal) == ["/" + rows[0][1]]
    assert (codes(first), codes(second)) == (["delisted"], [])


def test_an_empty_or_broken_list_is_no_reason_to_ask_for_all_it_once_showed(portal, tmp_path):
    rows = [row(number) for number in range(10)]
    serve_hanweb(portal, rows)
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal))
    crawl(data, file)
    for broken in (hanweb_list(portal, []), hanweb_list(portal, rows[:5]), "<p>?</p>", Page(b"", 500)):
        portal.pages[LIST] = broken
        portal.forget()
        crawl(data, file)
        assert articles(portal) == []
    portal.pages[LIST] = hanweb_list(portal, rows)
    assert crawl(data, file).record["unchanged"] == 10


def test_a_report_that_moved_is_had_at_both_addresses(portal, tmp_path):
    rows = [row(number) for number in range(10)]
    serve_hanweb(portal, rows)
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal))
    crawl(data, file)
    old, new = rows[0], (rows[0][0], "art/2023/5/5/art_11581_777.html", rows[0][2])
    portal.pages["/" + old[1]] = Page(b"", 301, {"Location": "/" + new[1]})
    serve_hanweb(portal, [new, *rows[1:]])
    portal.pages["/" + old[1]] = Page(b"", 301, {"Location": "/" + new[1]})
    moved = crawl(data, file).record
    assert (moved["new"], moved["gone"], codes(moved), codes(moved, "notices")) == (1, 0, [], ["moved"])
    answers = [each for each in captures(data, "article") if each.facts["asked"] == portal.url + old[1]]
    assert [(each.status, each.url) for each in answers] == [
        (200, portal.url + old[1]),
        (301, portal.url + old[1]),
        (304, portal.url + new[1]),
    ]
    portal.forget()
    assert codes(crawl(data, file).record) == []
    assert articles(portal) == []


def test_an_empty_page_where_a_report_was_is_asked_for_again_the_next_time(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    portal.pages["/" + row(1)[1]] = Page(b" ")
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal))
    crawl(data, file)
    portal.pages["/" + row(1)[1]] = report_page()
    assert crawl(data, file).record["new"] == 1


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_file_that_is_too_large_is_said_once_and_not_fetched_each_night(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    big = "/attach/0/scan.pdf"
    portal.pages["/" + row(1)[1]] = report_page(f"<a href='{big}'>扫描件</a>")
    portal.pages[big] = b"%PDF-" + b"0" * 1_500_000
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal), crawl="max_file_mb = 1")
    first = crawl(data, file)
    assert (first.exit_code, codes(first.record)) == (0, ["too-large"])
    assert "max_file_mb" in first.stderr
    portal.forget()
    assert codes(crawl(data, file).record) == []
    assert big not in portal.paths()
    raised = portals_file(tmp_path, hanweb_entry(portal), crawl="max_file_mb = 2")
    crawl(data, raised)
    assert [each.url for each in captures(data, "attachment")] == [portal.url + big[1:]]


def test_pictures_of_the_text_are_files_of_a_page_without_a_table(portal, tmp_path):
    serve_hanweb(portal, [row(1), row(2)])
    pictures = (
        "<img src='/picture/0/1.jpg' alt='表二'><img src='/picture/0/2.jpg' width='800'>"
        "<img src='/picture/0/3.jpg' width='24' height='24'><img src='/picture/0/4.jpg' style='width:16px'>"
        "<img src='/images/logo.png'><img src='/picture/0/1.jpg'>"
    )
    bare = f"<html><body><div class='bt_content'><p>二、主动公开情况</p>{pictures}</div></body></html>"
    portal.pages["/" + row(1)[1]] = bare
    portal.pages["/" + row(2)[1]] = report_page(pictures.replace("/0/", "/9/"))
    for number in range(1, 5):
        portal.pages[f"/picture/0/{number}.jpg"] = b"\xff\xd8\xff" + bytes(number)
    crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    kept = {each.url.rsplit("/", 1)[-1]: each.facts for each in captures(tmp_path / "data", "attachment")}
    assert {name: facts["position"] for name, facts in kept.items()} == {"1.jpg": 1, "2.jpg": 2}
    assert {facts["parent"] for facts in kept.values()} == {portal.url + row(1)[1]}
    assert kept["1.jpg"]["name"] == "表二"


# --- clock and records ----------------------------------------------------------------------------------------------


def test_a_clock_set_back_changes_no_order_and_is_said(portal, tmp_path):
    serve_hanweb(portal, [row(1), row(2)])
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal))
    crawl(data, file, days=400)
    portal.pages["/" + row(1)[1]] = report_page("改过")
    ahead = sorted((data / "runs").glob("*.json"))
    second = crawl(data, file, "--full").record
    assert (second["changed"], codes(second)) == (1, ["clock"])
    assert sorted((data / "runs").glob("*.json"))[0] == ahead[0], "the later run has the later name"
    third = crawl(data, file, "--full").record
    assert (third["new"], third["changed"], third["unchanged"]) == (0, 0, 2)
    ids = [json.loads(path.read_text("utf-8"))["id"] for path in sorted((data / "runs").glob("*.json"))]
    assert [second["id"], third["id"]] == ids[1:]


def test_a_crawl_that_cannot_start_leaves_a_record_beside_those_before(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal))
    crawl(data, file)
    portals_file(tmp_path, hanweb_entry(portal), crawl="retries = 'many'")
    done = crawl(data, file)
    assert (done.exit_code, done.record["outcome"], codes(done.record)) == (1, "failed", ["not-started"])
    assert "retries must be a number" in done.record["problems"][0]["message_en"]


def test_a_setting_of_the_operator_goes_before_the_portals_file(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    data = tmp_path / "data"
    data.mkdir()
    (data / "config.toml").write_text('[crawl]\ncontact = "archive@example.org"\n', "utf-8")
    crawl(data, portals_file(tmp_path, hanweb_entry(portal)))
    assert {asked.headers["User-Agent"].endswith("(archive@example.org)") for asked in portal.asked} == {True}
