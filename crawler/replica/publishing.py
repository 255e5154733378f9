"""Where things are published: each report under its addresses, and what else the lists hold."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from archive.agencies.registry import Agency
from crawler.replica.articles import CURRENT, LEGACY, Article, Numbers
from crawler.replica.draw import digest, draw
from crawler.replica.report import BEIJING, Report
from crawler.replica.sites import Column, Site, sites

# The legacy sites were last filled then; what was published before was carried over to the current ones.
LEGACY_END = datetime(2022, 12, 1, tzinfo=BEIJING)
# The days on which carried-over articles got a new date.
_REDATED = datetime(2023, 2, 6, 10, 0, tzinfo=BEIJING)
# How many years of other documents the legacy lists hold, so that they run over several pages.
_LEGACY_YEARS = 4
# Bodies that publish nothing: dead links bear their names.
_ABSENT = ("档案局", "史志办公室", "供销合作社联合社", "招商局")
# An address off every host of the replica, that is still this machine: nothing may ask for it.
OFFSITE = "http://127.0.0.3:{port}"


def publish_report(seed: int, report: Report, numbers: Numbers) -> Iterator[Article]:
    """Yield the addresses of a report, the primary one first."""
    site, city = sites()[report.agency.district], sites()[None]
    own = _current(seed, report, site, numbers)
    yield own
    if report.agency.level == "district":
        yield (
            _current(seed, report, city, numbers) if digest(seed, "copy", report.id) % 2 else _link(own, city, numbers)
        )
    if report.published < LEGACY_END:
        column = _column_for(site, report.agency)
        yield Article(
            site, LEGACY, str(column.number), numbers.legacy(site.legacy.host, report.id), "report", report.title,
            report.published, (str(column.number),), report.title_agency, report, area=area_code(report.agency),
        )  # fmt: skip


def _link(own: Article, city: Site, numbers: Numbers) -> Article:
    """The city's list entry for a district's report: a link to the district's own site."""
    code = city.current.leaf(own.report.year, 2)
    return Article(
        city, CURRENT, code, numbers.current(own.published.date(), "link", own.report.id), "away", own.title,
        own.published, (code,), own.publisher, own.report, target=f"http://{own.host}:{{port}}{own.path}",
    )  # fmt: skip


def _current(seed: int, report: Report, site: Site, numbers: Numbers) -> Article:
    imported = report.published < LEGACY_END
    published = report.published
    if imported and digest(seed, "redated", report.id) % 5 == 0:
        published = _REDATED + timedelta(minutes=digest(report.id) % 20_000)
    number = numbers.imported(site.id, report.id) if imported else numbers.current(published.date(), site.id, report.id)
    code = site.current.leaf(report.year, _child(site, report.agency))
    section = _own_channel(seed, report.agency) or code
    return Article(
        site, CURRENT, section, number, "report", _listed_title(seed, report), published, (code,),
        report.title_agency, report, imported=imported,
    )  # fmt: skip


def _own_channel(seed: int, agency: Agency) -> str | None:
    """Return the channel of its own a city department keeps its reports in, c107681 for one; most keep none."""
    if agency.level != "city_department" or digest(seed, "own channel", agency.id) % 3:
        return None
    return f"c107{digest('own', agency.id) % 1000:03d}"


def _listed_title(seed: int, report: Report) -> str:
    """The title as lists have it, at times with spaces round it."""
    return f" {report.title} " if digest(seed, "padded", report.id) % 11 == 0 else report.title


def _child(site: Site, agency: Agency) -> int:
    """Return which child of a year holds a body's report: 市本级, 市直部门, 区县 or 部门, 乡镇街道."""
    if site.is_city:
        return {"city": 0, "city_department": 1}.get(agency.level, 2)
    return 1 if agency.level == "township" else 0


def _column_for(site: Site, agency: Agency) -> Column:
    columns = site.legacy.columns
    return columns[-1] if agency.level == "city" else columns[0]


