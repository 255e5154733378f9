"""The lock of a data folder: one command at a time writes to it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click
from filelock import FileLock, Timeout

# Another run holds the lock: EX_TEMPFAIL of sysexits.h, what flock -E is commonly told to use.
EXIT_BUSY = 75


class BusyError(click.ClickException):
    """Another run holds the lock of the data folder: ends a command with the status EXIT_BUSY."""

    exit_code = EXIT_BUSY

    def __init__(self, data: Path) -> None:
        super().__init__(f"Another run holds {data / 'lock'}; nothing was done.")

    def show(self, file: object = None) -> None:
        """Say it on stderr, without the word Error: it is none."""
        click.echo(self.message, err=True)


@contextlib.contextmanager
def hold(data: Path) -> Iterator[None]:
    """Hold the lock of a data folder, which is made if need be. Raises BusyError at once when another run holds it."""
    data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BusyError(data) from None
    try:
        yield
    finally:
        lock.release()


def is_held(data: Path) -> bool:
    """Whether a run holds the lock. Where the lock cannot be tried for want of permission, it counts as held."""
    if not (data / "lock").exists():
        return False
    try:
        with hold(data):
            return False
    except (BusyError, OSError):
        return True
