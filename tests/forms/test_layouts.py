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


def key_of(cell: dict) -> tuple[str, str, str]:
    return cell["table"], cell["row"], cell["column"]


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


def test_a_report_laid_out_in_the_rows_of_one_table_has_its_text_too():
    def line(text: str) -> list[Cell]:
        return [Cell(text, 1, 15)]

    rows = [
        line("南岗区教育局2023年政府信息公开工作年度报告"),
        line("本报告统计期限自2023年1月1日起至2023年12月31日止。"),
    ]
    rows += [line("一、总体情况"), line("全年平稳，主动公开政府信息12条。"), line("二、主动公开政府信息情况"), *TWO]
    rows += [*THREE, *FOUR, line("五、存在的主要问题及改进情况"), line("六、其他需要报告的事项")]
    report = read_bytes(f"<html><body>{html(rows)}</body></html>".encode())
    assert (report["status"], report["report"]["agency"], report["notes"]) == ("complete", "南岗区教育局", [])
    assert report["report"]["period"] == ["2023-01-01", "2023-12-31"]
    assert [part["key"] for part in report["sections"]] == [
        "preamble", "overview", "active_disclosure", "problems", "other",
    ]  # fmt: skip


def test_groups_of_the_statistics_table_are_no_headings_of_the_report():
    line = "<tr><td>{}</td><td>{}</td><td>{}</td></tr>"
    rows = [("统计指标", "单位", "统计数"), ("一、主动公开情况", "", ""), ("主动公开政府信息数", "条", "12")]
    rows += [("三、依申请公开情况", "", ""), ("（一）收到申请数", "件", "3")]
    text = "<p>一、概述</p><p>甲</p><p>二、主动公开情况</p><p>乙</p><p>三、依申请公开情况</p><p>丙</p><p>四、其他需要报告的事项</p>"
    sentence = line.format("本表所列数据的统计期限为全年，含各街道。", "", "")
    for before in ("", sentence):
        table = f"<table>{before}{''.join(line.format(*row) for row in rows)}</table>"
        title = "<h1>南岗区教育局2016年政府信息公开工作年度报告</h1>"
        report = read_bytes(f"<html><body>{title}{text}<p>附表见下。</p>{table}</body></html>".encode())
        kept = "附表见下。" + ("\n本表所列数据的统计期限为全年，含各街道。" if before else "")
        assert [part["text"] for part in report["sections"][-4:]] == ["甲", "乙", "丙", kept]


def test_a_label_repeated_where_a_merge_was_undone_is_one_label():
    rows = [list(row) for row in THREE]
    for row in rows[3:]:
        at = len(row) - 7
        if row[at - 1].colspan == 2:
            row[at - 1 : at] = [Cell(row[at - 1].text), Cell(row[at - 1].text)]
    assert read(html(TWO), html(rows), html(FOUR)) == NUMBERS


def test_a_column_beside_the_forms_own_is_noted_where_the_spans_show_it():
    rows = [list(row) for row in THREE]
    rows[0][1] = Cell("申请人情况", 1, 8)
    rows[1].append(Cell("上年总计", 2))
    for row in rows[3:]:
        row.append(Cell("9000"))
    assert read(html(TWO), html(rows), html(FOUR)) == NUMBERS
    assert any("上年总计" in note for note in read_bytes(page(html(rows)))["notes"])


def test_a_remark_in_one_cell_of_table_four_takes_none_of_the_others_with_it():
    values = [Cell(cell.text) for cell in FOUR[3]]
    values[4] = Cell("5（含结转2）")
    cells = read_bytes(page(html([*FOUR[:3], values])))["cells"]
    assert [cell["state"] for cell in cells] == ["number"] * 4 + ["text"] + ["number"] * 10


@pytest.mark.parametrize("inside", [True, False])
def test_tables_of_one_group_each_are_told_by_the_caption_above_or_in_them(inside):
    parts = []
    for number, (_, group) in enumerate(paper.T4_GROUPS):
        head = [[Cell(group, 1, 5)]] if inside else []
        caption = f"（{'一二三'[number]}）{group}" if number == 0 else f"{number + 1}.行政诉讼（{group}）"
        results = [Cell(label) for _, label in paper.T4_RESULTS]
        parts += [f"<p>{caption}</p>", html([*head, results, FOUR[3][5 * number : 5 * number + 5]])]
    assert read(html(TWO), html(THREE), *parts) == NUMBERS


