"""Numbers as cells hold them, and what stands in a cell when it is no number."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from archive.documents.characters import simplified
from archive.documents.spaces import drop_no_width, squeeze

STATES = ("number", "blank", "not_applicable", "text", "unreadable")

_NOT_APPLICABLE = {"/", "\\", "-", "--", "—", "——", "–", "−", "―", "无", "不适用", "n/a", "N/A", "不涉及"}
_UNIT = r"(?P<unit>件|条|项|个|元|万元|宗|次|人|人次|篇|份|起)?"
# What a unit written into a cell makes of its number, in 元; the form's money columns are in 元 or 万元.
YUAN = {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000}
_MONEY_IN_LABEL = re.compile(r"[(（](?:单位[:：]?)?(元|千元|万元|亿元)[)）]\s*$")
# 1,234,567 or 1234567, a sign, decimals, a unit written into the cell. Separators only every three digits: 1,23 is not
# a number anyone meant. A thin space can be a separator, which no one types by chance.
_GROUPED = r"\d{1,3}(?:,\d{3})+"
_THIN = re.compile(r"(?<=\d)[\u2009\u202f](?=\d{3}(?!\d))")
# A space or a line break between digits: 107 105 is two values as likely as one.
_TWO = re.compile(r"\d[\s⏎]+[+-]?\d")
_NUMBER = re.compile(rf"(?P<number>[+-]?\s*(?:{_GROUPED}|\d+)(?:\.\d+)?)\s*{_UNIT}")


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell says: ``value`` a number or None, ``state`` one of `STATES`."""

    value: int | float | None
    state: str


# Most cells hold one of a few texts, and each is looked at by every table's reader.
@lru_cache(maxsize=4096)
def read_value(raw: str, unit: str | None = None, given: str | None = None) -> Value:
    """Read a cell of a column counted in ``unit``.

    A sum of money whose cell names another unit than the column (251000元 under 万元) is given in the column's unit;
    ``given`` is the unit a cell is meant in where it names none. Blank is not zero, ``/`` and ``-`` mean that there is
    nothing to report; digits set apart from each other are unreadable, since no one can tell whether they are one
    number; anything else that is not exactly one number is text.
    """
    # NFKC would make the mark of a footnote a digit of the number: 5① would be 51.
    if any(unicodedata.category(character) == "No" for character in raw):
        return Value(None, "text")
    text = simplified(unicodedata.normalize("NFKC", _THIN.sub(",", drop_no_width(raw))).strip())
    squeezed = squeeze(text)
    if not squeezed:
        return Value(None, "blank")
    if squeezed in _NOT_APPLICABLE:
        return Value(None, "not_applicable")
    found = _NUMBER.fullmatch(text.replace("，", ","))
    if not found:
        return Value(None, "unreadable" if _TWO.search(text) else "text")
    exact = Decimal(squeeze(found["number"].replace(",", "")))
    printed = found["unit"] or given
    if unit in YUAN and printed in YUAN:
        exact = exact * YUAN[printed] / YUAN[unit]
    return Value(int(exact) if exact == exact.to_integral_value() else float(exact), "number")


def is_value(raw: str) -> bool:
    """Whether a cell could hold a value: a number, nothing, or a mark for not applicable."""
    return read_value(raw).state in ("number", "blank", "not_applicable")


def holds_digit(text: str) -> bool:
    """Whether a cell holds a digit, as a number misprinted or remarked upon does."""
    return any(character.isdigit() for character in text)


def unit_in(label: str) -> str | None:
    """Return the unit of money a label names in brackets at its end: 收费金额（单位：万元）, 费用（元）."""
    found = _MONEY_IN_LABEL.search(squeeze(label))
    return found.group(1) if found else None
