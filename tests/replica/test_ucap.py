"""The traps of the current sites, over real HTTP."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from urllib.parse import urljoin, urlsplit

import pytest

from crawler.replica.sites import channel_tree, sites

CITY = sites()[None].current
NANGANG = sites()["南岗区"].current
BEIJING = timezone(timedelta(hours=8))


def search(client, current, channel_id: str, query: str) -> dict:
    answer = client.ask(client.url(current.host, f"/common/search/{channel_id}?_isJson=true&{query}"))
    assert answer.headers["Content-Type"].startswith("application/json")
    return json.loads(answer.body)


def children(client, current, code: str) -> list[dict]:
    path = f"/common/getChannelList?channelCode={code}&websiteCodeName={current.site}"
    return json.loads(client.ask(client.url(current.host, path)).body)["results"]["children"]


@pytest.fixture(scope="module")
def results(client) -> list[dict]:
    """Everything the city's tree lists, through the root channel."""
    root = channel_tree(CITY, (2021, 2022, 2023))[0]
    return search(client, CITY, root.id, "_pageSize=9999&page=1&_isAgg=false")["data"]["results"]


def test_the_tree_goes_from_root_to_years_to_children(client):
    years = children(client, CITY, CITY.root)
    assert [year["displayName"] for year in years] == ["2023年", "2022年", "2021年"]
    leaves = children(client, CITY, years[0]["channelCode"])
    assert [leaf["displayName"] for leaf in leaves] == ["市本级", "市直部门", "区县（市）"]
    assert all(re.fullmatch(r"[0-9a-f]{32}", each["channelId"]) for each in (*years, *leaves))
    assert years[0]["channelCode"][-1].isalpha(), "a copied year has a letter"
    assert [each["displayName"] for each in children(client, NANGANG, NANGANG.leaf(2022, 0))] == []
    assert children(client, NANGANG, "c999999") == []


def test_channel_codes_are_those_seen_on_the_portal():
    assert sites()["木兰县"].current.leaf(2022, 0) == "c111204"
    assert sites()["木兰县"].current.leaf(2023, 0) == "c111204t"
    assert sites()["木兰县"].current.leaf(2021, 0) == "c111208"
    assert sites()["五常市"].current.leaf(2022, 1) == "c111341"
    assert sites()["阿城区"].current.leaf(2023, 1) == "c111273u"
    assert sites()["阿城区"].current.leaf(2021, 0) == "c111276"
    assert sites()["道里区"].current.leaf(2022, 1) == "c111239"
    assert sites()["道里区"].current.leaf(2021, 0) == "c111242"
    assert sites()["南岗区"].current.leaf(2021, 1) == "c111141"
    assert CITY.leaf(2020, 0) == "c106192"


def test_the_envelope_and_its_lying_rows(client):
    root = channel_tree(CITY, (2021, 2022, 2023))[0]
    data = search(client, CITY, root.id, "_pageSize=9999&page=1")["data"]
    assert data["rows"] == 9999 > len(data["results"]) == data["total"]
    assert data["relateSubChannels"] == "true"
    assert data["channelId"] == root.id
    last = search(client, CITY, root.id, f"_pageSize=10&page={-(-data['total'] // 10)}")["data"]
    assert last["rows"] == 10
    assert len(last["results"]) == data["total"] % 10 or 10
    beyond = search(client, CITY, root.id, "_pageSize=10&page=999")["data"]
    assert beyond["results"] == []
    assert client.ask(client.url(CITY.host, f"/common/search/{root.id}")).status == 404


def test_pages_of_the_api_join_to_the_whole(client, results):
    root = channel_tree(CITY, (2021, 2022, 2023))[0]
    joined, page = [], 1
    while batch := search(client, CITY, root.id, f"_pageSize=7&page={page}")["data"]["results"]:
        joined += batch
        page += 1
    assert [each["manuscriptId"] for each in joined] == [each["manuscriptId"] for each in results]


