"""Tables that could be read wrong: what the header settles is read, what it does not is left unread."""

from __future__ import annotations

import random

import pytest

from archive.forms.model import forms
from archive.reading import read_bytes
from tests.forms import paper
from tests.forms.paper import Cell
from tests.forms.test_layouts import FOUR, NUMBERS, THREE, TWO, html, page

NOISE = paper.Noise(random.Random(1), label_noise=False)


def read(*parts: str) -> dict:
    line = read_bytes(page(*parts))
    return {(cell["table"], cell["row"], cell["column"]): (cell["state"], cell["value"]) for cell in line["cells"]}


def right(found: dict) -> bool:
    return found == {key: ("number", int(value)) for key, value in NUMBERS.items()}


def wrong(found: dict) -> list:
    return [key for key, (state, value) in found.items() if state == "number" and value != int(NUMBERS.get(key, -1))]


def columns_moved(order: list[int]) -> list[paper.Row]:
    """Table 3 with its seven columns in another order, header and rows alike; the spans are right."""
    top = [Cell("自然人", 2), Cell("法人或其他组织", 1, 5), Cell("总计", 2)]
    rows = [THREE[0], [top[0 if n == 0 else 2 if n == 6 else 1] for n in order if n in (0, 1, 6)]]
    rows.append([Cell(paper.T3_COLUMNS[n][1]) for n in order if 0 < n < 6])
    for row in THREE[3:]:
        rows.append([*row[:-7], *[row[-7:][n] for n in order]])
    return rows


@pytest.mark.parametrize("order", [[1, 2, 3, 4, 5, 0, 6], [6, 0, 1, 2, 3, 4, 5], [0, 2, 1, 3, 4, 5, 6]])
def test_columns_in_another_order_are_read_by_their_labels(order):
    assert right(read(html(TWO), html(columns_moved(order)), html(FOUR)))


@pytest.mark.parametrize("claimed", [1, 4, 5, 6])
def test_a_column_of_sums_is_told_from_the_total_whatever_the_spans_claim(claimed):
    rows = [
        THREE[0],
        [Cell("自然人", 2), Cell("法人或其他组织", 1, claimed), Cell("总计", 2)],
        [*THREE[2], Cell("小计")],
    ]
    rows += [[*row[:-1], Cell("99999"), row[-1]] for row in THREE[3:]]
    found = read(html(TWO), html(rows), html(FOUR))
    sums = {key: found.pop(key) for key in list(found) if key[2] == "legal_person_subtotal"}
    assert right(found)
    assert set(sums.values()) == {("number", 99999)}


@pytest.mark.parametrize("label", ["总数", "上年总计", "小计", "合计金额"])
def test_a_column_the_form_does_not_have_leaves_the_table_unread(label):
    rows = [THREE[0], [*THREE[1][:-1], Cell(label, 2)], *THREE[2:]]
    found = read(html(TWO), html(rows), html(FOUR))
    assert {state for key, (state, _) in found.items() if key[0] == "requests"} == {"unreadable"}


def test_remarks_beside_the_numbers_are_passed_over_and_line_numbers_leave_doubt():
    beside = [[Cell("说明", 3)] if n == 0 else [] if n < 3 else [Cell("含上年转来")] for n in range(len(THREE))]
    rows = [[*row, *more] for row, more in zip(THREE, beside, strict=True)]
    assert right(read(html(TWO), html(rows), html(FOUR)))
    numbered = [[THREE[0][0], Cell("行次", 3), *THREE[0][1:]], *THREE[1:3]]
    numbered += [[*row[:-7], Cell(str(n)), *row[-7:-1], Cell("")] for n, row in enumerate(THREE[3:])]
    assert wrong(read(html(TWO), html(numbered), html(FOUR))) == []


def test_a_value_hanging_down_into_the_next_row_does_not_push_it_aside():
    rows = [list(row) for row in THREE]
    rows[3][1] = Cell(rows[3][1].text, 2)
    del rows[4][1]
    rows[4].append(Cell(""))
    assert wrong(read(html(TWO), html(rows), html(FOUR))) == []


