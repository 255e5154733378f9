"""The findings a perfect checker makes on a report, worked out from what its cells show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from archive.agencies.registry import Agency
from crawler.replica.form import REMEDIES, REQUESTS, STATISTICS, VALUE, Form
from crawler.replica.report import Report, read_back

# The first report year for which departments have another last day than governments.
_TWO_DAYS_SINCE = 2019


def findings(report: Report) -> list[dict]:
    """Return the findings in the shape of the agreed JSON: in the order of the form, the period, then the text.

    A rule that needs a cell without a number does not run for that row or column; that is said once for each rule and
    table, at the end.
    """
    shown = _Shown(report)
    rules = (_balance, _results_sum, _row_sums, _remedies, _statistics)
    found = [finding for rule in rules for finding in rule(report.form, shown)]
    found += [*_period(report), *_text(report, shown)]
    failed = [finding for finding in found if finding["outcome"] == "failed"]
    not_run = {(finding["rule"], finding["table"]): finding for finding in found if finding["outcome"] == "not_run"}
    return [*failed, *not_run.values()]


def deadline(agency: Agency, year: int) -> date | None:
    """Return the last day a body may publish its report: None where the law names no day.

    条例 art. 49 since the report on 2019; before, 31 March for all (art. 31 of the one of 2008).
    """
    if year < _TWO_DAYS_SINCE:
        return date(year + 1, 3, 31)
    if agency.level in ("city", "district"):
        return date(year + 1, 3, 31)
    return date(year + 1, 1, 31) if agency.level in ("city_department", "district_department") else None


class _Shown:
    def __init__(self, report: Report) -> None:
        self._report = report

    def sum(self, table: str, rows: tuple[str, ...], columns: tuple[str, ...]) -> Decimal | None:
        total = Decimal(0)
        for row in rows:
            for column in columns:
                value, state = read_back(self._report.cells[table, row, column])
                if state != "number":
                    return None
                total += Decimal(str(value))
        return total


def _balance(form: Form, shown: _Shown) -> Iterator[dict]:
    for column, _ in form.columns:
        expected = shown.sum(REQUESTS, ("new_received", "carried_in"), (column,))
        actual = shown.sum(REQUESTS, ("results_total", "carried_out"), (column,))
        yield from _unequal("T3-BAL", REQUESTS, None, column, expected, actual)


def _results_sum(form: Form, shown: _Shown) -> Iterator[dict]:
    for column, _ in form.columns:
        expected = shown.sum(REQUESTS, form.result_rows, (column,))
        actual = shown.sum(REQUESTS, ("results_total",), (column,))
        yield from _unequal("T3-SUM", REQUESTS, "results_total", column, expected, actual)


def _row_sums(form: Form, shown: _Shown) -> Iterator[dict]:
    for row in form.rows:
        expected = shown.sum(REQUESTS, (row.key,), form.applicant_columns)
        actual = shown.sum(REQUESTS, (row.key,), ("total",))
        yield from _unequal("T3-ROW", REQUESTS, row.key, "total", expected, actual)


def _remedies(form: Form, shown: _Shown) -> Iterator[dict]:
    results = tuple(key for key, _ in form.remedy_results if key != "total")
    for group, _ in form.remedy_groups:
        expected = shown.sum(REMEDIES, (group,), results)
        actual = shown.sum(REMEDIES, (group,), ("total",))
        yield from _unequal("T4-SUM", REMEDIES, group, "total", expected, actual)


def _statistics(form: Form, shown: _Shown) -> Iterator[dict]:
    for whole, parts in form.sums.items():
        expected = shown.sum(STATISTICS, parts, (VALUE,))
        actual = shown.sum(STATISTICS, (whole,), (VALUE,))
        yield from _unequal("STAT-SUM", STATISTICS, whole, VALUE, expected, actual, "warning")


def _period(report: Report) -> Iterator[dict]:
    if report.period is None:
        return
    whole_year = (f"{report.year}-01-01", f"{report.year}-12-31")
    printed = tuple(day.isoformat() for day in report.period)
    if printed != whole_year:
        yield _finding("PERIOD", None, None, None, "/".join(whole_year), "/".join(printed))


# What a number in a sentence may mean in table 3; several meanings are in use of some.
_SAID = {
    "received": (("new_received",), ("new_received", "carried_in")),
    "newly_received": (("new_received",),),
    "carried_in": (("carried_in",),),
    "handled": (("results_total",), ("new_received", "carried_in")),
    "granted": (("granted",), ("granted", "partially_granted")),
    "carried_out": (("carried_out",),),
}


# What starts the keys of the statistics that sentences are held against, and how grave it is where they differ.
_STATED = {"request_": "TXT-REQ", "answer_": "TXT-REQ", "denied_": "TXT-REQ",
           "review_": "TXT-T4", "litigation_": "TXT-T4"}  # fmt: skip
_GRAVE = {"TXT-REQ": "warning", "TXT-ZERO": "warning", "TXT-T4": "info"}


def _text(report: Report, shown: _Shown) -> Iterator[dict]:
    """What the sentences say against what the cells show: nothing against something, or another number."""
    for name, said in report.says.items():
        rule, table, meanings, column = _claim(report.form, name)
        sums = [shown.sum(table, rows, (column,)) for rows in meanings]
        if said in sums or not sums:
            continue
        if None in sums:
            yield _not_run(rule, table)
            continue
        rule = rule if said and any(sums) else "TXT-ZERO"
        yield _finding(rule, table, meanings[0][0], column, _plain(sums[0]), said, _GRAVE[rule])


def _claim(form: Form, name: str) -> tuple[str, str, tuple[tuple[str, ...], ...], str]:
    """Return the rule a sentence is held to, and the table, the rows (in each meaning) and the column it speaks of."""
    if form.rows:
        return "TXT-REQ", REQUESTS, _SAID[name], "total"
    rule = next((rule for start, rule in _STATED.items() if name.startswith(start)), "")
    counted = any(indicator.key == name and indicator.unit == "件" for indicator in form.indicators)
    return rule, STATISTICS, ((name,),) if rule and counted else (), VALUE


def _unequal(
    rule: str,
    table: str,
    row: str | None,
    column: str,
    expected: Decimal | None,
    actual: Decimal | None,
    severity: str = "error",
) -> Iterator[dict]:
    if expected is None or actual is None:
        yield _not_run(rule, table)
    elif expected != actual:
        yield _finding(rule, table, row, column, _plain(expected), _plain(actual), severity)


def _finding(
    rule: str,
    table: str | None,
    row: str | None,
    column: str | None,
    expected: float | str,
    actual: float | str,
    severity: str = "error",
) -> dict:
    message = f"{rule}: expected {expected}, printed {actual}"
    return {"rule": rule, "severity": severity, "table": table, "row": row, "column": column,
            "expected": expected, "actual": actual, "message": message, "outcome": "failed"}  # fmt: skip


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _not_run(rule: str, table: str) -> dict:
    place = dict.fromkeys(("row", "column", "expected", "actual"))
    message = f"{rule}: cannot be checked"
    return {"rule": rule, "severity": "info", "table": table, **place, "message": message, "outcome": "not_run"}