def area_code(agency: Agency) -> str:
    """A body's organisation code as the legacy sites use it: nine digits."""
    return f"00{digest('area', agency.id) % 10**7:07d}"


def publish_others(seed: int, site: Site, years: Sequence[int], numbers: Numbers) -> Iterator[Article]:
    """Yield what else stands in the lists of a site: other documents, dead links, links to other hosts."""
    for year in years:
        for child, _ in enumerate(site.current.children):
            code = site.current.leaf(year, child)
            yield from _beside(seed, site, year, code, numbers)
    yield from _dead(seed, site, max(years), numbers)
    early = [year for year in years if year + 1 <= LEGACY_END.year]
    for column in site.legacy.columns if early else ():
        yield from _beside_legacy(seed, site, column, max(early), numbers)


@cache
def _others() -> list[dict]:
    return tomllib.loads((files(__package__) / "data" / "others.toml").read_text("utf-8"))["others"]


def _beside(seed: int, site: Site, year: int, code: str, numbers: Numbers) -> Iterator[Article]:
    chance = draw(seed, "others", site.id, code)
    for entry in chance.sample(_others(), 4):
        day = _day(chance, year + 1)
        values = _values(site, year)
        yield Article(
            site, CURRENT, code, numbers.current(day.date(), code, entry["title"]), "other",
            entry["title"].format(**values), day, (code,), site.government,
            text=tuple(line.format(**values) for line in entry["text"]),
        )  # fmt: skip


def _beside_legacy(seed: int, site: Site, column: Column, year: int, numbers: Numbers) -> Iterator[Article]:
    chance = draw(seed, "legacy others", site.id, column.number)
    for earlier in range(year, year - _LEGACY_YEARS, -1):
        for position, entry in enumerate(_others()):
            values = _values(site, earlier)
            day = _day(chance, earlier + 1)
            # Rows of other columns turn up in search.jsp's answers; their address shows the column they belong to.
            section = column.number - 16 if position % 3 == 0 else column.number
            number = numbers.legacy(site.legacy.host, column.number, earlier, entry["title"])
            yield Article(
                site, LEGACY, str(section), number, "other", entry["title"].format(**values), day,
                (str(column.number),), site.government, text=tuple(line.format(**values) for line in entry["text"]),
            )  # fmt: skip
    yield Article(
        site, LEGACY, str(column.number), numbers.legacy(site.legacy.host, column.number, "dead"), "error",
        _absent_title(site, year, 0), _day(chance, year + 1), (str(column.number),), site.government,
    )  # fmt: skip


def _dead(seed: int, site: Site, year: int, numbers: Numbers) -> Iterator[Article]:
    """Links of the kind that lead nowhere or elsewhere, one of each a site, in the newest year's first channel."""
    chance = draw(seed, "dead", site.id)
    code = site.current.leaf(year, 0)
    for number, kind in enumerate(("gone", "error", "away", "redirect")):
        day, title = _day(chance, year + 1), _absent_title(site, year, number)
        yield Article(
            site, CURRENT, code, numbers.current(day.date(), code, kind), kind, title, day, (code,), site.government,
            target=f"{OFFSITE}/{site.id}/{kind}.html" if kind in ("away", "redirect") else "",
        )  # fmt: skip


def _absent_title(site: Site, year: int, number: int) -> str:
    """Return a title as of a report that does not exist: none of these bodies is in the registry."""
    return f"{site.name}{_ABSENT[number]}{year}年政府信息公开工作年度报告"


def _values(site: Site, year: int) -> dict[str, object]:
    who = f"{site.name}财政局" if site.district else "哈尔滨市财政局"
    return {"who": who, "place": site.name, "year": year, "next": year + 1}


def _day(chance: random.Random, year: int) -> datetime:
    start = datetime(year, 1, 4, 8, 30, tzinfo=BEIJING)
    return start + timedelta(days=chance.randrange(200), minutes=chance.randrange(540))
