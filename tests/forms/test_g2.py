"""The statistics table of 2014 to 2018: one list of indicators, the same labels under several headings."""

from __future__ import annotations

import random

import pytest

from archive.forms.model import forms
from archive.reading import read_bytes

# (indent, label as printed, unit, key or None for a heading without a number)
ROWS = [
    (0, "一、主动公开情况", "", None),
    (1, "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", "active_total"),
    (2, "其中：主动公开规范性文件数", "条", "active_normative"),
    (2, "制发规范性文件总数", "件", "normative_issued"),
    (1, "（二）通过不同渠道和方式公开政府信息的情况", "", None),
    (2, "1．政府公报公开政府信息数", "条", "active_gazette"),
    (2, "2．政府网站公开政府信息数", "条", "active_website"),
    (2, "3．政务微博公开政府信息数", "条", "active_weibo"),
    (2, "4．政务微信公开政府信息数", "条", "active_wechat"),
    (2, "5．其他方式公开政府信息数", "条", "active_other_channel"),
    (0, "三、依申请公开情况", "", None),
    (1, "（一）收到申请数", "件", "request_received"),
    (2, "1．当面申请数", "件", "request_in_person"),
    (2, "2．传真申请数", "件", "request_fax"),
    (2, "3．网络申请数", "件", "request_online"),
    (2, "4．信函申请数", "件", "request_letter"),
    (1, "（二）申请办结数", "件", "request_closed"),
    (2, "1．按时办结数", "件", "request_closed_on_time"),
    (2, "2．延期办结数", "件", "request_closed_extended"),
    (0, "四、行政复议数量", "件", "review_total"),
    (1, "（一）维持具体行政行为数", "件", "review_upheld"),
    (1, "（二）被依法纠错数", "件", "review_corrected"),
    (1, "（三）其他情形数", "件", "review_other"),
    (0, "五、行政诉讼数量", "件", "litigation_total"),
    (1, "（一）维持具体行政行为或者驳回原告诉讼请求数", "件", "litigation_upheld"),
    (1, "（二）被依法纠错数", "件", "litigation_corrected"),
    (1, "（三）其他情形数", "件", "litigation_other"),
    (0, "六、举报投诉数量", "件", "complaints"),
    (0, "七、依申请公开信息收取的费用", "元", "request_fees"),
    (0, "八、机构建设和保障经费情况", "", None),
    (1, "（三）从事政府信息公开工作人员数", "人", "capacity_staff"),
    (2, "1．专职人员数（不包括政府公报及政府网站工作人员数）", "人", "capacity_staff_full"),
    (2, "2．兼职人员数", "人", "capacity_staff_part"),
]  # fmt: skip


def page(numbers: dict[str, str], *, unit_column: bool, indent: str) -> bytes:
    head = "<tr><td>统计指标</td>" + ("<td>单位</td>" if unit_column else "") + "<td>统计数</td></tr>"
    lines = []
    for depth, label, unit, key in ROWS:
        if indent == "cells":
            lead = "<td></td>" * depth
            label_cell = f"<td colspan={3 - depth}>{label}</td>"
        else:
            lead, label_cell = "", f"<td>{'&nbsp;' * 4 * depth}{label}</td>"
        number = numbers.get(key, "") if key else ""
        value = f"<td>{number}</td>" if unit_column else f"<td>{number}{unit if number else ''}</td>"
        lines.append(f"<tr>{lead}{label_cell}" + (f"<td>{unit}</td>" if unit_column else "") + f"{value}</tr>")
    return (
        "<html><h1>方正县教育局2016年政府信息公开工作年度报告</h1><p>一、概述</p><p>全年平稳。</p><p>附表</p><table>"
        + head + "".join(lines) + "</table></html>"
    ).encode()  # fmt: skip


KEYS = [key for _, _, _, key in ROWS if key]


@pytest.mark.parametrize("unit_column", [True, False])
@pytest.mark.parametrize("indent", ["cells", "spaces"])
def test_every_indicator_is_read_under_its_heading(unit_column, indent):
    chance = random.Random(7)
    numbers = {key: str(chance.randint(1, 9000)) for key in KEYS}
    line = read_bytes(page(numbers, unit_column=unit_column, indent=indent))
    assert line["report"]["form"] == "g2"
    found = {cell["row"]: cell["value"] for cell in line["cells"]}
    expected = {key: int(number) for key, number in numbers.items()}
    expected["request_fees"] /= 10_000  # printed in 元, kept in 万元
    assert found == expected
    assert {cell["column"] for cell in line["cells"]} == {"value"}


def test_wholes_that_are_not_the_sum_of_their_parts_are_found():
    numbers = dict.fromkeys(KEYS, "0") | {"request_received": "5", "request_online": "4", "capacity_staff": "2"}
    line = read_bytes(page(numbers, unit_column=True, indent="cells"))
    assert [(found["rule"], found["row"], found["expected"], found["actual"]) for found in line["findings"]] == [
        ("STAT-SUM", "request_received", 4, 5),
        ("STAT-SUM", "capacity_staff", 0, 2),
    ]


def test_a_local_table_with_two_columns_of_numbers_is_not_guessed_at():
    data = page(dict.fromkeys(KEYS, "3"), unit_column=True, indent="spaces").replace(
        b"<td>3</td>", b"<td>3</td><td>30</td>"
    )
    line = read_bytes(data)
    assert {cell["state"] for cell in line["cells"]} == {"unreadable"}
    assert line["status"] == "partial"


def test_the_table_has_its_fifty_eight_indicators():
    table = next(form for form in forms() if form.id == "g2").table("statistics")
    assert len(table.cells) == 58
    assert all(total in dict(table.cells) and set(parts) <= dict(table.cells).keys() for total, parts in table.sums)
