"""The commands as another program calls them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from archive.nightly import EXIT_ATTENTION, exit_status
from archive.runs import load_run, save_run
from crawler.replica.demo import _REPLICA_PORT, _replica_port

XXGK = Path(sys.executable).with_name("xxgk")
# The one real Harbin report at hand; it is not part of the project.
SEED = Path(__file__).parents[2] / "shared" / "seed-nangang-2022.txt"


def xxgk(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess:
    return subprocess.run([XXGK, *words], capture_output=True, text=True, check=False, cwd=cwd)


@pytest.mark.parametrize(
    "command", ["", "parse", "crawl", "build", "run", "serve", "status", "notify", "replica", "demo"]
)
def test_every_command_explains_itself(command):
    shown = xxgk(*filter(None, [command]), "--help")
    assert shown.returncode == 0, shown.stderr
    assert len(shown.stdout.splitlines()) > 5


def test_parse_prints_a_line_a_file_in_order_and_fails_when_one_cannot_be_read(tmp_path):
    report, empty = tmp_path / "a.html", tmp_path / "b.doc"
    report.write_text("<html><h1>南岗区教育局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p></html>", "utf-8")
    empty.write_bytes(b"")
    shown = xxgk("parse", empty, report, tmp_path / "none.txt")
    lines = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [Path(line["source"]["path"]).name for line in lines] == ["b.doc", "a.html", "none.txt"]
    assert [line["status"] for line in lines] == ["unreadable"] * 3
    assert all(line["error"] for line in lines)
    assert shown.returncode == 1
    assert shown.stderr == ""


@pytest.mark.skipif(not SEED.exists(), reason="the real report lies outside the project")
def test_the_real_report_is_read_with_every_cell_right():
    shown = xxgk("parse", SEED)
    assert shown.returncode == 0
    line = json.loads(shown.stdout)
    report = line["report"]
    assert (report["form"], report["year"], report["agency"]) == ("g4", 2022, "南岗区工业信息科技局")
    assert report["contact"]["postcode"] == "150001"
    assert report["contact"]["phone"] == "0451-86212151"
    assert report["period"] == ["2022-01-01", "2022-12-31"]
    assert [section["key"] for section in line["sections"] if section["key"] != "preamble"] == [
        "overview", "active_disclosure", "requests", "remedies", "problems", "other",
    ]  # fmt: skip
    assert len(line["cells"]) == 200
    assert {(cell["value"], cell["state"], cell["raw"]) for cell in line["cells"]} == {(0, "number", "0")}
    assert (line["status"], line["findings"], line["notes"]) == ("complete", [], [])


def test_build_without_captures_says_what_to_do(tmp_path):
    shown = xxgk("build", "--data", tmp_path / "data")
    assert shown.returncode == 1
    assert "xxgk crawl" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_status_of_an_empty_folder_is_calm(tmp_path):
    assert xxgk("status", "--data", tmp_path).returncode == 0
    found = json.loads(xxgk("status", "--data", tmp_path, "--json").stdout)
    assert found["archive"] is None


def test_a_run_that_another_holds_the_lock_of_leaves_at_once(tmp_path):
    with FileLock(tmp_path / "lock"):
        shown = xxgk("run", "--data", tmp_path)
    assert shown.returncode == 75
    assert "Another run" in shown.stderr


def test_a_run_without_a_portals_file_fails_in_words(tmp_path):
    shown = xxgk("run", "--data", tmp_path, "--portals", tmp_path / "none.toml")
    assert shown.returncode == 1
    assert "none.toml" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_a_run_that_was_killed_is_on_record_as_killed(tmp_path):
    runs = tmp_path / "runs"
    save_run(runs, {"id": "20260101T000000Z", "command": "crawl", "started_at": "x", "outcome": "running"})
    xxgk("run", "--data", tmp_path, "--portals", tmp_path / "none.toml")
    assert load_run(runs, "20260101T000000Z")["outcome"] == "killed"
    assert xxgk("status", "--data", tmp_path).returncode == 1


@pytest.fixture
def mute_portal(tmp_path):
    """A portal that takes connections and never answers: its portals file, and what waits until it was asked."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        host = f"127.0.0.1:{server.getsockname()[1]}"
        file = tmp_path / "portals.toml"
        file.write_text(
            f"""[crawl]
retries = 0
timeout_seconds = 3
[[portals]]
id = "mute"
name = "门户"
cms = "hanweb"
base_url = "http://{host}/"
hosts = ["{host}"]
replica = true
[[portals.columns]]
kind = "xxgk"
column = "11581"
name = "年报"
infotype = "02"
web_id = "2"
""",
            "utf-8",
        )
        taken = []
        yield file, lambda: taken.append(server.accept()[0])
        for connection in taken:
            connection.close()


