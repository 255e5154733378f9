"""Spreadsheets: merged cells, numbers as stored, text around the tables; and files that must not be opened."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.documents import kind
from archive.documents.model import Paragraph, Table
from archive.documents.sheet import read_sheet, sheet_blocks, shown
from archive.documents.sheet_looks_ods import ods_looks
from archive.documents.sheet_looks_xls import xls_looks
from archive.forms.numbers import read_value
from archive.reading import read_bytes
from tests.documents.test_office import compound
from tests.forms import paper

# A sheet: its filled cells by row and column from 0, and its merged cells, corners included.
Sheet = tuple[dict[tuple[int, int], str | float], list[tuple[int, int, int, int]]]


def lay_out(parts: list[str | list[paper.Row]], gap: int, *, framed: bool = False) -> Sheet:
    """Put paragraphs (merged over ten columns) and tables under each other, ``gap`` rows apart.

    ``framed`` keeps the blank cells of tables, which are written with a frame.
    """
    values, merges = {}, []
    top = 0
    for part in parts:
        rows = [[paper.Cell(part, 1, 10)]] if isinstance(part, str) else part
        taken: set[tuple[int, int]] = set()
        for y, row in enumerate(rows):
            x = 0
            for cell in row:
                while (y, x) in taken:
                    x += 1
                taken |= {(y + down, x + right) for down in range(cell.rowspan) for right in range(cell.colspan)}
                if cell.text or (framed and not isinstance(part, str)):
                    values[top + y, x] = float(cell.text) if cell.text.isdigit() else cell.text
                if cell.rowspan > 1 or cell.colspan > 1:
                    merges.append((top + y, x, top + y + cell.rowspan - 1, x + cell.colspan - 1))
                x += cell.colspan
        top += len(rows) + gap
    return values, merges


def report(values: dict, noise: paper.Noise, *, gap: int, layout: str, split: bool, framed: bool = False) -> Sheet:
    return lay_out(
        [
            "南岗区教育局2023年政府信息公开工作年度报告",
            "一、总体情况",
            "全年公开信息12条，没有收费。",
            "二、主动公开政府信息情况",
            *paper.table_two(values, noise, split=split, padded=layout == "flat"),
            "三、收到和处理政府信息公开申请情况",
            paper.table_three(values, noise, layout=layout),
            "四、政府信息公开行政复议、行政诉讼情况",
            paper.table_four(values, noise, layout=layout),
            "五、存在的主要问题及改进情况",
            "无。",
        ],
        gap,
        framed=framed,
    )


def xlsx(*sheets: Sheet, hidden: tuple[int, ...] = (), code: str = "General", columns: str = "") -> bytes:
    """An XLSX file with inline strings, numbers in the format ``code``, blank cells framed; ``columns`` describes these."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {}
    listed, related = [], []
    for number, (values, merges) in enumerate(sheets, 1):
        lines = []
        for y in sorted({y for y, _ in values}):
            cells = []
            for x in sorted(x for row, x in values if row == y):
                value, place = values[y, x], f"{_column(x)}{y + 1}"
                if value == "":
                    cells.append(f'<c r="{place}" s="1"/>')
                elif isinstance(value, str):
                    cells.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
                else:
                    cells.append(f'<c r="{place}" s="2"><v>{value!r}</v></c>')
            lines.append(f'<row r="{y + 1}">{"".join(cells)}</row>')
        spans = "".join(f'<mergeCell ref="{_column(b)}{a + 1}:{_column(d)}{c + 1}"/>' for a, b, c, d in merges)
        spans = f"<mergeCells>{spans}</mergeCells>" if spans else ""
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f"<worksheet {main}>{columns}<sheetData>{''.join(lines)}</sheetData>{spans}</worksheet>"
        )
        state = ' state="hidden"' if number in hidden else ""
        listed.append(f'<sheet name="表{number}" sheetId="{number}"{state} r:id="r{number}"/>')
        related.append(
            f'<Relationship Id="r{number}" Type="{relations}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        )
    parts["xl/styles.xml"] = (
        f'<styleSheet {main}><numFmts><numFmt numFmtId="200" formatCode="{escape(code, {chr(34): "&quot;"})}"/></numFmts>'
        '<borders><border/><border><left style="thin"/></border></borders><cellXfs><xf borderId="0"/>'
        '<xf borderId="1"/><xf borderId="0" numFmtId="200"/></cellXfs></styleSheet>'
    )
    parts["xl/workbook.xml"] = f'<workbook {main} xmlns:r="{relations}"><sheets>{"".join(listed)}</sheets></workbook>'
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{package}">{"".join(related)}</Relationships>'
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    parts["[Content_Types].xml"] = (
        f'<Types xmlns="{types}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind.XLSX}.main+xml"/></Types>'
    )
    office = f'<Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/>'
    parts["_rels/.rels"] = f'<Relationships xmlns="{package}">{office}</Relationships>'
    return zipped(parts)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def _column(number: int) -> str:
    return (_column(number // 26 - 1) if number >= 26 else "") + chr(65 + number % 26)


def record(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def xls(sheet: Sheet, *, more: bytes = b"") -> bytes:
    """An Excel 97 file: BIFF8 records in an OLE file, ``more`` among those of the workbook."""
    values, merges = sheet

    def text(value: str, width: str) -> bytes:
        return struct.pack(f"<{width}B", len(value), 1) + value.encode("utf-16-le")

    start = struct.pack("<4H2I", 0x0600, 0x0005, 0, 0, 0, 0)
    name = text("表", "B")
    offset = 2 * 20 - 20 + len(record(0x85, bytes(6) + name)) + len(more) + 4
    book = record(0x809, start) + record(0x85, struct.pack("<IH", offset, 0) + name) + more + record(0x0A, b"")
    cells = b""
    for (y, x), value in sorted(values.items()):
        place = struct.pack("<3H", y, x, 0)
        if isinstance(value, str):
            cells += record(0x204, place + text(value, "H"))
        else:
            cells += record(0x203, place + struct.pack("<d", value))
    for a, b, c, d in merges:
        cells += record(0xE5, struct.pack("<5H", 1, a, c, b, d))
    sheet_start = struct.pack("<4H2I", 0x0600, 0x0010, 0, 0, 0, 0)
    book += record(0x809, sheet_start) + cells + record(0x0A, b"")
    return compound({"Workbook": book.ljust(4096, b"\0")})


def ods(sheet: Sheet) -> bytes:
    """An OpenDocument file, its numbers without a format."""
    values, merges = sheet
    spans = {(a, b): (c - a + 1, d - b + 1) for a, b, c, d in merges}
    height, width = (1 + max([place[way] for place in values] + [span[way + 2] for span in merges]) for way in (0, 1))
    covered = {(y, x) for a, b, c, d in merges for y in range(a, c + 1) for x in range(b, d + 1)} - spans.keys()
    lines = []
    for y in range(height):
        cells = []
        for x in range(width):
            value = values.get((y, x), "")
            down, across = spans.get((y, x), (1, 1))
            name = "covered-table-cell" if (y, x) in covered else "table-cell"
            spread = f'table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
            typed = (
                'office:value-type="string"'
                if isinstance(value, str)
                else f'office:value-type="float" office:value="{value!r}"'
            )
            text = f"<text:p>{escape(str(value))}</text:p>"
            cells.append(
                f"<table:{name} {spread} {typed}>{text}</table:{name}>" if value != "" else f"<table:{name} {spread}/>"
            )
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    return ods_file(f'<table:table table:name="表">{"".join(lines)}</table:table>')


def ods_file(tables: str, styles: str = "") -> bytes:
    names = {"fo": "xsl-fo-compatible", "number": "datastyle"}
    spaces = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{names.get(each, each)}:1.0"'
        for each in ("office", "table", "text", "style", "number", "fo")
    )
    styles = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f"<office:document-content {spaces}>{styles}{body}</office:document-content>"
    manifest = '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zipped({"mimetype": kind.ODS, "META-INF/manifest.xml": manifest, "content.xml": content})


def cells_of(line: dict) -> dict:
    return {(c["table"], c["row"], c["column"]): str(c["value"]) for c in line["cells"]}


@settings(max_examples=25, deadline=None)
@given(
    numbers=st.lists(st.integers(0, 99_999), min_size=200, max_size=200),
    seed=st.integers(0, 2**32),
    gap=st.integers(0, 2),
    layout=st.sampled_from(["official", "flat"]),
    split=st.booleans(),
)
def test_every_cell_of_an_xlsx_report_is_read(numbers, seed, gap, layout, split):
    values = dict(zip(paper.keys(), map(str, numbers), strict=True))
    sheet = report(values, paper.Noise(random.Random(seed)), gap=gap, layout=layout, split=split)
    line = read_bytes(xlsx(sheet))
    assert cells_of(line) == values
    assert (line["source"]["reader"], line["report"]["agency"], line["report"]["year"]) == (
        "xlsx",
        "南岗区教育局",
        2023,
    )
    assert "全年公开信息12条" in line["sections"][0]["text"]


@pytest.mark.parametrize(("write", "media_type", "reader"), [(xls, kind.XLS, "xls"), (ods, kind.ODS, "ods")])
def test_every_cell_of_an_xls_or_ods_report_is_read(write, media_type, reader):
    values = dict(zip(paper.keys(), map(str, range(1000, 1200)), strict=True))
    line = read_bytes(write(report(values, paper.Noise(random.Random(2)), gap=1, layout="official", split=False)))
    assert cells_of(line) == values
    assert (line["source"]["media_type"], line["source"]["reader"]) == (media_type, reader)
    assert not [note for note in line["notes"] if "工作表" in note]


@pytest.mark.parametrize("framed", [False, True])
def test_a_blank_form_has_blank_cells_where_a_label_or_a_frame_shows_that_the_row_is_there(framed):
    values = dict.fromkeys(paper.keys(), "")
    noise = paper.Noise(random.Random(2), label_noise=False)
    line = read_bytes(xlsx(report(values, noise, gap=1, layout="official", split=False, framed=framed)))
    # The row of table 4 has no label, and a blank row of a sheet may be the gap after the table.
    assert [cell["state"] for cell in line["cells"]] == ["blank"] * (200 if framed else 185)
    assert any("缺 15 格" in note for note in line["notes"]) != framed


@pytest.mark.parametrize(
    ("code", "state", "value"),
    [("General", "number", 0.125), ("0.00", "number", 0.125), ("#,##0.0000", "number", 0.125), ('0.000"万元"', "text", None),
     ("0%", "text", None), ("0.0,", "text", None), ("# ?/?", "text", None), ("0.00E+00", "text", None),
     (";;;", "text", None), ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "number", 0.125),
     ('[Red]0.0"件"', "number", 0.125), ('0"."0', "text", None), ("[DBNum1]General", "number", 0.125),
     ('0.000"%"', "text", None), ("[<100]0.0;[<1000]0.00;0%", "text", None)],
)  # fmt: skip
def test_a_number_shown_as_another_is_no_number(code, state, value):
    (first, _) = read_sheet(xlsx(({(0, 0): 0.125, (0, 1): "右"}, []), code=code)).tables[0].rows[0]
    read = read_value(first.text)
    assert (read.state, read.value) == (state, value), first.text
    (first, _) = read_sheet(xlsx(({(0, 0): 0, (0, 1): "右"}, []), code=code)).tables[0].rows[0]
    assert first.text == "0"


def test_hidden_rows_and_columns_are_left_out_with_a_note():
    rows = {(0, 0): "项目", (0, 1): "上年", (0, 2): "本年", (1, 0): "许可", (1, 1): 3, (1, 2): 5}
    document = read_sheet(xlsx((rows, []), columns='<cols><col min="2" max="2" hidden="1"/></cols>'))
    assert [[cell.text for cell in row] for row in document.tables[0].rows] == [["项目", "本年"], ["许可", "5"]]
    assert "隐藏" in document.notes[0]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [("xl/worksheets/sheet1.xml", 'r="1"', 'r="x" hidden="?"'), ("xl/styles.xml", 'numFmtId="200"', 'numFmtId="x"'),
     ("xl/styles.xml", "<borders>", "<borders"), ("xl/worksheets/sheet1.xml", 's="2"', 's="99"')],
)  # fmt: skip
def test_looks_that_make_no_sense_stop_nothing(part, old, new):
    with zipfile.ZipFile(io.BytesIO(xlsx(({(0, 0): "甲", (0, 1): 7}, [])))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts[part] = parts[part].replace(old, new)
    line = read_bytes(zipped(parts))
    assert line["status"] in ("not_a_report", "unreadable")
    assert line["error"]


# One workbook, saved by LibreOffice 7.4 as each kind. In its first sheet the words of a number format stand before
# 0.125, -0.5 and 0 in that format.
SAVED = {suffix: Path(__file__).with_name("sheets") / f"looks.{suffix}" for suffix in ("xlsx", "xls", "ods")}
SAME, CHANGED = ["0.125", "-0.5", "0"], [None, None, "0"]
FORMATS = {
    "General": SAME, "0.00": SAME, "#,##0.0000": SAME, '0.000"万元"': CHANGED, "0%": ["12.5%", "-50%", "0"],
    "0.0,": CHANGED, "# ?/?": CHANGED, "0.00E+00": CHANGED, ";;;": CHANGED,
    '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_': SAME, '[Red]0.0"件"': SAME, '0"."0': CHANGED,
    "[DBNum1]General": SAME, '0.0"%"': CHANGED, r"0.0_);\(0.0\)": SAME, '0.0%;-0.0%;"-"': ["12.5%", "-50%", "0"],
    "[<100]0.0;[<1000]0.00;0%": CHANGED, "@": SAME, "¥#,##0.00": SAME,
}  # fmt: skip


@pytest.mark.parametrize("suffix", SAVED)
def test_a_sheet_is_read_as_it_looks_whichever_kind_of_file_holds_it(suffix):
    document = read_sheet(SAVED[suffix].read_bytes())
    formats, *tables = document.tables
    assert document.notes == ("工作表「隐藏」有隐藏的行或列，未读取",)
    found = {row[0].text: [cell.text for cell in row[1:]] for row in formats.rows}
    assert found.keys() == FORMATS.keys()
    for code, shown_as in FORMATS.items():
        for text, expected in zip(found[code], shown_as, strict=True):
            assert text == expected or (expected is None and read_value(text).state == "text"), (code, text)
    assert [[[cell.text for cell in row] for row in table.rows] for table in tables] == [
        [["项目", "本年", "比例"], ["许可", "5", "60%"], ["收费", "500", "60%"]],
        [["项目", "上年", "本年"], ["许可", "", "5"], ["", "", ""], ["", "", ""], ["处罚", "", ""]],
        [["项目", "50%", "25%"], ["甲", "75%", "50%"]],
        [["和", "3", "4", "7", "", "（公式无结果）", "30%"]],
    ]
    assert read_value("（公式无结果）").state == "text"


def test_rows_and_cells_an_ods_file_repeats_look_alike():
    styles = """<number:percentage-style style:name="n"><number:number/><number:text>%</number:text>
        </number:percentage-style><style:style style:name="p" style:family="table-cell" style:data-style-name="n"/>
        <style:style style:name="c" style:family="table-cell" style:parent-style-name="p"/>"""
    cell = '<table:table-cell office:value-type="float" office:value="0.25" {}/>'.format
    rows = f"""<table:table-column table:number-columns-repeated="2" table:default-cell-style-name="c"/>
        <table:table-row table:number-rows-repeated="2">{cell('table:number-columns-repeated="3"')}</table:table-row>
        <table:table-row-group table:display="false"><table:table-row>{cell("")}</table:table-row></table:table-row-group>
        <table:table-row table:visibility="filter" table:number-rows-repeated="2">{cell("")}</table:table-row>
        <table:table-row>{cell("")}<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0">
        <text:p>#DIV/0!</text:p></table:table-cell><table:table-cell table:formula="of:=A1"/></table:table-row>"""
    document = read_sheet(ods_file(f'<table:table table:name="表">{rows}</table:table>', styles))
    assert [[cell.text for cell in row] for table in document.tables for row in table.rows] == [
        ["25%", "25%", "0.25"],
        ["25%", "25%", "0.25"],
        ["25%", "（公式无结果）", "（公式无结果）"],
    ]


@pytest.mark.parametrize("repeated", ["1048576", "9" * 30])
def test_frames_of_a_whole_sheet_are_no_rows_of_a_table(repeated):
    styles = """<style:style style:name="f" style:family="table-cell"><style:table-cell-properties
        fo:border="0.06pt solid #000000"/></style:style>"""
    cell = f'<table:table-cell table:style-name="f" table:number-columns-repeated="{repeated}"/>'
    row = f'<table:table-row table:number-rows-repeated="{repeated}">{cell}</table:table-row>'
    look = ods_looks(ods_file(f'<table:table table:name="表">{row}</table:table>', styles), 5000, 200)["表"]
    assert not look.framed


@pytest.mark.parametrize(
    "more",
    [record(0x31, b"\xff"), record(0x41E, b"\xff\xff\xff"), record(0xE0, b"\x01" * 7), record(0x92, b"\xff\xff")],
    ids=["font", "format", "style", "palette"],
)
def test_an_xls_whose_looks_make_no_sense_is_read_with_a_note(more, capfd):
    values = dict(zip(paper.keys(), map(str, range(200)), strict=True))
    sheet = report(values, paper.Noise(random.Random(2)), gap=1, layout="official", split=False)
    line = read_bytes(xls(sheet, more=more))
    assert cells_of(line) == values
    assert any("无法识别" in note for note in line["notes"])
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("suffix", ["xls", "ods"])
@settings(max_examples=40, deadline=None)
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8), length=st.floats(0.5, 1))
def test_no_damage_makes_the_looks_fail(suffix, changes, length):
    data = SAVED[suffix].read_bytes()
    part = "content.xml"
    if suffix == "ods":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read(part)
    damaged = bytearray(data)
    for place, value in changes:
        damaged[int(place * (len(data) - 1))] = value
    damaged = bytes(damaged[: int(length * len(data))])
    read = xls_looks if suffix == "xls" else ods_looks
    read(damaged if suffix == "xls" else zipped({"mimetype": kind.ODS, part: damaged}), 500, 50)


