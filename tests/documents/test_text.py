import pytest

from archive.documents.model import Paragraph, Table
from archive.documents.text import read_text


def test_a_paragraph_cut_by_blank_lines_is_joined_and_headings_are_not():
    document = read_text(
        "一、总体情况\n\n（一）主动公开情况。2022 年，局办公室负责日常工作，并指\n\n定由专人负责此项工作。\n\n（二）依申请公开。无。\n".encode()
    )
    assert [block.text for block in document.blocks] == [
        "一、总体情况",
        "（一）主动公开情况。2022 年，局办公室负责日常工作，并指定由专人负责此项工作。",
        "（二）依申请公开。无。",
    ]


def test_lines_with_tabs_are_one_table_until_a_line_without():
    document = read_text("表头\n甲\t1\t\n\t2\t3\n\n尾\n".encode("gb18030"))
    assert isinstance(document.blocks[1], Table)
    assert [[cell.text for cell in row] for row in document.blocks[1].rows] == [["甲", "1", ""], ["", "2", "3"]]
    assert document.blocks[2] == Paragraph("尾")


ROWS = [["指标", "单位", "数"], ["收到申请", "件", "12"], ["办结", "件", "10"], ["答复", "件", "9"]]


@pytest.mark.parametrize(
    "lines",
    [
        ["    ".join(row) for row in ROWS],
        ["　".join(row) for row in ROWS],
        ["|" + "|".join(row) + "|" for row in ROWS],
        ["| " + " | ".join(row) + " |" + ("\n|---|---|---|" if row is ROWS[0] else "") for row in ROWS],
        [" | ".join(row) + " |" for row in ROWS],
        [",".join(row) for row in ROWS],
        ["┌──┬──┐", *("│" + "│".join(row) + "│\n├──┼──┤" for row in ROWS)],
    ],
)
def test_tables_typed_with_bars_rules_or_spaces_are_tables(lines):
    document = read_text("\n".join(["一、总体情况", "全年平稳。", "", *lines, "", "六、其他"]).encode())
    assert [[cell.text for cell in row] for row in document.tables[0].rows] == ROWS
    assert [paragraph.text for paragraph in document.paragraphs] == ["一、总体情况", "全年平稳。", "六、其他"]


def test_bars_of_merged_cells_are_blank_cells():
    rows = read_text("第二十条第(五)项 | |||\n信息内容 | 数量 | ||\n行政许可 | 1517 | ||\n".encode()).tables[0].rows
    assert [[cell.text for cell in row] for row in rows] == [
        ["第二十条第(五)项", "", "", ""],
        ["信息内容", "数量", "", ""],
        ["行政许可", "1517", "", ""],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "规章\n|\n0\n|\n\n|\n商业\n企业\n|\n12\n|\n",
        "规章 |\n0 |\n|\n商业\n企业\n|\n12 |\n",
        "| 规章\n|\n0\n|\n\n|\n| 商业企业\n|\n12\n|",
    ],
)
def test_cells_on_lines_of_their_own_with_bars_between_are_one_a_row(text):
    (table,) = read_text(f"二、主动公开政府信息情况\n{text}\n三、其他".encode()).tables
    assert [[cell.text for cell in row] for row in table.rows] == [["规章"], ["0"], [""], ["商业企业"], ["12"]]


def test_commas_of_thousands_part_no_cells():
    text = "许可 7 1,234\n处罚 8 2,345\n强制 9 3,456\n"
    assert read_text(text.encode()).tables == ()
    rows = read_text(b"a,12,345\nb,1,2\nc,3,4\n").tables[0].rows
    assert [cell.text for cell in rows[0]] == ["a", "12", "345"]


def test_the_marks_of_markdown_are_no_words():
    document = read_text(
        "## 一、总体情况\n\n全年平稳，\n\n# 附表\n\n| 指标 | 数 |\n|---|---|\n| **办结**<br>数 | **12** |\n".encode()
    )
    assert [block.text for block in document.paragraphs] == ["一、总体情况", "全年平稳，", "附表"]
    assert [[cell.text for cell in row] for row in document.tables[0].rows] == [["指标", "数"], ["办结数", "12"]]


def test_letter_spaced_lines_are_no_table():
    text = "南 岗 区  教 育 局\n二  ○  二  二  年  度\n电话：0451-86212151  邮编：150001\n附件：1  2\n"
    assert read_text(text.encode()).tables == ()


def test_a_short_line_between_typed_rows_heads_those_under_it():
    lines = ["收到申请  件  12", "二、办理", "办结  件  10", "答复  件  9", "六、其他需要报告的事项"]
    document = read_text("\n".join(lines).encode())
    assert [row[0].text for row in document.tables[0].rows] == ["收到申请", "二、办理", "办结", "答复"]
    assert document.text == "六、其他需要报告的事项"
