"""What is worked out from the rows of the archive before they are written: rates, coverage, names, successions.

Pure: rows in, rows out. Nothing here is read from a document; all of it can be made again from the other tables.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from datetime import date

from archive.agencies.registry import Agency, registry
from archive.agencies.successions import names, predecessors, successors
from archive.database.assemble import Row, Rows
from archive.database.coverage import coverage
from archive.forms.fields import fields
from archive.indicators.compute import Cell, Cells, places_needed, rates


def derive(rows: Rows) -> Rows:
    """Return the rows of the derived tables, and ``agencies`` with what the registry knows of each."""
    reports, agencies = list(rows.get("reports", ())), list(rows.get("agencies", ()))
    described = _described(agencies, reports)
    last_seen = max((str(capture["fetched_at"])[:10] for capture in rows.get("captures", ())), default=None)
    return {
        "agencies": described,
        "indicators": _indicators(reports, rows.get("cells", [])),
        "coverage": coverage(
            described, reports, rows.get("versions", []), date.fromisoformat(last_seen) if last_seen else None
        ),
        "agency_names": _names(described, reports),
        "successions": _successions(described),
        "fields": [{**asdict(field), "optional": int(field.optional)} for field in fields()],
    }


def silent_bodies(rows: Rows) -> list[Row]:
    """The bodies the registry lists that have no report, as rows of ``agencies``.

    None for an archive with reports of a replica: its portals are made up, and that a body is not on them says nothing.
    """
    if any(report["replica"] for report in rows.get("reports", ())):
        return []
    there = {agency["id"] for agency in rows.get("agencies", ())}
    return [
        {name: getattr(agency, name) for name in ("id", "name", "office", "district", "level")}
        for agency in registry().listed()
        if agency.id not in there
    ]


def _described(agencies: list[Row], reports: list[Row]) -> list[Row]:
    counts: dict[object, int] = defaultdict(int)
    for report in reports:
        counts[report["agency_id"]] += 1
    described = []
    for agency in agencies:
        body = _body(agency)
        described.append(
            {
                **agency,
                "listed": int(body is not None and body.known),
                "active_from": body and body.active_from,
                "active_to": body and body.active_to,
                "report_count": counts[agency["id"]],
            }
        )
    return described


def _body(agency: Row) -> Agency | None:
    """The registry's body of that identifier; None when the name of a row means another."""
    body = registry().resolve(str(agency["name"]))
    return body if body.id == agency["id"] else None


def _indicators(reports: list[Row], cells: list[Row]) -> list[Row]:
    needed = places_needed()
    by_report: dict[object, dict[tuple[str, str, str], Cell]] = defaultdict(dict)
    for cell in cells:
        place = (cell["table"], cell["row"], cell["column"])
        if place in needed:
            by_report[cell["report_id"]][place] = Cell(cell["value"], str(cell["state"]))
    found = {(report["agency_id"], report["year"]): report for report in reports}
    derived = []
    for report in reports:
        if report["form"] is None or report["id"] not in by_report:
            continue
        previous = found.get((report["agency_id"], int(str(report["year"])) - 1))
        before: Cells | None = by_report.get(previous["id"], {}) if previous else None
        for rate in rates(str(report["form"]), by_report[report["id"]], before, previous and previous["form"]):
            derived.append(
                {
                    "report_id": report["id"], "key": rate.key, "numerator": rate.numerator,
                    "denominator": rate.denominator, "value": None if rate.value is None else float(rate.value),
                    "reason": rate.reason, "reason_cell": rate.reason_cell, "small": int(rate.small),
                }
            )  # fmt: skip
    return derived


def _names(agencies: list[Row], reports: list[Row]) -> list[Row]:
    """The names of the registry, and those that titles printed, with the years they stood in."""
    rows: dict[tuple, Row] = {}
    for agency in agencies:
        body = _body(agency)
        for name in names(body) if body else ():
            rows[agency["id"], name.name, name.kind] = {"year_from": name.active_from, "year_to": name.active_to}
    for report in reports:
        if report.get("agency_in_title"):
            row = rows.setdefault(
                (report["agency_id"], report["agency_in_title"], "printed"),
                {"year_from": report["year"], "year_to": report["year"]},
            )
            row["year_from"] = min(row["year_from"], report["year"])
            row["year_to"] = max(row["year_to"], report["year"])
    return [
        {"agency_id": agency_id, "name": name, "kind": kind, **rows[agency_id, name, kind]}
        for agency_id, name, kind in sorted(rows)
    ]


def _successions(agencies: list[Row]) -> list[Row]:
    found = {}
    for agency in agencies:
        body = _body(agency)
        for each in (*predecessors(body), *successors(body)) if body else ():
            found[each.predecessor.id, each.successor.id] = {
                "predecessor_id": each.predecessor.id, "predecessor": each.predecessor.name,
                "successor_id": each.successor.id, "successor": each.successor.name, "year": each.year,
                "kind": each.kind, "certainty": each.certainty, "source": each.source,
            }  # fmt: skip
    return [found[pair] for pair in sorted(found)]
