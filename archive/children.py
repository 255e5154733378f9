"""Commands run beside this one, which never outlive it."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

# From linux/prctl.h.
_PR_SET_PDEATHSIG = 1
# Held back while a child starts: one that came in between would leave a child nobody knows of.
_STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# Loaded here: between fork and exec a child should load nothing.
_PRCTL = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


class Stopped(SystemExit):
    """A signal told this process to stop. Not caught, it ends it with the status a shell gives: 128 and the number."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)


@contextlib.contextmanager
def stopped_by(*numbers: int) -> Iterator[None]:
    """Let the first of these signals raise Stopped inside the block, and later ones do nothing: the first is heeded.

    One that is ignored (nohup, a script's `&`) stays so.
    """
    before = {number: handler for number in numbers if (handler := signal.getsignal(number)) != signal.SIG_IGN}

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, lambda *_: None)  # not SIG_IGN, which children would inherit
        raise Stopped(number)

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def child(command: list[str], *, patience: float, **options: Any) -> Iterator[subprocess.Popen]:
    """Run a command beside this one (``options`` are those of Popen), and end it when the block ends.

    It is told by SIGTERM, and killed when it has not ended ``patience`` seconds later. Ctrl-C does not reach it by
    itself, so that it is told once; and where this process is killed, Linux tells it.
    """
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    process = None
    try:
        prepare = functools.partial(_die_with_parent, os.getpid(), mask)
        process = subprocess.Popen(command, process_group=0, preexec_fn=prepare, **options)  # noqa: S603
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        yield process
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if process:
            _end(process, patience)


def _die_with_parent(parent: int, mask: set[signal.Signals]) -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    if _PRCTL:
        _PRCTL(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before it could be watched
            os._exit(1)


def _end(process: subprocess.Popen, patience: float) -> None:
    process.terminate()
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
