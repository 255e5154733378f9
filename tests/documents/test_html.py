"""Pages as the portals serve them: the article found, its furniture left, its damage noticed."""

from __future__ import annotations

import random

import pytest

from archive.documents.html import read_html, refusal
from archive.documents.model import Table, UnreadableError
from archive.forms.numbers import read_value
from archive.reading import read_bytes
from tests.forms import paper

REPORT = (
    "<p>南岗区教育局2023年政府信息公开工作年度报告</p><p>一、总体情况</p><p>全年平稳。</p>"
    "<table><tr><td>第二十条第（六）项</td></tr><tr><td>信息内容</td><td>本年处理决定数量</td></tr>"
    "<tr><td>行政处罚</td><td>12</td></tr><tr><td>行政强制</td><td>130</td></tr></table>"
    "<p>五、存在的主要问题及改进情况</p><p>六、其他需要报告的事项</p>"
)


def page(body: str, head: str = "", around: str = "") -> bytes:
    menu = "<ul><li>首页</li><li>政务公开</li><li>五、快速通道</li></ul>"
    return f"<html><head>{head}</head><body>{menu}{around}{body}<div>版权所有</div></body></html>".encode()


@pytest.mark.parametrize(
    "wrapper",
    [
        "<UCAPCONTENT>{}</UCAPCONTENT>",
        "<div id='zoomcon'>{}</div>",
        "<div id='zoom'><font>{}</font></div>",
        "<div class='x bt_content'>{}</div>",
        "<div class='a-name-no-one-knows'><div><div>{}</div></div></div>",
        "<table><tr><td><div>{}</div></td></tr></table>",
        "<!--<$[信息内容]>begin--><!--ZJEG_RSS.content.begin-->{}<!--ZJEG_RSS.content.end-->",
    ],
)
def test_the_article_is_found_whatever_wraps_it(wrapper):
    text = read_html(page(wrapper.format(REPORT))).text
    assert "六、其他需要报告的事项" in text
    assert "快速通道" not in text
    assert "版权所有" not in text
    line = read_bytes(page(wrapper.format(REPORT)))
    values = {cell["row"]: cell["value"] for cell in line["cells"]}
    assert values == {"administrative_penalty": 12, "administrative_coercion": 130}
    assert line["report"]["agency"] == "南岗区教育局"


@pytest.mark.parametrize(
    ("around", "facts"),
    [
        ("当前位置: 首页 > 政务公开 > 2020年 > 市本级 日期:2021-03-05 13:32 来源: 字号: 大 中 小", {"published": "2021-03-05 13:32"}),
        ("• 736916955/2023-08018 日期:2023-01-18 来源:木兰县人民政府 访问量: 字号:",
         {"published": "2023-01-18", "source": "木兰县人民政府", "index_number": "736916955/2023-08018"}),
        ("呼兰区人民政府 发布时间:2024-08-27", {"published": "2024-08-27"}),
    ],
)  # fmt: skip
def test_the_header_variants_of_the_portals_are_read(around, facts):
    found = read_html(page(f"<div id='zoom'>{REPORT}</div>", around=f"<div>{around}</div>")).facts
    assert {name: found.get(name) for name in facts} == facts
    assert ("source" in found) == ("source" in facts)


def test_what_the_page_shows_counts_before_what_its_meta_tags_claim():
    head = "<meta content='2023-03-01 10:00' name='PubDate'><meta name='ContentSource' content='null'>"
    shown = read_html(page(f"<div id='zoom'>{REPORT}</div>", head, "<p>日期:2023-01-18 来源:</p>")).facts
    assert shown["published"] == "2023-01-18"
    assert "source" not in shown
    assert read_html(page(f"<div id='zoom'>{REPORT}</div>", head)).facts["published"] == "2023-03-01 10:00"


@pytest.mark.parametrize(
    "wrapper",
    [
        "<div id='zoom'>{}</div>",
        "<table><tr><td><div id='zoom'>{}</div></td></tr></table>",
        "<!--ZJEG_RSS.content.begin-->{}<!--ZJEG_RSS.content.end-->",
    ],
)
def test_what_stands_before_the_article_counts_before_what_follows_it(wrapper):
    before = "<p>当前日期:2026-05-05 更新时间:2026-05-06 成文日期:2022-12-30</p><p>时间:2023-01-18</p>"
    after = "<ul><li>发布日期:2025-02-02 来源:别处</li></ul>"
    shown = read_html(page(wrapper.format(REPORT) + after, around=before))
    assert (shown.facts["published"], shown.facts["source"]) == ("2023-01-18", "别处")
    assert "正文" not in shown.text
    assert read_html(page(wrapper.format(REPORT) + after)).facts["published"] == "2025-02-02"


