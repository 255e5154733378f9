"""Rules within one report. Each is a small function with the source of its rule.

A rule that meets a cell without a number does not run there: blank is not zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from archive.checks.finding import Finding
from archive.forms.model import Grid, TableForm, forms
from archive.forms.report import Report

Number = int | float
_KINDS = {"count": "不小于零的整数", "change": "整数", "money": "不小于零的金额"}


class Numbers:
    """The numbers of one report's table, by row and column; blank and unread cells have none."""

    def __init__(self, report: Report, table: TableForm) -> None:
        self._values = {
            (cell.row, cell.column): cell.value
            for cell in report.cells
            if cell.table == table.key and cell.state == "number"
        }

    def get(self, row: str, column: str) -> Number | None:
        """Return the number in a cell, None when there is none."""
        return self._values.get((row, column))

    def sum(self, rows: list[str], columns: list[str]) -> Number | None:
        """Return the sum of the cells, None when one of them holds no number."""
        values = [self.get(row, column) for row in rows for column in columns]
        return None if None in values else _plain(sum(Decimal(str(value)) for value in values))


def check_balance(numbers: Numbers, table: TableForm) -> Iterator[Finding]:
    """T3-BAL: received and carried in equal handled and carried out, in each column.

    Source: printed in the head of the form (本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和).
    """
    for column in _columns(table.grid):
        expected = numbers.sum(["new_received", "carried_in"], [column])
        actual = numbers.sum(["results_total", "carried_out"], [column])
        yield from _unequal(
            "T3-BAL", table, None, column, expected, actual,
            "本年新收加上年结转为 {expected}，办理结果总计加结转下年度为 {actual}，两者应当相等",
        )  # fmt: skip


def check_results_sum(numbers: Numbers, table: TableForm) -> Iterator[Finding]:
    """T3-SUM: the total of outcomes is the sum of the outcome rows, in each column.

    Source: the form's own row （七）总计; it holds in every column of the four real reports it was tried on.
    """
    results = [row.key for row in table.grid.value_rows if row.role == "result"]
    for column in _columns(table.grid):
        expected, actual = numbers.sum(results, [column]), numbers.get("results_total", column)
        yield from _unequal(
            "T3-SUM", table, "results_total", column, expected, actual,
            "各项办理结果之和为 {expected}，（七）总计填为 {actual}",
        )  # fmt: skip


def check_row_sum(numbers: Numbers, table: TableForm) -> Iterator[Finding]:
    """T3-ROW: a row's total is the sum of its applicants. Source: the form's own column 总计."""
    applicants = [column for column in _columns(table.grid) if column != "total"]
    for row in table.grid.value_rows:
        expected, actual = numbers.sum([row.key], applicants), numbers.get(row.key, "total")
        yield from _unequal(
            "T3-ROW", table, row.key, "total", expected, actual, "各类申请人之和为 {expected}，总计填为 {actual}"
        )


def check_remedies_sum(numbers: Numbers, table: TableForm) -> Iterator[Finding]:
    """T4-SUM: the four results add up to the total, for each kind of remedy. Source: the form's own column 总计."""
    results = [column for column in _columns(table.grid) if column != "total"]
    for row in table.grid.value_rows:
        expected, actual = numbers.sum([row.key], results), numbers.get(row.key, "total")
        yield from _unequal(
            "T4-SUM", table, row.key, "total", expected, actual, "四种结果之和为 {expected}，总计填为 {actual}"
        )


def check_counts(numbers: Numbers, table: TableForm) -> Iterator[Finding]:
    """NONNEG: counts are whole and not negative, money is not negative. Source: what the form counts."""
    for grid in table.grids:
        for row in grid.rows:
            for column in grid.columns:
                value = numbers.get(row.key, column.key)
                kind = row.type if table.shape == "list" else column.type
                if value is None or _allowed(value, kind):
                    continue
                yield Finding(
                    "NONNEG", "error", table.key, row.key, column.key, None, value,
                    f"应为{_KINDS[kind]}，填为 {value}",
                )  # fmt: skip


def check_period(report: Report) -> Iterator[Finding]:
    """PERIOD: the period reported on is the title's year. Source: 政府信息公开条例 art. 49."""
    if report.period is None or report.year is None:
        return
    expected = (f"{report.year}-01-01", f"{report.year}-12-31")
    if report.period != expected:
        yield Finding(
            "PERIOD", "error", None, None, None, "/".join(expected), "/".join(report.period),
            f"统计期限写为 {report.period[0]} 至 {report.period[1]}，应为 {report.year} 年全年",
        )  # fmt: skip


def check_statistics_sums(numbers: Numbers, table: TableForm) -> Iterator[Finding]:
    """STAT-SUM: a whole is the sum of its parts in the statistics table. Source: the table's own numbering."""
    for total, parts in table.sums:
        expected, actual = numbers.sum(list(parts), ["value"]), numbers.get(total, "value")
        yield from _unequal(
            "STAT-SUM", table, total, "value", expected, actual, "各分项之和为 {expected}，合计填为 {actual}", "warning"
        )


_BY_TABLE: dict[str, tuple[Callable[[Numbers, TableForm], Iterator[Finding]], ...]] = {
    "active_disclosure": (check_counts,),
    "requests": (check_balance, check_results_sum, check_row_sum, check_counts),
    "remedies": (check_remedies_sum, check_counts),
    "statistics": (check_statistics_sums, check_counts),
}


def check_report(report: Report) -> list[Finding]:
    """Apply every rule to a report. Returns what does not hold, in the order of the form."""
    findings: list[Finding] = []
    form = next((form for form in forms() if form.id == report.form), None)
    for table in form.tables if form else ():
        numbers = Numbers(report, table)
        for rule in _BY_TABLE.get(table.key, ()):
            findings += rule(numbers, table)
    findings += check_period(report)
    return findings


def _allowed(value: Number, kind: str) -> bool:
    return (value >= 0 or kind == "change") and (kind == "money" or isinstance(value, int))


def _columns(grid: Grid) -> list[str]:
    return [column.key for column in grid.value_columns]


def _unequal(
    rule: str,
    table: TableForm,
    row: str | None,
    column: str | None,
    expected: Number | None,
    actual: Number | None,
    words: str,
    severity: str = "error",
) -> Iterator[Finding]:
    if expected is not None and actual is not None and expected != actual:
        message = words.format(expected=expected, actual=actual)
        yield Finding(rule, severity, table.key, row, column, expected, actual, message)


def _plain(number: Decimal) -> Number:
    return int(number) if number == number.to_integral_value() else float(number)
