"""What a sheet looks like, which its values do not tell: hidden rows, frames, formats of numbers; whatever its file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Colours, conditions and locales; room as wide as a character, and one repeated to fill the cell.
_TRIMMINGS = re.compile(r"\[[^\]]*\]|_.|\*.")
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)')
_DIGITS = re.compile(r"[#0?][#0?,.]*")
# A digit of the stored number shown behind one of these counts for more than it does there, or for less.
_MAGNITUDE = re.compile(r"[十百千万亿%％‰]")
# A section for numbers beyond another one than nought: there may be a third, for all others.
_CONDITION = re.compile(r"\[[<>=]+\s*-?[\d.]*[1-9]")


@dataclass(frozen=True, slots=True)
class Look:
    """What is hidden, framed or shown as another number in a sheet, and formulas without a result; counted from 0."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    framed: frozenset[tuple[int, int]] = frozenset()
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    unsolved: frozenset[tuple[int, int]] = frozenset()


def changes_number(code: str) -> bool:
    """Whether a number format shows another number than is stored: per cent, in thousands, as a fraction, or none.

    The sections of a format are for positive numbers, negative ones, zero and text; nought shown as a dash stays one.
    """
    return code not in ("", "@") and any(map(_section_changes, _sections(code)))


def is_percentage(code: str) -> bool:
    """Whether a number format shows the hundredfold of every number; a sign that is only printed behind it does not."""
    return all("%" in _LITERAL.sub("", section) for section in _sections(code))


def _sections(code: str) -> list[str]:
    """Return the sections for numbers other than nought."""
    return code.replace("G/通用格式", "General").split(";")[: 3 if _CONDITION.search(code) else 2]


def _section_changes(section: str) -> bool:
    plain = _TRIMMINGS.sub("", section)
    if _MAGNITUDE.search("".join(map("".join, _LITERAL.findall(plain)))):
        return True
    # What is printed between digits parts the number in two.
    marked = _LITERAL.sub("\0", plain)
    digits = _DIGITS.findall(marked)
    odd = len(digits) != 1 or digits[0].endswith(",") or bool(re.search(r"[%E/‰]", marked))
    return odd and "general" not in plain.lower()
