"""PDF: every cell of ruled and unruled reports; nothing wrong where lines, text or the file itself mislead."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import time
from functools import cache

import pypdfium2 as pdfium
import pytest
from hypothesis import Phase, given, reject, settings
from hypothesis import strategies as st
from reportlab.lib import colors, pdfencrypt
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.doctemplate import LayoutError

from archive.documents import ocr, pdf_page
from archive.documents.model import Paragraph, UnreadableError
from archive.documents.pdf import read_pdf
from archive.reading import read_bytes
from tests.documents import pdf_writing
from tests.documents.pdf_writing import FONT, Plain, Style, plain_report, ruled_report
from tests.forms import paper
from tests.forms.test_filling import NUMBERS, REAL, expected, texts

# Shrinking a report of 200 cells takes minutes and shows little.
settings.register_profile("whole", deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
WHOLE = settings.get_profile("whole")
SEEDS = st.integers(0, 2**32)
SMALL = st.lists(st.integers(0, 99_999), min_size=200, max_size=200)


def read(data: bytes) -> dict[paper.Key, tuple]:
    line = read_bytes(data)
    assert line["source"]["reader"] == "pdf", line.get("error")
    return {(cell["table"], cell["row"], cell["column"]): (cell["value"], cell["state"]) for cell in line["cells"]}


def assert_nothing_wrong(found: dict[paper.Key, tuple], want: dict[paper.Key, tuple]) -> None:
    wrong = {key: (got, want[key]) for key, got in found.items() if got[1] == "number" and got != want[key]}
    assert not wrong


def some_values(seed: int = 1, most: int = 9999) -> dict[paper.Key, str]:
    source = random.Random(seed)
    keys = paper.keys()
    return {key: str(source.randint(0, most)) for key in keys}


def as_expected(values: dict[paper.Key, str]) -> dict[paper.Key, tuple]:
    return {key: (float(text) if "." in text else int(text), "number") for key, text in values.items()}


@settings(WHOLE, max_examples=12)
@given(
    numbers=st.lists(NUMBERS, min_size=200, max_size=200),
    seed=SEEDS,
    repeat=st.sampled_from([0, 3]),
    look=st.sampled_from([(1, "MIDDLE"), (0, "TOP"), (1, "BOTTOM")]),
    size=st.sampled_from([8, 9]),
    before=st.integers(0, 7),
    two=st.booleans(),
)
def test_every_cell_of_a_ruled_report_is_read(numbers, seed, repeat, look, size, before, two):
    style = Style(repeat, *look, size=size, body_lines=before, numbering="- {} -".format)
    try:
        data = ruled_report(texts(numbers), paper.Noise(random.Random(seed), label_noise=False), style, two=two)
    except LayoutError:
        reject()
    assert read(data) == expected(numbers)


@settings(WHOLE, max_examples=8)
@given(numbers=st.lists(NUMBERS, min_size=200, max_size=200), seed=SEEDS, split=st.booleans(), before=st.integers(0, 7))
def test_noisy_labels_and_rows_cut_by_the_page_give_no_wrong_number(numbers, seed, split, before):
    """The layout program lets long labels run over the sides of their cells, and garbles rows it cuts."""
    style = Style(size=9, split_rows=split, body_lines=before)
    try:
        found = read(ruled_report(texts(numbers), paper.Noise(random.Random(seed)), style))
    except (LayoutError, UnboundLocalError):  # a row the layout program cannot cut
        reject()
    assert_nothing_wrong(found, expected(numbers))


@pytest.mark.parametrize("name", sorted(REAL))
def test_a_real_citys_numbers_are_read_back(name):
    data = ruled_report(REAL[name], paper.Noise(random.Random(1)), Style(repeat=3))
    assert read(data) == as_expected(REAL[name])


@settings(WHOLE, max_examples=12)
@given(
    numbers=SMALL,
    style=st.builds(
        Plain,
        align=st.sampled_from(["left", "right", "centre"]),
        middle=st.booleans(),
        groups=st.booleans(),
        numbering=st.sampled_from(["-{}-", "第{}页", "{}", "— {} —"]),
    ),
)
def test_every_cell_of_a_report_without_rulings_is_read(numbers, style):
    values = dict(zip(paper.keys(), map(str, numbers), strict=True))
    assert read(plain_report(values, style)) == as_expected(values)


@settings(WHOLE, max_examples=12)
@given(numbers=st.lists(NUMBERS, min_size=200, max_size=200), middle=st.booleans(), groups=st.booleans())
def test_blank_cells_without_rulings_shift_no_number(numbers, middle, groups):
    found = read(plain_report(texts(numbers), Plain(middle=middle, groups=groups)))
    assert_nothing_wrong(found, expected(numbers))


@pytest.mark.parametrize("group", ["review", "litigation_direct", "litigation_after_review"])
def test_a_header_with_more_columns_than_numbers_gives_no_wrong_number(group):
    """Blank columns of 表四 cannot be told without rulings: ten numbers under fifteen words are not read as ten cells."""
    values = some_values()
    for result, _ in paper.T4_RESULTS:
        values["remedies", group, result] = ""
    found = read(plain_report(values, Plain(align="left", middle=False)))
    for key, (value, state) in found.items():
        assert state != "number" or str(value) == values[key]


@settings(WHOLE, max_examples=15)
@given(seed=SEEDS, share=st.sampled_from([0.002, 0.02, 0.1, 0.5]))
def test_missing_ruling_lines_give_no_wrong_number(seed, share):
    source = random.Random(seed)
    values = some_values(seed)

    class Forgetful(Canvas):
        def line(self, *args):
            if source.random() >= share:
                super().line(*args)

        def lines(self, linelist):
            super().lines([line for line in linelist if source.random() >= share])

    data = _with_canvas(Forgetful, values, source)
    assert_nothing_wrong(read(data), as_expected(values))


def _with_canvas(canvas, values, source, style=None) -> bytes:
    plain, pdf_writing.SimpleDocTemplate = pdf_writing.SimpleDocTemplate, _document_with(canvas)
    try:
        return ruled_report(values, paper.Noise(source, label_noise=False), style or Style())
    finally:
        pdf_writing.SimpleDocTemplate = plain


def _document_with(canvas):
    class Document(pdf_writing.SimpleDocTemplate.__mro__[0]):
        def build(self, story, **more):
            super().build(story, canvasmaker=canvas, **more)

    return Document


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("drawn", [True, False])
def test_turned_pages_are_read_upright(turn, drawn):
    values = some_values()
    file = pdfium.PdfDocument(_sample() if drawn else plain_report(values, Plain()))
    for page in file:
        page.set_rotation(turn)
    buffer = io.BytesIO()
    file.save(buffer)
    assert read(buffer.getvalue()) == as_expected(values)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_text_drawn_sideways_on_its_page_is_read(turn):
    values = some_values()

    class Sideways(Canvas):
        def __init__(self, *args, **more):
            super().__init__(*args, **more)
            self._turn()

        def _turn(self):
            self.translate(421, 421)
            self.rotate(turn)
            self.translate(-421, -421)

        def showPage(self):  # noqa: N802
            super().showPage()
            self._turn()

    file = pdfium.PdfDocument(_with_canvas(Sideways, values, random.Random(1)))
    for page in file:
        page.set_mediabox(0, 0, 842, 842)
        page.set_cropbox(0, 0, 842, 842)
    buffer = io.BytesIO()
    file.save(buffer)
    assert read(buffer.getvalue()) == as_expected(values)


def test_hidden_white_and_slanted_text_is_not_read():
    values = some_values()

    class Marked(Canvas):
        def showPage(self):  # noqa: N802
            self.setFont(FONT, 9)
            for y in range(60, 800, 7):
                hidden = self.beginText(300, y)
                hidden.setTextRenderMode(3)
                hidden.textOut("7")
                self.drawText(hidden)
                self.setFillColor(colors.white)
                self.drawString(340, y, "8")
            self.setFillColor(colors.lightgrey)
            self.rotate(40)
            self.setFont(FONT, 60)
            self.drawString(300, 100, "南岗区 2024 12345")
            super().showPage()

    assert read(_with_canvas(Marked, values, random.Random(1))) == as_expected(values)


def test_text_printed_twice_for_boldness_is_read_once():
    values = some_values()

    class Bold(Canvas):
        def drawText(self, text):  # noqa: N802
            super().drawText(text)
            self.saveState()
            self.translate(0.3, 0)
            super().drawText(text)
            self.restoreState()

    assert read(_with_canvas(Bold, values, random.Random(1))) == as_expected(values)


@pytest.mark.parametrize("step", [3, 7, 11.5])
def test_numbers_printed_over_each_other_are_no_wrong_number(step):
    values = some_values()

    class Over(Canvas):
        def showPage(self):  # noqa: N802
            self.setFont(FONT, 9)
            y = 60.0
            while y < 800:
                self.drawString(280 + y % 5, y, "18 " * 20)
                y += step
            super().showPage()

    assert_nothing_wrong(read(_with_canvas(Over, values, random.Random(1))), as_expected(values))


def test_running_text_is_put_together_and_furniture_left_out():
    document = read_pdf(
        ruled_report(
            some_values(), paper.Noise(random.Random(1)), Style(body_lines=12, numbering="第{}页 共9页".format)
        )
    )
    shown = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert shown[:3] == ["哈尔滨市南岗区教育局", "2023年政府信息公开工作年度报告", "一、总体情况"]
    assert shown[3:15] == [pdf_writing.PROSE] * 12
    assert not any("第1页" in text or "文件" in text for text in shown)
    assert shown[-2:] == ["六、其他需要报告的事项", "无其他需要报告的事项。"]


@settings(WHOLE, max_examples=25)
@given(cut=st.floats(0.01, 0.999), seed=SEEDS)
def test_a_truncated_file_gives_a_reason_or_right_numbers(cut, seed):
    data = _sample()
    line = read_bytes(data[: int(cut * len(data))])
    if line["status"] == "unreadable":
        assert line["error"]
    found = {(c["table"], c["row"], c["column"]): (c["value"], c["state"]) for c in line["cells"]}
    assert_nothing_wrong(found, as_expected(some_values()))


@settings(WHOLE, max_examples=25)
@given(places=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=40))
def test_spoiled_bytes_never_stop_the_reader(places):
    data = bytearray(_sample())
    for place, value in places:
        data[int(place * len(data))] = value
    assert read_bytes(bytes(data))["status"]


@cache
def _sample() -> bytes:
    return ruled_report(some_values(), paper.Noise(random.Random(1), label_noise=False), Style(repeat=3))


@pytest.mark.parametrize(("most", "number"), [("_MOST_GLYPHS", 400), ("_MOST_OBJECTS", 60)])
def test_a_page_with_more_than_is_read_says_so(monkeypatch, most, number):
    data = ruled_report(some_values(), paper.Noise(random.Random(1)), Style())
    monkeypatch.setattr(pdf_page, most, number)
    line = read_bytes(data)
    assert any("只读了一部分" in note for note in line["notes"])
    assert line["status"] != "complete"


def test_an_encrypted_file_says_so():
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=pdfencrypt.StandardEncryption("secret", "owner"))
    canvas.drawString(72, 700, "text")
    canvas.save()
    with pytest.raises(UnreadableError, match="加密"):
        read_pdf(buffer.getvalue())


def test_a_broken_file_says_so():
    with pytest.raises(UnreadableError, match="损坏"):
        read_pdf(b"%PDF-1.4\nnothing of the kind")


def test_a_scan_is_kept_until_it_can_be_read(monkeypatch):
    monkeypatch.setattr(ocr, "available", lambda: False)
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for _ in range(3):
        canvas.rect(50, 50, 400, 600)
        hidden = canvas.beginText(60, 600)
        hidden.setFont(FONT, 9)
        hidden.setTextRenderMode(3)
        hidden.textOut("文字识别留下的看不见的字" * 10)
        canvas.drawText(hidden)
        canvas.showPage()
    canvas.save()
    with pytest.raises(UnreadableError, match=r"扫描件.*pip install 'harbin-disclosure-archive\[ocr\]'"):
        read_pdf(buffer.getvalue())


def test_a_report_is_read_in_well_under_half_a_second():
    data = _sample()
    read_pdf(data)
    start = time.process_time()
    for _ in range(3):
        read_pdf(data)
    assert (time.process_time() - start) / 3 < 0.5


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs soffice, from the package libreoffice-writer-nogui")
@pytest.mark.parametrize("borders", [True, False])
def test_what_libreoffice_makes_of_docx_reports_is_read(tmp_path, borders):
    values = some_values()
    for before in (0, 1, 4, 6, 9):
        (tmp_path / f"{before}.docx").write_bytes(_docx_report(values, before, borders))
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), *map(str, sorted(tmp_path.glob("*.docx")))],
        check=True,
        capture_output=True,
        timeout=120,
    )
    made = sorted(tmp_path.glob("*.pdf"))
    assert len(made) == 5
    for file in made:
        found = read(file.read_bytes())
        assert_nothing_wrong(found, as_expected(values))
        # Without rulings, a label of several rows that a page break cuts may leave one row unread.
        assert sum(state == "number" for _, state in found.values()) >= (200 if borders else 186), file


def _docx_report(values: dict[paper.Key, str], before: int, borders: bool) -> bytes:
    import docx

    from tests.documents.test_docx import write_table

    noise = paper.Noise(random.Random(before))
    document = docx.Document()
    document.add_paragraph("南岗区教育局2023年政府信息公开工作年度报告")
    document.add_paragraph("一、总体情况")
    for _ in range(before):
        document.add_paragraph(pdf_writing.PROSE)
    write_table(document, paper.table_two(values, noise)[0])
    document.add_paragraph("三、收到和处理政府信息公开申请情况")
    write_table(document, paper.table_three(values, noise))
    document.add_paragraph("四、政府信息公开行政复议、行政诉讼情况")
    write_table(document, paper.table_four(values, noise))
    document.add_paragraph("五、存在的主要问题及改进情况")
    for table in document.tables if borders else ():
        table.style = "Table Grid"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
