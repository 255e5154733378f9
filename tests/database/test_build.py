"""From captures to archive.db: what is a report, what speaks for it, what changed; and nothing half-written."""

from __future__ import annotations

import json
import random
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from archive.captures import CaptureStore, Exchange
from archive.database.build import BuildError, build
from archive.database.schema import tables
from tests.documents.test_docx import report as report_docx
from tests.forms import paper
from tests.forms.test_filling import REAL

CURRENT = "http://www.hrbng.localhost/hebngq/c1/202401/c01_1.shtml"
LEGACY = "http://ngqxxgk.harbin.localhost/art/2024/1/20/art_1_1.html"


def report(values=None, agency="南岗区教育局", year="2023") -> bytes:
    page = paper.page_html(
        values or REAL["suqian_2023"], paper.Noise(random.Random(1)), two="one", three="official", four="official"
    )
    return page.replace("南岗区教育局", agency).replace("2023年", f"{year}年").encode()


class Portal:
    """Writes captures as a crawl would, one day a call."""

    def __init__(self, data):
        self.data = data
        self.day = datetime(2024, 2, 1, 3, 0, tzinfo=UTC)

    def serves(self, *pages: tuple[str, bytes, dict]) -> None:
        store = CaptureStore(self.data / "captures")
        writer = store.writer(run_id=f"{self.day:%Y%m%dT%H%M%SZ}", software="test/1")
        for url, body, facts in pages:
            writer.write(
                Exchange(
                    url=url, status=facts.pop("status", 200), headers=[("Content-Type", "text/html")], body=body,
                    fetched_at=self.day,
                    facts={"portal": "ng", "role": "article", "cms": "ucap", "district": "南岗区", **facts},
                )
            )  # fmt: skip
        writer.close()
        store.close()
        self.day += timedelta(days=1)

    def build(self, **options) -> sqlite3.Connection:
        build(self.data, **options)
        return sqlite3.connect(self.data / "archive.db")


@pytest.fixture
def portal(tmp_path):
    return Portal(tmp_path)


def rows(db: sqlite3.Connection, sql: str) -> list[tuple]:
    return db.execute(sql).fetchall()


def test_a_report_is_read_with_its_provenance(portal):
    portal.serves((CURRENT, report(), {}))
    db = portal.build()
    assert rows(db, "SELECT id, agency_id, year, form, status, url, replica FROM reports") == [
        ("nangangqu-jiaoyuju-2023", "nangangqu-jiaoyuju", 2023, "g4", "complete", CURRENT, 0)
    ]
    assert rows(db, "SELECT count(*), sum(state = 'number') FROM cells") == [(200, 200)]
    value = "SELECT value FROM cells WHERE \"row\" = 'granted' AND \"column\" = 'total'"
    assert rows(db, value) == [(1191,)]
    assert rows(db, "SELECT granted.total FROM requests AS granted WHERE \"row\" = 'granted'") == [(1191,)]
    # report -> version -> capture -> WARC record -> the bytes served.
    warc_file, offset = rows(
        db,
        "SELECT warc_file, warc_offset FROM versions JOIN captures ON captures.id = capture_id"
        " WHERE versions.report_id = 'nangangqu-jiaoyuju-2023'",
    )[0]
    store = CaptureStore(portal.data / "captures")
    assert store.read(warc_file, offset).body == report()
    store.close()


def test_the_same_report_under_two_addresses_is_one_and_the_present_portal_speaks(portal):
    portal.serves((LEGACY, report(), {"cms": "hanweb", "portal": "old"}), (CURRENT, report(), {}))
    db = portal.build()
    assert rows(db, "SELECT url FROM reports") == [(CURRENT,)]
    assert rows(db, "SELECT url, outcome, report_id FROM captures ORDER BY url") == [
        (LEGACY, "duplicate", "nangangqu-jiaoyuju-2023"),
        (CURRENT, "report", "nangangqu-jiaoyuju-2023"),
    ]


