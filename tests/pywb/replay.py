"""Starts pywb on a folder of captures and asks it for pages, as a person looking at the archive years from now would."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from archive.captures import Capture
from archive.captures.cdxj import merged, write_cdxj

WAYBACK = Path(".venv-pywb/bin/wayback").absolute()
# What a test that needs it says when it is left out.
MISSING = "pywb is not here: tools/pywb.sh makes its environment in .venv-pywb"
_START = 60  # seconds

_CONFIG = """
collections:
  captures:
    index_paths: {index}
    archive_paths: {folder}/
enable_auto_colls: false
"""


@dataclass
class Replay:
    """A running pywb."""

    client: httpx.Client

    def get(self, capture: Capture) -> httpx.Response:
        """Return the capture as pywb serves it at its address and second, without its own additions."""
        time = "".join(letter for letter in capture.fetched_at if letter.isdigit())
        return self.client.get(f"/captures/{time}id_/{capture.url}")


@contextlib.contextmanager
def replay(captures: Path) -> Iterator[Replay]:
    """Run pywb on the WARC files in a folder for the while."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "index.cdxj").write_text("".join(merged(write_cdxj(captures))), "utf-8")
        config = _CONFIG.format(index=home / "index.cdxj", folder=captures.absolute())
        (home / "config.yaml").write_text(config, "utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [WAYBACK, "-b", "127.0.0.1", "-p", str(port), "-t", "4", "--directory", home]
        with (home / "log").open("w") as log, subprocess.Popen(command, cwd=home, stdout=log, stderr=log) as server:
            try:
                with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
                    _wait_for(client, server, home / "log")
                    yield Replay(client)
            finally:
                server.terminate()


def _wait_for(client: httpx.Client, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            client.get("/")
            return
        time.sleep(0.1)
    raise AssertionError(f"pywb did not start:\n{log.read_text('utf-8')}")
