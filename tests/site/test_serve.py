"""`xxgk serve`: one address on stdout when it is ready, clear words when it cannot be."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.site.server import SiteError, address_of, listen
from tests.site import sample


@contextmanager
def serving(data, *options: str, python_path: str = ""):
    """Run the command; gives its process and the address it printed."""
    environment = {**os.environ, "PYTHONPATH": f"{python_path}{os.pathsep}{Path.cwd()}"} if python_path else None
    command = [sys.executable, "-m", "archive", "serve", "--data", str(data), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        ready, _, _ = select.select([process.stdout], [], [], 60)
        assert ready, "the server said nothing within a minute"
        yield process, process.stdout.readline().strip()
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


def test_the_address_is_printed_when_it_answers_and_nothing_else(archive):
    with serving(archive) as (process, address):
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address) as answer:
            assert "哈尔滨政府信息公开年报档案" in answer.read().decode()
        with urllib.request.urlopen(f"{address}reports/{sample.MAIN}") as answer:
            assert f'href="{address}reports/{sample.MAIN}"' in answer.read().decode()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (out, err) == ("", "")
    assert process.returncode == 0


def test_a_search_for_ten_thousand_characters_is_answered(archive):
    with serving(archive, "--public") as (_, address):
        answer = urllib.request.urlopen(f"{address}search?q={quote('公' * 10_000)}")
        assert answer.status == 200
        assert "没有一处同时含有" in answer.read().decode()


def test_without_an_archive_it_says_which_command_makes_one(tmp_path):
    command = [sys.executable, "-m", "archive", "serve", "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "xxgk build" in done.stderr and "Traceback" not in done.stderr


def test_a_port_in_use_is_said_to_be(archive):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SiteError, match=f"port {port} on 127.0.0.1 is in use"):
            listen("127.0.0.1", port)


def test_a_host_that_is_not_this_machines_is_said_to_be():
    with pytest.raises(SiteError, match="no address of this machine"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")])
def test_the_address_printed_can_be_opened(host, shown):
    with listen(host, 0) as listening:
        assert address_of(listening) == f"http://{shown}:{listening.getsockname()[1]}/"
