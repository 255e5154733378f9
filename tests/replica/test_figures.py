"""The arithmetic of the invented numbers, checked on what the pages would print and nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crawler.replica.world import World

APPLICANTS = (
    "natural_person", "commercial_enterprise", "research_institution", "public_welfare_org", "legal_service_org",
    "other_org",
)  # fmt: skip
COLUMNS = (*APPLICANTS, "total")
NOT_RESULTS = {"new_received", "carried_in", "results_total", "carried_out"}


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=5, agencies=60)


@pytest.fixture(scope="module")
def sound(world: World) -> dict[tuple[str, int], dict]:
    """The cells of reports nothing was planted in, as numbers, by agency and year."""
    return {
        (report.agency.id, report.year): {key: Decimal(raw) for key, raw in report.cells.items()}
        for report in world.reports.values()
        if not report.planted
    }


def test_most_reports_are_sound(world, sound):
    assert len(sound) > 0.7 * len(world.reports)


def test_every_report_has_the_200_cells_of_the_form(world):
    for report in world.reports.values():
        tables = [table for table, _, _ in report.cells]
        assert len(report.cells) == 200
        assert (tables.count("active_disclosure"), tables.count("requests"), tables.count("remedies")) == (10, 175, 15)


def test_received_and_carried_in_equal_handled_and_carried_out(sound):
    for cells in sound.values():
        for column in COLUMNS:
            came = cells["requests", "new_received", column] + cells["requests", "carried_in", column]
            went = cells["requests", "results_total", column] + cells["requests", "carried_out", column]
            assert came == went


def test_the_21_outcomes_add_up_in_every_column(sound):
    for cells in sound.values():
        for column in COLUMNS:
            results = [
                n for (t, row, c), n in cells.items() if t == "requests" and c == column and row not in NOT_RESULTS
            ]
            assert len(results) == 21
            assert sum(results) == cells["requests", "results_total", column]


def test_the_six_applicants_add_up_in_every_row(sound):
    for cells in sound.values():
        rows = {row for table, row, _ in cells if table == "requests"}
        assert len(rows) == 25
        for row in rows:
            assert sum(cells["requests", row, column] for column in APPLICANTS) == cells["requests", row, "total"]


def test_the_four_results_of_each_remedy_add_up(sound):
    for cells in sound.values():
        for group in ("review", "litigation_direct", "litigation_after_review"):
            four = (cells["remedies", group, result] for result in ("upheld", "corrected", "other", "pending"))
            assert sum(four) == cells["remedies", group, "total"]


def test_what_is_carried_out_of_a_year_is_carried_into_the_next(sound):
    carried = 0
    for (agency, year), cells in sound.items():
        before = sound.get((agency, year - 1))
        if before:
            for column in COLUMNS:
                assert cells["requests", "carried_in", column] == before["requests", "carried_out", column]
            carried += cells["requests", "carried_in", "total"] > 0
    assert carried > 10


def test_documents_in_force_follow_from_last_year(sound):
    for (agency, year), cells in sound.items():
        before = sound.get((agency, year - 1))
        for row in ("regulations", "normative_documents") if before else ():
            stock = before["active_disclosure", row, "in_force"]
            stock += cells["active_disclosure", row, "issued"] - cells["active_disclosure", row, "repealed"]
            assert cells["active_disclosure", row, "in_force"] == stock


def test_sizes_are_those_of_the_levels(world, sound):
    def received(level: str) -> list[Decimal]:
        agencies = {agency.id for agency in world.agencies if agency.level == level}
        return [
            cells["requests", "new_received", "total"] for (agency, _), cells in sound.items() if agency in agencies
        ]

    assert min(received("city")) > 1000
    small = received("district_department")
    assert sum(number == 0 for number in small) > len(small) / 4
    assert max(small) < 60
    assert any(cells["active_disclosure", "administrative_fees", "amount_10k_yuan"] % 1 for cells in sound.values())
    for (agency, _), cells in sound.items():
        if agency != "haerbinshi-renminzhengfu":
            assert cells["active_disclosure", "regulations", "in_force"] == 0
    assert all(number >= 0 for cells in sound.values() for number in cells.values())


def test_the_sentence_on_requests_agrees_with_the_table(world):
    said = 0
    for report in world.reports.values():
        received = report.cells["requests", "new_received", "total"]
        text = "".join(report.section("overview").paragraphs)
        if not report.planted and received != "0":
            assert f"{received}件" in text
            said += 1
    assert said > 20
