"""Line numbers before the labels of a table are neither labels nor values, however they are written."""

from __future__ import annotations

import pytest

from archive.reading import read_bytes

ROWS = ["（一）收到申请数", "1.当面申请数", "2.传真申请数", "（二）申请办结数"]


@pytest.mark.parametrize("mark", ["{}", "{}.", "{}、", "{}．"])
@pytest.mark.parametrize("word", ["序号", ""])
def test_rows_are_read_behind_their_line_numbers(mark, word):
    lines = [[word, "统计指标", "单位", "统计数"], [mark.format(1), "三、依申请公开情况", "", ""]]
    lines += [[mark.format(number), label, "件", str(10 * number)] for number, label in enumerate(ROWS, 2)]
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    title = "<h1>南岗区教育局2016年政府信息公开工作年度报告</h1><p>附表</p>"
    line = read_bytes(f"<html><body>{title}<table>{rows}</table></body></html>".encode())
    assert {cell["row"]: cell["value"] for cell in line["cells"]} == {
        "request_received": 20, "request_in_person": 30, "request_fax": 40, "request_closed": 50,
    }  # fmt: skip
