"""Table 3, in the three shapes it has been seen in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from crawler.replica.form import REQUESTS, CellKey, Form, Row
from crawler.replica.layouts.grid import Grid, GridCell, filler, label, value
from crawler.replica.layouts.labels import written

# The label area is three columns wide.
_LABELS = 3


def official(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> Grid:
    """As printed: head 3 x 3, 自然人 and 总计 over two rows, 三、 over all its rows."""
    return (*_head(form, noise, hangzhou=False), *_body(form, cells, noise))


def hangzhou(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> Grid:
    """自然人 and 总计 in the second head row only, with empty cells below them."""
    return (*_head(form, noise, hangzhou=True), *_body(form, cells, noise))


def seed(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> Grid:
    """As in the rebuilt report: ten cells a row, no spans, rows that begin at different cells.

    总计 stands in the first head row. Rows with a third-level label begin their values at cell 3, all others at
    cell 2 and end with an empty cell; 3.其他 stands in the first cell.
    """
    names = [label(written(text, noise)) for _, text in form.columns]
    rows = [
        [label(written(form.gloss, noise)), *filler(), label(form.applicants), *filler(5), names[-1], *filler()],
        [*filler(2), names[0], label(form.organisations), *filler(6)],
        [*filler(3), *names[1:-1], *filler(2)],
    ]
    before: tuple[str, ...] = ()
    for row in form.rows:
        text = label(written(row.label, noise))
        groups = [
            label(written(form.groups[group], noise)) if group not in before else filler()[0] for group in row.under
        ]
        if row.key == "other_misc" or not row.under or row.key == "results_total":
            lead = [text, *filler()]
        else:
            lead = [*groups, text]
        tail = [] if len(lead) == _LABELS else filler()
        rows.append([*lead, *_values(form, cells, row), *tail])
        before = row.under
    return tuple(map(tuple, rows))


def _head(form: Form, noise: Sequence[str], *, hangzhou: bool) -> list[tuple[GridCell, ...]]:
    names = [written(text, noise) for _, text in form.columns]
    down = 1 if hangzhou else 2
    below = filler() if hangzhou else []
    return [
        (
            label(written(form.gloss, noise), rowspan=3, colspan=_LABELS),
            label(written(form.applicants, noise), colspan=len(names)),
        ),
        (
            label(names[0], rowspan=down),
            label(written(form.organisations, noise), colspan=len(names) - 2),
            label(names[-1], rowspan=down),
        ),
        (*below, *map(label, names[1:-1]), *below),
    ]


def _body(form: Form, cells: Mapping[CellKey, str], noise: Sequence[str]) -> list[tuple[GridCell, ...]]:
    rows = []
    for under, group in groupby(form.rows, key=lambda row: row.under):
        members = list(group)
        for number, row in enumerate(members):
            lead = []
            if row.key == "granted":
                count = sum(bool(other.under) for other in form.rows)
                lead.append(label(written(form.groups["results"], noise), rowspan=count))
            if len(under) > 1 and number == 0:
                lead.append(label(written(form.groups[under[-1]], noise), rowspan=len(members)))
            lead.append(label(written(row.label, noise), colspan=_LABELS - len(under)))
            rows.append((*lead, *_values(form, cells, row)))
    return rows


def _values(form: Form, cells: Mapping[CellKey, str], row: Row) -> list[GridCell]:
    return [value(cells[REQUESTS, row.key, column]) for column, _ in form.columns]


SHAPES = {"official": official, "hangzhou": hangzhou, "seed": seed}
