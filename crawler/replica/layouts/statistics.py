"""The statistics table of 2014 to 2018: a row an indicator, in the three shapes it is rebuilt in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crawler.replica.form import STATISTICS, VALUE, CellKey, Form, Indicator
from crawler.replica.layouts.grid import Grid, GridCell, filler, label, value
from crawler.replica.layouts.labels import written

_INDENT = "　"


def plain(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> Grid:
    """Label, unit and number; the cells beside a heading are empty."""
    rows = [(label("统计指标"), label("单位"), label("统计数"))]
    for indicator in form.indicators:
        unit = [label(indicator.unit)] if indicator.unit else filler()
        rows.append((label(written(indicator.label, noise)), *unit, *_number(indicator, cells, filler())))
    return tuple(rows)


def spanned(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> Grid:
    """Headings across the whole table."""
    rows = [(label("指标名称"), label("计量单位"), label("数量"))]
    for indicator in form.indicators:
        text = written(indicator.label, noise)
        if indicator.key:
            rows.append((label(text), label(indicator.unit), *_number(indicator, cells, [])))
        else:
            rows.append((label(text, colspan=3),))
    return tuple(rows)


def indented(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> Grid:
    """Two columns: rows set in by their depth, the unit in brackets behind the label."""
    rows = [(label("统计指标"), label("统计数"))]
    for indicator in form.indicators:
        unit = f"（{indicator.unit}）" if indicator.unit else ""
        text = f"{_INDENT * indicator.level}{written(indicator.label, noise)}{unit}"
        rows.append((label(text), *_number(indicator, cells, filler())))
    return tuple(rows)


def _number(indicator: Indicator, cells: Mapping[CellKey, str], without: Sequence[GridCell]) -> Sequence[GridCell]:
    return [value(cells[STATISTICS, indicator.key, VALUE])] if indicator.key else without


SHAPES = {"plain": plain, "spanned": spanned, "indented": indented}
