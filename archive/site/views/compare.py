"""Any agencies over any years, side by side."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from urllib.parse import urlencode

from archive.forms.model import forms
from archive.site import measures
from archive.site.labels import cell_labels
from archive.site.measures import Measure, Value
from archive.site.queries import agencies, overview, reports
from archive.site.views.agencies import values_of_reports
from archive.site.views.asked import AGENCY_ID, Asked, Page, whole

# What a page can still show side by side, and a server answer at once.
MOST_AGENCIES = 8
MOST_YEARS = 20
_MOST_COLUMNS = 16
_FOUND = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """What is compared: agencies and years in their order, the measure that is drawn and the table set out in full."""

    agencies: tuple[sqlite3.Row, ...]
    years: tuple[int, ...]
    measure: Measure
    table: str

    def address(self, **changes: object) -> str:
        """Return the address of this comparison, or of one with other agencies, years, measure or table."""
        chosen = {
            "agency": [row["id"] for row in self.agencies],
            "year": list(self.years),
            "measure": self.measure.key,
            "table": self.table,
            **changes,
        }
        return "/compare?" + urlencode(chosen, doseq=True)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the form side by side: its label, what each report has in it, and whether they differ."""

    label: str
    cells: tuple[sqlite3.Row | None, ...]
    differs: bool


def compare(db: sqlite3.Connection, asked: Asked) -> Page:
    """The chosen measure by agency and year, all main counts, and a table of the form row by row."""
    choice = chosen(db, asked)
    rows = agencies.reports_in(db, [row["id"] for row in choice.agencies], choice.years)
    by_place = {(row["agency_id"], row["year"]): row for row in rows}
    columns = [
        (agency, by_place[agency["id"], year])
        for agency in choice.agencies
        for year in choice.years
        if (agency["id"], year) in by_place
    ]
    few = len(columns) <= _MOST_COLUMNS
    lines = side_by_side(db, choice.table, [row for _, row in columns], asked.language) if few else None
    name = asked.get("name")
    return Page(
        "compare.html",
        choice.address() if choice.agencies else "/compare",
        {
            "choice": choice,
            "reports": by_place,
            "values": values_of_reports(db, rows),
            "columns": columns,
            "lines": lines,
            "most": {"agencies": MOST_AGENCIES, "years": MOST_YEARS, "columns": _MOST_COLUMNS},
            "measures": measures.measures(),
            "main": measures.main_counts(),
            "years": sorted(overview.years(db)),
            "name": name,
            "found": agencies.find_agencies(db, name, limit=_FOUND) if name else agencies.some_agencies(db, limit=12),
            "forms": {year: _form_of(year) for year in choice.years},
        },
        charts=bool(rows),
    )


def chosen(db: sqlite3.Connection, asked: Asked) -> Choice:
    """Read a comparison from the arguments. Without years, all the agencies have; what is unknown is left out."""
    ids = [value for value in asked.every("agency") if AGENCY_ID.fullmatch(value)][:MOST_AGENCIES]
    found = agencies.get_agencies(db, ids)
    known = agencies.years_of(db, [row["id"] for row in found])
    wanted = {whole(value) for value in asked.every("year")}
    # A year without a report between two that have one is a gap to be seen.
    span = list(range(known[0], known[-1] + 1)) if known else []
    years = [year for year in span if not wanted or year in wanted] or span
    measure = measures.measures().get(asked.get("measure") or "", measures.counts()[0])
    table = asked.get("table") or ""
    return Choice(tuple(found), tuple(years[-MOST_YEARS:]), measure, table if table in _tables() else "requests")


def side_by_side(db: sqlite3.Connection, table: str, columns: list[sqlite3.Row], language: str) -> list[Line]:
    """Return the rows of a table of the form with what each report has there, in the order of the newest form."""
    cells = {
        (row["report_id"], row["row"], row["column"]): row
        for row in reports.totals(db, [row["id"] for row in columns], table)
    }
    there = {(row, column) for _, row, column in cells}
    lines = []
    for (row, column), label in _labels(table, language).items():
        if (row, column) not in there:
            continue
        found = tuple(cells.get((report["id"], row, column)) for report in columns)
        said = {(cell["state"], cell["value"]) for cell in found if cell is not None}
        lines.append(Line(label, found, len(said) > 1))
    return lines


def _labels(table: str, language: str) -> dict[tuple[str, str], str]:
    """The labels of the cells of a table by row and column, of every form, the newest first; of requests the totals."""
    labels: dict[tuple[str, str], str] = {}
    for form in forms():
        for (other, row, column), label in cell_labels(form.id, language).items():
            if other == table and (table != "requests" or column == "total"):
                # Every cell set side by side is a total there: the word says nothing.
                labels.setdefault((row, column), label.rsplit(" × ", 1)[0] if table == "requests" else label)
    return labels


def _tables() -> list[str]:
    return list(dict.fromkeys(table.key for form in forms() for table in form.tables))


def _form_of(year: int) -> str | None:
    """The form that reports of a year were to follow."""
    return next((form.id for form in forms() if form.first_year <= year), None)


def spread(choice: Choice, by_place: dict, values: dict[str, dict[str, Value]]) -> list[list[object]]:
    """Return the comparison as lines for a spreadsheet: one an agency and year, its counts and rates in columns."""
    shown = measures.measures()
    lines: list[list[object]] = [["agency_id", "agency", "year", "report_id", "form", "status", *shown]]
    for agency in choice.agencies:
        for year in choice.years:
            report = by_place.get((agency["id"], year))
            found = values.get(report["id"], {}) if report else {}
            numbers = [found[key].number if key in found else None for key in shown]
            facts = [report["id"], report["form"], report["status"]] if report else [None] * 3
            lines.append([agency["id"], agency["name"], year, *facts, *numbers])
    return lines
