"""A small archive with hand-written rows, some of them hostile, and captures that really lie in a WARC file."""

from __future__ import annotations

import copy
import hashlib
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from archive.captures import CaptureStore, Exchange
from archive.database.writing import write
from archive.forms.model import forms

SCRIPT = "<script>alert('x')</script>"
EDUCATION = "nangangqu-jiaoyuju"
MAIN = f"{EDUCATION}-2023"
HOSTILE = "haerbinshi-exi-2023"
BARE = "haerbinshi-exi-2022"
MAIN_URL = "http://www.hrbng.gov.cn/hebngq/c111202/202401/c01_1.shtml"
OLD_URL = "http://ngqxxgk.harbin.gov.cn/art/2024/1/20/art_1_1.html"

_PAGE = f"<html><head><title>年报</title></head><body><p>正文</p>{SCRIPT}</body></html>"
# What the portals served: key, address, body, role, outcome, report.
SERVED = [
    ("page", MAIN_URL, _PAGE.encode(), "article", "report", MAIN),
    ("gbk", OLD_URL, _PAGE.encode("gb18030"), "article", "duplicate", MAIN),
    (
        "docx",
        "http://www.hrbng.gov.cn/files/%E5%B9%B4%E6%8A%A5%22%0D%0Ax.docx",
        b"PK\x03\x04 not really",
        "attachment",
        "not_read",
        MAIN,
    ),
    ("hostile", f"http://www.harbin.gov.cn/x?{SCRIPT}", b"\x89PNG\r\n\x1a\n", "article", "report", HOSTILE),
    ("listing", "http://www.hrbng.gov.cn/common/search/1", b'{"rows": []}', "listing", "not_read", None),
]


def write_captures(folder: Path) -> dict[str, dict]:
    """Write what was served as WARC; returns the rows of ``captures`` by key."""
    store = CaptureStore(folder)
    writer = store.writer(run_id="20260123T031700Z", software="test/1")
    rows = {}
    for second, (key, url, body, role, outcome, report_id) in enumerate(SERVED):
        capture = writer.write(
            Exchange(
                url=url, status=200, headers=[("Content-Type", "text/html"), ("Refresh", "0; url=http://x/")],
                body=body, fetched_at=datetime(2026, 1, 23, 3, 17, second, tzinfo=UTC), facts={"role": role},
            )
        )  # fmt: skip
        rows[key] = {
            "id": capture.id, "url": url, "method": "GET", "status": 200, "fetched_at": capture.fetched_at,
            "portal": "nangang", "role": role, "parent_url": None, "media_type": capture.media_type,
            "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest(), "warc_file": capture.warc_file,
            "warc_offset": capture.warc_offset, "report_id": report_id, "outcome": outcome, "reason": None,
            "replica": 0,
        }  # fmt: skip
    writer.close()
    store.close()
    return rows


def report(report_id: str, **values: object) -> dict:
    """One row of ``reports``."""
    agency_id, _, year = report_id.rpartition("-")
    return {
        "id": report_id, "agency_id": agency_id, "year": int(year), "form": "g4", "title": f"某局{year}年年报",
        "url": MAIN_URL, "status": "complete", "replica": 0, "first_seen": "2026-01-23T03:17:00Z",
        "last_seen": "2026-01-25T03:17:00Z", **values,
    }  # fmt: skip


def cells(report_id: str, changes: dict[tuple[str, str, str], tuple] | None = None) -> list[dict]:
    """All 200 cells of the form of 2021, 0 but for ``changes``: (table, row, column) to (value, state, raw) or None."""
    found = []
    for table in forms()[0].tables:
        for row, column in sorted(table.cells):
            change = (changes or {}).get((table.key, row, column), (0, "number", "0"))
            if change is None:
                continue
            value, state, raw = change
            found.append(
                {
                    "report_id": report_id, "table": table.key, "row": row, "column": column,
                    "value": value, "state": state, "raw": raw, "place": "1/1/1",
                }
            )  # fmt: skip
    return found


def sections(report_id: str, **texts: str) -> list[dict]:
    """The six sections; ``texts`` by key."""
    headings = {
        "overview": "一、总体情况", "active_disclosure": "二、主动公开政府信息情况",
        "requests": "三、收到和处理政府信息公开申请情况", "remedies": "四、政府信息公开行政复议、行政诉讼情况",
        "problems": "五、存在的主要问题及改进情况", "other": "六、其他需要报告的事项",
    }  # fmt: skip
    return [
        {"report_id": report_id, "position": n, "key": key, "heading": heading, "text": texts.get(key, "")}
        for n, (key, heading) in enumerate(headings.items(), 1)
    ]


