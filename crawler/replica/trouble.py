"""All that can be planted with ``--faults``: broken pages, outages, and events between two runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crawler.replica.events import EVENTS, plant_event
from crawler.replica.faults import FAULTS, apply_faults
from crawler.replica.outages import OUTAGES, outage_host_and_path

if TYPE_CHECKING:
    from crawler.replica.world import World

#: The help of each, by name, in the order they are planted in.
TROUBLE: dict[str, str] = {
    **{name: fault.help for name, fault in FAULTS.items()},
    **{name: outage.help for name, outage in OUTAGES.items()},
    **{name: event.help for name, event in EVENTS.items()},
}


def plant_trouble(world: World, names: Sequence[str]) -> None:
    """Plant what is named in a world. Raises KeyError for an unknown name, ValueError when a world is too small."""
    unknown = set(names) - TROUBLE.keys()
    if unknown:
        raise KeyError(sorted(unknown)[0])
    apply_faults(world, [name for name in FAULTS if name in names])
    for name in (name for name in OUTAGES if name in names):
        world.spoil(outage_host_and_path(world, name), name)
    for name in (name for name in EVENTS if name in names):
        plant_event(world, name)
