"""What a report says of itself: title, agency, year, period and the office to ask."""

from __future__ import annotations

import itertools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from archive.documents.characters import simplified
from archive.documents.dates import iso_date
from archive.documents.model import Document
from archive.documents.spaces import squeeze
from archive.forms.headings import is_heading

CONTACT_FIELDS = ("address", "postcode", "phone", "url", "email")
# Titles stand within the first few lines, in one to three of them.
_TITLE_LINES = 6
_TITLE_PARTS = 3
# So far from the top they may stand, below lines that say when and where the page was published. In paragraphs.
_HEAD = 15
_LONGEST_TITLE_LINE = 80
# A line that says something of the page: 来源：……, 登录 | 注册, 首页 > 政务公开.
_OF_THE_PAGE = re.compile(r"[:：|｜>》]")
# A body's name broken over two lines breaks after a place, or before one of these that are no body by themselves.
_PLACE = re.compile(r"[省市州盟县区旗]$")
_OFFICES = re.compile(r"(?:人民政府)?(?:办公室|办公厅)")
# The name of a column, put before a title in brackets.
_COLUMN = re.compile(r"^[【\[][^【】\[\]]{1,12}[】\]]")
# A range of days shorter than this is no period of report: it is when something was shown or open. In days.
_SHORTEST_PERIOD = 300


@dataclass(frozen=True, slots=True)
class Title:
    """A report's title without white space, the agency it names, in simplified characters (may be empty), its year."""

    text: str
    agency: str
    year: int


@dataclass(frozen=True, slots=True)
class _Patterns:
    titles: tuple[re.Pattern[str], ...]
    not_titles: tuple[str, ...]
    not_beside_agency: tuple[str, ...]
    citing: tuple[str, ...]
    periods: tuple[re.Pattern[str], ...]
    other_periods: tuple[re.Pattern[str], ...]
    agencies: tuple[re.Pattern[str], ...]
    years: tuple[re.Pattern[str], ...]
    published: tuple[re.Pattern[str], ...]
    contact: dict[str, tuple[re.Pattern[str], ...]]
    contact_signs: dict[str, list[str]]


@cache
def _patterns() -> _Patterns:
    data = tomllib.loads((files(__package__) / "report.toml").read_text("utf-8"))
    lists = ("titles", "periods", "other_periods", "agencies", "years", "published")
    many = {name: tuple(map(re.compile, data[name])) for name in lists}
    contact = {
        name: tuple(re.compile(text, re.IGNORECASE) for text in texts) for name, texts in data["contact"].items()
    }
    return _Patterns(
        **many,
        not_titles=tuple(data["not_titles"]),
        not_beside_agency=tuple(data["not_beside_agency"]),
        citing=tuple(data["citing"]),
        contact=contact,
        contact_signs=data["contact_signs"],
    )


def read_title(text: str) -> Title | None:
    """Read a line as the title of an annual report; None when it is none.

    The words decide (report.toml): a year, 政府信息公开 and 报告 or 年报, and no word of another kind of document.
    """
    line = _COLUMN.sub("", _plain(text))
    if any(word in line for word in _patterns().not_titles):
        return None
    for pattern in _patterns().titles:
        found = pattern.match(line)
        if found:
            rest = line[: found.start("agency")] + line[found.end("agency") :]
            if any(word in rest for word in _patterns().not_beside_agency) or found["agency"].startswith(
                _patterns().citing
            ):
                return None
            # 海关 ends in a character of 关于: only the whole word goes.
            agency = found["agency"].strip("·•*").removeprefix("关于").strip("的")
            return Title(_printed(text), agency, int(found["year"]))
    return None


def find_title(document: Document) -> Title | None:
    """Return the title of the report a document is, or None when none can be found.

    Candidates: what the page calls its title, and the first lines of the text, alone and joined (titles are broken
    over lines, and repeated). The first that is a title at all gives the year; where it names no agency, one of the
    same year that does is taken: one that holds its very words, else the next.
    """
    found = [title for title in map(read_title, _title_lines(document)) if title]
    if not found or found[0].agency:
        return next(iter(found), None)
    first = _plain(found[0].text)
    same_year = [title for title in found if title.agency and title.year == found[0].year]
    fuller = (title for title in same_year if first in _plain(title.text))
    return next(fuller, next(iter(same_year), found[0]))


