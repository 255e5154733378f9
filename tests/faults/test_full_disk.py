"""A disk that is full in the middle of a crawl, and of a build: a file system of its own, of a few megabytes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.captures import CaptureStore
from archive.runs import load_runs
from archive.verify import verify
from tests.crawler.running import crawl
from tests.crawler.small_portal import SmallPortal, hanweb_entry, portals_file, report_page, row, serve_hanweb

XXGK = Path(sys.executable).with_name("xxgk")
REPORTS = 12


def mount(folder: Path, *options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", folder]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path):
    """A folder on a file system of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount(folder, "size=2m"):
        pytest.skip("this user may not mount a file system")
    yield folder
    subprocess.run(["umount", "-l", folder], check=False)


@pytest.fixture
def portals(tmp_path):
    """A portal of a few reports, with pictures that no compression makes smaller."""
    portal = SmallPortal()
    rows = [row(number) for number in range(REPORTS)]
    serve_hanweb(portal, rows)
    for number, (title, link, _) in enumerate(rows):
        portal.pages["/" + link] = report_page(f"{title}<a href='/attach/0/{number}.pdf'>附件</a>")
        portal.pages[f"/attach/0/{number}.pdf"] = b"%PDF-1.4\n" + os.urandom(300_000)
    yield portals_file(tmp_path, hanweb_entry(portal))
    portal.close()


def build(data: Path) -> subprocess.CompletedProcess:
    command = [XXGK, "build", "--data", data, "--jobs", "1"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def free(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def leave_room(disk: Path, kilobytes: int) -> None:
    found = os.statvfs(disk)
    used = (found.f_blocks - found.f_bfree) * found.f_frsize
    assert mount(disk, "remount", f"size={used // 1024 + kilobytes}k")


def assert_failed_in_words(done: subprocess.CompletedProcess) -> None:
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "disk" in done.stderr or "No space" in done.stderr


def captured(data: Path) -> int:
    store = CaptureStore(data / "captures")
    with contextlib.closing(store):
        return sum(1 for _ in store.index.all())


def test_a_disk_full_in_mid_crawl_ends_the_run_with_a_word_and_tears_nothing(disk, portals):
    data = disk / "data"
    full = crawl(data, portals)
    assert (full.exit_code, full.record["outcome"]) == (1, "failed")
    assert [problem["code"] for problem in full.record["problems"]] == ["disk-full"]
    assert "Traceback" not in full.stderr
    assert verify(data).sound, verify(data).describe()
    had = captured(data)
    assert 0 < had < 2 * REPORTS
    assert [run["outcome"] for run in load_runs(data / "runs")] == ["failed"]
    assert mount(disk, "remount", "size=32m")
    after = crawl(data, portals)
    assert (after.exit_code, after.record["outcome"]) == (0, "done")
    assert full.record["new"] + after.record["new"] == REPORTS
    assert verify(data).sound


def test_a_disk_with_less_room_than_asked_for_is_left_as_it_is(disk, portals):
    data = disk / "data"
    file = portals.with_name("more.toml")
    file.write_text(portals.read_text("utf-8").replace("min_free_mb = 0", "min_free_mb = 1"), "utf-8")
    done = crawl(data, file)
    assert [problem["code"] for problem in done.record["problems"]] == ["disk-full"]
    assert free(disk) > 500_000, "it stopped near the line, not at the end of the disk"
    assert verify(data).sound


def test_a_disk_full_in_mid_build_leaves_the_archive_before_it(disk, portals):
    data = disk / "data"
    assert mount(disk, "remount", "size=64m")
    assert crawl(data, portals).exit_code == 0
    leave_room(disk, 64)
    assert_failed_in_words(build(data))
    assert not (data / "archive.db").exists()
    assert mount(disk, "remount", "size=64m")
    assert build(data).returncode == 0
    before = (data / "archive.db").resolve()
    content = before.read_bytes()
    leave_room(disk, 64)
    assert_failed_in_words(build(data))
    assert (data / "archive.db").resolve() == before
    assert before.read_bytes() == content
    assert [path.name for path in (data / "builds").iterdir()] == [before.name]
    assert mount(disk, "remount", "size=64m")
    assert build(data).returncode == 0
    assert (data / "archive.db").resolve() != before
