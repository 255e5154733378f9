"""Reads strangers' files in processes of their own, each with a limit of time and memory.

A file that hangs, eats memory or brings its reader down costs one process, which is replaced; it gives an
``unreadable`` line with the reason, and the files beside it are read. The processes are long-lived, so that the many
harmless files cost little more than being handed over.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path

from archive.documents import kind

logger = logging.getLogger(__name__)

READER = "archive.reading:read_bytes"

# A process starts in half a second; on a machine under heavy load in some.
_START_SECONDS = 60
# Asked to end, a process has this long to end what it has started itself.
_END_SECONDS = 2
# Libraries leak and memory frays: a process is replaced after this many files, which costs a millisecond a file.
_FILES_A_PROCESS = 500
# The largest file handed to a reader, in bytes: above any scan a portal takes, and four copies still fit the memory.
_MOST_BYTES = 300_000_000
# The longest answer, in bytes: a thousand times that of a long report.
_MOST_ANSWER = 200_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take: seconds by the clock, seconds of processor time, bytes of address space."""

    seconds: int
    cpu_seconds: int
    memory: int


# Reports of these kinds are read in well under a second and 200 MB (the largest seen: 4 s); LibreOffice, at work for
# up to a minute beside it, has limits of its own (`archive.documents.office`).
PLAIN = Limits(seconds=150, cpu_seconds=60, memory=1_500_000_000)
# Scans go through OCR at 3 s of processor a page, on a busy machine 10 s by the clock, and up to 40 pages of a file are
# recognised (`archive.documents.ocr`); its models and the stacks of its threads take address space, not memory.
SCANS = Limits(seconds=600, cpu_seconds=600, memory=4_000_000_000)


# What shows that a file of these kinds holds pictures, which may be of tables; others that can, do not show it.
_PICTURED = {kind.HTML: b"data:image/", kind.DOCX: b"word/media/"}
_MAY_HOLD_PICTURES = {kind.PDF, kind.ZIP, kind.RAR, kind.DOC, kind.WPS, kind.RTF, kind.ODT, kind.WORD_XML}


def limits_for(data: bytes) -> Limits:
    """Return what reading a file may take."""
    media_type = kind.media_type(data)
    mark = _PICTURED.get(media_type)
    pictured = mark in data if mark else media_type.startswith("image/") or media_type in _MAY_HOLD_PICTURES
    return SCANS if pictured else PLAIN


class SandboxError(RuntimeError):
    """No process to read in could be started. That is the machine's fault, not a document's."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read, and what was said of it where it was found."""

    data: bytes
    hints: Mapping[str, str | None] | None = None


def _unreadable(data: bytes, error: str) -> dict:
    # All the readers come with it: they are the other processes' to load, and this one's only where a file fails.
    from archive.reading import unreadable

    return unreadable(data, error)


class Sandbox:
    """A pool of processes to read files in; a context manager that ends them.

    ``reader`` names the function that reads, as ``module:function`` with the arguments and the result of
    `archive.reading.read_bytes`, which it is by default; ``limits`` overrides those of each kind.
    """

    def __init__(self, processes: int = 1, *, reader: str | None = None, limits: Limits | None = None) -> None:
        self._most = max(processes, 1)
        self._reader = reader or READER
        self._limits = limits
        self._workers: list[_Worker] = []

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def read(self, data: bytes, hints: Mapping[str, str | None] | None = None) -> dict:
        """Read one file; see `read_all`."""
        return next(self.read_all([Task(data, hints)]))

    def read_all(self, tasks: Iterable[Task]) -> Iterator[dict]:
        """Read files and give their lines in the order of ``tasks``, which is gone through as processes fall free.

        Raises SandboxError when no process can be started, and nothing else: what stops a file is in its line.
        """
        coming = enumerate(tasks)
        again: list[tuple[int, Task]] = []
        done: dict[int, dict] = {}
        following = 0
        try:
            while True:
                exhausted = self._hand_out(coming, again, done)
                if exhausted and not again and not any(worker.job for worker in self._workers):
                    break
                self._collect(again, done)
                while following in done:
                    yield done.pop(following)
                    following += 1
            while following in done:
                yield done.pop(following)
                following += 1
        finally:
            for worker in [worker for worker in self._workers if worker.job]:
                self._drop(worker)  # the caller has lost interest, or we have failed

    def _hand_out(self, coming: Iterator[tuple[int, Task]], again: list[tuple[int, Task]], done: dict) -> bool:
        """Give every free process a file. Returns whether there are no more in ``coming``."""
        while sum(worker.job is not None for worker in self._workers) < self._most:
            index, task = again.pop() if again else next(coming, (-1, None))
            if task is None:
                return True
            if len(task.data) > _MOST_BYTES:
                size = f"{len(task.data) // 1_000_000} MB"
                done[index] = _unreadable(task.data, f"文件太大（{size}），未读取：原件已存档，请人工打开核对")
                continue
            limits = self._limits or limits_for(task.data)
            worker = next((worker for worker in self._workers if worker.job is None), None) or self._start()
            worker.give(index, task, limits)
        return False

    def _start(self) -> _Worker:
        self._workers.append(_Worker(self._reader))
        return self._workers[-1]

    def _collect(self, again: list[tuple[int, Task]], done: dict[int, dict]) -> None:
        """Wait until a process has answered, died or overrun its time, and note what became of its file."""
        busy = [worker for worker in self._workers if worker.job]
        if not busy:
            return
        patience = min(worker.deadline for worker in busy) - time.monotonic()
        ready = set(wait([worker.connection for worker in busy], max(patience, 0)))
        for worker in busy:
            index, task = worker.job
            if worker.connection in ready and not worker.started:
                worker.greet()
                continue
            if worker.connection in ready:
                answer = worker.take()
            elif time.monotonic() >= worker.deadline:
                if not worker.started:
                    worker.greet()
                answer = {"failed": f"读取用时超过 {worker.limits.seconds} 秒，已中止：请人工打开核对", "spent": True}
            else:
                continue
            if answer.get("spent") or worker.served >= _FILES_A_PROCESS:
                self._drop(worker)
            if answer.get("retry") and worker.served > 1:
                again.append((index, task))  # perhaps the files before it had used the process up
            elif "line" in answer:
                done[index] = answer["line"]
            else:
                if trace := answer.get("traceback"):
                    logger.error("a reader failed:\n%s", trace)
                done[index] = _unreadable(task.data, answer["failed"])

    def _drop(self, worker: _Worker) -> None:
        worker.end()
        self._workers.remove(worker)


