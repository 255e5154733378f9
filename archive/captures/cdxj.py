"""The CDXJ index beside each WARC file: what replay tools of the field (pywb, ReplayWeb.page) look addresses up in."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from pathlib import Path

from cdxj_indexer.main import CDXJIndexer
from warcio.exceptions import ArchiveLoadFailed

from archive.captures.walk import DamageError

# Not ours: metadata records hold what the crawler knew, and would come up as pages of the same address.
_RECORDS = "response,revisit,resource"
_SUFFIX = ".cdxj"


def write_cdxj(folder: Path) -> list[Path]:
    """Write the index of each finished WARC file in ``folder`` that has none yet, and return all of them in order.

    A finished file never changes; an index older than its file (one restored from elsewhere) is made again. Raises
    DamageError.
    """
    indexes = []
    for warc in sorted(folder.glob("*.warc.gz")):
        path = warc.with_name(warc.name + _SUFFIX)
        if not path.exists() or path.stat().st_mtime_ns < warc.stat().st_mtime_ns:
            waiting = path.with_name(path.name + ".next")
            waiting.write_text(cdxj_of(warc), encoding="utf-8")
            waiting.replace(path)
        indexes.append(path)
    return indexes


def cdxj_of(warc: Path) -> str:
    """Return the CDXJ lines of a WARC file, sorted as replay tools expect. Raises DamageError."""
    out = io.StringIO()
    # With post_append a POST request's form is part of its key, so that pages of a listing are told apart.
    try:
        CDXJIndexer(out, [str(warc)], sort=True, post_append=True, records=_RECORDS).process_all()
    except (ArchiveLoadFailed, zlib.error, EOFError, ValueError) as error:
        raise DamageError(0, f"{warc.name} cannot be read through ({error}); `xxgk verify` says more") from error
    return out.getvalue()


def merged(indexes: Iterable[Path]) -> list[str]:
    """Return the lines of several indexes in order; about 400 bytes a capture."""
    return sorted(line for path in indexes for line in path.read_text("utf-8").splitlines(keepends=True))
