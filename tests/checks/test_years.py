"""Rules between years, on a real city's two reports and on the same with one number changed."""

from __future__ import annotations

import pytest

from archive.checks.years import check_years
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
