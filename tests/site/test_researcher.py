"""The work of a researcher in a real browser, from the home page: on a desktop and on a phone."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest

from tests.site import world
from tests.site.browsing import SIZES, chromium
from tests.site.test_serve import serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    data = tmp_path_factory.mktemp("world")
    world.publish(data)
    with serving(data) as (_, found):
        yield found


@pytest.fixture(params=SIZES)
def page(request, browser):
    """A page that fails the test for any error, refused content or request to another host.

    That an archived page's own script is refused is as it should be.
    """
    context = browser.new_context(
        viewport=SIZES[request.param], is_mobile=request.param == "phone", locale="zh-CN", accept_downloads=True
    )
    page = context.new_page()
    troubles: list[str] = []
    hosts: set[str] = set()
    page.on(
        "console",
        lambda message: (
            message.type in ("error", "warning")
            and not message.text.startswith("Blocked script execution")
            and troubles.append(message.text)
        ),
    )
    page.on("pageerror", lambda error: troubles.append(str(error)))
    # A chart is saved as a picture of itself, which is at no address.
    page.on("request", lambda asked: asked.url.startswith("http") and hosts.add(asked.url.split("/")[2].split(":")[0]))
    yield page
    context.close()
    assert troubles == []
    assert hosts <= {"127.0.0.1"}


def test_a_report_is_found_by_two_characters_of_its_text_and_a_number_read_with_its_failed_check(page, address):
    page.goto(address)
    page.get_by_role("searchbox").fill(world.RARE)
    page.get_by_role("button", name="检索").click()
    page.get_by_role("link", name="道里区民政局2023年政府信息公开工作年度报告").click()
    page.wait_for_url(f"**/reports/{world.CHANGED}**")
    assert page.locator('[id="requests.new_received.natural_person"] .value').text_content() == "30"
    # Sighted readers find the sentence beside the table, those who hear the page with the cell.
    cell = page.locator('[id="requests.granted.total"]')
    said = page.evaluate(
        "cell => cell.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id).textContent).join()",
        cell.element_handle(),
    )
    assert "各类申请人之和为 28，总计填为 27" in said
    beside = page.locator("#table-requests .beside")
    assert "各类申请人之和为 28，总计填为 27" in beside.text_content()
    beside.get_by_role("link", name="看单元格").click()
    assert page.evaluate("cell => cell.matches(':target')", cell.element_handle())


def test_the_archived_original_is_opened_from_the_report(page, address):
    page.goto(f"{address}reports/{world.CHANGED}")
    page.get_by_role("link", name="查看门户当时送出的页面").click()
    page.wait_for_url("**/original")
    assert page.locator("p").text_content() == "正文"
    assert page.evaluate("window.origin") == "null"


def test_what_changed_between_two_versions_is_read_word_by_word(page, address):
    page.goto(address)
    page.get_by_role("region", name="公布后有改动的报告").get_by_role("link").first.click()
    page.wait_for_url("**/versions/1..2")
    assert [each.text_content() for each in page.locator(".changed-text del").all()] == ["28"]
    assert [each.text_content() for each in page.locator(".changed-text ins").all()] == [f"{world.RARE}等", "30"]
    row = page.get_by_role("row", name="一、本年新收政府信息公开申请数量 × 总计")
    assert (row.locator("del").text_content(), row.locator("ins").text_content()) == ("28", "30")


def test_two_agencies_are_compared_over_five_years_and_the_numbers_taken_away_as_csv(page, address):
    page.goto(f"{address}agencies/{world.CIVIL}")
    page.get_by_role("link", name="与其他机构比较").click()
    # The picker needs no script: a name is looked for, a box ticked, the form sent.
    page.get_by_label("按名称找机构").fill("财政")
    page.get_by_role("button", name="找").click()
    page.get_by_role("checkbox", name="平房区财政局").check()
    page.get_by_role("button", name="比较").click()
    table = page.locator("#table-measured")
    numbers = {
        line.locator("th").text_content(): [cell.get_attribute("data-value") for cell in line.locator("td").all()]
        for line in table.locator("tbody tr").all()
    }
    assert numbers["道里区民政局"] == [str(number) for number in world.NEW[world.CIVIL]]
    assert numbers["平房区财政局"] == ["44", "40", "52", None, "58"]
    # The chart draws both, and the line where the form changed between 2020 and 2021.
    plot = page.locator(".plot")
    assert plot.get_attribute("data-drawn") == "2"
    assert plot.locator("svg").get_by_text("新表式").count() == 1
    with page.expect_download() as saved:
        page.get_by_role("link", name="本页数据（CSV）").click()
    lines = list(csv.DictReader(io.StringIO(saved.value.path().read_text("utf-8-sig"))))
    found = {(line["agency"], int(line["year"])): line["new_received"] for line in lines}
    for agency, name in ((world.CIVIL, "道里区民政局"), (world.FINANCE, "平房区财政局")):
        for year, number in zip(world.YEARS, world.NEW[agency], strict=True):
            gone = (agency, year) == (world.FINANCE, 2022)
            assert found[name, year] == ("" if gone else str(number))


def test_a_chart_is_saved_as_svg_and_as_png(page, address):
    page.goto(f"{address}agencies/{world.CIVIL}")
    plot = page.locator(".plot").first
    with page.expect_download() as saved:
        plot.get_by_role("button", name="SVG").click()
    drawn = saved.value.path().read_text("utf-8")
    words = "".join(ElementTree.fromstring(drawn).itertext())
    assert "收到的申请" in words and "件" in words and "报告年度" in words and "来源：" in words
    with page.expect_download() as saved:
        plot.get_by_role("button", name="PNG").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_nothing_moves_once_a_page_is_shown(page, address):
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => window.shift += entry.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    for path in ("", f"agencies/{world.CIVIL}", f"compare?agency={world.CIVIL}&agency={world.FINANCE}", "coverage"):
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.shift") == 0


def test_without_scripts_the_numbers_of_a_chart_are_there_and_its_empty_frame_is_not(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}compare?agency={world.CIVIL}&agency={world.FINANCE}")
    assert page.locator("#table-measured td").first.is_visible()
    assert not page.locator(".plot").is_visible()
    context.close()


def test_english_is_chosen_by_hand_and_stays_chosen(page, address):
    page.goto(address)
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", level=1).text_content() == "Harbin Disclosure Archive"
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Coverage").click()
    assert page.get_by_role("heading", level=1).text_content() == "Coverage"
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="中文").click()
    assert page.get_by_role("heading", level=1).text_content() == "收录"
