"""Tables that stand as pictures among the text of a document are read in their place; other pictures add nothing."""

from __future__ import annotations

import base64
import io
import random
import re
from collections import Counter
from dataclasses import dataclass

import docx
import pytest

from archive.documents import ocr
from archive.documents.reading import read_document
from archive.reading import read_bytes
from archive.sandbox.pool import Sandbox
from tests.forms import paper

for name in ("cv2", "rapidocr", "onnxruntime", "playwright"):
    pytest.importorskip(name, reason="reads scans: pip install 'harbin-disclosure-archive[ocr]'")

import numpy as np  # noqa: E402

from tests.documents import scanning  # noqa: E402
from tests.documents.scanning import Print  # noqa: E402


@dataclass(frozen=True)
class Report:
    """A report as a web page, its tables as they stand in it, and each as a picture."""

    values: dict[paper.Key, str]
    html: str
    tables: list[str]
    pictures: list[bytes]

    def with_pictures(self, *numbers: int) -> str:
        """The page with some of its tables as pictures that the page itself holds."""
        page = self.html
        for number in numbers:
            data = base64.b64encode(self.pictures[number]).decode()
            page = page.replace(self.tables[number], f"<img style='width:100%' src='data:image/png;base64,{data}'>")
        return page


@pytest.fixture(scope="module")
def report(browser):
    source = random.Random(11)
    values = scanning.random_values(source)
    html = scanning.report_html(values, Print(), source)
    style = re.search(r"<style>.*?</style>", html, re.DOTALL).group()
    tables = re.findall(r"<table>.*?</table>", html, re.DOTALL)
    pictures = []
    for table in tables:
        page = scanning.printed(browser, f"<meta charset='utf-8'>{style}{table}")
        pictures.append(scanning.as_file(cut_out(scanning.rasters(page, 150)[0]), "PNG"))
    return Report(values, html, tables, pictures)


def cut_out(page):
    """The part of a page that something is printed on."""
    printed = np.argwhere(page.min(2) < 200)
    (top, left), (bottom, right) = printed.min(0), printed.max(0)
    return page[top - 5 : bottom + 6, left - 5 : right + 6]


def photograph():
    """Hills before a light sky, as a photograph is stored: nothing but light and dark."""
    across, down = np.meshgrid(np.linspace(0, 6, 1400), np.linspace(0, 5, 900))
    light = 128 + 60 * np.sin(across * 1.7 + np.cos(down)) * np.cos(down * 1.3)
    noise = np.random.default_rng(3).normal(0, 6, light.shape)
    return scanning.as_file(
        np.clip(np.dstack([light, light * 0.8, light * 0.6]) + noise[:, :, None], 0, 255).astype(np.uint8), "JPEG"
    )


def counted(line, values):
    return Counter(verdict for verdict, *_ in scanning.judged(line, values))


def test_tables_that_a_pdf_page_shows_as_pictures_among_text_are_read(browser, report, monkeypatch):
    prose = "本机关依法公开政府信息。" * 10
    page = re.sub("<p>(三、|五、)", rf"<p style='break-before: page'>{prose}</p><p>\1", report.with_pictures(1, 2))
    data = scanning.printed(browser, page)
    line = read_bytes(data)
    assert counted(line, report.values) == {"right": 200}
    assert (line["status"], line["source"]["reader"], line["notes"]) == ("complete", "pdf+ocr", [])
    assert [statement["key"] for statement in line["statements"]] == ["processing_fee"]  # the text was not recognised
    monkeypatch.setattr(ocr, "available", lambda: False)
    without = read_bytes(data)
    assert counted(without, report.values) == {"right": 10, "missing": 190}
    assert any("文字之间有图片" in note and "[ocr]" in note for note in without["notes"])


def test_pictures_of_tables_in_a_docx_are_read_where_they_stand(report, monkeypatch):
    document = docx.Document()
    document.add_paragraph("南岗区教育局2023年政府信息公开工作年度报告")
    document.add_picture(io.BytesIO(photograph()), width=docx.shared.Cm(15))
    document.add_paragraph("四、政府信息公开行政复议、行政诉讼情况")
    document.add_picture(io.BytesIO(report.pictures[2]), width=docx.shared.Cm(15))
    document.add_paragraph("五、存在的主要问题及改进情况")
    buffer = io.BytesIO()
    document.save(buffer)
    with Sandbox() as sandbox:  # confined as in a build
        line = sandbox.read(buffer.getvalue())
    assert counted(line, report.values) == {"right": 15, "missing": 185}
    assert line["source"]["reader"] == "docx+ocr"
    monkeypatch.setattr(ocr, "available", lambda: False)
    without = read_document(buffer.getvalue())
    assert not without.tables and any("2 幅图片" in note and "[ocr]" in note for note in without.notes)


def test_pictures_that_a_web_page_holds_itself_are_read_and_those_it_links_to_are_not(report):
    page = report.with_pictures(2).replace("<p>一、", "<p><img src='/a.png'></p><p>一、")
    line = read_bytes(page.encode())
    assert counted(line, report.values) == {"right": 200}
    assert (line["status"], line["source"]["reader"]) == ("complete", "html+ocr")
    assert line["cells"][-1]["place"].startswith("3/")


def test_a_photograph_among_text_adds_nothing(browser, report):
    data = base64.b64encode(photograph()).decode()
    page = report.html.replace("<p>一、", f"<p><img style='width:100%' src='data:image/jpeg;base64,{data}'></p><p>一、")
    for file, reader in ((scanning.printed(browser, page), "pdf"), (page.encode(), "html")):
        line = read_bytes(file)
        assert (line["status"], line["source"]["reader"], line["notes"]) == ("complete", reader, [])
        assert counted(line, report.values) == {"right": 200}
