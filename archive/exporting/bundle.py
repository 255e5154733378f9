"""The whole archive as one dated bundle, from which another machine can restore it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from archive import codebook
from archive.database.schema import tables
from archive.exporting.tables import TableFile, file_sha256, write_tables
from archive.exporting.wacz import TITLE, ExportError, make_ready, write_wacz
from archive.exporting.zips import SteadyZip

SUMS = "SHA256SUMS"
DATABASE = "archive.db"
ORIGINALS = "originals.wacz"
RUNS = "runs"
_FIELD_TYPES = {"int64": "integer", "double": "number", "string": "string", "binary": "string"}

# When the archive was last looked after: its newest capture, the last time one was seen again, its last run.
_DATE = """
SELECT max(said) FROM (SELECT max(fetched_at) AS said FROM captures UNION ALL SELECT max(last_seen) FROM reports
UNION ALL SELECT max(started_at) FROM runs)
"""
_INVENTED = "**From a replica portal: every number is invented · 模拟数据，均为虚构，不得引用**\n\n"
_README = """# {title}

{replica}Content up to {date} (UTC) · 内容截至 {date}（UTC）

| | |
|---|---|
| `archive.db` | the archive as one SQLite file · 全部数据（SQLite） |
| `tables/` | every table and wide view as CSV and as Parquet · 各数据表与宽表 |
| `originals.wacz` | every page and attachment as it was served, for ReplayWeb.page · 原件，可用 ReplayWeb.page 打开 |
| `runs/` | the records of the crawls · 运行记录 |
| `codebook.*` | what every key, table and column says · 编码手册 |
| `datapackage.json` | the same for programs (Frictionless Data Package) · 供程序读取 |
| `SHA256SUMS` | `sha256sum -c SHA256SUMS` · 校验和 |

CSV is UTF-8 with a byte order mark; an empty field is no value. Blank is not zero: `cells.state` says what stood there.

To have the same archive on another machine · 在另一台机器上恢复：

    xxgk restore {name} --data DIRECTORY

Licence: the reports are official documents of the bodies that published them; no rights are claimed in what was read
from them. The program is under Apache-2.0. · 年度报告为发布机关的公文；本档案不就读取所得的数据主张权利。

To cite · 引用格式：

