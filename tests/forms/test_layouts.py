"""Layouts seen in published reports that the generator does not make: merged, split, with sums inside."""

from __future__ import annotations

import random

import pytest

from archive.documents.reading import read_document
from archive.forms.report import read_report
from archive.reading import read_bytes
from tests.forms import paper
from tests.forms.paper import Cell

NUMBERS = {key: str(number) for number, key in enumerate(paper.keys(), 1)}
NOISE = paper.Noise(random.Random(1), label_noise=False)


def page(*parts: str) -> bytes:
    return (
        "<html><body><div id='zoom'><h1>南岗区教育局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p>"
        + "".join(parts)
        + "<p>五、存在的主要问题及改进情况</p><p>六、其他需要报告的事项</p></div></body></html>"
    ).encode()


def html(rows: list[paper.Row]) -> str:
    return paper.table_html(rows, NOISE)


TWO = [row for block in paper.table_two(NUMBERS, NOISE) for row in block]
THREE = paper.table_three(NUMBERS, NOISE)
FOUR = paper.table_four(NUMBERS, NOISE)


def read(*parts: str) -> dict:
    line = read_bytes(page(*parts))
    assert all(cell["state"] == "number" for cell in line["cells"])
    return {(cell["table"], cell["row"], cell["column"]): str(cell["value"]) for cell in line["cells"]}


def test_all_three_tables_merged_in_one():
    assert read(html(TWO + THREE + FOUR)) == NUMBERS


def test_a_table_that_holds_the_tables():
    nested = (
        f"<table><tr><td>{html(TWO)}</td></tr><tr><td><p>三、收到和处理政府信息公开申请情况</p>{html(THREE)}</td></tr>"
    )
    assert read(nested + f"<tr><td>{html(FOUR)}</td></tr></table>") == NUMBERS


@pytest.mark.parametrize("at", [6, 9, 13, 20, 25])
@pytest.mark.parametrize("repeat_header", [True, False])
def test_table_three_broken_over_pages(at, repeat_header):
    head = THREE[:3] if repeat_header else []
    assert read(html(TWO), html(THREE[:at]), html([*head, *THREE[at:]]), html(FOUR)) == NUMBERS


def test_reviews_and_suits_in_two_tables():
    reviews = [[Cell("行政复议", 1, 5)], [Cell(label) for _, label in paper.T4_RESULTS], FOUR[3][:5]]
    suits = [
        [Cell("行政诉讼", 1, 10)],
        [Cell("未经复议直接起诉", 1, 5), Cell("复议后起诉", 1, 5)],
        [Cell(label) for _ in range(2) for _, label in paper.T4_RESULTS],
        FOUR[3][5:],
    ]
    assert read(html(TWO), html(THREE), html(reviews), html(suits)) == NUMBERS


def test_printed_sums_are_cells_of_their_own():
    """小计 as a column for organisations and as a row in each group (reported of 淮安 2023)."""
    rows = []
    number = 1000
    group = None
    for index, row in enumerate(THREE):
        cells = list(row)
        if index == 1:
            cells[1] = Cell("法人或其他组织", 1, 6)
        elif index == 2:
            cells = [*cells, Cell("小计")]
        elif index >= 3:
            cells.insert(len(cells) - 1, Cell(str(number + index)))
        rows.append(cells)
        if index == 0:
            cells[1] = Cell("申请人情况", 1, 8)
        label = next((cell.text for cell in cells if cell.text.startswith("（三）")), None)
        group = label or group
        if cells and any("8.属于行政查询事项" in cell.text for cell in cells):
            rows.append([Cell("小计"), *[Cell(str(7000 + n)) for n in range(8)]])
    data = page(html(TWO), html(rows), html(FOUR))
    line = read_bytes(data)
    found = {(cell["table"], cell["row"], cell["column"]): str(cell["value"]) for cell in line["cells"]}
    assert {key: found.get(key) for key in NUMBERS} == NUMBERS
    subtotals = {(cell.table, cell.row, cell.column) for cell in read_report(read_document(data)).subtotals}
    assert subtotals == found.keys() - NUMBERS.keys()
    assert found["requests", "new_received", "legal_person_subtotal"] == "1003"
    assert found["requests", "denied_subtotal", "natural_person"] == "7000"
    assert found["requests", "denied_subtotal", "legal_person_subtotal"] == "7006"
    assert found["requests", "denied_subtotal", "total"] == "7007"


def test_group_headings_lost_and_labels_without_their_numbers():
    rows = [
        [
            Cell(cell.text.split(".", 1)[-1], cell.rowspan, cell.colspan)
            for cell in row
            if not cell.text.startswith(("（三）", "（四）", "（五）", "三、"))
        ]
        for row in THREE
    ]
    assert read(html(TWO), html(rows), html(FOUR)) == NUMBERS


def test_numbers_of_a_table_that_is_no_part_of_the_form_are_not_read():
    other = "<table><tr><td>处室</td><td>行政许可</td><td>行政处罚</td></tr>"
    other += "<tr><td>法规科</td><td>900</td><td>901</td></tr></table>"
    mail = "<table><tr><td>咨询</td><td>投诉</td><td>总计</td></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>"
    assert read(other, mail, html(TWO), other, html(THREE), mail, html(FOUR), other) == NUMBERS


def test_a_statement_before_the_table_is_not_taken_for_a_row():
    zero = "<p>本年度未收到政府信息公开申请。</p><p>行政复议0件，行政诉讼0件。</p>"
    assert read(html(TWO), zero, html(THREE), zero, html(FOUR)) == NUMBERS
