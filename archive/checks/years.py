"""Rules between a body's reports of two consecutive years.

None of them is law: bodies merge, documents are cleaned out, last year's count is corrected. What does not hold is a
warning to look at, on the later report, never an error. A rule that meets a cell without a number does not run there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from archive.checks.finding import Finding

Number = int | float
# The numbers of a report by (table, row, column); cells without a number are left out.
Cells = Mapping[tuple[str, str, str], Number]

_APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other_org",
    "total",
)
_TABLE_TWO = "active_disclosure"
# 元 written where the form asks for 万元 makes a sum ten thousand times as large; real sums seldom change so much. The
# bounds leave room for the sum itself to have doubled or halved.
_UNIT_SLIP = (5_000, 20_000)
# Fewer numbers than these that are not zero say nothing about copying: many small bodies report almost only zeros.
_COPY_FROM = 8


def check_carry(before: Cells, after: Cells) -> Iterator[Finding]:
    """T3-CARRY: what one year carries out, the next carries in, in each column. Source: what the two rows count."""
    for column in _APPLICANTS:
        expected = before.get(("requests", "carried_out", column))
        actual = after.get(("requests", "carried_in", column))
        if expected is not None and actual is not None and expected != actual:
            yield Finding(
                "T3-CARRY", "warning", "requests", "carried_in", column, expected, actual,
                f"上年报告结转下年度 {expected} 件，本年报告上年结转 {actual} 件",
            )  # fmt: skip


def check_stock(before: Cells, after: Cells) -> Iterator[Finding]:
    """T2-STOCK: documents in force are last year's, and those issued, less those repealed. Source: what they count."""
    for row in ("regulations", "normative_documents"):
        stock = before.get((_TABLE_TWO, row, "in_force"))
        issued, repealed = (after.get((_TABLE_TWO, row, column)) for column in ("issued", "repealed"))
        actual = after.get((_TABLE_TWO, row, "in_force"))
        if None in (stock, issued, repealed, actual) or stock + issued - repealed == actual:
            continue
        expected = stock + issued - repealed
        yield Finding(
            "T2-STOCK", "warning", _TABLE_TWO, row, "in_force", expected, actual,
            f"上年现行有效 {stock} 件，加制发 {issued} 件，减废止 {repealed} 件，应为 {expected} 件，填为 {actual} 件",
        )  # fmt: skip


def check_items(before: Cells, after: Cells) -> Iterator[Finding]:
    """T2-ITEMS (forms of 2019 and 2020): last year's items are those of the year before and their change."""
    for table, row, column in after:
        if table != _TABLE_TWO or column != "items_last_year":
            continue
        base, change = (before.get((table, row, name)) for name in ("items_last_year", "items_change"))
        actual = after[table, row, column]
        if base is not None and change is not None and base + change != actual:
            yield Finding(
                "T2-ITEMS", "info", table, row, column, base + change, actual,
                f"上年报告为 {base} 项、增减 {change}，本年报告的上一年项目数量为 {actual} 项",
            )  # fmt: skip


def check_fee_unit(before: Cells, after: Cells) -> Iterator[Finding]:
    """T2-FEE-UNIT: a sum about ten thousand times last year's, or a ten thousandth, was written in another unit."""
    place = (_TABLE_TWO, "administrative_fees", "amount_10k_yuan")
    first, second = before.get(place), after.get(place)
    if not first or not second:
        return
    times = max(Decimal(str(first)), Decimal(str(second))) / min(Decimal(str(first)), Decimal(str(second)))
    if _UNIT_SLIP[0] <= times <= _UNIT_SLIP[1]:
        yield Finding(
            "T2-FEE-UNIT", "warning", *place, None, second,
            f"上年 {first} 万元，本年 {second} 万元，相差约一万倍，疑将元填作万元",
        )  # fmt: skip


def check_copy(before: Cells, after: Cells) -> Iterator[Finding]:
    """COPY: tables that repeat last year's number for number. Source: such reports exist (东莞统计局 2008/2010)."""
    telling = sum(1 for value in after.values() if value)
    if telling >= _COPY_FROM and dict(before) == dict(after):
        yield Finding(
            "COPY", "warning", None, None, None, None, None,
            f"全部表格与上年报告逐格相同（其中 {telling} 格不为零），疑为照抄",
        )  # fmt: skip


_RULES: tuple[Callable[[Cells, Cells], Iterator[Finding]], ...] = (
    check_carry,
    check_stock,
    check_items,
    check_fee_unit,
    check_copy,
)


def check_years(before: Cells, after: Cells) -> list[Finding]:
    """Apply every rule to the reports of two consecutive years; the findings belong to the later."""
    return [finding for rule in _RULES for finding in rule(before, after)]
