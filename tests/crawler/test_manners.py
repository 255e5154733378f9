"""Manners without a network: hours, ceilings, pauses, and the days on which reports fall due."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import PortalsError
from crawler.limits import BYTES, DISK, HOURS, REQUESTS, reached
from crawler.manners import BEIJING, Manners, read_manners
from crawler.memory import Known, falls_due
from crawler.pace import backoff, retry_after

URL = "http://www.harbin.localhost/haerbin/c106192/202103/c01_163889.shtml"
DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-01T{clock}:00").replace(tzinfo=BEIJING)


def test_quiet_hours_run_over_midnight_in_beijing_time():
    hours = read_manners({"quiet_hours": "22:00-06:00"}, "here").quiet_hours
    inside = [clock for clock in ("21:59", "22:00", "00:00", "05:59", "06:00", "12:00") if hours.hold(at(clock))]
    assert inside == ["22:00", "00:00", "05:59"]
    assert hours.hold(datetime(2026, 3, 1, 14, 30, tzinfo=UTC))
    assert not hours.hold(datetime(2026, 3, 1, 22, 30, tzinfo=UTC))


@pytest.mark.parametrize("wrong", ["22-6", "25:00-06:00", 22, "always"])
def test_hours_that_are_none_are_refused_in_words(wrong):
    with pytest.raises(PortalsError, match="quiet_hours must be"):
        read_manners({"quiet_hours": wrong}, "here")


def test_a_contact_cannot_smuggle_a_header():
    with pytest.raises(PortalsError, match="contact"):
        read_manners({"contact": "a@example.org\r\nX-Evil: 1"}, "here")


def test_each_limit_ends_a_run_and_a_full_disk_comes_first():
    manners = read_manners(
        {"quiet_hours": "22:00-06:00", "requests_a_run": 10, "megabytes_a_run": 2, "min_free_mb": 100}, "here"
    )
    fine = {"requests": 9, "size": 1_999_999, "free": 100_000_000, "now": at("23:00")}
    assert reached(manners, **fine) is None
    assert reached(manners, **{**fine, "requests": 10}) == REQUESTS
    assert reached(manners, **{**fine, "size": 2_000_000}) == BYTES
    assert reached(manners, **{**fine, "now": at("07:00")}) == HOURS
    assert reached(manners, **{**fine, "requests": 10, "now": at("07:00"), "free": 99_999_999}) == DISK


def test_every_limit_holds_without_being_asked_for():
    assert reached(Manners(), requests=10**9, size=0, free=10**12, now=at("12:00")) == REQUESTS
    assert reached(Manners(), requests=0, size=10**12, free=10**12, now=at("12:00")) == BYTES
    assert reached(Manners(), requests=0, size=0, free=0, now=at("12:00")) == DISK


def test_retry_after_is_a_number_of_seconds_or_a_date():
    now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    later = format_datetime(now + timedelta(seconds=90), usegmt=True)
    said = {
        "120": 120.0,
        later: 90.0,
        format_datetime(now - timedelta(days=1), usegmt=True): 0.0,
        "soon": None,
        "": None,
    }
    assert {text: retry_after({"Retry-After": text.encode()}, now) for text in said} == said
    assert retry_after({}, now) is None


def test_pauses_double_up_to_the_longest():
    assert [backoff(times, 5, 300) for times in range(1, 9)] == [5, 10, 20, 40, 80, 160, 300, 300]
    assert backoff(10_000, 5, 300) == 300


@given(DAYS, st.integers(1, 60), st.text(min_size=1))
def test_an_address_looked_at_whenever_it_is_due_is_due_once_in_so_many_days(start, days, name):
    looked, asked = start, []
    for day in (start + timedelta(n) for n in range(1, 3 * days + 1)):
        if falls_due(name, looked, day, days):
            looked = day
            asked.append(day)
    assert len(asked) == 3
    assert {(later - earlier).days for earlier, later in pairwise(asked)} == {days}


@given(DAYS, st.integers(0, 400))
def test_a_missed_day_is_made_up_for_and_two_runs_of_a_day_ask_once(start, pause):
    today = start + timedelta(pause)
    due = falls_due(URL, start, today, 30)
    if pause >= 30:
        assert due
    if pause == 0:
        assert not due
    assert not falls_due(URL, today, today, 30)


def test_addresses_spread_evenly_over_the_days():
    start = date(2026, 1, 1)
    first = Counter(
        next(n for n in range(1, 31) if falls_due(f"{URL}?{number}", start, start + timedelta(n), 30))
        for number in range(6000)
    )
    assert len(first) == 30
    # 200 a day are expected; six standard deviations are 83.
    assert all(abs(count - 200) < 83 for count in first.values())


def test_a_look_in_the_future_counts_for_none():
    assert falls_due(URL, date(2030, 1, 1), date(2026, 1, 1), 30)


def test_what_is_gone_is_asked_for_ever_more_seldom():
    gone, day, asked = date(2026, 1, 1), date(2026, 1, 1), []
    for later in (gone + timedelta(n) for n in range(1, 101)):
        if Known(None, {}, False, day, gone).is_due(URL, later, 30):
            day = later
            asked.append((later - gone).days)
    assert asked == [1, 2, 4, 8, 16, 32, 62, 92]


def test_a_dead_entry_that_has_long_been_listed_is_asked_for_once_a_month():
    gone = date(2026, 1, 1)
    old, fresh = (Known(None, {"date": day}, False, gone, gone) for day in ("2024-03-01", "2025-12-28"))
    assert sum(old.is_due(URL, gone + timedelta(n), 30) for n in range(1, 31)) < 30
    assert [known.is_due(URL, gone + timedelta(31), 30) for known in (old, fresh)] == [True, True]
    assert fresh.is_due(URL, gone + timedelta(1), 30)
