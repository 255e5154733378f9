"""The real command against a small portal over HTTP."""

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from filelock import FileLock

from archive.captures import CaptureStore
from tests.crawler.running import crawl
from tests.crawler.small_portal import (
    _CRAWL,
    Page,
    hanweb_entry,
    hanweb_list,
    portals_file,
    report_page,
    row,
    serve_hanweb,
    ucap_entry,
)


def codes(record, kind="problems"):
    return [entry["code"] for entry in record[kind]]


def captures(data, role=None):
    store = CaptureStore(data / "captures")
    try:
        return list(store.index.all(role))
    finally:
        store.close()


# --- captures and increments ---------------------------------------------------------------------------------------


def test_every_response_is_captured_with_what_was_known(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    assert (done.exit_code, done.record["outcome"]) == (0, "done"), done.stderr
    assert done.stdout.startswith("old: 1 reports listed; 1 new")
    assert len(captures(tmp_path / "data")) == len(portal.asked) == done.record["requests"]
    (article,) = captures(tmp_path / "data", "article")
    assert article.facts["listed"] == {
        "title": "第1局2022年政府信息公开工作年度报告",
        "date": "2023-01-02",
    }
    assert (article.facts["portal"], article.facts["cms"], article.facts["replica"]) == ("old", "hanweb", True)
    assert article.facts["via"] == portal.url + "col/col11581/index.html?number=02"


def test_a_page_whose_capture_is_lost_is_fetched_again(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal))
    crawl(data, file)
    for path in (data / "captures").glob("*.warc.gz"):
        path.unlink()
    portal.forget()
    done = crawl(data, file, "--full")
    assert (done.exit_code, done.record["outcome"]) == (0, "done"), done.stderr
    assert portal.paths(status=304) == []
    assert "/" + row(1)[1] in portal.paths(status=200)


def test_search_is_asked_with_duplicate_keys_in_order(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    (asked,) = [asked for asked in portal.asked if "search.jsp" in asked.path]
    assert [name for name, _ in asked.form] == [
        "infotypeId",
        "jdid",
        "divid",
        "vc_title",
        "vc_number",
        "currpage",
        "vc_filenumber",
        "vc_all",
        "texttype",
        "fbtime",
        "infotypeId",
        "vc_title",
        "vc_number",
        "area",
    ]
    assert asked.headers["X-Requested-With"] == "XMLHttpRequest"
    assert "harbin-disclosure-archive/" in asked.headers["User-Agent"]
    assert asked.headers["Accept-Encoding"] == "gzip, deflate"


def test_a_second_crawl_asks_for_no_article_again(portal, tmp_path):
    serve_hanweb(portal, [row(1), row(2)])
    file = portals_file(tmp_path, hanweb_entry(portal))
    crawl(tmp_path / "data", file)
    portal.forget()
    done = crawl(tmp_path / "data", file)
    assert not [path for path in portal.paths() if path.startswith("/art/")]
    assert "/col/col11581/index.html?number=02" in portal.paths(status=304)
    assert (done.record["listed"], done.record["new"], done.record["unchanged"]) == (2, 0, 2)


def test_a_changed_entry_is_asked_for_again_and_full_asks_for_all(portal, tmp_path):
    serve_hanweb(portal, [row(1), row(2)])
    file = portals_file(tmp_path, hanweb_entry(portal))
    crawl(tmp_path / "data", file)
    title, link, _ = row(1)
    portal.pages["/module/xxgk/search.jsp"] = hanweb_list(portal, [(title, link, "2023-03-03"), row(2)])
    portal.pages["/" + link] = report_page("改过的正文")
    portal.forget()
    done = crawl(tmp_path / "data", file)
    assert [path for path in portal.paths() if path.startswith("/art/")] == ["/" + link]
    assert (done.record["changed"], done.record["unchanged"]) == (1, 1)
    portal.forget()
    done = crawl(tmp_path / "data", file, "--full")
    assert [asked.status for asked in portal.asked if asked.path.startswith("/art/")] == [304, 304]
    assert (done.record["changed"], done.record["unchanged"]) == (0, 2)


def test_only_reports_of_the_year_are_fetched(portal, tmp_path):
    serve_hanweb(portal, [row(1, 2021), row(2, 2022)])
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)), "--year", "2021")
    assert [path for path in portal.paths() if path.startswith("/art/")] == ["/" + row(1, 2021)[1]]
    assert (done.record["listed"], done.record["new"]) == (2, 1)