def test_links_to_attachments_are_no_text_but_sentences_with_one_are():
    files = (
        '<p class="insertfileTag"><a href="1/files/a.docx"><img src="i.png">南岗区教育局年度报告.docx</a></p>'
        '<p>详见<a href="/module/download/downfile.jsp?filename=ab.pdf">附件</a>。</p>'
    )
    assert read_html(page(f"<div id='zoom'>{REPORT}{files}</div>")).text.endswith("六、其他需要报告的事项\n详见附件。")


def test_a_hidden_copy_for_phones_is_not_read_twice():
    hidden = f"<div style='DISPLAY: none'>{REPORT.replace('130', '999')}</div>"
    line = read_bytes(page(f"<div id='zoom'>{hidden}{REPORT}</div>"))
    assert {cell["value"] for cell in line["cells"]} == {12, 130}
    assert line["notes"] == [note for note in line["notes"] if "不止一次" not in note]


@pytest.mark.parametrize(
    ("sheet", "hidden"),
    [
        (".phone{display:none}", True),
        ("/* 手机版 */ .pc { color: red } div.phone, .old { margin:0; display : none !important }", True),
        (".phone{display:none} .phone{display:block}", False),
        ("@media print{.phone{display:none}}", False),
        (".phone:empty{display:none}", False),
    ],
)
def test_a_copy_that_the_style_sheet_hides_is_not_read(sheet, hidden):
    copy = f"<div class='phone'>{REPORT.replace('130', '999')}</div>"
    line = read_bytes(page(f"<style>{sheet}</style><div id='zoom'>{copy}<div class='pc'>{REPORT}</div></div>"))
    states = {cell["state"] for cell in line["cells"] if cell["raw"] in ("130", "999")}
    assert states == ({"number"} if hidden else {"unreadable"})


def test_the_pages_style_sheet_counts_in_an_article_that_comments_mark_too():
    copy = f"<div class='phone'>{REPORT.replace('130', '999')}</div>"
    article = f"<!--ZJEG_RSS.content.begin-->{copy}<div>{REPORT}</div><!--ZJEG_RSS.content.end-->"
    line = read_bytes(page(article, head="<style>.phone{display:none}</style>"))
    assert {cell["value"] for cell in line["cells"]} == {12, 130}


def test_what_follows_a_stray_end_of_the_page_is_read_as_a_browser_shows_it():
    torn = REPORT.replace("<td>12</td>", "<td>12</html></td>").replace("全年平稳。</p>", "全年平稳。</body></p>")
    line = read_bytes(page(f"<div id='zoom'>{torn}</div>"))
    assert {cell["row"]: cell["value"] for cell in line["cells"]} == {
        "administrative_penalty": 12,
        "administrative_coercion": 130,
    }


@pytest.mark.parametrize("surplus", ["</div>", "</div></div>"])
def test_a_surplus_end_tag_in_the_article_does_not_cut_it_off(surplus):
    torn = REPORT.replace("<table>", f"{surplus}<table>")
    header = "<p>发布日期：2024-01-20</p>"
    line = read_bytes(
        page(f"<div>{header}<div><div id='zoom'>{torn}<p>没有收费。</p></div></div><div>分享到</div></div>")
    )
    assert {cell["row"]: cell["value"] for cell in line["cells"]} == {
        "administrative_penalty": 12,
        "administrative_coercion": 130,
    }
    assert "没有收费。" in line["sections"][-1]["text"]
    assert line["report"]["published_on"] == "2024-01-20"


def test_what_follows_the_article_and_says_the_same_again_is_left_out():
    copy = REPORT.replace("130", "999")
    line = read_bytes(page(f"<div><div id='zoom'>{REPORT}</div><div>{copy}</div></div>"))
    assert {cell["value"] for cell in line["cells"]} == {12, 130}


