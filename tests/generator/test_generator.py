"""Reports of every form, kind of file, layout, label noise and number style are read back, cell by cell."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.forms.test_filling import REAL
from tests.generator import office, tables
from tests.generator.judging import Verdict, judge
from tests.generator.noise import KINDS as NOISES
from tests.generator.numbers import STYLES
from tests.generator.pdf import write_pdf
from tests.generator.printed import keys
from tests.generator.report import FORMS, WHOLES, Choice, any_choice, make
from tests.generator.writers import KINDS, fits_grid, write_docx

CHOICES = st.builds(
    Choice,
    form=st.sampled_from(list(FORMS)),
    two=st.sampled_from(tables.TWO),
    three=st.sampled_from(tables.THREE),
    four=st.sampled_from(tables.FOUR),
    statistics=st.sampled_from(tables.STATISTICS),
    whole=st.sampled_from(WHOLES),
    noise=st.sampled_from(NOISES),
    numbers=st.sampled_from(list(STYLES)),
    seed=st.integers(0, 2**32),
)
# Where a document leaves open which cell a number stands in, it may be left unread; it may never be read wrong.
BLANK_FORM = Path(__file__).parents[3] / "shared" / "form-2021-blank.docx"


def check(choice: Choice, verdict: Verdict) -> None:
    assert verdict.wrong == []
    if choice.settled:
        assert verdict.unread == []
    assert verdict.line["status"] != "unreadable"


@pytest.mark.parametrize("kind", ["html", "copies", "text"])
@settings(max_examples=30, deadline=None, derandomize=True)
@given(choice=CHOICES)
def test_pages_and_text_are_read_back_whole(kind, choice):
    paper = make(choice)
    check(choice, judge(paper, KINDS[kind](paper)))


@pytest.mark.parametrize("kind", ["docx", "zip"])
@settings(max_examples=5, deadline=None, derandomize=True)
@given(choice=CHOICES)
def test_word_files_are_read_back_whole(kind, choice):
    paper = make(choice)
    assume(fits_grid(paper))
    check(choice, judge(paper, KINDS[kind](paper)))


@settings(max_examples=20, deadline=None, derandomize=True)
@given(choice=CHOICES)
def test_no_number_of_a_spreadsheet_is_read_wrong(choice):
    """Rows of blanks are no part of a sheet, and parts without a blank row between are one: some may be left unread."""
    paper = make(choice)
    assume(fits_grid(paper))
    assert judge(paper, KINDS["xlsx"](paper)).wrong == []


@settings(max_examples=8, deadline=None, derandomize=True)
@given(choice=CHOICES)
def test_ruled_pdf_files_are_read_back(choice):
    paper = make(choice)
    assume(fits_grid(paper))
    verdict = judge(paper, write_pdf(paper))
    assert (verdict.wrong, verdict.unread) == ([], [])


@pytest.mark.skipif(not office.available(), reason="needs LibreOffice: apt-get install libreoffice-writer-nogui")
@pytest.mark.parametrize("kind", ["doc", "odt"])
def test_legacy_word_and_open_document_files_are_read_back_whole(kind):
    chance = random.Random(kind)
    papers = [paper for paper in (make(any_choice(chance)) for _ in range(9)) if fits_grid(paper)][:2]
    for paper, data in zip(papers, office.convert([write_docx(paper) for paper in papers], kind), strict=True):
        check(paper.choice, judge(paper, data))


@pytest.mark.parametrize("year", ["suqian_2023", "suqian_2024"])
@pytest.mark.parametrize("kind", ["html", "text", "docx", "pdf"])
def test_a_real_citys_report_is_read_back_in_every_layout(year, kind):
    """宿迁 2023 and 2024, as its government published them: no layout makes another number, or an error, of them."""
    chance = random.Random(kind)
    layouts = [layout for layout in tables.THREE if layout != "subtotals"]
    for three in layouts if kind in ("html", "text") else chance.sample(layouts, 2):
        choice = Choice(
            "g4", chance.choice(tables.TWO), three, chance.choice(tables.FOUR), whole=chance.choice(WHOLES), seed=1
        )
        paper = make(choice, REAL[year])
        if not fits_grid(paper) and kind in ("docx", "pdf"):
            continue
        verdict = judge(paper, write_pdf(paper) if kind == "pdf" else KINDS[kind](paper))
        assert (verdict.wrong, verdict.unread) == ([], []), choice
        assert [found for found in verdict.line["findings"] if found["severity"] == "error"] == []


@pytest.mark.parametrize("kind", ["html", "text", "docx"])
def test_a_form_no_one_filled_in_has_two_hundred_blank_cells(kind):
    paper = make(Choice(numbers="blank"))
    line = judge(paper, KINDS[kind](paper)).line
    assert [cell["state"] for cell in line["cells"]] == ["blank"] * 200


@pytest.mark.skipif(not BLANK_FORM.is_file(), reason="the blank national form is not at hand")
def test_the_blank_national_form_reads_as_two_hundred_blank_cells():
    from archive.reading import read_bytes

    line = read_bytes(BLANK_FORM.read_bytes())
    assert {(cell["table"], cell["row"], cell["column"]) for cell in line["cells"]} == set(keys("g4"))
    assert {cell["state"] for cell in line["cells"]} == {"blank"}
