"""What a check that does not hold says."""

from __future__ import annotations

from dataclasses import dataclass


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