def test_a_title_without_its_end_does_not_take_in_the_page():
    facts = read_html(page(REPORT, head="<title>2023年年报<meta name='PubDate' content='2024-01-15'>")).facts
    assert facts["titles"] == "2023年年报"
    assert facts["published"] == "2024-01-15"


def test_a_report_that_only_a_script_would_show_is_read():
    line = read_bytes(page(f"<style>.tab{{display:none}}</style><div id='zoom'><div class='tab'>{REPORT}</div></div>"))
    assert any(cell["value"] == 130 for cell in line["cells"])


@pytest.mark.parametrize("cut_after", ["<tr><td>行政强制</td><td>13", "<tr><td>行政强制<td>13"])
def test_a_page_cut_in_a_number_does_not_give_half_a_number(cut_after):
    whole = page(f"<div id='zoom'>{REPORT}</div>").decode()
    whole = (
        whole.replace("<tr><td>行政强制</td><td>130", "<tr><td>行政强制<td>130") if "</td>" not in cut_after else whole
    )
    cut = whole[: whole.index(cut_after) + len(cut_after)].encode()
    line = read_bytes(cut)
    assert 13 not in {cell["value"] for cell in line["cells"]}
    assert line["status"] in ("partial", "unreadable")
    assert any("中断" in note for note in line["notes"])


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("<script>var _0x1='__jsluid_h';document.cookie='a'</script>", "验证"),
        ("<p>正在进行安全检查，请稍候</p>", "验证"),
        ("<form>用户登录<input type=password></form><p>登录密码</p>", "登录"),
        ("<p>抱歉，您访问的页面不存在或已被删除</p>", "错误提示"),
        ("", "空白"),
    ],
)
def test_a_page_that_is_no_document_is_refused_with_a_reason(body, word):
    data = f"<html><head><title></title></head><body>{body}</body></html>".encode()
    assert word in refusal(read_html(data))
    line = read_bytes(data)
    assert (line["status"], line["cells"]) == ("not_a_report", [])
    assert word in line["error"]


def test_an_ordinary_article_is_no_report_and_not_refused_as_an_error():
    line = read_bytes(page("<div id='zoom'><h1>关于做好2022年政府信息公开工作年度报告的通知</h1><p>各单位：</p></div>"))
    assert line["status"] == "not_a_report"
    assert "标题和内容" in line["error"]


def test_a_page_whose_report_is_in_an_attachment_says_where_to_look():
    line = read_bytes(page("<div id='zoom'><h1>南岗区教育局2023年政府信息公开工作年度报告</h1><p>详见附件。</p></div>"))
    assert line["status"] == "unreadable"
    assert "附件" in line["error"]
    assert (line["report"]["agency"], line["report"]["year"]) == ("南岗区教育局", 2023)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "utf-8-sig"])
@pytest.mark.parametrize("declared", ["gb2312", "utf-8", "iso-8859-1", ""])
def test_the_bytes_decide_the_encoding_not_the_declaration(encoding, declared):
    text = page(f"<div id='zoom'>{REPORT}</div>", f"<meta charset='{declared}'>").decode()
    assert read_bytes(text.encode(encoding))["report"]["agency"] == "南岗区教育局"


def test_tags_nested_without_end_are_refused_not_followed():
    deep = b"<html><body>" + b"<div><span>" * 20_000 + b"</html>"
    try:
        assert refusal(read_html(deep))
    except UnreadableError as error:
        assert "嵌套" in str(error)
    assert read_bytes(deep)["status"] in ("unreadable", "not_a_report")


def test_a_span_that_lies_about_a_million_rows_costs_nothing():
    body = REPORT.replace("<td>行政处罚", "<td rowspan=1000000 colspan=999999>行政处罚")
    values = {cell["row"]: cell["value"] for cell in read_bytes(page(f"<div id='zoom'>{body}</div>"))["cells"]}
    assert values["administrative_penalty"] == 12


def first_cell(inner: str) -> str:
    """What a cell holding this reads as, in a table of two columns."""
    blocks = read_html(page(f"<div id='zoom'>{REPORT}<table><tr><td>{inner}</td><td>右</td></tr></table></div>")).blocks
    return [block for block in blocks if isinstance(block, Table)][-1].rows[0][0].text


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("5<sup>1</sup>", "5^1"),
        ("5<sup><a href='#n'>[1]</a></sup>", "5^[1]"),
        ("5<sub>2</sub>", "5_2"),
        ("5<sup> </sup>", "5"),
    ],
)
def test_the_mark_of_a_footnote_is_no_digit_of_the_number(inner, text):
    assert first_cell(inner) == text


