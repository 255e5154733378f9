"""The record of a run: counters, problems and notices of each portal, kept as one JSON file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from archive.runs import COUNTERS, save_run
from crawler.portals import Portal


@dataclass(slots=True)
class Tally:
    """The counters of one portal in one run.

    ``listed`` counts annual reports in its listings, ``new``, ``changed`` and ``unchanged`` pages by what became of
    them, ``gone`` those listed that could not be had. ``listings`` holds the reports of each listing. ``complete`` is
    true when the portal was gone through to its end.
    """

    base_url: str
    requests: int = 0
    bytes: int = 0
    listed: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    host_answered: bool = False
    complete: bool = False
    listings: dict[str, int] = field(default_factory=dict)


class Journal:
    """Collects what happens in a run and writes its record.

    Problems need a person; notices are worth knowing and need nobody: links that lead off a portal, listed pages that
    were already dead at the last run. ``stopped`` is the code of the limit the run ended at, ``fatal`` what kept the
    captures from being written.
    """

    def __init__(
        self, folder: Path, run_id: str, *, portals_file: str, options: Mapping[str, Any], earlier: Sequence[dict]
    ) -> None:
        self.run_id = run_id
        self.fatal: str | None = None
        self.stopped: str | None = None
        self.problems: list[dict] = []
        self.notices: list[dict] = []
        self.tallies: dict[str, Tally] = {}
        self._folder = folder
        self._portals_file = portals_file
        self._options = dict(options)
        self._earlier = earlier
        self._said: set[tuple] = set()
        self._started_at = _now()

    def tally(self, portal: Portal) -> Tally:
        """Return the counters of a portal."""
        return self.tallies.setdefault(portal.id, Tally(portal.base_url))

    def check_clock(self) -> None:
        """Say so when the last run began later than this one: one of the two had a wrong time."""
        before = max((run["started_at"] for run in self._earlier), default="")
        if self._started_at < before:
            self.problem(None, "clock", now=self._started_at, before=before)

    def stop(self, code: str, **words: Any) -> None:
        """End the run at a limit. Only a full disk needs a person, and fails the run."""
        self.stopped = code
        if code == "disk-full":
            self.fatal = self.fatal or code
        self._say(self.problems if self.fatal else self.notices, None, code, None, words)

    def problem(self, portal: Portal | None, code: str, url: str | None = None, **words: Any) -> None:
        """Record something a person should act on; ``words`` fill in the message of ``problems.toml``. Said once."""
        self._say(self.problems, portal, code, url, words)

    def notice(self, portal: Portal | None, code: str, url: str | None = None, **words: Any) -> None:
        """Record something worth knowing that needs nobody. Said once."""
        self._say(self.notices, portal, code, url, words)

    def before(self, portal: Portal) -> dict | None:
        """Return a portal's part of the last earlier run that went through it, at the same address, to the end."""
        for run in reversed(self._earlier):
            part = _part(run, portal)
            if part.get("complete") and part.get("base_url") == portal.base_url:
                return part
        return None

    def last_complete(self, portal: Portal) -> str:
        """Return the id of the last earlier run that went through a portal to the end; empty when none did."""
        complete = (run["id"] for run in reversed(self._earlier) if _part(run, portal).get("complete"))
        return next(complete, "")

    def too_large(self, portal: Portal, url: str) -> tuple[date, int] | None:
        """Return when an address was last found too large, and for which ``max_file_mb``; None when it was not."""
        return self._too_large.get((portal.id, url))

    def save(self, outcome: str) -> dict:
        """Write the record with that outcome and return it. Raises OSError when it cannot be written."""
        parts = {name: asdict(tally) for name, tally in self.tallies.items()}
        record = {
            "id": self.run_id,
            "command": "crawl",
            "started_at": self._started_at,
            "ended_at": None if outcome == "running" else _now(),
            "outcome": outcome,
            **{name: sum(part[name] for part in parts.values()) for name in COUNTERS},
            "options": self._options,
            "portals": parts,
            "stopped": self.stopped,
            "problems": self.problems,
            "notices": self.notices,
        }
        save_run(self._folder, record)
        return record

    @cached_property
    def _too_large(self) -> dict[tuple[str, str], tuple[date, int]]:
        found = {}
        for run in self._earlier:
            limit = run.get("options", {}).get("max_file_mb", 0)
            for entry in (*run.get("problems", []), *run.get("notices", [])):
                if entry["code"] == "too-large":
                    found[entry["portal"], entry["url"]] = (datetime.fromisoformat(run["started_at"]).date(), limit)
        return found

    def _say(
        self, where: list[dict], portal: Portal | None, code: str, url: str | None, words: Mapping[str, Any]
    ) -> None:
        name, home = (portal.id, portal.base_url) if portal else ("", "")
        key = (name, code, url, words.get("target") or words.get("listing"))
        if key in self._said:
            return
        self._said.add(key)
        messages = _messages()[code]
        filled = {"url": url or home, "portals": self._portals_file, **words}
        where.append(
            {
                "portal": name,
                "url": url,
                "code": code,
                "message": messages["zh"].format_map(filled),
                "message_en": messages["en"].format_map(filled),
            }
        )


def _part(run: Mapping[str, Any], portal: Portal) -> Mapping[str, Any]:
    return run.get("portals", {}).get(portal.id) or {}


@cache
def _messages() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("crawler") / "problems.toml").read_text("utf-8"))


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
