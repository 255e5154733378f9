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
        ["┌──┬──┐", *("│" + "│".join(row) + "│\n├──┼──┤" for row in ROWS)],
    ],
)
def test_tables_typed_with_bars_rules_or_spaces_are_tables(lines):
    document = read_text("\n".join(["一、总体情况", "全年平稳。", "", *lines, "", "六、其他"]).encode())
    assert [[cell.text for cell in row] for row in document.tables[0].rows] == ROWS
    assert [paragraph.text for paragraph in document.paragraphs] == ["一、总体情况", "全年平稳。", "六、其他"]


def test_letter_spaced_lines_are_no_table():
    text = "南 岗 区  教 育 局\n二  ○  二  二  年  度\n电话：0451-86212151  邮编：150001\n附件：1  2\n"
    assert read_text(text.encode()).tables == ()


def test_a_short_line_between_typed_rows_heads_those_under_it():
    lines = ["收到申请  件  12", "二、办理", "办结  件  10", "答复  件  9", "六、其他需要报告的事项"]
    document = read_text("\n".join(lines).encode())
    assert [row[0].text for row in document.tables[0].rows] == ["收到申请", "二、办理", "办结", "答复"]
    assert document.text == "六、其他需要报告的事项"