def test_a_changed_number_is_a_new_version_and_a_changed_frame_is_not(portal):
    changed = {**REAL["suqian_2023"], ("requests", "carried_out", "total"): "122"}
    portal.serves((CURRENT, report(), {}))
    portal.serves((CURRENT, report().replace(b"</body>", b"<p class=counter>17</p></body>"), {}))
    portal.serves((CURRENT, report(changed), {}))
    db = portal.build()
    versions = rows(db, "SELECT id, number, first_seen, last_seen FROM versions ORDER BY number")
    assert versions == [
        ("nangangqu-jiaoyuju-2023@1", 1, "2024-02-01T03:00:00Z", "2024-02-02T03:00:00Z"),
        ("nangangqu-jiaoyuju-2023@2", 2, "2024-02-03T03:00:00Z", "2024-02-03T03:00:00Z"),
    ]
    assert rows(db, "SELECT value FROM cells WHERE \"row\" = 'carried_out' AND \"column\" = 'total'") == [(122,)]


def test_what_is_no_report_is_kept_with_a_reason_and_gives_no_number(portal):
    portal.serves(
        ("http://x.localhost/1", "<html><p>正在进行安全检查，请稍候</p></html>".encode(), {}),
        ("http://x.localhost/2", report(agency="齐齐哈尔市教育局"), {}),
        ("http://x.localhost/3", b"<html><body></body></html>", {}),
        ("http://x.localhost/4", b"not found", {"status": 404}),
        ("http://x.localhost/5", b"\x00\x01", {}),
    )
    db = portal.build()
    found = dict(rows(db, "SELECT url, outcome FROM captures"))
    assert list(found.values()) == ["not_a_report", "not_a_report", "not_a_report", "error", "unreadable"]
    assert all(reason for (reason,) in rows(db, "SELECT reason FROM captures"))
    assert rows(db, "SELECT reason FROM captures WHERE url LIKE '%/2'")[0][0].startswith("「齐齐哈尔市」")
    assert rows(db, "SELECT (SELECT count(*) FROM reports), (SELECT count(*) FROM cells)") == [(0, 0)]


def test_a_report_with_no_readable_tables_is_there_as_unread(portal):
    body = "<html><h1>南岗区教育局2023年政府信息公开工作年度报告</h1><p>详见附件</p></html>".encode()
    attachment = CURRENT.replace("c01_1.shtml", "1/files/a.docx")
    portal.serves((CURRENT, body, {}), (attachment, b"%PDF-1.4", {"role": "attachment", "parent": CURRENT}))
    db = portal.build()
    status, reason = rows(db, "SELECT status, status_reason FROM reports")[0]
    assert status == "unreadable"
    assert "附件" in reason
    assert rows(db, f"SELECT report_id, outcome FROM captures WHERE url = '{attachment}'") == [
        ("nangangqu-jiaoyuju-2023", "not_read")
    ]


def test_a_page_whose_report_is_in_its_attachment_takes_it_from_there(portal):
    body = "<html><h1>南岗区教育局2023年政府信息公开工作年度报告</h1><p>详见附件</p></html>".encode()
    attachment = CURRENT.replace("c01_1.shtml", "1/files/a.docx")
    document = report_docx(REAL["suqian_2023"], paper.Noise(random.Random(1)))
    portal.serves((CURRENT, body, {}), (attachment, document, {"role": "attachment", "parent": CURRENT}))
    db = portal.build()
    assert rows(db, "SELECT id, status, url FROM reports") == [("nangangqu-jiaoyuju-2023", "complete", CURRENT)]
    assert rows(db, "SELECT count(*) FROM cells") == [(200,)]
    assert rows(db, "SELECT url, outcome FROM captures ORDER BY url") == [
        (attachment, "report"),
        (CURRENT, "duplicate"),
    ]


def test_a_page_put_back_as_it_was_is_shown_as_it_is_now(portal):
    changed = {**REAL["suqian_2023"], ("requests", "carried_out", "total"): "122"}
    for body in (report(), report(changed), report()):
        portal.serves((CURRENT, body, {}))
    db = portal.build()
    assert rows(db, "SELECT value FROM cells WHERE \"row\" = 'carried_out' AND \"column\" = 'total'") == [(121,)]
    assert rows(db, "SELECT number, first_seen, last_seen FROM versions") == [
        (1, "2024-02-01T03:00:00Z", "2024-02-01T03:00:00Z"),
        (2, "2024-02-02T03:00:00Z", "2024-02-02T03:00:00Z"),
        (3, "2024-02-03T03:00:00Z", "2024-02-03T03:00:00Z"),
    ]


