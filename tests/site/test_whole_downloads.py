"""A table taken away as CSV is whole, or visibly broken."""

from __future__ import annotations

import csv
import http.client
import io
import sqlite3
from urllib.parse import urlencode, urlsplit

import pytest

from archive.site import csvs
from archive.site.app import make_app
from tests.site.conftest import Reader
from tests.site.sample import MAIN, SCRIPT
from tests.site.test_serve import serving


def rows_of(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text)))


def test_a_csv_has_every_row_of_the_table_and_of_the_filtered_one(archive, reader):
    with sqlite3.connect(archive / "archive.db") as db:
        every = db.execute('SELECT report_id, "table", row, "column", raw FROM cells').fetchall()
    assert len(every) > 500
    rows = rows_of(reader.get("/archive/cells.csv?_size=10"))
    picked = [rows[0].index(name) for name in ("report_id", "table", "row", "column", "raw")]
    assert sorted(tuple(row[place] for place in picked) for row in rows[1:]) == sorted(every)
    assert any(SCRIPT in row[-1] or SCRIPT in "".join(row) for row in rows)
    assert rows_of(reader.get("/archive/cells.csv?_stream=on&_size=max")) == rows
    mine = rows_of(reader.get(f"/archive/cells.csv?report_id={MAIN}&_facet=row"))
    assert len(mine) - 1 == sum(row[0] == MAIN for row in every)


def test_a_csv_of_more_than_one_page_of_rows_is_whole(tmp_path):
    from tests.site import sample

    reports = [sample.report(f"a-{2000 + number}") for number in range(2500)]
    for number, report in enumerate(reports):
        report["title"] = f"第{number}份"
    agency = {"id": "a", "name": "甲", "office": "甲", "district": None, "level": "city"}
    sample.publish(tmp_path, "archive-1.db", {"agencies": [agency], "reports": reports})
    reader = Reader(make_app(tmp_path, public=True))
    rows = rows_of(reader.get("/archive/reports.csv?_sort=title"))
    title = rows[0].index("title")
    assert {row[title] for row in rows[1:]} == {f"第{number}份" for number in range(2500)}
    assert len(rows) == 2501


def test_a_query_cut_at_the_limit_is_refused_as_csv(archive):
    reader = Reader(make_app(archive))
    numbers = "with recursive n(i) as (select 1 union all select i + 1 from n where i < {}) select i from n"
    assert len(rows_of(reader.get(f"/archive.csv?{urlencode({'sql': numbers.format(900)})}"))) == 901
    assert reader.get(f"/archive.csv?{urlencode({'sql': numbers.format(1001)})}").status_code == 400
    assert Reader(make_app(archive, public=True)).get("/archive.csv?sql=select+1").status_code == 403


def test_a_table_too_large_for_a_public_site_is_refused_before_the_first_row(archive, monkeypatch):
    monkeypatch.setattr(csvs, "MOST_PUBLIC", 100)
    answer = Reader(make_app(archive, public=True)).get("/archive/cells.csv")
    assert answer.status_code == 400 and "下载页" in answer.text


@pytest.mark.parametrize(
    "address", ["/archive/nothing.csv", "/archive/cells.csv?_sort=x", "/archive/cells.csv?_where=1"]
)
def test_what_is_no_table_is_no_csv(archive, address):
    answer = Reader(make_app(archive, public=True)).get(address)
    assert answer.status_code >= 400 and "text/csv" not in answer.headers["content-type"]


def test_a_stream_that_breaks_ends_without_its_end(archive, tmp_path):
    broken = tmp_path / "sitecustomize.py"
    broken.write_text(
        "import archive.site.csvs as csvs\n"
        "whole = csvs._pages\n"
        "async def pages(*args):\n"
        "    async for page in whole(*args):\n"
        "        yield page\n"
        "        yield {'status': 500, 'error': 'broken'}\n"
        "csvs._pages = pages\n"
    )
    with serving(archive, python_path=tmp_path) as (_, address):
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        connection.request("GET", "/archive/cells.csv")
        answer = connection.getresponse()
        assert answer.status == 200
        with pytest.raises(http.client.IncompleteRead):
            answer.read()