def test_attachments_are_fetched_once_and_a_missing_one_on_other_days(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    there, missing = "/module/download/downfile.jsp?filename=a.docx", "/attach/0/b.pdf"
    portal.pages["/" + row(1)[1]] = report_page(f"<a href='{there}'>报告</a><a href='{missing}'>表</a>")
    portal.pages[there] = b"PK\x03\x04docx"
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal))
    crawl(data, file)
    (kept,) = [capture for capture in captures(data, "attachment") if capture.status == 200]
    assert kept.facts["parent"] == portal.url + row(1)[1]
    portal.forget()
    crawl(data, file)
    assert there not in portal.paths()
    assert missing not in portal.paths()
    done = crawl(data, file, days=1)
    assert missing in portal.paths()
    assert done.record["gone"] == 0
    assert codes(done.record, "notices") == ["gone"]


def test_compressed_bodies_are_kept_as_sent_and_read(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    body = gzip.compress(hanweb_list(portal, [row(1)]).encode("gb18030"))
    portal.pages["/module/xxgk/search.jsp"] = Page(body, headers={"Content-Encoding": "gzip"})
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    assert done.record["new"] == 1
    assert [c.bytes for c in captures(tmp_path / "data", "listing") if "search.jsp" in c.url] == [len(body)]


# --- staying on the portal ------------------------------------------------------------------------------------------


def test_nothing_off_the_portal_is_asked_for(portal, elsewhere, tmp_path):
    away = ("离开局2022年政府信息公开工作年度报告", elsewhere.url + "away.html", "2023-01-01")
    moved = ("跳转局2022年政府信息公开工作年度报告", "art/2023/1/9/art_11581_77.html", "2023-01-09")
    serve_hanweb(portal, [row(1), away, moved])
    portal.pages["/" + moved[1]] = Page(b"", 302, {"Location": elsewhere.url + "redirected.html"})
    portal.pages["/" + row(1)[1]] = report_page(f"<a href='{elsewhere.url}a.pdf'>附件</a>")
    file = portals_file(tmp_path, hanweb_entry(portal))
    done = crawl(tmp_path / "data", file)
    assert elsewhere.asked == []
    assert codes(done.record) == ["offsite"]
    assert done.record["problems"][0]["url"] == portal.url + moved[1]
    assert codes(done.record, "notices") == ["offsite", "offsite"]
    again = crawl(tmp_path / "data", file)
    assert elsewhere.asked == []
    assert codes(again.record) == []


def test_another_port_of_the_same_address_is_off_the_portal(portal, tmp_path):
    other = socket.socket()
    other.bind(("127.0.0.1", 0))
    link = f"http://127.0.0.1:{other.getsockname()[1]}/a.html"
    serve_hanweb(portal, [("口局2022年政府信息公开工作年度报告", link, "2023-01-01")])
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    assert codes(done.record, "notices") == ["offsite"]
    other.close()


def test_robots_txt_is_obeyed_and_said(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    portal.pages["/robots.txt"] = "User-agent: *\nDisallow: /art/\n"
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    assert not [path for path in portal.paths() if path.startswith("/art/")]
    assert codes(done.record) == ["robots"]


# --- what portals do ------------------------------------------------------------------------------------------------


def test_a_dead_host_fails_politely_and_the_other_portal_is_crawled(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    dead = hanweb_entry(portal).replace('"old"', '"dead"').replace(portal.host, "127.0.0.1:9")
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal), dead))
    assert (done.exit_code, done.record["outcome"]) == (1, "attention")
    assert "127.0.0.1:9 did not answer" in done.stderr
    assert "Check DNS and the network" in done.stderr
    assert "Traceback" not in done.stderr
    assert codes(done.record) == ["host-down"]
    assert done.record["portals"]["dead"]["host_answered"] is False
    assert done.record["portals"]["old"]["new"] == 1


