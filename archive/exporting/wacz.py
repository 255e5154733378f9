"""The originals as WACZ 1.1.1: one file that ReplayWeb.page opens and lists the reports of.

The form is https://specs.webrecorder.net/wacz/1.1.1/. Written here and not with py-wacz, which puts the time of writing
and random page ids into the file; the index is made with the library py-wacz makes it with. `wacz validate` accepts it.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from cdxj_indexer.main import CompressedWriter

from archive.captures import CaptureStore
from archive.captures.cdxj import merged, write_cdxj
from archive.captures.walk import bare_uuid, walk
from archive.exporting.zips import SteadyZip
from archive.verify import verify

TITLE = "哈尔滨市政府信息公开工作年度报告存档 Archive of Harbin's annual reports on government information disclosure"
# Lines of the index packed together: what ReplayWeb.page loads at a time. py-wacz takes the same.
_LINES = 1024

# The condition a selection puts on `reports`.
_FITS = "(:year IS NULL OR reports.year = :year) AND (:agency IS NULL OR reports.agency_id = :agency)"
_PAGES = f"""
SELECT versions.id, captures.url, captures.fetched_at, versions.title, versions.number
FROM versions JOIN reports ON reports.id = versions.report_id JOIN captures ON captures.id = versions.capture_id
WHERE {_FITS} ORDER BY reports.agency_id, reports.year, versions.number
"""  # noqa: S608  put together from constants
_CHOSEN = f"""
SELECT captures.id FROM captures JOIN reports ON reports.id = captures.report_id WHERE {_FITS}
"""  # noqa: S608  put together from constants


class ExportError(ValueError):
    """What was asked for cannot be written; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which reports: of one year, of one agency (its id), or both; all when neither is given."""

    year: int | None = None
    agency: str | None = None

    def __bool__(self) -> bool:
        return self.year is not None or self.agency is not None


def make_ready(data: Path) -> None:
    """Mend what a killed run left in ``data`` and verify all of it. Raises ExportError when it is not sound."""
    store = CaptureStore(data / "captures")
    store.repair()
    store.close()
    found = verify(data)
    if not found.sound:
        raise ExportError(f"what is not sound is not exported.\n{found.describe()}")


def write_wacz(target: Path, data: Path, selection: Selection | None = None, *, checked: bool = False) -> int:
    """Write the captures in ``data`` to ``target`` and return how many pages it lists; whole or not at all.

    With a selection: the captures that carry those reports, with what was served again and the requests for them.
    They are made ready first unless that is done, so the lock of ``data`` is to be held. Raises ExportError.
    """
    selection = selection or Selection()
    db_path = data / "archive.db"
    if not db_path.exists():
        raise ExportError(f"there is no {db_path}: run `xxgk build` first")
    if not checked:
        make_ready(data)
    with closing(sqlite3.connect(f"{db_path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        pages = list(_pages(db, selection))
        chosen = _chosen(db, selection) if selection else None
    if chosen is not None and not chosen:
        raise ExportError("no report fits; `xxgk serve` shows which agencies and years there are")
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = target.with_name(target.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".wacz-") as folder:
            source = data / "captures"
            if chosen is not None:
                _copy_chosen(source, Path(folder), chosen)
                source = Path(folder)
            _write(waiting, source, pages)
        waiting.replace(target)
    finally:
        waiting.unlink(missing_ok=True)
    return len(pages)


def _write(path: Path, folder: Path, pages: list[dict]) -> None:
    indexes = write_cdxj(folder)
    if not indexes:
        raise ExportError(f"no captures in {folder}: run `xxgk crawl` first")
    lines = merged(indexes)
    # The time of the newest capture: the file says of when its content is, not when somebody packed it.
    newest = max(line.split(" ", 2)[1] for line in lines)
    date = f"{newest[:4]}-{newest[4:6]}-{newest[6:8]}T{newest[8:10]}:{newest[10:12]}:{newest[12:14]}Z"
    with SteadyZip(path, date) as out:
        for index in indexes:
            name = index.name.removesuffix(".cdxj")
            out.add_file(f"archive/{name}", folder / name)
        blocks, places = io.BytesIO(), io.StringIO()
        writer = CompressedWriter(places, blocks, _LINES, "index.cdx.gz", digest_records=True)
        for line in lines:
            writer.write(line)
        if writer.block:
            writer.flush()
        out.add("indexes/index.cdx.gz", blocks.getvalue(), pack=False)
        out.add("indexes/index.idx", places.getvalue().encode())
        out.add("pages/pages.jsonl", b"".join(_json_line(line) for line in _page_lines(pages)))
        package = _package(out, date)
        out.add("datapackage.json", package)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
        out.add("datapackage-digest.json", _json_line(digest))


def _package(out: SteadyZip, date: str) -> bytes:
    package = {
        "profile": "data-package",
        "resources": [
            {
                "name": entry.name.rsplit("/", 1)[-1].lower(),
                "path": entry.name,
                "hash": f"sha256:{entry.sha256}",
                "bytes": entry.bytes,
            }
            for entry in out.entries
        ],
        "title": TITLE,
        "created": date,
        "wacz_version": "1.1.1",
        "software": f"harbin-disclosure-archive {version('harbin-disclosure-archive')}",
    }
    return json.dumps(package, ensure_ascii=False, indent=1).encode()


def _pages(db: sqlite3.Connection, selection: Selection) -> Iterator[dict]:
    """Go through the pages to list: every version of the reports, by agency and year."""
    for version_id, url, fetched_at, title, number in db.execute(_PAGES, asdict(selection)):
        yield {
            "id": version_id,
            "url": url,
            "ts": fetched_at,
            "title": title if number == 1 else f"{title}（第 {number} 版）",
        }


def _page_lines(pages: Iterable[Mapping]) -> Iterator[Mapping]:
    yield {"format": "json-pages-1.0", "id": "pages", "title": "政府信息公开工作年度报告 Annual reports"}
    yield from pages


def _json_line(value: Mapping) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _chosen(db: sqlite3.Connection, selection: Selection) -> set[str]:
    """Return the ids of the captures that carry the chosen reports, the pages they hang on among them."""
    return {capture_id for (capture_id,) in db.execute(_CHOSEN, asdict(selection))}


def _copy_chosen(source: Path, folder: Path, chosen: set[str]) -> None:
    """Copy the chosen records as they are, under the names of their files.

    With them their requests and facts, and the records of the same bytes served again.
    """
    for path in sorted(source.glob("*.warc.gz")):
        spans: list[tuple[int, int]] = []
        # Requests and facts come before the response they belong to.
        beside: list[tuple[int, int]] = []
        for record in walk(path):
            span = (record.offset, record.end)
            if record.type == "warcinfo":
                head = span
            elif record.type in ("request", "metadata"):
                beside.append(span)
            else:
                if record.id in chosen or bare_uuid(record.fields.get("warc-refers-to", "")) in chosen:
                    spans += [*beside, span]
                beside = []
        if spans:
            with path.open("rb") as file, (folder / path.name).open("wb") as out:
                for start, end in [head, *spans]:
                    file.seek(start)
                    out.write(file.read(end - start))
