"""The sites of the replica and how each is divided: legacy columns and current channels (``data/sites.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from crawler.replica.draw import hex32

# The years whose channels were there when the current sites were set up; later ones are lettered copies of 2022's.
_FIRST_COPIED_FROM = 2022
# There are letters for this many years.
LAST_YEAR = 2027
# How far apart the channels of two years are, as seen at 木兰, 五常, 道里 and 阿城.
_STEP = 4


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a legacy site. ``kind`` xxgk (search.jsp) or column (dataproxy.jsp).

    ``only_page``: its dataproxy.jsp is of a build that knows ``page`` and not ``startrecord``.
    """

    kind: str
    number: int
    name: str
    infotype: str = ""
    unit_id: int = 0
    only_page: bool = False


@dataclass(frozen=True, slots=True)
class Legacy:
    """A Hanweb site: host without port, web id and columns."""

    host: str
    web_id: int
    site_name: str
    columns: tuple[Column, ...]

    def column(self, number: int) -> Column | None:
        """Return the column of that number, None when the site has none."""
        return next((column for column in self.columns if column.number == number), None)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a current site: ``code`` as in addresses, ``id`` 32 hex digits, ``level`` root | year | leaf."""

    code: str
    id: str
    name: str
    level: str
    year: int | None
    parent: str | None


@dataclass(frozen=True)
class Current:
    """A UCAP site: host without port, site code, the 年报 tree's root and the number its channels count from."""

    host: str
    site: str
    site_name: str
    root: str
    template: str
    channel_base: int
    letters: str
    header: str
    children: tuple[str, ...]

    def leaf(self, year: int, child: int) -> str:
        """Return the code of the ``child``-th (from 0) channel under a year."""
        return self.code(year, child + 1)

    def code(self, year: int, offset: int) -> str:
        """Return the code of a year (offset 0) or of one of its children (from 1)."""
        copies = max(year - _FIRST_COPIED_FROM, 0)
        number = self.channel_base + 1 + offset + _STEP * max(_FIRST_COPIED_FROM - year, 0)
        return f"c{number}" + (self.letters[copies - 1] if copies else "")


@cache
def channel_tree(current: Current, years: tuple[int, ...]) -> list[Channel]:
    """Return the 年报 tree of a site for ``years``: the root, then each year, newest first, with its children."""
    tree = [_channel(current, current.root, "政府信息公开年报", "root", None, None)]
    for year in sorted(years, reverse=True):
        node = current.code(year, 0)
        tree.append(_channel(current, node, f"{year}年", "year", year, current.root))
        tree += [
            _channel(current, current.code(year, number), name, "leaf", year, node)
            for number, name in enumerate(current.children, 1)
        ]
    return tree


def own_channel(current: Current, code: str) -> Channel:
    """Return the 年报 channel a department keeps in its own tree, outside the tree of years."""
    return _channel(current, code, "政府信息公开年报", "own", None, None)


def _channel(current: Current, code: str, name: str, level: str, year: int | None, parent: str | None) -> Channel:
    return Channel(code, hex32("channel", current.site, code), name, level, year, parent)


@dataclass(frozen=True)
class Site:
    """The city or a district, with its two sites."""

    id: str
    name: str
    government: str
    district: str | None
    postcode: str
    legacy: Legacy
    current: Current

    @cached_property
    def is_city(self) -> bool:
        """Whether this is the city's own site."""
        return self.district is None


@cache
def sites() -> dict[str | None, Site]:
    """All sites by the full name of their district, the city's under None."""
    data = tomllib.loads((files(__package__) / "data" / "sites.toml").read_text("utf-8"))
    return {entry["district"] or None: _site(entry) for entry in data["sites"]}


def _site(entry: dict) -> Site:
    legacy, current = entry["legacy"], entry["current"]
    columns = tuple(
        Column(c["kind"], c["column"], c["name"], c.get("infotype", ""), c.get("unit_id", 0), c.get("only_page", False))
        for c in legacy["columns"]
    )
    return Site(
        id=entry["id"],
        name=entry["name"],
        government=entry["government"],
        district=entry["district"] or None,
        postcode=entry["postcode"],
        legacy=Legacy(legacy["host"], legacy["web_id"], legacy["site_name"], columns),
        current=Current(**{**current, "children": tuple(current["children"])}),
    )
