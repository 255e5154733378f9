"""Fixity: whether every record of the captures is what was written, and the databases agree with them."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

from archive.captures.reading import CAPTURES, OPEN
from archive.captures.walk import DamageError, RawRecord, bare_uuid, walk
from archive.locking import is_held

_RESTORE = "restore the file from a backup (`xxgk restore`), then run `xxgk build --full`"
_REINDEX = "delete captures/index.db*: `xxgk build` makes it again from the WARC files"
_REBUILD = "run `xxgk build --full`"
_REREAD = "delete cache/readings.db*: `xxgk build --full` reads every document again"
_MENDED = "nothing to do: the next crawl or build mends it"

_INDEXED = ("id", "url", "fetched_at", "payload_digest", "body_id", "warc_file", "warc_offset")
# Problems of one kind said in words; one lost file can make thousands. All are in the JSON.
_SAID = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be: a code for programs, where, what, and what to do."""

    code: str
    place: str
    message: str
    advice: str


@dataclass(slots=True)
class Verdict:
    """What was found. ``notes`` are what an interrupted run leaves and the next one mends: no harm, nothing to do."""

    files: int = 0
    bytes: int = 0
    records: int = 0
    captures: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def as_json(self) -> dict:
        """The JSON object `xxgk verify --json` prints."""
        return {"sound": self.sound, **asdict(self)}

    def describe(self) -> str:
        """The same in words, a line each."""
        lines = [
            f"{self.files} WARC files, {self.bytes / 1e6:.1f} MB, {self.records} records, {self.captures} captures: "
            + ("every digest right, the databases sound" if self.sound else f"{len(self.problems)} PROBLEMS")
        ]
        for word, entries in (("PROBLEM", self.problems), ("note", self.notes)):
            counts: Counter[str] = Counter()
            for entry in entries:
                counts[entry.code] += 1
                if counts[entry.code] <= _SAID:
                    lines.append(f"{word}: {entry.place}: {entry.message}. To do: {entry.advice}.")
            lines += [f"... and {n - _SAID} more {word}s: {code}" for code, n in counts.items() if n > _SAID]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Found:
    """A capture met in a file."""

    warc_file: str
    offset: int
    type: str
    url: str
    fetched_at: str
    payload_digest: str
    refers_to: str | None


@dataclass(slots=True)
class _Files:
    """What was met in the WARC files.

    ``captures`` by their id; ``ends``: where the whole part of each file ends; ``left_open``: the files an interrupted
    run left; ``damaged``: those with no end, whose captures are those before the damage; ``busy``: those a crawl is
    writing.
    """

    folder: Path
    captures: dict[str, _Found] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    left_open: set[str] = field(default_factory=set)
    damaged: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)

    def is_told(self, name: str) -> bool:
        """Whether a file that was not read wholly needs no further word: it was said, or it is being written."""
        return name in self.damaged or name in self.busy or (name not in self.ends and (self.folder / name).exists())


def verify(data: Path, progress: Callable[[int], object] = lambda done: None) -> Verdict:
    """Read everything in a data folder again and return what was found; changes nothing.

    Every record of every WARC file (framing, block and payload digest), the index against the records and the records
    against the index, every revisit's target, the integrity of the index, of ``archive.db`` and of the reading cache,
    and the captures ``archive.db`` names. A file a crawl is writing now is left out. ``progress`` is told the number of
    bytes read, piece by piece.
    """
    verdict = Verdict()
    files = _walk_all(verdict, data / "captures", is_held(data), progress)
    _check_revisits(verdict, files)
    _check_index(verdict, data / "captures" / "index.db", files)
    _check_archive(verdict, data / "archive.db", files)
    _check_sqlite(verdict, data / "cache" / "readings.db", "cache/readings.db", _REREAD)
    if not (data / "captures").is_dir():
        # A folder misspelt, or a disk that is not there, is no sound archive.
        verdict.problems.append(Problem("no-captures", str(data), "there are no captures", "give the right --data"))
    return verdict


def _walk_all(verdict: Verdict, folder: Path, busy: bool, progress: Callable[[int], object]) -> _Files:
    files = _Files(folder)
    for path in sorted([*folder.glob("*.warc.gz"), *folder.glob("*.warc.gz" + OPEN)]):
        name = path.name.removesuffix(OPEN)
        if path.name.endswith(OPEN):
            if busy:
                files.busy.add(name)
                verdict.notes.append(Problem("being-written", name, "a crawl is writing it now", "verify again later"))
                continue
            files.left_open.add(name)
        verdict.files += 1
        end = 0
        try:
            for record in walk(path):
                _check_record(verdict, files, name, record)
                progress(record.end - end)
                end = record.end
        except DamageError as error:
            if name in files.left_open:
                verdict.notes.append(Problem("torn-tail", name, f"an interrupted run left it: {error}", _MENDED))
            else:
                verdict.problems.append(Problem("damaged-file", name, str(error), _RESTORE))
                files.damaged.add(name)
        except OSError as error:
            verdict.problems.append(Problem("unreadable-file", name, str(error), _RESTORE))
            files.damaged.add(name)
        if name not in files.damaged:
            files.ends[name] = end
        verdict.bytes += end
    verdict.captures = len(files.captures)
    return files


def _check_record(verdict: Verdict, files: _Files, name: str, record: RawRecord) -> None:
    verdict.records += 1
    place = f"{name} at {record.offset}"
    for digest in record.wrong_digests():
        verdict.problems.append(Problem("wrong-digest", place, f"{digest} does not fit the bytes", _RESTORE))
    if record.type not in CAPTURES:
        return
    before = files.captures.get(record.id)
    if before:
        words = f"record {record.id} stands in {before.warc_file} at {before.offset}, too"
        verdict.problems.append(Problem("twice", place, words, "remove the file that was copied in"))
        return
    fields = record.fields
    refers_to = fields.get("warc-refers-to")
    files.captures[record.id] = _Found(
        name,
        record.offset,
        record.type,
        fields.get("warc-target-uri", ""),
        fields.get("warc-date", ""),
        fields.get("warc-payload-digest", ""),
        bare_uuid(refers_to) if refers_to else None,
    )


