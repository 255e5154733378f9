"""Numbers as cells print them, and what each says: text, value and state."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

_WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
_UNITS = {"requests": "件", "remedies": "件"}


@dataclass(frozen=True)
class Printed:
    """A cell as printed, and what a reader must say of it."""

    text: str
    value: int | float | None
    state: str = "number"


BLANK = Printed("", None, "blank")
Make = Callable[[random.Random, tuple[str, str, str], bool], Printed]


def _count(chance: random.Random) -> int:
    return chance.choice([0, 0, chance.randint(1, 9), chance.randint(10, 999), chance.randint(1000, 12_000_000)])


def _plain(chance: random.Random, key: tuple[str, str, str], money: bool) -> Printed:
    if money and chance.random() < 0.6:
        whole, places = _count(chance), chance.randint(1, 4)
        text = f"{whole}.{chance.randint(1, 10**places - 1):0{places}d}"
        return Printed(text, float(text))
    number = _count(chance)
    if key[2] == "items_change" and chance.random() < 0.5:
        return chance.choice([Printed(f"-{number + 1}", -number - 1), Printed(f"+{number}", number)])
    return Printed(str(number), number)


def _grouped(chance: random.Random, key: tuple[str, str, str], money: bool) -> Printed:
    printed = _plain(chance, key, money)
    sign, digits = ("", printed.text) if printed.text[0].isdigit() else (printed.text[0], printed.text[1:])
    whole, point, rest = digits.partition(".")
    mark = chance.choice([",", "，"])
    return Printed(sign + f"{int(whole):,}".replace(",", mark) + point + rest, printed.value)


def _wide(chance: random.Random, key: tuple[str, str, str], money: bool) -> Printed:
    printed = _plain(chance, key, money)
    return Printed(printed.text.translate(_WIDE), printed.value)


def _with_units(chance: random.Random, key: tuple[str, str, str], money: bool) -> Printed:
    printed = _plain(chance, key, money)
    if money or key[0] not in _UNITS or chance.random() < 0.5:
        return printed
    return Printed(printed.text + chance.choice(["", " "]) + _UNITS[key[0]], printed.value)


def _honest(chance: random.Random, key: tuple[str, str, str], money: bool) -> Printed:
    """Blank cells and marks for nothing to report among the numbers."""
    choices = [BLANK, *(Printed(text, None, "not_applicable") for text in ("/", "-", "—", "无"))]
    return chance.choice([*choices, *[_plain(chance, key, money)] * 6])


def _zero(chance: random.Random, key: tuple[str, str, str], money: bool) -> Printed:
    """What most small bodies report."""
    return Printed("0", 0) if chance.random() < 0.9 else _plain(chance, key, money)


def _blank(chance: random.Random, key: tuple[str, str, str], money: bool) -> Printed:
    return BLANK


STYLES: dict[str, Make] = {
    "plain": _plain,
    "grouped": _grouped,
    "wide": _wide,
    "units": _with_units,
    "honest": _honest,
    "zero": _zero,
    "blank": _blank,
}
