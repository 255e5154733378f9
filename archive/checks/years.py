"""Rules between a body's reports of two consecutive years.

None of them is law: bodies merge, documents are cleaned out, last year's count is corrected. What does not hold is a
warning to look at, on the later report, never an error. A rule that meets a cell without a number does not run there,
and says so where both reports show the cells it needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from archive.checks.finding import Finding, not_run

Number = int | float
# The numbers of a report by (table, row, column); None for a cell that is shown and holds none.
Cells = Mapping[tuple[str, str, str], Number | None]

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
# Texts are compared by runs of so many characters; shorter texts than this many runs are not compared.
_RUN = 4
_COPIED_FROM = 400
_COPIED_SHARE = 0.97


def check_carry(before: Cells, after: Cells) -> Iterator[Finding]:
    """T3-CARRY: what one year carries out, the next carries in, in each column. Source: what the two rows count."""
    for column in _APPLICANTS:
        expected = before.get(("requests", "carried_out", column))
        actual = after.get(("requests", "carried_in", column))
        if expected is None or actual is None:
            if ("requests", "carried_out", column) in before and ("requests", "carried_in", column) in after:
                yield not_run("T3-CARRY", "requests")
        elif expected != actual:
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
        if stock is None or issued is None or repealed is None or actual is None:
            places = [(_TABLE_TWO, row, column) for column in ("issued", "repealed", "in_force")]
            if places[-1] in before and all(place in after for place in places) and not _nothing(before, after, places):
                yield not_run("T2-STOCK", _TABLE_TWO)
            continue
        expected = stock + issued - repealed
        if expected == actual:
            continue
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
        if base is None or change is None or actual is None:
            # Where neither year has numbers there are no such items.
            if base is not None or (actual is not None and (table, row, column) in before):
                yield not_run("T2-ITEMS", table)
        elif base + change != actual:
            yield Finding(
                "T2-ITEMS", "info", table, row, column, base + change, actual,
                f"上年报告为 {base} 项、增减 {change}，本年报告的上一年项目数量为 {actual} 项",
            )  # fmt: skip


def check_fee_unit(before: Cells, after: Cells) -> Iterator[Finding]:
    """T2-FEE-UNIT: a sum about ten thousand times last year's, or a ten thousandth, was written in another unit."""
    place = (_TABLE_TWO, "administrative_fees", "amount_10k_yuan")
    first, second = before.get(place), after.get(place)
    if not first or not second:
        # Of nothing charged there is no unit; of a sum that could not be read there is.
        if place in before and place in after and (first or second) and None in (first, second):
            yield not_run("T2-FEE-UNIT", _TABLE_TWO)
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


def check_text_copied(before: str, after: str) -> Iterator[Finding]:
    """COPY: a text that repeats last year's but for its years and numbers.

    Source: such reports exist. Likeness is the share of runs of four characters both have; digits, which change every
    year, and punctuation do not count. Short texts are alike because there is little to say.
    """
    ours, theirs = _runs(before), _runs(after)
    whole = ours.total() + theirs.total()
    if min(ours.total(), theirs.total()) < _COPIED_FROM:
        return
    share = 2 * (ours & theirs).total() / whole
    if share >= _COPIED_SHARE:
        yield Finding(
            "COPY", "warning", None, None, None, None, None,
            f"文字与上年报告相同 {share:.0%}（不计数字和标点），疑为照抄",
        )  # fmt: skip


def _runs(text: str) -> Counter[str]:
    plain = "".join(character for character in text if character.isalpha())
    return Counter(plain[start : start + _RUN] for start in range(len(plain) - _RUN + 1))


def _nothing(before: Cells, after: Cells, places: Iterable[tuple[str, str, str]]) -> bool:
    """Whether neither report has a number there: a body that makes no such documents leaves them empty."""
    return not any(cells.get(place) for cells in (before, after) for place in places)


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
