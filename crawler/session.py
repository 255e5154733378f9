"""What the spiders of one run share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archive.captures import CaptureStore, CaptureWriter
from crawler.journal import Journal
from crawler.manners import Manners
from crawler.memory import Memory
from crawler.progress import Progress


@dataclass(slots=True)
class Session:
    """One run: where captures go, what is known from before, what is asked for.

    ``full`` asks again for reports that are known and unchanged; ``year`` limits the reports fetched to one year.
    """

    manners: Manners
    store: CaptureStore
    writer: CaptureWriter
    memory: Memory
    journal: Journal
    progress: Progress
    started_at: datetime
    full: bool = False
    year: int | None = None
