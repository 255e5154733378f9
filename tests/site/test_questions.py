"""The ready queries: each answers on the public site, and says what the hand-made rows say."""

from __future__ import annotations

import pytest

from archive.site.app import make_app
from archive.site.builds import NAME
from archive.site.metadata import metadata
from archive.site.questions import questions
from tests.site import sample
from tests.site.conftest import Reader

SCHOOLS, HEALTH, COUNTY = "nangangqu-jiaoyuju", "nangangqu-weishengjiankangju", "binxian-renminzhengfu"
WATER = "nangangqu-shuiwuju"


def agency(agency_id: str, name: str, level: str, district: str) -> dict:
    return {"id": agency_id, "name": name, "office": name.removeprefix(district), "district": district, "level": level}


def numbers(report_id: str, **values: int) -> list[dict]:
    """The 200 cells, 0 but for table__row__column."""
    changes = {tuple(key.split("__")): (value, "number", str(value)) for key, value in values.items()}
    return sample.cells(report_id, changes)


@pytest.fixture(scope="module")
def public(tmp_path_factory) -> Reader:
    """Four bodies: one that refuses, one that lost suits, one late and changed, a county that never reported."""
    data = tmp_path_factory.mktemp("questions")
    captures = sample.write_captures(data / "captures")
    refuses, lost, late, before = f"{SCHOOLS}-2023", f"{HEALTH}-2023", f"{WATER}-2023", f"{SCHOOLS}-2021"
    finding = {"severity": "error", "rule": "T3-BAL", "table": "requests", "row": None, "column": "total",
               "expected": 2, "actual": 1, "message": "不等", "outcome": "failed"}  # fmt: skip
    rows = {
        "agencies": [
            agency(SCHOOLS, "南岗区教育局", "district_department", "南岗区"),
            agency(HEALTH, "南岗区卫生健康局", "district_department", "南岗区"),
            agency(WATER, "南岗区水务局", "district_department", "南岗区"),
            agency(COUNTY, "宾县人民政府", "district", "宾县"),
        ],
        "reports": [
            sample.report(refuses, published_on="2024-01-31"),
            sample.report(before, published_on="2022-01-20"),
            sample.report(lost, published_on="2024-01-10"),
            sample.report(late, published_on="2024-03-01", status="unreadable", status_reason="文件已加密"),
        ],
        "versions": [
            sample.version(late, captures["page"]),
            sample.version(late, captures["gbk"], 2),
            sample.version(lost, captures["docx"]),
        ],
        "cells": [
            *numbers(refuses, requests__denied_state_secret__total=3, requests__denied_process_info__total=6,
                     requests__results_total__total=36, requests__granted__total=27,
                     requests__new_received__total=40, requests__new_received__natural_person=40),
            # 9 of 10 refused, but of too few to say anything.
            *numbers(lost, requests__denied_third_party__total=9, requests__results_total__total=10,
                     remedies__litigation_direct__total=5, remedies__litigation_direct__corrected=2,
                     remedies__litigation_after_review__total=4, remedies__litigation_after_review__pending=1,
                     remedies__review__total=8, remedies__review__pending=4, remedies__review__corrected=1),
        ],
        "findings": [
            {**finding, "id": 1, "report_id": lost}, {**finding, "id": 2, "report_id": lost, "rule": "T3-SUM"},
            {**finding, "id": 3, "report_id": refuses, "rule": "T3-CARRY", "severity": "warning"},
            {**finding, "id": 4, "report_id": refuses, "rule": "T3-ROW", "severity": "info", "outcome": "not_run"},
        ],
        "captures": list(captures.values()),
    }  # fmt: skip
    sample.publish(data, "archive-1.db", rows)
    return Reader(make_app(data, public=True))


def answer(public: Reader, key: str, **given: str) -> list[dict]:
    found = public.get(f"/{NAME}/{key}.json", params={"_shape": "array", **given})
    assert found.status_code == 200, found.text
    return found.json()


@pytest.mark.parametrize("key", questions())
def test_every_question_answers_on_the_public_site_and_is_explained(public, key):
    assert isinstance(answer(public, key), list)
    assert isinstance(answer(public, key, year="2023"), list)
    said = metadata(public=True)["databases"][NAME]["queries"][key]
    page = public.page(f"/{NAME}/{key}")
    assert questions()[key]["zh"] in page.get_text() and questions()[key]["read_en"][:40] in page.get_text()
    assert said["title"].count(" · ") == 1
    assert "LIMIT 200" in said["sql"]


def test_who_never_publishes(public):
    found = answer(public, "never_publishes")
    assert [(row["agency_id"], row["missing_years"], row["years"]) for row in found] == [(COUNTY, 3, "2021 2022 2023")]


def test_who_left_years_out(public):
    assert [(row["agency_id"], row["years"]) for row in answer(public, "gaps")] == [(SCHOOLS, "2022")]


def test_who_publishes_late(public):
    # 31 January to 1 March 2024: 30 days in a leap year.
    found = answer(public, "late")
    assert [(row["agency_id"], row["late"], row["dated"], row["most_days"]) for row in found] == [(WATER, 1, 1, 30)]
    assert answer(public, "late", year="2021") == []


def test_who_refuses_most_leaves_out_those_with_few_cases(public):
    found = answer(public, "refuses_most")
    assert [(row["agency_id"], row["refused"], row["handled"], row["percent"]) for row in found] == [
        (SCHOOLS, 9, 36, 25.0)
    ]


def test_on_what_grounds(public):
    found = {(row["year"], row["ground"]): row["refused"] for row in answer(public, "refusal_reasons")}
    assert found == {
        (2023, "denied_third_party"): 9, (2023, "denied_process_info"): 6, (2023, "denied_state_secret"): 3,
    }  # fmt: skip


def test_where_suits_were_lost_and_reviews_corrected(public):
    row = answer(public, "suits_lost")[0]
    assert (row["report_id"], row["corrected"], row["decided"], row["percent"]) == (f"{HEALTH}-2023", 2, 8, 25.0)
    row = answer(public, "reviews_corrected")[0]
    assert (row["corrected"], row["decided"], row["of_all"]) == (1, 4, 8)
    assert (row["percent_decided"], row["percent_of_all"]) == (25.0, 12.5)


def test_whose_numbers_do_not_add_up_counts_errors_and_not_warnings(public):
    found = answer(public, "does_not_add_up")
    assert [(row["agency_id"], row["errors"], row["reports"], row["of"]) for row in found] == [(HEALTH, 2, 1, 1)]
    assert {row["rule"] for row in answer(public, "rules_broken")} == {"T3-BAL", "T3-SUM", "T3-CARRY"}


def test_what_changed_after_publication(public):
    assert [(row["report_id"], row["versions"]) for row in answer(public, "changed_after_publication")] == [
        (f"{WATER}-2023", 2)
    ]


def test_requests_by_year(public):
    row = answer(public, "requests_by_year")[0]
    assert (row["year"], row["received"], row["handled"], row["granted_percent"]) == (2023, 40, 46, 58.7)


def test_what_was_not_read(public):
    assert [(row["report_id"], row["status_reason"]) for row in answer(public, "not_read")] == [
        (f"{WATER}-2023", "文件已加密")
    ]
