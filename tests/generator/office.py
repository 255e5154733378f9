"""Reports that LibreOffice makes of DOCX: legacy Word, OpenDocument, RTF and PDF; many at one start of the program."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from archive.documents import programs

SUFFIXES = {"doc": "doc:MS Word 97", "odt": "odt", "rtf": "rtf", "office-pdf": "pdf"}


def available() -> bool:
    """Whether this machine has LibreOffice."""
    return programs.office() is not None


def convert(files: Sequence[bytes], kind: str) -> list[bytes]:
    """Turn DOCX files into files of one of ``SUFFIXES``, in order."""
    target = SUFFIXES[kind]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        names = [f"{number:04}" for number in range(len(files))]
        for name, data in zip(names, files, strict=True):
            (folder / f"{name}.docx").write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [programs.office(), profile, "--headless", "--convert-to", target, "--outdir", str(folder)]
        sources = [str(folder / f"{name}.docx") for name in names]
        subprocess.run([*command, *sources], check=True, capture_output=True, timeout=60 + 5 * len(files))
        suffix = target.split(":")[0]
        return [(folder / f"{name}.{suffix}").read_bytes() for name in names]
