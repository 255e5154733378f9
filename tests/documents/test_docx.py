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

from archive.documents.docx import read_docx
from archive.documents.model import Table
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


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def row(*cells: str, properties: str = "") -> str:
    """A row of cells, each one paragraph of these runs."""
    inner = "".join(f"<w:tc><w:p>{cell}</w:p></w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def rows_of(*rows: str) -> list[list[str]]:
    """The texts of a table of these rows, as they are read."""
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:tbl {W}>{''.join(rows)}</w:tbl>"))
    buffer = io.BytesIO()
    document.save(buffer)
    (table,) = [block for block in read_docx(buffer.getvalue()).blocks if isinstance(block, Table)]
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
