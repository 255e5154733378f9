"""The numbers of the reports: invented, of a plausible size, and bound by the form's own arithmetic.

A body's numbers are drawn for all years in one go, since what is carried over and what is in force link the years:
new + carried in = results + carried out; carried in = last year's carried out; in force = last year's + issued -
repealed.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from decimal import Decimal

from archive.agencies.registry import Agency
from crawler.replica.draw import deal, draw
from crawler.replica.form import ACTIVE_DISCLOSURE, REMEDIES, REQUESTS, CellKey, Form, form_of, g2
from crawler.replica.old_figures import disclosure_of_2019, first_items, statistics

# The first year whose numbers go over into the next: every body's linked numbers begin here, whatever years are asked
# for. The years before have no row for what is carried over.
_LINKED_FROM = 2019
# The first year whose table 2 counts documents in force.
_STOCK_FROM = 2021

Figures = dict[CellKey, Decimal]

# How many new requests a year a body of each level sees: (least, most), and how often it sees none at all.
_REQUESTS = {
    "city": (1400, 4200, 0.0),
    "city_department": (6, 320, 0.05),
    "district": (60, 640, 0.0),
    "district_department": (1, 34, 0.45),
    "township": (1, 9, 0.7),
    "institution": (1, 3, 0.9),
}
# How many decisions a year (licences, fines) a body of each level takes, and how often none.
_DECISIONS = {
    "city": (90_000, 2_400_000, 0.0),
    "city_department": (20, 48_000, 0.3),
    "district": (2_000, 90_000, 0.0),
    "district_department": (5, 6_000, 0.45),
    "township": (1, 120, 0.6),
    "institution": (1, 2, 0.95),
}
# Share of requests by applicant, before chance.
_APPLICANTS = {
    "natural_person": 0.86,
    "commercial_enterprise": 0.09,
    "research_institution": 0.006,
    "public_welfare_org": 0.006,
    "legal_service_org": 0.028,
    "other_org": 0.01,
}
# Share of outcomes, before chance, near those of published reports of 2023-2025 (granted and partly 43-60 %, not
# available 25-31 %, other 6-13 %).
_OUTCOMES = {
    "granted": 44, "partially_granted": 7, "denied_state_secret": 0.3, "denied_other_law": 0.4,
    "denied_safety_stability": 0.3, "denied_third_party": 0.9, "denied_internal_affairs": 0.8,
    "denied_process_info": 0.9, "denied_enforcement_file": 0.7, "denied_admin_query": 0.9,
    "unavailable_not_held": 24, "unavailable_needs_creation": 2.2, "unavailable_unclear": 1.4,
    "unprocessed_petition": 2.6, "unprocessed_duplicate": 1.8, "unprocessed_publication": 0.3,
    "unprocessed_excessive": 0.6, "unprocessed_reconfirm": 0.3, "other_no_correction": 4.5,
    "other_fee_unpaid": 0.2, "other_misc": 4,
}  # fmt: skip
# Share of requests still open at the end of the year.
_OPEN = (0.02, 0.07)


def figures(seed: int, agency: Agency, years: Sequence[int]) -> dict[int, Figures]:
    """Return the numbers of one body for each of ``years`` (all of 2008 or later), every cell of the year's form.

    The narratives before 2014 have no cells; theirs are the numbers the sentences may state, by the keys of the
    statistics table.
    """
    size = draw(seed, "size", agency.id)
    typical_requests = _typical(size, *_REQUESTS[agency.level])
    typical_decisions = _typical(size, *_DECISIONS[agency.level])
    charges = size.random() < 0.2 and typical_decisions > 0
    stock = _first_stock(size, agency)
    carried = dict.fromkeys(form_of(_LINKED_FROM).applicant_columns, 0)
    public = dict(stock)
    items = first_items(draw(seed, "items", agency.id), typical_decisions, charges=charges)
    found: dict[int, Figures] = {
        year: statistics(draw(seed, "figures", agency.id, year), agency, typical_requests)
        for year in years
        if year < _LINKED_FROM
    }
    for year in range(_LINKED_FROM, max(years) + 1):
        chance, form = draw(seed, "figures", agency.id, year), form_of(year)
        cells = _requests(chance, form, typical_requests, carried)
        if year < _STOCK_FROM:
            cells |= disclosure_of_2019(chance, typical_decisions, items, public)
        else:
            cells |= _disclosure(chance, agency, typical_decisions, stock, charges)
        cells |= _remedies(chance, form, cells[REQUESTS, "results_total", "total"])
        if year in years:
            found[year] = cells
    return found


def zeros(years: Iterable[int]) -> dict[int, Figures]:
    """Return a body's numbers when it had nothing to report in any of ``years``."""
    return {year: dict.fromkeys(form_of(year).cell_keys() or g2().cell_keys(), Decimal(0)) for year in years}


