"""An archive of a few years, with known numbers: two agencies, a change of form, a report changed after publication."""

from __future__ import annotations

import copy
from pathlib import Path

from archive.forms.model import forms
from tests.site import sample

CIVIL = "daoliqu-minzhengju"
FINANCE = "pingfangqu-caizhengju"
YEARS = (2019, 2020, 2021, 2022, 2023)
# New requests by agency and year; all of them are granted but two a year, which are refused as state secrets.
NEW = {CIVIL: (12, 15, 21, 18, 30), FINANCE: (44, 40, 52, 61, 58)}
REVIEWS = {CIVIL: (0, 1, 2, 0, 3), FINANCE: (5, 4, 6, 7, 2)}
CHANGED = f"{CIVIL}-2023"
# What is said nowhere else in the archive.
RARE = "水利"
OLD_TEXT = "（一）主动公开。全年公开信息120条。\n（二）依申请公开。全年受理申请28件。"
NEW_TEXT = f"（一）主动公开。全年公开{RARE}等信息120条。\n（二）依申请公开。全年受理申请30件。"


def publish(data: Path) -> None:
    """Write the world as the live build of ``data``, with its captures."""
    captures = sample.write_captures(data / "captures")
    sample.publish(data, "archive-world.db", rows(captures))


def rows(captures: dict[str, dict]) -> dict[str, list[dict]]:
    """The sample's rows and those of the two agencies."""
    found = copy.deepcopy(sample.sample_rows(captures))
    found["agencies"] += [
        {"id": CIVIL, "name": "道里区民政局", "office": "民政局", "district": "道里区", "level": "district_department"},
        {
            "id": FINANCE,
            "name": "平房区财政局",
            "office": "财政局",
            "district": "平房区",
            "level": "district_department",
        },
    ]
    for agency, name in ((CIVIL, "道里区民政局"), (FINANCE, "平房区财政局")):
        for year, new, reviews in zip(YEARS, NEW[agency], REVIEWS[agency], strict=True):
            report_id = f"{agency}-{year}"
            form = "g3" if year < 2021 else "g4"
            title = f"{name}{year}年政府信息公开工作年度报告"
            # Departments are to publish by the end of January: one came late.
            day = f"{year + 1}-03-02" if report_id == f"{FINANCE}-2021" else f"{year + 1}-01-20"
            found["reports"].append(
                sample.report(report_id, title=title, form=form, published_on=day, agency_in_title=name)
            )
            found["cells"] += cells(report_id, form, new, reviews)
            text = NEW_TEXT if report_id == CHANGED else f"{year}年，全年受理申请{new}件。"
            found["sections"] += sample.sections(report_id, overview=text)
            found["versions"].append(sample.version(report_id, captures["page"]))
    # The finance bureau has no report of 2022: it is missing between two that are there.
    gone = f"{FINANCE}-2022"
    for table in ("reports", "cells", "sections", "versions"):
        found[table] = [row for row in found[table] if row.get("report_id", row.get("id")) != gone]
    _change(found, captures)
    return found


def cells(report_id: str, form_id: str, new: int, reviews: int) -> list[dict]:
    """All cells of a form: ``new`` requests of natural persons, two of them refused, and ``reviews`` upheld."""
    values = {
        ("requests", "new_received"): new, ("requests", "granted"): new - 2, ("requests", "denied_state_secret"): 2,
        ("requests", "results_total"): new,
    }  # fmt: skip
    found = []
    form = next(form for form in forms() if form.id == form_id)
    for table in form.tables:
        for row, column in sorted(table.cells):
            value = values.get((table.key, row), 0) if column in ("natural_person", "total") else 0
            if (table.key, row) == ("remedies", "review") and column in ("upheld", "total"):
                value = reviews
            found.append(
                {
                    "report_id": report_id, "table": table.key, "row": row, "column": column, "value": value,
                    "state": "number", "raw": str(value), "place": "1/1/1",
                }
            )  # fmt: skip
    return found


def _change(found: dict[str, list[dict]], captures: dict[str, dict]) -> None:
    """Give the changed report the version it was before: other words, and 28 requests instead of 30."""
    found["versions"].append({**sample.version(CHANGED, captures["gbk"], 2), "first_seen": "2026-02-01T03:17:00Z"})
    old = cells(CHANGED, "g4", 28, 3)
    found["version_cells"] = [{**cell, "version_id": f"{CHANGED}@1"} for cell in old]
    found["version_sections"] = [
        {**section, "version_id": f"{CHANGED}@1"} for section in sample.sections(CHANGED, overview=OLD_TEXT)
    ]
    found["findings"].append(
        {
            "id": 90, "report_id": CHANGED, "rule": "T3-ROW", "severity": "error", "table": "requests",
            "row": "granted", "column": "total", "expected": 28, "actual": 27, "outcome": "failed",
            "message": "各类申请人之和为 28，总计填为 27",
        }
    )  # fmt: skip
    found["findings"].append(
        {
            "id": 91, "report_id": CHANGED, "rule": "T4-SUM", "severity": "error", "table": "remedies",
            "row": "review", "column": "total", "expected": None, "actual": None, "outcome": "not_run",
            "message": "有一格空白，未能核对",
        }
    )  # fmt: skip
    found["statements"] = [
        {
            "report_id": CHANGED, "position": 1, "key": "active_total", "value": 120, "unit": "条", "time": "year",
            "approximate": 0, "section": "overview", "sentence": "全年公开水利等信息120条。", "raw": "120条",
        }
    ]  # fmt: skip
