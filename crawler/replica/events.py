"""What happens to reports between two runs: changed, withdrawn, put back, moved.

An event comes when the portal's robots.txt is asked for the second or third time, which a crawl does once. A new one is
a function and a line in `EVENTS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.replica.outages import spare_report

if TYPE_CHECKING:
    from crawler.replica.world import World


@dataclass(frozen=True, slots=True)
class Event:
    """An event: at which visits to the portal what is done to a report of it."""

    name: str
    help: str
    at: dict[int, Callable[[World, str], None]]


def _change(world: World, report_id: str) -> None:
    world.set_text(report_id, "overview", ["总体情况在发布之后作了更正。"])


def _withdraw(world: World, report_id: str) -> None:
    world.withdraw(report_id)


def _restore(world: World, report_id: str) -> None:
    world.restore(report_id)


def _move(world: World, report_id: str) -> None:
    world.move(report_id)


def plant_event(world: World, name: str) -> str:
    """Let the event happen to a report of a world, and return the report's id."""
    report = spare_report(world, name)
    host = world.articles_of(report.id)[0].host
    for visit, happen in EVENTS[name].at.items():
        world.calendar.setdefault((host, visit), []).append((happen, report.id))
    return report.id


_EVENTS = (
    Event("changed", "a report is changed after the first visit", {2: _change}),
    Event("withdrawn", "a report is withdrawn after the first visit", {2: _withdraw}),
    Event("put-back", "a report is withdrawn after the first visit and put back after the second",
          {2: _withdraw, 3: _restore}),
    Event("moved", "a report moves to a new address after the first visit", {2: _move}),
)  # fmt: skip
EVENTS: dict[str, Event] = {event.name: event for event in _EVENTS}
