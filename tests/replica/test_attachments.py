"""What hangs on the pages: files of every kind, each with all the numbers of its report."""

from __future__ import annotations

import io
import zipfile

import pdfplumber
import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from crawler.replica.layouts.attached import FILE_KINDS
from crawler.replica.layouts.body import body_html
from crawler.replica.report import Report
from crawler.replica.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=3, agencies=40, years=range(2015, 2025))


def plain(world: World, year: int) -> Report:
    """A report of the city, whose numbers are large and many, with tables that span."""
    report = world.reports[f"haerbinshi-renminzhengfu-{year}"]
    report.layout = type(report.layout)()
    return report


def test_files_of_every_kind_occur_and_some_hold_the_tables_alone(world):
    attached = [report for report in world.reports.values() if report.attachment]
    assert {report.file_kind for report in attached} == set(FILE_KINDS)
    alone = [report for report in world.reports.values() if report.only_in_file]
    assert {report.file_kind for report in alone} == {"docx", "pdf", "zip"}
    for report in alone:
        assert report.attachment
        assert "<table" not in body_html(report)


def test_a_pdf_has_a_text_layer_and_ruled_cells_that_hold_the_numbers(world):
    report = plain(world, 2022)
    with pdfplumber.open(io.BytesIO(FILE_KINDS["pdf"].make(report))) as pdf:
        text = "".join("".join(page.extract_text().split()) for page in pdf.pages)
        rows = [row for page in pdf.pages for table in page.extract_tables() for row in table]
        assert "复制门户" in pdf.metadata["Subject"]
    assert "".join(report.title.split()) in text
    assert all("".join(line.split()) in text for section in report.sections for line in section.paragraphs)
    received = [raw for (table, row, _), raw in report.cells.items() if (table, row) == ("requests", "new_received")]
    found = next(row for row in rows if row[0] and row[0].startswith("一、本年新收"))
    assert [text for text in found if text][1:] == received


def test_a_long_table_goes_over_several_pages_of_a_pdf(world):
    report = plain(world, 2017)
    with pdfplumber.open(io.BytesIO(FILE_KINDS["pdf"].make(report))) as pdf:
        pages = [len(page.rects) for page in pdf.pages]
    assert sum(count > 0 for count in pages) > 1
    assert sum(pages) > 58 * 3


def test_a_spreadsheet_holds_numbers_as_numbers(world):
    report = plain(world, 2023)
    book = CalamineWorkbook.from_filelike(io.BytesIO(FILE_KINDS["xlsx"].make(report)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][0] == "".join(report.title_lines)
    found = next(row for row in rows if str(row[0]).startswith("一、本年新收"))
    received = [raw for (table, row, _), raw in report.cells.items() if (table, row) == ("requests", "new_received")]
    assert found[3:10] == [float(raw) for raw in received]


def test_a_zip_holds_the_word_file_under_the_reports_title(world):
    report = plain(world, 2020)
    package = zipfile.ZipFile(io.BytesIO(FILE_KINDS["zip"].make(report)))
    name = f"{''.join(report.title.split())}.docx"
    assert package.namelist() == [name]
    assert len(Document(io.BytesIO(package.read(name))).tables) == 3


def test_a_file_is_the_same_bytes_every_time(world):
    report = plain(world, 2021)
    for kind, file in FILE_KINDS.items():
        assert file.make(report) == file.make(report), kind
