"""Rules between what a report says has changed in a year and what the reports of both years say themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from archive.checks.finding import Finding, not_run
from archive.checks.years import Cells

Number = int | float

# 同比增长1.05% right after a number, with no other number between: what has changed is what was just counted.
_CHANGE = re.compile(
    r"^[^\d。；;]{0,3}(?:，|,|、|（|\()\s*(?:同比|(?:比|较|与)(?:上年度?|上一年度?|去年)(?:同期)?(?:相比)?)(?:有所)?"
    r"(?P<way>增长|增加|上升|提高|增幅|下降|减少|降低)(?:了|约|为)?\s*(?P<percent>\d+(?:\.(?P<digits>\d+))?)\s*[%％]"
)
_DOWN = ("下降", "减少", "降低")
# Which cells of last year's report a sentence may compare with: what came in, with what was carried in or without.
_COMPARED = {
    "new_received": (("new_received",),),
    "request_received": (("new_received",), ("new_received", "carried_in")),
    "request_closed": (("results_total",),),
    "request_answered": (("results_total",),),
}


def check_changes(before: Cells, said_before: Sequence[Mapping], said: Sequence[Mapping]) -> Iterator[Finding]:
    """TXT-CHANGE: a stated growth (同比增长1.05%) is that of the number stated, against last year's report.

    Source: both years' own numbers (宿迁 2024 says +1.05 % where they give +1.08 %). ``before`` are last year's cells,
    ``said_before`` and ``said`` the statements of both years. What is compared with may be last year's table or its
    text, and rounding is the office's own: a growth that fits one of them to its last digit, cut or rounded, is right.
    """
    for statement in said:
        found = _CHANGE.match(_after(statement)) if _is_exact(statement) else None
        if not found:
            continue
        bases = [base for base in _bases(statement["key"], before, said_before) if base > 0]
        if not bases:
            yield not_run("TXT-CHANGE", None, "上年报告没有可比的数字")
            continue
        stated = Decimal(found["percent"]) * (-1 if found["way"] in _DOWN else 1)
        last = Decimal(1).scaleb(-len(found["digits"] or ""))
        changes = [Decimal(str(statement["value"])) / Decimal(str(base)) * 100 - 100 for base in bases]
        if all(abs(change - stated) >= last for change in changes):
            nearest = min(changes, key=lambda change: abs(change - stated)).quantize(last)
            yield Finding(
                "TXT-CHANGE", "info", None, None, None, float(nearest), float(stated),
                f"文字写为{found['way']} {found['percent']}%，按两年报告的数字应为 {nearest:+}%："
                f"「{statement['sentence']}」",
            )  # fmt: skip


def _after(statement: Mapping) -> str:
    sentence, raw = statement["sentence"], statement["raw"]
    return sentence.split(raw, 1)[1] if sentence.count(raw) == 1 else ""


def _is_exact(statement: Mapping) -> bool:
    return statement["time"] == "year" and not statement["approximate"]


def _bases(key: str, before: Cells, said_before: Sequence[Mapping]) -> Iterator[Number]:
    for rows in _COMPARED.get(key, ()):
        values = [before.get(("requests", row, "total")) for row in rows]
        if None not in values:
            yield sum(value for value in values if value is not None)
    yield from (each["value"] for each in said_before if each["key"] == key and _is_exact(each))