def test_items_come_from_sub_channels_and_from_departments_own_trees(results):
    root = channel_tree(CITY, (2021, 2022, 2023))[0]
    assert all(each["channelId"] != root.id for each in results)
    codes = {each["channelCodeName"] for each in results}
    assert len(codes) > 6
    assert any(code.startswith("c107") for code in codes)


def test_the_epoch_is_eight_hours_early(results):
    for each in results:
        shown = datetime.strptime(each["publishedTimeStr"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
        assert shown.timestamp() * 1000 - each["publishedTime"] == 8 * 3600 * 1000


def test_fields_are_missing_and_titles_are_marked_up_padded_or_blank(results):
    assert {"contentHtml" in each for each in results} == {True, False}
    assert {"resList" in each for each in results} == {True, False}
    assert any("<span" in each["title"] for each in results)
    assert any(not each["title"].strip() for each in results)
    assert any(each["domainMetaList"] == [] for each in results)
    metas = [each["domainMetaList"][0]["resultList"] for each in results if each["domainMetaList"]]
    assert any(pair["value"] == "null" for values in metas for pair in values)


def test_addresses_take_several_forms(results, client):
    forms = {re.match(r"(http://[^/]+harbin|http://|//|/)", each["url"]).group(1)[:9] for each in results}
    assert {"/", "//"} <= forms
    base = client.url(CITY.host, "/")
    good = [each for each in results if urlsplit(urljoin(base, each["url"])).hostname == CITY.host]
    statuses = [client.ask(urljoin(base, each["url"])).status for each in good]
    assert statuses.count(200) > 0.9 * len(statuses)
    assert statuses.count(302) == 1
    assert statuses.count(404) == 1


def test_links_lead_to_another_host_and_one_redirects_there(results, client, server):
    assert any(urlsplit(each["url"]).hostname == "127.0.0.3" for each in results)
    article = next(a for a in server.world.articles if a.kind == "redirect")
    answer = client.ask(article.url(server.port))
    assert answer.status == 302
    assert urlsplit(answer.headers["Location"]).hostname == "127.0.0.3"


def test_no_link_leads_to_a_real_host(client, server, results):
    hosts = {article.host for article in server.world.articles} | {"127.0.0.3"}
    assert {urlsplit(each["url"]).hostname for each in results} - {None} <= hosts
    for article in server.world.articles[::17]:
        page = client.ask(f"http://{article.host}:{server.port}{article.path}").text
        for href in re.findall(r'(?:href|src)="([^"]+)"', page):
            assert urlsplit(href).hostname in (None, *hosts)


def test_static_lists_page_by_file_name_only(client, server):
    code, template = NANGANG.root, NANGANG.template
    first = client.ask(client.url(NANGANG.host, f"/{NANGANG.site}/{code}/{template}.shtml")).text
    pages, total = map(int, re.search(r"createPageHTML\('page_div', (\d+), 1, '\w+', 'shtml', (\d+)\)", first).groups())
    assert pages > 2
    assert client.ask(client.url(NANGANG.host, f"/{NANGANG.site}/{code}/{template}.shtml?page=2")).text == first
    items = 0
    for page in range(1, pages + 1):
        suffix = f"_{page}" if page > 1 else ""
        text = client.ask(client.url(NANGANG.host, f"/{NANGANG.site}/{code}/{template}{suffix}.shtml")).text
        items += len(re.findall(r'<span class="time">', text))
        assert f"{template}_{page + 1}.shtml" not in text, "there are no anchors to the other pages"
    assert items == total
    assert client.ask(client.url(NANGANG.host, f"/{NANGANG.site}/{code}/{template}_{pages + 1}.shtml")).status == 404
    root = channel_tree(NANGANG, server.world.years)[0]
    assert f'<meta name="channelid" content="{root.id}"/>' in first


def test_a_year_forwards_to_its_first_child(client):
    page = client.ask(client.url(NANGANG.host, f"/{NANGANG.site}/c111135/redirect_firstChannel.shtml"))
    assert len(page.body) < 1500
    assert f"/{NANGANG.site}/c111136/{NANGANG.template}.shtml" in page.text


def test_the_four_heads(client, server):
    shown = {}
    for article in server.world.articles:
        header = article.site.current.header
        if article.system == "current" and article.kind == "report":
            page = client.ask(article.url(server.port)).text
            shown.setdefault(header, []).append(re.sub(r"<[^>]+>", "", page.split("replica-banner")[1]))
    assert any(
        "当前位置: 首页 > 政务公开 > 政府信息公开平台 > 政府信息公开年报 > " in t.replace("&gt;", ">")
        for t in shown["city"]
    )
    assert all(re.search(r"日期:\d{4}-\d\d-\d\d \d\d:\d\d\s+来源:\s", text) for text in shown["city"])
    assert all(re.search(r"• 736916955/\d{4}-\d{5}", text) for text in shown["index"])
    assert all(re.search(r"日期:\d{4}-\d\d-\d\d 来源:\S+人民政府 访问量: 字号:", text) for text in shown["index"])
    others = shown.get("plain", []) + shown.get("bare", [])
    assert others
    assert not any("736916955" in text for text in others)


def test_all_four_heads_can_be_made(server):
    from crawler.replica.ucap_pages import article_page

    article = next(a for a in server.world.articles if a.system == "current" and a.kind == "report")
    trail = channel_tree(NANGANG, (2022,))[:3]
    for name in ("道里区", "道外区", "呼兰区"):
        other = type(article)(**{**vars(article), "site": sites()[name]})
        text = article_page(other, trail).body.decode()
        assert f"{article.published:%Y-%m-%d}" in text
    assert "呼兰区人民政府 发布时间:" in text


def test_ucap_tags_and_wrappers_vary(client, server):
    pages = [
        client.ask(article.url(server.port)).text
        for article in server.world.articles
        if article.system == "current" and article.kind == "report"
    ]
    for sign in (
        "<ucaptitle>",
        "<UCAPCONTENT>",
        'id="zoomcon"',
        'id="UCAP-CONTENT"',
        'id="font"',
        'class="detail-news"',
    ):
        assert any(sign in page for page in pages), sign
    assert any("#PAGE_BREAK#" in page for page in pages)
    assert any("<pagebreak></pagebreak>" in page for page in pages)
    dates = [re.search(r'name="PubDate" content="([^"]+)"', page).group(1) for page in pages]
    assert {len(date) for date in dates} == {16, 19}


def test_files_lie_beside_their_article_and_are_linked_relatively(client, server):
    names = set()
    for article in server.world.articles:
        if article.system == "current" and article.kind == "report" and article.report.attachment:
            page = client.ask(article.url(server.port)).text
            href = re.search(r'href="(\d+/files/[^"]+)"', page).group(1)
            answer = client.ask(urljoin(article.url(server.port), href))
            assert answer.status == 200
            assert answer.body[:2] in (b"PK", b"%P")
            names.add(bool(re.search(r"/[0-9a-f]{32}\.[a-z]+$", href)))
    assert names == {True, False}


def test_imported_articles_have_low_ids_and_some_another_month(server):
    imported = [a for a in server.world.articles if a.imported]
    others = [a for a in server.world.articles if a.system == "current" and a.kind == "report" and not a.imported]
    assert max(a.id for a in imported) < min(a.id for a in others)
    assert any("/202302/" in a.path and a.report.year == 2021 for a in imported)
    assert sum("/2022" in a.path for a in imported) > len(imported) / 2
    assert len({a.id for a in server.world.articles if a.system == "current"}) == sum(
        a.system == "current" for a in server.world.articles
    )


def test_the_same_report_stands_under_its_legacy_and_its_current_address(client, truth):
    both = [line for line in truth if any("xxgk" in url for url in line["also_at"])]
    assert {line["report"]["year"] for line in both} == {2021}
    for line in both[:5]:
        assert [client.ask(url).status for url in (line["url"], *line["also_at"])] == [200] * (1 + len(line["also_at"]))
