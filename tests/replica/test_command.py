"""`xxgk replica` as a person or `make run` starts it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request

import pytest
from click.testing import CliRunner

from crawler.replica.command import replica

SMALL = ("--agencies", "3", "--years", "2022")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_one_address_serves_and_ends_cleanly(ending, tmp_path):
    truth = tmp_path / "truth.jsonl"
    command = [sys.executable, "-m", "archive", "replica", "--port", "0", *SMALL, "--truth", str(truth)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().strip()
        with urllib.request.urlopen(address) as answer:
            assert answer.status == 200
        assert len(truth.read_text("utf-8").splitlines()) == 3
        process.send_signal(ending)
        out, err = process.communicate(timeout=10)
    finally:
        process.kill()
    assert process.returncode == 0
    assert out == ""
    assert f"xxgk crawl --portals {address}portals.toml" in err
    assert "Traceback" not in err


def test_a_port_in_use_is_an_error_that_says_what_to_do():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = CliRunner().invoke(replica, ["--port", str(taken.getsockname()[1]), *SMALL])
    assert result.exit_code == 1
    assert "choose another with --port" in result.output


def test_files_can_be_written_without_serving(tmp_path):
    truth, portals = tmp_path / "truth.jsonl", tmp_path / "portals.toml"
    arguments = ["--no-serve", "--port", "9000", *SMALL, "--truth", str(truth), "--portals-out", str(portals)]
    assert CliRunner().invoke(replica, arguments).exit_code == 0
    lines = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    assert all(":9000/" in line["url"] for line in lines)
    assert tomllib.loads(portals.read_text("utf-8"))["portals"][0]["base_url"].endswith(":9000/")
    assert CliRunner().invoke(replica, ["--no-serve", "--port", "0"]).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--years", "2007-2022"], "begin with 2008"),
        (["--years", "2030"], "end with 2027"),
        (["--years", "then"], "no list of years"),
        (["--years", "2025-2021"], "runs backwards"),
        (["--faults", "gremlins"], "known: damaged-page"),
        (["--agencies", "99999"], "the registry has only"),
        (["--agencies", "1", "--years", "2022", "--faults", "all"], "more agencies or years"),
    ],
)
def test_wrong_arguments_are_told_apart(arguments, message):
    result = CliRunner().invoke(replica, arguments)
    assert result.exit_code in (1, 2)
    assert message in " ".join(result.output.split())


def test_help_names_every_fault():
    output = CliRunner().invoke(replica, ["--help"]).output
    for name in ("damaged-page", "unknown-form", "listing-markup", "other-city"):
        assert name in output


def test_years_may_be_a_list(tmp_path):
    truth = tmp_path / "truth.jsonl"
    arguments = ["--no-serve", "--agencies", "2", "--years", "2021,2023-2024", "--truth", str(truth)]
    assert CliRunner().invoke(replica, arguments).exit_code == 0
    years = {json.loads(line)["report"]["year"] for line in truth.read_text("utf-8").splitlines()}
    assert years == {2021, 2023, 2024}
