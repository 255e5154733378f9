"""What every response has, conditional requests, and worlds that change between crawls."""

from __future__ import annotations

import json
import tomllib

import pytest

from crawler.replica.server import serve_replica
from crawler.replica.world import World
from tests.replica.client import Client

CITY_REPORT = "haerbinshi-renminzhengfu-2022"


@pytest.fixture
def changing():
    with serve_replica(World(seed=3, agencies=6, years=[2021, 2022])) as server:
        yield server, Client(server)


def test_every_response_says_it_is_a_replica(client, server):
    article = next(a for a in server.world.articles if a.report and a.report.attachment and a.system == "current")
    city = server.world.sites[0]
    urls = [
        article.url(server.port),
        client.url(article.host, article.file_path),
        client.url(city.current.host, "/common/getChannelList?channelCode=x&websiteCodeName=haerbin"),
        client.url(city.legacy.host, "/module/web/jpage/dataproxy.jsp?columnid=11583"),
        client.url(city.legacy.host, "/module/xxgk/search.jsp?divid=div11581"),
        client.url(city.legacy.host, "/robots.txt"),
        client.url("nobody.localhost", "/nothing"),
        server.address,
        server.portals_url,
    ]
    for url in urls:
        assert "replica" in client.ask(url).headers["X-Replica-Portal"], url


def test_every_page_says_it_visibly_in_both_languages_and_in_a_meta(client, server):
    pages = [article for article in server.world.articles if article.kind in ("report", "other", "error")][::9]
    for article in pages:
        text = client.ask(article.url(server.port)).text
        assert '<meta name="replica-portal" content="复制门户' in text
        assert text.count("一切数字均为虚构 · Replica portal: every number on it is invented") == 2


def test_the_index_lists_the_hosts_and_the_portals_file_is_sound(client, server):
    index = client.ask(server.address).text
    portals = tomllib.loads(client.ask(server.portals_url).text)["portals"]
    ids = [portal["id"] for portal in portals]
    assert ids[:2] == ["xxgk", "haerbin"]
    assert len(ids) == len(set(ids))
    for portal in portals:
        assert portal["replica"] is True
        assert portal["hosts"][0].split(":")[0] in index
        assert portal["base_url"] == f"http://{portal['hosts'][0]}/"
        assert portal["columns"] if portal["cms"] == "hanweb" else portal["channels"][0]["code"]


def test_robots_txt_allows_everything(client, server):
    text = client.ask(client.url(server.world.sites[0].current.host, "/robots.txt")).text
    assert "Allow: /" in text
    assert "Crawl-delay: 0" in text


def test_an_unchanged_article_answers_304_to_its_etag_or_date(client, server):
    for article in [a for a in server.world.articles if a.kind == "report"][:6]:
        first = client.ask(article.url(server.port))
        by_tag = client.ask(article.url(server.port), If_None_Match=first.headers["ETag"])
        by_date = client.ask(article.url(server.port), If_Modified_Since=first.headers["Last-Modified"])
        assert (by_tag.status, by_tag.body, by_date.status, by_date.body) == (304, b"", 304, b"")
        assert by_tag.headers["ETag"] == first.headers["ETag"]
        assert client.ask(article.url(server.port), If_None_Match='"other"').status == 200
        assert client.ask(article.url(server.port), If_Modified_Since="nonsense").status == 200


def test_an_unchanged_attachment_answers_304(client, server):
    for system in ("legacy", "current"):
        article = next(a for a in server.world.articles if a.system == system and a.report and a.report.attachment)
        url = client.url(article.host, article.file_path)
        tag = client.ask(url).headers["ETag"]
        assert client.ask(url, If_None_Match=tag).status == 304


def test_head_has_the_length_and_no_body(client, server):
    article = next(a for a in server.world.articles if a.kind == "report")
    answer = client.ask(article.url(server.port), method="HEAD")
    assert answer.body == b""
    assert int(answer.headers["Content-Length"]) > 5000


