"""All layouts occur, and each has its marks."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace

import pytest
from docx import Document
from lxml import html

from crawler.replica.layouts.body import body_html
from crawler.replica.layouts.labels import NOISE, written
from crawler.replica.layouts.word import docx_bytes
from crawler.replica.report import Layout, Report
from crawler.replica.world import World

SEED = "nangangqu-gongyexinxikejiju-2022"


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=8, agencies=60)


@pytest.fixture(scope="module")
def report(world) -> Report:
    return world.reports["haerbinshi-renminzhengfu-2023"]


def laid_out(report: Report, **layout: object) -> str:
    return body_html(replace(report, layout=Layout(**layout)))


def grid(markup: str, number: int) -> list[list[str]]:
    table = html.fromstring(f"<div>{markup}</div>").xpath("//table")[number]
    return [[cell.text_content().strip() for cell in row.xpath("./td")] for row in table.xpath(".//tr")]


def test_all_layouts_occur(world):
    layouts = [report.layout for report in world.reports.values()]
    assert set(Counter(layout.paste for layout in layouts)) == {"clean", "word", "wps", "breaks"}
    assert set(Counter(layout.requests for layout in layouts)) == {"official", "hangzhou", "seed"}
    assert {layout.disclosure for layout in layouts} == {"one", "four"}
    assert {layout.caption for layout in layouts} == {"inside", "outside"}
    for flag in ("unclosed", "twice", "two_lines", "repeat"):
        assert {getattr(layout, flag) for layout in layouts} == {True, False}, flag
    assert {name for layout in layouts for name in layout.noise} == set(NOISE)


def test_all_kinds_of_titles_occur(world):
    titles = [report.title for report in world.reports.values()]
    for words in (
        "年度政府信息公开工作年度报告",
        "年政府信息公开工作报告",
        "年政府信息公开年度报告",
        "政府信息公开年报",
        " 20",
    ):
        assert any(words in title for title in titles), words


def test_the_official_table_spans_as_the_form_does(report):
    markup = laid_out(report)
    table = html.fromstring(f"<div>{markup}</div>").xpath("//table")[1]
    spans = [(cell.get("rowspan"), cell.get("colspan"), cell.text_content()[:4]) for cell in table.xpath(".//td")]
    assert spans[0] == ("3", "3", "（本列数")
    assert (None, "7", "申请人情") in spans
    assert ("2", None, "自然人") in spans
    assert ("2", None, "总计") in spans
    assert ("22", None, "三、本年") in spans
    assert len(table.xpath(".//tr")) == 3 + 25


def test_the_hangzhou_table_has_fillers_below_the_second_head_row(report):
    rows = grid(laid_out(report, requests="hangzhou"), 1)
    assert rows[1][0] == "自然人"
    assert rows[1][-1] == "总计"
    assert (rows[2][0], rows[2][-1]) == ("", "")
    assert len(rows[2]) == 7


def test_the_seed_table_begins_its_rows_at_different_cells(world):
    rows = grid(body_html(world.reports[SEED]), 1)
    assert {len(row) for row in rows} == {10}
    assert rows[0][2] == "申请人情况"
    assert rows[0][8] == "总计"
    assert rows[1][2:4] == ["自然人", "法人或其他组织"]
    assert rows[2][3:8] == ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    zeros = ["0"] * 7
    assert rows[3] == ["一、本年新收政府信息公开申请数量", "", *zeros, ""]
    assert rows[5] == ["三、本年度办理结果", "(一) 予以公开", *zeros, ""]
    assert rows[6][1] == "(二) 部分公开(区分处理的, 只计这一情形, 不计其他情形)"
    assert rows[7] == ["", "(三) 不予公开", "1. 属于国家秘密", *zeros]
    assert rows[8] == ["", "", "2. 其他法律行政法规禁止公开", *zeros]
    assert rows[21][2] == "4. 无正当理由大量反复申"
    assert rows[24][2] == "2. 申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开"
    assert rows[25] == ["3. 其他", "", *zeros, ""]
    assert rows[26] == ["(七) 总计", "", *zeros, ""]
    assert rows[27] == ["四、结转下年度继续办理", "", *zeros, ""]


def test_the_seed_page_has_no_spans_and_its_facts(world):
    report = world.reports[SEED]
    markup = body_html(report)
    assert "rowspan" not in markup
    assert "colspan" not in markup
    assert report.title == "南岗区工业信息科技局 2022 年政府信息公开工作年度报告"
    assert report.contact["postcode"] == "150001"
    assert report.contact["phone"] == "0451-86212151"
    assert set(report.cells.values()) == {"0"}
    assert [row[:2] for row in grid(markup, 0)][:3] == [
        ["第二十条第（一）项", ""],
        ["信息内容", "本年制发件数"],
        ["规章", "0"],
    ]
    four = grid(markup, 2)
    assert {len(row) for row in four} == {15}
    assert four[0][5] == "行政诉讼"
    assert (four[1][5], four[1][10]) == ("未经复议直接起诉", "复议后起诉")


def test_word_and_wps_leave_their_marks(report):
    word, wps = laid_out(report, paste="word"), laid_out(report, paste="wps")
    for mark in ("MsoNormal", "<o:p></o:p>", "mso-char-indent-count", "&nbsp;", "<font face"):
        assert mark in word, mark
    for mark in ("mso-spacerun:'yes'", 'class="p0"', "MsoTableGrid"):
        assert mark in wps, mark
    assert "　　" in laid_out(report, paste="breaks")


def test_unclosed_tables_have_no_closing_tags(report):
    markup = laid_out(report, unclosed=True)
    assert "</td>" not in markup
    assert "</tr>" not in markup


def test_a_page_printed_twice_hides_its_second_copy(report):
    markup = laid_out(report, twice=True)
    assert markup.count("一、总体情况") == 2
    assert 'class="wap_con" style="display:none"' in markup


def test_headings_may_stand_in_captions(report):
    bare = replace(report, sections=tuple(
        replace(section, paragraphs=()) if section.key == "requests" else section for section in report.sections
    ))  # fmt: skip
    assert f"<caption>{bare.section('requests').heading}</caption>" in laid_out(bare, caption="inside")
    assert "<caption>" not in laid_out(bare)


def test_table_two_may_be_four_tables(report):
    assert laid_out(report, disclosure="four").count("<table") == 6
    assert laid_out(report).count("<table") == 3


@pytest.mark.parametrize(
    ("habit", "label", "becomes"),
    [
        ("half_width", "（一）予以公开", "(一)予以公开"),
        ("spaced_index", "1.属于国家秘密", "1. 属于国家秘密"),
        ("dunhao", "3.其他", "3、其他"),
        ("dunhao", "3.补正后申请内容仍不明确", "3.补正后申请内容仍不明确"),
        ("inner_space", "第二十条第（一）项", "第二十条 第（一）项"),
        ("straight_quotes", "3.危及“三安全一稳定”", '3.危及"三安全一稳定"'),
        ("corner_quotes", "3.危及“三安全一稳定”", "3.危及「三安全一稳定」"),
        ("no_quotes", "3.危及“三安全一稳定”", "3.危及三安全一稳定"),
        ("truncated", "4.无正当理由大量反复申请", "4.无正当理由大量反复申"),
        ("broken", "三、本年度办理结果", "三、\n本\n年\n度\n办\n理\n结\n果"),
        ("broken", "结果维持", "结果\n维持"),
        ("broken", "（三）不予公开", "（三）不\n予公开"),
    ],
)
def test_labels_are_written_as_bodies_write_them(habit, label, becomes):
    assert written(label, (habit,)) == becomes


def test_the_seed_attachment_holds_the_same_report_with_merged_cells(world):
    report = world.reports[SEED]
    document = Document(io.BytesIO(docx_bytes(report)))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    assert paragraphs[0] == report.title
    for section in report.sections:
        assert all(text in paragraphs for text in section.paragraphs)
    second, third, fourth = document.tables
    assert "复制门户" in document.sections[0].header.paragraphs[0].text
    assert not any("复制门户" in text for text in paragraphs)
    assert len(third.rows) == 28
    texts = ["".join(cell.xpath(".//w:t/text()")) for cell in third._tbl.iter_tcs()]
    assert texts.count("0") == 175
    assert third._tbl.xpath(".//w:gridSpan"), "cells are merged"
    assert fourth.rows[3].cells[14].text == "0"
    assert second.rows[2].cells[0].text == "规章"


def test_other_attachments_hold_every_number_of_their_page(world):
    report = next(
        r for r in world.reports.values() if r.attachment and r.layout.requests == "official" and not r.planted
    )
    document = Document(io.BytesIO(docx_bytes(report)))
    row = next(row for row in document.tables[-2].rows if row.cells[0].text.startswith("一、"))
    values = [raw for (table, key, _), raw in report.cells.items() if (table, key) == ("requests", "new_received")]
    assert [cell.text for cell in row.cells][-7:] == values
