"""Articles: what stands under one address of one site, and how it is listed there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from urllib.parse import quote

from crawler.replica.draw import digest, hex32
from crawler.replica.report import Report
from crawler.replica.sites import Site

LEGACY, CURRENT = "legacy", "current"

# Where the sequence of current articles stood on a day, from addresses seen. One sequence for the whole platform.
_SEQUENCE = (
    (date(2022, 12, 1), 570_000),
    (date(2023, 1, 18), 591_175),
    (date(2023, 9, 15), 925_848),
    (date(2024, 1, 25), 962_623),
    (date(2024, 8, 27), 1_006_872),
    (date(2025, 6, 15), 1_065_500),
    (date(2026, 7, 15), 1_136_076),
)
# Articles carried over from the legacy sites got numbers in this range, in no order of time.
_IMPORTED = (140_000, 360_000)
_LEGACY_IDS = (200_000, 1_290_000)


@dataclass
class Article:
    """One address.

    ``system`` legacy | current; ``section`` the column number or channel code in the address; ``listed_in`` the columns
    or channels that list it. ``kind``: report | other | gone (404) | error (an error page with status 200) | away (the
    list links to ``target`` itself) | redirect (this address sends to ``target``). ``published`` is the date shown
    here, which may differ from the report's own after an import. ``target`` may hold ``{port}``.
    """

    site: Site
    system: str
    section: str
    id: int
    kind: str
    title: str
    published: datetime
    listed_in: tuple[str, ...]
    publisher: str
    report: Report | None = None
    text: tuple[str, ...] = ()
    target: str = ""
    imported: bool = False
    area: str = ""

    @property
    def host(self) -> str:
        """The host it is served under, without port."""
        return self.site.legacy.host if self.system == LEGACY else self.site.current.host

    @property
    def path(self) -> str:
        """Its path in the grammar of its content system."""
        day = self.published
        if self.system == LEGACY:
            return f"/art/{day.year}/{day.month}/{day.day}/art_{self.section}_{self.id}.html"
        return f"/{self.site.current.site}/{self.section}/{day:%Y%m}/c01_{self.id}.shtml"

    def url(self, port: int) -> str:
        """Its address, or for an article that only links elsewhere the address it links to."""
        if self.kind == "away":
            return self.target.format(port=port)
        return f"http://{self.host}:{port}{self.path}"

    @property
    def shown(self) -> bool:
        """Whether it is listed: withdrawn reports are not."""
        return self.report is None or not self.report.withdrawn

    @property
    def modified(self) -> datetime:
        """When the page was last changed."""
        if self.report is None:
            return self.published
        return self.published + (self.report.modified - self.report.published)

    @property
    def file_name(self) -> str:
        """The name of its attachment: 32 hex digits, or on some current pages the title."""
        if self.system == CURRENT and self.id % 3 == 0 and self.report:
            return self.report.file_name
        kind = self.report.file_kind if self.report else "docx"
        return f"{hex32('file', self.host, self.id)}.{kind}"

    @property
    def file_id(self) -> int:
        """The number down.jsp knows its attachment by: the article's own, or another."""
        return self.id if self.id % 4 == 1 else self.id - 951

    @property
    def file_path(self) -> str:
        """The path (with query on legacy sites) of its attachment."""
        if self.system == CURRENT:
            folder = self.path.rsplit("/", 1)[0]
            return f"{folder}/{self.id}/files/{quote(self.file_name)}"
        if self.id % 2:
            return f"/module/download/down.jsp?i_ID={self.file_id}&colID={self.section}"
        name = quote(self.report.file_name) if self.report else ""
        return f"/module/download/downfile.jsp?classid=0&filename={self.file_name}&showname={name}"


class Numbers:
    """Hands out article numbers: what a thing is called decides its number, unless that is taken."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, int]] = set()

    def current(self, day: date, *purpose: object) -> int:
        """Return the number of an article published on ``day``: in order of time, give or take a day."""
        return self._take("current", _in_sequence(day) + digest(*purpose) % 900)

    def imported(self, *purpose: object) -> int:
        """Return the number of an article carried over: low, in no order."""
        return self._take("current", _within(_IMPORTED, *purpose))

    def legacy(self, host: str, *purpose: object) -> int:
        """Return the number of a legacy article; each host counts for itself."""
        return self._take(host, _within(_LEGACY_IDS, *purpose))

    def _take(self, sequence: str, number: int) -> int:
        while (sequence, number) in self._taken:
            number += 1
        self._taken.add((sequence, number))
        return number


def _within(span: tuple[int, int], *purpose: object) -> int:
    return span[0] + digest(*purpose) % (span[1] - span[0])


def _in_sequence(day: date) -> int:
    for (first, low), (last, high) in pairwise(_SEQUENCE):
        if day < last:
            return low + (high - low) * (day - first).days // (last - first).days
    last, high = _SEQUENCE[-1]
    return high + 180 * (day - last).days
