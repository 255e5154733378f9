"""Scans are read as printed, and what leaves doubt is unread: never another number."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from collections import Counter

import pypdfium2 as pdfium
import pytest
from PIL import Image

from archive.documents import ocr
from archive.documents.model import Cell, Document, Table, UnreadableError
from archive.documents.reading import optional_parts, read_document
from archive.forms.filling import detect_form, fill
from archive.reading import read_bytes
from archive.sandbox.pool import Sandbox
from tests.forms import paper

for name in ("cv2", "rapidocr", "onnxruntime", "playwright"):
    pytest.importorskip(name, reason="reads scans: pip install 'harbin-disclosure-archive[ocr]'")

import cv2  # noqa: E402
import numpy as np  # noqa: E402

from archive.documents import ocr_page  # noqa: E402
from archive.documents.ocr_ink import Ink  # noqa: E402
from archive.documents.ocr_numbers import Face, doubtful  # noqa: E402
from archive.documents.ocr_paper import flatten, slant  # noqa: E402
from archive.documents.ocr_rulings import find_rulings  # noqa: E402
from archive.documents.pdf_page import Box  # noqa: E402
from tests.documents import scanning  # noqa: E402
from tests.documents.scanning import SANS, SONG, Print, Scanner  # noqa: E402


def as_tiff(pictures):
    """Scanned in grey, every page laid on the glass another way round."""
    images = [Image.fromarray(np.rot90(picture, turn + 1)).convert("L") for turn, picture in enumerate(pictures)]
    buffer = io.BytesIO()
    images[0].save(buffer, "TIFF", save_all=True, append_images=images[1:], compression="tiff_deflate")
    return buffer.getvalue()


def as_long_picture(pictures):
    return scanning.as_file(np.vstack(pictures), "PNG")


SCANS = {
    "one long picture, a table broken between its pages, thick lines, seals": (
        2,
        Print(SANS, 1.5, 10.5),
        Scanner(blur=0.6, noise=3, seal=(0.6, 0.3)),
        as_long_picture,
    ),
    "a TIFF of turned pages, thin lines": (3, Print(SONG, 0.5, 9), Scanner(turn=-0.5, noise=10, uneven=0.15), as_tiff),
}


@pytest.mark.parametrize("case", SCANS)
def test_a_scan_gives_back_every_cell_but_for_a_doubtful_one(browser, case):
    seed, look, scanner, write = SCANS[case]
    source = random.Random(seed)
    values = scanning.random_values(source, blanks=0.3)
    printed = scanning.printed(browser, scanning.report_html(values, look, source))
    data = write([scanning.scanned(page, scanner, seed) for page in scanning.rasters(printed, scanner.dpi)])
    with Sandbox() as sandbox:  # confined as in a build: within its memory, reading its models
        line = sandbox.read(data)
    counts = Counter(verdict for verdict, *_ in scanning.judged(line, values))
    assert counts["wrong"] == 0
    assert counts["right"] >= 199
    assert (line["report"]["form"], line["report"]["year"]) == ("g4", 2023)
    assert line["report"]["agency"].endswith("教育局")
    assert all(cell["place"].startswith("page ") for cell in line["cells"])


def test_each_page_of_a_pdf_is_read_its_own_way(browser, monkeypatch):
    source = random.Random(5)
    values = scanning.random_values(source)
    printed = scanning.printed(browser, scanning.report_html(values, Print(SANS), source))
    last = scanning.scanned(scanning.rasters(printed, 200)[1], Scanner(turn=0.3), 5)
    mixed = pdfium.PdfDocument.new()
    mixed.import_pages(pdfium.PdfDocument(printed))
    mixed.del_page(1)
    mixed.import_pages(pdfium.PdfDocument(scanning.scan_pdf([last])), index=1)
    buffer = io.BytesIO()
    mixed.save(buffer)
    line = read_bytes(buffer.getvalue())
    assert Counter(verdict for verdict, *_ in scanning.judged(line, values)) == {"right": 200}
    assert {cell["place"].split("/")[0] for cell in line["cells"]} == {"page 1", "page 2"}
    monkeypatch.setattr(ocr, "available", lambda: False)
    without = read_bytes(buffer.getvalue())
    assert without["status"] == "partial"
    assert any("第 2 页是图片" in note and "[ocr]" in note for note in without["notes"])
    assert {verdict for verdict, *_ in scanning.judged(without, values)} == {"right", "missing"}


def test_without_ocr_a_picture_is_kept_and_told_what_to_install(monkeypatch):
    data = scanning.as_file(np.full((1200, 900, 3), 255, np.uint8), "PNG")
    assert optional_parts()["ocr"]
    monkeypatch.setattr(ocr, "available", lambda: False)
    assert not optional_parts()["ocr"]
    with pytest.raises(UnreadableError, match=r"pip install 'harbin-disclosure-archive\[ocr\]'"):
        read_document(data)


def test_reading_web_pages_does_not_load_what_reads_scans():
    code = (
        "import sys; from archive.reading import read_bytes, reader_version; reader_version();"
        "read_bytes('<html><table><tr><td>1</table>'.encode());"
        "sys.exit(bool({'cv2', 'numpy', 'PIL', 'onnxruntime', 'rapidocr'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def landscape():
    """A picture of hills: light and dark, and not a character."""
    across, down = np.meshgrid(np.linspace(0, 6, 1400), np.linspace(0, 5, 1000))
    light = 128 + 60 * np.sin(across * 1.7 + np.cos(down)) * np.cos(down * 1.3)
    return np.dstack([light, light * 0.8, light * 0.6]).astype(np.uint8)


def test_pictures_of_something_else_are_no_reports():
    sign = np.full((700, 1400, 3), 255, np.uint8)
    cv2.putText(sign, "HAPPY NEW YEAR 2024", (60, 350), cv2.FONT_HERSHEY_DUPLEX, 3, (0, 0, 0), 5)
    for picture in (landscape(), sign, np.full((2000, 1400, 3), 255, np.uint8)):
        line = read_bytes(scanning.as_file(picture, "JPEG"))
        assert line["status"] in ("unreadable", "not_a_report")
        assert line["error"]
        assert line["cells"] == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (scanning.as_file(np.zeros((64, 64, 3), np.uint8), "GIF"), "太小"),
        (scanning.as_file(np.zeros((20000, 20000), np.uint8), "PNG"), "太大"),
        (scanning.as_file(np.random.default_rng(1).integers(0, 255, (900, 900), np.uint8), "PNG")[:90_000], "损坏"),
        (b"\xff\xd8\xff\xe0 no picture at all", "损坏"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(24), "损坏"),
    ],
)
def test_pictures_that_cannot_be_read_say_why(data, reason):
    with pytest.raises(UnreadableError, match=reason):
        read_document(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF"])
def test_every_kind_of_picture_comes_to_the_reader(kind):
    with pytest.raises(UnreadableError, match="没有可辨认的文字"):
        read_document(scanning.as_file(np.full((400, 300, 3), 255, np.uint8), kind))


@pytest.mark.parametrize("turn", [-3.0, -0.5, 0.0, 0.31, 2.0])
def test_a_page_is_put_straight(turn):
    page = np.full((1200, 900, 3), 255, np.uint8)
    for y in range(100, 1100, 50):
        cv2.line(page, (80, y), (820, y), (0, 0, 0), 2)
    turned = scanning.scanned(page, Scanner(turn=turn, noise=3), 1)
    assert abs(slant(flatten(turned).dark)) < 0.06


def ruled(rows, columns, *, left_out=()):
    """A page with a table of equal cells, some inner lines left out: ("across"|"down", line, cell)."""
    page = np.full((2339, 1654), 255, np.uint8)
    for y in range(rows + 1):
        for x in range(columns):
            if ("across", y, x) not in left_out:
                cv2.line(page, (200 + 150 * x, 300 + 60 * y), (350 + 150 * x, 300 + 60 * y), 0, 2)
    for x in range(columns + 1):
        for y in range(rows):
            if ("down", x, y) not in left_out:
                cv2.line(page, (200 + 150 * x, 300 + 60 * y), (200 + 150 * x, 360 + 60 * y), 0, 2)
    return page


def test_missing_rulings_are_spans():
    sheet = flatten(ruled(4, 5, left_out=[("down", 2, 0), ("across", 2, 0), ("across", 3, 0)]))
    (grid,) = find_rulings(sheet.dark, sheet.scale).grids
    assert (len(grid.ys) - 1, len(grid.xs) - 1) == (4, 5)
    spans = {(region.row, region.column): (region.rowspan, region.colspan) for region in grid.regions}
    assert spans[0, 1] == (1, 2) and spans[1, 0] == (3, 1)
    assert len(spans) == 17


def test_strokes_of_characters_in_low_rows_are_no_rulings():
    page = ruled(4, 5)
    cv2.rectangle(page, (238, 309), (262, 351), 0, 3)  # 口, as high as its row
    cv2.line(page, (550, 420), (550, 480), 0, 3)
    sheet = flatten(page)
    (grid,) = find_rulings(sheet.dark, sheet.scale).grids
    assert (len(grid.ys) - 1, len(grid.xs) - 1) == (4, 6)


def test_a_number_with_a_stroke_through_it_is_doubted_and_a_red_one_is_no_blank():
    page = cv2.cvtColor(ruled(4, 5), cv2.COLOR_GRAY2RGB)
    for number in range(3):
        cv2.putText(page, "12", (250 + 150 * number, 345), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0, 0, 0), 2, cv2.LINE_AA)
    cv2.putText(page, "12", (250, 405), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (210, 30, 30), 2, cv2.LINE_AA)
    cv2.line(page, (440, 300), (420, 460), (0, 0, 0), 3, cv2.LINE_AA)
    found = sorted(ocr_page.recognise_page(page).glyphs, key=lambda glyph: (round(glyph.y / 10), glyph.x))
    first, crossed, third = ([glyph for glyph in found if x < glyph.x < x + 54] for x in (72, 126, 180))
    assert [glyph.text for glyph in first if not glyph.doubt] == ["1", "2"]
    assert [glyph.text for glyph in third] == ["1", "2"] and not any(glyph.doubt for glyph in third)
    assert all(glyph.doubt for glyph in crossed) and crossed
    assert any(glyph.doubt and glyph.text == "" for glyph in first)


def written(text):
    """The pieces of ink of a text, and how wide its figures are."""
    dark = np.zeros((120, 600), np.uint8)
    cv2.putText(dark, text, (30, 70), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 255, 2, cv2.LINE_AA)
    return Ink(dark, np.zeros_like(dark), 2.78).within(Box(0, 0, 600, 120)), Face(17.7, -0.1)


@pytest.mark.parametrize("text", ["0", "7", "12", "305", "4821", "12.34", "1,234", "20.00"])
def test_two_readings_that_agree_with_the_ink_are_believed(text):
    pieces, face = written(text)
    assert not doubtful(pieces, (text, 0.99), (text, 0.97), face)


@pytest.mark.parametrize(
    ("ink", "first", "second"),
    [
        ("12", "12", "17"),
        ("305", "35", "35"),
        ("4821", "482", "482"),
        ("12", "122", "122"),
        ("12.34", "1234", "1234"),
        ("1234", "12.34", "12.34"),
        ("0", "O", "O"),
        ("0124", "0124", "0124"),
        ("11", "I1", "I1"),
    ],
)
def test_readings_that_differ_or_do_not_fit_the_ink_are_doubted(ink, first, second):
    pieces, face = written(ink)
    assert doubtful(pieces, (first, 0.99), (second, 0.99), face)


def test_an_unsure_reading_is_doubted():
    pieces, face = written("12")
    assert doubtful(pieces, ("12", 0.6), ("12", 0.99), face)


def test_ink_that_nobody_can_read_is_no_blank(monkeypatch):
    page = ruled(4, 5)
    cv2.circle(page, (275, 330), 9, 150, -1)  # a smudge in the first cell
    cv2.putText(page, "7", (415, 345), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 190, 1, cv2.LINE_AA)  # all but faded
    monkeypatch.setattr(ocr_page.ocr_engine, "recognise", lambda lines: [("", 0.0)] * len(lines))
    found = ocr_page.recognise_page(page)
    unread = [(round(glyph.x), round(glyph.y)) for glyph in found.glyphs if glyph.doubt and not glyph.text]
    assert len(unread) == 2
    assert [abs(x - near) < 6 for (x, _), near in zip(sorted(unread), (99, 153), strict=True)] == [True, True]


def test_a_slash_and_a_dash_are_known_by_their_shape():
    page = ruled(4, 5)
    for number, text in enumerate(["0", "1", "8", "10"]):
        cv2.putText(page, text, (255 + 150 * number, 345), cv2.FONT_HERSHEY_COMPLEX, 0.9, 0, 2, cv2.LINE_AA)
        cv2.line(page, (270 + 150 * number, 402), (278 + 150 * number, 378), 0, 2, cv2.LINE_AA)
    cv2.line(page, (270, 450), (279, 450), 0, 2)
    found = ocr_page.recognise_page(cv2.GaussianBlur(page, (0, 0), 0.6))
    assert "".join(glyph.text for glyph in sorted(found.glyphs, key=lambda glyph: glyph.x)) == "0/-1/8/1/0"
    assert not any(glyph.doubt for glyph in found.glyphs)


def test_a_point_that_was_lost_leaves_doubt():
    pieces, face = written("12.34")
    without = [piece for piece in pieces if piece.high > 8]
    assert len(without) < len(pieces)
    assert doubtful(without, ("1234", 0.99), ("1234", 0.99), face)


def test_a_doubtful_cell_of_a_table_is_unreadable_with_its_raw_text_and_page():
    rows = [[Cell("类别"), *[Cell(label) for _, label in paper.T4_RESULTS]]]
    rows += [[Cell(label), *[Cell("3", doubt=n == 1) for n in range(5)]] for _, label in paper.T4_GROUPS]
    document = Document("ocr", (Table(tuple(map(tuple, rows)), (2, 2, 2, 3)),), recognised=True)
    cells = {(cell.row, cell.column): cell for cell in fill(document, detect_form(document)).cells}
    doubted = cells["litigation_after_review", "corrected"]
    assert (doubted.state, doubted.value, doubted.raw, doubted.place) == ("unreadable", None, "3", "page 3/1/4/3")
    assert (cells["review", "upheld"].value, cells["review", "upheld"].place) == (3, "page 2/1/2/2")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_table_recognised_beside_the_same_in_text_takes_no_number_from_it(order):
    def table(number, recognised):
        rows = [["类别", *[label for _, label in paper.T4_RESULTS]]]
        rows += [[label, *[number] * 5] for _, label in paper.T4_GROUPS]
        return Table(tuple(tuple(Cell(text, recognised=recognised) for text in row) for row in rows))

    tables = table("3", recognised=False), table("8", recognised=True)
    document = Document("html+ocr", tuple(tables[index] for index in order))
    filling = fill(document, detect_form(document))
    assert {(cell.value, cell.recognised) for cell in filling.cells if cell.table == "remedies"} == {(3, False)}
