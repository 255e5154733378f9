import itertools

from crawler.cms.model import Attachment, ListedItem, Listing
from crawler.paging import Paging
from crawler.plan import Plan
from crawler.portals import Portal

PORTAL = Portal("a", "甲", "ucap", "https://www.harbin.gov.cn/", ("www.harbin.gov.cn",))
URL = "https://www.harbin.gov.cn/haerbin/c1/202301/c01_1.shtml"
SEEN = [
    ListedItem(URL, "甲局2022年政府信息公开工作年度报告", "2023-01-10", None, "年报 > 2022年"),
    ListedItem(URL.replace("https", "http"), "甲局2022年年报", "2023-01-11", "甲局", "年报"),
    ListedItem(URL + "#top", "", None, None, "", attachments=(Attachment(URL + ".docx", "附件"),)),
]


def planned(entries):
    plan = Plan(PORTAL)
    plan.begin("list", PORTAL.base_url)
    for entry in entries:
        plan.take("list", [entry], in_report_column=True)
    return list(plan.reports())


def test_one_address_is_one_report_whatever_order_the_listings_came_in():
    expected = planned(SEEN)
    assert [(item.url, item.title, item.date, item.publisher) for item in expected] == [
        (URL, "甲局2022年政府信息公开工作年度报告", "2023-01-10", "甲局")
    ]
    assert all(planned(order) == expected for order in itertools.permutations(SEEN))


def test_a_title_in_a_foreign_row_decides_alone():
    foreign = ListedItem(URL, "零报告", own_column=False)
    assert planned([foreign]) == []


def test_years_that_are_not_known_are_kept():
    plan = Plan(PORTAL)
    plan.begin("list", PORTAL.base_url)
    items = [ListedItem(f"{URL}?{year}", f"甲局{year}政府信息公开工作年度报告") for year in ("2021年", "2022年", "")]
    plan.take("list", items, in_report_column=True)
    assert [item.title for item in plan.reports(2022)] == [items[1].title, items[2].title]
    assert plan.counts == {"list": 3}


def page(*numbers, **says):
    return Listing(tuple(ListedItem(f"{URL}{number}", str(number)) for number in numbers), "test", **says)


def test_a_listing_that_says_its_pages_is_read_to_the_last():
    paging = Paging(limit=100)
    paging.take(page(1, 2, pages=2))
    assert paging.has_more(1)
    paging.take(page(3, pages=2))
    assert not paging.has_more(2)
    assert paging.complaint is None


def test_a_listing_that_says_nothing_ends_when_nothing_new_comes():
    paging = Paging(limit=100)
    paging.take(page(1, 2))
    assert paging.has_more(1)
    paging.take(page(1, 2))
    assert not paging.has_more(2)
    assert paging.complaint is None


def test_a_listing_that_shows_far_less_than_its_total_is_said():
    paging = Paging(limit=100)
    paging.take(page(1, 2, total=50))
    assert paging.has_more(1)
    paging.take(page(1, 2, total=50))
    assert not paging.has_more(2)
    assert paging.complaint == "it says 50 entries and shows 2"


def test_a_listing_without_end_is_left():
    paging = Paging(limit=2)
    paging.take(page(1))
    paging.take(page(2))
    assert not paging.has_more(2)
    assert "more than 2 pages" in paging.complaint
