"""A process that reads strangers' files gives up what reading does not need: network, other files, other programs.

Two layers. Python's audit hooks refuse with a reason one can report, on any system. The kernel, where it can
(`archive.kernel`), refuses what native libraries do behind Python's back.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from archive import kernel
from archive.documents import programs

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Audit events that change files, each with the places of the paths among its arguments.
_CHANGES = {
    "os.chmod": (0,), "os.chown": (0,), "os.link": (0, 1), "os.mkdir": (0,), "os.remove": (0,), "os.rename": (0, 1),
    "os.rmdir": (0,), "os.setxattr": (0,), "os.symlink": (1,), "os.truncate": (0,), "os.utime": (0,),
    "sqlite3.connect": (0,),
}  # fmt: skip
_STARTS = ("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn")
# `os.devnull` is where the output of a program started from here goes.
_ALWAYS_WRITABLE = (os.devnull,)


class ForbiddenError(PermissionError):
    """Reading a file led to something no document has business with; the message says what, in Chinese."""


def confine(folder: Path) -> None:
    """Confine this process for good: no network, writing only in ``folder``, no program but the known ones."""
    sys.dont_write_bytecode = True
    readable = {*kernel.SYSTEM, Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[1], Path("/proc/self")}
    # The interpreter's own searches: where modules lie that a reader imports when it first needs them.
    readable |= {Path(place) for place in sys.path if place.endswith((".zip", "-packages", "lib-dynload"))}
    kernel.confine_files(readable, [folder, *map(Path, _ALWAYS_WRITABLE)], programs.SOCKETS)
    kernel.forbid_network()
    sys.addaudithook(_hook(folder))


def _hook(folder: Path):
    inside = os.path.join(os.path.realpath(folder), "")  # noqa: PTH118
    known = {programs.office(), programs.unpacker()} - {None}

    def refuse_writing(path: object) -> None:
        if isinstance(path, int):
            return  # opened before, and allowed then
        place = os.path.realpath(os.fsdecode(path))
        if not place.startswith(inside) and place + os.sep != inside and place not in _ALWAYS_WRITABLE:
            raise ForbiddenError("读取此文件时试图改动文件系统，已拒绝：文件可疑，请人工核对")

    def hook(event: str, arguments: tuple) -> None:
        if event == "open":
            path, _, flags = arguments
            if flags & _WRITES:
                refuse_writing(path)
        elif event.startswith("socket.") and event != "socket.gethostname":
            raise ForbiddenError("读取此文件时试图访问网络，已拒绝：文件可疑，请人工核对")
        elif event in _CHANGES:
            for place in _CHANGES[event]:
                refuse_writing(arguments[place])
        elif event in _STARTS or (event == "subprocess.Popen" and arguments[0] not in known):
            raise ForbiddenError("读取此文件时试图启动其他程序，已拒绝：文件可疑，请人工核对")

    return hook
