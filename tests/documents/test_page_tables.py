"""Tables whose tags are where none belong, and what style takes out of sight: both read as a browser shows them."""

from __future__ import annotations

import pytest

from archive.documents.html import read_html
from archive.documents.model import Document, Paragraph, Table
from tests.documents.test_html import REPORT, first_cell, page

ROWS = "<tr><td>行政许可</td><td>3</td></tr><tr><td>行政处罚</td><td>4</td></tr>"
TEXTS = [["行政许可", "3"], ["行政处罚", "4"]]


def read(body: str, head: str = "") -> Document:
    return read_html(page(f"<div id='zoom'>{REPORT}{body}</div>", head))


def last_table(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for row in document.tables[-1].rows]


@pytest.mark.parametrize(
    "table",
    [
        f"<form>{ROWS}</form>",
        f"<tbody><form action=x><input type=hidden value=7>{ROWS}</form></tbody>",
        ROWS.replace("<tr>", "<font color=red><tr>").replace("</tr>", "</tr></font>"),
        ROWS.replace("<td>", "<span><td>").replace("</td>", "</td></span>"),
        ROWS.replace("<tr>", "<tr><div>").replace("</tr>", "</div></tr>"),
        ROWS.replace("<tr>", "", 1),
        f"<tbody><tr><thead>{ROWS}</thead></tbody>",
    ],
)  # fmt: skip
def test_rows_and_cells_belong_to_their_table_whatever_stands_between(table):
    assert last_table(read(f"<table>{table}</table>")) == TEXTS


def test_the_head_of_a_table_comes_first_and_its_foot_last():
    rows = {name: f"<{name}><tr><td>{name}</td><td>1</td></tr></{name}>" for name in ("tfoot", "tbody", "thead")}
    assert [row[0] for row in last_table(read(f"<table>{''.join(rows.values())}</table>"))] == [
        "thead",
        "tbody",
        "tfoot",
    ]


def test_no_cell_reaches_from_the_head_into_the_body():
    head = "<thead><tr><td rowspan=3>甲</td><td>乙</td></tr><tr><td>丙</td></tr></thead>"
    table = read(f"<table>{head}<tr><td>1</td><td rowspan=0>2</td></tr><tr><td>3</td></tr></table>").tables[-1]
    assert [[cell.rowspan for cell in row] for row in table.rows] == [[2, 1], [1], [1, 2], [1]]


def test_text_in_a_table_and_in_none_of_its_cells_shows_before_it():
    document = read(f"<table>（单位：件）<p>第二行</p><tr>注<td>行政许可</td><td>3</td></tr>{ROWS}</table>")
    assert [block.text for block in document.blocks[-4:-1]] == ["（单位：件）", "第二行", "注"]
    assert isinstance(document.blocks[-1], Table)


def test_a_table_that_never_ends_does_not_take_in_the_next_one():
    document = read(f"<table><tr><td>甲</td><td>1</td></tr><p>下表</p><table>{ROWS}</table><p>说明</p>")
    shown = [block.text if isinstance(block, Paragraph) else block.rows[0][0].text for block in document.blocks]
    start = shown.index("下表")
    assert shown[start : start + 4] == ["下表", "甲", "行政许可", "说明"]
    assert [[[cell.text for cell in row] for row in table.rows] for table in document.tables[-2:]] == [
        [["甲", "1"]],
        TEXTS,
    ]


def test_rows_that_were_struck_out_together_are_not_read():
    assert last_table(read(f"<table><s>{ROWS}</s></table>")) == [["", ""], ["", ""]]


@pytest.mark.parametrize(
    ("sheet", "text"),
    [
        (".x{text-decoration:line-through}", "12"),
        (".y, span.x { color:red; text-decoration: underline line-through }", "12"),
        (".x{visibility:hidden}", "12"),
        (".x{display:none}", "12"),
        ("<!-- span.x {mso-style-unhide:no; vertical-align:super;} -->", "12^3"),
        (".x{vertical-align:super} .x{vertical-align:baseline}", "123"),
        (".x:hover{text-decoration:line-through}", "123"),
        (".x{opacity:0}", "123"),  # a script may fade it in
    ],
)
def test_the_style_sheet_says_what_of_a_cell_is_read(sheet, text):
    cell = "<td>甲</td><td>12<span class='x'>3</span></td>"
    assert last_table(read(f"<table><tr>{cell}</tr></table>", f"<style>{sheet}</style>")) == [["甲", text]]


def test_an_elements_own_style_counts_over_the_style_sheet():
    assert first_cell("<style>.x{display:none}</style>12<b class=x style='display:inline'>3</b>") == "123"


@pytest.mark.parametrize(
    "unseen",
    [
        "<span style='opacity:0'>9</span>",
        "<span style='position:absolute;left:-9999px'>9</span>",
        "<svg width=9><title>9</title><desc>9</desc></svg>",
        "<canvas>9</canvas>",
        "<video>9</video>",
        "<noframes>9</noframes>",
        "<datalist><option value=9>9</option></datalist>",
        "<ruby><rp>(</rp><rt>9</rt><rp>)</rp></ruby>",
        "<math><semantics><annotation>9</annotation></semantics></math>",
        "\0",
    ],
)
def test_what_a_browser_does_not_show_is_no_digit_of_a_number(unseen):
    assert first_cell(f"12{unseen}") == "12"


def test_blocks_with_a_size_of_their_own_are_read_inside_one_without_size():
    assert first_cell("<section style='font-size:0'><p style='font-size:14px'>12</p></section>") == "12"


@pytest.mark.parametrize(
    ("drawn", "text"), [("<svg><text>5</text></svg>", "[图片]"), ("<button>5</button>", "[button: 5]")]
)
def test_a_cell_that_is_drawn_or_pressed_does_not_look_blank(drawn, text):
    assert first_cell(drawn) == text