> {title}, {date}, {rows}. SHA-256 of archive.db: {sha256}.
"""


def write_bundle(target: Path, data: Path) -> Path:
    """Write the bundle of the archive in ``data`` and return where it lies; whole or not at all.

    ``target`` is a folder, in which the bundle gets a folder named after when the archive was last looked after, or a
    file name ending in ``.zip``. One that is there already, and the same, is left. The lock of ``data`` is to be held.
    Raises ExportError when there is no archive, it is not sound (what cannot be verified could not be restored), or
    another bundle is there.
    """
    if not (data / "archive.db").exists():
        raise ExportError(f"there is no {data / 'archive.db'}: run `xxgk build` first")
    make_ready(data)
    as_zip = target.suffix.lower() == ".zip"
    parent = target.parent if as_zip else target
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".export-") as waiting:
        folder = Path(waiting) / "bundle"
        date = _fill(folder, data)
        place = target if as_zip else target / _name(date)
        if as_zip:
            packed = Path(waiting) / "bundle.zip"
            with SteadyZip(packed, date) as out:
                for path in _files(folder):
                    out.add_file(path.relative_to(folder).as_posix(), path)
            folder = packed
        if not place.exists():
            folder.rename(place)
        elif not _same(folder, place):
            raise ExportError(f"{place} is there already, and not the same: remove it, or give another place")
    return place


def _same(new: Path, old: Path) -> bool:
    if new.is_dir():
        return (old / SUMS).is_file() and (new / SUMS).read_bytes() == (old / SUMS).read_bytes()
    return old.is_file() and file_sha256(new) == file_sha256(old)


def _name(date: str) -> str:
    return "harbin-disclosure-archive-" + date.replace("-", "").replace(":", "")


def _fill(folder: Path, data: Path) -> str:
    """Write everything into ``folder`` and return when it was last looked after."""
    (folder / RUNS).mkdir(parents=True)
    db_path = folder / DATABASE
    date = _copy_database(data / "archive.db", db_path)
    written = write_tables(db_path, folder / "tables")
    write_wacz(folder / ORIGINALS, data, checked=True)
    for path in sorted((data / "runs").glob("*.json")):
        shutil.copyfile(path, folder / RUNS / path.name)
    for kind, text in (("md", codebook.as_markdown()), ("csv", codebook.as_csv()), ("json", codebook.as_json())):
        (folder / f"codebook.{kind}").write_text(text, "utf-8")
    package = _package(folder, written, date)
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (folder / "README.md").write_text(_readme(db_path, date), "utf-8")
    sums = "".join(f"{file_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in _files(folder))
    (folder / SUMS).write_text(sums, "utf-8")
    return date


def _copy_database(source: Path, target: Path) -> str:
    """Copy the archive so that its bytes depend on its rows alone; return when it was last looked after."""
    # A published build is never written to again, so its file can be copied as it lies.
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        copy = shutil.copyfile(source, Path(folder) / "copy.db")
        with closing(sqlite3.connect(copy, isolation_level=None)) as db:
            (date,) = db.execute(_DATE).fetchone()
            if date is None:
                raise ExportError("the archive holds no captures: run `xxgk crawl` and `xxgk build` first")
            # When the tables were made on this machine says nothing of the archive, nor how often it was copied.
            db.execute("UPDATE _sqlite_migrations SET applied_at = ?", [date])
            db.execute("PRAGMA schema_version = 1")
            # Written anew from front to end: no free pages, and nothing of what stood there before.
            db.execute("VACUUM INTO ?", [str(target)])
    return date


def _readme(db_path: Path, date: str) -> str:
    with closing(sqlite3.connect(f"{db_path.as_uri()}?mode=ro", uri=True)) as db:
        (reports,) = db.execute("SELECT count(*) FROM reports").fetchone()
        (agencies,) = db.execute("SELECT count(*) FROM agencies").fetchone()
        (replica,) = db.execute("SELECT max(replica) FROM captures").fetchone()
    return _README.format(
        title=TITLE,
        date=date,
        name=_name(date),
        replica=_INVENTED if replica else "",
        rows=f"{reports} reports of {agencies} bodies",
        sha256=file_sha256(db_path),
    )


def _package(folder: Path, written: Iterable[TableFile], date: str) -> dict:
    """Describe the bundle as a Frictionless Data Package (https://datapackage.org)."""
    known = tables()
    resources = []
    for file in written:
        kind = file.path.suffix.lstrip(".")
        definition = known.get(file.table)
        described = {column.name: column for column in definition.columns} if definition else {}
        fields = []
        for name, field_type in file.columns.items():
            field = {"name": name, "type": _FIELD_TYPES[field_type]}
            if name in described:
                field |= {"title": described[name].zh, "description": described[name].en}
            fields.append(field)
        schema: dict = {"fields": fields, **({"primaryKey": list(definition.primary_key)} if definition else {})}
        resources.append(
            {
                "name": file.table.replace("_", "-") + ("" if kind == "csv" else "-parquet"),
                "path": file.path.relative_to(folder).as_posix(),
                "format": kind,
                "mediatype": "text/csv" if kind == "csv" else "application/vnd.apache.parquet",
                **({"encoding": "utf-8", "profile": "tabular-data-resource"} if kind == "csv" else {}),
                **({"title": definition.zh, "description": definition.en} if definition else {}),
                "bytes": file.bytes,
                "hash": f"sha256:{file.sha256}",
                "schema": schema,
            }
        )
    for name in (DATABASE, ORIGINALS):
        path = folder / name
        resources.append(
            {
                "name": name.replace(".", "-"),
                "path": name,
                "bytes": path.stat().st_size,
                "hash": f"sha256:{file_sha256(path)}",
            }
        )
    return {
        "profile": "data-package",
        "name": "harbin-disclosure-archive",
        "title": TITLE,
        "created": date,
        "resources": resources,
    }


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
