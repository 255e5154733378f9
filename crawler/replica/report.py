"""A report of the replica: what it says, before any page or file is made of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from archive.agencies.registry import Agency
from crawler.replica.form import CellKey, Form, form_of

BEIJING = timezone(timedelta(hours=8))

CONTACT_FIELDS = ("address", "postcode", "phone", "url", "email")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: ``key``, ``heading`` as printed ("" for the preamble) and its paragraphs."""

    key: str
    heading: str
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A number a sentence states, as the agreed JSON has it: ``raw`` its words, ``sentence`` the whole as printed."""

    key: str
    value: int
    unit: str
    time: str
    approximate: bool
    section: str
    sentence: str
    raw: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How a report is laid out on its page.

    ``paste`` clean | word | wps | breaks (what made the markup); ``requests`` official | hangzhou | seed,
    ``disclosure`` one | four | shifted, ``statistics`` plain | spanned | indented (shapes of tables 3 and 2 and of the
    statistics table);
    ``noise`` names of `layouts.labels`; ``caption`` outside | inside (where the headings of sections 2-4 stand);
    ``unclosed`` leaves out </td> and </tr>; ``twice`` prints a hidden copy for small screens; ``two_lines`` breaks the
    title; ``repeat`` prints it again in the body.
    """

    paste: str = "clean"
    requests: str = "official"
    disclosure: str = "one"
    statistics: str = "plain"
    noise: tuple[str, ...] = ()
    caption: str = "outside"
    unclosed: bool = False
    twice: bool = False
    two_lines: bool = False
    repeat: bool = False


@dataclass
class Report:
    """One report. ``cells`` holds what each cell of the form shows, ``findings`` and the truth are worked out from it.

    ``says`` holds the numbers of the tables its sentences state, before any fault was planted in the cells;
    ``statements`` all that is stated, None where the sentences were not written down with what they state (since 2019).
    ``period`` is None where no sentence names it. ``attachment`` is whether a file of ``file_kind`` (see
    `layouts.attached`) hangs on its pages, ``only_in_file`` whether the tables stand nowhere else.
    ``title`` may hold spaces; ``title_agency`` is the name in it. ``published`` is when the body first published it
    (Beijing time). ``address``, where given, is the address as printed; ``contact`` holds it without white space.
    """

    agency: Agency
    year: int
    title: str
    title_agency: str
    published: datetime
    period: tuple[date, date] | None
    contact: dict[str, str | None]
    sections: tuple[Section, ...]
    cells: dict[CellKey, str]
    layout: Layout
    says: dict[str, int] = field(default_factory=dict)
    attachment: bool = False
    file_kind: str = "docx"
    only_in_file: bool = False
    statements: tuple[Statement, ...] | None = None
    planted: list[str] = field(default_factory=list)
    fault: str | None = None
    withdrawn: bool = False
    revision: int = 0

    @property
    def id(self) -> str:
        """The permanent id, e.g. ``nangangqu-gongyexinxikejiju-2022``."""
        return f"{self.agency.id}-{self.year}"

    @property
    def form(self) -> Form:
        """The form it follows."""
        return form_of(self.year)

    @property
    def title_lines(self) -> tuple[str, ...]:
        """The title as printed: one line, or two broken after the agency."""
        head, rest = self.title[: len(self.title_agency)], self.title[len(self.title_agency) :]
        if self.layout.two_lines and head == self.title_agency:
            return head, rest.strip()
        return (self.title,)

    @property
    def file_name(self) -> str:
        """What its attachment is called on its pages."""
        return f"{''.join(self.title.split())}.{self.file_kind}"

    @property
    def modified(self) -> datetime:
        """When the page was last changed: its publication, and an hour later for each change since."""
        return self.published + timedelta(hours=self.revision)

    def section(self, key: str) -> Section:
        """Return a section. Raises KeyError when the report has none of that key."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(f"{self.id} has no section {key!r}; it has {[section.key for section in self.sections]}")


_SPACE = re.compile(r"[\s\u3000]+")
_NOT_APPLICABLE = ("/", "-", "—", "无")
# Sums of money that name their unit are in columns counted in 元.
_MONEY = {"万元": 10_000, "元": 1}


def read_back(raw: str) -> tuple[int | float | None, str]:
    """Return (value, state) of what a cell shows, by the agreement: blank is not zero, / and - are not applicable.

    A sum of money that names its unit (251000元, 25.1万元) is given in 元.
    """
    text = _SPACE.sub("", unicodedata.normalize("NFKC", raw))
    if not text:
        return None, "blank"
    if text in _NOT_APPLICABLE:
        return None, "not_applicable"
    unit = next((unit for unit in _MONEY if text.endswith(unit)), "")
    number = text.removesuffix(unit).replace(",", "")
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", number):
        return None, "text"
    exact = Decimal(number) * _MONEY.get(unit, 1)
    return (int(exact) if exact == exact.to_integral_value() else float(exact)), "number"
