"""All tables of a report, in the shapes its layout asks for."""

from __future__ import annotations

from crawler.replica.form import ACTIVE_DISCLOSURE, REMEDIES, REQUESTS
from crawler.replica.layouts import disclosure, requests, statistics
from crawler.replica.layouts.grid import Grid
from crawler.replica.report import Report


def tables_of(report: Report) -> dict[str, list[Grid]]:
    """Return the grids of a report by section key.

    Since 2019 one or more for table 2, one each for tables 3 and 4; before, the statistics table at the report's end;
    none before 2014.
    """
    form, layout, cells = report.form, report.layout, report.cells
    if form.indicators:
        return {report.sections[-1].key: [statistics.SHAPES[layout.statistics](form, cells, layout.noise)]}
    if not form.rows:
        return {}
    flat = layout.requests == "seed"
    fourth = disclosure.seed_remedies if flat else disclosure.remedies
    return {
        ACTIVE_DISCLOSURE: disclosure.SHAPES["seed" if flat else layout.disclosure](form, cells, layout.noise),
        REQUESTS: [requests.SHAPES[layout.requests](form, cells, layout.noise)],
        REMEDIES: [fourth(form, cells, layout.noise)],
    }