@pytest.mark.parametrize("cell", ['s="2"><f>SUM(C1:D1)</f>', 't="e"><f>1/0</f><v>#DIV/0!</v>'])
def test_a_formula_without_a_result_is_no_blank(cell):
    data = xlsx(({(0, 0): "总计", (0, 1): 7}, []))
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts[part] = parts[part].replace('s="2"><v>7</v>', cell)
    assert read_value(read_sheet(zipped(parts)).tables[0].rows[0][1].text).state == "text"


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3"), (0.1 + 0.2, "0.3"), (12.34, "12.34"), (-5.0, "-5"), (123456789012.0, "123456789012"), ("3.0", "3.0"),
     (True, "TRUE"), ("", "")],
)  # fmt: skip
def test_values_are_shown_as_the_sheet_does(value, text):
    assert shown(value) == text


def test_rows_alone_above_a_table_are_paragraphs_and_labels_without_values_are_rows():
    rows = [
        ["标题", "", ""],
        ["说明文字。", "", ""],
        ["规章", "制发", "废止"],
        ["行政许可", "", ""],
        ["合计", 1.0, 2.5],
    ]
    first, second, table = sheet_blocks(rows, [((0, 0), (0, 2))])
    assert (first, second) == (Paragraph("标题"), Paragraph("说明文字。"))
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["规章", "制发", "废止"],
        ["行政许可", "", ""],
        ["合计", "1", "2.5"],
    ]