def test_a_changed_number_changes_that_page_its_tag_and_the_truth_and_nothing_else(changing):
    server, client = changing
    article, other = (
        server.world.articles_of(CITY_REPORT)[0],
        server.world.articles_of("haerbinshi-renminzhengfu-2021")[0],
    )
    before, before_other = client.ask(article.url(server.port)), client.ask(other.url(server.port))
    server.world.set_cell(CITY_REPORT, ("requests", "new_received", "total"), "98765")
    after = client.ask(article.url(server.port), If_None_Match=before.headers["ETag"])
    assert after.status == 200
    assert ">98765<" in after.text
    assert after.headers["Last-Modified"] != before.headers["Last-Modified"]
    assert client.ask(other.url(server.port), If_None_Match=before_other.headers["ETag"]).status == 304
    line = next(line for line in server.truth() if line["id"] == CITY_REPORT)
    assert {finding["rule"] for finding in line["findings"]} >= {"T3-BAL", "T3-ROW"}


def test_a_changed_text_is_served(changing):
    server, client = changing
    server.world.set_text(CITY_REPORT, "other", ["更正说明。"])
    assert "更正说明" in client.ask(server.world.articles_of(CITY_REPORT)[0].url(server.port)).text
    assert "更正说明。" in json.dumps(server.truth(), ensure_ascii=False)


def test_a_withdrawn_report_leaves_lists_address_and_truth_and_can_come_back(changing):
    server, client = changing
    article = server.world.articles_of(CITY_REPORT)[0]
    server.world.withdraw(CITY_REPORT)
    assert client.ask(article.url(server.port)).status == 404
    assert article not in server.world.listed(article.host, article.listed_in[0])
    assert CITY_REPORT not in {line["id"] for line in server.truth()}
    server.world.restore(CITY_REPORT)
    assert client.ask(article.url(server.port)).status == 200


def test_a_report_can_be_added(changing):
    server, client = changing
    report = server.world.add("南岗区审计局", 2022)
    url = next(line["url"] for line in server.truth() if line["id"] == report.id)
    assert client.ask(url).status == 200
    with pytest.raises(ValueError, match="already"):
        server.world.add("南岗区审计局", 2022)
    with pytest.raises(ValueError, match="no site"):
        server.world.add("南岗区审计局", 2025)


def test_every_kind_of_fault_in_the_text_can_be_planted(changing):
    from crawler.replica.planting import PLANTS

    server, client = changing
    for name in PLANTS:
        server.world.plant(CITY_REPORT, name)
    assert client.ask(server.world.articles_of(CITY_REPORT)[0].url(server.port)).status == 200
    line = next(line for line in server.truth() if line["id"] == CITY_REPORT)
    assert "PERIOD" in {finding["rule"] for finding in line["findings"]}
    assert "number" in {cell["state"] for cell in line["cells"]}


def test_requests_are_written_down(changing):
    server, client = changing
    client.ask(client.url("xxgk.harbin.localhost", "/col/col11581/index.html?number=02"))
    asked = server.log[-1]
    assert (asked.method, asked.host, asked.path, asked.status) == (
        "GET", "xxgk.harbin.localhost", "/col/col11581/index.html?number=02", 200,
    )  # fmt: skip


def test_whoever_follows_a_link_off_the_portal_is_seen(changing):
    import http.client

    server, _ = changing
    try:
        connection = http.client.HTTPConnection("127.0.0.3", server.port, timeout=5)
        connection.request("GET", "/city/away.html")
    except OSError:
        pytest.skip("this machine has no 127.0.0.3")
    assert connection.getresponse().status == 200
    assert server.log[-1].host == "127.0.0.3"


def test_a_body_too_large_is_refused(changing):
    _, client = changing
    url = client.url("xxgk.harbin.localhost", "/")
    assert client.ask(url, method="POST", body=b"x", Content_Length=str(1 << 21)).status == 413
