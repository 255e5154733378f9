"""What Datasette says of the tables and columns, made from the schema and the forms: Chinese, English, unit."""

from __future__ import annotations

from typing import Any

from archive.database.schema import Column, TableDefinition, tables
from archive.database.search import INDEX
from archive.database.views import WIDE_VIEWS, views
from archive.forms.model import Entry, forms
from archive.indicators.model import indicators
from archive.site.builds import NAME
from archive.site.questions import canned_queries

TITLE = "哈尔滨政府信息公开年报档案"

# What stands for a row where another table refers to it, what lists are sorted by, and what they can be narrowed by.
_LABELS = {"agencies": "name", "reports": "title", "captures": "url"}
_SORTED = {
    "agencies": {"sort": "id"},
    "agency_names": {"sort": "name"},
    "successions": {"sort": "year"},
    "coverage": {"sort_desc": "year"},
    "reports": {"sort_desc": "year"},
    "versions": {"sort_desc": "first_seen"},
    "captures": {"sort_desc": "fetched_at"},
    "runs": {"sort_desc": "started_at"},
}
_FACETS = {
    "agencies": ["level", "district", "listed"],
    "fields": ["form", "table", "type"],
    "agency_names": ["kind"],
    "successions": ["year", "kind", "certainty"],
    "reports": ["year", "form", "status"],
    "sections": ["key"],
    "findings": ["rule", "severity"],
    "captures": ["role", "outcome", "media_type"],
    "runs": ["outcome"],
    "indicators": ["key", "reason"],
    "coverage": ["year", "level", "state"],
}
_WIDE = ("report_id", "agency_id", "agency", "year", "form", "row")
_WIDE_RATES = ("report_id", "agency_id", "agency", "year", "form")
_VIEW_COLUMNS = {
    "report_id": "报告标识 · Report",
    "agency_id": "机构标识 · Agency",
    "agency": "机构全称 · Agency's full name",
    "year": "报告年度 · Report year",
    "form": "表式代际 · Generation of the form",
    "row": "行 · Row of the form",
}


def metadata(*, public: bool) -> dict[str, Any]:
    """Return the metadata of the site. ``public`` turns arbitrary SQL off."""
    described = {name: _table(definition) for name, definition in tables().items()}
    described |= {name: _view(name) for name in views()}
    # How the schema came to be and what helps plan a query: of no use to a reader.
    for name in ("_sqlite_migrations", "sqlite_stat1", "sqlite_stat4"):
        described[name] = {"hidden": True}
    # The search box of these tables asks the index; its own tables hold nothing a person can read.
    for name in ("reports", "sections"):
        described[name] |= {"fts_table": INDEX, "fts_pk": "search_id"}
    described[INDEX] = {"hidden": True}
    described |= {f"{INDEX}_{part}": {"hidden": True, "allow": False} for part in ("config", "data", "docsize", "idx")}
    return {
        "title": TITLE,
        "databases": {
            NAME: {
                "title": f"{TITLE}：数据表",
                "description": (
                    "档案的全部数据表，可筛选、排序，并以 JSON 或 CSV 取用。"
                    " All tables of the archive, to filter, sort and take away as JSON or CSV."
                ),
                "allow_sql": not public,
                "tables": described,
                "queries": canned_queries(),
            }
        },
    }


def _table(definition: TableDefinition) -> dict[str, Any]:
    described: dict[str, Any] = {
        "title": f"{definition.name}：{definition.zh}",
        "description": definition.en,
        "columns": {column.name: _column(column) for column in definition.columns},
        **_SORTED.get(definition.name, {}),
    }
    if definition.name in _LABELS:
        described["label_column"] = _LABELS[definition.name]
    if definition.name in _FACETS:
        described["facets"] = _FACETS[definition.name]
    return described


def _column(column: Column) -> str:
    unit = f"（单位 unit：{column.unit}）" if column.unit else ""
    return f"{column.zh} · {column.en}{unit}"


def _view(name: str) -> dict[str, Any]:
    title, description = views()[name]
    columns = {column: _VIEW_COLUMNS[column] for column in (_WIDE if name in WIDE_VIEWS else _WIDE_RATES)}
    if name in WIDE_VIEWS:
        columns |= {entry.key: _value_column(entry, unit) for entry, unit in _value_columns(name)}
    else:
        columns |= _rate_columns()
    described: dict[str, Any] = {"title": f"{name}：{title}", "description": description, "columns": columns}
    if name in _FACETS:
        described["facets"] = _FACETS[name]
    return described


def _rate_columns() -> dict[str, str]:
    described = {}
    for rate in indicators():
        described[rate.key] = f"{rate.zh} · {rate.en}（单位 unit：比值 ratio）"
        described[f"n_{rate.key}"] = f"{rate.zh}的分母 · Denominator of {rate.key}（单位 unit：件 case）"
    return described


def _value_columns(name: str) -> list[tuple[Entry, str | None]]:
    found = [table for form in forms() for table in form.tables if table.key == name]
    return [(column, table.unit) for table in found for grid in table.grids for column in grid.columns]


def _value_column(entry: Entry, unit: str | None) -> str:
    unit = entry.unit or unit
    words = f"{entry.group}：{entry.label}" if entry.group else entry.label
    return f"{words}（单位：{unit}）" if unit else words
