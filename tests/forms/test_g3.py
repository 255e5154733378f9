"""The form of 2019 and 2020, laid out as 上海市政府办公厅 2019 did: header and data rows merge different cells."""

from __future__ import annotations

import random

from archive.forms.model import forms
from archive.reading import read_bytes
from tests.forms import paper

BLOCKS = [
    ("一", ["本年新<br>制作数量", "本年新<br>公开数量", "对外公开总数量"], [1, 2, 1],
     [("规章", ["2", "2", "30"]), ("规范性文件", ["13", "12", "240"])], [2, 1, 1]),
    ("五", ["上一年项目数量", "本年增/减", "处理决定数量"], [1, 2, 1],
     [("行政许可", ["120", "-8", "1036"]), ("其他对外管理服务事项", ["7", "＋3", "0"])], [2, 1, 1]),
    ("六", ["上一年项目数量", "本年增/减", "处理决定数量"], [1, 2, 1],
     [("行政处罚", ["55", "0", "19"]), ("行政强制", ["4", "1", "-"])], [2, 1, 1]),
    ("八", ["上一年项目数量", "本年增/减"], [2, 2], [("行政事业性收费", ["3", "0"])], [3, 1]),
    ("九", ["采购项目数量", "采购总金额"], [2, 2], [("政府集中采购", ["5", "25.1万元"])], [1, 3]),
]  # fmt: skip


def page() -> bytes:
    noise = paper.Noise(random.Random(1), label_noise=False)
    rows = []
    for item, header, spans, lines, data_spans in BLOCKS:
        rows.append(f"<tr><td colspan=5>第二十条第（{item}）项</td></tr>")
        cells = "".join(f"<td colspan={span}>{text}</td>" for text, span in zip(header, spans, strict=True))
        rows.append(f"<tr><td>信息内容</td>{cells}</tr>")
        for label, values in lines:
            cells = "".join(f"<td colspan={span}>{text}</td>" for text, span in zip(values, data_spans, strict=True))
            rows.append(f"<tr><td>{label}</td>{cells}</tr>")
    values = {key: str(number) for number, key in enumerate(paper.keys())}
    three = []
    for row in paper.table_three(values, noise):
        texts = [cell.text for cell in row]
        if any("行政机关不再处理" in text for text in texts):
            continue
        if "3.其他" in texts:
            row = [paper.Cell("（六）其他处理", 1, 2), *row[-7:]]
        three.append(row)
    four = paper.table_html(paper.table_four(values, noise), noise)
    return (
        "<html><h1>上海市政府办公厅2019年政府信息公开工作年度报告</h1><p>一、总体情况</p><table>"
        + "".join(rows) + "</table>" + paper.table_html(three, noise) + four + "<p>六、其他需要报告的事项</p></html>"
    ).encode()  # fmt: skip


def test_the_form_of_2019_is_read_by_the_same_engine():
    line = read_bytes(page())
    assert (line["report"]["form"], line["status"], line["notes"]) == ("g3", "complete", [])
    found = {(cell["table"], cell["row"], cell["column"]): (cell["value"], cell["state"]) for cell in line["cells"]}
    # 6 + 6 + 6 + 2 + 2 cells of table 2, 23 rows of 7, 15.
    assert len(found) == 22 + 161 + 15
    two = {key[1:]: value for key, (value, _) in found.items() if key[0] == "active_disclosure"}
    assert two["regulations", "total_disclosed"] == 30
    assert two["normative_documents", "newly_disclosed"] == 12
    assert two["administrative_licensing", "items_change"] == -8
    assert two["other_external_services", "items_change"] == 3
    assert found["active_disclosure", "administrative_coercion", "decisions"] == (None, "not_applicable")
    assert two["administrative_fees", "items_last_year"] == 3
    assert two["central_procurement", "procurement_projects"] == 5
    assert two["central_procurement", "procurement_amount"] == 251000, "in yuan, whatever unit the cell names"
    values = {key: number for number, key in enumerate(paper.keys())}
    assert found["requests", "other_processing", "total"][0] == values["requests", "other_misc", "total"]
    assert found["requests", "carried_out", "natural_person"][0] == values["requests", "carried_out", "natural_person"]
    assert not any(finding["rule"] == "NONNEG" for finding in line["findings"]), "a change may be negative"


def test_the_forms_data_is_whole():
    by_id = {form.id: form for form in forms()}
    assert sum(len(table.cells) for table in by_id["g3"].tables) == 198
    assert sum(len(table.cells) for table in by_id["g4"].tables) == 200
