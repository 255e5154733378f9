"""Reports on the years before 2021: their numbers, their tables and what their sentences state."""

from __future__ import annotations

from decimal import Decimal

import pytest
from lxml import html

from crawler.replica.layouts.body import body_html
from crawler.replica.report import Report
from crawler.replica.world import World

COLUMNS = (
    "natural_person", "commercial_enterprise", "research_institution", "public_welfare_org", "legal_service_org",
    "other_org", "total",
)  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=5, agencies=30, years=range(2008, 2023))


@pytest.fixture(scope="module")
def sound(world: World) -> dict[tuple[str, int], dict]:
    """The cells of reports with tables in which nothing was planted, as numbers, by agency and year."""
    return {
        (report.agency.id, report.year): {key: Decimal(raw) for key, raw in report.cells.items()}
        for report in world.reports.values()
        if report.cells and not report.planted
    }


def test_each_year_has_the_form_of_its_time(world):
    forms = {report.year: (report.form.id, len(report.cells)) for report in world.reports.values()}
    expected = dict.fromkeys(range(2008, 2014), ("g1", 0)) | dict.fromkeys(range(2014, 2019), ("g2", 58))
    assert forms == {**expected, 2019: ("g3", 198), 2020: ("g3", 198), 2021: ("g4", 200), 2022: ("g4", 200)}


def test_what_is_carried_out_of_a_year_is_carried_into_the_next_across_the_change_of_form(sound):
    carried = 0
    for (agency, year), cells in sound.items():
        before = sound.get((agency, year - 1)) if year > 2019 else None
        for column in COLUMNS if before else ():
            assert cells["requests", "carried_in", column] == before["requests", "carried_out", column]
            carried += year == 2021 and cells["requests", "carried_in", column] > 0
    assert carried


def test_the_19_outcomes_of_the_form_of_2019_add_up_in_every_column(sound):
    outside = {"new_received", "carried_in", "results_total", "carried_out"}
    for (_, year), cells in sound.items():
        if year not in (2019, 2020):
            continue
        for column in COLUMNS:
            results = [n for (t, row, c), n in cells.items() if (t, c) == ("requests", column) and row not in outside]
            assert len(results) == 19
            assert sum(results) == cells["requests", "results_total", column]


def test_the_items_of_2020_follow_from_those_of_2019_and_some_are_fewer(sound):
    changes = []
    for (agency, year), cells in sound.items():
        before = sound.get((agency, 2019))
        if year != 2020 or not before:
            continue
        for table, row, column in cells:
            if column == "items_last_year":
                change = before[table, row, "items_change"]
                assert cells[table, row, column] == before[table, row, column] + change >= 0
                changes.append(change)
    assert min(changes) < 0 < max(changes)


def test_no_more_is_disclosed_anew_than_was_made(sound):
    made = [
        (cells["active_disclosure", row, "newly_disclosed"], cells["active_disclosure", row, "newly_made"])
        for (_, year), cells in sound.items()
        if year in (2019, 2020)
        for row in ("regulations", "normative_documents")
    ]
    assert made
    assert all(disclosed <= all_made for disclosed, all_made in made)


def test_the_parts_of_the_statistics_add_up(sound):
    """The parts are those the table's own numbers (1. 2. 3.) and words (其中) put under a whole."""
    seen = 0
    for (_, year), cells in sound.items():
        if not 2014 <= year <= 2018:
            continue
        numbers = {row: number for (_, row, _), number in cells.items()}

        def under(*starts: str, numbers: dict[str, Decimal] = numbers) -> Decimal:
            return sum(number for row, number in numbers.items() if row.startswith(starts))

        ways = ("request_in_person", "request_fax", "request_online", "request_letter")
        assert numbers["request_received"] == under(*ways)
        assert numbers["request_closed"] == under("request_closed_")
        assert numbers["request_answered"] == under("answer_")
        assert numbers["answer_denied"] == under("denied_")
        assert numbers["capacity_staff"] == under("capacity_staff_")
        for kind in ("review", "litigation"):
            assert 2 * numbers[f"{kind}_total"] == under(f"{kind}_")
        seen += numbers["request_received"] > 0
    assert seen > 20


def rows_of(markup: str) -> list[list[str]]:
    return [
        [cell.text_content().strip() for cell in row.xpath("./td")]
        for row in html.fromstring(f"<div>{markup}</div>").xpath("//table[1]//tr")
    ]


def of(world: World, shape: str) -> Report:
    return next(
        report for report in world.reports.values()
        if report.form.id == "g2" and report.layout.statistics == shape and not report.layout.noise
        and not report.planted and not report.only_in_file and not report.layout.unclosed
    )  # fmt: skip


def test_the_statistics_come_in_three_shapes_with_every_number_beside_its_label(world):
    shapes = {
        "plain": ["统计指标", "单位", "统计数"],
        "spanned": ["指标名称", "计量单位", "数量"],
        "indented": ["统计指标", "统计数"],
    }
    for shape, head in shapes.items():
        report = of(world, shape)
        rows = rows_of(body_html(report))
        assert rows[0] == head
        assert len(rows) == 66, "65 entries, as far as the table is known"
        found = next(row for row in rows if row[0].startswith("（一）收到申请数"))
        assert found[-1] == report.cells["statistics", "request_received", "value"]
        assert ("件" in found) == (shape != "indented")
        headings = [row for row in rows if row[0].startswith("一、主动公开情况")]
        assert [len(row) for row in headings] == [1 if shape == "spanned" else len(head)]


def test_head_and_numbers_of_table_two_merge_different_cells_where_shifted(world):
    report = next(
        report for report in world.reports.values()
        if report.layout.disclosure == "shifted" and report.layout.requests != "seed" and not report.only_in_file
    )  # fmt: skip
    assert report.year in (2019, 2020)
    rows = html.fromstring(f"<div>{body_html(report)}</div>").xpath("//table[1]//tr")
    spans = [[int(cell.get("colspan", 1)) for cell in row.xpath("./td")] for row in rows]
    assert spans[:3] == [[5], [1, 1, 2, 1], [1, 2, 1, 1]]


def test_what_old_reports_state_stands_in_their_sections_word_for_word(world):
    times = set()
    for report in world.reports.values():
        assert (report.statements is None) == (report.year >= 2019)
        for said in report.statements or ():
            assert said.sentence in "".join(report.section(said.section).paragraphs)
            assert said.raw in said.sentence
            digits = "".join(filter(str.isdecimal, said.raw))
            if "万" in said.raw:
                assert (int(digits) * 10_000, said.approximate) == (said.value, True)
            else:
                assert (int(digits or 0), said.approximate) == (said.value, False)
            times.add(said.time)
    assert times == {"year", "year_before", "to_date"}


def test_narratives_have_no_tables_and_the_parts_of_their_time(world):
    for report in world.reports.values():
        if report.year > 2013:
            continue
        assert report.cells == {}
        assert "<table" not in body_html(report)
        assert [section.key for section in report.sections] == [
            "preamble", "overview", "active_disclosure", "requests", "remedies", "problems",
        ]  # fmt: skip


def test_before_2019_all_had_until_the_end_of_march(world):
    first = [report.published for report in world.reports.values() if report.year < 2019 and report.published.month < 9]
    assert all((day.month, day.day) <= (3, 31) for day in first)
    assert any(day.month > 1 for day in first)