def title_span(document: Document, title: Title) -> int:
    """Return how many of the first paragraphs only repeat the title, with what stands above it."""
    folded = _plain(title.text)
    lines = [_plain(paragraph.text) for paragraph in document.paragraphs[:_HEAD]]
    # Of lines above the title, one that begins a part of the report or says much is the report's own.
    above = itertools.takewhile(lambda line: not is_heading(line) and len(line) <= _LONGEST_TITLE_LINE, lines)
    count = max((place for place, line in enumerate(above, 1) if folded in line), default=0)
    for line in lines[count:_TITLE_LINES]:
        if not line or line in folded or (read_title(line) and len(line) <= len(folded) + 12):
            count += 1
        else:
            break
    return count


def find_agency(text: str) -> str | None:
    """Return the agency a report's opening names, for titles that name none."""
    line = _plain(text)
    found = next(filter(None, (pattern.search(line) for pattern in _patterns().agencies)), None)
    return found["agency"] if found else None


def find_year(text: str) -> int | None:
    """Return the year whose work or report a report's opening speaks of, None where it speaks of several or none."""
    line = _plain(text)
    years = {int(found["year"]) for pattern in _patterns().years for found in pattern.finditer(line)}
    return years.pop() if len(years) == 1 else None


def find_published(document: Document) -> str | None:
    """Return the day (ISO) the lines above a report say it was published on, for pages that say it nowhere else."""
    lines = (_plain(paragraph.text) for paragraph in document.paragraphs[:_HEAD])
    for line in itertools.takewhile(lambda line: not is_heading(line), lines):
        if len(line) <= _LONGEST_TITLE_LINE:
            found = next(filter(None, (pattern.search(line) for pattern in _patterns().published)), None)
            if found:
                return iso_date(found["value"])
    return None


def find_period(text: str) -> tuple[date, date] | None:
    """Return the first and last day of the period reported on, or None when none is stated.

    Days no calendar has are none, nor is the period of the year before or, unless it is called the period, one much
    shorter than a year.
    """
    line = _plain(text)
    for pattern in _patterns().periods:
        for found in pattern.finditer(line):
            if any(other.search(line, 0, found.start()) for other in _patterns().other_periods):
                continue
            try:
                first = date(int(found["y1"]), int(found["m1"]), int(found["d1"]))
                last = date(int(found["y2"] or first.year), int(found["m2"]), int(found["d2"]))
            except ValueError:
                continue
            if "named" in found.groupdict() or (last - first).days >= _SHORTEST_PERIOD:
                return first, last
    return None


def find_contact(texts: Sequence[str]) -> dict[str, str | None]:
    """Return the office to ask: `CONTACT_FIELDS`, each from the first text that states it, None when none does."""
    contact: dict[str, str | None] = dict.fromkeys(CONTACT_FIELDS)
    for line in (squeeze(unicodedata.normalize("NFKC", line)) for text in texts for line in text.split("\n")):
        plain = simplified(line)
        lowered = plain.lower()
        for name, patterns in _patterns().contact.items():
            if contact[name] is None and any(sign in lowered for sign in _patterns().contact_signs[name]):
                found = next(filter(None, (pattern.search(plain) for pattern in patterns)), None)
                contact[name] = line[slice(*found.span("value"))] if found else None
    return contact


def _title_lines(document: Document) -> Iterable[str]:
    yield from document.facts.get("titles", document.facts.get("title", "")).split("\n")
    lines: list[str] = []
    for paragraph in document.paragraphs[:_HEAD]:
        text = paragraph.text
        if is_heading(text) or len(text) > _LONGEST_TITLE_LINE or len(lines) == _TITLE_LINES:
            break
        if not _OF_THE_PAGE.search(text) or read_title(text):
            lines.append(text)
    for start in range(len(lines)):
        for parts in range(1, _TITLE_PARTS + 1):
            group = lines[start : start + parts]
            if parts == 1 or _breaks(group[0], "".join(group[1:])):
                yield "".join(group)


def _breaks(line: str, rest: str) -> bool:
    """Whether a title can be broken after a line: what follows names no body by itself, or only its last part."""
    title = read_title(rest)
    return not (title and title.agency) or bool(_PLACE.search(_plain(line)) or _OFFICES.fullmatch(title.agency))


def _printed(text: str) -> str:
    return squeeze(text)


def _plain(text: str) -> str:
    return simplified(squeeze(unicodedata.normalize("NFKC", text)))
