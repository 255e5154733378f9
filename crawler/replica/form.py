"""The printed form the replica's reports fill in: its tables, rows and columns (``data/g4.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# (table, row, column) of a cell: the keys of the agreed contract.
CellKey = tuple[str, str, str]

ACTIVE_DISCLOSURE = "active_disclosure"
REQUESTS = "requests"
REMEDIES = "remedies"

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
class Form:
    """One edition of the form."""

    gloss: str
    applicants: str
    organisations: str
    blocks: tuple[Block, ...]
    columns: tuple[Labelled, ...]
    groups: dict[str, str]
    rows: tuple[Row, ...]
    review: str
    litigation: str
    remedy_groups: tuple[Labelled, ...]
    remedy_results: tuple[Labelled, ...]

    @property
    def applicant_columns(self) -> tuple[str, ...]:
        """The six kinds of applicant, without the total."""
        return tuple(key for key, _ in self.columns if key != "total")

    @property
    def result_rows(self) -> tuple[str, ...]:
        """The 21 rows that add up to results_total."""
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
        return keys


@cache
def g4() -> Form:
    """The form for report years 2021 on."""
    data = tomllib.loads((files(__package__) / "data" / "g4.toml").read_text("utf-8"))
    requests, remedies = data["requests"], data["remedies"]
    return Form(
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
