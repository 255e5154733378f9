"""What only the archive can check: a report against the year before, its day of publication, the names it goes by.

Works on rows already assembled, and adds to those of ``findings``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict

from archive.agencies.deadlines import deadline
from archive.agencies.registry import Agency, registry
from archive.checks.changes import check_changes
from archive.checks.finding import Finding, together
from archive.checks.hierarchy import check_hierarchy
from archive.checks.publication import check_deadline, check_names
from archive.checks.years import Cells, check_text_copied, check_years

Row = dict[str, object]
Rows = dict[str, list[Row]]

_NEW_REQUESTS = ("requests", "new_received", "total")


def check_archive(rows: Rows, agencies: Mapping[str, Agency]) -> None:
    """Add to ``findings`` what does not hold between reports, and between a report and what is known of its body."""
    cells: dict[object, Cells] = defaultdict(dict)
    for cell in rows["cells"]:
        value = cell["value"] if cell["state"] == "number" else None
        cells[cell["report_id"]][cell["table"], cell["row"], cell["column"]] = value
    texts: dict[object, list[str]] = defaultdict(list)
    openings: dict[object, str] = defaultdict(str)
    for section in rows["sections"]:
        # The opening cites the same law and the same address every year.
        if section["key"] == "preamble":
            openings[section["report_id"]] = section["text"]
        else:
            texts[section["report_id"]].append(section["text"])
    said: dict[object, list[Row]] = defaultdict(list)
    for statement in rows["statements"]:
        said[statement["report_id"]].append(statement)
    below = _below(rows["reports"], agencies, cells)
    for report in rows["reports"]:
        before = f"{report['agency_id']}-{report['year'] - 1}"
        found: list[Finding] = []
        if before in cells and report["id"] in cells:
            found += together(check_years(cells[before], cells[report["id"]]))
        if before in texts and report["id"] in texts:
            found += together(check_changes(cells.get(before, {}), said[before], said[report["id"]]))
            found += check_text_copied("\n".join(texts[before]), "\n".join(texts[report["id"]]))
        agency = agencies.get(report["agency_id"])
        if agency:
            due = deadline(agency.level, report["year"])
            found += check_deadline(report["published_on"], report["year"], due.day, due.law)
            found += _names(report, agency)
            if _NEW_REQUESTS in cells.get(report["id"], {}) and agency.level in ("city", "district"):
                text = openings[report["id"]] + "\n".join(texts.get(report["id"], ()))
                parts = below[agency.district, report["year"]]
                found += check_hierarchy(text, cells[report["id"]][_NEW_REQUESTS], parts)
        rows["findings"] += [{"report_id": report["id"], **asdict(finding)} for finding in found]


def _below(
    reports: list[Row], agencies: Mapping[str, Agency], cells: Mapping[object, Cells]
) -> Mapping[tuple[str | None, object], list[int | float]]:
    """The new requests of the bodies right below each government, by its district (None: the city) and the year."""
    found: dict[tuple[str | None, object], list[int | float]] = defaultdict(list)
    for report in reports:
        agency = agencies.get(str(report["agency_id"]))
        count = cells.get(report["id"], {}).get(_NEW_REQUESTS)
        if agency and count is not None and agency.level != "city":
            found[None if agency.level == "district" else agency.district, report["year"]].append(count)
    return found


def _names(report: Row, agency: Agency) -> list[Finding]:
    """What a report's text and the listing call its body, when they mean another."""
    known = registry()
    named = report.get("agency_in_text")
    if not named or known.elsewhere(named):
        return []
    other = known.resolve(named, district=agency.district)
    return list(check_names(report["agency_in_title"], named, same=other.id == agency.id))
