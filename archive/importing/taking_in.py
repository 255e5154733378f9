"""From files and crawls of others to captures."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from archive.captures import CaptureStore, CaptureWriter, Exchange
from archive.captures.exchange import IMPORTED
from archive.captures.records import warc_date
from archive.captures.walk import bare_uuid
from archive.documents import kind
from archive.importing.crawls import Foreign, ForeignError, is_wacz, is_warc, read_wacz, read_warc
from archive.importing.saved import is_mhtml, page_in_mhtml, saved_from

# Kinds of file a report can be.
DOCUMENTS = frozenset(
    {
        kind.HTML, kind.TEXT, kind.PDF, kind.DOCX, kind.XLSX, kind.OLE, kind.DOC, kind.WPS, kind.XLS, kind.ENCRYPTED,
        kind.RTF, kind.ODT, kind.ODS, kind.WORD_XML, kind.ZIP, kind.RAR, *kind.IMAGES,
    }
)  # fmt: skip
# Of a crawl, pictures are part of pages, and text files are scripts and styles.
_PAGES = DOCUMENTS - {kind.TEXT, *kind.IMAGES}
# What the readers may be given at most; the largest scan seen on a Harbin portal has 246 MB. In bytes.
_MOST = 400_000_000
# Folders browsers put the pictures and scripts of a saved page into.
_BESIDE_A_PAGE = ("_files", ".files")
_CODE = (".css", ".js", ".json", ".map")
# A file's name, kept as words only, up to so many characters.
_LONGEST_NAME = 200


class ImportedError(ValueError):
    """A file that is not taken in; the message says why."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the person who imports says: where a file was, whose report of which year it is, when it was fetched."""

    url: str | None = None
    agency: str | None = None
    year: int | None = None
    fetched_at: datetime | None = None
    note: str | None = None


@dataclass(slots=True)
class Taken:
    """What came of one file: new captures, those known from before, and what was left out, counted by why."""

    new: int = 0
    known: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


class TakingIn:
    """Takes files in, one after the other."""

    def __init__(self, store: CaptureStore, writer: CaptureWriter, origin: Origin, now: datetime) -> None:
        self._store = store
        self._writer = writer
        self._origin = origin
        self._now = now

    def file(self, path: Path) -> Taken:
        """Take in one file: a document, or a crawl as WARC or WACZ. Raises ImportedError and OSError."""
        if is_wacz(path):
            return self._crawl(path, read_wacz(path))
        if is_warc(path):
            return self._crawl(path, read_warc(path))
        return self._document(path)

    def _document(self, path: Path) -> Taken:
        if path.stat().st_size > _MOST:
            raise ImportedError(f"it has more than {_MOST // 1_000_000} MB")
        body = path.read_bytes()
        sha256 = hashlib.sha256(body).hexdigest()
        taken = Taken()
        if is_mhtml(body):
            page = page_in_mhtml(body)
            if page is None:
                raise ImportedError("it is a saved page without a page in it")
            # The file as it came is the record; the page in it is what is read.
            self._keep(
                body, f"urn:sha256:{sha256}", "multipart/related", self._facts(path.name, sha256, "other"), taken
            )
            body, noted = page
        else:
            noted = saved_from(body)
        media_type = kind.media_type(body)
        if media_type not in DOCUMENTS:
            raise ImportedError(f"no report is such a file ({media_type})")
        url = self._origin.url or noted or f"urn:sha256:{hashlib.sha256(body).hexdigest()}"
        self._keep(body, url, media_type, self._facts(path.name, sha256, "imported"), taken)
        return taken

    def _keep(self, body: bytes, url: str, media_type: str, facts: dict, taken: Taken) -> None:
        """Write a file as a resource, unless the same stands at that address already."""
        exchange = Exchange(
            url=url,
            status=200,
            headers=[],
            body=body,
            fetched_at=self._origin.fetched_at or self._now,
            method=IMPORTED,
            facts=facts,
            resource_type=media_type,
        )
        same = self._store.index.with_payload(exchange.request_key, exchange.payload_digest, 200)
        if same and self._store.path(same.warc_file).exists():
            taken.known += 1
        else:
            self._writer.write(exchange)
            taken.new += 1

    def _crawl(self, path: Path, records: Iterator[Foreign]) -> Taken:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        taken = Taken()
        # The bytes a record of the crawl holds, by its own digest: what records of bytes served again point to.
        bodies: dict[str, str] = {}
        try:
            for record in records:
                if record.left_out:
                    taken.left_out[record.left_out] += 1
                else:
                    self._record(record, path.name, sha256, bodies, taken)
        except ForeignError as error:
            if not taken.new and not taken.known:
                raise ImportedError(str(error)) from error
            taken.left_out[f"the rest of the file: {error}"] += 1
        return taken

    def _record(self, record: Foreign, name: str, sha256: str, bodies: dict[str, str], taken: Taken) -> None:
        holder = None
        if record.repeats is not None:
            holder = self._store.index.get(bodies.get(record.repeats, ""))
            if holder is None:
                taken.left_out["it repeats bytes that are not in the file"] += 1
                return
        role = "imported" if record.status == 200 and kind.media_type(record.plain) in _PAGES else "other"
        exchange = Exchange(
            url=record.url,
            status=record.status,
            headers=record.headers,
            body=record.body,
            fetched_at=record.fetched_at,
            method=IMPORTED,
            reason=record.reason,
            facts=self._facts(name, sha256, holder.facts["role"] if holder else role, record.id),
            resource_type=record.resource_type,
        )
        digest = holder.payload_digest if holder else exchange.payload_digest
        index = self._store.index
        # Its id is known when the crawl is one of ours.
        known = index.get(bare_uuid(record.id)) or index.exactly(exchange.request_key, digest, warc_date(exchange))
        if known:
            taken.known += 1
        else:
            known = self._writer.write(exchange, repeats=holder)
            taken.new += 1
        if record.digest:
            bodies.setdefault(record.digest, known.body_id)

    def _facts(self, name: str, sha256: str, role: str, record_id: str | None = None) -> dict:
        name = _shown(name)
        origin = self._origin
        words = f"导入自文件「{name}」（SHA-256 {sha256[:16]}…），{self._now:%Y-%m-%d} 导入"
        facts: dict = {
            "role": role,
            "origin": words + (f"；{_shown(origin.note)}" if origin.note else ""),
            "imported": {
                "file": name,
                "sha256": sha256,
                "at": self._now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                **({"note": origin.note} if origin.note else {}),
                **({"record": record_id} if record_id else {}),
            },
        }
        if origin.agency or origin.year:
            # Used where the document itself is silent, like the words of a listing.
            named = f"{origin.agency}{origin.year}年政府信息公开工作年度报告" if origin.agency and origin.year else None
            facts["listed"] = {"title": named, "publisher": origin.agency, "year": origin.year}
        return facts


def files_in(path: Path) -> Iterator[Path]:
    """Go through the files under a folder that may be documents or crawls, by name; a file gives itself.

    Links are not followed. Left out: hidden files, and the pictures and scripts browsers save beside a page.
    """
    if not path.is_dir():
        yield path
        return
    for entry in sorted(path.iterdir()):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir() and not entry.name.endswith(_BESIDE_A_PAGE):
            yield from files_in(entry)
        elif entry.is_file() and entry.suffix.lower() not in _CODE:
            yield entry


def _shown(text: str) -> str:
    """Return a name or note as words: no control characters, no path, not endless. It never names a file of ours."""
    plain = re.sub(r"[\x00-\x1f\x7f\u2028-\u202e\ud800-\udfff]", "�", text)
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 1] + "…"
