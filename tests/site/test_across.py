"""Pages over many reports: an agency's years, comparison, coverage, quality, versions, the feed. Known numbers."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from archive.site.app import make_app
from tests.site import sample, world
from tests.site.conftest import Reader

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    data = tmp_path_factory.mktemp("world")
    world.publish(data)
    return Reader(make_app(data))


def text_of(element) -> str:
    return " ".join(element.get_text(" ").split())


def series(page: BeautifulSoup, table: str) -> dict[str, list[str | None]]:
    return {
        line.th.get_text(strip=True): [cell.get("data-value") for cell in line.find_all("td")]
        for line in page.select(f"#{table} tbody tr")
    }


def test_an_agency_shows_its_charts_numbers_and_where_the_form_changed(reader):
    page = reader.page(f"/agencies/{world.CIVIL}")
    numbers = series(page, "table-of-received")
    assert numbers["新收申请"] == [str(number) for number in world.NEW[world.CIVIL]]
    outcomes = series(page, "table-of-outcomes")
    assert outcomes["不予公开"] == ["2"] * 5
    assert series(page, "table-of-remedies")["行政复议"] == [str(number) for number in world.REVIEWS[world.CIVIL]]
    heads = page.select("#table-of-received thead th[data-form]")
    assert [(head.get_text(), head["data-form"]) for head in heads] == [
        ("2019", "g3"), ("2020", "g3"), ("2021", "g4"), ("2022", "g4"), ("2023", "g4"),
    ]  # fmt: skip
    assert {plot["data-table"] for plot in page.select(".plot")} == {
        "table-of-received", "table-of-outcomes", "table-of-remedies",
    }  # fmt: skip


def test_a_year_without_a_report_is_a_gap_in_the_chart(reader):
    page = reader.page(f"/agencies/{world.FINANCE}")
    assert [th.get_text() for th in page.select("#table-of-received thead th")[1:]] == [
        str(year) for year in world.YEARS
    ]
    assert series(page, "table-of-received")["新收申请"] == ["44", "40", "52", None, "58"]


def test_an_agency_says_which_reports_are_missing_and_late_and_by_what_law(reader):
    page = reader.page(f"/agencies/{world.FINANCE}")
    assert [text_of(item) for item in page.select(".strip li")] == [
        "2019 按期", "2020 按期", "2021 逾期", "2022 缺", "2023 按期",
    ]  # fmt: skip
    rows = {
        line.th.get_text(strip=True): text_of(line) for line in page.select("section[aria-labelledby=states] tr")[1:]
    }
    assert set(rows) == {"2021", "2022"}
    # 2022-01-31 to 2022-03-02.
    assert "30 天" in rows["2021"] and "2022-01-31" in rows["2021"] and "第四十九条第一款" in rows["2021"]
    assert "2023-01-31" in rows["2022"]


def test_a_comparison_has_a_lasting_address_that_says_all_of_it(reader):
    asked = f"/compare?agency={world.CIVIL}&agency={world.FINANCE}&year=2021&year=2023&measure=denied"
    page = reader.page(asked)
    address = page.find("link", rel="canonical")["href"].removeprefix("http://localhost")
    again = reader.page(address)
    assert again.find("table", id="table-measured") == page.find("table", id="table-measured")
    assert series(page, "table-measured") == {"道里区民政局": ["2", "2"], "平房区财政局": ["2", "2"]}
    assert [th.get_text() for th in page.select("#table-measured thead th")] == ["机构", "2021", "2023"]


def test_differences_between_years_and_between_reports_are_marked(reader):
    page = reader.page(f"/compare?agency={world.CIVIL}&year=2021&year=2022&year=2023")
    changes = [text_of(change) for change in page.select("#table-measured .change")]
    assert changes == ["▼ 减 3", "▲ 增 12"]
    rows = {text_of(line.th): "differs" in line.get("class", []) for line in page.select("table.sides tbody tr")}
    assert rows["≠ 不同 （一）予以公开"] is True
    assert rows["（三）不予公开 1.属于国家秘密"] is False


def test_a_rate_stands_with_its_counts_and_a_missing_report_is_no_zero(reader):
    page = reader.page(f"/compare?agency={world.FINANCE}&measure=open_rate")
    cells = page.select("#table-measured tbody td")
    assert [text_of(cell.select_one(".over")) for cell in cells if cell.select_one(".over")] == [
        "42 / 44", "38 / 40", "50 / 52", "56 / 58",
    ]  # fmt: skip
    # 56 of 58; the change to it is left out, as the year before has none.
    assert text_of(cells[-1]).startswith("96.55 %")
    assert not cells[-1].select(".change")
    assert text_of(cells[-2]) == "无报告" and "data-value" not in cells[-2].attrs


def test_what_cannot_be_compared_is_left_out_and_what_is_too_much_is_cut_to_what_fits(reader):
    page = reader.page("/compare?agency=nobody&agency='OR 1=1&year=x&measure=nonsense&table=sqlite_master")
    assert not page.find("table")
    many = "&".join(f"agency={world.CIVIL}&agency={world.FINANCE}&agency=nobody-{number}" for number in range(300))
    assert reader.get(f"/compare?{many}").status_code == 200
    lines = list(csv.reader(io.StringIO(reader.get("/compare.csv?agency=nobody").content.decode("utf-8-sig"))))
    assert len(lines) == 1


def test_coverage_names_the_state_of_every_report_and_narrows_by_it(reader):
    page = reader.page("/coverage?name=平房")
    cells = {
        head.get_text(): text_of(cell)
        for head, cell in zip(page.select("table.grid thead th")[1:], page.select("table.grid tbody td"), strict=True)
    }
    assert cells == {"2019": "按期", "2020": "按期", "2021": "逾期 30 天", "2022": "缺", "2023": "按期"}
    assert "期限 2023-01-31" in page.select("table.grid tbody td")[3]["title"]
    missing = reader.page("/coverage?state=missing&year=2022")
    assert [th.get_text() for th in missing.select("table.grid tbody th")] == ["平房区财政局"]
    changed = reader.page("/coverage?state=changed")
    assert [th.get_text() for th in changed.select("table.grid tbody th")] == ["道里区民政局"]
    assert changed.select_one("table.grid a.changed")["href"] == f"/reports/{world.CHANGED}#versions"


def test_home_maps_what_is_there_of_what_is_due_and_names_what_changed(reader):
    page = reader.page("/")
    row = next(line for line in page.select("table.map tbody tr") if line.th.get_text() == "2022")
    column = [th.get_text() for th in page.select("table.map thead th")].index("区县部门") - 1
    # Of 2022: the sample's one and the civil bureau's; the finance bureau's is missing.
    assert text_of(row.find_all("td")[column]) == "2 / 3"
    link = page.find("section", {"aria-labelledby": "changed"}).find("a")
    assert link["href"] == f"/reports/{world.CHANGED}/versions/1..2"


def test_findings_are_counted_by_rule_and_year_and_lead_to_their_cells(reader):
    page = reader.page("/quality")
    line = next(line for line in page.select("table tbody tr") if "T3-ROW" in line.th.get_text())
    heads = [th.get_text() for th in page.select_one("table thead").find_all("th")]
    assert line.find_all("td")[heads.index("2023") - 1].get_text() == "1"
    narrowed = reader.page("/quality?rule=T3-ROW&year=2023")
    (found,) = narrowed.select("section[aria-labelledby=list] tbody tr")
    assert found.find_all("a")[-1]["href"] == f"/reports/{world.CHANGED}#requests.granted.total"
    target = reader.page(f"/reports/{world.CHANGED}").find(id="requests.granted.total")
    assert "error" in target["class"]


def test_checks_that_could_not_be_run_are_listed_and_not_counted_as_failed(reader):
    page = reader.page(f"/reports/{world.CHANGED}")
    assert "核对发现 1 处问题" in text_of(page)
    assert "未能进行的核对：1 次" in text_of(page)
    assert "另有 1 次核对" in text_of(reader.page("/quality"))
    (row,) = reader.page("/quality?outcome=not_run").select("section[aria-labelledby=list] tbody tr")
    assert "未能核对" in row.get_text()


def test_a_number_stated_in_the_text_stands_with_its_sentence(reader):
    part = reader.page(f"/reports/{world.CHANGED}").find("section", {"aria-labelledby": "statements"})
    line = text_of(part.select_one("tbody tr"))
    assert "主动公开政府信息数" in line and "120 条" in line and "全年公开水利等信息120条。" in line


def test_versions_that_are_not_there_are_a_page_not_found(reader):
    for address in (f"/reports/{world.CHANGED}/versions/1..3", f"/reports/{world.CIVIL}-2022/versions/1..2"):
        assert reader.get(address).status_code == 404
    same = reader.page(f"/reports/{world.CHANGED}/versions/2..2")
    assert "单元格没有变化。" in text_of(same) and "文字没有变化。" in text_of(same)


def test_the_feed_is_atom_with_an_entry_for_each_version_the_newest_first(reader):
    answer = reader.get("/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.text)
    # RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry must have, once.
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
    entries = feed.findall(f"{ATOM}entry")
    assert all(entry.find(f"{ATOM}author/{ATOM}name").text for entry in entries)
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == len(ids)
    times = [entry.find(f"{ATOM}updated").text for entry in entries]
    assert times == sorted(times, reverse=True) and times[0] == feed.find(f"{ATOM}updated").text
    first = entries[0]
    assert first.find(f"{ATOM}title").text.startswith("（有改动）道里区民政局2023年")
    link = first.find(f"{ATOM}link[@rel='alternate']").attrib["href"]
    assert reader.get(link.removeprefix("http://localhost")).status_code == 200
    # A title that is a script is words here too.
    titles = [entry.find(f"{ATOM}title").text for entry in entries]
    assert f"标题{sample.SCRIPT}" in titles and "<script" not in answer.text
