"""A reader in a real browser: from the home page to a number in a table, on a desktop and on a phone."""

from __future__ import annotations

import pytest

from tests.site import browsing, sample
from tests.site.browsing import SIZES
from tests.site.test_serve import serving

pytestmark = pytest.mark.browser

# The value cell of the row and the column with these headers, spans counted, as a reader finds it.
CELL_BY_HEADERS = """
([caption, row, column]) => {
  const table = [...document.querySelectorAll('table')].find(t => t.caption?.textContent.trim() === caption);
  const grid = [];
  [...table.rows].forEach((line, y) => {
    grid[y] ??= [];
    let x = 0;
    for (const cell of line.cells) {
      while (grid[y][x]) x++;
      for (let dy = 0; dy < cell.rowSpan; dy++)
        for (let dx = 0; dx < cell.colSpan; dx++) (grid[y + dy] ??= [])[x + dx] = cell;
      x += cell.colSpan;
    }
  });
  const named = (cell, words) => cell?.tagName === 'TH' && cell.textContent.trim() === words;
  const y = grid.findIndex(line => line.some(cell => named(cell, row)));
  const x = grid[0].findIndex((_, i) => grid.slice(0, table.tHead.rows.length).some(line => named(line[i], column)));
  return grid[y][x].querySelector('.value').textContent;
}
"""


@pytest.fixture(scope="module")
def chromium():
    with browsing.chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(archive):
    with serving(archive) as (_, found):
        yield found


@pytest.fixture(params=SIZES)
def page(request, chromium):
    """A page that fails the test for any error, refused content or request to another host."""
    context = chromium.new_context(viewport=SIZES[request.param], is_mobile=request.param == "phone", locale="zh-CN")
    page = context.new_page()
    troubles: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda asked: hosts.add(asked.url.split("/")[2].split(":")[0]))
    yield page
    context.close()
    assert troubles == []
    assert hosts <= {"127.0.0.1"}


def test_a_reader_goes_from_home_to_a_number_in_the_requests_table(page, address):
    page.goto(address)
    page.get_by_role("link", name="南岗区教育局2023年政府信息公开工作年度报告").click()
    page.wait_for_url(f"**/reports/{sample.MAIN}")
    assert page.get_by_role("heading", level=1).text_content() == "南岗区教育局2023年政府信息公开工作年度报告"
    caption = "三、收到和处理政府信息公开申请情况"
    found = page.evaluate(CELL_BY_HEADERS, [caption, "一、本年新收政府信息公开申请数量", "自然人"])
    assert found == "1,234"
    assert page.evaluate(CELL_BY_HEADERS, [caption, "（一）予以公开", "总计"]) == "17"


@pytest.mark.parametrize(
    "path", ["", "reports", "agencies", f"reports/{sample.MAIN}", "search?q=局", "method", "nothing"]
)
def test_no_page_scrolls_sideways_as_a_whole(chromium, address, path):
    for size in SIZES.values():
        page = chromium.new_page(viewport=size, is_mobile=True)
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page.close()


def test_the_labels_stay_in_sight_while_the_numbers_scroll(page, address):
    page.goto(f"{address}reports/{sample.MAIN}")
    # On a phone the table scrolls in its own frame, on a desktop with the page.
    page.evaluate(
        """() => {
          const frame = document.querySelector('#table-requests .scroll');
          frame.scrollIntoView();
          frame.scrollTo(frame.scrollWidth, frame.scrollHeight);
          const last = document.getElementById('requests.carried_out.total');
          if (frame.scrollHeight === frame.clientHeight) last.scrollIntoView({block: 'center'});
        }"""
    )
    shown = page.evaluate(
        """() => {
          const inside = box => box.left >= 0 && box.left < innerWidth && box.top >= 0 && box.top < innerHeight;
          const table = document.querySelector('#table-requests table');
          const head = [...table.tHead.querySelectorAll('th')].find(th => th.textContent === '总计');
          const label = [...table.querySelectorAll('tbody th')].at(-1);
          const last = document.getElementById('requests.carried_out.total');
          return [head, label, last].map(cell => inside(cell.getBoundingClientRect()));
        }"""
    )
    assert shown == [True, True, True]


def test_a_finding_leads_to_its_cell_and_back(page, address):
    page.goto(f"{address}reports/{sample.MAIN}")
    page.locator("#finding-2").get_by_role("link", name="到表中").click()
    cell = page.locator('[id="remedies.review.total"]')
    assert page.evaluate("el => el.matches(':target')", cell.element_handle())
    cell.get_by_role("link").click()
    assert page.url.endswith("#finding-2")


def test_the_archived_original_shows_and_runs_no_script(chromium, address):
    context = chromium.new_context()
    page = context.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{address}reports/{sample.MAIN}")
    page.get_by_role("link", name="查看门户当时送出的页面").click()
    page.wait_for_url("**/original")
    assert page.locator("p").text_content() == "正文"
    assert dialogs == []
    assert page.evaluate("window.origin") == "null"
    context.close()


def test_datasettes_pages_work_under_their_policy(page, address):
    page.goto(f"{address}archive/cells?report_id__exact={sample.MAIN}")
    assert page.get_by_role("navigation", name="主导航").is_visible()
    page.goto(f"{address}archive?sql=select+count(*)+as+n+from+cells")
    assert page.locator(".rows-and-columns td").text_content() == "599"


def test_search_works_from_the_keyboard_alone(page, address):
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("依申请 受理")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.locator("mark").first.is_visible()
    assert page.get_by_role("status").text_content().strip().startswith("1 处同时含有：")
