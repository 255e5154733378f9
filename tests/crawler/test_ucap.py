"""The readers of the UCAP system, on the shapes its servers were seen to send."""

import json

import pytest

from crawler.cms import ucap
from crawler.errors import UnreadableListingError

SEARCH = "https://www.harbin.gov.cn/common/search/4e84be2305794e02ad2681ba233b1552?page=1"
LIST = "http://www.mulan.gov.cn/hebmlx/c111202/zfxxgklby_nb.shtml"


def envelope(*results, **data):
    return json.dumps(
        {"data": {"page": 1, "rows": 60, "total": 2, "relateSubChannels": "true", "results": list(results), **data}}
    ).encode()


def test_results_are_counted_not_rows():
    listing = ucap.read_search(envelope({"title": "甲", "url": "/haerbin/c1/202301/c01_1.shtml"}), SEARCH)
    assert (len(listing.items), listing.total) == (1, 2)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://www.harbin.gov.cn/haerbin/c1/202301/c01_1.shtml",
            "https://www.harbin.gov.cn/haerbin/c1/202301/c01_1.shtml",
        ),
        ("/haerbin/c1/202301/c01_1.shtml", "https://www.harbin.gov.cn/haerbin/c1/202301/c01_1.shtml"),
        (
            "//www.harbin.gov.cn/haerbin/c1/202301/c01_1.shtml",
            "https://www.harbin.gov.cn/haerbin/c1/202301/c01_1.shtml",
        ),
        ("javascript:void(0)", None),
        ("http://[", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_of_every_form_are_made_absolute(url, expected):
    assert ucap.read_search(envelope({"title": "甲", "url": url}), SEARCH).items[0].url == expected


def test_the_time_in_words_goes_before_the_epoch_that_is_eight_hours_early():
    entry = {"title": "甲", "publishedTime": 1775755803000, "publishedTimeStr": "2026-04-10 09:30:03"}
    assert ucap.read_search(envelope(entry), SEARCH).items[0].date == "2026-04-10"
    del entry["publishedTimeStr"]
    assert ucap.read_search(envelope(entry), SEARCH).items[0].date == "2026-04-10"


def test_tags_and_padding_leave_the_title_and_the_subtitle_stands_in():
    listing = ucap.read_search(
        envelope({"title": " <span style='x'>甲局2022年</span>年报&nbsp;"}, {"title": "", "subTitle": "乙"}, {}), SEARCH
    )
    assert [item.title for item in listing.items] == ["甲局2022年年报", "乙", ""]


def test_the_publisher_is_read_by_key_and_the_word_null_is_none():
    def entry(value):
        metas = [
            {
                "domainMetadataName": "x",
                "resultList": [{"key": "author", "value": "人"}, {"key": "source", "value": value}],
            }
        ]
        return {"title": "甲", "domainMetaList": metas}

    items = ucap.read_search(envelope(entry("木兰县人民政府"), entry("null"), {"domainMetaList": []}), SEARCH).items
    assert [item.publisher for item in items] == ["木兰县人民政府", None, None]


def test_attachments_of_a_result_are_made_absolute():
    entry = {
        "title": "甲",
        "url": "/haerbin/c1/202301/c01_1.shtml",
        "resList": [{"fileName": "报.docx", "filePath": "/haerbin/c1/202301/1/files/a.docx"}],
    }
    (file,) = ucap.read_search(envelope(entry), SEARCH).items[0].attachments
    assert (file.url, file.name) == ("https://www.harbin.gov.cn/haerbin/c1/202301/1/files/a.docx", "报.docx")


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"[]", b'{"data": null}', b'{"data": {"results": "x"}}'])
def test_what_is_no_search_answer_is_an_error(body):
    with pytest.raises(UnreadableListingError):
        ucap.read_search(body, SEARCH)


def test_the_channel_tree_is_read_with_its_children():
    body = json.dumps(
        {"results": {"children": [{"displayName": "2022年", "channelId": "a" * 32, "channelCode": "c111203",
         "children": [{"displayName": "部门", "channelId": "b" * 32, "channelCode": "c111204t"}]}, {"displayName": "2021年"}]}}
    ).encode()  # fmt: skip
    year, bare = ucap.read_channel_list(body)
    assert (year.name, year.id, year.code) == ("2022年", "a" * 32, "c111203")
    assert [(child.name, child.code) for child in year.children] == [("部门", "c111204t")]
    assert (bare.id, bare.code, bare.children) == ("", "", ())


def test_a_static_list_tells_entries_pages_channel_and_children():
    body = f"""<html><head><meta name="channelid" content="{"c" * 32}"></head><body>
    <ul class="nav"><li><a href="/hebmlx/c111204/zfxxgklby_nb.shtml">2022年</a></li>
    <li><a href="/hebmlx/c111204t/zfxxgklby_nb.shtml">部门</a></li><li><a href="/hebmlx/gzdt/list3.shtml">工作动态</a></li>
    <li><a href="/other/c111299/zfxxgklby_nb.shtml">2021年</a></li></ul>
    <ul class="list"><li><a href="../c111202/202301/c01_591175.shtml" title="林草局2022年政府信息公开工作年度报告">林草局...</a>
    <span class="time">2023-01-18</span></li>
    <li><a href="/hebmlx/c111209/202301/c01_5.shtml">别的栏目</a></li></ul>
    <script>createPageHTML('page_div', 3, 1, 'zfxxgklby_nb', 'shtml', 52);</script></body></html>"""
    page = ucap.read_list_page(body.encode(), LIST)
    first, other = page.listing.items
    assert (first.url, first.title, first.date) == (
        "http://www.mulan.gov.cn/hebmlx/c111202/202301/c01_591175.shtml",
        "林草局2022年政府信息公开工作年度报告",
        "2023-01-18",
    )
    assert (first.own_column, other.own_column) == (True, False)
    assert (page.pages, page.template, page.suffix, page.channel_id) == (3, "zfxxgklby_nb", "shtml", "c" * 32)
    assert [(child.name, child.code) for child in page.children] == [("2022年", "c111204"), ("部门", "c111204t")]
    assert page.forward is None


def test_unknown_list_markup_is_read_by_the_grammar_of_addresses():
    body = b'<div class="x9"><p><a href="202301/c01_591175.shtml">A</a> 2023-01-18</p></div>'
    (item,) = ucap.read_list_page(body, LIST).listing.items
    assert (item.url, item.date) == ("http://www.mulan.gov.cn/hebmlx/c111202/202301/c01_591175.shtml", "2023-01-18")


@pytest.mark.parametrize(
    "body",
    [
        '<html><script>window.location.href="/hebmlx/c111204/zfxxgklby_nb.shtml";</script></html>',
        "<script>location.replace('../c111204/zfxxgklby_nb.shtml')</script>",
        '<meta http-equiv="refresh" content="0; url=/hebmlx/c111204/zfxxgklby_nb.shtml">',
    ],
)
def test_a_page_that_only_forwards_says_where_to(body):
    page = ucap.read_list_page(body.encode(), "http://www.mulan.gov.cn/hebmlx/c111202/redirect_firstChannel.shtml")
    assert page.forward == "http://www.mulan.gov.cn/hebmlx/c111204/zfxxgklby_nb.shtml"
    assert page.listing is None


def test_a_page_of_anything_else_has_no_listing():
    page = ucap.read_list_page("<html><p>系统维护</p></html>".encode(), LIST)
    assert (page.listing, page.channel_id, page.children, page.forward) == (None, "", (), None)
