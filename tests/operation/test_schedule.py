"""Setting up the nightly run and taking it away again, with a crontab and a systemd that keep what they are given."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
OTHERS = "MAILTO=me@example.org\n0 1 * * * /usr/bin/backup\n"
CRONTAB = """#!/bin/sh
case $1 in
    -l) cat "$KEPT" 2>/dev/null || { echo no crontab >&2; exit 1; } ;;
    *) cp "$1" "$KEPT" ;;
esac
"""
SYSTEMCTL = '#!/bin/sh\nprintf "%s\\n" "$*" >>"$KEPT"\n'


@pytest.fixture
def place(tmp_path):
    """A clone at a place with awkward characters in its name, and a PATH with a crontab and a systemctl in front."""
    clone = tmp_path / "an archive's 100%"
    (clone / "tools").mkdir(parents=True)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("crontab", CRONTAB), ("systemctl", SYSTEMCTL)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    for script in ("cron.sh", "timer.sh"):
        shutil.copy(TOOLS / script, clone / "tools")
    (clone / ".venv/bin").mkdir(parents=True)
    xxgk = clone / ".venv/bin/xxgk"
    xxgk.write_text('#!/bin/sh\nprintf "%s\\n" "$PWD" "$@" >"$HOME/called"\n')
    xxgk.chmod(0o755)
    return clone


def call(place: Path, script: str, *words: str, **variables: str) -> subprocess.CompletedProcess:
    home = place.parent
    environment = {
        "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
        "HOME": str(home),
        "KEPT": str(home / "kept"),
        **variables,
    }
    return subprocess.run(
        [place / "tools" / script, *words], env=environment, capture_output=True, text=True, check=False
    )


def test_cron_gets_one_line_that_works_and_loses_it_again(place):
    kept = place.parent / "kept"
    kept.write_text(OTHERS)
    for _ in range(2):
        shown = call(place, "cron.sh", "install")
        assert shown.returncode == 0, shown.stderr
    lines = kept.read_text().removeprefix(OTHERS).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("17 3 * * *  ")
    # What cron does: an escaped percent sign is one, then sh runs the rest.
    command = lines[1].split(None, 5)[5].replace("\\%", "%")
    subprocess.run(["/bin/sh", "-c", command], env={"HOME": str(place.parent), "PATH": os.environ["PATH"]}, check=True)
    assert (place.parent / "called").read_text().splitlines() == [str(place), "run", "--data", "data/harbin"]
    assert call(place, "cron.sh", "remove").returncode == 0
    assert kept.read_text() == OTHERS


def test_two_clones_keep_a_line_each(place, tmp_path):
    second = tmp_path / "second"
    shutil.copytree(place, second)
    call(place, "cron.sh", "install")
    call(second, "cron.sh", "install", AT="1 4 * * 0", DATA=str(tmp_path / "elsewhere"))
    call(place, "cron.sh", "remove")
    kept = (tmp_path / "kept").read_text()
    assert kept.count("xxgk run") == 1
    assert "1 4 * * 0" in kept
    assert str(tmp_path / "elsewhere") in kept


def test_a_user_without_a_crontab_gets_one(place):
    assert call(place, "cron.sh", "install").returncode == 0
    assert "xxgk run" in (place.parent / "kept").read_text()


def test_the_timer_is_set_up_and_taken_away(place, tmp_path):
    shown = call(place, "timer.sh", "install")
    assert shown.returncode == 0, shown.stderr
    units = tmp_path / ".config/systemd/user"
    if shutil.which("systemd-analyze"):
        subprocess.run(["systemd-analyze", "verify", *units.iterdir()], check=True, capture_output=True)
    service = (units / "harbin-disclosure-archive.service").read_text()
    assert f'ExecStart=/usr/bin/env "{place}/.venv/bin/xxgk"'.replace("%", "%%") in service
    assert (tmp_path / "kept").read_text().splitlines()[-1].endswith("enable --now harbin-disclosure-archive.timer")
    assert call(place, "timer.sh", "remove").returncode == 0
    assert list(units.iterdir()) == []
