"""The numbers of reports on years before 2021: table 2 of 2019 and 2020, and the statistics of 2014 to 2018.

The narratives of the years before 2014 state some of the same statistics in sentences.
"""

from __future__ import annotations

import random
from decimal import Decimal

from archive.agencies.registry import Agency
from crawler.replica.draw import deal
from crawler.replica.form import ACTIVE_DISCLOSURE, STATISTICS, VALUE, CellKey, g2

# How many items (kinds of licence, of fine, of fee) a body has, most of all.
_ITEMS = {
    "administrative_licensing": 60,
    "other_external_services": 90,
    "administrative_penalty": 240,
    "administrative_coercion": 18,
}
_CHARGED_ITEMS = 6
# Share of answers by kind in the years of the statistics table, before chance.
_ANSWERS = {
    "answer_already_public": 30, "answer_granted": 34, "answer_partial": 3, "answer_denied": 5,
    "answer_not_this_organ": 12, "answer_not_exist": 9, "answer_amend": 3, "answer_other_way": 4,
}  # fmt: skip
_REASONS = {
    "denied_state_secret": 1, "denied_trade_secret": 2, "denied_privacy": 3, "denied_safety_stability": 1,
    "denied_not_gov_info": 3, "denied_other_law": 2,
}  # fmt: skip
_WAYS = {"request_in_person": 40, "request_fax": 2, "request_online": 40, "request_letter": 18}
_CHANNELS = {
    "active_gazette": 3, "active_website": 60, "active_weibo": 16, "active_wechat": 14, "active_other_channel": 7,
}  # fmt: skip
_OUTCOMES = {"upheld": 6, "corrected": 1, "other": 2}
# Pieces made public a year by bodies of each level, least and most.
_PUBLISHED = {
    "city": (60_000, 310_000),
    "city_department": (300, 9_000),
    "district": (2_000, 24_000),
    "district_department": (40, 900),
    "township": (20, 300),
    "institution": (5, 90),
}
_GOVERNMENTS = ("city", "district")


def first_items(chance: random.Random, typical_decisions: int, *, charges: bool) -> dict[str, int]:
    """Draw how many items a body has before 2019; one that decides nothing has none."""
    items = {row: chance.randint(1, most) if typical_decisions else 0 for row, most in _ITEMS.items()}
    return {**items, "administrative_fees": chance.randint(1, _CHARGED_ITEMS) if charges else 0}


def disclosure_of_2019(
    chance: random.Random, typical_decisions: int, items: dict[str, int], documents: dict[str, int]
) -> dict[CellKey, Decimal]:
    """Draw table 2 of 2019 or 2020.

    ``items`` holds how many items there were a year ago, ``documents`` how many documents were public; both are set to
    those after the year.
    """
    counts: dict[tuple[str, str], int] = {}
    for row, most in (("regulations", 4), ("normative_documents", 12)):
        made = chance.randint(0, most) if documents[row] else 0
        disclosed = chance.randint(0, made)
        documents[row] += disclosed
        counts |= {(row, "newly_made"): made, (row, "newly_disclosed"): disclosed}
        counts[row, "total_disclosed"] = documents[row]
    shares = dict(zip(_ITEMS, (1.0, 1.8, 0.2, 0.015), strict=True))
    for row, before in items.items():
        change = chance.choice((0, 0, 0, -1, 1, -3, 2, -8)) if before else 0
        change = max(change, -before)
        counts |= {(row, "items_last_year"): before, (row, "items_change"): change}
        if row in shares:
            decisions = round(typical_decisions * shares[row] * chance.uniform(0.7, 1.3))
            counts[row, "decisions"] = decisions if before else 0
        items[row] = before + change
    projects = chance.randint(1, 40) if typical_decisions and chance.random() < 0.6 else 0
    counts["central_procurement", "procurement_projects"] = projects
    cells = {(ACTIVE_DISCLOSURE, row, column): Decimal(count) for (row, column), count in counts.items()}
    amount = Decimal(projects * chance.randint(9_000, 4_000_000))
    cells[ACTIVE_DISCLOSURE, "central_procurement", "procurement_amount"] = amount
    return cells


def statistics(chance: random.Random, agency: Agency, typical_requests: int) -> dict[CellKey, Decimal]:
    """Draw the statistics of a year before 2019."""
    government = agency.level in _GOVERNMENTS
    counts: dict[str, Decimal | int] = {indicator.key: 0 for indicator in g2().indicators if indicator.key}
    published = chance.randint(*_PUBLISHED[agency.level])
    counts["active_total"] = published
    channels = deal(chance, round(published * chance.uniform(1.0, 1.6)), _CHANNELS)
    counts |= channels if government else {**channels, "active_gazette": 0}
    counts["active_normative"] = chance.randint(0, 60 if government else 6)
    counts["normative_issued"] = chance.randint(0, 60 if government else 6)
    counts |= _responses(chance, government=government)
    counts |= _requests(chance, round(typical_requests * chance.uniform(0.5, 1.1)))
    received = counts["request_received"]
    for kind, share in (("review", 0.05), ("litigation", 0.03)):
        cases = round(received * share * chance.uniform(0.2, 1.6))
        counts[f"{kind}_total"] = cases
        counts |= {f"{kind}_{outcome}": count for outcome, count in deal(chance, cases, _OUTCOMES).items()}
    counts["complaints"] = chance.choice((0, 0, 0, 0, 1, 2)) if received else 0
    counts["request_fees"] = Decimal(chance.randint(1, 90) * 10).scaleb(-4) if received and chance.random() < 0.1 else 0
    counts |= _capacity(chance, government=government)
    return {(STATISTICS, key, VALUE): Decimal(count) for key, count in counts.items()}


def _responses(chance: random.Random, *, government: bool) -> dict[str, int]:
    most = 40 if government else 4
    names = ("hot_issues", "press_conf", "interviews", "articles", "weibo_wechat", "other")
    counts = {f"response_{name}": chance.randint(0, most) for name in names}
    for name in ("response_press_conf", "response_interviews"):
        counts[f"{name}_leader"] = chance.randint(0, counts[name])
    return counts


def _requests(chance: random.Random, received: int) -> dict[str, int]:
    """Block three: all that came in was closed and answered within the year."""
    extended = round(received * chance.uniform(0, 0.1))
    counts = {"request_received": received, **deal(chance, received, _WAYS)}
    counts |= {"request_closed": received, "request_closed_extended": extended}
    counts["request_closed_on_time"] = received - extended
    answers = deal(chance, received, _ANSWERS)
    return {**counts, "request_answered": received, **answers, **deal(chance, answers["answer_denied"], _REASONS)}


def _capacity(chance: random.Random, *, government: bool) -> dict[str, Decimal | int]:
    many = 90 if government else 3
    full, part = chance.randint(0, many), chance.randint(1, 2 * many)
    courses = chance.randint(0, many)
    budget = Decimal(chance.randint(0, 600)).scaleb(-1) if chance.random() < 0.5 else 0
    return {
        "capacity_units": chance.randint(1, many), "capacity_reading_points": chance.randint(1, many),
        "capacity_staff": full + part, "capacity_staff_full": full, "capacity_staff_part": part,
        "capacity_budget": budget, "training_meetings": chance.randint(0, many), "training_courses": courses,
        "training_people": courses * chance.randint(10, 60),
    }  # fmt: skip
