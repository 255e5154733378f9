"""A change the text states against what both years' numbers give, and a government's report against those below it."""

from __future__ import annotations

import pytest

from archive.checks.changes import check_changes
from archive.checks.hierarchy import check_hierarchy
from archive.forms.headings import SectionText
from archive.forms.narrative import read_statements
from tests.checks.test_years import numbers


def said(text: str, year: int = 2024) -> list[dict]:
    found = read_statements([SectionText("overview", "一、总体情况", text)], year, "宿迁市人民政府")
    return [
        {name: getattr(each, name) for name in ("key", "value", "time", "approximate", "sentence", "raw")}
        for each in found
    ]


def changes(text: str, before: str = "") -> list[tuple]:
    found = check_changes(numbers("suqian_2023"), said(before, 2023), said(text))
    return [(each.rule, each.severity, each.expected, each.actual, each.outcome) for each in found]


def test_the_growth_a_real_city_stated_is_not_that_of_its_numbers():
    # 宿迁: 3511 and 96 carried in make 3607 in 2023; 3646 in 2024.
    assert changes("2024年，全市共收到政府信息公开申请3646件，同比增长1.05%。") == [
        ("TXT-CHANGE", "info", 1.08, 1.05, "failed")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "全市共收到政府信息公开申请3646件，同比增长1.08%。", "全市共收到政府信息公开申请3646件（比上年增加1.1%）。",
        # Against the new ones alone; cut, not rounded.
        "新收政府信息公开申请3525件，比去年同期增长0.3%。", "全市新收政府信息公开申请3525件，较上年上升0.39%。",
        "新收政府信息公开申请3000件，同比下降14.55%。",
        # Nothing is said of how much, or of what was counted in the text alone.
        "收到政府信息公开申请3646件，同比有所增长。", "收到政府信息公开申请3646件，全部办结，办结率同比增长5%。",
    ],
)  # fmt: skip
def test_a_change_that_fits_one_of_the_ways_to_compare_is_right(text):
    assert changes(text) == []


def test_what_last_years_text_counted_is_compared_with_and_what_it_did_not_count_is_not():
    text = "主动公开政府信息500条，同比增长30%。"
    assert changes(text, before="主动公开政府信息400条。") == [("TXT-CHANGE", "info", 25, 30, "failed")]
    assert changes(text) == [("TXT-CHANGE", "info", None, None, "not_run")]


COMPILED = "本年度报告由市政务公开办公室综合市政府、各区、县（市）政府和市政府各委、办、局工作情况编制而成。"


@pytest.mark.parametrize(
    ("text", "whole", "parts", "expected"),
    [
        (COMPILED, 100, [60, 40], []),
        (COMPILED, 100, [20], []),
        (COMPILED, 90, [60, 40], [("info", 100, 90, "failed")]),
        ("本机关收到政府信息公开申请90件。", 90, [60, 40], [("info", None, None, "not_run")]),
        (COMPILED, None, [60, 40], [("info", None, None, "not_run")]),
        (COMPILED, 90, [], []),
    ],
)
def test_a_whole_area_has_no_fewer_requests_than_its_bodies(text, whole, parts, expected):
    found = check_hierarchy(text, whole, parts)
    assert [(each.severity, each.expected, each.actual, each.outcome) for each in found] == expected