def texts_of(blocks) -> list:
    return [[[cell.text for cell in row if cell.text] for row in block.rows] if isinstance(block, Table) else block.text
            for block in blocks]  # fmt: skip


def test_what_heads_rows_inside_a_table_stays_there_and_what_stands_between_tables_does_not():
    parts = [
        "二、主动公开情况",
        [
            [paper.Cell("第二十条第（一）项", 1, 3)],
            [paper.Cell("信息内容"), paper.Cell("制发"), paper.Cell("废止")],
            [paper.Cell("规章"), paper.Cell("1"), paper.Cell("2")],
            [paper.Cell("第二十条第（五）项", 1, 3)],
            [paper.Cell("行政许可"), paper.Cell("3", 1, 2)],
        ],
        "三、申请情况",
        [[paper.Cell("类别"), paper.Cell("总计")], [paper.Cell("新收"), paper.Cell("4")]],
    ]
    blocks = read_sheet(xlsx(lay_out(parts, gap=0))).blocks
    assert texts_of(blocks) == [
        "二、主动公开情况",
        [
            ["第二十条第（一）项"],
            ["信息内容", "制发", "废止"],
            ["规章", "1", "2"],
            ["第二十条第（五）项"],
            ["行政许可", "3"],
        ],
        "三、申请情况",
        [["类别", "总计"], ["新收", "4"]],
    ]