@pytest.mark.parametrize("swap", [(5, 0), (5, 10), (10, 5)])
def test_table_four_in_another_order_without_spans_is_not_guessed_at(swap):
    groups = {0: "行政复议", 5: "未经复议直接起诉", 10: "复议后起诉"}
    order = [swap[0], swap[1], next(n for n in groups if n not in swap)]
    results = [label for _, label in paper.T4_RESULTS]
    head = "行政诉讼\t行政复议" if order[0] else "行政复议\t行政诉讼"
    names = "\t".join(groups[n] for n in order if n)
    numbers = "\t".join(cell.text for n in order for cell in FOUR[3][n : n + 5])
    text = f"{head}\n{names}\t" + "\t".join(results) + "\n" + "\t".join(results * 2) + f"\n{numbers}"
    two, three = (
        "\n".join("\t".join(c.text for c in row) for row in rows)
        for rows in (TWO, paper.table_three(NUMBERS, NOISE, layout="flat"))
    )
    data = f"南岗区教育局2023年政府信息公开工作年度报告\n\n一、总体情况\n\n{two}\n\n{three}\n\n{text}\n"
    line = read_bytes(data.encode())
    found = {(c["table"], c["row"], c["column"]): (c["state"], c["value"]) for c in line["cells"]}
    assert [key for key in wrong(found) if key[0] == "remedies"] == []


def test_a_header_torn_into_two_rows_over_the_same_columns_is_not_put_in_order_by_chance():
    header = ["类别", "结果维持", "结果纠正"], ["其他结果", "尚未审结", "总计"]
    rows = ["行政复议", "281", "0", "3", "0", "284"], ["未经复议直接起诉", "0", "935", "0", "0", "935"]
    torn = [list(map(Cell, texts)) for texts in (*header, *rows)]
    found = {key: cell for key, cell in read(html(TWO), html(THREE), html(torn)).items() if key[0] == "remedies"}
    assert {state for state, _ in found.values()} == {"unreadable"}


def test_a_row_that_numbers_the_columns_and_blank_rows_are_no_numbers():
    numbered = [*FOUR[:3], [Cell(str(n)) for n in range(1, 16)], FOUR[3]]
    spaced = [*FOUR[:3], [Cell("") for _ in range(15)], FOUR[3]]
    assert right(read(html(TWO), html(THREE), html(numbered)))
    assert right(read(html(TWO), html(THREE), html(spaced)))


def test_tables_of_other_things_before_the_forms_give_it_nothing():
    ways = [[Cell(t) for t in ("信息类别", "政府网站", "微博", "微信", "报刊", "广播电视", "其他", "合计")]]
    ways += [[Cell(label), *[Cell(str(7000 + n)) for n in range(7)]] for label in ("政策文件", "其他", "合计")]
    decided = [[Cell("类别"), Cell("处理决定数量")], [Cell("行政许可"), Cell("9999")]]
    assert right(read(html(ways), html(decided), html(TWO), html(THREE), html(FOUR), html(ways)))


def test_two_years_on_one_page_are_both_left_unread():
    last = {key: str(int(value) + 500) for key, value in NUMBERS.items()}
    before = [
        html(rows)
        for rows in (paper.table_two(last, NOISE)[0], paper.table_three(last, NOISE), paper.table_four(last, NOISE))
    ]
    found = read(*before, html(TWO), html(THREE), html(FOUR))
    assert {state for state, _ in found.values()} == {"unreadable"}


@pytest.mark.parametrize(
    "printed",
    [
        "上年新收政府信息公开申请数量",
        "予以公开率",
        "部分公开率",
        "结转下年度继续办理率",
        "（一）予以公开（占比%）",
        "总计（不含结转）",
    ],
)
def test_a_label_that_means_something_else_is_no_typo(printed):
    assert forms()[0].table("requests").grid.row_labels.find(printed) is None


@pytest.mark.parametrize("header", ["上年制发件数", "上年处理决定数量"])
def test_last_years_columns_are_not_this_years(header):
    columns = [column for grid in forms()[0].table("active_disclosure").grids for column in [grid.column_labels]]
    assert all(labels.find(header) is None for labels in columns)


@pytest.mark.parametrize(("unit", "value"), [("元", 5), ("千元", 5000), ("万元", 50000)])
def test_money_is_counted_in_the_unit_its_header_names(unit, value):
    rows = [list(row) for row in TWO]
    rows[-2] = [rows[-2][0], Cell(f"本年收费金额（单位：{unit}）", 1, 3)]
    rows[-1] = [rows[-1][0], Cell("50000", 1, 3)]
    found = read(html(rows), html(THREE), html(FOUR))
    assert found["active_disclosure", "administrative_fees", "amount_10k_yuan"] == ("number", value)
