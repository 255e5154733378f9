"""Numbers recognised in a picture: what does not add up is unread, on a real city's numbers with figures misread."""

import random
from dataclasses import replace

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


def hidden(key):
    """A cell whose row and column hold another that could not be read at all."""
    _, row, column = key
    return {("requests", row, "other_org"): "?", ("requests", "unavailable_unclear", column): "?"}


def test_a_number_that_no_sum_vouches_for_is_unread():
    _, cells, _ = after({**hidden(GRANTED), GRANTED: "1775"}.items())
    assert cells[GRANTED].state == "unreadable"
    # What cannot be read is told by its own other sums: then those it hides are vouched for.
    _, cells, _ = after(hidden(GRANTED).items())
    assert (cells[GRANTED].state, cells[GRANTED].value) == ("number", 1175)


def test_of_a_bad_picture_only_what_sums_vouch_for_is_believed():
    licences = ("active_disclosure", "administrative_licensing", "decisions")
    rows = ("denied_state_secret", "denied_other_law", "denied_third_party", "denied_admin_query")
    fees = ("active_disclosure", "administrative_fees", "amount_10k_yuan")
    for count, states in ((1, ("number", "blank")), (4, ("unreadable", "unreadable"))):
        doubted = {("requests", row, column): "?" for row in rows[:count] for column, _ in paper.T3_COLUMNS}
        _, cells, _ = after({**doubted, fees: ""}.items())
        assert (cells[licences].state, cells[fees].state) == states


def test_two_misread_figures_that_cancel_in_their_row_are_given_away_by_the_columns():
    other = ("requests", "granted", "commercial_enterprise")
    changed = {GRANTED: str(int(TRUE[GRANTED]) - 3), other: str(int(TRUE[other]) + 3)}
    _, cells, _ = after(changed.items())
    assert {cells[key].state for key in changed} == {"unreadable"}


def test_a_report_that_adds_up_wrongly_loses_only_the_cell_that_does_not_fit():
    total = ("requests", "granted", "total")
    _, cells, findings = after([(total, str(int(TRUE[total]) + 10))])
    assert {key for key, cell in cells.items() if cell.state == "unreadable"} == {total}
    assert [finding.rule for finding in findings if finding.rule == "OCR-SUM"] == ["OCR-SUM"] * 2


def test_what_was_not_recognised_stays_and_counts_in_the_sums_of_what_was():
    report = read([(GRANTED, "1176")])
    assert trusted(report, whole=False) == (report, [])
    row = [replace(cell, recognised=cell.table == "requests" and cell.row == GRANTED[1]) for cell in report.cells]
    judged, findings = trusted(replace(report, cells=tuple(row)), whole=False)
    assert [cell.raw for cell in judged.cells if cell.state == "unreadable"] == ["1176"]
    assert "OCR-SUM" in {finding.rule for finding in findings}


def test_ink_that_was_not_seen_is_no_blank():
    for key in (GRANTED, ("requests", "granted", "total"), ("requests", "results_total", "natural_person")):
        _, cells, _ = after([(key, "")])
        assert cells[key].state == "unreadable"


def test_a_report_that_leaves_zeros_and_totals_blank_is_trusted():
    rows = [row for row, _, _ in paper.T3_ROWS if row not in ("new_received", "carried_in", "carried_out")]
    changed = {key: "" for key, text in TRUE.items() if text == "0" and key[0] == "requests"}
    changed |= {("requests", row, "total"): "" for row in rows}
    report = read(changed.items())
    assert trusted(report)[0] == report


@pytest.mark.parametrize("confused", [False, True])
def test_hardly_any_misread_figure_gets_past_the_sums(confused):
    """Three figures in a hundred misread with no doubt left: at random, or each of one figure for one other."""
    source, wrong = random.Random(3), 0
    report = read()
    for _ in range(60):
        one, other = source.choice("0123456789"), source.choice("0123456789")

        def misread(figure, one=one, other=other):
            if source.random() > 0.03 or not figure.isdigit():
                return figure
            return source.choice("0123456789") if not confused else other if figure == one else figure

        raws = ["".join(map(misread, cell.raw)) for cell in report.cells]
        seen = [replace(cell, value=float(raw), raw=raw) for cell, raw in zip(report.cells, raws, strict=True)]
        read_so = trusted(replace(report, cells=tuple(seen)))[0].cells
        wrong += sum(
            cell.table != "active_disclosure" and cell.state == "number" and cell.value != true.value
            for true, cell in zip(report.cells, read_so, strict=True)
        )
    assert wrong == 0
