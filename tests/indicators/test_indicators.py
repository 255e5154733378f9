"""The rates: known answers from published figures, and an honest nothing where a number is not there."""

from __future__ import annotations

from fractions import Fraction

import pytest

from archive.forms.model import forms
from archive.indicators.compute import Cell, rates
from archive.indicators.model import indicators, reasons
from tests.forms.test_filling import REAL


def report(form: str = "g4", **changes: object) -> dict:
    """Every cell of a form, 0 but for ``changes``: row__column or table__row__column to a number or a state."""
    cells = {
        (table.key, *place): Cell(0, "number")
        for known in forms()
        if known.id == form
        for table in known.tables
        for place in table.cells
    }
    for written, value in changes.items():
        *table, row, column = written.split("__")
        place = (table[0] if table else "requests", row, column)
        assert place in cells, place
        cells[place] = Cell(None, value) if isinstance(value, str) else Cell(value, "number")
    return cells


def real(name: str) -> dict:
    """The published cells of a real city."""
    return {place: Cell(float(text) if "." in text else int(text), "number") for place, text in REAL[name].items()}


def of(key: str, cells: dict, form: str = "g4", previous: dict | None = None, previous_form: str | None = None):
    return next(rate for rate in rates(form, cells, previous, previous_form) if rate.key == key)


def percent(value: Fraction) -> str:
    return f"{float(value):.2%}"


def test_the_published_rate_of_a_shanghai_district_comes_out():
    # 普陀区, first half of 2022: 81 of 263 answered were public, published as 30.80 %.
    found = of("open_rate", report(granted__total=60, partially_granted__total=21, results_total__total=263))
    assert (found.numerator, found.denominator, percent(found.value)) == (81, 263, "30.80%")
    assert found.value == Fraction(81, 263)


def test_a_share_is_of_all_handled_and_not_of_those_newly_received():
    # A district's published figure for 2022: 966 of 1453 handled, carried-in ones included, 66.48 %.
    cells = report(granted__total=966, results_total__total=1453, new_received__total=1400, carried_in__total=60)
    assert percent(of("open_rate", cells).value) == "66.48%"


@pytest.mark.parametrize(
    ("name", "open_rate", "denial", "unavailable", "carry"),
    [
        # Added up by hand from the published tables of 宿迁: 1191+328 of 3486, 1047+28+3 of 3486 (30.9 %) and so on.
        ("suqian_2023", (1519, 3486), (142, 3486), (1078, 3486), (121, 3607)),
        ("suqian_2024", (1902, 3521), (92, 3521), (941, 3521), (125, 3646)),
    ],
)
def test_a_real_citys_rates(name, open_rate, denial, unavailable, carry):
    cells = real(name)
    found = {rate.key: (rate.numerator, rate.denominator) for rate in rates("g4", cells)}
    assert found["open_rate"] == open_rate
    assert found["denial_rate"] == denial
    assert found["unavailable_rate"] == unavailable
    assert found["carry_rate"] == carry


def test_the_remedies_of_a_real_city():
    # 宿迁 2023: reviews 309 upheld, 17 corrected, 88 other, 26 pending, 440 in all; suits 1 and 0 corrected of
    # 24 - 6 and 89 - 9 decided.
    cells = real("suqian_2023")
    assert of("review_correction_rate", cells).value == Fraction(17, 414)
    assert of("review_correction_rate_of_all", cells).value == Fraction(17, 440)
    assert of("litigation_loss_rate", cells).value == Fraction(1, 98)
    assert of("dispute_rate", cells).value == Fraction(464, 3511)
    assert of("litigation_rate", cells).value == Fraction(113, 3486)


def test_turnover_takes_what_was_in_force_the_year_before():
    before = real("suqian_2023")
    after = real("suqian_2024")
    found = of("normative_turnover", after, previous=before, previous_form="g4")
    assert (found.numerator, found.denominator) == (277, 597)


def test_turnover_says_why_there_is_none():
    after = report(active_disclosure__normative_documents__issued=5)
    assert of("normative_turnover", after).reason == "no_previous_report"
    assert of("normative_turnover", after, previous=report("g3"), previous_form="g3").reason == "other_form"
    assert of("normative_turnover", after, previous={}, previous_form="g1").reason == "other_form"
    assert of("normative_turnover", after, previous={}, previous_form=None).reason == "previous_unread"
    found = of("normative_turnover", after, previous=report(), previous_form="g4")
    assert (found.numerator, found.denominator, found.value, found.reason) == (5, 0, None, "zero_denominator")


def test_nothing_over_nothing_is_no_rate():
    found = rates("g4", report(), report(), "g4")
    assert {rate.value for rate in found} == {None}
    assert {rate.reason for rate in found} == {"zero_denominator"}


@pytest.mark.parametrize("state", ["blank", "not_applicable", "text", "unreadable"])
def test_a_cell_without_a_number_leaves_the_rate_open_and_is_named(state):
    cells = report(denied_process_info__total=state, results_total__total=50)
    found = of("denial_rate", cells)
    assert (found.value, found.numerator, found.denominator) == (None, None, 50)
    assert (found.reason, found.reason_cell) == (state, "requests.denied_process_info.total")
    assert of("open_rate", cells).value == 0


def test_a_cell_the_report_does_not_have_is_missing_and_not_nought():
    cells = report(results_total__total=50)
    del cells["requests", "granted", "total"]
    found = of("full_grant_rate", cells)
    assert (found.reason, found.reason_cell) == ("missing", "requests.granted.total")


def test_more_pending_than_there_are_gives_no_rate():
    cells = report(remedies__review__total=3, remedies__review__pending=5, remedies__review__corrected=1)
    assert of("review_correction_rate", cells).reason == "negative_denominator"


def test_other_outcomes_are_one_row_in_2019_and_three_since_2021():
    old = report("g3", other_processing__total=7, results_total__total=70)
    new = report(other_no_correction__total=1, other_fee_unpaid__total=2, other_misc__total=4, results_total__total=70)
    assert of("other_rate", old, "g3").value == of("other_rate", new).value == Fraction(1, 10)


def test_the_forms_before_2019_have_no_rates():
    assert rates("g2", {}) == [] == rates("g1", {})


def test_few_cases_are_marked():
    assert of("open_rate", report(results_total__total=29)).small
    assert not of("open_rate", report(results_total__total=30)).small


def test_every_term_of_every_rate_is_a_cell_of_its_forms():
    for indicator in indicators():
        for term in (*indicator.numerator, *indicator.denominator):
            assert all(term.places(form) for form in indicator.forms), (indicator.key, term)


def test_the_rates_are_the_fifteen_known_ones_and_the_second_correction_rate():
    keys = [indicator.key for indicator in indicators()]
    assert len(keys) == len(set(keys)) == 16
    assert all(reason.zh and reason.en for reason in reasons().values())