class _Worker:
    """One process, its connection, and the file it is at."""

    def __init__(self, reader: str) -> None:
        self.job: tuple[int, Task] | None = None
        self.limits = PLAIN
        self.deadline = 0.0
        self.started = False
        self.served = 0
        self.folder = Path(tempfile.mkdtemp(prefix="xxgk-"))
        self.connection, theirs = Pipe()
        # The modules' places are handed down, so that it runs the same code as this process.
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": os.pathsep.join(str(Path(place).absolute()) for place in sys.path),
            "LANG": "C.UTF-8",
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
        }
        with theirs, (self.folder / "errors").open("wb") as errors:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", f"{__package__}.worker", str(theirs.fileno()), str(self.folder), reader],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def give(self, index: int, task: Task, limits: Limits) -> None:
        """Hand it a file. One that has died since shows when its answer is taken."""
        self.job, self.limits = (index, task), limits
        self.served += 1
        self.deadline = time.monotonic() + (limits.seconds if self.started else _START_SECONDS)
        about = {"hints": task.hints, "memory": limits.memory, "cpu_seconds": limits.cpu_seconds}
        with suppress(OSError):
            self.connection.send_bytes(json.dumps(about).encode())
            self.connection.send_bytes(task.data)

    def greet(self) -> None:
        """Take its first message, that it can read; raises SandboxError, with what it said, when none has come."""
        try:
            if not self.connection.poll():
                raise EOFError
            self.connection.recv_bytes()
        except (EOFError, OSError) as error:
            said = (self.folder / "errors").read_text("utf-8", "replace")[-2000:]
            raise SandboxError(f"the process that reads documents does not start: {said or 'no answer'}") from error
        self.started = True
        self.deadline = time.monotonic() + self.limits.seconds

    def take(self) -> dict:
        """Take its answer; with ``spent`` when it is of no more use, ``retry`` when the file may not be to blame."""
        try:
            answer = json.loads(self.connection.recv_bytes(_MOST_ANSWER))
        except (EOFError, OSError, ValueError):
            cause, retry = self._cause_of_death()
            return {"failed": cause, "spent": True, "retry": retry}
        self.job = None
        if answer.get("failed") == "memory":
            size = f"{self.limits.memory // 1_000_000} MB"
            return {"failed": f"读取所需内存超过 {size}，已中止：请人工打开核对", "spent": True, "retry": True}
        return answer

    def _cause_of_death(self) -> tuple[str, bool]:
        """Return why it ended, and whether that may be for what it had read before."""
        try:
            status = self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return "读取进程没有给出可用的结果，已中止：请人工打开核对", False
        if status == -signal.SIGXCPU:
            return f"读取占用处理器超过 {self.limits.cpu_seconds} 秒，已中止：请人工打开核对", False
        if status == -signal.SIGKILL:
            return "读取进程被系统终止，多半因内存不足：请人工打开核对", True
        name = signal.Signals(-status).name if status < 0 else f"退出码 {status}"
        return f"读取进程崩溃（{name}），文件可能已损坏：请人工打开核对", True

    def end(self) -> None:
        """End it and what it has started, and remove its folder."""
        self.connection.close()
        if self.job:  # idle, it ends by itself when the connection closes
            self.process.terminate()
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
