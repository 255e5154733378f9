"""What the Linux kernel can forbid a process for good: the network, and files outside given folders.

Both take effect on the calling process and everything it starts, need no privilege, and cannot be taken back. A kernel
that lacks one is no error: each function returns whether it is in force.
"""

from __future__ import annotations

import ctypes
import os
import platform
import socket
import stat
import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

# Programs, libraries, fonts and settings of the system; not homes, data or what other processes show of themselves.
SYSTEM = tuple(
    Path(place)
    for place in (
        "/usr", "/bin", "/lib", "/lib64", "/opt", "/etc", "/dev", "/sys/devices/system",
        "/var/lib", "/var/cache/fontconfig", "/var/spool/libreoffice",
        "/proc/filesystems", "/proc/mounts", "/proc/meminfo", "/proc/cpuinfo", "/proc/version",
    )
)  # fmt: skip

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _SECCOMP_MODE_FILTER = 22, 38, 2

# struct sock_filter opcodes (linux/bpf_common.h): load a word, jump if equal, jump if any bit, return.
_LOAD, _IF_EQUAL, _IF_BITS, _RETURN = 0x20, 0x15, 0x45, 0x06
# Where struct seccomp_data holds the system call's number, the architecture and the first argument (little endian).
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # SECCOMP_RET_ERRNO with EACCES
# AUDIT_ARCH_* and the number of socket(2) there; io_uring_setup(2), which could open sockets too, is 425 on both.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_IO_URING_SETUP, _X32 = 425, 0x40000000

# landlock(7): the system calls have these numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF, _RULE_PATH_BENEATH, _ASK_VERSION = 444, 445, 446, 1, 1
# LANDLOCK_ACCESS_FS_*: execute, write file, read file, read folder, remove folder and file, make anything; then refer,
# truncate and ioctl, each since a later version.
_READ = 1 << 0 | 1 << 2 | 1 << 3
_SOCKETS = 1 << 9 | 1 << 5
_ACCESS_SINCE = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
_ON_FILES = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
_NETWORK_SINCE, _BIND_AND_CONNECT = 4, 0b11
_SCOPES_SINCE, _ABSTRACT_SOCKETS_AND_SIGNALS = 6, 0b11


@cache
def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if platform.system() == "Linux" else None


def forbid_network() -> bool:
    """Refuse every socket but those between processes of this machine."""
    libc, machine = _libc(), _MACHINES.get(platform.machine())
    if libc is None or machine is None:
        return False
    architecture, number = machine
    # Jumps count from the next line: the last line but one refuses, the last allows.
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 0, 6, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_BITS, 4, 0, _X32),
        (_IF_EQUAL, 3, 0, _IO_URING_SETUP),
        (_IF_EQUAL, 0, 3, number),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_IF_EQUAL, 1, 0, socket.AF_UNIX),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    program = struct.pack("@HP", len(lines), ctypes.addressof(code))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.create_string_buffer(program), 0, 0) == 0


def confine_files(readable: Iterable[Path], writable: Iterable[Path], sockets: Iterable[Path] = ()) -> bool:
    """Refuse every file but those beneath the given paths.

    What is ``writable`` may be read too. In folders of ``sockets`` nothing may be read or written, but local sockets
    made and files removed.
    """
    libc = _libc()
    version = libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION) if libc else -1
    if version < 1:
        return False
    everything = sum(access for since, access in _ACCESS_SINCE if version >= since)
    words = [everything]
    words += [_BIND_AND_CONNECT] if version >= _NETWORK_SINCE else []
    words += [_ABSTRACT_SOCKETS_AND_SIGNALS] if version >= _SCOPES_SINCE else []
    attributes = struct.pack(f"={len(words)}Q", *words)
    rules = libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if rules < 0:
        return False
    try:
        for path in readable:
            _allow(libc, rules, path, _READ & everything)
        for path in writable:
            _allow(libc, rules, path, everything)
        for path in sockets:
            _allow(libc, rules, path, _SOCKETS & everything)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            return False
        return libc.syscall(_RESTRICT_SELF, rules, 0) == 0
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: Path, access: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there: nothing to allow
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            access &= _ON_FILES
        libc.syscall(_ADD_RULE, rules, _RULE_PATH_BENEATH, struct.pack("=Qi", access, place), 0)
    finally:
        os.close(place)
