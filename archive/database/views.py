"""The wide views researchers use: one line a row of the form, one column a column of it."""

from __future__ import annotations

from archive.forms.model import TableForm, forms
from archive.indicators.model import indicators

# Every table of every form, as the view of that name.
WIDE_VIEWS = ("active_disclosure", "requests", "remedies", "statistics")

# The rates of a report in one line.
RATES = "rates"

_SAID = {
    "active_disclosure": ("表二 主动公开，每行一项", "Table 2, active disclosure, one line an item"),
    "requests": ("表三 依申请公开，每行一项办理情形", "Table 3, requests, one line an outcome"),
    "remedies": ("表四 复议诉讼，每行一类", "Table 4, reviews and suits, one line a kind"),
    "statistics": (
        "统计表（2014 至 2018 年度），每行一项指标",
        "Statistics table of 2014 to 2018, one line an indicator",
    ),
    RATES: (
        "比率指标，每份报告一行，n_ 开头的是分母",
        "Rates, one line a report; n_ before a name is its denominator",
    ),
}


def views() -> dict[str, tuple[str, str]]:
    """What each view holds, in Chinese and English."""
    return dict(_SAID)


def rates_view() -> str:
    """Return CREATE VIEW for the rates: one line a report that has any, two columns a rate.

    A rate is a ratio, not rounded; ``n_`` before its name is its denominator.
    """
    picked = ",\n  ".join(
        f"max(CASE WHEN indicators.key = '{rate.key}' THEN indicators.{column} END) AS \"{prefix}{rate.key}\""
        for rate in indicators()
        for prefix, column in (("", "value"), ("n_", "denominator"))
    )
    # Keys come from indicators.toml, never from a document. Grouped by agency and year too, which a report has one of:
    # only then does SQLite narrow the rows by them before it gathers them (1 ms for an agency, not 600).
    return f"""
CREATE VIEW "{RATES}" AS
SELECT indicators.report_id, reports.agency_id, agencies.name AS agency, reports.year, reports.form,
  {picked}
FROM indicators JOIN reports ON reports.id = indicators.report_id JOIN agencies ON agencies.id = reports.agency_id
GROUP BY indicators.report_id, reports.agency_id, reports.year
"""  # noqa: S608


def wide_view(name: str) -> str:
    """Return CREATE VIEW for one table of the form, over all generations that have it."""
    columns = dict.fromkeys(
        column.key for table in _generations(name) for grid in table.grids for column in grid.columns
    )
    picked = ",\n  ".join(
        f'max(CASE WHEN cells."column" = \'{column}\' THEN cells.value END) AS "{column}"' for column in columns
    )
    # Keys come from the form files, never from a document.
    return f"""
CREATE VIEW "{name}" AS
SELECT cells.report_id, reports.agency_id, agencies.name AS agency, reports.year, reports.form, cells."row",
  {picked}
FROM cells JOIN reports ON reports.id = cells.report_id JOIN agencies ON agencies.id = reports.agency_id
WHERE cells."table" = '{name}'
GROUP BY cells.report_id, cells."row"
"""  # noqa: S608


def _generations(name: str) -> list[TableForm]:
    return [table for form in forms() for table in form.tables if table.key == name]
