"""Tables that came apart into paragraphs: read where no other reading is possible, else left and said to be there."""

from __future__ import annotations

import random

import pytest

from archive.reading import read_bytes
from tests.forms import paper
from tests.forms.paper import Key, Row

# All different, and none the next of another: numbers that count up could be line numbers.
NUMBERS = {key: str(number * 37 % 1009) for number, key in enumerate(paper.keys(), 1)}
NOISE = paper.Noise(random.Random(1), label_noise=False)
HEADINGS = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况")


def tables(numbers: dict[Key, str]) -> list[list[Row]]:
    two = [row for block in paper.table_two(numbers, NOISE) for row in block]
    return [two, paper.table_three(numbers, NOISE), paper.table_four(numbers, NOISE)]


def report(parts: list[list[str]]) -> list[str]:
    lines = ["南岗区教育局2023年政府信息公开工作年度报告", "一、总体情况", "全年公开信息12条。"]
    for heading, part in zip(HEADINGS, parts, strict=True):
        lines += [heading, *part]
    return [*lines, "五、存在的主要问题及改进情况", "无。", "六、其他需要报告的事项", "无。"]


def cells(rows: list[Row]) -> list[str]:
    return [cell.text for row in rows for cell in row]


def written(lines: list[str], kind: str) -> bytes:
    if kind == "text":
        return "\n\n".join(lines).encode()
    wrap = {"paragraphs": "<p>{}</p>", "divisions": "<div><div>{}</div></div>", "list": "<dl><dd>{}</dd></dl>"}[kind]
    return f"<html><body><div id='zoom'>{''.join(map(wrap.format, lines))}</div></body></html>".encode()


def values(line: dict) -> dict[Key, str | None]:
    return {
        (cell["table"], cell["row"], cell["column"]): None if cell["state"] == "unreadable" else cell["raw"]
        for cell in line["cells"]
    }


@pytest.mark.parametrize("kind", ["text", "paragraphs", "divisions", "list"])
def test_every_cell_is_read_where_each_is_a_paragraph(kind):
    line = read_bytes(written(report([cells(rows) for rows in tables(NUMBERS)]), kind))
    assert values(line) == NUMBERS
    assert [section["text"] for section in line["sections"]] == ["全年公开信息12条。", "", "", "", "无。", "无。"]


def test_labels_broken_over_paragraphs_are_put_together():
    broken = {"商业企业": ["商业", "企业"], "科研机构": ["科研", "机构"], "社会公益组织": ["社会公", "益组织"]}
    parts = [[piece for cell in cells(rows) for piece in broken.get(cell, [cell])] for rows in tables(NUMBERS)]
    assert values(read_bytes(written(report(parts), "text"))) == NUMBERS


def test_a_row_that_lost_a_blank_cell_is_unreadable_and_moves_no_number():
    lost = ("requests", "granted", "research_institution")
    line = read_bytes(written(report([cells(rows) for rows in tables({**NUMBERS, lost: ""})]), "paragraphs"))
    expected = {key: None if key[:2] == lost[:2] else text for key, text in NUMBERS.items()}
    assert values(line) == expected


def test_rows_typed_a_line_each_are_read_by_their_labels():
    two, three, four = ([" ".join(cell.text for cell in row) for row in rows] for rows in tables(NUMBERS))
    found = values(read_bytes("\n".join(report([two, three, four])).encode()))
    assert {key: text for key, text in found.items() if key[0] == "active_disclosure"} == {
        key: text for key, text in NUMBERS.items() if key[0] == "active_disclosure"
    }
    assert found.items() <= NUMBERS.items()


@pytest.mark.parametrize("change", ["numbered", "another order", "another column", "no header"])
def test_what_could_be_read_in_two_ways_is_not_read(change):
    three = tables(NUMBERS)[1]
    part = cells(three)
    if change == "numbered":
        part = ["序号", *cells(three[:3])]
        part += [text for number, row in enumerate(three[3:], 1) for text in (str(number), *cells([row]))]
    elif change == "another order":
        part.remove("总计")
        part.insert(part.index("自然人"), "总计")
    elif change == "another column":
        part.insert(part.index("总计"), "去年同期")
    else:
        part = cells(three[3:])
    line = read_bytes(written(report([["见表。"], part, ["见表。"]]), "paragraphs"))
    assert (line["status"], line["cells"]) == ("partial", [])
    assert any("表格已散成文字" in note for note in line["notes"])


def test_columns_of_the_header_are_known_by_their_words_not_by_the_words_above_them():
    # 法人或其他组织 mistyped: the order of the seven columns must not follow from the order they are printed in.
    part = [text.replace("申请人情况", "申请人清况") for text in cells(tables(NUMBERS)[1])]
    found = values(read_bytes(written(report([["见表。"], part, ["见表。"]]), "paragraphs")))
    assert all(text in (None, NUMBERS[key]) for key, text in found.items())


def test_a_table_left_in_the_text_beside_one_that_is_read_is_said_to_be_there():
    two, three, four = tables(NUMBERS)
    line = read_bytes(written(report([cells(two), cells(three[3:]), cells(four)]), "paragraphs"))
    assert {cell["table"] for cell in line["cells"]} == {"active_disclosure", "remedies"}
    assert any("表格已散成文字" in note for note in line["notes"])
