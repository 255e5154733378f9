"""The folder of captures: its files, its index, and how it is mended."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from warcio.exceptions import ArchiveLoadFailed

from archive.captures.exchange import Capture
from archive.captures.index import CaptureIndex
from archive.captures.reading import OPEN, StoredResponse, as_revisit, read_captures, read_record, warc_path
from archive.captures.tail import whole_length
from archive.captures.writing import ROTATE_AT, CaptureWriter

logger = logging.getLogger(__name__)


class CaptureStore:
    """The folder of captures: ``*.warc.gz`` files and ``index.db``."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.index = CaptureIndex(self.folder / "index.db")

    def writer(
        self,
        *,
        run_id: str,
        software: str,
        description: dict[str, str] | None = None,
        rotate_at: int = ROTATE_AT,
    ) -> CaptureWriter:
        """Return the writer of one run, after mending what an interrupted one left.

        ``description`` goes into the warcinfo record. Files appear at the first write; a new one is begun when one has
        ``rotate_at`` bytes.
        """
        self.repair()
        return CaptureWriter(self.folder, self.index, run_id, {"software": software, **(description or {})}, rotate_at)

    def read(self, warc_file: str, warc_offset: int) -> StoredResponse:
        """Read the response record at that place; see `read_record`."""
        return read_record(self.folder, warc_file, warc_offset)

    def response(self, capture: Capture) -> StoredResponse:
        """Read the bytes a capture stands for: its own, or for a revisit those served before."""
        holder = capture if capture.new else self.index.get(capture.body_id)
        if holder is None:
            raise ValueError(f"capture {capture.id} refers to {capture.body_id}, which the index does not know")
        stored = self.read(holder.warc_file, holder.warc_offset)
        return StoredResponse(
            capture.url, stored.status, stored.headers, stored.body, capture.fetched_at, capture.facts
        )

    def path(self, warc_file: str) -> Path:
        """Return where a WARC file lies; see `warc_path`."""
        return warc_path(self.folder, warc_file)

    def warc_files(self) -> list[Path]:
        """Return the WARC files in the order they were begun."""
        return sorted([*self.folder.glob("*.warc.gz"), *self.folder.glob("*.warc.gz" + OPEN)])

    def repair(self) -> None:
        """Mend what a killed writer left: cut a torn last record, index what was not, close the file.

        Also makes the index again for files it does not know, so deleting ``index.db`` loses nothing.
        """
        for path in self.folder.glob("*.warc.gz" + OPEN):
            good = whole_length(path)
            lost = path.stat().st_size - good
            if lost:
                logger.warning("cut a torn record of %d bytes off %s, left by an interrupted run", lost, path.name)
                os.truncate(path, good)
            name = path.name.removesuffix(OPEN)
            self.index.forget_from(name, good)
            if good:
                path.rename(self.folder / name)
            else:
                path.unlink()
        for path in sorted(self.folder.glob("*.warc.gz")):
            # In the order of the runs: a revisit is indexed after what it refers to. A power cut can take the index's
            # last entries with it; what the index has seen of a file tells.
            if self.index.size_of(path.name) != path.stat().st_size:
                self._index_file(path.name)

    def _index_file(self, name: str) -> None:
        path = self.folder / name
        if not path.exists():
            return
        known = self.index.places(name)
        added = 0
        try:
            for capture in read_captures(path):
                if capture.warc_offset not in known:
                    self.index.add(self._as_before(capture))
                    added += 1
        except (ArchiveLoadFailed, ValueError) as error:
            logger.error("%s is damaged after %d captures and has to be restored from a backup: %s", name, added, error)
            return
        self.index.set_size(name, path.stat().st_size)
        if added:
            logger.info("indexed %d captures of %s", added, name)

    def _as_before(self, capture: Capture) -> Capture:
        """Give a revisit what its record does not repeat, from the capture that holds the bytes."""
        holder = None if capture.new else self.index.get(capture.body_id)
        return capture if holder is None else as_revisit(capture, holder)

    def close(self) -> None:
        """Close the index."""
        self.index.close()
