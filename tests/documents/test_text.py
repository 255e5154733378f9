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
