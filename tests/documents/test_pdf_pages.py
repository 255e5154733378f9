"""Pages as programs print them: numbers broken or cut off, words in columns, tables that pages cut open."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

from archive.documents.model import Cell, Paragraph, Table
from archive.documents.pdf import read_pdf
from tests.documents.pdf_writing import FONT

Draw = Callable[[Canvas], None]
PROSE = "全年主动公开政府信息，较好地保障了公众的知情权，没有收费，也没有减免。"


def printed(*pages: Draw) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    for number, draw in enumerate(pages):
        canvas.setFont(FONT, 9)
        if number == 0:
            # A file with next to no text is taken for a scan.
            for y in (828, 816, 804, 792):
                canvas.drawString(60, y, PROSE)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def tables(*pages: Draw) -> list[Table]:
    return list(read_pdf(printed(*pages)).tables)


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def ruled(canvas: Canvas, xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[str]]) -> None:
    """A table with every line drawn; ``ys`` go down. A line break in a text begins a new line of the cell."""
    canvas.grid(list(xs), list(ys))
    for y, row in zip(ys, rows, strict=False):
        for x, text in zip(xs, row, strict=False):
            for number, line in enumerate(text.split("\n")):
                canvas.drawString(x + 3, y - 11 - 12 * number, line)


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (["9，398，", "214"], "9，398，214"),
        (["9，", "459，", "510"], "9，459，510"),
        (["8，57", "1，910"], "8，571，910"),
        (["4,484,3", "18"], "4,484,318"),
    ],
)
def test_a_number_with_commas_goes_on_in_the_next_line(lines, number):
    def draw(canvas: Canvas) -> None:
        ruled(
            canvas, [60, 160, 198, 236], [780, 740, 720], [["（一）予以公开", "\n".join(lines), "5"], ["（二）", "6"]]
        )

    assert tables(draw)[0].rows[0][1] == Cell(number)


def test_numbers_of_two_rows_without_a_line_between_are_two():
    def draw(canvas: Canvas) -> None:
        ruled(canvas, [60, 160, 220, 280], [780, 740], [["（一）予以公开", "1,234\n567", "5"]])

    assert "1,234 | 567" in texts(tables(draw)[0])[0]


def test_a_number_longer_than_its_cell_is_in_doubt_and_so_is_what_it_runs_into():
    def draw(canvas: Canvas) -> None:
        rows = [["（一）予以公开", "12345678", "", "1"], ["（二）部分公开", "12", "1234567", "2"]]
        ruled(canvas, [60, 160, 190, 250, 280], [780, 760, 740], rows)

    first, second = tables(draw)[0].rows
    assert [cell.doubt for cell in first] == [False, True, True, False]
    assert not any(cell.doubt for cell in second)


def test_a_number_printed_figure_by_figure_over_the_side_of_its_cell_is_in_doubt_in_whatever_order():
    def draw(canvas: Canvas) -> None:
        ruled(canvas, [60, 160, 189, 250], [780, 760], [["（一）予以公开", "", ""]])
        for number in (0, 6, 2, 4, 1, 5, 3):
            canvas.drawString(163 + 4.5 * number, 769, str(number + 1))

    assert [cell.doubt for cell in tables(draw)[0].rows[0]] == [False, True, True]


def test_a_number_over_the_edge_of_the_table_or_the_page_is_in_doubt():
    def draw(canvas: Canvas) -> None:
        ruled(canvas, [60, 160, 190], [780, 760], [["（一）予以公开", "1234567"]])
        ruled(canvas, [480, 560, 590], [700, 680], [["（二）部分公开", "1234567"]])

    assert [table.rows[0][1].doubt for table in tables(draw)] == [True, True]


def test_a_cell_over_the_side_of_the_page_is_not_blank():
    def draw(canvas: Canvas) -> None:
        ruled(canvas, [400, 500, 560, 640], [780, 760], [["（一）予以公开", "1", ""]])
        canvas.drawString(610, 768, "2")

    assert [cell.doubt for cell in tables(draw)[0].rows[0]] == [False, False, True]


def test_words_written_in_columns_from_the_right_are_read_down_the_columns():
    def draw(canvas: Canvas) -> None:
        canvas.grid([60, 90, 160, 200], [780, 700])
        for x, column in ((76, "三、本年度"), (64, "办理结果")):
            for number, mark in enumerate(column):
                canvas.drawString(x, 765 - 9 * number, mark)
        canvas.drawString(95, 740, "予以公开")
        canvas.drawString(165, 740, "7")

    assert texts(tables(draw)[0]) == [["三、本年度办理结果", "予以公开", "7"]]


def test_a_label_that_goes_on_below_the_last_line_of_a_page_is_read_where_nothing_closes_its_cell():
    def draw(canvas: Canvas) -> None:
        canvas.lines([(x, 140, x, 100) for x in (60, 100, 200, 240)])
        canvas.lines([(60, 140, 240, 140), (100, 120, 240, 120), (100, 100, 240, 100)])
        for number, line in enumerate(["三、本", "年度", "办理", "结果"]):
            canvas.drawString(63, 130 - 12 * number, line)
        for number, text in enumerate(["（一）予以公开", "（二）部分公开"]):
            canvas.drawString(103, 126 - 20 * number, text)
            canvas.drawString(203, 126 - 20 * number, str(number + 7))

    assert texts(tables(draw)[0])[0] == ["三、本年度办理结果", "（一）予以公开", "7"]


@pytest.mark.parametrize("down", [0, 4.5])
def test_columns_of_words_need_not_stand_level(down):
    def draw(canvas: Canvas) -> None:
        canvas.grid([60, 90, 160, 200], [780, 700])
        for x, top, column in ((76, 760 - down, "（三）"), (64, 760, "不予公开")):
            for number, mark in enumerate(column):
                canvas.drawString(x, top - 9 * number, mark)
        canvas.drawString(95, 740, "国家秘密")
        canvas.drawString(165, 740, "7")

    assert texts(tables(draw)[0]) == [["（三）不予公开", "国家秘密", "7"]]


def test_a_label_of_one_character_a_line_reads_down_wherever_each_stands():
    def draw(canvas: Canvas) -> None:
        canvas.grid([60, 90, 160], [780, 700])
        for number, (mark, x) in enumerate(zip("科研机构", (66, 66, 66, 72), strict=True)):
            canvas.drawString(x, 765 - 12 * number, mark)
        canvas.drawString(95, 740, "7")

    assert texts(tables(draw)[0]) == [["科研机构", "7"]]


def test_a_column_that_a_page_cuts_open_above_and_below_belongs_to_its_table():
    xs = [60, 100, 200, 240]

    def first(canvas: Canvas) -> None:
        ruled(canvas, xs, [120, 100, 80], [["", "（一）予以公开", "1"], ["", "（二）部分公开", "2"]])
        canvas.setFillGray(1)
        canvas.rect(60.5, 99, 39, 2, stroke=0, fill=1)
        canvas.setFillGray(0)

    def second(canvas: Canvas) -> None:
        canvas.lines([(x, 780, x, 720) for x in xs])
        canvas.lines([(100, y, 240, y) for y in (780, 760, 740, 720)])
        for number, text in enumerate("三四五"):
            canvas.drawString(103, 766 - 20 * number, f"（{text}）不予公开")
            canvas.drawString(203, 766 - 20 * number, str(number + 3))

    found = tables(first, second)
    assert [row[-1] for row in texts(found[0])] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("rows", [3, 1])
def test_the_rest_of_a_label_of_several_rows_below_a_page_break_goes_back_to_it(rows):
    xs = [50, 100, 200, 240]
    low = [780 - 20 * number for number in range(rows + 1)]

    def first(canvas: Canvas) -> None:
        canvas.lines([(x, 140, x, 80) for x in xs])
        canvas.lines([(100, y, 240, y) for y in (120, 100)] + [(50, y, 240, y) for y in (140, 80)])
        canvas.drawString(53, 112, "（五")
        for number in range(3):
            canvas.drawString(103, 126 - 20 * number, f"{number + 1}.申请")
            canvas.drawString(203, 126 - 20 * number, "1")

    def second(canvas: Canvas) -> None:
        canvas.lines([(x, 780, x, low[-1]) for x in xs])
        canvas.lines([(100, y, 240, y) for y in low[1:-1]] + [(50, y, 240, y) for y in (780, low[-1])])
        canvas.drawString(53, 766, "）不予处理")
        for number in range(rows):
            canvas.drawString(103, 766 - 20 * number, f"{number + 4}.出版物")
            canvas.drawString(203, 766 - 20 * number, "2")

    found = texts(tables(first, second)[0])
    assert found[0][0] == "（五）不予处理"
    assert [row[-1] for row in found] == ["1"] * 3 + ["2"] * rows


def test_a_blank_row_at_the_top_of_a_page_is_no_part_of_the_row_above():
    xs = [60, 260, 320]
    above = [
        "1.属于范围（件）",
        "2.同意公开（件）",
        "3.部分公开（件）",
        "其中：国家秘密（件）",
        "商业秘密（件）",
        "不是政府信息（件）",
    ]

    def first(canvas: Canvas) -> None:
        ruled(canvas, xs, [200 - 20 * number for number in range(7)], [[text, ""] for text in above])

    def second(canvas: Canvas) -> None:
        ruled(canvas, xs, [780, 760, 740], [["其他情形（件）", ""], ["5.不属于本机关（件）", ""]])

    assert len(texts(tables(first, second)[0])) == 8


def test_a_blank_first_row_below_a_header_at_the_end_of_a_page_is_no_part_of_the_header():
    xs = [60, 160, 260, 360]

    def first(canvas: Canvas) -> None:
        ruled(canvas, xs, [120, 100, 80], [["第二十条第（一）项"], ["信息内容", "本年制发件数", "本年废止件数"]])

    def second(canvas: Canvas) -> None:
        ruled(canvas, xs, [780, 760, 740], [["规章", "", ""], ["行政规范性文件", "1", "2"]])

    assert texts(tables(first, second)[0])[2:] == [["规章", "", ""], ["行政规范性文件", "1", "2"]]


def test_a_table_printed_twice_is_no_long_one():
    rows = [["行政复议", "348"], ["行政诉讼", "16"]]

    def draw(canvas: Canvas) -> None:
        ruled(canvas, [60, 160, 220], [780, 760, 740], rows)

    assert [texts(table) for table in tables(draw, draw)] == [rows, rows]


def test_lines_that_count_the_pages_are_left_out_and_part_no_table():
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            rows = [[f"{number}{line}.申请", str(line)] for line in range(30)]
            ruled(canvas, [60, 160, 220], [780 - 20 * line for line in range(31)], rows)
            canvas.drawString(60, 30, f"file:///report.html 共3页 第{number}页 2024年")

        return draw

    document = read_pdf(printed(page(1), page(2), page(3)))
    assert [len(table.rows) for table in document.tables] == [90]
    assert not any("共3页" in block.text for block in document.blocks if isinstance(block, Paragraph))


@pytest.mark.parametrize("pieces", [["116", "540", "68"], ["8，", "207，", "117"]])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_without_lines_a_number_broken_by_its_column_gives_no_number(pieces, level):
    """Which of the pieces stands level with its label says nothing."""

    def draw(canvas: Canvas) -> None:
        for x, text in ((220, "自然人"), (245, "企业"), (270, "总计")):
            canvas.drawString(x, 780, text)
        for row, label in enumerate(["一、本年新收政府信息公开", "二、上年结转政府信息", "四、结转下年度"]):
            y = 740 - 50 * row
            canvas.drawString(60, y - 11 * level, label)
            for x in (220, 270):
                canvas.drawString(x, y - 11 * level, "5")
            for number, piece in enumerate(pieces if row == 0 else ["24"]):
                canvas.drawString(245, y - 11 * (number if row == 0 else level), piece)

    for table in tables(draw):
        for row in table.rows:
            assert all(cell.doubt or cell.text not in pieces for cell in row)


def test_pictures_as_thin_as_a_line_are_lines():
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    dot = ImageReader(Image.new("RGB", (1, 1)))

    def draw(canvas: Canvas) -> None:
        for x in (60, 160, 220):
            canvas.drawImage(dot, x, 740, 0.7, 40)
        for y in (780, 760, 740):
            canvas.drawImage(dot, 60, y, 160, 0.7)
        for number, text in enumerate(["（一）予以公开", "（二）部分公开"]):
            canvas.drawString(63, 767 - 20 * number, text)
            canvas.drawString(163, 767 - 20 * number, str(number + 7))

    assert texts(tables(draw)[0]) == [["（一）予以公开", "7"], ["（二）部分公开", "8"]]
