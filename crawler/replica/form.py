"""The printed forms the replica's reports fill in: their tables, rows and columns (``data/g2.toml`` and its like)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

# (table, row, column) of a cell: the keys of the agreed contract.
CellKey = tuple[str, str, str]

ACTIVE_DISCLOSURE = "active_disclosure"
REQUESTS = "requests"
REMEDIES = "remedies"
STATISTICS = "statistics"
# The one column of the statistics table.
VALUE = "value"

Labelled = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """A block of table 2: its heading row, its value columns and its rows as (key, label)."""

    label: str
    columns: tuple[Labelled, ...]
    rows: tuple[Labelled, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of table 3 and the keys of the groups it stands in, outermost first."""

    key: str
    label: str
    under: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of the statistics table. ``key`` is None for a heading without a number; ``level`` is its depth from 0."""

    key: str | None
    label: str
    unit: str
    level: int


@dataclass(frozen=True, slots=True)
class Form:
    """One edition of the form. ``sums`` are the wholes of the statistics table with their parts."""

    id: str
    gloss: str = ""
    applicants: str = ""
    organisations: str = ""
    blocks: tuple[Block, ...] = ()
    columns: tuple[Labelled, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    review: str = ""
    litigation: str = ""
    remedy_groups: tuple[Labelled, ...] = ()
    remedy_results: tuple[Labelled, ...] = ()
    caption: str = ""
    indicators: tuple[Indicator, ...] = ()
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def applicant_columns(self) -> tuple[str, ...]:
        """The six kinds of applicant, without the total."""
        return tuple(key for key, _ in self.columns if key != "total")

    @property
    def result_rows(self) -> tuple[str, ...]:
        """The rows that add up to results_total: 21 since 2021, 19 before."""
        return tuple(row.key for row in self.rows if row.under and row.key != "results_total")

    def cell_keys(self) -> list[CellKey]:
        """Return the keys of all cells in the order of the form."""
        keys = [
            (ACTIVE_DISCLOSURE, row, column)
            for block in self.blocks
            for row, _ in block.rows
            for column, _ in block.columns
        ]
        keys += [(REQUESTS, row.key, column) for row in self.rows for column, _ in self.columns]
        keys += [(REMEDIES, group, result) for group, _ in self.remedy_groups for result, _ in self.remedy_results]
        keys += [(STATISTICS, indicator.key, VALUE) for indicator in self.indicators if indicator.key]
        return keys


# The first report year there is: 政府信息公开条例 (国务院令第492号) came into force on 2008-05-01.
FIRST_YEAR = 2008
# The first report year of each form, newest first. Before g2 (国办发〔2014〕32号) reports were narratives.
_SINCE = (("g4", 2021), ("g3", 2019), ("g2", 2014), ("g1", FIRST_YEAR))


def form_of(year: int) -> Form:
    """Return the form a report on ``year`` follows. Raises ValueError for years before `FIRST_YEAR`."""
    for name, since in _SINCE:
        if year >= since:
            return _NARRATIVE if name == "g1" else _form(name)
    raise ValueError(f"there are no reports on {year}: the duty to report began with {FIRST_YEAR}")


def g4() -> Form:
    """The form for report years 2021 on (国办公开办函〔2021〕30号)."""
    return _form("g4")


def g3() -> Form:
    """The form for report years 2019 and 2020 (国办公开办函〔2019〕60号)."""
    return _form("g3")


def g2() -> Form:
    """The statistics table of report years 2014 to 2018 (国办发〔2014〕32号)."""
    return _form("g2")


_NARRATIVE = Form("g1")


@cache
def _form(name: str) -> Form:
    data = tomllib.loads((files(__package__) / "data" / f"{name}.toml").read_text("utf-8"))
    if "indicators" in data:
        indicators = tuple(
            Indicator(entry.get("key"), entry["label"], entry.get("unit", ""), entry["level"])
            for entry in data["indicators"]
        )
        sums = {whole: tuple(parts) for whole, parts in data["sums"].items()}
        return Form(name, caption=data["caption"], indicators=indicators, sums=sums)
    requests, remedies = data["requests"], data["remedies"]
    return Form(
        name,
        gloss=data["gloss"],
        applicants=data["applicants"],
        organisations=data["organisations"],
        blocks=tuple(Block(b["label"], _pairs(b["columns"]), _pairs(b["rows"])) for b in data["blocks"]),
        columns=_pairs(requests["columns"]),
        groups=requests["groups"],
        rows=tuple(Row(row["key"], row["label"], tuple(row.get("under", ()))) for row in requests["rows"]),
        review=remedies["review"],
        litigation=remedies["litigation"],
        remedy_groups=_pairs(remedies["groups"]),
        remedy_results=_pairs(remedies["results"]),
    )


def _pairs(lists: list[list[str]]) -> tuple[Labelled, ...]:
    return tuple((key, label) for key, label in lists)
