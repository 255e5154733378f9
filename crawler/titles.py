"""Tells annual reports from everything else listed beside them, before anything of them is fetched."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

REPORT = "report"
DOUBTFUL = "doubtful"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class _Rules:
    never: re.Pattern[str]
    report_at_end: re.Pattern[str]
    other: re.Pattern[str]
    report_anywhere: re.Pattern[str]
    tail: re.Pattern[str]
    year: re.Pattern[str]


def kind_of(title: str, *, in_report_column: bool) -> str:
    """Return ``report``, ``doubtful`` or ``other`` for a listed title.

    The title decides first, by the rules of ``titles.toml``: a title that ends like a report's is one; a title of the
    other things kept beside reports (guides, notices, budgets, readings) is not, even in a report column; a title that
    speaks of a disclosure report is one. Where the title says nothing, the column decides whether the page is worth
    fetching: in a column of annual reports it is ``doubtful``, to be fetched and told by its content when the archive
    is built; elsewhere it is ``other`` and left alone.
    """
    rules = _rules()
    plain = rules.tail.sub("", plain_title(title))
    if rules.never.search(plain):
        return OTHER
    if rules.report_at_end.search(plain):
        return REPORT
    if rules.other.search(plain):
        return OTHER
    if rules.report_anywhere.search(plain):
        return REPORT
    return DOUBTFUL if in_report_column else OTHER


def year_of(title: str, column: str = "") -> int | None:
    """Return the year of the report: the first the title names, else the last the column's path names, else None."""
    for text, place in ((title, 0), (column, -1)):
        years = _rules().year.findall(plain_title(text))
        if years:
            return int(years[place])
    return None


def plain_title(title: str) -> str:
    """Return a title without spaces, in half-width characters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", title))


@cache
def _rules() -> _Rules:
    data = tomllib.loads((files("crawler") / "titles.toml").read_text("utf-8"))
    joined = {name: "|".join(data[name]) for name in ("never", "report_at_end", "other", "report_anywhere")}
    return _Rules(
        **{name: re.compile(pattern) for name, pattern in joined.items()},
        tail=re.compile(data["tail"]),
        year=re.compile(data["year"]),
    )
