"""A writer killed, torn or out of space at any instant loses at most the record it was writing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.captures import CaptureStore
from archive.captures.walk import walk
from archive.verify import verify
from tests.captures.test_store import exchange, writer

FASTWARC = Path(sys.executable).with_name("fastwarc")


def assert_sound(data: Path) -> None:
    """Our verdict and those of the field's tools: all is well."""
    found = verify(data)
    assert (found.problems, found.notes) == ([], [])
    for path in (data / "captures").glob("*.warc.gz"):
        for command in ([FASTWARC, "check", path], ["gzip", "-t", path]):
            assert subprocess.run(command, capture_output=True, check=False).returncode == 0, command


def repaired(data: Path) -> dict[str, bytes]:
    """Mend the captures and return every body by its address."""
    store = CaptureStore(data / "captures")
    store.repair()
    bodies = {capture.url: store.response(capture).body for capture in store.index.all()}
    store.close()
    return bodies


@settings(max_examples=20, deadline=None)
@given(
    cut=st.floats(0, 1),
    bodies=st.lists(st.sampled_from([b"", b"same", b"x" * 300, bytes(range(256))]), min_size=1, max_size=6),
    index=st.sampled_from(["kept", "lost", "older"]),
)
def test_a_file_torn_at_any_byte_keeps_all_but_the_torn_record_whatever_became_of_the_index(
    tmp_path_factory, cut, bodies, index
):
    data = tmp_path_factory.mktemp("torn")
    store = CaptureStore(data / "captures")
    out = writer(store)
    url = "http://a.localhost/{}".format
    # The second answer of each address repeats the first: a revisit.
    written = [out.write(exchange(body, url=url(number // 2))) for number, body in enumerate(bodies)]
    path = store.path(written[0].warc_file)
    if index == "older":
        store.index.forget_from(path.name.removesuffix(".open"), written[-1].warc_offset)
    store.close()
    ends = [record.end for record in walk(path) if record.type in ("response", "revisit")]
    at = int(cut * path.stat().st_size)
    os.truncate(path, at)
    if index == "lost":
        for file in (data / "captures").glob("index.db*"):
            file.unlink()

    repaired(data)
    store = CaptureStore(data / "captures")
    kept = {capture.id for capture in store.index.all()}
    store.close()
    assert kept == {capture.id for capture, end in zip(written, ends, strict=True) if end <= at}
    assert_sound(data)


WRITER = """
import random, sys
from pathlib import Path
from archive.captures import CaptureStore
from tests.captures.test_store import exchange
store = CaptureStore(Path(sys.argv[1]) / "captures")
out = store.writer(run_id=sys.argv[2], software="test/1", rotate_at=20_000)
bytes_of = random.Random(int(sys.argv[3])).randbytes
for number in range(100_000):
    # Every third answer repeats the one before.
    body = b"%d" % (number - (number % 3 == 2)) if number % 2 else bytes_of(3000)
    out.write(exchange(body, url=f"http://{sys.argv[2].lower()}.localhost/{number}"))
    print(number, flush=True)
"""


def test_writers_killed_at_random_instants_lose_nothing_they_had_written(tmp_path):
    moment = random.Random(4)
    said: set[str] = set()
    for attempt in range(5):
        run = f"2026020{attempt + 1}T000000Z"
        command = [sys.executable, "-c", WRITER, tmp_path, run, str(attempt)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            process.stdout.readline()
            time.sleep(moment.uniform(0, 0.15))
            process.send_signal(signal.SIGKILL)
            done = ["0", *process.stdout.read().split()]
        said |= {f"http://{run.lower()}.localhost/{number}" for number in done}
        assert verify(tmp_path).sound, "what a killed run leaves is no damage"
        kept = repaired(tmp_path).keys()
        assert said <= kept
        assert len(kept - said) <= attempt + 1, "at most the one being announced, a run"
    files = list((tmp_path / "captures").glob("*.warc.gz"))
    assert len(files) > 5, "files are rotated by their size"
    assert max(path.stat().st_size for path in files) < 20_000 + 10_000
    assert_sound(tmp_path)


def test_a_full_disk_loses_the_answer_it_could_not_take_and_nothing_else(tmp_path):
    code = """
import resource, signal, sys
from pathlib import Path
from archive.captures import CaptureStore
from tests.captures.test_store import exchange
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = CaptureStore(Path(sys.argv[1]) / "captures")
out = store.writer(run_id="20260201T000000Z", software="test/1")
import os
out.write(exchange(b"first", url="http://a.localhost/first"))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
try:
    out.write(exchange(os.urandom(400_000), url="http://a.localhost/large"))
except OSError as error:
    print(error.strerror)
out.write(exchange(b"after", url="http://a.localhost/after"))
out.close()
"""
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "File too large\n"), done.stderr
    assert_sound(tmp_path)
    assert repaired(tmp_path) == {"http://a.localhost/first": b"first", "http://a.localhost/after": b"after"}


@pytest.mark.parametrize("left", [b"", b"\0" * 4096, b"\x1f\x8b\x08"])
def test_what_a_power_cut_leaves_behind_the_last_record_is_cut(tmp_path, left):
    store = CaptureStore(tmp_path / "captures")
    capture = writer(store).write(exchange(b"body"))
    path = store.path(capture.warc_file)
    store.close()
    with path.open("ab") as file:
        file.write(left)
    assert repaired(tmp_path) == {capture.url: b"body"}
    assert_sound(tmp_path)