def version(report_id: str, capture: dict, number: int = 1) -> dict:
    """One row of ``versions``."""
    return {
        "id": f"{report_id}@{number}", "report_id": report_id, "number": number, "capture_id": capture["id"],
        "content_sha256": "c" * 64, "reader": "html", "title": "标题", "first_seen": capture["fetched_at"],
        "last_seen": capture["fetched_at"],
    }  # fmt: skip


def sample_rows(captures: dict[str, dict]) -> dict[str, list[dict]]:
    """The rows of a small archive: a report with every state and finding, a hostile one, one without tables."""
    changes = {
        ("requests", "new_received", "natural_person"): (1234, "number", "１２３４"),
        ("requests", "new_received", "total"): (1234, "number", "1234"),
        ("requests", "granted", "other_org"): (None, "blank", ""),
        ("requests", "granted", "total"): (17, "number", "17"),
        ("requests", "denied_state_secret", "total"): (None, "blank", ""),
        ("active_disclosure", "regulations", "issued"): (None, "not_applicable", "/"),
        ("active_disclosure", "regulations", "repealed"): (None, "text", "详见附件"),
        ("active_disclosure", "administrative_fees", "amount_10k_yuan"): (59237.2449, "number", "59237.2449"),
        ("remedies", "review", "upheld"): (None, "unreadable", "l"),
        ("remedies", "review", "total"): (9, "number", "9"),
        ("remedies", "litigation_direct", "pending"): None,
    }
    finding = {"report_id": MAIN, "severity": "error", "expected": 1234, "actual": 17, "outcome": "failed"}
    return {
        "agencies": [
            {"id": EDUCATION, "name": "南岗区教育局", "office": "教育局", "district": "南岗区", "level": "district_department"},
            {"id": "haerbinshi-exi", "name": f"恶意局{SCRIPT}", "office": SCRIPT, "district": None, "level": "city_department"},
        ],
        "reports": [
            report(
                MAIN, title="南岗区教育局2023年政府信息公开工作年度报告", published_on="2024-01-20",
                period_start="2023-01-01", period_end="2023-12-31", contact_phone="0451-86212151", url=MAIN_URL,
            ),
            report(f"{EDUCATION}-2022", title="南岗区教育局2022年政府信息公开工作年度报告"),
            report(HOSTILE, title=f"标题{SCRIPT}", url="javascript:alert(1)", index_number=SCRIPT),
            report(BARE, form=None, status="unreadable", status_reason=f"未能读取{SCRIPT}"),
        ],
        "versions": [version(MAIN, captures["page"]), version(HOSTILE, captures["hostile"])],
        "sections": [
            *sections(MAIN, overview="（一）主动公开。100%完成。\n（二）依申请公开。全年受理申请。"),
            {"report_id": HOSTILE, "position": 1, "key": "overview", "heading": SCRIPT, "text": f"正文{SCRIPT}依申请"},
        ],
        "cells": [
            *cells(MAIN, changes),
            *cells(f"{EDUCATION}-2022"),
            *cells(HOSTILE, {("requests", "granted", "total"): (None, "text", SCRIPT)}),
        ],
        "findings": [
            {**finding, "id": 1, "rule": "T3-BAL", "table": "requests", "row": None, "column": "total", "message": "新收加结转为 1234"},
            {**finding, "id": 2, "rule": "T4-SUM", "table": "remedies", "row": "review", "column": "total", "message": "四种结果之和为 0"},
            {**finding, "id": 3, "rule": "PERIOD", "severity": "warning", "message": SCRIPT, "table": None, "row": None, "column": None},
        ],
        "notes": [{"report_id": MAIN, "position": 1, "text": f"附注{SCRIPT}"}],
        "captures": list(captures.values()),
        "runs": [
            {
                "id": "20260123T031700Z", "command": "run", "started_at": "2026-01-23T03:17:00Z",
                "ended_at": "2026-01-23T03:29:00Z", "outcome": "attention", "requests": 71, "bytes": 4821733,
                "listed": 3, "new": 3, "changed": 0, "unchanged": 0, "gone": 1,
                "problems": json.dumps([{"portal": "x", "url": "http://x/", "code": "gone", "message": SCRIPT}]),
            }
        ],
    }  # fmt: skip


def write_archive(path: Path, rows: dict[str, list[dict]]) -> None:
    """Write an archive.db with those rows; they stay as they are."""
    write(path, copy.deepcopy(rows))


def publish(data: Path, name: str, rows: dict[str, list[dict]]) -> None:
    """Write a build and move ``archive.db`` to it, as `xxgk build` does."""
    builds = data / "builds"
    builds.mkdir(exist_ok=True)
    write_archive(builds / name, rows)
    waiting = data / "archive.db.next"
    waiting.symlink_to(Path("builds") / name)
    waiting.replace(data / "archive.db")


def count_of(path: Path, table: str) -> int:
    """How many rows a table of an archive has."""
    with sqlite3.connect(path) as db:
        return db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