def processes_with(*wanted: str | Path) -> list[int]:
    """The processes whose command line has all those words."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if {str(word).encode() for word in wanted} <= set(words):
            found.append(int(path.parent.name))
    return found


def start_run(data: Path, file: Path, asked) -> subprocess.Popen:
    command = [XXGK, "run", "--data", data, "--portals", file]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    asked()
    return running


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_told_to_stop_ends_its_crawler_first_and_builds_nothing(tmp_path, mute_portal, number):
    data = tmp_path / "data"
    file, asked = mute_portal
    running = start_run(data, file, asked)
    assert processes_with("crawl", data)
    running.send_signal(number)
    stdout, stderr = running.communicate(timeout=30)
    assert running.returncode == 1, stderr
    assert "stopped, so nothing was built" in stderr
    assert "archive.db" not in stdout
    assert "Traceback" not in stderr
    assert processes_with("crawl", data) == []
    (record,) = (data / "runs").glob("*.json")
    assert load_run(data / "runs", record.stem)["outcome"] == "killed"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_run_killed_outright_leaves_no_crawler_behind(tmp_path, mute_portal):
    data = tmp_path / "data"
    file, asked = mute_portal
    running = start_run(data, file, asked)
    (crawler,) = processes_with("crawl", data)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    until = time.monotonic() + 30
    while processes_with("crawl", data) and time.monotonic() < until:
        time.sleep(0.1)
    assert crawler not in processes_with("crawl", data)
    (record,) = (data / "runs").glob("*.json")
    assert load_run(data / "runs", record.stem)["outcome"] == "killed", "told, not run to its end"


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("child", ["crawl", "serve"])
def test_a_demo_told_to_stop_ends_all_it_started_even_where_a_script_has_ctrl_c_ignored(tmp_path, child):
    (tmp_path / "replica-port").write_text(str(free_port()))
    command = [XXGK, "demo", "--data", tmp_path, "--agencies", "2", "--years", "2023"]
    demo = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    until = time.monotonic() + 120
    while not processes_with(child, tmp_path) and time.monotonic() < until:
        time.sleep(0.05)
    assert processes_with(child, tmp_path)
    replica = ["replica", (tmp_path / "replica-port").read_text()]
    assert processes_with(*replica)
    demo.send_signal(signal.SIGTERM)
    _, stderr = demo.communicate(timeout=60)
    assert demo.returncode == 128 + signal.SIGTERM, stderr
    assert "Traceback" not in stderr
    assert processes_with(tmp_path) == processes_with(*replica) == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("torn", ["", "86", "86\x00", "99999"])
def test_a_torn_note_of_the_replicas_port_counts_as_none(tmp_path, torn):
    note = tmp_path / "replica-port"
    note.write_text(torn)
    port = _replica_port(note)
    assert note.read_text() == str(port)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken = probe.connect_ex(("127.0.0.1", _REPLICA_PORT)) == 0
    assert taken or port == _REPLICA_PORT


def test_a_taken_replica_port_stays_the_one_remembered(tmp_path):
    note = tmp_path / "replica-port"
    with socket.create_server(("127.0.0.1", 0)) as other:
        mine = other.getsockname()[1]
        note.write_text(str(mine))
        assert _replica_port(note) != mine
    assert note.read_text() == str(mine)
    assert _replica_port(note) == mine


@pytest.mark.parametrize(
    ("answered", "problems", "outcome", "status"),
    [
        ([True, True], [], "done", 0),
        ([True, True], ["robots"], "attention", EXIT_ATTENTION),
        ([True, False], ["host-down"], "attention", EXIT_ATTENTION),
        ([False, False], ["host-down"], "failed", 1),
        ([True, True], ["capture-failed"], "failed", 1),
        ([True, True], [], "killed", 1),
    ],
)
def test_what_a_crawl_means_for_the_run(answered, problems, outcome, status):
    record = {"outcome": outcome, "problems": [{"code": code} for code in problems]}
    assert exit_status(record, any(answered)) == status


def test_status_takes_a_run_without_its_lock_for_killed(tmp_path):
    save_run(tmp_path / "runs", {"id": "20260101T000000Z", "command": "crawl", "started_at": "x", "outcome": "running"})
    with FileLock(tmp_path / "lock"):
        shown = xxgk("status", "--data", tmp_path)
        assert (shown.returncode, "20260101T000000Z running" in shown.stdout) == (0, True)
    shown = xxgk("status", "--data", tmp_path)
    assert (shown.returncode, "20260101T000000Z killed" in shown.stdout) == (1, True)
    assert load_run(tmp_path / "runs", "20260101T000000Z")["outcome"] == "running", "status writes nothing"


def test_a_copied_clone_makes_its_own_environment(tmp_path):
    tools, clone = tmp_path / "bin", tmp_path / "clone"
    for folder in (tools, clone / "tools"):
        folder.mkdir(parents=True)
    uv = tools / "uv"
    uv.write_text(
        f'#!/bin/sh\n[ "$1" != venv ] || {{ mkdir -p .venv/bin; ln -s "{sys.executable}" .venv/bin/python; }}\n'
    )
    uv.chmod(0o755)
    shutil.copy(Path(__file__).parents[1] / "tools" / "environment.sh", clone / "tools")
    for name in ("requirements.lock", "pyproject.toml"):
        (clone / name).touch()
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "PYTHON": sys.executable}
    environment.pop("VENV", None)

    def made(folder: Path) -> bool:
        command = ["sh", folder / "tools" / "environment.sh"]
        shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return "Making the environment" in shown.stderr

    assert (made(clone), made(clone)) == (True, False)
    shutil.copytree(clone, tmp_path / "copy", symlinks=True)
    assert (made(tmp_path / "copy"), made(tmp_path / "copy"), made(clone)) == (True, False, False)
