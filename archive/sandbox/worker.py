"""The process in which files are read: ``python -m archive.sandbox.worker FD FOLDER READER``.

Started by `archive.sandbox.pool` and talked to over the socket FD. It takes a JSON line about the file, then the
file, and answers with a JSON object: ``line`` (what the reader gave) or ``failed`` (what stopped it, in Chinese) with,
for a fault of ours, its ``traceback``. READER is ``module:function``, called as ``archive.reading.read_bytes`` is.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

from archive.sandbox.confinement import ForbiddenError, confine


def main(arguments: list[str]) -> int:
    """Read files until the other side hangs up, or one takes all memory: then end, for a fresh process to go on."""
    number, folder, reader = arguments
    connection = Connection(int(number))
    module, function = reader.split(":")
    read = getattr(importlib.import_module(module), function)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what a reader has started is ended with it
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    confine(Path(folder))
    # A document is thousands of objects that are needed until it is read: looking through them for garbage every 700,
    # as is the default, only takes time. What is loaded now stays, and is not looked through at all.
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    connection.send_bytes(b"{}")
    while True:
        _set_limit(resource.RLIMIT_AS, None)
        _set_limit(resource.RLIMIT_CPU, None)
        try:
            about = json.loads(connection.recv_bytes())
            data = connection.recv_bytes()
        except EOFError:
            return 0
        spent = resource.getrusage(resource.RUSAGE_SELF)
        _set_limit(resource.RLIMIT_AS, about["memory"])
        # The kernel counts from the process's start.
        _set_limit(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime) + 1 + about["cpu_seconds"])
        answer, go_on = _answer(read, data, about["hints"])
        del data
        connection.send_bytes(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
        if not go_on:
            return 0


def _answer(read, data: bytes, hints: dict | None) -> tuple[dict, bool]:
    """Return the answer, and whether this process is still good for more."""
    try:
        return {"line": read(data, hints=hints)}, True
    except ForbiddenError as error:
        return {"failed": str(error)}, True
    except MemoryError:
        return {"failed": "memory"}, False
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # also what native libraries raise when they panic
        fault = f"读取程序出错（{type(error).__name__}: {str(error)[:200]}）：原件已存档，请报告此问题"
        return {"failed": fault, "traceback": traceback.format_exc()}, True


def _set_limit(limit: int, value: int | None) -> None:
    """Set a soft limit, never above the hard one; None is as much as that allows."""
    most = resource.getrlimit(limit)[1]
    if value is None or (most != resource.RLIM_INFINITY and value > most):
        value = most
    resource.setrlimit(limit, (value, most))


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # What native libraries do when they are taken down in order is of no use here, and has crashed.
    os._exit(code)
