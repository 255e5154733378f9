"""The traps of the legacy sites, over real HTTP."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from lxml import html

from crawler.replica.sites import sites

CITY = "xxgk.harbin.localhost"
SEARCH = "/module/xxgk/search.jsp?infotypeId=&vc_title=&vc_number=&area="


def body(*, page: str = "", infotype: str = "02", column: str = "11581") -> bytes:
    """The form as the portal's script sends it: its own fields, then the query's again."""
    own = f"infotypeId=0&jdid=2&divid=div{column}&vc_title=&vc_number=&currpage={page}&vc_filenumber=&vc_all=&texttype=&fbtime="
    return f"{own}&infotypeId={infotype}&vc_title=&vc_number=&area=".encode()


def rows_of(fragment: str) -> list:
    return html.fromstring(f"<div>{fragment}</div>").xpath("//tr[starts-with(@class, 'tr_main_value_')]")


@pytest.fixture(scope="module")
def fragment(client) -> str:
    answer = client.ask(client.url(CITY, SEARCH), method="POST", body=body())
    assert answer.status == 200
    return answer.text


def test_the_fragment_is_a_table_with_a_head_row_and_odd_and_even_rows(fragment):
    table = html.fromstring(f"<div>{fragment}</div>").xpath("//table[@class='tb_list']")[0]
    assert not table.xpath(".//tr[1]/td/a")
    classes = [row.get("class") for row in rows_of(fragment)]
    assert classes[:4] == ["tr_main_value_odd", "tr_main_value_even"] * 2
    assert "<html" not in fragment


def test_rows_have_an_absolute_address_a_whole_title_and_the_date_in_the_third_cell(fragment, client):
    for row in rows_of(fragment)[:-1]:
        link = row.xpath(".//a")[0]
        assert link.get("href").startswith(f"http://{CITY}:{client.server.port}/art/")
        assert {"title", "mc", "syh", "rq", "gkfs"} <= set(link.attrib)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row.xpath("./td[3]")[0].text)


def test_lists_hold_rows_of_other_columns_and_one_that_is_no_article(client):
    found = []
    for page in range(1, 8):
        found += rows_of(client.ask(client.url(CITY, SEARCH), method="POST", body=body(page=str(page))).text)
    addresses = [row.xpath(".//a")[0].get("href") for row in found]
    assert any("/art_11565_" in address for address in addresses)
    assert any("/art_11581_" in address for address in addresses)
    assert any(row.xpath(".//a")[0].get("title") == "更多数据" for row in found)
    days = {urlsplit(address).path.split("/")[3:5][0] for address in addresses if "/art/" in address}
    assert days & set("123456789"), "months are not padded with a zero"


def test_paging_to_the_end_shows_everything_once(client, server):
    pages = int(re.search(r"共(\d+)页", client.ask(client.url(CITY, SEARCH), method="POST", body=body()).text).group(1))
    assert pages > 2
    shown = []
    for page in range(1, pages + 1):
        fragment = client.ask(client.url(CITY, SEARCH), method="POST", body=body(page=str(page))).text
        shown += [row.xpath(".//a")[0].get("href") for row in rows_of(fragment)[:-1]]
        assert "尾 页" in fragment
    listed = [article.url(server.port) for article in server.world.listed(CITY, "11581")]
    assert shown == listed
    beyond = client.ask(client.url(CITY, SEARCH), method="POST", body=body(page=str(pages + 1))).text
    assert len(rows_of(beyond)) == 1


def test_the_parameters_may_stand_in_the_query_with_an_empty_body_or_a_get(client, fragment):
    url = client.url(CITY, "/module/xxgk/search.jsp?" + body().decode())
    assert client.ask(url, method="POST", body=b"").text == fragment
    assert client.ask(url).text == fragment


def test_a_list_can_be_asked_for_one_body_only(client, server):
    article = next(a for a in server.world.listed(CITY, "11581") if a.area)
    asked = body() + article.area.encode()
    rows = rows_of(client.ask(client.url(CITY, SEARCH), method="POST", body=asked).text)[:-1]
    assert [row.xpath(".//a")[0].get("href") for row in rows] == [article.url(server.port)]


def test_the_column_page_names_tree_and_list_and_the_tree_counts(client, server):
    page = client.ask(client.url(CITY, "/col/col11581/index.html?number=02")).text
    assert "/module/xxgk/tree.jsp?area=&amp;divid=div11581" in page
    assert "loadDynamic('/module/xxgk/search.jsp?infotypeId='+a+" in page
    tree = client.ask(client.url(CITY, "/module/xxgk/tree.jsp?area=&divid=div11581")).text
    nodes = re.findall(r"funclick\(\\'(\d+)\\',\\'([^\\]+)\\'\)\\?\">([^(]+)\((\d+)\)", tree)
    count = len(server.world.listed(CITY, "11581"))
    assert ("02", "政府信息公开年报", "政府信息公开年报", str(count)) in nodes


RECORD = re.compile(r"<record><!\[CDATA\[(.*?)\]\]></record>", re.DOTALL)
PROXY = "/module/web/jpage/dataproxy.jsp"


def proxy(client, host: str, column: int, unit: int, query: str, more: str = "") -> str:
    form = (
        f"col=1&appid=1&webid=2&path=/&columnid={column}&sourceContentType=1&unitid={unit}&webname=x&permissiontype=0"
    )
    answer = client.ask(client.url(host, f"{PROXY}?{query}"), method="POST", body=(form + more).encode())
    assert answer.headers["Content-Type"].startswith("text/xml")
    return answer.text


def titles(xml: str) -> list[str]:
    return [unescape(re.search(r'title="([^"]+)"', record).group(1)) for record in RECORD.findall(xml)]


def test_dataproxy_answers_windows_and_pages_alike(client, server):
    everything = [article.title for article in server.world.listed(CITY, "11583")]
    first = proxy(client, CITY, 11583, 20517, "startrecord=1&endrecord=45&perpage=15")
    assert f"<totalrecord>{len(everything)}</totalrecord><totalpage>{-(-len(everything) // 15)}</totalpage>" in first
    assert titles(first) == everything[:45]
    assert titles(proxy(client, CITY, 11583, 20517, "page=2", "&perpage=15")) == everything[15:30]
    assert "./dataproxy.jsp?page=2&appid=1" in proxy(client, CITY, 11583, 20517, "page=1&perpage=15")
    assert titles(proxy(client, CITY, 11583, 20517, "startrecord=46&endrecord=90&perpage=15")) == everything[45:90]


def test_dataproxy_records_have_relative_and_absolute_addresses_and_debris(client):
    records = RECORD.findall(proxy(client, CITY, 11583, 20517, "startrecord=1&endrecord=60&perpage=15"))
    text = "".join(records)
    assert 'href="/art/' in text
    assert f'href="http://{CITY}:' in text
    assert re.search(r"<span>\[\d{4}-\d\d-\d\d\]</span>", text)
    assert "<li style=<br/>" in text
    assert any(record.count("<li") - record.count("<li style") == 2 for record in records), "printed twice"


def test_an_old_build_knows_pages_and_no_windows():
    from crawler.replica import hanweb
    from crawler.replica.http import request
    from crawler.replica.world import World

    world = World(seed=1, agencies=24, years=[2021])
    site = sites()["五常市"]
    assert site in world.sites, "this seed has 五常"

    def ask(query: str) -> list[str]:
        asked = request("GET", site.legacy.host, f"{PROXY}?columnid=12596&perpage=15&{query}", b"", {}, 80)
        return titles(hanweb.respond(world, site, asked).body.decode())

    assert ask("startrecord=16&endrecord=30") == ask("page=1")
    assert ask("page=2") != ask("page=1")


def test_a_column_page_always_shows_page_one(client):
    first = client.ask(client.url(CITY, "/col/col11583/index.html")).text
    assert client.ask(client.url(CITY, "/col/col11583/index.html?uid=20517&pageNum=2")).text == first
    assert '<script type="text/xml"><datastore>' in first
    assert "default_pgContainer" in first
    assert "default_pgBtn default_pgNext" in first


def test_articles_have_the_markers_metas_and_container(client, truth):
    legacy = [url for line in truth for url in line["also_at"] if "xxgk" in url]
    assert len(legacy) > 10
    orders = set()
    for url in legacy:
        page = client.ask(url).text
        names = re.findall(r'<meta (?:content="[^"]*" )?name="(\w+)"', page)
        assert {"ArticleTitle", "PubDate", "ContentSource", "ColumnName", "SiteName", "Maketime"} <= set(names)
        orders.add(tuple(names[:3]))
        assert '<div class="bt_content">' in page
        assert '<!--<$[信息内容]>begin--><!--ZJEG_RSS.content.begin--><meta name="ContentStart">' in page
        assert '<meta name="ContentEnd"><!--ZJEG_RSS.content.end--><!--<$[信息内容]>end-->' in page
    assert len(orders) > 2


def test_both_kinds_of_attachment_can_be_fetched(client, server):
    kinds = set()
    for article in server.world.articles:
        if article.system == "legacy" and article.report and article.report.attachment:
            page = client.ask(article.url(server.port)).text
            href = unescape(re.search(r'<a href="(/module/download/[^"]+)"', page).group(1))
            answer = client.ask(client.url(article.host, href))
            assert answer.status == 200
            assert answer.body[:2] == b"PK"
            kinds.add(href.split("?")[0])
    assert kinds == {"/module/download/downfile.jsp", "/module/download/down.jsp"}


def test_an_article_that_is_gone_is_an_error_page_with_status_200(client, server):
    article = next(a for a in server.world.listed(CITY, "11581") if a.kind == "error")
    answer = client.ask(article.url(server.port))
    assert answer.status == 200
    assert "您访问的页面不存在" in answer.text
    assert client.ask(client.url(CITY, "/art/2022/1/1/art_1_1.html")).status == 404


def test_the_session_cookie_is_set(client):
    assert client.ask(client.url(CITY, "/")).headers["Set-Cookie"].startswith("JSESSIONID=")
