"""The pages say what the archive holds, where it comes from and what is not known; nothing in it can act on them."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from archive.forms.model import forms
from archive.site import handlers
from archive.site.app import make_app
from archive.site.rendering import render
from tests.site import sample
from tests.site.conftest import Reader
from tests.site.sample import BARE, EDUCATION, HOSTILE, MAIN, SCRIPT

PAGES = [
    "/", "/reports", "/agencies", "/method", "/search", "/search?q=依申请", f"/search?q={SCRIPT}",
    f"/reports/{MAIN}", f"/reports/{HOSTILE}", f"/reports/{BARE}", f"/agencies/{EDUCATION}", "/agencies/haerbinshi-exi",
    "/compare", f"/compare?agency={EDUCATION}&agency=haerbinshi-exi", "/coverage", "/coverage?state=missing&year=2022",
    f"/coverage?name={SCRIPT}&district=-", "/quality", f"/quality?agency={EDUCATION}&rule=PERIOD", "/quality?outcome=not_run",
    "/codebook", "/download", f"/compare?agency={EDUCATION}&name={SCRIPT}",
    "/reports?year=2023&name=教育", "/reports?year=x", "/agencies?district=-", f"/reports?name={SCRIPT}",
]  # fmt: skip
DATASETTE_PAGES = [
    "/archive", "/archive/reports", "/archive/cells", "/archive/findings", "/archive/sections", "/archive/captures",
    "/archive/runs", "/archive/agencies", "/archive/requests", "/archive/coverage", "/archive/statistics",
    "/-/versions", f"/archive/reports/{HOSTILE}", "/archive?sql=select+title+from+reports",
]  # fmt: skip


def cell(page: BeautifulSoup, table: str, row: str, column: str):
    return page.find(id=f"{table}.{row}.{column}")


def text_of(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ").split())


@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_in_chinese_with_landmarks_and_its_own_address(reader, address):
    page = reader.page(address)
    assert page.html["lang"] == "zh-CN"
    assert len(page.find_all("h1")) == 1
    assert page.main and page.header and page.footer and page.find("nav")
    assert page.find("link", rel="canonical")["href"].startswith("http://localhost/")
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids)), "an id stands twice"
    for anchor in page.find_all("a", href=re.compile("^#")):
        assert anchor["href"][1:] in ids
    for label in page.find_all("label"):
        assert label["for"] in ids


@pytest.mark.parametrize("address", [*PAGES, *DATASETTE_PAGES])
def test_script_in_the_data_stays_text(reader, address):
    answer = reader.get(address)
    assert answer.status_code == 200
    assert SCRIPT not in answer.text
    page = BeautifulSoup(answer.text, "lxml")
    assert not page.find_all(href=re.compile("^javascript:", re.IGNORECASE))
    assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]


@pytest.mark.parametrize("address", PAGES)
def test_our_pages_run_no_script_but_charts_and_ask_no_other_host(reader, address):
    answer = reader.get(address)
    page = BeautifulSoup(answer.text, "lxml")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    if page.select(".plot"):
        assert "script-src 'self';" in policy
        for script in page.find_all("script"):
            assert script["src"].startswith("/static/")
            assert not script.get_text()
    else:
        assert not page.find_all("script")
        assert "script-src" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    for tag in page.select("link:not([rel=canonical], [hreflang]), img"):
        assert (tag.get("href") or tag.get("src")).startswith("/")
    assert not page.find_all(style=True)


def test_the_links_of_our_pages_lead_somewhere(reader, captures):
    seen = set()
    for address in (*PAGES, f"/captures/{captures['page']}"):
        for anchor in reader.page(address).find_all("a", href=re.compile("^/")):
            seen.add(anchor["href"].partition("#")[0])
    assert len(seen) > 30
    assert [address for address in sorted(seen) if reader.get(address).status_code != 200] == []


def test_home_counts_what_the_archive_holds(reader):
    page = reader.page("/")
    numbers = {entry.dt.get_text(): entry.dd.get_text(strip=True) for entry in page.select(".numbers div")}
    assert numbers["机构"] == "2"
    assert numbers["报告"] == "4"
    assert numbers["年度"] == "2022–2023"
    assert numbers["单元格"] == "599"
    assert numbers["存档记录"] == "5"
    assert page.select_one(".cards a")["href"] == f"/reports/{MAIN}"
    row = next(row for row in page.select("table.map tbody tr") if row.th.get_text() == "2023")
    assert [td.get_text(strip=True) for td in row.find_all("td")] == ["1/ 1", "1/ 1", "2/ 2"]
    assert "2026-01-23 11:17:00 （北京时间）" in text_of(page)
    assert "完成，有事项需人处理" in text_of(page)


def test_a_report_shows_its_facts_and_where_it_comes_from(reader, captures):
    page = reader.page(f"/reports/{MAIN}")
    text = text_of(page)
    assert page.h1.get_text() == "南岗区教育局2023年政府信息公开工作年度报告"
    for words in ("2024-01-20", "2023-01-01 至 2023-12-31", "国办公开办函〔2021〕30号", "0451-86212151", "区县部门"):
        assert words in text
    assert page.find("a", href=sample.MAIN_URL)
    assert "2026-01-23 11:17:00 （北京时间）" in text
    assert page.find("a", href=f"/captures/{captures['page']}/original")
    assert page.find("a", href=sample.OLD_URL)
    assert page.find("a", href=f"/captures/{captures['docx']}")
    digest = page.select_one("dd.digest").get_text()
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert digest in page.select_one(".citation").get_text()
    assert f"http://localhost/reports/{MAIN}" in page.select_one(".citation").get_text()
    assert [a.get_text() for a in page.select(".years a")] == ["2022"]


def test_a_report_shows_its_six_sections_in_order_with_the_tables_in_theirs(reader):
    page = reader.page(f"/reports/{MAIN}")
    parts = page.select("section.part")
    assert [part["class"][-1] for part in parts[:6]] == [
        "overview", "active_disclosure", "requests", "remedies", "problems", "other",
    ]  # fmt: skip
    assert [p.get_text() for p in parts[0].select("p.text")] == [
        "（一）主动公开。100%完成。",
        "（二）依申请公开。全年受理申请。",
    ]
    for part in parts[1:4]:
        assert part.find("table", class_="form")


def test_each_cell_shows_its_state(reader):
    page = reader.page(f"/reports/{MAIN}")

    def shown(*key):
        found = cell(page, *key)
        return found.select_one(".value").get_text(), found["class"][1], found.get("title")

    assert shown("requests", "new_received", "natural_person") == ("1,234", "number", "原文：１２３４")
    assert shown("requests", "carried_out", "total")[:2] == ("0", "number")
    assert shown("requests", "granted", "other_org")[:2] == ("空", "blank")
    assert shown("active_disclosure", "regulations", "issued")[:2] == ("/", "not_applicable")
    assert shown("active_disclosure", "regulations", "repealed")[:2] == ("详见附件", "text")
    assert shown("active_disclosure", "administrative_fees", "amount_10k_yuan")[0] == "59,237.2449"
    assert shown("remedies", "review", "upheld")[:2] == ("不可读", "unreadable")
    assert "原文：l" in shown("remedies", "review", "upheld")[2]
    assert shown("remedies", "litigation_direct", "pending")[:2] == ("缺", "missing")
    legend = page.select_one("#table-remedies .legend").get_text()
    assert "不可读" in legend and "报告的表中没有" in legend


def test_failed_checks_are_marked_at_their_cells_and_lead_there(reader):
    page = reader.page(f"/reports/{MAIN}")
    total = cell(page, "remedies", "review", "total")
    assert "error" in total["class"]
    assert total.sup.a["href"] == "#finding-2"
    assert "四种结果之和为 0" in total["title"]
    # A balance of a column concerns what it is made of, and nothing else.
    marked = {td["id"] for td in page.select("td.error") if td["id"].startswith("requests.")}
    assert marked == {f"requests.{row}.total" for row in ("new_received", "carried_in", "results_total", "carried_out")}
    listed = page.select("ol.findings li")
    assert [item["id"] for item in listed] == ["finding-1", "finding-2", "finding-3"]
    assert listed[1].find("a", href="#remedies.review.total")
    assert SCRIPT in listed[2].get_text()


def test_the_numbers_of_a_report_are_found_by_their_headers(reader):
    """Every value cell stands in the row and column the form says, spans counted."""
    table = reader.page(f"/reports/{MAIN}").select_one("#table-requests table")
    assert {th["scope"] for th in table.select("th")} == {"col", "colgroup", "row", "rowgroup"}
    labels = {row.key: row.label for row in forms()[0].table("requests").grid.rows}
    for line in table.select("tbody tr"):
        slots = line.select("td.slot")
        assert [slot["id"].split(".")[2] for slot in slots] == [
            column.key for column in forms()[0].table("requests").grid.value_columns
        ]
        assert line.select("th[scope=row]")[0].get_text() == labels[slots[0]["id"].split(".")[1]]


def test_a_report_without_tables_says_what_is_the_matter(reader):
    page = reader.page(f"/reports/{BARE}")
    assert not page.find("table", class_="form")
    assert "未能读取" in page.select_one(".notice").get_text()
    assert SCRIPT in page.select_one(".notice").get_text()


def test_a_table_without_its_section_stands_under_the_official_heading(reader):
    page = reader.page(f"/reports/{HOSTILE}")
    part = page.select_one("section.part.requests")
    assert part.h2.get_text() == "三、收到和处理政府信息公开申请情况"
    assert "报告中未见这一标题" in part.get_text()


def test_an_agency_sets_its_years_side_by_side(reader):
    page = reader.page(f"/agencies/{EDUCATION}")
    table = page.select_one("table.years-of")
    heads = [th.get_text() for th in table.select("thead th")]
    rows = {
        row.th.get_text(): [td.get_text(strip=True) for td in row.find_all("td")] for row in table.select("tbody tr")
    }
    numbers = dict(zip(heads[1:], rows["2023"], strict=True))
    assert (numbers["新收申请"], numbers["予以公开"], numbers["办理总计"], numbers["行政复议"]) == (
        "1,234",
        "17",
        "0",
        "9",
    )
    # One of the eight is blank, and blank is not zero.
    assert numbers["不予公开"] == "–（所需单元格空白）"
    assert dict(zip(heads[1:], rows["2022"], strict=True))["不予公开"] == "0"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/reports?year=2022", {f"{EDUCATION}-2022", BARE}),
        ("/reports?level=district_department", {MAIN, f"{EDUCATION}-2022"}),
        ("/reports?district=南岗区&year=2023", {MAIN}),
        ("/reports?district=-", {HOSTILE, BARE}),
        ("/reports?status=unreadable", {BARE}),
        ("/reports?name=教育", {MAIN, f"{EDUCATION}-2022"}),
        ("/reports?name=%25", set()),
        ("/reports?year=nonsense", set()),
        ("/reports?year=&level=&page=99", {MAIN, HOSTILE, BARE, f"{EDUCATION}-2022"}),
    ],
)
def test_reports_are_narrowed_by_year_level_district_status_and_name(reader, address, expected):
    page = reader.page(address)
    assert {a["href"].rsplit("/", 1)[1] for a in page.select("tbody th a")} == expected
    assert f"共 {len(expected)} 份" in text_of(page)


@pytest.mark.parametrize(
    "address",
    [
        "/reports/nobody-2023", "/reports/x", "/reports/..%2f..%2fetc", "/reports/' OR 1=1 --", "/agencies/nobody",
        "/captures/1", "/captures/00000000-0000-0000-0000-000000000000/original", "/nothing", "/archive/nothing",
        "/nothing/at/all", f"/reports/{SCRIPT}",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_page_in_chinese_with_a_way_back(reader, address):
    answer = reader.get(address, follow_redirects=True)
    assert answer.status_code == 404
    page = BeautifulSoup(answer.text, "lxml")
    assert "没有找到" in page.h1.get_text()
    assert page.main.find("a", href="/")
    assert SCRIPT not in answer.text


def test_an_error_of_ours_is_a_page_that_gives_nothing_away(archive, monkeypatch, capsys):
    reader = Reader(make_app(archive))

    def broken(template, *language, **values):
        if template == "home.html":
            raise RuntimeError("secret detail")
        return render(template, *language, **values)

    monkeypatch.setattr(handlers, "render", broken)
    page = reader.page("/", status=500)
    assert "出错了" in page.h1.get_text()
    assert "secret" not in page.get_text()
    assert "secret detail" in capsys.readouterr().err


def test_a_query_that_takes_too_long_is_stopped_and_said_to_be(archive):
    reader = Reader(make_app(archive))
    reader.get("/")
    reader.site.sql_time_limit_ms = 1
    endless = "with recursive n(i) as (select 1 union all select i+1 from n) select count(*) from n"
    assert "用时过长" in reader.get("/archive", params={"sql": endless}).text
    reader.site.sql_time_limit_ms = 0
    assert "用时过长" in reader.page("/search?q=公开", status=503).main.get_text()


def test_pages_are_only_read(reader):
    import asyncio

    assert asyncio.run(reader.site.client.post("/")).status_code in (403, 405)
    answer = asyncio.run(reader.site.client.head(f"/reports/{MAIN}"))
    assert (answer.status_code, answer.text) == (200, "")


def test_a_page_that_has_not_changed_is_not_sent_again(reader):
    tag = reader.get("/").headers["etag"]
    assert reader.get("/", headers={"if-none-match": tag}).status_code == 304
    assert reader.get("/", headers={"if-none-match": '"other"'}).status_code == 200


def test_a_forged_host_is_not_written_into_the_page(reader):
    answer = reader.get(f"/reports/{MAIN}", headers={"host": 'x"><script>'})
    page = BeautifulSoup(answer.text, "lxml")
    assert page.find("link", rel="canonical")["href"] == f"/reports/{MAIN}"
    assert not page.find_all("script")
