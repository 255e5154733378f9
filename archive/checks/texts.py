"""Rules between what the sentences of a report say and what its tables show.

What a sentence counts is often one of two things, and both are right: a rule speaks up only when none of them fits.
Rough numbers and those of another time are never held against a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from archive.checks.finding import Finding, not_run
from archive.forms.cells import CellReading
from archive.forms.model import Form, forms
from archive.forms.narrative import Statement
from archive.forms.report import Report

Number = int | float
Place = tuple[str, str]

# 信息处理费 in the wordings seen, and in those that leave half of it out.
_FEE = re.compile("信息(?:公开)?(?:处理)?费|收费|收取[^。；;]{0,8}费")
# The fee is laid down in steps that are all multiples of this (《政府信息公开信息处理费管理办法》). In 元.
_FEE_STEP = 10
# Reports on this year and later say what fees were charged (国办公开办函〔2021〕30号, the form's sixth part).
_FEE_SINCE = 2021


@dataclass(frozen=True, slots=True)
class _Claim:
    """What statements of a key may mean: each meaning the rows of a table, whose totals are added up."""

    rule: str
    severity: str
    table: str
    meanings: tuple[tuple[str, ...], ...]


def _requests(*meanings: tuple[str, ...]) -> _Claim:
    return _Claim("TXT-REQ", "warning", "requests", meanings)


def _claims(form: Form) -> dict[str, _Claim]:
    """What each key may mean in a form with tables 3 and 4."""
    grid = form.table("requests").grid

    def group(name: str) -> tuple[str, ...]:
        # （六）其他处理 is one row in the form of 2019 and 2020, and a group of three since.
        return tuple(row.key for row in grid.value_rows if row.group == name or row.key == f"{name}_processing")

    handled = (("results_total",), ("new_received", "carried_in"))
    return {
        # 「收到」 means what came in this year, or all there was to handle: both are in use.
        "request_received": _requests(("new_received",), ("new_received", "carried_in")),
        "new_received": _requests(("new_received",)),
        "carried_in": _requests(("carried_in",)),
        "carried_out": _requests(("carried_out",)),
        "request_closed": _requests(*handled),
        "request_answered": _requests(*handled),
        "granted_or_partial": _requests(("granted", "partially_granted")),
        "answer_granted": _requests(("granted",), ("granted", "partially_granted")),
        "answer_partial": _requests(("partially_granted",)),
        "answer_denied": _requests(group("denied")),
        "unavailable": _requests(group("unavailable")),
        "unprocessed": _requests(group("unprocessed")),
        "other_processed": _requests(group("other")),
        "review_total": _Claim("TXT-T4", "info", "remedies", (("review",),)),
        "litigation_total": _Claim("TXT-T4", "info", "remedies", (("litigation_direct", "litigation_after_review"),)),
    }


def _statistics_claims(form: Form) -> dict[str, _Claim]:
    """Every row of the statistics table has the key that sentences about it have."""
    claims = {}
    for row in form.table("statistics").grid.value_rows:
        if row.group == "request" and row.type == "count":
            claims[row.key] = _Claim("TXT-REQ", "warning", "statistics", ((row.key,),))
        elif row.group in ("review", "litigation"):
            claims[row.key] = _Claim("TXT-T4", "info", "statistics", ((row.key,),))
    return claims


def check_statements(report: Report, form: Form) -> Iterator[Finding]:
    """TXT-REQ, TXT-ZERO, TXT-T4: what the sentences count is what the tables count.

    Source: both speak of the same year. 「收到 N 件」 may or may not include what was carried in (淮安 2024 and
    宿迁 2023 differ). TXT-ZERO is the case of nothing in one and something in the other. Reviews and suits that were
    merely registered (备案) are another measure and not read as these.
    """
    list_of_values = form.tables[0].key == "statistics"
    claims = _statistics_claims(form) if list_of_values else _claims(form)
    column = "value" if list_of_values else "total"
    numbers = {
        (cell.table, cell.row): cell.value
        for cell in report.cells
        if cell.column == column and cell.state == "number" and cell.value is not None
    }
    added = _added_up(report)
    for key, statements in _exact(report.statements).items():
        claim = claims.get(key)
        if claim is None:
            continue
        sums = [_sum(numbers, claim.table, meaning) for meaning in claim.meanings]
        if any(statement.value in sums for statement in statements):
            continue
        if None in sums:
            # Cells that were filled in without their total contradict as well as it would; agreeing with them is not
            # agreeing with a total that nobody wrote.
            sums = [_sum(numbers | added, claim.table, meaning) for meaning in claim.meanings]
            if None in sums or any(statement.value in sums for statement in statements):
                yield not_run(claim.rule, claim.table, "文字说明了数量，而表中相应的总计为空白或未能读取")
                continue
        yield _contradiction(claim, statements[0], [total for total in sums if total is not None], column)


def check_fee_statement(report: Report) -> Iterator[Finding]:
    """TXT-FEE: reports since 2021 say what information processing fees were charged; sums are multiples of 10 元.

    Source: 国办函〔2020〕109号, and the sixth part of the form of 2021, which asks for it even when none were. This is
    not the 行政事业性收费 of table 2. A report of which no part after the opening was read cannot be held to it.
    """
    if report.form != "g4" or report.year is None or report.year < _FEE_SINCE:
        return
    parts = [section for section in report.sections if section.key != "preamble"]
    if not parts:
        yield not_run("TXT-FEE", None, "没有读到报告的文字部分")
    elif not any(_FEE.search(section.text) for section in parts):
        yield Finding(
            "TXT-FEE", "warning", None, None, None, None, None,
            "没有写明收取信息处理费的情况：2021 年起的格式要求在第六部分报告，未收取也应写明",
        )  # fmt: skip
    for statement in _exact(report.statements).get("processing_fee", ()):
        amount = Decimal(str(statement.value)) * (10_000 if statement.unit == "万元" else 1)
        if amount % _FEE_STEP:
            yield Finding(
                "TXT-FEE", "warning", None, None, None, None, statement.value,
                f"信息处理费 {statement.raw} 不是 {_FEE_STEP} 元的整数倍，与收费标准不符：「{statement.sentence}」",
            )  # fmt: skip


def check_texts(report: Report) -> Iterator[Finding]:
    """Apply every rule between text and tables."""
    form = next((form for form in forms() if form.id == report.form), None)
    if form:
        yield from check_statements(report, form)
        yield from check_fee_statement(report)


def _exact(statements: Sequence[Statement]) -> dict[str, list[Statement]]:
    """The statements a table can be held to, by key."""
    found: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.time == "year" and not statement.approximate:
            found.setdefault(statement.key, []).append(statement)
    return found


def _added_up(report: Report) -> dict[Place, Number]:
    """Return, for the rows of table 3 whose total was left blank, the sum of what they hold.

    Some reports leave the totals of results blank, and every nought with them (上海市政府办公厅 2019). Of a row with
    nothing in it nothing is known.
    """
    rows: dict[str, list[CellReading]] = {}
    for cell in report.cells:
        if cell.table == "requests" and not cell.column.endswith("_subtotal"):
            rows.setdefault(cell.row, []).append(cell)
    added: dict[Place, Number] = {}
    for row, cells in rows.items():
        blank = any(cell.column == "total" and cell.state == "blank" for cell in cells)
        values = [cell.value for cell in cells if cell.value is not None]
        if blank and values and all(cell.state in ("number", "blank") for cell in cells):
            added["requests", row] = sum(values)
    return added


def _sum(numbers: Mapping[Place, Number], table: str, rows: Sequence[str]) -> Number | None:
    values = [numbers.get((table, row)) for row in rows]
    return None if None in values else sum(value for value in values if value is not None)


def _contradiction(claim: _Claim, said: Statement, sums: Sequence[Number], column: str) -> Finding:
    nothing = said.value == 0 or not any(sums)
    rule, severity = ("TXT-ZERO", "warning") if nothing else (claim.rule, claim.severity)
    row = claim.meanings[0][0] if len(claim.meanings[0]) == 1 else None
    shown = " 或 ".join(str(total) for total in dict.fromkeys(sums))
    message = f"文字写为 {said.raw}，表中为 {shown}：「{said.sentence}」"
    return Finding(rule, severity, claim.table, row, row and column, sums[0], said.value, message)