@pytest.mark.parametrize("struck", ["<del>{}</del>", "<s>{}</s>", "<strike>{}</strike>",
                                    "<span style='color:red;TEXT-DECORATION: underline line-through'>{}</span>"])  # fmt: skip
def test_what_was_struck_out_is_not_read(struck):
    assert first_cell(struck.format("10") + "<ins>12</ins>") == "12"
    text = read_html(page(f"<div id='zoom'>{REPORT}<p>收到{struck.format('10')}<ins>12</ins>件</p></div>")).text
    assert text.endswith("收到12件")


@pytest.mark.parametrize("place", ["td", "tr", "tbody"])
def test_a_cell_struck_out_still_holds_its_column(place):
    body = "<tbody><tr><td>行政许可</td><td>1</td><td>2</td></tr></tbody>"
    body = body.replace("<td>1", "<td class=x>1") if place == "td" else body.replace(f"<{place}", f"<{place} class=x")
    body = body.replace("class=x", "style='text-decoration:line-through'")
    blocks = read_html(page(f"<div id='zoom'>{REPORT}<table>{body}</table></div>")).blocks
    texts = [cell.text for cell in blocks[-1].rows[-1]]
    assert texts == (["行政许可", "", "2"] if place == "td" else ["", "", ""])


@pytest.mark.parametrize("cell", ["<p>107</p><p>105</p>", "107<br>105", "<div>107</div>\n105"])
def test_two_values_below_each_other_in_a_cell_are_not_joined(cell):
    assert first_cell(cell) == "107 ⏎ 105"
    assert first_cell("商业<br>企业") == "商业企业"


@pytest.mark.parametrize("tag", ["tr", "tbody", "thead", "tfoot"])
@pytest.mark.parametrize("hiding", ["hidden", "style='display:none'"])
def test_hidden_rows_are_not_read(tag, hiding):
    row = "<tr><td>行政许可</td><td>9</td></tr>"
    hidden = row.replace("<tr", f"<tr {hiding}") if tag == "tr" else f"<{tag} {hiding}>{row}</{tag}>"
    table = f"<table>{hidden}<tbody><tr><td>行政处罚</td><td>1</td></tr></tbody></table>"
    rows = read_html(page(f"<div id='zoom'>{REPORT}{table}</div>")).blocks[-1].rows
    assert [[cell.text for cell in cells] for cells in rows] == [["行政处罚", "1"]]


@pytest.mark.parametrize(
    "style", ["visibility: hidden", "FONT-SIZE:0", "font-size: 0.0pt ; color:red", "font-size:0!important"]
)
def test_what_is_invisible_is_not_read_but_holds_its_place(style):
    assert first_cell(f"<span style='{style}'>10</span>12") == "12"
    table = f"<table><tr style='{style}'><td>甲</td><td>9</td></tr><tr><td>乙</td><td>1</td></tr></table>"
    rows = read_html(page(f"<div id='zoom'>{REPORT}{table}</div>")).blocks[-1].rows
    assert [[cell.text for cell in cells] for cells in rows] == [["", ""], ["乙", "1"]]


@pytest.mark.parametrize(
    "style", ["font-size:0.5em", "font-size:05px", "mso-bidi-font-size:0pt", "backface-visibility:hidden"]
)
def test_what_is_small_but_there_is_read(style):
    assert first_cell(f"<span style='{style}'>10</span>") == "10"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<input value=5>", "[input: 5]"),
        ("<textarea> 5 </textarea>", "[textarea: 5]"),
        ("<select><option>0<option selected>5</select>", "[select: 5]"),
        ("<p><img src='5.png'></p>", "[图片]"),
        ("<input type=hidden value=5>", ""),
        ("<input value=5 style='display:none'>", ""),
        ("<img src='dot.gif' width=1 height=20>", ""),
        ("<img src='dot.png'>12", "12"),
    ],
)
def test_a_cell_with_only_a_field_or_a_picture_does_not_look_blank(inner, text):
    assert first_cell(inner) == text
    assert text in ("", "12") or read_value(text).state == "text"


