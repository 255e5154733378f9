"""Chance that is the same every time: one stream of draws for each thing, named by what it is for.

Because every thing has its own stream, adding an agency or a year leaves all the others as they were.
"""

from __future__ import annotations

import hashlib
import random


def draw(*purpose: object) -> random.Random:
    """Return the stream of draws for ``purpose``, e.g. ``draw(seed, "figures", agency.id, 2022)``."""
    return random.Random(digest(*purpose))  # noqa: S311  invented documents, not secrets


def digest(*purpose: object) -> int:
    """Return a 64-bit number that depends on ``purpose`` alone."""
    text = "\x1f".join(map(str, purpose))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def hex32(*purpose: object) -> str:
    """Return 32 hexadecimal digits that depend on ``purpose`` alone, as the portals name channels and files."""
    return hashlib.sha256("\x1f".join(map(str, purpose)).encode()).hexdigest()[:32]


def deal(chance: random.Random, amount: int, shares: dict[str, float]) -> dict[str, int]:
    """Deal ``amount`` out by ``shares``, whole and to the last one."""
    if amount <= 60:
        dealt = dict.fromkeys(shares, 0)
        for key in chance.choices(list(shares), list(shares.values()), k=amount):
            dealt[key] += 1
        return dealt
    weights = {key: share * chance.uniform(0.6, 1.4) for key, share in shares.items()}
    whole = sum(weights.values())
    dealt = {key: int(amount * weight / whole) for key, weight in weights.items()}
    dealt[max(weights, key=weights.__getitem__)] += amount - sum(dealt.values())
    return dealt
