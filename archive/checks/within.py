"""Rules within one report. Each is a small function with the source of its rule.

A rule that meets a cell without a number does not run there, blank is not zero; and says so, once a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from archive.checks.finding import Finding, not_run, together
from archive.checks.texts import check_texts
from archive.forms.model import Grid, TableForm, forms
from archive.forms.report import Report

Number = int | float
_FORMS_WITH_PERIOD = ("g3", "g4")
_KINDS = {"count": "不小于零的整数", "change": "整数", "money": "不小于零的金额"}


class Numbers:
    """The numbers of one report's table, by row and column; blank and unread cells have none.

    ``shown`` are the (row, column) of all its cells, with a number or without.
    """

    def __init__(self, report: Report, table: TableForm) -> None:
        self.shown = {(cell.row, cell.column): cell for cell in report.cells if cell.table == table.key}
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


def check_subtotals(numbers: Numbers, table: TableForm) -> Iterator[Finding]:
    """T3-SUB: a subtotal, where one is printed, is the sum of what it stands for.

    Source: the word 小计; the official form has none, and no other sum counts them. A subtotal left blank says nothing.
    """
    grid = table.grid
    organisations = [column.key for column in grid.value_columns if column.group]
    for row, column in numbers.shown:
        if numbers.get(row, column) is None:
            continue
        group = row.removesuffix("_subtotal")
        children = [entry.key for entry in grid.value_rows if entry.group == group]
        if row != group:
            expected = numbers.sum(children, [column])
        elif column == "legal_person_subtotal":
            expected = numbers.sum([row], organisations)
        else:
            continue
        yield from _unequal(
            "T3-SUB",
            table,
            row,
            column,
            expected,
            numbers.get(row, column),
            "各分项之和为 {expected}，小计填为 {actual}",
        )


def check_disclosed(numbers: Numbers, table: TableForm) -> Iterator[Finding]:
    """T2-DISC (forms of 2019 and 2020): what was newly disclosed is seldom more than what was newly made.

    Source: what the two columns count. Usual and not required: documents of earlier years may be disclosed late.
    """
    for row, column in numbers.shown:
        if column != "newly_disclosed":
            continue
        made, disclosed = numbers.get(row, "newly_made"), numbers.get(row, column)
        if made is None or disclosed is None:
            if made is not disclosed:
                yield not_run("T2-DISC", table.key)
        elif disclosed > made:
            yield Finding(
                "T2-DISC", "info", table.key, row, column, made, disclosed,
                f"本年新公开 {disclosed} 件，多于本年新制作的 {made} 件，可能含以前年度的文件",
            )  # fmt: skip


def check_remedies_sum(numbers: Numbers, table: TableForm) -> Iterator[Finding]:
    """T4-SUM: the four results add up to the total, for each kind of remedy. Source: the form's own column 总计."""
    results = [column for column in _columns(table.grid) if column != "total"]
    for row in table.grid.value_rows:
        expected, actual = numbers.sum([row.key], results), numbers.get(row.key, "total")
        yield from _unequal(
            "T4-SUM", table, row.key, "total", expected, actual, "四种结果之和为 {expected}，总计填为 {actual}"
        )


def check_counts(numbers: Numbers, table: TableForm) -> Iterator[Finding]:
    """NONNEG: counts are whole and not negative, money is not negative. Source: what the form counts.

    A change (本年增/减) may be negative. Words where a number belongs are a warning: they may say what a number cannot.
    """
    for grid in table.grids:
        for row in grid.rows:
            for column in grid.columns:
                cell = numbers.shown.get((row.key, column.key))
                kind = row.type if table.shape == "list" else column.type
                if cell is None or cell.state not in ("number", "text") or _allowed(cell.value, kind):
                    continue
                actual, severity = (cell.value, "error") if cell.state == "number" else (cell.raw, "warning")
                yield Finding(
                    "NONNEG", severity, table.key, row.key, column.key, None, actual,
                    f"应为{_KINDS[kind]}，填为 {actual}",
                )  # fmt: skip


def check_period(report: Report) -> Iterator[Finding]:
    """PERIOD: the period reported on is the title's year. Source: 政府信息公开条例 art. 49.

    The forms since 2019 ask for the period to be stated; reports before them often leave it out.
    """
    if report.period is None or report.year is None:
        if report.form in _FORMS_WITH_PERIOD and report.sections:
            yield not_run("PERIOD", None, "文中没有写明统计期限")
        return
    expected = (f"{report.year}-01-01", f"{report.year}-12-31")
    if report.period != expected:
        yield Finding(
            "PERIOD", "error", None, None, None, "/".join(expected), "/".join(report.period),
            f"统计期限写为 {report.period[0]} 至 {report.period[1]}，应为 {report.year} 年全年",
        )  # fmt: skip


def check_statistics_sums(numbers: Numbers, table: TableForm) -> Iterator[Finding]:
    """STAT-SUM: a whole is the sum of its parts in the statistics table. Source: the table's own numbering.

    Local tables leave rows out: a whole that is not there has nothing to be checked.
    """
    for total, parts in table.sums:
        if (total, "value") not in numbers.shown:
            continue
        expected, actual = numbers.sum(list(parts), ["value"]), numbers.get(total, "value")
        yield from _unequal(
            "STAT-SUM", table, total, "value", expected, actual, "各分项之和为 {expected}，合计填为 {actual}", "warning"
        )


_BY_TABLE: dict[str, tuple[Callable[[Numbers, TableForm], Iterator[Finding]], ...]] = {
    "active_disclosure": (check_counts, check_disclosed),
    "requests": (check_balance, check_results_sum, check_row_sum, check_subtotals, check_counts),
    "remedies": (check_remedies_sum, check_counts),
    "statistics": (check_statistics_sums, check_counts),
}


def check_report(report: Report) -> list[Finding]:
    """Apply every rule to a report.

    Returns what does not hold, in the order of the form, then what could not be checked: one a rule and table.
    """
    findings: list[Finding] = []
    form = next((form for form in forms() if form.id == report.form), None)
    for table in form.tables if form else ():
        numbers = Numbers(report, table)
        for rule in _BY_TABLE.get(table.key, ()):
            findings += rule(numbers, table)
    findings += check_period(report)
    findings += check_texts(report)
    return together(findings)


def _allowed(value: Number | None, kind: str) -> bool:
    return value is not None and (value >= 0 or kind == "change") and (kind == "money" or isinstance(value, int))


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
    if expected is None or actual is None:
        yield not_run(rule, table.key)
    elif expected != actual:
        message = words.format(expected=expected, actual=actual)
        yield Finding(rule, severity, table.key, row, column, expected, actual, message)


def _plain(number: Decimal) -> Number:
    return int(number) if number == number.to_integral_value() else float(number)
