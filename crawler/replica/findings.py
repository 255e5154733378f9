"""The findings a perfect checker makes on a report, worked out from what its cells show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from archive.agencies.registry import Agency
from crawler.replica.form import REMEDIES, REQUESTS, g4
from crawler.replica.report import Report, read_back


def findings(report: Report) -> list[dict]:
    """Return the findings in the shape of the agreed JSON: in the order of the form, the period, then the text.

    A rule that needs a cell without a number does not run for that row or column; that is said once for each rule and
    table, at the end.
    """
    shown = _Shown(report)
    found = [*_balance(shown), *_results_sum(shown), *_row_sums(shown), *_remedies(shown), *_period(report)]
    found += _text(report, shown)
    failed = [finding for finding in found if finding["outcome"] == "failed"]
    not_run = {(finding["rule"], finding["table"]): finding for finding in found if finding["outcome"] == "not_run"}
    return [*failed, *not_run.values()]


def deadline(agency: Agency, year: int) -> date | None:
    """Return the last day a body may publish its report (条例 art. 49): None where the law names no day."""
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


def _balance(shown: _Shown) -> Iterator[dict]:
    for column, _ in g4().columns:
        expected = shown.sum(REQUESTS, ("new_received", "carried_in"), (column,))
        actual = shown.sum(REQUESTS, ("results_total", "carried_out"), (column,))
        yield from _unequal("T3-BAL", REQUESTS, None, column, expected, actual)


def _results_sum(shown: _Shown) -> Iterator[dict]:
    for column, _ in g4().columns:
        expected = shown.sum(REQUESTS, g4().result_rows, (column,))
        actual = shown.sum(REQUESTS, ("results_total",), (column,))
        yield from _unequal("T3-SUM", REQUESTS, "results_total", column, expected, actual)


def _row_sums(shown: _Shown) -> Iterator[dict]:
    for row in g4().rows:
        expected = shown.sum(REQUESTS, (row.key,), g4().applicant_columns)
        actual = shown.sum(REQUESTS, (row.key,), ("total",))
        yield from _unequal("T3-ROW", REQUESTS, row.key, "total", expected, actual)


def _remedies(shown: _Shown) -> Iterator[dict]:
    results = tuple(key for key, _ in g4().remedy_results if key != "total")
    for group, _ in g4().remedy_groups:
        expected = shown.sum(REMEDIES, (group,), results)
        actual = shown.sum(REMEDIES, (group,), ("total",))
        yield from _unequal("T4-SUM", REMEDIES, group, "total", expected, actual)


def _period(report: Report) -> Iterator[dict]:
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


def _text(report: Report, shown: _Shown) -> Iterator[dict]:
    """What the sentences say against what the cells show: nothing against something, or another number."""
    for name, said in report.says.items():
        sums = [shown.sum(REQUESTS, rows, ("total",)) for rows in _SAID[name]]
        if said in sums:
            continue
        if None in sums:
            yield _not_run("TXT-REQ", REQUESTS)
            continue
        rule = "TXT-REQ" if said and any(sums) else "TXT-ZERO"
        yield _finding(rule, REQUESTS, _SAID[name][0][0], "total", int(sums[0]), said, "warning")


def _unequal(
    rule: str, table: str, row: str | None, column: str, expected: Decimal | None, actual: Decimal | None
) -> Iterator[dict]:
    if expected is None or actual is None:
        yield _not_run(rule, table)
    elif expected != actual:
        yield _finding(rule, table, row, column, int(expected), int(actual))


def _finding(
    rule: str,
    table: str | None,
    row: str | None,
    column: str | None,
    expected: int | str,
    actual: int | str,
    severity: str = "error",
) -> dict:
    message = f"{rule}: expected {expected}, printed {actual}"
    return {"rule": rule, "severity": severity, "table": table, "row": row, "column": column,
            "expected": expected, "actual": actual, "message": message, "outcome": "failed"}  # fmt: skip


def _not_run(rule: str, table: str) -> dict:
    place = dict.fromkeys(("row", "column", "expected", "actual"))
    message = f"{rule}: cannot be checked"
    return {"rule": rule, "severity": "info", "table": table, **place, "message": message, "outcome": "not_run"}