def _typical(chance: random.Random, least: int, most: int, none: float) -> int:
    if chance.random() < none:
        return 0
    # Most bodies are small: the logarithm is drawn, not the number.
    return round(least * (most / least) ** (chance.random() ** 1.4))


def _requests(chance: random.Random, form: Form, typical: int, carried: dict[str, int]) -> Figures:
    """Draw table 3; ``carried`` holds what each column brought into the year and is set to what leaves it."""
    new = deal(chance, round(typical * chance.uniform(0.75, 1.35)), _APPLICANTS)
    rows: dict[str, dict[str, int]] = {"new_received": new, "carried_in": dict(carried)}
    rows |= {row: dict.fromkeys(new, 0) for row in form.result_rows}
    rows["results_total"], rows["carried_out"] = {}, {}
    for column, received in new.items():
        handled = received + carried[column]
        still_open = round(handled * chance.uniform(*_OPEN)) if handled > 3 else 0
        for row, count in deal(chance, handled - still_open, _outcomes(form)).items():
            rows[row][column] = count
        rows["results_total"][column] = handled - still_open
        rows["carried_out"][column] = carried[column] = still_open
    cells: Figures = {}
    for row, counts in rows.items():
        cells |= {(REQUESTS, row, column): Decimal(count) for column, count in counts.items()}
        cells[REQUESTS, row, "total"] = Decimal(sum(counts.values()))
    return cells


def _outcomes(form: Form) -> dict[str, float]:
    """The shares of a form's outcomes: those it keeps in one row of 其他处理 add up there."""
    apart = sum(share for row, share in _OUTCOMES.items() if row not in form.result_rows)
    shares = {row: share for row, share in _OUTCOMES.items() if row in form.result_rows}
    return {**shares, "other_processing": apart} if apart else shares


def _disclosure(chance: random.Random, agency: Agency, typical: int, stock: dict[str, int], charges: bool) -> Figures:
    """Draw table 2; ``stock`` holds the documents in force before the year and is set to those after it."""
    cells: Figures = {}
    for row, most in (("regulations", 4), ("normative_documents", 12)):
        makes_them = stock[row] > 0
        issued = chance.randint(0, most) if makes_them else 0
        repealed = chance.randint(0, min(most - 1, stock[row])) if makes_them else 0
        stock[row] += issued - repealed
        counts = {"issued": issued, "repealed": repealed, "in_force": stock[row]}
        cells |= {(ACTIVE_DISCLOSURE, row, column): Decimal(count) for column, count in counts.items()}
    for row, share in (
        ("administrative_licensing", 1.0),
        ("administrative_penalty", 0.2),
        ("administrative_coercion", 0.015),
    ):
        decisions = round(typical * share * chance.uniform(0.7, 1.3))
        cells[ACTIVE_DISCLOSURE, row, "decisions"] = Decimal(decisions)
    amount = Decimal(0)
    if charges:
        places = chance.choice((0, 1, 2, 2, 4))
        amount = Decimal(round(typical * chance.uniform(0.2, 2.0) * 10**places)).scaleb(-places)
    cells[ACTIVE_DISCLOSURE, "administrative_fees", "amount_10k_yuan"] = amount
    return cells


def _first_stock(chance: random.Random, agency: Agency) -> dict[str, int]:
    """Only the city makes regulations (地方政府规章); governments and many departments have normative documents."""
    many = {"city": (380, 620), "district": (30, 130), "city_department": (0, 40), "district_department": (0, 6)}
    least, most = many.get(agency.level, (0, 0))
    return {
        "regulations": chance.randint(48, 90) if agency.level == "city" else 0,
        "normative_documents": chance.randint(least, most),
    }


def _remedies(chance: random.Random, form: Form, handled: Decimal) -> Figures:
    cells: Figures = {}
    for (group, _), share in zip(form.remedy_groups, (0.05, 0.02, 0.008), strict=True):
        cases = round(float(handled) * share * chance.uniform(0.3, 1.6))
        counts = deal(chance, cases, {"upheld": 58, "corrected": 11, "other": 17, "pending": 14})
        cells |= {(REMEDIES, group, result): Decimal(count) for result, count in counts.items()}
        cells[REMEDIES, group, "total"] = Decimal(cases)
    return cells
