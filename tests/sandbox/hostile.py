"""A reader for the sandbox's tests that does what the document tells it to."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

OUTSIDE = Path(__file__).with_name("written-by-a-document")


def read(data: bytes, *, hints: dict | None = None) -> dict:
    """Do what ``data`` says and give a line."""
    words = data.decode().split()
    {
        "loop": _loop,
        "sleep": lambda: time.sleep(1000),
        "eat": lambda: bytearray(10**12),
        "graze": _graze,
        "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
        "exit": lambda: os._exit(7),
        "raise": lambda: 1 / 0,
        "panic": _panic,
        "recurse": _recurse,
        "connect": lambda: socket.create_connection(("127.0.0.1", 9), 1),
        "resolve": lambda: socket.getaddrinfo("localhost", 80),
        "write": lambda: OUTSIDE.write_text("x"),
        "remove": lambda: Path(__file__).unlink(),
        "run": lambda: subprocess.run(["/bin/true"], check=False),
        "write-natively": lambda: _natively("fopen"),
        "connect-natively": lambda: _natively("socket"),
        "peek": lambda: Path(words[1]).read_bytes(),
        "scratch": _scratch,
        "fine": lambda: None,
    }[words[0]]()
    return {"status": "complete", "said": words, "hints": hints}


def _loop() -> None:
    while True:
        pass


def _graze() -> None:
    eaten = []
    while True:
        eaten.append(b"x" * 1_000_000)


def _recurse() -> None:
    _recurse()


def _panic() -> None:
    raise BaseException("what a native library raises")


def _natively(call: str) -> None:
    """Go behind Python's back, as a library in C would."""
    libc = ctypes.CDLL(None)
    libc.fopen.restype = ctypes.c_void_p
    refused = (
        libc.fopen(os.fsencode(OUTSIDE), b"w") is None
        if call == "fopen"
        else libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0) < 0
    )
    if refused:
        raise PermissionError("refused by the kernel")


def _scratch() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a").write_text("x")
        Path(folder, "a").rename(Path(folder, "b"))


def running(command: str) -> bool:
    """Whether a process of this machine was started as ``command``."""
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if line.read_bytes().replace(b"\0", b" ").strip() == command.encode():
                return True
    return False
