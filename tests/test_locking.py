"""The lock of a data folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archive.captures import CaptureStore
from archive.locking import EXIT_BUSY, BusyError, hold, is_held

XXGK = Path(sys.executable).with_name("xxgk")


def test_one_holds_it_at_a_time(tmp_path):
    assert not is_held(tmp_path)
    with hold(tmp_path / "data"):
        assert is_held(tmp_path / "data")
        with pytest.raises(BusyError, match=r"Another run holds .*lock; nothing was done\."), hold(tmp_path / "data"):
            pass
    assert not is_held(tmp_path / "data")
    with hold(tmp_path / "data"):
        pass


def test_it_is_given_back_when_the_command_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), hold(tmp_path):
        raise ZeroDivisionError
    assert not is_held(tmp_path)


@pytest.mark.parametrize("command", ["build", "run", "crawl"])
def test_no_command_writes_while_another_does(tmp_path, command):
    CaptureStore(tmp_path / "captures").close()
    being_written = tmp_path / "captures" / "20260101T000000Z-00001.warc.gz.open"
    being_written.write_bytes(b"")
    with hold(tmp_path):
        shown = subprocess.run([XXGK, command, "--data", tmp_path], capture_output=True, text=True, check=False)
    assert (shown.returncode, shown.stdout) == (EXIT_BUSY, "")
    assert shown.stderr == f"Another run holds {tmp_path / 'lock'}; nothing was done.\n"
    assert being_written.exists()
