"""Files that hang, eat memory, crash or reach out: each gives a reason, and those beside them are read."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive import kernel
from archive.database.build import build
from archive.sandbox import pool as sandbox
from archive.sandbox.pool import Limits, Sandbox, SandboxError, Task
from tests.database.test_build import Portal, rows
from tests.database.test_build import report as page
from tests.documents.test_docx import report as docx
from tests.forms import paper
from tests.sandbox import hostile
from tests.sandbox.hostile import running

READER = "tests.sandbox.hostile:read"
TIGHT = Limits(seconds=8, cpu_seconds=1, memory=600_000_000)

BAD = {
    "loop": "处理器超过 1 秒",
    "sleep": "超过 8 秒",
    "eat": "内存超过 600 MB",
    "graze": "内存超过 600 MB",
    "crash": "SIGSEGV",
    "exit": "退出码 7",
    "raise": "ZeroDivisionError",
    "panic": "BaseException",
    "recurse": "RecursionError",
    "connect": "访问网络",
    "resolve": "访问网络",
    "write": "改动文件系统",
    "remove": "改动文件系统",
    "run": "启动其他程序",
}


def test_each_bad_file_gives_its_reason_and_the_others_are_read():
    words = [word for bad in BAD for word in (bad, f"fine after-{bad}")]
    started = time.monotonic()
    with Sandbox(2, reader=READER, limits=TIGHT) as box:
        lines = list(box.read_all(Task(word.encode(), {"title": word}) for word in words))
    assert time.monotonic() - started < 40
    for word, line in zip(words, lines, strict=True):
        if word in BAD:
            assert (line["status"], line["source"]["bytes"]) == ("unreadable", len(word))
            assert BAD[word] in line["error"], word
        else:
            assert (line["status"], line["said"], line["hints"]) == ("complete", word.split(), {"title": word})
    assert not hostile.OUTSIDE.exists()


@pytest.mark.parametrize("word", ["write-natively", "connect-natively"])
def test_what_native_code_may_not_the_kernel_refuses(word, tmp_path):
    if not _kernel_confines(tmp_path):
        pytest.skip("this kernel offers neither Landlock nor seccomp to unprivileged processes")
    with Sandbox(reader=READER) as box:
        assert "refused by the kernel" in box.read(word.encode())["error"]
    assert not hostile.OUTSIDE.exists()


def test_other_files_of_this_machine_cannot_be_read(tmp_path):
    if not _kernel_confines(tmp_path):
        pytest.skip("this kernel does not offer Landlock to unprivileged processes")
    secret = tmp_path / "secret"
    secret.write_text("x")
    with Sandbox(reader=READER) as box:
        assert "PermissionError" in box.read(f"peek {secret}".encode())["error"]
        assert "PermissionError" in box.read(f"peek /proc/{os.getpid()}/environ".encode())["error"]


def test_a_program_at_work_is_ended_with_the_process_that_called_it():
    limits = Limits(seconds=1, cpu_seconds=10, memory=1_500_000_000)
    with Sandbox(reader="tests.sandbox.hanging:read", limits=limits) as box:
        assert "超过 1 秒" in box.read(b"x")["error"]
    assert not running("sleep 986")


def test_processes_end_when_the_one_that_started_them_is_killed():
    code = (
        "from archive.sandbox.pool import Sandbox\n"
        f"box = Sandbox(reader={READER!r})\nbox.read(b'fine')\nprint(box._workers[0].process.pid, flush=True)\ninput()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True) as parent:
        worker = parent.stdout.readline().strip()
        parent.kill()
    deadline = time.monotonic() + 5
    while Path("/proc", worker).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path("/proc", worker).exists()


def _kernel_confines(folder: Path) -> bool:
    """Ask in a process that ends with it."""
    from multiprocessing import get_context

    with get_context("fork").Pool(1) as pool:
        return all(pool.apply(_confined, (folder,)))


def _confined(folder: Path) -> tuple[bool, bool]:
    return kernel.confine_files([*kernel.SYSTEM], [folder]), kernel.forbid_network()


def test_a_process_has_a_folder_to_scratch_in_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Sandbox(reader=READER) as box:
        assert box.read(b"scratch")["status"] == "complete"
        assert list(tmp_path.iterdir())
        assert box.read(b"crash")["status"] == "unreadable"
    assert list(tmp_path.iterdir()) == []


def test_processes_are_kept_for_the_next_file_and_replaced_in_time(monkeypatch):
    monkeypatch.setattr(sandbox, "_FILES_A_PROCESS", 3)
    started = []
    monkeypatch.setattr(sandbox.subprocess, "Popen", _counting(sandbox.subprocess.Popen, started))
    with Sandbox(reader=READER) as box:
        assert all(line["status"] == "complete" for line in box.read_all([Task(b"fine")] * 7))
    assert len(started) == 3


def test_a_file_that_fails_in_a_used_process_is_tried_in_a_fresh_one(monkeypatch):
    started = []
    monkeypatch.setattr(sandbox.subprocess, "Popen", _counting(sandbox.subprocess.Popen, started))
    with Sandbox(reader=READER) as box:
        statuses = [line["status"] for line in box.read_all([Task(b"fine"), Task(b"crash"), Task(b"fine")])]
    assert statuses == ["complete", "unreadable", "complete"]
    assert len(started) == 3


def _counting(popen, started):
    def start(*arguments, **options):
        started.append(arguments)
        return popen(*arguments, **options)

    return start


def test_a_sandbox_that_cannot_start_says_so_and_blames_no_document():
    with Sandbox(reader="tests.documents.nowhere:read") as box, pytest.raises(SandboxError, match="nowhere"):
        box.read(b"fine")


def test_a_file_larger_than_any_report_is_not_handed_over(monkeypatch):
    monkeypatch.setattr(sandbox, "_MOST_BYTES", 10)
    with Sandbox(reader=READER) as box:
        lines = list(box.read_all([Task(b"fine"), Task(b"fine" * 10), Task(b"fine")]))
    assert [line["status"] for line in lines] == ["complete", "unreadable", "complete"]
    assert "太大" in lines[1]["error"]


def test_real_readers_work_within_the_sandbox():
    values = dict(zip(paper.keys(), map(str, range(200)), strict=True))
    with Sandbox(2) as box:
        lines = list(box.read_all([Task(page(values)), Task(docx(values, paper.Noise(random.Random(1)))), Task(b"")]))
    assert [line["status"] for line in lines] == ["complete", "complete", "unreadable"]
    assert [len(line["cells"]) for line in lines] == [200, 200, 0]
    assert "空" in lines[2]["error"]


def test_a_build_goes_on_past_a_document_that_brings_its_reader_down(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "READER", "tests.sandbox.test_pool:_read_or_crash")
    portal = Portal(tmp_path)
    bad = "http://x.localhost/bad"
    portal.serves(*((f"http://x.localhost/{year}", page(year=str(year)), {}) for year in (2021, 2022)))
    portal.serves((bad, "<html>政府信息公开 crash</html>".encode(), {}), ("http://x.localhost/2023", page(), {}))
    db = portal.build(jobs=2)
    assert rows(db, "SELECT year, status FROM reports ORDER BY year") == [
        (2021, "complete"),
        (2022, "complete"),
        (2023, "complete"),
    ]
    outcome, reason = rows(db, f"SELECT outcome, reason FROM captures WHERE url = '{bad}'")[0]
    assert outcome == "unreadable"
    assert "SIGSEGV" in reason
    started = []
    monkeypatch.setattr(sandbox.subprocess, "Popen", _counting(sandbox.subprocess.Popen, started))
    build(tmp_path)
    assert started == []  # what is known to fail is not tried again


def _read_or_crash(data: bytes, *, hints: dict | None = None) -> dict:
    from archive.reading import read_bytes

    if b"crash" in data:
        hostile.read(b"crash")
    return read_bytes(data, hints=hints)
