"""kill -9 in the middle of a run, crawler and all: the captures verify, and the next run makes the same archive.

Five here; fifty, each with a run after it, with ``-m soak``.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.verify import verify
from crawler.replica.server import serve_replica
from crawler.replica.world import World

XXGK = Path(sys.executable).with_name("xxgk")
# What tells when something was done, or in which file and place, and not what is there.
OF_THE_MOMENT = {
    "first_seen", "last_seen", "fetched_at", "warc_file", "warc_offset", "capture_id", "id", "body_id", "run_id",
}  # fmt: skip


def children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def family(pid: int) -> list[int]:
    return [pid, *(each for child in children(pid) for each in family(child))]


def run(data: Path, portals: Path) -> subprocess.Popen:
    command = [XXGK, "run", "--data", data, "--portals", portals, "--jobs", "1"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_all(process: subprocess.Popen) -> None:
    """Kill a run with all it started, at once: none may tidy up for another."""
    members = family(process.pid)
    for pid in members:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    for pid in {*members, *family(process.pid)}:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def assert_sound(data: Path) -> None:
    verdict = verify(data)
    assert verdict.sound, verdict.describe()
    for path in (data / "captures").glob("*.warc.gz"):
        assert subprocess.run(["gzip", "-t", path], check=False).returncode == 0, path


def archive_of(data: Path) -> dict[str, list]:
    """The archive's rows without what is of the moment of a run."""
    db = sqlite3.connect(f"file:{data / 'archive.db'}?mode=ro", uri=True)
    rows = {}
    for name in ("agencies", "reports", "versions", "sections", "cells", "findings"):
        columns = [column for _, column, *_ in db.execute(f"PRAGMA table_info({name})")]
        kept = [f'"{column}"' for column in columns if column not in OF_THE_MOMENT - {"id"} or name == "reports"]
        kept = [column for column in kept if column.strip('"') not in OF_THE_MOMENT - {"id"}]
        rows[name] = sorted(db.execute(f"SELECT {', '.join(kept)} FROM {name}"), key=repr)
    rows["captures"] = sorted(
        db.execute(
            "SELECT DISTINCT url, role, sha256, outcome FROM captures WHERE role IN ('article', 'attachment') AND status = 200"
        ),
        key=repr,
    )
    db.close()
    return rows


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A replica, what a run makes of it when nothing happens, and how long that takes, in seconds."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with serve_replica(World(seed=17, agencies=3, years=[2021, 2023])) as server:
        portals = folder / "portals.toml"
        portals.write_text(server.portals_toml.replace("[crawl]\n", "[crawl]\nmin_free_mb = 0\n", 1), "utf-8")
        began = time.monotonic()
        assert run(folder / "data", portals).wait(120) in (0, 3)
        yield portals, archive_of(folder / "data"), time.monotonic() - began


def kill_and_go_on(data: Path, portals: Path, instant: float) -> bool:
    """Kill a run after so many seconds, go on, and say whether there was something to kill."""
    process = run(data, portals)
    time.sleep(instant)
    killed = process.poll() is None
    kill_all(process)
    if (data / "captures").exists():
        assert_sound(data)
    assert run(data, portals).wait(120) in (0, 3)
    assert_sound(data)
    assert not list((data / "captures").glob("*.open"))
    outcomes = [json.loads(path.read_text("utf-8"))["outcome"] for path in sorted((data / "runs").glob("*.json"))]
    assert "running" not in outcomes
    assert outcomes[-1] in ("done", "attention")
    return killed


def test_five_kills_one_after_the_other_lose_nothing(undisturbed, tmp_path):
    portals, expected, takes = undisturbed
    data = tmp_path / "data"
    for part in (0.3, 0.4, 0.5, 0.6, 0.8):
        process = run(data, portals)
        time.sleep(takes * part)
        kill_all(process)
        if (data / "captures").exists():
            assert_sound(data)
    assert run(data, portals).wait(120) in (0, 3)
    assert_sound(data)
    assert archive_of(data) == expected


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_fifty_kills_at_random_instants(undisturbed, tmp_path):
    portals, expected, takes = undisturbed
    chance = random.Random(2026)
    killed, stages = 0, {}
    for number in range(50):
        data = tmp_path / f"data{number}"
        instant = chance.uniform(0.02, 1.0) * takes
        killed += kill_and_go_on(data, portals, instant)
        first = min((data / "runs").glob("*.json"), default=None)
        outcome = json.loads(first.read_text("utf-8"))["outcome"] if first else "none"
        stages[outcome] = stages.get(outcome, 0) + 1
        assert archive_of(data) == expected, instant
    sys.stdout.write(f"\n50 kills over {takes:.1f} s of a run, {killed} of them before its end: {stages}\n")
    assert killed > 40
