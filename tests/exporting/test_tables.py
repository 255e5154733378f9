"""The tables taken away as CSV and Parquet are the archive's own, as DuckDB, pandas and Python's csv read them."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import duckdb
import pandas
import pyarrow.parquet
import pytest

from archive.exporting.tables import write_tables

VIEW = 'CREATE VIEW remedies AS SELECT report_id, "row", max(value) AS total FROM cells GROUP BY report_id, "row"'


@pytest.fixture
def db_path(tmp_path) -> Path:
    """A file with what is awkward: decimals, texts with line ends and commas, none and empty, many rows."""
    path = tmp_path / "archive.db"
    with sqlite3.connect(path) as db:
        db.execute(
            'CREATE TABLE cells (report_id TEXT NOT NULL, "table" TEXT NOT NULL, "row" TEXT NOT NULL, "column" TEXT NOT'
            ' NULL, value ANY, raw TEXT, PRIMARY KEY (report_id, "table", "row", "column")) STRICT, WITHOUT ROWID'
        )
        db.execute(
            "CREATE TABLE notes (report_id TEXT, position INTEGER, text TEXT, PRIMARY KEY (report_id, position)) STRICT"
        )
        db.execute("CREATE TABLE private (secret TEXT)")
        values = [3, 9.1, 0.1, 1234567.89, None, 0, 0.00001, 12345678901234567890.0]
        rows = [("乙-2023", "t", f"{n:03}", "c", value, str(value)) for n, value in enumerate(values)]
        rows += [("甲-2023", "t", f"{n:06}", "c", n, str(n)) for n in range(60_000)]
        db.executemany("INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?)", rows[::-1])
        db.execute(
            "INSERT INTO notes VALUES ('甲-2023', 2, '一,\"二\"\r\n三\n'), ('甲-2023', 1, '=1+1'), ('乙-2023', 1, '')"
        )
        db.execute(VIEW)
    db.close()
    return path


def archive_rows(path: Path, sql: str) -> list[tuple]:
    with sqlite3.connect(path) as db:
        return db.execute(sql).fetchall()


def test_every_table_of_the_schema_and_every_view_is_written_and_nothing_else(db_path, tmp_path):
    files = write_tables(db_path, tmp_path / "out")
    assert [(file.path.name, file.rows) for file in files] == [
        ("cells.csv", 60_008), ("cells.parquet", 60_008), ("notes.csv", 3), ("notes.parquet", 3),
        ("remedies.csv", 60_008), ("remedies.parquet", 60_008),
    ]  # fmt: skip
    assert {file.path for file in files} == set((tmp_path / "out").iterdir())


def test_parquet_holds_the_values_in_the_order_of_the_key(db_path, tmp_path):
    write_tables(db_path, tmp_path)
    read = pyarrow.parquet.read_table(tmp_path / "cells.parquet").to_pylist()
    asked = 'SELECT report_id, "table", "row", "column", value, raw FROM cells ORDER BY 1, 2, 3, 4'
    assert [tuple(row.values()) for row in read] == archive_rows(db_path, asked)
    assert pyarrow.parquet.read_table(tmp_path / "notes.parquet").to_pydict()["text"] == ["", "=1+1", '一,"二"\r\n三\n']
    totals = duckdb.sql(
        f"SELECT count(total), sum(total) FROM '{tmp_path / 'remedies.parquet'}' WHERE report_id = '甲-2023'"
    )
    assert totals.fetchall() == [(60_000, sum(range(60_000)))]


def test_csv_is_read_the_same_by_python_pandas_and_duckdb_with_decimals_as_printed(db_path, tmp_path):
    write_tables(db_path, tmp_path)
    path = tmp_path / "cells.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfreport_id,"), "spreadsheets know UTF-8 by its mark"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["value"] for row in rows[:8]] == [
        "3", "9.1", "0.1", "1234567.89", "", "0", "0.00001", "12345678901234567000",
    ]  # fmt: skip
    assert list(pandas.read_csv(path).columns) == list(rows[0])
    assert pandas.read_csv(path)["value"].sum() == pytest.approx(
        duckdb.sql(f"SELECT sum(value) FROM '{path}'").fetchall()[0][0]
    )
    with (tmp_path / "notes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == ["", "=1+1", '一,"二"\r\n三\n']


def test_the_files_are_the_same_to_the_byte_whatever_the_order_of_writing(db_path, tmp_path):
    write_tables(db_path, tmp_path / "1")
    with sqlite3.connect(db_path) as db:
        kept = db.execute("SELECT * FROM cells ORDER BY raw").fetchall()
        db.execute("DELETE FROM cells")
        db.executemany("INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?)", kept)
        db.execute("ANALYZE")
    db.close()
    write_tables(db_path, tmp_path / "2")
    for path in (tmp_path / "1").iterdir():
        assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes(), path.name
