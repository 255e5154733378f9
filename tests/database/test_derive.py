"""What is worked out from the rows: who is missing and why, in time or late, rates, names; each case made by hand."""

from __future__ import annotations

from datetime import date

import pytest

from archive.database.coverage import codes, coverage
from archive.database.derive import derive, silent_bodies
from archive.database.schema import tables
from archive.indicators.model import reasons

MARKET = {"id": "haerbinshi-shichangjianduguanliju", "name": "哈尔滨市市场监督管理局", "office": "市场监督管理局",
          "district": None, "level": "city_department"}  # fmt: skip
TRADE = {"id": "haerbinshi-gongshangxingzhengguanliju", "name": "哈尔滨市工商行政管理局", "office": "工商行政管理局",
         "district": None, "level": "city_department"}  # fmt: skip
SCHOOLS = {"id": "nangangqu-jiaoyuju", "name": "南岗区教育局", "office": "教育局", "district": "南岗区",
           "level": "district_department"}  # fmt: skip
TOWN = {"id": "wuchangshi-minyixiangrenminzhengfu", "name": "五常市民意乡人民政府", "office": "民意乡人民政府",
        "district": "五常市", "level": "township"}  # fmt: skip
COUNTY = {"id": "binxian-renminzhengfu", "name": "宾县人民政府", "office": "人民政府", "district": "宾县",
          "level": "district"}  # fmt: skip


def report(agency: dict, year: int, published_on: str | None = None, status: str = "complete", **more) -> dict:
    return {"id": f"{agency['id']}-{year}", "agency_id": agency["id"], "year": year, "form": "g4", "status": status,
            "published_on": published_on, "replica": 0, **more}  # fmt: skip


def covered(agencies, reports, versions=(), last_seen=date(2026, 1, 1)) -> dict:
    return {(row["agency_id"], row["year"]): row for row in coverage(agencies, reports, versions, last_seen)}


def states(agency, *reports, **more) -> dict:
    return {year: row["state"] for (_, year), row in covered([agency], list(reports), **more).items()}


@pytest.mark.parametrize(
    ("agency", "year", "published_on", "state", "days_late"),
    [
        (SCHOOLS, 2022, "2023-01-31", "on_time", 0),
        (SCHOOLS, 2022, "2023-02-01", "late", 1),
        (SCHOOLS, 2018, "2019-03-31", "on_time", 0),
        (SCHOOLS, 2018, "2019-04-01", "late", 1),
        (COUNTY, 2022, "2023-03-31", "on_time", 0),
        (COUNTY, 2022, "2023-04-02", "late", 2),
        (COUNTY, 2022, None, "published", None),
        (TOWN, 2022, "2023-06-30", "published", None),
        (TOWN, 2017, "2018-06-30", "late", 91),
        # A page moved to the new portal may bear any date; one before the year was over cannot be right.
        (SCHOOLS, 2022, "2022-06-01", "published", None),
    ],
)
def test_in_time_goes_by_the_law_of_the_year_and_the_kind_of_body(agency, year, published_on, state, days_late):
    row = covered([agency], [report(agency, year, published_on)])[agency["id"], year]
    assert (row["state"], row["days_late"]) == (state, days_late)
    assert (row["deadline"] is None) == (agency is TOWN and year > 2018)
    assert bool(row["law"]) == bool(row["deadline"])
    assert row["rule"] and row["rule_en"]


def test_why_a_date_says_nothing_is_said():
    rows = covered([SCHOOLS], [report(SCHOOLS, 2021), report(SCHOOLS, 2022, "2022-06-01")])
    assert rows[SCHOOLS["id"], 2021]["reason"] == "no_date"
    assert rows[SCHOOLS["id"], 2022]["reason"] == "date_before_year_end"


def test_what_could_not_be_read_and_what_has_no_tables_is_shown_as_that():
    found = states(
        SCHOOLS,
        report(SCHOOLS, 2017, "2018-03-01", "narrative"),
        report(SCHOOLS, 2018, "2019-03-01", "unreadable"),
        report(SCHOOLS, 2019, "2020-01-20", "narrative"),
        report(SCHOOLS, 2020, "2021-01-20", "partial"),
    )
    assert found == {2017: "on_time", 2018: "unread", 2019: "narrative", 2020: "on_time"}


def test_a_gap_between_two_reports_is_missing_and_an_edge_is_not():
    rows = covered([SCHOOLS, TOWN], [report(SCHOOLS, year) for year in (2019, 2021, 2024)] + [report(TOWN, 2020)])
    found = {year: rows[SCHOOLS["id"], year] for year in range(2019, 2025)}
    assert {year: row["state"] for year, row in found.items()} == {
        2019: "published", 2020: "missing", 2021: "published", 2022: "not_expected", 2023: "not_expected",
        2024: "published",
    }  # fmt: skip
    assert found[2020]["expected"] == "neighbours"
    assert {rows[TOWN["id"], year]["state"] for year in (2019, 2021, 2022, 2023, 2024)} == {"not_expected"}