@pytest.mark.parametrize("title", ["", "<h1>南岗区教育局2023年政府信息公开工作年度报告</h1>"])
def test_a_file_with_one_table_alone_keeps_it_all(title):
    values = dict.fromkeys(paper.keys(), "7")
    rows = paper.table_three(values, paper.Noise(random.Random(1)))
    document = read_html(
        f"<html><body>{title}{paper.table_html(rows, paper.Noise(random.Random(1)))}</body></html>".encode()
    )
    (table,) = document.tables
    assert sum(cell.text == "7" for row in table.rows for cell in row) == 175


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('13<span style="vertical-align:super">8</span>', "13^8"),
        ('13<span style="vertical-align: baseline">8</span>', "138"),
        ('13<span class="MsoCommentReference"><a href="#_msocom_1">[u1]</a></span>', "13"),
    ],
)
def test_what_word_hangs_on_a_number_is_no_digit_of_it(cell, read):
    table = read_html(page(f"<table><tr><td>总计</td><td>{cell}</td></tr></table>" + REPORT)).tables[0]
    assert table.rows[0][1].text == read


def test_remarks_of_reviewers_are_not_read():
    balloons = "<div style='mso-element:comment-list'><p>此处应为15件，请核。</p></div>"
    assert "请核" not in read_html(page(REPORT + balloons)).text


def test_a_frame_of_one_cell_around_each_number_is_no_table():
    framed = "<table><tr><td>行政处罚</td><td><table><tr><td>12</td></tr></table></td></tr></table>"
    assert [cell.text for cell in read_html(page(framed + REPORT)).tables[0].rows[0]] == ["行政处罚", "12"]


CELLS = [["信息内容", "制发件数", "有效件数"], ["规章", "", "3"], ["规范性文件", "4", "5"]]


def of_divisions(table: str, row: str, cell: str) -> str:
    rows = "".join(f"<div {row}>{''.join(f'<div {cell}>{text}</div>' for text in line)}</div>\n" for line in CELLS)
    return f"<div {table}>{rows}</div>"


@pytest.mark.parametrize(
    ("parts", "sheet"),
    [
        (("style='display: table; width:100%'", "style='display:table-row'", "style='display:table-cell'"), ""),
        (("class='t x'", "class=r", "class=c"), ".t{display:table} .r {display:table-row} .c{padding:0;display:table-cell}"),
        (("role=table", "role=row", "role=cell"), ""),
    ],
)  # fmt: skip
def test_tables_made_of_divisions_keep_their_blank_cells(parts, sheet):
    body = f"<div id='zoom'>{REPORT}{of_divisions(*parts)}</div>"
    table = read_html(page(body, f"<style>{sheet}</style>")).tables[-1]
    assert [[cell.text for cell in row] for row in table.rows] == CELLS


@pytest.mark.parametrize(
    "spoilt",
    [
        "<div>说明</div>",
        "说明",
        f"<div style='display:table-row'><div style='display:table-cell'>{'长' * 300}</div></div>",
    ],
)
def test_a_page_laid_out_by_style_is_no_table(spoilt):
    parts = ("style='display:table'", "style='display:table-row'", "style='display:table-cell'")
    table = of_divisions(*parts).removesuffix("</div>") + spoilt + "</div>"
    document = read_html(page(f"<div id='zoom'>{REPORT}{table}</div>"))
    assert len(document.tables) == 1
    assert "规范性文件\n4\n5" in document.text


def test_text_that_keeps_its_lines_is_read_as_text_is():
    lines = "一、总体情况\n指标  件  数\n收到申请  件  <b>12</b>\n办结  件  <del>9</del>10\n答复  件  9"
    document = read_html(page(f"<div id='zoom'>{REPORT}<pre>{lines}</pre></div>"))
    assert [[cell.text for cell in row] for row in document.tables[-1].rows][1:] == [
        ["收到申请", "件", "12"],
        ["办结", "件", "10"],
        ["答复", "件", "9"],
    ]


@pytest.mark.parametrize("opening", ["<!-- ", "<script "])
def test_what_opens_again_and_again_and_never_ends_does_not_hang_the_reader(opening):
    # Looking from each opening to the end anew took 243 s for a quarter as many, and four times as many take 16 times.
    assert "全年平稳" in read_html(page(REPORT) + opening.encode() * 200_000).text
