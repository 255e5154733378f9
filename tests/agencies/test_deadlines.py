"""By when a report had to be out: what the two Regulations say, and nothing they do not."""

from __future__ import annotations

from datetime import date

import pytest

from archive.agencies.deadlines import deadline
from archive.agencies.registry import LEVELS


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("year", [2008, 2013, 2018])
def test_until_2018_everyone_had_until_the_end_of_march(level, year):
    found = deadline(level, year)
    assert found.day == date(year + 1, 3, 31)
    assert "492" in found.law


@pytest.mark.parametrize(
    ("level", "day", "paragraph"),
    [
        ("city_department", date(2024, 1, 31), "第一款"),
        ("district_department", date(2024, 1, 31), "第一款"),
        ("city", date(2024, 3, 31), "第二款"),
        ("district", date(2024, 3, 31), "第二款"),
    ],
)
def test_since_2019_departments_are_due_in_january_and_governments_in_march(level, day, paragraph):
    found = deadline(level, 2023)
    assert (found.day, found.law.endswith(paragraph)) == (day, True)
    assert deadline(level, 2019).day.year == 2020


@pytest.mark.parametrize("level", ["township", "institution"])
def test_whom_the_law_does_not_name_has_no_deadline_but_a_usual_day(level):
    found = deadline(level, 2023)
    assert (found.day, found.law, found.usual) == (None, None, date(2024, 1, 31))
    assert found.zh and found.en


def test_before_2008_nobody_had_to_report():
    assert {deadline(level, 2007).day for level in LEVELS} == {None}


def test_a_level_nobody_knows_is_refused():
    with pytest.raises(ValueError, match=r"deadlines\.toml"):
        deadline("village", 2023)