def test_a_body_the_registry_knows_to_have_existed_is_missed_without_neighbours():
    rows = covered([COUNTY, SCHOOLS], [report(SCHOOLS, 2020)])
    assert rows[COUNTY["id"], 2020]["state"] == "missing"
    assert rows[COUNTY["id"], 2020]["expected"] == "registry"


def test_a_body_is_not_missed_before_it_was_there_or_after_it_was_gone():
    reports = [report(SCHOOLS, 2016), report(SCHOOLS, 2020)]
    rows = covered([MARKET, TRADE, SCHOOLS], reports)
    assert [rows[TRADE["id"], year]["state"] for year in range(2016, 2021)] == [
        "missing", "missing", "missing", "not_expected", "not_expected",
    ]  # fmt: skip
    assert [rows[MARKET["id"], year]["state"] for year in range(2016, 2021)] == [
        "not_expected", "not_expected", "not_expected", "missing", "missing",
    ]  # fmt: skip


def test_for_the_year_of_a_reform_one_report_of_the_two_bodies_is_enough():
    rows = covered([MARKET, TRADE], [report(MARKET, 2018, "2019-03-01"), report(MARKET, 2019)])
    row = rows[TRADE["id"], 2018]
    assert (row["state"], row["reason"]) == ("not_expected", "other_body_reported")


def test_what_was_not_due_when_the_portal_was_last_seen_is_not_missing():
    reports = [report(SCHOOLS, 2024, "2025-01-10")]
    assert covered([COUNTY], reports, last_seen=date(2025, 3, 31))[COUNTY["id"], 2024]["state"] == "not_due"
    assert covered([COUNTY], reports, last_seen=date(2025, 4, 1))[COUNTY["id"], 2024]["state"] == "missing"


def test_a_report_with_two_versions_is_marked_as_changed():
    first, second = report(SCHOOLS, 2021), report(SCHOOLS, 2022)
    versions = [{"report_id": first["id"]}, {"report_id": second["id"]}, {"report_id": second["id"]}]
    rows = covered([SCHOOLS], [first, second], versions)
    assert [rows[SCHOOLS["id"], year]["changed"] for year in (2021, 2022)] == [0, 1]


def test_every_code_that_is_written_is_explained():
    described = tables()["coverage"].columns
    for kind, column in (("states", "state"), ("expected", "expected"), ("reasons", "reason")):
        words = next(entry for entry in described if entry.name == column)
        for code in codes()[kind]:
            assert code in words.zh and code in words.en, code


def test_every_reason_for_an_empty_rate_is_explained_at_its_column():
    words = next(entry for entry in tables()["indicators"].columns if entry.name == "reason")
    for code in reasons():
        assert code in words.zh and code in words.en, code


def test_silent_bodies_are_added_to_a_real_archive_and_never_to_a_replicas():
    rows = {"agencies": [COUNTY], "reports": [report(COUNTY, 2022)]}
    silent = silent_bodies(rows)
    assert COUNTY["id"] not in {row["id"] for row in silent}
    assert {"haerbinshi-renminzhengfu", "haerbinshi-gongshangxingzhengguanliju"} <= {row["id"] for row in silent}
    assert silent_bodies({**rows, "reports": [report(COUNTY, 2022, replica=1)]}) == []


def test_an_agency_gets_its_years_its_names_and_what_came_before_it():
    printed = [report(MARKET, year, agency_in_title=name) for year, name in ((2019, "市市监局"), (2021, "市市监局"))]
    found = derive({"agencies": [MARKET], "reports": printed})
    agency = found["agencies"][0]
    assert (agency["active_from"], agency["active_to"], agency["listed"], agency["report_count"]) == (2019, None, 1, 2)
    names = {(row["name"], row["kind"]): (row["year_from"], row["year_to"]) for row in found["agency_names"]}
    assert names["市市监局", "printed"] == (2019, 2021)
    assert names["哈尔滨市市场监督管理局", "official"] == (2019, None)
    assert {row["predecessor"] for row in found["successions"]} >= {"哈尔滨市工商行政管理局"}


def test_turnover_is_taken_from_the_bodys_own_report_of_the_year_before():
    reports = [report(SCHOOLS, 2021), report(SCHOOLS, 2022), report(COUNTY, 2021)]
    place = {"table": "active_disclosure", "row": "normative_documents", "state": "number"}
    cells = [
        {"report_id": reports[0]["id"], "column": "in_force", "value": 40, **place},
        {"report_id": reports[1]["id"], "column": "issued", "value": 3, **place},
        {"report_id": reports[1]["id"], "column": "repealed", "value": 7, **place},
        {"report_id": reports[2]["id"], "column": "in_force", "value": 999, **place},
    ]
    found = derive({"agencies": [SCHOOLS, COUNTY], "reports": reports, "cells": cells})["indicators"]
    row = next(row for row in found if (row["report_id"], row["key"]) == (reports[1]["id"], "normative_turnover"))
    assert (row["numerator"], row["denominator"], row["value"], row["small"]) == (10, 40, 0.25, 0)
    row = next(row for row in found if (row["report_id"], row["key"]) == (reports[0]["id"], "normative_turnover"))
    assert (row["value"], row["reason"]) == (None, "no_previous_report")
