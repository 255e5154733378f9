"""Every table and wide view of an archive as CSV and Parquet, streamed: memory does not grow with the archive."""

from __future__ import annotations

import csv
import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from archive.database.schema import tables

# Rows written at a time: a row group of the Parquet file. With the longest texts some 100 MB.
_TOGETHER = 50_000
# SQLite's STRICT types; what a view computes has none and is told from its values.
_TYPES = {"INTEGER": pa.int64(), "REAL": pa.float64(), "TEXT": pa.string(), "BLOB": pa.binary()}


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file written: the table or view, the columns with their Parquet types, rows, bytes and SHA-256."""

    table: str
    path: Path
    columns: dict[str, str]
    rows: int
    bytes: int
    sha256: str


def write_tables(db_path: Path, folder: Path) -> list[TableFile]:
    """Write ``<table>.csv`` and ``<table>.parquet`` of every table and view of an archive into ``folder``.

    Rows are in the order of the primary key, those of a view in the order of the columns that name them. CSV is UTF-8
    with a byte order mark (spreadsheets take it for something else without), lines end with CRLF, a number is written
    as it was read (9.1, never 9.0999…), nothing stands for no value. In Parquet a column of numbers that may have
    decimals is a double; it is text where one of its values is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with closing(sqlite3.connect(f"{db_path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        for name, keys in _order(db).items():
            written += _write(db, name, keys, folder)
    return written


def _order(db: sqlite3.Connection) -> dict[str, Sequence[str]]:
    """Return the tables and views to write with what orders their rows."""
    present = dict(db.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"))
    known = tables()
    found: dict[str, Sequence[str]] = {name: known[name].primary_key for name in known if name in present}
    for name in (name for name, kind in present.items() if kind == "view"):
        found[name] = [column for column, declared in _declared(db, name).items() if declared in _TYPES]
    return found


def _declared(db: sqlite3.Connection, name: str) -> dict[str, str]:
    return {row[1]: row[2].upper() for row in db.execute(f'PRAGMA table_xinfo("{name}")')}


def _schema(db: sqlite3.Connection, name: str) -> pa.Schema:
    declared = _declared(db, name)
    untyped = [column for column, kind in declared.items() if kind not in _TYPES]
    texts: dict[str, bool] = {}
    if untyped:
        asked = ", ".join(f"max(typeof(\"{column}\") = 'text')" for column in untyped)
        texts = dict(zip(untyped, db.execute(f'SELECT {asked} FROM "{name}"').fetchone(), strict=True))  # noqa: S608
    return pa.schema(
        [
            (column, _TYPES.get(kind) or (pa.string() if texts[column] else pa.float64()))
            for column, kind in declared.items()
        ]
    )


def _write(db: sqlite3.Connection, name: str, keys: Sequence[str], folder: Path) -> list[TableFile]:
    schema = _schema(db, name)
    columns = {field.name: str(field.type) for field in schema}
    mixed = {number for number, field in enumerate(schema) if field.type == pa.string()}
    csv_path, parquet_path = folder / f"{name}.csv", folder / f"{name}.parquet"
    rows = 0
    with (
        csv_path.open("w", encoding="utf-8-sig", newline="") as file,
        pq.ParquetWriter(parquet_path, schema, compression="zstd") as parquet,
    ):
        lines = csv.writer(file)
        lines.writerow(columns)
        for batch in _batches(db, name, list(columns), keys):
            rows += len(batch)
            lines.writerows(batch if not _has_exponent(batch) else map(_plain, batch))
            values = [
                [None if value is None else str(value) for value in column] if number in mixed else list(column)
                for number, column in enumerate(zip(*batch, strict=True))
            ]
            arrays = [pa.array(column, field.type) for column, field in zip(values, schema, strict=True)]
            parquet.write_batch(pa.record_batch(arrays, schema))
    return [
        TableFile(name, path, columns, rows, path.stat().st_size, file_sha256(path))
        for path in (csv_path, parquet_path)
    ]


def _batches(db: sqlite3.Connection, name: str, columns: Sequence[str], keys: Sequence[str]) -> Iterator[list[tuple]]:
    picked, order = (", ".join(f'"{column}"' for column in some) for some in (columns, keys))
    rows = db.execute(f'SELECT {picked} FROM "{name}" ORDER BY {order}')  # noqa: S608  names of the schema
    while batch := rows.fetchmany(_TOGETHER):
        yield batch


def _has_exponent(batch: list[tuple]) -> bool:
    """Whether a number in it would be written like 1e-05 or 1e+16."""
    return any(type(value) is float and value and not 1e-4 <= abs(value) < 1e16 for row in batch for value in row)


def _plain(row: tuple) -> tuple:
    return tuple(format(Decimal(repr(value)), "f") if type(value) is float else value for value in row)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