def test_a_name_that_is_not_known_is_said_to_be(portal, tmp_path):
    entry = hanweb_entry(portal).replace("replica = true", "").replace(portal.host, "no-such-host.invalid")
    done = crawl(tmp_path / "data", portals_file(tmp_path, entry, crawl="delay_seconds = 0"))
    assert (done.exit_code, done.record["outcome"]) == (1, "failed")
    assert "its name is not known (DNS)" in done.stderr


def test_a_challenge_instead_of_a_page_is_a_problem_and_asked_again(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    page = "/" + row(1)[1]
    portal.pages[page] = "<html><script>document.cookie='__jsluid_h=1';location.reload()</script></html>"
    file = portals_file(tmp_path, hanweb_entry(portal))
    done = crawl(tmp_path / "data", file)
    assert (done.exit_code, done.record["outcome"], codes(done.record)) == (0, "attention", ["challenge-page"])
    assert done.record["new"] == 0
    portal.pages[page] = report_page()
    done = crawl(tmp_path / "data", file)
    assert (done.record["outcome"], done.record["new"]) == ("done", 1)


def test_an_error_page_served_as_200_is_gone_not_new(portal, tmp_path):
    serve_hanweb(portal, [row(1), row(2)])
    portal.pages["/" + row(1)[1]] = "<html><title>提示</title><body>您访问的页面不存在或已被删除</body></html>"
    del portal.pages["/" + row(2)[1]]
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    assert (done.record["gone"], done.record["new"], done.record["outcome"]) == (2, 0, "done")


def test_a_report_that_vanished_is_said_once_and_kept(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    file = portals_file(tmp_path, hanweb_entry(portal))
    crawl(tmp_path / "data", file)
    del portal.pages["/" + row(1)[1]]
    assert codes(crawl(tmp_path / "data", file, "--full").record) == ["gone"]
    again = crawl(tmp_path / "data", file, "--full").record
    assert (codes(again), codes(again, "notices"), again["gone"]) == ([], ["gone"], 1)


def test_markup_nobody_knows_is_a_problem_and_kept(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    portal.pages["/module/xxgk/search.jsp"] = "<div id='app-root'><section>某</section></div>"
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    assert codes(done.record) == ["listing-markup", "listing-empty"]


def test_far_fewer_reports_than_last_time_are_said(portal, tmp_path):
    serve_hanweb(portal, [row(number) for number in range(10)])
    file = portals_file(tmp_path, hanweb_entry(portal))
    crawl(tmp_path / "data", file)
    portal.pages["/module/xxgk/search.jsp"] = hanweb_list(portal, [row(1), row(2)])
    done = crawl(tmp_path / "data", file)
    assert codes(done.record) == ["fewer-reports"]
    assert "2 annual reports are listed, 10 were last time" in done.stderr
    portal.pages["/module/xxgk/search.jsp"] = hanweb_list(portal, [])
    done = crawl(tmp_path / "data", file)
    assert codes(done.record) == ["listing-empty", "fewer-reports"]


def test_server_errors_are_problems_and_the_rest_goes_on(portal, tmp_path):
    serve_hanweb(portal, [row(1), row(2)])
    portal.pages["/" + row(1)[1]] = Page(b"<html>busy</html>", 503)
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    assert (codes(done.record), done.record["new"]) == (["http-error"], 1)


def test_a_damaged_body_is_a_problem(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    broken = gzip.compress(report_page().encode())[:-20]
    portal.pages["/" + row(1)[1]] = Page(broken, headers={"Content-Encoding": "gzip"})
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    assert (codes(done.record), done.record["new"]) == (["damaged-page"], 0)


def test_a_host_that_stops_answering_is_left_alone(portal, tmp_path):
    serve_hanweb(portal, [row(number) for number in range(8)])
    for number in range(8):
        portal.pages["/" + row(number)[1]] = Page(b"x", wait=3)
    file = portals_file(tmp_path, hanweb_entry(portal), crawl="failures_in_a_row = 2")
    file.write_text(file.read_text("utf-8").replace("timeout_seconds = 5", "timeout_seconds = 1"), "utf-8")
    done = crawl(tmp_path / "data", file)
    assert set(codes(done.record)) == {"no-answer", "host-stopped"}
    assert len([path for path in portal.paths() if path.startswith("/art/")]) <= 3


def test_pages_that_repeat_end_the_listing_with_a_word(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    portal.pages["/module/xxgk/search.jsp"] = hanweb_list(portal, [row(1)], pages=50)
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    assert codes(done.record) == ["listing-paging"]
    assert len([path for path in portal.paths() if "search.jsp" in path]) == 3


def test_xxgk_pages_are_followed_to_the_end(portal, tmp_path):
    serve_hanweb(portal, [row(number) for number in range(7)])

    def search(path, form):
        page = int(dict(form).get("currpage") or 1)
        return hanweb_list(portal, [row(number) for number in range(7)][(page - 1) * 3 : page * 3], pages=3)

    portal.pages["/module/xxgk/search.jsp"] = search
    done = crawl(tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal)))
    assert (done.record["listed"], done.record["new"]) == (7, 7)


def column(portal, rows, *, windows):
    """An ordinary column; a server that ignores windows always answers its page of three."""

    def dataproxy(path, form):
        asked = dict(part.split("=", 1) for part in path.split("?")[1].split("&"))
        if "page" in asked or not windows:
            first = (int(asked.get("page", 1)) - 1) * 3
            shown = rows[first : first + 3]
        else:
            shown = rows[int(asked["startrecord"]) - 1 : int(asked["endrecord"])]
        records = "".join(
            f'<record><![CDATA[<li><a href="/{link}" title="{title}">x</a><span>[{day}]</span></li>]]></record>'
            for title, link, day in shown
        )
        pages = -(-len(rows) // 3)
        return f"<datastore><totalrecord>{len(rows)}</totalrecord><totalpage>{pages}</totalpage><recordset>{records}</recordset></datastore>"

    serve_hanweb(portal, rows)
    portal.pages["/col/col98/index.html"] = "<html><script>unitid:517,webid:1,webname:'市政府'</script></html>"
    portal.pages["/module/web/jpage/dataproxy.jsp"] = dataproxy
    return hanweb_entry(portal).replace('kind = "xxgk"', 'kind = "column"').replace("11581", "98")


def test_ordinary_columns_are_read_in_windows(portal, tmp_path):
    rows = [row(number) for number in range(100)]
    done = crawl(tmp_path / "data", portals_file(tmp_path, column(portal, rows, windows=True)))
    assert (done.record["listed"], codes(done.record)) == (100, [])
    asked = [asked for asked in portal.asked if "dataproxy" in asked.path]
    assert len(asked) == 3
    assert dict(asked[0].form)["unitid"] == "517"


def test_ordinary_columns_are_paged_where_windows_are_ignored(portal, tmp_path):
    rows = [row(number) for number in range(8)]
    done = crawl(tmp_path / "data", portals_file(tmp_path, column(portal, rows, windows=False)))
    assert (done.record["listed"], codes(done.record)) == (8, [])


# --- UCAP -----------------------------------------------------------------------------------------------------------

ROOT, YEAR, LEAF = "a" * 32, "b" * 32, "c" * 32


def serve_ucap(portal, count=130, page=60):
    entries = [
        {
            "title": f"<span>第{number}局2022年</span>政府信息公开工作年度报告",
            "url": f"/hebmlx/c111204t/202301/c01_{number}.shtml",
            "publishedTimeStr": "2023-01-10 09:30:03",
            "channelName": "部门",
        }
        for number in range(count)
    ]
    entries.append({"title": "木兰县2022年部门预算", "url": "/hebmlx/c111204t/202301/c01_9999.shtml"})

    def search(path, form):
        number = int(path.rsplit("page=", 1)[1])
        shown = entries[(number - 1) * page : number * page]
        return json.dumps({"data": {"page": number, "rows": 60, "total": len(entries), "results": shown}})

    def channels(path, form):
        children = []
        if "channelCode=c111202&" in path:
            children = [{"displayName": "2022年", "channelId": YEAR, "channelCode": "c111203"}]
        elif "channelCode=c111203&" in path:
            children = [{"displayName": "部门", "channelId": LEAF, "channelCode": "c111204t"}]
        return json.dumps({"results": {"children": children}})

    portal.pages[f"/common/search/{LEAF}"] = search
    for empty in (ROOT, YEAR):
        portal.pages[f"/common/search/{empty}"] = json.dumps({"data": {"total": 0, "results": []}})
    portal.pages["/common/getChannelList"] = channels
    portal.pages["/hebmlx/c111202/zfxxgklby_nb.shtml"] = (
        f'<html><meta name="channelid" content="{ROOT}"><ul class="list"></ul></html>'
    )
    for number in range(count):
        portal.pages[f"/hebmlx/c111204t/202301/c01_{number}.shtml"] = report_page()


def test_the_channel_tree_is_walked_and_paged_by_what_comes(portal, tmp_path):
    serve_ucap(portal, page=20)
    done = crawl(tmp_path / "data", portals_file(tmp_path, ucap_entry(portal)))
    assert (done.record["listed"], done.record["new"], done.record["outcome"]) == (130, 130, "done"), done.stderr
    (first, *_) = captures(tmp_path / "data", "article")
    assert first.facts["listed"]["column"] == "政府信息公开年报 > 2022年 > 部门 > 部门"
    assert first.facts["listed"]["date"] == "2023-01-10"
    assert first.facts["district"] == "木兰县"


def test_static_lists_and_links_stand_in_for_closed_apis(portal, tmp_path):
    def page(number):
        items = "".join(
            f'<li><a href="202301/c01_{i}.shtml" title="第{i}局2022年政府信息公开工作年度报告">x</a><span>2023-01-02</span></li>'
            for i in range(number * 4, number * 4 + 4)
        )
        pager = "<script>createPageHTML('page_div', 3, 1, 'zfxxgklby_nb', 'shtml', 12);</script>"
        return f'<html><meta name="channelid" content="{LEAF}"><ul class="list">{items}</ul>{pager}</html>'

    portal.pages["/hebmlx/c111202/zfxxgklby_nb.shtml"] = (
        '<html><ul><li><a href="/hebmlx/c111204t/redirect_firstChannel.shtml">2022年</a></li></ul></html>'
    )
    portal.pages["/hebmlx/c111204t/redirect_firstChannel.shtml"] = (
        "<html><script>location.href='/hebmlx/c111205/zfxxgklby_nb.shtml'</script></html>"
    )
    portal.pages["/hebmlx/c111205/zfxxgklby_nb.shtml"] = page(0)
    portal.pages["/hebmlx/c111205/zfxxgklby_nb_2.shtml"] = page(1)
    portal.pages["/hebmlx/c111205/zfxxgklby_nb_3.shtml"] = page(2)
    for number in range(12):
        portal.pages[f"/hebmlx/c111205/202301/c01_{number}.shtml"] = report_page()
    done = crawl(tmp_path / "data", portals_file(tmp_path, ucap_entry(portal)))
    assert (done.record["listed"], done.record["new"]) == (12, 12), done.stderr
    assert codes(done.record) == []


def test_usual_templates_are_tried_where_none_is_named(portal, tmp_path):
    serve_ucap(portal, count=1)
    portal.pages["/hebmlx/c111202/ty_list.shtml"] = portal.pages.pop("/hebmlx/c111202/zfxxgklby_nb.shtml")
    done = crawl(tmp_path / "data", portals_file(tmp_path, ucap_entry(portal).replace("template", "# template")))
    assert (done.record["listed"], done.record["outcome"]) == (1, "done")


def test_a_title_without_an_address_is_gone(portal, tmp_path):
    serve_ucap(portal, count=1)
    entry = {"title": "史志办公室2022年政府信息公开工作年度报告", "url": ""}
    portal.pages[f"/common/search/{ROOT}"] = json.dumps({"data": {"total": 1, "results": [entry]}})
    done = crawl(tmp_path / "data", portals_file(tmp_path, ucap_entry(portal)))
    assert (done.record["gone"], done.record["outcome"], codes(done.record, "notices")) == (1, "done", ["gone"])


def test_an_article_reached_by_a_redirect_is_not_asked_for_again(portal, tmp_path):
    serve_ucap(portal, count=1)
    portal.pages["/hebmlx/c111204t/202301/c01_0.shtml"] = Page(b"", 302, {"Location": "/moved.shtml"})
    portal.pages["/moved.shtml"] = report_page()
    file = portals_file(tmp_path, ucap_entry(portal))
    assert crawl(tmp_path / "data", file).record["new"] == 1
    portal.forget()
    assert crawl(tmp_path / "data", file).record["unchanged"] == 1
    assert "/moved.shtml" not in portal.paths()


# --- the command ----------------------------------------------------------------------------------------------------


def test_portals_come_from_an_address_too(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    portal.pages["/portals.toml"] = portals_file(tmp_path, hanweb_entry(portal)).read_text("utf-8")
    assert crawl(tmp_path / "data", portal.url + "portals.toml").record["new"] == 1


def test_an_unknown_portal_or_file_is_an_error_in_words(portal, tmp_path):
    file = portals_file(tmp_path, hanweb_entry(portal))
    done = crawl(tmp_path / "data", file, "older")
    assert done.exit_code == 1
    assert "has no portal 'older'; it has: old" in done.stderr
    done = crawl(tmp_path / "data", tmp_path / "none.toml")
    assert done.exit_code == 1
    assert "cannot be opened" in done.stderr
    done = crawl(tmp_path / "data", "http://127.0.0.1:9/portals.toml")
    assert done.exit_code == 1
    assert "cannot be fetched" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_held_lock_means_75(portal, tmp_path):
    file = portals_file(tmp_path, hanweb_entry(portal))
    (tmp_path / "data").mkdir()
    with FileLock(tmp_path / "data" / "lock"):
        done = crawl(tmp_path / "data", file)
    assert (done.exit_code, portal.asked) == (75, [])


def test_a_crawl_told_to_stop_keeps_what_it_has_and_the_next_goes_on(portal, tmp_path):
    rows = [row(number) for number in range(14)]
    serve_hanweb(portal, rows)
    for _, link, _ in rows:
        portal.pages["/" + link] = Page(report_page().encode(), wait=0.1)
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal))
    command = [sys.executable, "-c", _CRAWL, "--data", str(data), "--portals", str(file), "--run-id", "first"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    while sum(path.startswith("/art/") for path in portal.paths()) < 3:
        time.sleep(0.05)
    assert json.loads((data / "runs" / "first.json").read_text("utf-8"))["outcome"] == "running"
    os.kill(running.pid, signal.SIGTERM)
    _, stderr = running.communicate(timeout=30)
    record = json.loads((data / "runs" / "first.json").read_text("utf-8"))
    assert (running.returncode, record["outcome"]) == (1, "killed"), stderr
    had = record["new"]
    assert 3 <= had < 14
    assert not list((data / "captures").glob("*.open"))
    done = crawl(data, file)
    assert (done.record["new"], done.record["unchanged"]) == (14 - had, had)


def test_captures_that_cannot_be_written_stop_the_crawl(portal, tmp_path):
    serve_hanweb(portal, [row(1)])
    data, file = tmp_path / "data", portals_file(tmp_path, hanweb_entry(portal))
    broken = _CRAWL.replace(
        "crawl()\n",
        "from archive.captures import CaptureWriter\n"
        "def full(self, exchange):\n    raise OSError(28, 'No space left on device')\n"
        "CaptureWriter.write = full\ncrawl()\n",
    )
    command = [sys.executable, "-c", broken, "--data", str(data), "--portals", str(file), "--run-id", "x"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    record = json.loads((data / "runs" / "x.json").read_text("utf-8"))
    assert (done.returncode, record["outcome"], codes(record)) == (1, "failed", ["disk-full"]), done.stderr
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert Path(data / "runs" / "x.json").exists()
