"""The main numbers of a report, for lists that set years side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from archive.forms.model import forms

Number = int | float
# The total column of a report's tables: (table, row) to the number, None where the cell holds none.
Totals = Mapping[tuple[str, str], Number | None]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number with its name and how it is made; ``of`` gives None when a cell it needs holds no number."""

    key: str
    name: str
    explanation: str
    of: Callable[[Totals], Number | None]


def _cell(table: str, row: str) -> Callable[[Totals], Number | None]:
    return lambda totals: totals.get((table, row))


def _sum(table: str, rows: Iterable[str]) -> Callable[[Totals], Number | None]:
    wanted = [(table, row) for row in rows]

    def add(totals: Totals) -> Number | None:
        values = [totals.get(place) for place in wanted]
        return None if None in values else sum(values)

    return add


def _denials() -> list[str]:
    grid = forms()[0].table("requests").grid
    return [row.key for row in grid.value_rows if row.group == "denied"]


INDICATORS = (
    Indicator("new_received", "新收申请", "表三「一、本年新收」总计", _cell("requests", "new_received")),
    Indicator("carried_in", "上年结转", "表三「二、上年结转」总计", _cell("requests", "carried_in")),
    Indicator("granted", "予以公开", "表三（一）予以公开总计", _cell("requests", "granted")),
    Indicator("partially_granted", "部分公开", "表三（二）部分公开总计", _cell("requests", "partially_granted")),
    Indicator("denied", "不予公开", "表三（三）不予公开八项总计之和", _sum("requests", _denials())),
    Indicator("results_total", "办理总计", "表三（七）总计", _cell("requests", "results_total")),
    Indicator("review", "行政复议", "表四行政复议总计", _cell("remedies", "review")),
    Indicator(
        "litigation",
        "行政诉讼",
        "表四未经复议直接起诉与复议后起诉总计之和",
        _sum("remedies", ("litigation_direct", "litigation_after_review")),
    ),
)


def main_numbers(cells: Iterable[sqlite3.Row]) -> dict[str, dict[str, Number | None]]:
    """Return the indicators by report, from the total columns of the reports' tables. Blank is not zero."""
    totals: dict[str, dict[tuple[str, str], Number | None]] = {}
    for cell in cells:
        value = cell["value"] if cell["state"] == "number" else None
        totals.setdefault(cell["report_id"], {})[cell["table"], cell["row"]] = value
    return {
        report: {indicator.key: indicator.of(found) for indicator in INDICATORS} for report, found in totals.items()
    }
