"""What shows where a page's article and its facts stand: ``html.toml``, read once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from archive.documents.tree import Element

# What an annual report's body contains and its surroundings do not: the numbered headings and the tables' own words.
TELLTALE = re.compile(
    r"[一二三四五六][、.．]\s*(?:总体情况|概\s*述|主动公开|政府信息主动公开|收到和处理|依申请|存在|其他|因政府信息|行政复议)"
    r"|第二十条第|本年新收|结果维持|统计指标"
)


@dataclass(frozen=True, slots=True)
class Signals:
    """Selectors of bodies and titles, comments around articles, and the names and patterns of a page's facts."""

    bodies: tuple[str, ...]
    markers: tuple[tuple[str, str], ...]
    titles: tuple[str, ...]
    meta: dict[str, str]
    labels: dict[str, tuple[re.Pattern[str], ...]]


@cache
def signals() -> Signals:
    """Return the signals of ``html.toml``."""
    data = tomllib.loads((files(__package__) / "html.toml").read_text("utf-8"))
    return Signals(
        bodies=tuple(data["bodies"]),
        markers=tuple(map(tuple, data["markers"])),
        titles=tuple(data["titles"]),
        meta={name.lower(): fact for fact, names in data["meta"].items() for name in names},
        labels={fact: tuple(map(re.compile, patterns)) for fact, patterns in data["labels"].items()},
    )


def find_named(root: Element) -> dict[str, list[Element]]:
    """Find the elements of every selector of bodies and titles, in one pass over the page."""
    wanted: dict[str, list[Element]] = {selector.lower(): [] for selector in (*signals().bodies, *signals().titles)}
    for element in root.iterdescendants():
        keys = [element.tag]
        if identifier := element.get("id"):
            keys.append("#" + identifier.lower())
        if names := element.get("class"):
            keys += ["." + name for name in names.lower().split()]
        for key in keys:
            if key in wanted:
                wanted[key].append(element)
    return wanted
