"""Numbers in running text: digits or Chinese numerals, with their unit, and whether they are exact."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

# What stands before or after a number that is not exact.
_ABOUT = r"约|大约|近|将近|接近|超|超过|逾|突破"
_CHINESE = "零〇一二两三四五六七八九十百千万亿"
# Separators only every three digits, and only the half-width comma: a full-width one parts clauses.
_DIGITS = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
_SCALES = {"": 1, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}

# A number with its unit; `units` is put in by `quantity_pattern`.
_QUANTITY = (
    r"(?P<about>{about})?(?:达到?)?(?<!\d)(?<!\d[,.-])"
    r"(?:(?P<digits>{digits})(?P<more>余|多)?(?P<scale>[百千万亿]??)|(?P<chinese>[{chinese}]+?))(?P<more2>余|多)?"
    r"(?:{units})(?P<after>左右|以上|上下)?"
)
# Two bare Chinese digits side by side are a guess (三四件), or a year or a number read out (二〇一一).
_GUESS = re.compile("[一二两三四五六七八九][一二两三四五六七八九]|〇|^零.|.零$")
# Nothing that reports count comes near a million million: more digits than this are no number. In digits.
_MOST_DIGITS = 12
_SCALE_IN_NUMERAL = re.compile("[万亿]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number a sentence states, the unit it is counted in, and whether the text calls it a rough one."""

    value: int | float
    unit: str
    approximate: bool


@cache
def _numerals() -> Callable[[str, str], int | float]:
    # Loading it takes a fifth of a second, and most reports write figures.
    from cn2an import cn2an

    return cn2an


def quantity_pattern(units: tuple[str, ...]) -> str:
    """Return a regular expression for a number with one of ``units``, for `read_quantity` to read.

    An empty unit among them lets a number at the end of a clause go without: 收到申请数为5.
    """
    named = "|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True) if unit)
    text = f"(?P<unit>{named})" + ("|$" if "" in units else "")
    return _QUANTITY.format(about=_ABOUT, digits=_DIGITS, chinese=_CHINESE, units=text)


def read_quantity(found: re.Match[str]) -> Quantity | None:
    """Return what a match of `quantity_pattern` says; None when it is no single number after all.

    A number in 万 of things counted (5.2万条) was rounded by its writer and is not exact; a sum in 万元 is.
    """
    parts = found.groupdict()
    approximate = any(parts[name] for name in ("about", "more", "more2", "after"))
    if parts["digits"]:
        scale = parts["scale"] or ""
        value = Decimal(parts["digits"].replace(",", "")) * _SCALES[scale]
        approximate = approximate or bool(scale)
    else:
        numeral = parts["chinese"].replace("两", "二")
        if _GUESS.search(parts["chinese"]) or numeral[0] in "百千万亿":
            return None
        try:
            value = Decimal(str(_numerals()(numeral, "strict")))
        except ValueError:
            return None
        approximate = approximate or bool(_SCALE_IN_NUMERAL.search(numeral))
    if value >= 10**_MOST_DIGITS:
        return None
    whole = value == value.to_integral_value()
    return Quantity(int(value) if whole else float(value), parts["unit"] or "", approximate)