def test_a_group_of_a_list_is_no_heading_of_the_report():
    rows = [[paper.Cell("指标"), paper.Cell("单位"), paper.Cell("数量")]]
    for group, number in (("一、主动公开", "1"), ("二、回应解读", "2")):
        rows += [[paper.Cell(group, 1, 3)], [paper.Cell("总数"), paper.Cell("条"), paper.Cell(number)]]
    (table,) = read_sheet(xlsx(lay_out([rows], gap=0))).blocks
    assert texts_of([table]) == [[
        ["指标", "单位", "数量"], ["一、主动公开"], ["总数", "条", "1"], ["二、回应解读"], ["总数", "条", "2"],
    ]]  # fmt: skip


def test_sheets_follow_each_other_and_hidden_ones_are_noted():
    document = read_sheet(xlsx(({(0, 0): "甲"}, []), ({(0, 0): "乙"}, []), ({(0, 0): "丙"}, []), hidden=(2,)))
    assert document.text == "甲\n丙"
    assert "表2" in document.notes[0]


def test_a_stray_cell_far_away_costs_nothing():
    document = read_sheet(xlsx(({(0, 0): "甲", (20_000, 0): "乙"}, [(5, 0, 1_048_575, 16_383)])))
    assert document.text == "甲"
    assert "未读取" in document.notes[0]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (xlsx(({(0, 0): "甲"}, []))[:-40], "ZIP"),
        (zipped({"xl/workbook.xml": "<workbook", "a": "x"}), "损坏"),
        (zipped({"xl/workbook.xml": " " * 50_000_000}), "超出"),
        (compound({"Workbook": b"\xff" * 4096}), "损坏"),
        (compound({"Workbook": struct.pack("<HH", 0x809, 16) + bytes(4092)})[:3000], "损坏"),
    ],
    ids=["torn", "not-xml", "bomb", "xls-noise", "xls-torn"],
)
def test_damaged_sheets_give_a_reason(data, word):
    line = read_bytes(data)
    assert line["status"] == "unreadable"
    assert word in line["error"]
