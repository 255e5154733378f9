"""kill -9 in the middle of a run, crawler and all: the captures verify, and the next run makes the same archive.

Five here; fifty, each with a run after it, with ``-m soak``.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.verify import verify
from crawler.replica.server import ReplicaServer, serve_replica
from crawler.replica.world import World

XXGK = Path(sys.executable).with_name("xxgk")
# What tells when something was done, or in which file and place, and not what is there.
OF_THE_MOMENT = {
    "first_seen", "last_seen", "fetched_at", "warc_file", "warc_offset", "capture_id", "id", "body_id", "run_id",
}  # fmt: skip


@dataclass(frozen=True)
class Undisturbed:
    """A replica, what a run makes of it when nothing happens, and how long that takes from its first request on."""

    server: ReplicaServer
    portals: Path
    archive: dict[str, list]
    takes: float


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
    folder = tmp_path_factory.mktemp("undisturbed")
    with serve_replica(World(seed=17, agencies=3, years=[2021, 2023])) as server:
        portals = folder / "portals.toml"
        portals.write_text(server.portals_toml.replace("[crawl]\n", "[crawl]\nmin_free_mb = 0\n", 1), "utf-8")
        process = run(folder / "data", portals)
        await_first_request(server, process)
        began = time.monotonic()
        assert process.wait(120) in (0, 3)
        yield Undisturbed(server, portals, archive_of(folder / "data"), time.monotonic() - began)


def await_first_request(server: ReplicaServer, process: subprocess.Popen) -> None:
    """Wait until a run has asked for its first page: it loads its modules for a good part of its time."""
    asked = len(server.log)
    while len(server.log) == asked and process.poll() is None:
        time.sleep(0.005)


def kill_after(undisturbed: Undisturbed, data: Path, part: float) -> str:
    """Kill a run when that part of its time after the first request is over; return how far it had come."""
    process = run(data, undisturbed.portals)
    await_first_request(undisturbed.server, process)
    time.sleep(undisturbed.takes * part)
    over = process.poll() is not None
    kill_all(process)
    last = json.loads(max((data / "runs").glob("*.json")).read_text("utf-8"))
    return "over" if over else {"running": "crawling"}.get(last["outcome"], "building")


def kill_and_go_on(undisturbed: Undisturbed, data: Path, part: float) -> str:
    """Kill a run, go on, and return how far it had come."""
    stage = kill_after(undisturbed, data, part)
    assert_sound(data)
    assert run(data, undisturbed.portals).wait(120) in (0, 3)
    assert_sound(data)
    assert not list((data / "captures").glob("*.open"))
    outcomes = [json.loads(path.read_text("utf-8"))["outcome"] for path in sorted((data / "runs").glob("*.json"))]
    assert "running" not in outcomes
    assert outcomes[-1] in ("done", "attention")
    return stage


def test_five_kills_one_after_the_other_lose_nothing(undisturbed, tmp_path):
    data = tmp_path / "data"
    for part in (0.05, 0.15, 0.25, 0.4, 0.7):
        kill_after(undisturbed, data, part)
        assert_sound(data)
    assert run(data, undisturbed.portals).wait(120) in (0, 3)
    assert_sound(data)
    assert archive_of(data) == undisturbed.archive


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_fifty_kills_at_random_instants(undisturbed, tmp_path):
    chance = random.Random(2026)
    stages: Counter[str] = Counter()
    for number in range(50):
        # The early part, which is the crawl, more often than the build.
        data, part = tmp_path / f"data{number}", chance.random() ** 2
        stages[kill_and_go_on(undisturbed, data, part)] += 1
        assert archive_of(data) == undisturbed.archive, part
        shutil.rmtree(data)
    sys.stdout.write(f"\n50 kills over {undisturbed.takes:.1f} s after a run's first request: {dict(stages)}\n")
    assert stages["crawling"] >= 10
    assert stages["building"] >= 5
