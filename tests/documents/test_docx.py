"""DOCX: merged cells, runs, wrappers; and files that must not be opened."""

from __future__ import annotations

import io
import random
import zipfile

import docx
import pytest
from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.documents import kind
from archive.documents.docx import read_docx
from archive.forms.numbers import read_value
from archive.reading import read_bytes
from tests.forms import paper


def write_table(document: Docx, rows: list[paper.Row]) -> None:
    """Lay rows out on a grid and merge its cells as their spans say."""
    width = max(sum(cell.colspan for cell in row) for row in rows[:1])
    taken: set[tuple[int, int]] = set()
    places = []
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            places.append((y, x, cell))
            taken |= {(y + down, x + right) for down in range(cell.rowspan) for right in range(cell.colspan)}
            x += cell.colspan
    table = document.add_table(len(rows), width)
    for y, x, cell in places:
        first = table.cell(y, x)
        if cell.rowspan > 1 or cell.colspan > 1:
            first = first.merge(table.cell(y + cell.rowspan - 1, x + cell.colspan - 1))
        # Word splits a number over runs wherever someone once stopped typing.
        half = len(cell.text) // 2
        first.paragraphs[0].add_run(cell.text[:half])
        first.paragraphs[0].add_run(cell.text[half:])


def report(values: dict, noise: paper.Noise) -> bytes:
    document = docx.Document()
    document.add_paragraph("南岗区教育局2023年政府信息公开工作年度报告")
    document.add_paragraph("一、总体情况")
    write_table(document, paper.table_two(values, noise)[0])
    document.add_paragraph("三、收到和处理政府信息公开申请情况")
    write_table(document, paper.table_three(values, noise))
    write_table(document, paper.table_four(values, noise))
    document.add_paragraph("五、存在的主要问题及改进情况")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@settings(max_examples=8, deadline=None)
@given(numbers=st.lists(st.integers(0, 99_999), min_size=200, max_size=200), seed=st.integers(0, 2**32))
def test_every_cell_of_a_docx_report_is_read(numbers, seed):
    values = dict(zip(paper.keys(), map(str, numbers), strict=True))
    line = read_bytes(report(values, paper.Noise(random.Random(seed))))
    assert {(c["table"], c["row"], c["column"]): str(c["value"]) for c in line["cells"]} == values
    assert (line["source"]["reader"], line["report"]["agency"]) == ("docx", "南岗区教育局")


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda data: data[: len(data) // 2], "ZIP"),
        (lambda _: _bomb(), "超出"),
        (lambda _: _zip({"word/document.xml": b"<w:document"}), "损坏"),
    ],
)
def test_a_docx_that_cannot_be_opened_gives_a_reason(spoil, word):
    line = read_bytes(spoil(report(dict.fromkeys(paper.keys(), "1"), paper.Noise(random.Random(1)))))
    assert line["status"] == "unreadable"
    assert word in line["error"]


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _bomb() -> bytes:
    return _zip({"word/document.xml": b" " * 50_000_000})


W = nsdecls("w") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'

STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def row(*cells: str, properties: str = "") -> str:
    """A row of cells, each one paragraph of these runs."""
    inner = "".join(f"<w:tc><w:p>{cell}</w:p></w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def written(body: str, parts: dict[str, str] | None = None) -> bytes:
    """A document of this body, and of other parts beside the main one."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = "".join(
        f'<Relationship Id="r{number}" Type="{office}/{name.removesuffix(".xml")}" Target="{name}"/>'
        for number, name in enumerate(parts or {})
    )
    main = f'<Relationship Id="r" Type="{office}/officeDocument" Target="word/document.xml"/>'
    return _zip(
        {
            "_rels/.rels": f'<Relationships xmlns="{package}">{main}</Relationships>'.encode(),
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{links}</Relationships>'.encode(),
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>".encode(),
            **{f"word/{name}": text.encode() for name, text in (parts or {}).items()},
        }
    )


def rows_of(*rows: str) -> list[list[str]]:
    """The texts of a table of these rows, as they are read."""
    (table,) = read_docx(written(f"<w:tbl>{''.join(rows)}</w:tbl>")).tables
    return [[cell.text for cell in cells] for cells in table.rows]


def cell_of(runs: str) -> str:
    return rows_of(row(runs, run("右")))[0][0]


def test_the_mark_of_a_footnote_is_no_digit_of_the_number():
    assert cell_of(run("5") + run("1", '<w:vertAlign w:val="superscript"/>')) == "5^1"
    assert cell_of(run("5") + run("2", '<w:vertAlign w:val="subscript"/>')) == "5_2"
    assert cell_of(run("5") + run(" ", '<w:vertAlign w:val="superscript"/>')) == "5"
    assert cell_of(run("5") + run("1", '<w:vertAlign w:val="baseline"/>')) == "51"


@pytest.mark.parametrize("name", ["strike", "dstrike", "vanish"])
def test_runs_struck_out_or_hidden_are_not_read(name):
    assert cell_of(run("10", f"<w:{name}/>") + run("12")) == "12"
    assert cell_of(run("1", f'<w:{name} w:val="0"/>') + run("2", f'<w:{name} w:val="false"/>')) == "12"


@pytest.mark.parametrize("kind", ["character", "paragraph"])
def test_what_a_style_strikes_out_is_not_read(kind):
    document = docx.Document()
    styles = document.styles.element
    for name, based, properties in (("Out", "", "<w:rPr><w:strike/></w:rPr>"), ("Heir", "Out", "")):
        base = f'<w:basedOn w:val="{based}"/>' if based else ""
        styles.append(parse_xml(f'<w:style {W} w:type="{kind}" w:styleId="{name}">{base}{properties}</w:style>'))
    mark = '<w:rStyle w:val="Heir"/>' if kind == "character" else ""
    whole = '<w:pPr><w:pStyle w:val="Heir"/></w:pPr>' if kind == "paragraph" else ""
    kept = run("12", f'{mark}<w:strike w:val="0"/>')
    paragraph = f"<w:p {W}>{whole}{run('10', mark)}{kept}</w:p>"
    document.element.body.insert(0, parse_xml(paragraph))
    buffer = io.BytesIO()
    document.save(buffer)
    assert [block.text for block in read_docx(buffer.getvalue()).blocks] == ["12"]


FORMULA = (
    '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:f><m:num><m:r><m:t>1</m:t></m:r>'
    "</m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
)
RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'


@pytest.mark.parametrize(
    ("style", "own", "text"),
    [
        (RAISED, "", "5^1"),  # what Word's own style of footnote marks says
        (RAISED, '<w:vertAlign w:val="baseline"/>', "51"),
        ("<w:rPr><w:vanish/></w:rPr>", '<w:dstrike w:val="0"/>', "5"),  # switches off something else, as WPS writes
        ("<w:rPr><w:vanish/></w:rPr>", '<w:vanish w:val="0"/>', "51"),
        ('<w:rPr><w:strike w:val="0"/></w:rPr>', "", "51"),
    ],
)
def test_a_run_is_read_as_its_style_says_and_it_does_not_say_otherwise(style, own, text):
    bases = (("A", "B", ""), ("B", "C", "<w:rPr><w:b/></w:rPr>"), ("C", "A", style))  # in a ring, as no program should
    styles = "".join(
        f'<w:style w:type="character" w:styleId="{name}"><w:basedOn w:val="{base}"/>{properties}</w:style>'
        for name, base, properties in bases
    )
    cells = row(run("5") + run("1", f'<w:rStyle w:val="A"/>{own}'), run("右"))
    (table,) = read_docx(
        written(f"<w:tbl>{cells}</w:tbl>", {"styles.xml": f"<w:styles {W}>{styles}</w:styles>"})
    ).tables
    assert table.rows[0][0].text == text


def test_a_formula_is_not_read_as_the_digits_in_it():
    assert cell_of(FORMULA) == "[公式]"
    assert cell_of(run("5") + FORMULA) == "5[公式]"


def test_a_symbol_is_no_blank_and_only_a_digit_where_it_shows_one():
    ticked = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    assert read_value(cell_of(ticked)).state == "text"
    assert read_value(cell_of(run("1") + ticked)).state == "text"
    assert cell_of(run("1") + '<w:r><w:sym w:font="Symbol" w:char="F035"/></w:r>') == "15"


def test_what_was_moved_or_deleted_under_change_tracking_is_not_read():
    moved = f"<w:moveFrom>{run('10')}</w:moveFrom><w:moveTo>{run('12')}</w:moveTo>"
    assert cell_of(moved) == "12"
    rows = [row(run(name), run("右"), properties=f"<w:{name}/>") for name in ("del", "hidden", "ins")]
    assert rows_of(*rows) == [["ins", "右"]]


def test_two_values_below_each_other_in_a_cell_are_not_joined():
    assert cell_of(run("107") + "<w:r><w:br/></w:r>" + run("105")) == "107 ⏎ 105"
    assert cell_of(run("107") + "</w:p><w:p>" + run("105")) == "107 ⏎ 105"
    assert cell_of(run("商业") + "</w:p><w:p>" + run("企业")) == "商业企业"


def test_the_copy_for_other_programs_is_not_read_twice():
    box = "<w:txbxContent><w:p>" + run("12") + "</w:p></w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert cell_of(f"<w:r>{both}</w:r>") == "12"
    both = both.replace(box, "<w:t>12</w:t>")
    assert cell_of(f"<w:r>{both}</w:r>") == "12"


def test_how_a_word_is_spoken_is_no_part_of_it():
    ruby = f"<w:ruby><w:rt>{run('2')}</w:rt><w:rubyBase>{run('1')}</w:rubyBase></w:ruby>"
    assert cell_of(f"<w:r>{ruby}</w:r>") == "1"


def test_a_hyphen_that_does_not_break_is_one_and_a_soft_one_is_none():
    assert cell_of("<w:r><w:t>1</w:t><w:noBreakHyphen/><w:t>5</w:t></w:r>") == "1-5"
    assert cell_of("<w:r><w:t>1</w:t><w:softHyphen/><w:t>5</w:t></w:r>") == "15"


def test_rows_and_cells_in_content_controls_are_read():
    first, second = row(run("甲"), run("1")), row(run("乙"), run("2"))
    control = f"<w:sdt><w:sdtContent>{first}</w:sdtContent></w:sdt>"
    assert rows_of(control, second) == [["甲", "1"], ["乙", "2"]]
    held = second.replace("<w:tc>", "<w:sdt><w:sdtContent><w:tc>").replace("</w:tc>", "</w:tc></w:sdtContent></w:sdt>")
    assert rows_of(first, held) == [["甲", "1"], ["乙", "2"]]


def test_the_code_of_a_field_is_not_read_and_its_result_is():
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    field = mark.format("begin") + run("=3+4") + mark.format("separate") + run("7") + mark.format("end")
    assert cell_of(field + run("8")) == "78"
    assert cell_of(mark.format("begin") + run("=3+4") + mark.format("end") + run("8")) == "8"
    assert cell_of(f'<w:fldSimple w:instr="=3+4">{run("7")}</w:fldSimple>') == "7"


def test_what_a_control_asks_for_is_no_answer():
    held = "<w:sdtContent>" + run("单击此处输入文字") + "</w:sdtContent>"
    assert cell_of(f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>{held}</w:sdt>") == ""
    assert cell_of(f"<w:sdt><w:sdtPr/>{held}</w:sdt>") == "单击此处输入文字"


def test_cells_deleted_under_change_tracking_are_left_out_and_those_merged_the_old_way_are_one():
    gone = row(run("甲"), run("1"), run("2")).replace("<w:tc>", "<w:tc><w:tcPr><w:cellDel/></w:tcPr>", 2)
    assert rows_of(gone, row(run("乙"), run("3"))) == [["2"], ["乙", "3"]]
    marks = ("<w:hMerge w:val='restart'/>", "<w:hMerge/>", "")
    wide = row(run("甲"), "", run("1")).replace("<w:tc>", "<w:tc><w:tcPr>{}</w:tcPr>").format(*marks)
    (table,) = read_docx(written(f"<w:tbl>{wide}{row(run('乙'), run('2'), run('3'))}</w:tbl>")).tables
    assert [(cell.text, cell.colspan) for cell in table.rows[0]] == [("甲", 2), ("1", 1)]


@pytest.mark.parametrize("digits", [6, 11, 5000])
def test_a_cell_that_claims_to_span_more_than_any_table_has_costs_nothing(digits):
    claim = f'<w:tc><w:tcPr><w:gridSpan w:val="{"9" * digits}"/></w:tcPr>'
    wide = row(run("甲"), run("1")).replace("<w:tc>", claim, 1)
    (table,) = read_docx(written(f"<w:tbl>{wide}{row(run('乙'), run('3'))}</w:tbl>")).tables
    assert table.rows[0][0].colspan < 100


def test_tables_in_text_boxes_are_read_and_one_of_a_single_cell_is_a_frame():
    table = f"<w:tbl>{row(run('甲'), run('1'))}</w:tbl>"
    box = f"<w:txbxContent>{table}<w:p/></w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    blocks = read_docx(written(f"<w:p>{run('前')}<w:r>{both}</w:r></w:p><w:p>{run('后')}</w:p>")).blocks
    assert [type(block).__name__ for block in blocks] == ["Paragraph", "Table", "Paragraph"]
    frame = f"</w:p><w:tbl>{row(run('12'))}</w:tbl><w:p>"
    assert rows_of(row(run("甲"), frame), row(run("乙"), run("3"))) == [["甲", "12"], ["乙", "3"]]


def test_a_table_inside_one_cell_does_not_take_the_other_rows_apart():
    inner = f"</w:p><w:tbl>{row(run('说明'), run('9'))}</w:tbl><w:p>"
    rows = [row(run("甲"), run("1")), row(run("乙"), inner), row(run("丙"), run("3"))]
    document = read_docx(written(f"<w:tbl>{''.join(rows)}</w:tbl>"))
    assert [[[cell.text for cell in cells] for cells in table.rows] for table in document.tables] == [
        [["甲", "1"]], [["说明", "9"]], [["丙", "3"]],
    ]  # fmt: skip


NUMBERS = f"""<w:numbering {W}>
    <w:abstractNum w:abstractNumId="0">
        <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
    </w:abstractNum>
    <w:abstractNum w:abstractNumId="1">
        <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl>
    </w:abstractNum>
    <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
    <w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
    <w:num w:numId="3"><w:abstractNumId w:val="0"/>
        <w:lvlOverride w:ilvl="1"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
</w:numbering>"""


def test_the_numbers_word_draws_are_read_with_the_text_they_stand_before():
    def listed(text: str, number: int, level: int = 0) -> str:
        properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"

    items = [("总体情况", 1), ("国家秘密", 1, 1), ("法律", 1, 1), ("主动公开", 1), ("信访", 1, 1), ("点", 2), ("无", 0)]
    body = "".join(listed(*item) for item in (*items, ("补正", 3, 1)))
    assert [paragraph.text for paragraph in read_docx(written(body, {"numbering.xml": NUMBERS})).paragraphs] == [
        "一、总体情况", "1.国家秘密", "2.法律", "二、主动公开", "1.信访", "点", "无", "7.补正",
    ]  # fmt: skip
    # Before a number it could be a part of it: what the reader sees is 1.5 as likely as 5.
    assert read_docx(written(listed("5", 1, 1), {"numbering.xml": NUMBERS})).text == "1. 5"
    assert read_value("1. 5").state == "text"


def test_the_strict_kind_and_documents_with_macros_are_read():
    body = f"<w:tbl>{row(run('甲'), run('1'))}</w:tbl>"
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    strict = f"<w:document {W}><w:body>{body}</w:body></w:document>".replace(main, STRICT)
    data = _zip({"word/document.xml": strict.encode(), "word/vbaProject.bin": b"x"})
    assert [cell.text for cell in read_docx(data).tables[0].rows[0]] == ["甲", "1"]


def test_the_main_part_is_where_the_file_says():
    data = written(f"<w:p>{run('年报')}</w:p>")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name.replace("document", "document2"): archive.read(name) for name in archive.namelist()}
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"document.xml", b"document2.xml")
    assert kind.media_type(_zip(parts)) == kind.DOCX
    assert read_docx(_zip(parts)).text == "年报"


def test_a_cell_with_only_a_picture_does_not_look_blank():
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    shown = f'<w:r><w:drawing><a:blip xmlns:a="{drawing}" xmlns:r="{office}" r:embed="r0"/></w:drawing></w:r>'
    document = read_docx(written(f"<w:tbl>{row(run('总计'), shown, '')}</w:tbl>", {"media/b.png": "x"}))
    assert [cell.text for cell in document.tables[0].rows[0]] == ["总计", "[图片]", ""]
    assert document.pictures == ()


def test_what_is_embedded_or_only_pictured_is_noted():
    data = written(f"<w:p>{run('年报')}</w:p>", {"embeddings/a.xlsx": "x", "media/b.png": "x"})
    assert [word for word in ("内嵌", "图片") if any(word in note for note in read_docx(data).notes)] == [
        "内嵌",
        "图片",
    ]
