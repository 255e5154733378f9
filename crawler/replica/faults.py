"""Broken pages on demand: what portals serve when something went wrong.

A fault has a name for ``--faults``, a line of help, what becomes of it, and a function that plants it in a world. A
new one is a function and a line in `FAULTS`. Faults of whole pages are in `PAGES`: the page as it should be goes in,
what is served instead comes out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from archive.agencies.registry import Agency
from crawler.replica.articles import CURRENT, Article
from crawler.replica.composing import compose
from crawler.replica.draw import digest
from crawler.replica.figures import figures
from crawler.replica.http import Response, page
from crawler.replica.publishing import LEGACY_END
from crawler.replica.report import BEIJING, Report
from crawler.replica.templates import render

if TYPE_CHECKING:
    from crawler.replica.world import World

_TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
_CELL_CONTENT = re.compile(r"(<td[^>]*>).*?(?=</td>)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault. ``status`` is what a perfect reader says of the broken page (None: no page is broken)."""

    name: str
    help: str
    status: str | None
    plant: Callable[[World, str], None]


def _damaged(text: str) -> str:
    """Cut the page in mid-table, in the middle of a cell's tag."""
    cells = [found.start() for found in re.finditer("<td", text)]
    return text[: cells[len(cells) * 3 // 5] + 2]


def _unknown_form(text: str) -> str:
    """Put one table no form knows in place of the report's."""
    odd = iter([render("fault_unknown_form", first=digest("odd", 1) % 90, second=digest("odd", 2) % 90)])
    return _TABLE.sub(lambda _: next(odd, ""), text)


def _empty_table(text: str) -> str:
    """Leave the frames of the tables and take out all that stands in them."""
    return _TABLE.sub(lambda table: _CELL_CONTENT.sub(r"\1", table.group()), text)


def _challenge(text: str) -> str:
    return page("", "", render("fault_challenge")).body.decode()


def _login(text: str) -> str:
    return page("用户登录", "", render("fault_login")).body.decode()


PAGES: dict[str, Callable[[str], str]] = {
    "damaged-page": _damaged,
    "unknown-form": _unknown_form,
    "empty-table": _empty_table,
    "challenge-page": _challenge,
    "login-page": _login,
}


def break_page(answer: Response, name: str) -> Response:
    """Return what is served in place of a page. Raises KeyError for a name not in `PAGES`."""
    return replace(answer, body=PAGES[name](answer.body.decode()).encode())


def _on_a_report(world: World, name: str) -> None:
    """Break the page of one report, if possible one with a single address, so that no other copy is whole."""
    free = [report for report in world.reports.values() if _may_break(report)]
    alone = [report for report in free if report.published >= LEGACY_END and report.agency.level != "district"]
    choice = alone or free
    if not choice:
        raise ValueError(f"no report is left to plant {name} in; ask for more agencies or years")
    report = min(choice, key=lambda report: digest(world.seed, "victim", name, report.id))
    report.fault, report.attachment = name, False


def _may_break(report: Report) -> bool:
    plain = not (report.layout.unclosed or report.layout.twice or report.layout.requests == "seed")
    return report.fault is None and plain and bool(report.form.rows)


def _on_a_listing(world: World, name: str) -> None:
    """Change the markup of the city's legacy list of reports. The reports on it are on the current site as well."""
    site = world.sites[0]
    column = site.legacy.columns[0]
    if not world.listed(site.legacy.host, str(column.number)):
        raise ValueError(f"{name} needs report year 2021: the legacy sites have no later ones")
    world.break_listing(site.legacy.host, str(column.number))
    url = f"http://{site.legacy.host}:{{port}}/col/col{column.number}/index.html?number={column.infotype}"
    world.note(lambda port: {**_note(name), "url": url.format(port=port)})


def _other_city(world: World, name: str) -> None:
    """List a report of a body of another city among a district's."""
    year = max(world.years)
    agency = Agency(f"other-city-{year}", "齐齐哈尔市财政局", "财政局", None, "city_department", False)
    report = compose(world.seed, agency, year, figures(world.seed, agency, [year])[year])
    report.title = f"{agency.name}{year}年政府信息公开工作年度报告"
    report.title_agency = agency.name
    report.attachment = report.only_in_file = False
    report.sections = tuple(
        replace(section, paragraphs=tuple(_moved(text) for text in section.paragraphs)) for section in report.sections
    )
    site = world.sites[-1]
    code = site.current.leaf(year, 0)
    published = datetime(year + 1, 1, 17, 9, 30, tzinfo=BEIJING) + timedelta(minutes=digest(world.seed, name) % 300)
    number = world.numbers.current(published.date(), name, world.seed)
    article = Article(site, CURRENT, code, number, "report", report.title, published, (code,), agency.name, report)
    world.put(article)
    world.note(lambda port: {**_note(name), "url": article.url(port), "also_at": []})


def _moved(text: str) -> str:
    return (
        text.replace("哈尔滨市松北区", "齐齐哈尔市建华区").replace("哈尔滨市", "齐齐哈尔市").replace("150021", "161000")
    )


def _note(name: str) -> dict:
    fault = FAULTS[name]
    return {"id": None, "agency_id": None, "fault": name, "status": fault.status, "error": fault.help, "report": None,
            "sections": [], "cells": [], "findings": [], "notes": []}  # fmt: skip


_FAULTS = (
    Fault("damaged-page", "a report's page ends in the middle of a table", "partial", _on_a_report),
    Fault("unknown-form", "a report whose table no form knows", "partial", _on_a_report),
    Fault("empty-table", "a report whose tables have frames and nothing in them", "partial", _on_a_report),
    Fault("listing-markup", "the city's legacy list comes in markup never seen before", None, _on_a_listing),
    Fault("challenge-page", "a script challenge, status 200, in place of a report", "not_a_report", _on_a_report),
    Fault("login-page", "a login form, status 200, in place of a report", "not_a_report", _on_a_report),
    Fault("other-city", "a report of a body of another city stands in a district's list", "not_a_report", _other_city),
)
FAULTS: dict[str, Fault] = {fault.name: fault for fault in _FAULTS}


def apply_faults(world: World, names: Sequence[str]) -> None:
    """Plant the named faults in a world. Raises KeyError for an unknown name, ValueError when a world is too small."""
    for name in names:
        FAULTS[name].plant(world, name)
