"""What a check that does not hold, or cannot be made, says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold, or cannot be applied.

    ``rule`` is the rule's id, ``severity`` ``error``, ``warning`` or ``info``. ``table``, ``row`` and ``column`` say
    where, None where the rule speaks of more than one. ``expected`` and ``actual`` are numbers or ISO text.
    ``outcome`` is ``failed``, or ``not_run`` when cells the rule needs hold no number: then it says nothing of whether
    they would add up.
    """

    rule: str
    severity: str
    table: str | None
    row: str | None
    column: str | None
    expected: int | float | str | None
    actual: int | float | str | None
    message: str
    outcome: str = "failed"


def not_run(rule: str, table: str | None, why: str = "") -> Finding:
    """Return what a rule says that cannot be applied, for the reason ``why``: an ``info`` with outcome ``not_run``."""
    return Finding(rule, "info", table, None, None, None, None, why, "not_run")


def together(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with those of one rule and table that could not be checked as one, after the others."""
    failed: list[Finding] = []
    counts: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in findings:
        if finding.outcome == "failed":
            failed.append(finding)
        else:
            counts.setdefault((finding.rule, finding.table), []).append(finding)
    return failed + [_as_one(found) for found in counts.values()]


def _as_one(found: list[Finding]) -> Finding:
    why = found[0].message or f"有 {len(found)} 处所需的格为空白、不适用或未能读取"
    return replace(found[0], message=f"未能核对：{why}")