def test_a_page_once_cut_short_does_not_take_the_place_of_the_whole_one(portal):
    portal.serves((CURRENT, report(), {}))
    portal.serves((CURRENT, report()[: len(report()) // 2], {"state": "cut-short"}))
    db = portal.build()
    assert rows(db, "SELECT status FROM reports") == [("complete",)]
    assert rows(db, "SELECT count(*) FROM versions") == [(1,)]


def _tables_alone(values) -> bytes:
    noise = paper.Noise(random.Random(1))
    page = "".join(paper.table_html(rows, noise) for rows in paper.table_two(values, noise))
    page += paper.table_html(paper.table_three(values, noise), noise)
    return f"<html><body>{page}{paper.table_html(paper.table_four(values, noise), noise)}</body></html>".encode()


@pytest.mark.parametrize(
    ("attached", "year", "cells"),
    [
        (_tables_alone(REAL["suqian_2023"]), 2023, 200),
        (report(agency="齐齐哈尔市教育局"), 2023, 0),
        (report(agency="", year="2020"), 2023, 0),
    ],
    ids=["tables alone", "another city's", "another year's"],
)
def test_an_attachment_is_the_pages_report_only_when_it_could_be(portal, attached, year, cells):
    body = "<html><h1>南岗区教育局2023年政府信息公开工作年度报告</h1><p>详见附件</p></html>".encode()
    files = (CURRENT + "/files/a.html", attached, {"role": "attachment", "parent": CURRENT})
    portal.serves((CURRENT, body, {}), files)
    db = portal.build()
    assert rows(db, "SELECT id, year, title, agency_in_title FROM reports WHERE id LIKE '%-2023'") == [
        ("nangangqu-jiaoyuju-2023", year, "南岗区教育局2023年政府信息公开工作年度报告", "南岗区教育局")
    ]
    assert rows(db, "SELECT count(*) FROM cells WHERE report_id LIKE '%-2023'") == [(cells,)]


def test_a_lost_warc_file_costs_its_documents_and_not_the_build(portal):
    portal.serves((CURRENT, report(), {}))
    portal.serves((LEGACY, report(year="2022"), {}))
    lost = min((portal.data / "captures").glob("*.warc.gz"))
    lost.rename(portal.data / "elsewhere")
    db = portal.build()
    assert rows(db, "SELECT id FROM reports") == [("nangangqu-jiaoyuju-2022",)]
    assert "备份" in rows(db, f"SELECT reason FROM captures WHERE url = '{CURRENT}'")[0][0]
    (portal.data / "elsewhere").rename(lost)
    assert len(rows(portal.build(), "SELECT id FROM reports")) == 2


def test_building_again_changes_no_row_and_reading_all_again_gives_the_same(portal):
    portal.serves((CURRENT, report(), {}), (LEGACY, report(year="2022"), {"cms": "hanweb"}))

    def dump(db):
        return [line for line in db.iterdump() if "_sqlite_migrations" not in line]

    first = dump(portal.build())
    assert dump(portal.build()) == first
    assert dump(portal.build(full=True, jobs=2)) == first
    for path in [*(portal.data / "captures").glob("index.db*"), *(portal.data / "cache").iterdir()]:
        path.unlink()
    assert dump(portal.build()) == first


def test_a_build_that_fails_leaves_the_archive_before_it(portal, monkeypatch):
    portal.serves((CURRENT, report(), {}))
    portal.build().close()
    before = (portal.data / "archive.db").resolve()

    def full_disk(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("archive.database.build._check", full_disk)
    with pytest.raises(BuildError, match="No space left"):
        build(portal.data)
    assert (portal.data / "archive.db").resolve() == before
    assert list((portal.data / "builds").iterdir()) == [before]


def test_runs_are_rows_and_a_broken_run_record_stops_nothing(portal):
    portal.serves((CURRENT, report(), {}))
    folder = portal.data / "runs"
    folder.mkdir()
    problem = {"portal": "ng", "url": None, "code": "host-down", "message": "…"}
    run = {"id": "20240201T030000Z", "command": "crawl", "started_at": "x", "outcome": "attention", "new": 1}
    (folder / "20240201T030000Z.json").write_text(json.dumps({**run, "problems": [problem]}))
    (folder / "20240202T030000Z.json").write_text('{"id": "2024')
    db = portal.build()
    assert rows(db, "SELECT id, outcome, new, gone FROM runs") == [("20240201T030000Z", "attention", 1, 0)]
    assert json.loads(rows(db, "SELECT problems FROM runs")[0][0]) == [problem]


def test_every_column_says_what_it_is_in_both_languages():
    for table in tables().values():
        for column in table.columns:
            assert column.zh, (table.name, column.name)
            assert column.en, (table.name, column.name)


def test_rates_and_coverage_are_worked_out_from_what_was_read(portal):
    portal.serves((CURRENT, report(), {}))
    db = portal.build()
    # 宿迁 2023: 1191 granted and 328 in part of 3486; 440 reviews, 26 of them pending, 17 corrected.
    found = {key: over for key, *over in rows(db, "SELECT key, numerator, denominator FROM indicators")}
    assert found["open_rate"] == [1519, 3486]
    assert found["review_correction_rate"] == [17, 414]
    assert rows(db, "SELECT n_open_rate FROM rates WHERE agency_id = 'nangangqu-jiaoyuju'") == [(3486,)]
    assert rows(db, "SELECT reason FROM indicators WHERE key = 'normative_turnover'") == [("no_previous_report",)]
    # The portal was visited on 1 February 2024: departments were due the day before, governments in March.
    states = dict(rows(db, "SELECT agency_id, state FROM coverage WHERE year = 2023"))
    assert states["haerbinshi-jiaoyuju"] == "missing"
    assert states["haerbinshi-renminzhengfu"] == states["binxian-renminzhengfu"] == "not_due"
    assert states["haerbinshi-weishengju"] == "not_expected"
    assert states["nangangqu-jiaoyuju"] in ("on_time", "late", "published")
    label = """
        SELECT fields.zh, cells.value FROM cells JOIN reports ON reports.id = cells.report_id
        JOIN fields USING (form, "table", "row", "column") WHERE "row" = 'granted' AND "column" = 'total'
    """
    assert rows(db, label) == [("（一）予以公开 × 总计", 1191)]


def test_a_withdrawn_report_is_kept_and_marked_gone_until_it_is_put_back(portal):
    portal.serves((CURRENT, report(), {}))
    portal.serves((CURRENT, b"<html><title>404</title></html>", {"status": 404}))
    portal.serves((CURRENT, b"<html><title>404</title></html>", {"status": 404}))
    assert rows(portal.build(), "SELECT gone_since, status FROM reports") == [("2024-02-02T03:00:00Z", "complete")]
    portal.serves((CURRENT, report(), {}))
    db = portal.build()
    assert rows(db, "SELECT gone_since FROM reports") == [(None,)]
    assert rows(db, "SELECT number, last_seen FROM versions") == [(1, "2024-02-04T03:00:00Z")]


def test_a_report_that_moved_keeps_its_id_and_what_it_said_before(portal):
    other = CURRENT.replace("c1/", "c2/")
    changed = report({**REAL["suqian_2023"], ("requests", "granted", "total"): "1190"})
    portal.serves((CURRENT, report(), {}))
    portal.serves((CURRENT, b"", {"status": 404}), (other, changed, {}))
    db = portal.build()
    assert rows(db, "SELECT id, url, gone_since FROM reports") == [("nangangqu-jiaoyuju-2023", other, None)]
    assert rows(db, "SELECT number, first_seen FROM versions") == [
        (1, "2024-02-01T03:00:00Z"),
        (2, "2024-02-02T03:00:00Z"),
    ]
    before = "SELECT value FROM version_cells WHERE \"row\" = 'granted' AND \"column\" = 'total'"
    assert rows(db, before) == [(1191,)]


def test_a_report_is_not_gone_while_one_of_its_addresses_is_there(portal):
    portal.serves((CURRENT, report(), {}), (LEGACY, report(), {"cms": "hanweb"}))
    portal.serves((CURRENT, b"", {"status": 410}))
    db = portal.build()
    assert rows(db, "SELECT url, gone_since FROM reports") == [(LEGACY, None)]
    assert rows(db, "SELECT count(*) FROM versions") == [(1,)]
