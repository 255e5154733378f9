"""A reader whose program hangs, for the sandbox's tests. Import it there only: it takes the place of bsdtar."""

from __future__ import annotations

from pathlib import Path

from archive.documents import programs

programs.unpacker = lambda: "/bin/sh"


def read(data: bytes, *, hints: dict | None = None) -> dict:
    """Start a program that starts another, and wait."""
    programs.run(["/bin/sh", "-c", "sleep 986 & sleep 986"], Path.cwd(), seconds=900)
    return {"status": "complete"}
