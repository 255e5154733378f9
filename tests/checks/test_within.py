"""The arithmetic of the form, on a real city's numbers and on the same with one number changed."""

import random

import pytest

from archive.checks.within import check_report
from archive.forms.cells import CellReading
from archive.forms.report import Report
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


def outcomes(values) -> list[tuple]:
    page = paper.page_html(values, paper.Noise(random.Random(1)), two="one", three="official", four="official")
    return [
        (found["rule"], found["table"], found["severity"], found["outcome"])
        for found in read_bytes(page.encode())["findings"]
    ]


def test_blank_totals_are_said_once_for_each_rule_not_for_each_row():
    # 上海 2019 left the totals of its outcome rows empty.
    blank = {key: "" for key in REAL["suqian_2023"] if key[0] == "requests" and key[2] == "total"}
    assert outcomes({**REAL["suqian_2023"], **blank}) == [
        (rule, "requests", "info", "not_run") for rule in ("T3-BAL", "T3-SUM", "T3-ROW")
    ]


def test_a_clean_report_and_a_blank_form_make_no_noise():
    assert outcomes(REAL["suqian_2024"]) == []
    blank = dict.fromkeys(REAL["suqian_2024"], "")
    assert [(rule, table) for rule, table, _, _ in outcomes(blank)] == [
        ("T3-BAL", "requests"), ("T3-SUM", "requests"), ("T3-ROW", "requests"), ("T4-SUM", "remedies"),
    ]  # fmt: skip


def test_a_printed_subtotal_is_checked_and_added_to_nothing():
    values = REAL["suqian_2023"]
    page = paper.page_html(
        values, paper.Noise(random.Random(1), label_noise=False), two="one", three="official", four="official"
    )
    numbers = [
        sum(int(values["requests", key, column]) for key, group, _ in paper.T3_ROWS if group == "（三）不予公开")
        for column, _ in paper.T3_COLUMNS
    ]
    for wrong in (0, 2):
        row = "".join(f"<td>{number + wrong * (place == 0)}</td>" for place, number in enumerate(numbers))
        before = '<tr>\n<td rowspan="3">（四）无法提供</td>'
        assert before in page
        changed = page.replace(before, f"<tr><td colspan=2>小计</td>{row}</tr>" + before)
        found = read_bytes(changed.encode())
        assert [
            (each["rule"], each["row"], each["column"], each["expected"], each["actual"]) for each in found["findings"]
        ] == ([("T3-SUB", "denied_subtotal", "natural_person", numbers[0], numbers[0] + 2)] if wrong else [])


def test_more_disclosed_than_made_is_only_remarked_on():
    cells = [
        CellReading("active_disclosure", "normative_documents", column, value, "number", str(value), "1/1/1")
        for column, value in (("newly_made", 3), ("newly_disclosed", 5), ("total_disclosed", 40))
    ]
    report = Report("complete", year=2019, form="g3", period=("2019-01-01", "2019-12-31"), cells=tuple(cells))
    failed = [found for found in check_report(report) if found.outcome == "failed"]
    assert [(found.rule, found.severity, found.expected, found.actual) for found in failed] == [
        ("T2-DISC", "info", 3, 5)
    ]


def test_words_where_a_number_belongs_are_a_warning():
    values = {**REAL["suqian_2023"], ("active_disclosure", "administrative_penalty", "decisions"): "见附件"}
    assert findings(values) == [("NONNEG", "active_disclosure", "administrative_penalty", "decisions", None, "见附件")]