@pytest.mark.parametrize("odd", ["", "注"])
def test_table_four_on_its_side_is_read_with_padding_and_no_number_becomes_a_blank(odd):
    lines, at = [], 0
    for _, group in paper.T4_GROUPS:
        for place, (_, result) in enumerate(paper.T4_RESULTS):
            number = FOUR[3][at].text + (odd if at == 0 else "")
            lines.append([*([Cell(group)] if place == 0 else []), Cell(result), Cell(number)])
            at += 1
    padded = [row + [Cell("")] * (4 - len(row)) for row in lines]
    cells = [cell for cell in read_bytes(page(html(padded)))["cells"] if cell["table"] == "remedies"]
    assert len(cells) == 15
    assert all(cell["state"] == "unreadable" if odd else cell["raw"] == NUMBERS[key_of(cell)] for cell in cells)


def test_a_blank_before_a_number_in_a_padded_row_may_be_padding():
    numbers = {**NUMBERS, ("active_disclosure", "regulations", "repealed"): ""}
    rows = [[*row, Cell("")] for row in [*map(list, TWO[:2]), *paper.table_two(numbers, NOISE)[0][2:]]]
    states = {key_of(cell)[1:]: cell["state"] for cell in read_bytes(page(html(rows)))["cells"]}
    assert {states["regulations", column] for column in ("issued", "repealed", "in_force")} == {"unreadable"}
    assert {states["normative_documents", column] for column in ("issued", "repealed", "in_force")} == {"number"}


@pytest.mark.parametrize(("year", "form"), [("2019", "g3"), ("2020", "g3"), ("2023", "g4")])
def test_labels_two_forms_share_are_those_of_the_years_own(year, form):
    assert read_bytes(page(html(FOUR)).replace(b"2023", year.encode()))["report"]["form"] == form


def adding_up() -> dict[paper.Key, str]:
    """Numbers whose rows add up, as the form's do."""
    numbers = dict(NUMBERS)
    for row, _, _ in paper.T3_ROWS:
        parts = [int(numbers["requests", row, column]) for column, _ in paper.T3_COLUMNS[:-1]]
        numbers["requests", row, "total"] = str(sum(parts))
    return numbers


@pytest.mark.parametrize("label", ["（三）不予公开", "（五）不予处理", "自然人", "总计"])
@pytest.mark.parametrize("adds_up", [True, False])
def test_a_cell_that_claims_a_row_too_many_moves_no_number_of_a_row_that_adds_up(label, adds_up):
    numbers = adding_up() if adds_up else NUMBERS
    rows = paper.table_three(numbers, NOISE)
    for cell in (cell for row in rows for cell in row if cell.text == label and cell.rowspan > 1):
        cell.rowspan += 1
    cells = [cell for cell in read_bytes(page(html(rows)))["cells"] if cell["table"] == "requests"]
    assert len(cells) == 175
    assert all(cell["raw"] == numbers[key_of(cell)] or cell["state"] == "unreadable" for cell in cells)
    assert all(cell["state"] == "number" for cell in cells) == adds_up


def test_a_number_merged_over_two_rows_is_not_made_up_for_by_padding():
    rows = [[*row, Cell("")] for row in map(list, paper.table_three(adding_up(), NOISE))]
    merged = next(row for row in rows[3:] if row[-9].text.startswith("1.信访"))
    below = rows[rows.index(merged) + 1]
    merged[-8].rowspan = 2
    del below[-8]
    cells = {key_of(cell): cell for cell in read_bytes(page(html(rows)))["cells"]}
    assert {cells["requests", "unprocessed_duplicate", column]["state"] for column, _ in paper.T3_COLUMNS} == {
        "unreadable"
    }


@pytest.mark.parametrize("joined", ["{0}-{1}", "{0}（{1}）", "{0}{1}", "{0}<br>{1}", "行政诉讼：{0} {1}"])
def test_table_four_with_group_and_result_in_one_cell_of_its_header(joined):
    groups = [label for _, label in paper.T4_GROUPS]
    names = [
        (joined if group != groups[0] else joined.removeprefix("行政诉讼：")).format(group, label)
        for group in groups
        for _, label in paper.T4_RESULTS
    ]
    head = "".join(f"<td>{name}</td>" for name in names)
    table = f"<table><tr><td>项目</td>{head}</tr><tr><td>件数</td>{''.join(f'<td>{cell.text}</td>' for cell in FOUR[3])}</tr></table>"
    assert read(table) == {key: text for key, text in NUMBERS.items() if key[0] == "remedies"}


def test_table_four_in_one_row_of_eighteen_columns():
    head = [
        cell for _, group in paper.T4_GROUPS for cell in (Cell(group), *(Cell(label) for _, label in paper.T4_RESULTS))
    ]
    line = [cell for at in range(0, 15, 5) for cell in (Cell(""), *FOUR[3][at : at + 5])]
    assert read(html([head, line])) == {key: text for key, text in NUMBERS.items() if key[0] == "remedies"}
