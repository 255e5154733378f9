"""What a whole run leaves behind when nobody watches."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from http.server import HTTPServer
from pathlib import Path

from archive.runs import load_runs
from tests.operation.test_notices import _Hook, served

XXGK = Path(sys.executable).with_name("xxgk")
# Port 9, discard: nothing listens on loopback.
PORTALS = """[crawl]
retries = 0
[[portals]]
id = "closed"
name = "门户"
cms = "hanweb"
base_url = "http://127.0.0.1:9/"
hosts = ["127.0.0.1:9"]
replica = true
[[portals.columns]]
kind = "xxgk"
column = "11581"
"""


def test_a_run_that_fails_leaves_a_log_tells_the_operator_once_and_sweeps_old_logs(tmp_path):
    data = tmp_path / "data"
    (data / "logs").mkdir(parents=True)
    old, young = data / "logs" / "20250101T000000Z.log", data / "logs" / "20260101T000000Z.log"
    for log in (old, young):
        log.touch()
    os.utime(old, (time.time() - 31 * 86400,) * 2)
    (tmp_path / "portals.toml").write_text(PORTALS, "utf-8")
    with served(HTTPServer(("127.0.0.1", 0), _Hook)) as server:
        server.status = 200
        (data / "config.toml").write_text(
            f'[logs]\ndays = 30\n[notify.webhook]\nurl = "http://127.0.0.1:{server.server_address[1]}/"\n'
        )
        command = [XXGK, "run", "--data", data, "--portals", tmp_path / "portals.toml"]
        shown = [subprocess.run(command, capture_output=True, text=True, check=False) for _ in range(2)]
        told = [body["outcome"] for _, _, body in server.messages]
        tried = subprocess.run([XXGK, "notify", "--data", data], capture_output=True, text=True, check=False)
        assert (tried.returncode, len(server.messages)) == (0, 2), tried.stderr
    assert [each.returncode for each in shown] == [1, 1], shown[0].stderr
    assert told == ["failed"]
    first, second = load_runs(data / "runs")
    assert first["notified"]
    assert "notified" not in second
    assert not old.exists()
    assert young.exists()
    log = (data / "logs" / f"{first['id']}.log").read_text("utf-8")
    assert "ended with status 1" in log
    assert "INFO" not in shown[0].stderr


def test_a_mistake_in_the_settings_stops_a_run_before_it_begins(tmp_path):
    (tmp_path / "config.toml").write_text("[notfy]\n")
    shown = subprocess.run([XXGK, "run", "--data", tmp_path], capture_output=True, text=True, check=False)
    assert shown.returncode == 1
    assert "notfy" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert load_runs(tmp_path / "runs") == []
    status = subprocess.run([XXGK, "status", "--data", tmp_path, "--json"], capture_output=True, text=True, check=False)
    assert json.loads(status.stdout)["runs"] == []