def _check_revisits(verdict: Verdict, files: _Files) -> None:
    for capture in files.captures.values():
        if capture.type != "revisit" or capture.refers_to is None:
            continue
        target = files.captures.get(capture.refers_to)
        place = f"{capture.warc_file} at {capture.offset}"
        if target is None and not files.busy:
            words = f"it repeats {capture.refers_to}, which is in no file"
            verdict.problems.append(Problem("lost-target", place, words, _RESTORE))
        elif target and (target.type == "revisit" or target.payload_digest != capture.payload_digest):
            words = f"it repeats {capture.refers_to}, which does not hold the bytes it names"
            verdict.problems.append(Problem("wrong-target", place, words, _RESTORE))


def _check_index(verdict: Verdict, path: Path, files: _Files) -> None:
    """Compare the index with the records, both ways."""
    if not path.exists():
        if files.captures:
            verdict.notes.append(Problem("no-index", "captures/index.db", "there is none", _MENDED))
        return
    if not _check_sqlite(verdict, path, "captures/index.db", _REINDEX):
        return
    with closing(_open(path)) as db:
        rows = db.execute(f"SELECT {', '.join(_INDEXED)} FROM captures").fetchall()  # noqa: S608
        sizes = dict(db.execute("SELECT name, size FROM files"))
    lost: Counter[str] = Counter()
    for row in rows:
        entry = dict(zip(_INDEXED, row, strict=True))
        name = entry["warc_file"]
        if entry["id"] not in files.captures and name not in files.ends:
            lost[name] += not files.is_told(name)
            continue
        _check_entry(verdict, entry, files)
    for name, number in sorted((+lost).items()):
        words = f"the file is gone; the index knows {number} captures in it"
        verdict.problems.append(Problem("lost-file", name, words, _RESTORE))
    indexed = {row[0] for row in rows}
    missing = Counter(found.warc_file for key, found in files.captures.items() if key not in indexed)
    for name, number in sorted(missing.items()):
        # A file the index has not noted as wholly seen is read by the next crawl or build.
        seen = name not in files.left_open and sizes.get(name) == files.ends.get(name)
        where, advice = (verdict.problems, _REINDEX) if seen else (verdict.notes, _MENDED)
        where.append(Problem("not-indexed", name, f"the index lacks {number} of its captures", advice))


def _check_entry(verdict: Verdict, entry: dict, files: _Files) -> None:
    name, offset = entry["warc_file"], entry["warc_offset"]
    place = f"captures/index.db, {entry['id']}"
    found = files.captures.get(entry["id"])
    if found is None:
        if name in files.left_open and offset >= files.ends[name]:
            words = f"it names {name} at {offset}, past what an interrupted run left"
            verdict.notes.append(Problem("past-the-end", place, words, _MENDED))
        else:
            words = f"{name} holds no such record at {offset}"
            verdict.problems.append(Problem("no-such-record", place, words, _REINDEX))
    elif (name, offset) != (found.warc_file, found.offset):
        words = f"it names {name} at {offset}; the record lies in {found.warc_file} at {found.offset}"
        verdict.problems.append(Problem("wrong-place", place, words, _REINDEX))
    else:
        said = [entry[column] for column in ("url", "fetched_at", "payload_digest", "body_id")]
        if said != [found.url, found.fetched_at, found.payload_digest, found.refers_to or entry["id"]]:
            verdict.problems.append(Problem("wrong-entry", place, "it says other than its record", _REINDEX))


def _check_archive(verdict: Verdict, path: Path, files: _Files) -> None:
    """The published file: sound, and every capture it names where it says."""
    if path.is_symlink() and not path.exists():
        verdict.problems.append(Problem("no-archive", path.name, "the build it points to is gone", _REBUILD))
    if not path.exists() or not _check_sqlite(verdict, path, path.name, _REBUILD):
        return
    with closing(_open(path)) as db:
        rows = db.execute("SELECT id, warc_file, warc_offset FROM captures").fetchall()
    for capture_id, name, offset in rows:
        found = files.captures.get(capture_id)
        if files.is_told(name) or (found and (found.warc_file, found.offset) == (name, offset)):
            continue
        words = f"its capture {capture_id} is not in {name} at {offset}"
        verdict.problems.append(Problem("no-such-capture", path.name, words, f"if no file is lost, {_REBUILD}"))


def _check_sqlite(verdict: Verdict, path: Path, name: str, advice: str) -> bool:
    """Whether a SQLite file is sound; a file that is not there is."""
    if not path.exists():
        return True
    try:
        with closing(_open(path)) as db:
            said = [row[0] for row in db.execute("PRAGMA integrity_check(5)")]
            if said == ["ok"] and db.execute("PRAGMA foreign_key_check").fetchone():
                said = ["rows refer to rows that are not there"]
    except sqlite3.DatabaseError as error:
        said = [str(error)]
    if said == ["ok"]:
        return True
    verdict.problems.append(Problem("damaged-database", name, "; ".join(said), advice))
    return False


def _open(path: Path) -> sqlite3.Connection:
    path = path.resolve()
    # On a backup that cannot be written to, SQLite could not make the files it reads a log with: there is none to read.
    sealed = "" if os.access(path.parent, os.W_OK) else "&immutable=1"
    return sqlite3.connect(f"{path.as_uri()}?mode=ro{sealed}", uri=True)
