"""`xxgk verify` finds every kind of damage, says which, and finds none where there is none."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.captures import CaptureStore
from archive.captures.walk import walk
from archive.cli import main
from archive.database.build import build
from archive.locking import hold
from archive.verify import verify
from tests.captures.test_store import exchange, writer
from tests.database.test_build import CURRENT, Portal, report

FASTWARC = Path(sys.executable).with_name("fastwarc")


@pytest.fixture
def data(tmp_path) -> Path:
    """A data folder with two runs, a revisit of each kind, a report and its archive."""
    portal = Portal(tmp_path)
    portal.serves((CURRENT, report(), {}), ("http://a.localhost/1", b"<p>1</p>", {"role": "listing"}))
    portal.serves((CURRENT, report(), {}), ("http://a.localhost/1", b"", {"status": 304}))
    build(tmp_path)
    return tmp_path


def warcs(data: Path) -> list[Path]:
    return sorted((data / "captures").glob("*.warc.gz"))


def codes(data: Path) -> set[str]:
    return {problem.code for problem in verify(data).problems}


def index(data: Path, sql: str, *values) -> None:
    with sqlite3.connect(data / "captures" / "index.db") as db:
        db.execute(sql, values)
    db.close()


def change_member(path: Path, position: int, old: bytes, new: bytes) -> None:
    """Pack one record of a file anew with other bytes of the same length in it: what bit rot does, minus the CRC."""
    record = list(walk(path))[position]
    data = path.read_bytes()
    plain = gzip.decompress(data[record.offset : record.end])
    assert old in plain
    path.write_bytes(data[: record.offset] + gzip.compress(plain.replace(old, new)) + data[record.end :])


def test_an_undisturbed_archive_is_sound_and_every_record_was_looked_at(data):
    found = verify(data)
    assert (found.problems, found.notes) == ([], [])
    # Of the four captures one repeats another in full, and needs no request record.
    assert (found.files, found.captures, found.records) == (2, 4, 2 * (1 + 2 * 3) - 1)
    assert found.bytes == sum(path.stat().st_size for path in warcs(data))


def test_our_walk_and_fastwarc_see_the_same_records_at_the_same_places(data):
    from fastwarc.warc import ArchiveIterator

    for path in warcs(data):
        with path.open("rb") as file:
            theirs = [(record.stream_pos, record.record_id) for record in ArchiveIterator(file, parse_http=False)]
        assert [(record.offset, record.fields["warc-record-id"]) for record in walk(path)] == theirs


@pytest.mark.parametrize("name", ["index.db", "archive.db", "readings.db"])
def test_a_damaged_database_is_named_with_what_to_do(data, name):
    path = next(data.rglob(name)).resolve()
    path.chmod(0o644)
    for wal in path.parent.glob(f"{path.name}-*"):
        wal.unlink()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(100 if size < 9000 else 4096)
        file.write(b"\xff" * 4000)
    problem = next(problem for problem in verify(data).problems if problem.code == "damaged-database")
    assert name in problem.place
    assert "xxgk build" in problem.advice


def test_every_flipped_byte_of_a_record_is_found(data):
    path = warcs(data)[0]
    whole = path.read_bytes()
    missed = []
    for at in range(0, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        # The gzip header's time and system bytes are not under any check: they say nothing of the record.
        member = max(record.offset for record in _records(whole, path) if record.offset <= at)
        if not codes(data) and at - member >= 10:
            missed.append(at)
    assert not missed


def _records(whole: bytes, path: Path):
    damaged = path.read_bytes()
    path.write_bytes(whole)
    records = list(walk(path))
    path.write_bytes(damaged)
    return records


def test_a_changed_body_is_found_by_its_digests_even_when_packed_anew(data):
    change_member(warcs(data)[0], 6, b"<p>1</p>", b"<p>2</p>")
    problems = [problem for problem in verify(data).problems if problem.code == "wrong-digest"]
    assert [problem.message.split()[0] for problem in problems] == ["WARC-Block-Digest", "WARC-Payload-Digest"]


def test_a_file_cut_short_or_gone_is_named(data):
    path = warcs(data)[0]
    os.truncate(path, path.stat().st_size - 5)
    assert "damaged-file" in codes(data)
    path.unlink()
    found = codes(data)
    assert {"lost-file", "lost-target", "no-such-capture"} <= found


def test_index_rows_are_compared_both_ways(data):
    index(data, "DELETE FROM captures WHERE status = 304")
    assert codes(data) == {"not-indexed"}
    index(data, "UPDATE captures SET warc_offset = warc_offset + 1 WHERE url = ?", CURRENT)
    assert codes(data) == {"not-indexed", "wrong-place"}
    index(data, "UPDATE captures SET url = url || 'x' WHERE url LIKE '%/1'")
    assert codes(data) == {"not-indexed", "wrong-place", "wrong-entry"}
    index(data, "UPDATE captures SET id = 'other' WHERE url = ?", CURRENT + "x")
    index(data, "UPDATE captures SET id = 'other' WHERE rowid = 1")
    assert "no-such-record" in codes(data)


def test_the_index_can_be_deleted_and_made_again(data):
    for path in (data / "captures").glob("index.db*"):
        path.unlink()
    found = verify(data)
    assert (found.sound, [note.code for note in found.notes]) == (True, ["no-index"])
    build(data)
    assert (verify(data).problems, verify(data).notes) == ([], [])


def test_what_a_killed_run_or_a_power_cut_leaves_is_no_damage(data):
    store = CaptureStore(data / "captures")
    out = writer(store, "20270101T000000Z")
    for number in range(4):
        last = out.write(exchange(b"%d" % number, url=f"http://b.localhost/{number}"))
    path = store.path(last.warc_file)
    store.close()
    os.truncate(path, last.warc_offset + 3)
    found = verify(data)
    assert found.sound
    assert {note.code for note in found.notes} == {"torn-tail", "past-the-end"}
    store = CaptureStore(data / "captures")
    store.repair()
    store.close()
    found = verify(data)
    assert (found.problems, found.notes, found.captures) == ([], [], 4 + 3)


def test_a_file_a_crawl_is_writing_is_left_alone(data):
    store = CaptureStore(data / "captures")
    out = writer(store, "20270101T000000Z")
    out.write(exchange(b"1", url=CURRENT))
    with hold(data):
        found = verify(data)
    assert (found.sound, [note.code for note in found.notes], found.files) == (True, ["being-written"], 2)
    out.close()
    store.close()


def test_a_file_copied_in_twice_is_found(data):
    path = warcs(data)[0]
    path.with_name("copy.warc.gz").write_bytes(path.read_bytes())
    assert "twice" in codes(data)


def test_the_command_says_what_to_do_and_its_status_tells(data):
    sound = CliRunner().invoke(main, ["verify", "--data", str(data)])
    assert (sound.exit_code, "every digest right" in sound.stdout) == (0, True)
    warcs(data)[0].unlink()
    broken = CliRunner().invoke(main, ["verify", "--data", str(data), "--json"])
    said = json.loads(broken.stdout)
    assert (broken.exit_code, said["sound"]) == (1, False)
    assert all(problem["advice"] for problem in said["problems"])


def test_a_folder_without_captures_is_no_sound_archive(tmp_path):
    done = CliRunner().invoke(main, ["verify", "--data", str(tmp_path / "mistyped")])
    assert (done.exit_code, "there are no captures" in done.stdout) == (1, True)
    assert not (tmp_path / "mistyped").exists()


def test_our_verdict_and_fastwarcs_on_a_torn_file_agree(data):
    path = warcs(data)[1]
    whole = path.read_bytes()
    ends = {record.end for record in walk(path)}
    for at in sorted({*range(1, len(whole), 211), *ends}):
        path.write_bytes(whole[:at])
        theirs = [FASTWARC, "check", path], ["gzip", "-t", path]
        sound = [subprocess.run(command, capture_output=True, check=False).returncode == 0 for command in theirs]
        assert ("damaged-file" not in codes(data)) == all(sound) == (at in ends)
