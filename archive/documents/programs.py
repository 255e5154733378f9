"""Optional programs of the system that some kinds of file need, and how they are run: confined and for so long."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from archive import kernel

# Address space and size of a file it may write, in bytes: LibreOffice starts within 1.2 GB, no report fills the rest.
_MOST_MEMORY = 3_000_000_000
_MOST_WRITTEN = 200_000_000
# LibreOffice will not start without a local socket here, and offers no setting for another place.
SOCKETS = (Path("/tmp"),)  # noqa: S108


def office() -> str | None:
    """Return the path of LibreOffice, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def unpacker() -> str | None:
    """Return the path of bsdtar, which reads RAR, or None where it is not installed."""
    return shutil.which("bsdtar")


def run(command: Sequence[str], folder: Path, *, seconds: int, sockets: Iterable[Path] = (), given: bytes = b"") -> int:
    """Run a program on files in ``folder`` and return its exit status.

    It reads ``given`` from its standard input, sees that folder, which is its home too, and the system, has no network
    and is ended with all it started. Raises subprocess.TimeoutExpired when it takes longer than ``seconds``.
    """
    readable = [*kernel.SYSTEM, Path(command[0]).resolve().parent.parent]

    def confine() -> None:
        for limit, value in (
            (resource.RLIMIT_AS, _MOST_MEMORY),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_FSIZE, _MOST_WRITTEN),
        ):
            resource.setrlimit(limit, (value, resource.getrlimit(limit)[1]))
        kernel.confine_files(readable, [folder, Path(os.devnull)], sockets)
        kernel.forbid_network()

    process = subprocess.Popen(  # noqa: S603
        command,
        cwd=folder,
        env={"PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=confine,
    )
    try:
        process.communicate(given, seconds)
        return process.returncode
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
