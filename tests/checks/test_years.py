"""Rules between years, on a real city's two reports and on the same with one number changed."""

from __future__ import annotations

import pytest

from archive.checks.finding import together
from archive.checks.years import check_text_copied, check_years
from tests.forms.test_filling import REAL


def numbers(name: str, **changes: float) -> dict:
    cells = {key: float(text) if "." in text else int(text) for key, text in REAL[name].items()}
    return cells | {tuple(key.split("__")): value for key, value in changes.items()}


def rules(before: dict, after: dict) -> list[tuple]:
    return [(found.rule, found.row, found.column, found.expected, found.actual) for found in check_years(before, after)]


def test_two_real_years_fit_together():
    assert rules(numbers("suqian_2023"), numbers("suqian_2024")) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"requests__carried_in__natural_person": 117}, ("T3-CARRY", "carried_in", "natural_person", 118, 117)),
        (
            {"active_disclosure__normative_documents__in_force": 421},
            ("T2-STOCK", "normative_documents", "in_force", 420, 421),
        ),
        (
            {"active_disclosure__administrative_fees__amount_10k_yuan": 592372449},
            ("T2-FEE-UNIT", "administrative_fees", "amount_10k_yuan", None, 592372449),
        ),
    ],
)
def test_one_number_that_does_not_fit_is_found(changes, expected):
    assert rules(numbers("suqian_2023"), numbers("suqian_2024", **changes)) == [expected]


def test_a_missing_number_is_no_contradiction():
    after = numbers("suqian_2024")
    del after["requests", "carried_in", "total"]
    del after["active_disclosure", "regulations", "repealed"]
    assert rules(numbers("suqian_2023"), after) == []


def test_a_report_copied_from_last_year_is_found_and_one_of_zeros_is_not():
    copied = [rule for rule, *_ in rules(numbers("suqian_2023"), numbers("suqian_2023"))]
    assert "COPY" in copied
    zeros = dict.fromkeys(REAL["suqian_2023"], 0)
    assert rules(zeros, zeros) == []


def test_items_of_the_forms_of_2019_and_2020():
    place = ("active_disclosure", "administrative_licensing")
    before = {(*place, "items_last_year"): 120, (*place, "items_change"): -8}
    assert rules(before, {(*place, "items_last_year"): 112}) == []
    assert rules(before, {(*place, "items_last_year"): 120}) == [
        ("T2-ITEMS", "administrative_licensing", "items_last_year", 112, 120)
    ]


def test_items_and_fees_that_one_year_leaves_blank_are_said_not_to_be_checked():
    place = ("active_disclosure", "administrative_licensing")
    before = {(*place, "items_last_year"): 120, (*place, "items_change"): None}
    fee = ("active_disclosure", "administrative_fees", "amount_10k_yuan")
    for first, second, rule in (
        (before, {(*place, "items_last_year"): 112}, "T2-ITEMS"), ({fee: 12.5}, {fee: None}, "T2-FEE-UNIT")
    ):  # fmt: skip
        assert [(each.rule, each.outcome) for each in check_years(first, second)] == [(rule, "not_run")]
    # A body without such items or fees leaves them blank every year.
    nothing = {(*place, "items_last_year"): None, (*place, "items_change"): None, fee: None}
    assert check_years(nothing, nothing) == []


def test_what_blank_cells_leave_unchecked_is_said_once():
    after = numbers("suqian_2024")
    for column in ("natural_person", "commercial_enterprise", "total"):
        after["requests", "carried_in", column] = None
    after["active_disclosure", "normative_documents", "issued"] = None
    found = together(check_years(numbers("suqian_2023"), after))
    assert [(each.rule, each.table, each.outcome) for each in found] == [
        ("T3-CARRY", "requests", "not_run"),
        ("T2-STOCK", "active_disclosure", "not_run"),
    ]


def test_a_body_that_makes_no_regulations_is_not_asked_for_their_stock():
    empty = {("active_disclosure", "regulations", column): None for column in ("issued", "repealed", "in_force")}
    assert check_years(empty, empty) == []


TEXT = "".join(f"第{number}项工作由{name}牵头，按照分工推进并接受监督，年底前完成。" for number, name in enumerate(
    ["办公室", "法规处", "人事处", "财务处", "审批处", "执法队", "信息中心", "宣传处", "规划处", "机关党委", "督查室", "档案室",
     "信访处", "综合处", "安全处", "科技处"]
))  # fmt: skip


def copied(before: str, after: str) -> list[str]:
    return [found.rule for found in check_text_copied(before, after)]


def test_a_text_with_other_numbers_and_points_is_a_copy_and_one_rewritten_is_none():
    assert len(TEXT) > 400
    other_numbers = TEXT.replace("1", "7").replace("，", ",")
    assert copied(TEXT, other_numbers) == ["COPY"]
    rewritten = TEXT[: len(TEXT) // 2] + "今年以来围绕群众关心的教育、医疗和住房问题新开了三个专栏。" * 8
    assert copied(TEXT, rewritten) == []


def test_short_texts_are_alike_for_want_of_anything_to_say():
    assert copied("无其他需要报告的事项。", "无其他需要报告的事项。") == []
