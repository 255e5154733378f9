"""Files that are no annual report, or none any more: each gets a status and a reason, and none stops a reader."""

from __future__ import annotations

import pytest

from archive.documents import programs
from archive.documents.ole import MAGIC
from archive.reading import read_bytes
from tests.documents.test_office import compound

BUDGET = (
    "<table><tr><td>项目</td><td>本年收入</td><td>本年支出</td><td>合计</td></tr>"
    "<tr><td>行政许可</td><td>12</td><td>13</td><td>25</td></tr></table>"
)


@pytest.mark.parametrize(
    "title",
    ["哈尔滨市财政局2022年部门预算公开", "南岗区2022年法治政府建设年度报告", "哈尔滨市教育局2022年度部门决算公开说明"],
)
def test_a_report_of_another_kind_gives_no_cell(title):
    page = f"<html><title>{title}</title><body><h1>{title}</h1><p>一、总体情况</p><p>全年收支平衡。</p>{BUDGET}</body></html>"
    line = read_bytes(page.encode())
    assert line["status"] == "not_a_report"
    assert line["cells"] == []
    assert line["error"]


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_says_so(data):
    line = read_bytes(data)
    assert line["status"] in ("unreadable", "not_a_report")
    assert line["error"]


def test_a_file_that_brings_libreoffice_down_gives_a_reason(tmp_path, monkeypatch):
    crashing = tmp_path / "soffice"
    crashing.write_text("#!/bin/sh\nkill -SEGV $$\n")
    crashing.chmod(0o755)
    monkeypatch.setattr(programs, "office", lambda: str(crashing))
    data = compound({"WordDocument": bytes(4096)})
    assert data.startswith(MAGIC)
    line = read_bytes(data)
    assert line["status"] == "unreadable"
    assert "LibreOffice" in line["error"]
