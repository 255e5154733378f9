"""The tables as the official form prints them."""

from __future__ import annotations

import pytest

from archive.forms.model import forms
from archive.site.layout import Head, Slot, layout, optional_keys

EVERY_TABLE = [(form.id, table.key) for form in forms() for table in form.tables]


def grid(found, lines) -> list[list]:
    """Expand spans, so that each line has as many places as the table has columns."""
    width = sum(found.widths)
    rows = [[None] * width for _ in lines]
    for y, line in enumerate(lines):
        x = 0
        for cell in line:
            while rows[y][x] is not None:
                x += 1
            for dy in range(getattr(cell, "rows", 1)):
                for dx in range(cell.columns):
                    assert rows[y + dy][x + dx] is None, f"two cells in one place: {cell}"
                    rows[y + dy][x + dx] = cell
            x += cell.columns
    return rows


@pytest.mark.parametrize(("form", "table"), EVERY_TABLE)
def test_every_table_of_every_form_is_a_full_rectangle_with_each_cell_once(form, table):
    found = layout(form, table)
    for lines in (found.head, *found.bodies):
        assert all(cell is not None for row in grid(found, lines) for cell in row)
    slots = [cell for body in found.bodies for line in body for cell in line if isinstance(cell, Slot)]
    definition = next(entry for entry in forms() if entry.id == form).table(table)
    assert sorted((slot.row, slot.column) for slot in slots) == sorted(definition.cells)


def test_the_requests_table_spans_as_on_paper():
    found = layout("g4", "requests")
    assert [[(cell.text, cell.rows, cell.columns) for cell in line] for line in found.head] == [
        [("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3), ("申请人情况", 1, 7)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        [(name, 1, 1) for name in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
    ]
    heads = {cell.text: cell for body in found.bodies for line in body for cell in line if isinstance(cell, Head)}
    assert heads["三、本年度办理结果"].rows == 22
    assert [heads[name].rows for name in ("（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理")] == [
        8,
        3,
        5,
        3,
    ]
    assert heads["（一）予以公开"].columns == 2
    assert heads["四、结转下年度继续办理"].columns == 3


def test_the_requests_table_of_2019_has_20_rows_of_results():
    heads = [cell for body in layout("g3", "requests").bodies for line in body for cell in line]
    assert next(cell for cell in heads if getattr(cell, "text", "") == "三、本年度办理结果").rows == 20


def test_the_remedies_table_spans_as_on_paper():
    top, middle, bottom = layout("g4", "remedies").head
    assert [(cell.text, cell.rows, cell.columns) for cell in top] == [("行政复议", 1, 5), ("行政诉讼", 1, 10)]
    assert [(cell.text, cell.rows, cell.columns) for cell in middle[-2:]] == [
        ("未经复议直接起诉", 1, 5),
        ("复议后起诉", 1, 5),
    ]
    assert [cell.rows for cell in middle[:5]] == [2] * 5
    assert len(bottom) == 10


def test_rows_and_columns_outside_the_official_form_get_a_place_when_a_report_has_them():
    extra = optional_keys("g4", "requests")
    assert {"legal_person_subtotal", "denied_subtotal"} <= extra
    found = layout("g4", "requests", frozenset({"legal_person_subtotal", "denied_subtotal"}))
    assert ("denied_subtotal", "legal_person_subtotal") in found.slots()
    for lines in (found.head, *found.bodies):
        assert all(cell is not None for row in grid(found, lines) for cell in row)


def test_an_unknown_form_or_table_is_refused():
    with pytest.raises(KeyError, match="g9"):
        layout("g9", "requests")
    with pytest.raises(KeyError, match="nonsense"):
        layout("g4", "nonsense")
