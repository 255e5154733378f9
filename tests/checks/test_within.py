"""The arithmetic of the form, on a real city's numbers and on the same with one number changed."""

import random

import pytest

from archive.reading import read_bytes
from tests.forms import paper
from tests.forms.test_filling import REAL


def findings(values):
    page = paper.page_html(values, paper.Noise(random.Random(1)), two="one", three="official", four="official")
    return [
        (found["rule"], found["table"], found["row"], found["column"], found["expected"], found["actual"])
        for found in read_bytes(page.encode())["findings"]
        if found["outcome"] == "failed"
    ]


@pytest.mark.parametrize("name", ["suqian_2023", "suqian_2024"])
def test_a_real_report_that_adds_up_has_no_findings(name):
    assert findings(REAL[name]) == []


def test_one_wrong_number_is_found_by_every_rule_it_breaks():
    # 宿迁 2023, 予以公开 by 自然人 is 1175; 1176 breaks its row, its column and nothing else.
    values = {**REAL["suqian_2023"], ("requests", "granted", "natural_person"): "1176"}
    assert findings(values) == [
        ("T3-SUM", "requests", "results_total", "natural_person", 3376, 3375),
        ("T3-ROW", "requests", "granted", "total", 1192, 1191),
    ]


def test_balance_and_remedies_are_checked():
    values = {**REAL["suqian_2023"], ("requests", "carried_out", "commercial_enterprise"): "4"}
    values["remedies", "review", "pending"] = "27"
    assert findings(values) == [
        ("T3-BAL", "requests", None, "commercial_enterprise", 102, 103),
        ("T3-ROW", "requests", "carried_out", "total", 122, 121),
        ("T4-SUM", "remedies", "review", "total", 441, 440),
    ]


def test_a_rule_that_meets_a_blank_cell_says_nothing():
    values = {**REAL["suqian_2023"], ("requests", "granted", "natural_person"): ""}
    assert findings(values) == []


def test_counts_are_whole_and_not_negative_and_the_period_is_the_year():
    values = {**REAL["suqian_2023"], ("active_disclosure", "administrative_penalty", "decisions"): "12.5"}
    assert findings(values) == [("NONNEG", "active_disclosure", "administrative_penalty", "decisions", None, 12.5)]
    page = paper.page_html(
        REAL["suqian_2023"], paper.Noise(random.Random(1)), two="one", three="official", four="official"
    ).replace("至2023年12月31日", "至2022年12月31日")
    rules = [found["rule"] for found in read_bytes(page.encode())["findings"]]
    assert rules == ["PERIOD"]
