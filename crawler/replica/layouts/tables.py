"""All tables of a report, in the shapes its layout asks for."""

from __future__ import annotations

from crawler.replica.form import ACTIVE_DISCLOSURE, REMEDIES, REQUESTS
from crawler.replica.layouts import disclosure, requests
from crawler.replica.layouts.grid import Grid
from crawler.replica.report import Report


def tables_of(report: Report) -> dict[str, list[Grid]]:
    """Return the grids of a report by section key: one or four for table 2, one each for tables 3 and 4."""
    layout, cells = report.layout, report.cells
    if layout.requests == "seed":
        second, fourth = disclosure.seed_table, disclosure.seed_remedies
    else:
        second = disclosure.four_tables if layout.disclosure == "four" else disclosure.one_table
        fourth = disclosure.remedies
    return {
        ACTIVE_DISCLOSURE: second(cells, layout.noise),
        REQUESTS: [requests.SHAPES[layout.requests](cells, layout.noise)],
        REMEDIES: [fourth(cells, layout.noise)],
    }
