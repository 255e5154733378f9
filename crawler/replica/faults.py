"""Broken pages on demand: what portals serve when something went wrong. Each is a name, a line of help, a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.replica.world import World


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault ``--faults`` knows. ``plant`` changes a world and appends what it did to ``world.faults``."""

    name: str
    help: str
    plant: Callable[[World], None]


FAULTS: dict[str, Fault] = {}


def apply_faults(world: World, names: Sequence[str]) -> None:
    """Plant the named faults in a world. Raises KeyError for an unknown name."""
    for name in names:
        FAULTS[name].plant(world)
