"""Numbers recognised in a picture: what does not add up is unread, on a real city's numbers with figures misread."""

import random

import pytest

from archive.checks.trust import trusted
from archive.documents.html import read_html
from archive.forms.report import read_report
from tests.forms import paper
from tests.forms.test_filling import REAL

TRUE = REAL["suqian_2023"]
GRANTED = ("requests", "granted", "natural_person")


def read(changed=()):
    values = {**TRUE, **dict(changed)}
    page = paper.page_html(values, paper.Noise(random.Random(1)), two="one", three="official", four="official")
    return read_report(read_html(page.encode()))


def after(changed=()):
    report, findings = trusted(read(changed))
    states = {(cell.table, cell.row, cell.column): cell for cell in report.cells}
    return report, states, findings


@pytest.mark.parametrize("name", ["suqian_2023", "suqian_2024"])
def test_a_real_report_that_adds_up_is_trusted_whole(name):
    report = read(REAL[name].items())
    assert trusted(report) == (report, [])


def test_every_single_misread_figure_is_unread_where_the_form_has_sums():
    source = random.Random(4)
    summed = [key for key in TRUE if key[0] != "active_disclosure"]
    for key in source.sample(summed, 25):
        text = TRUE[key]
        place = source.randrange(len(text))
        figure = source.choice([other for other in "123456789" if other != text[place]])
        _, cells, findings = after({key: text[:place] + figure + text[place + 1 :]}.items())
        assert cells[key].state == "unreadable" and cells[key].value is None
        assert findings


def test_what_does_not_add_up_keeps_its_raw_text_and_the_rest_its_numbers():
    # 宿迁 2023, 予以公开 by 自然人 is 1175.
    report, cells, findings = after([(GRANTED, "1176")])
    assert report.status == "partial"
    assert (cells[GRANTED].state, cells[GRANTED].raw, cells[GRANTED].value) == ("unreadable", "1176", None)
    rows = {row for (table, row, _), cell in cells.items() if table == "requests" and cell.state == "number"}
    assert "carried_in" in rows
    assert all(cell.state == "number" for (table, *_), cell in cells.items() if table != "requests")
    assert [finding.rule for finding in findings].count("OCR-SUM") == 2


def test_the_one_correction_that_fits_is_offered_beside_the_raw_text():
    _, cells, findings = after([(GRANTED, "1176")])
    offered = [finding for finding in findings if finding.rule == "OCR-SUGGEST"]
    # Other cells of the broken sums could be anything: only where they cross does one figure mend both.
    assert (GRANTED, 1175, "1176", "info") in {
        ((f.table, f.row, f.column), f.expected, f.actual, f.severity) for f in offered
    }
    assert len(offered) == 1
    assert cells[GRANTED].value is None


def test_nothing_is_offered_where_several_corrections_fit():
    # A broken row of table 4 crosses no other sum.
    _, cells, findings = after([(("remedies", "review", "upheld"), "1")])
    assert cells["remedies", "review", "upheld"].state == "unreadable"
    assert {finding.rule for finding in findings} == {"OCR-SUM"}


def test_words_for_a_value_are_unread_and_the_sums_say_what_they_may_be():
    _, cells, findings = after([(GRANTED, "ll75")])
    assert (cells[GRANTED].state, cells[GRANTED].raw) == ("unreadable", "ll75")
    assert findings == []
    _, cells, findings = after([(GRANTED, "l175")])
    assert [(finding.rule, finding.expected, finding.actual) for finding in findings] == [("OCR-SUGGEST", 1175, "l175")]


def test_a_misread_figure_and_total_that_agree_are_given_away_by_the_columns():
    _, cells, _ = after([(GRANTED, "1575"), (("requests", "granted", "total"), str(int(TRUE["requests", "granted", "total"]) + 400))])  # fmt: skip
    assert cells[GRANTED].state == "unreadable"
