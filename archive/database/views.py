"""The wide views researchers use: one line a row of the form, one column a column of it."""

from __future__ import annotations

from archive.forms.model import TableForm, forms

# Every table of every form, as the view of that name.
WIDE_VIEWS = ("active_disclosure", "requests", "remedies", "statistics")

COVERAGE = """
CREATE VIEW coverage AS
WITH years AS (SELECT DISTINCT year FROM reports)
SELECT agencies.id AS agency_id, agencies.name, agencies.district, agencies.level, years.year,
       reports.id AS report_id, coalesce(reports.status, 'missing') AS status, reports.published_on
FROM agencies CROSS JOIN years
LEFT JOIN reports ON reports.agency_id = agencies.id AND reports.year = years.year
"""


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
