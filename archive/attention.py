"""What needs a person beyond what the crawl itself met: seen after the build, or over several runs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

# A few files that cannot be read are every year's lot; so many of a run's, and at least so many, are a change.
_UNREAD_SHARE = 0.2
_UNREAD_LEAST = 5
# One night's silence is maintenance. In runs.
_DOWN_RUNS = 3


def problem(code: str, portal: str = "", url: str | None = None, **words: object) -> dict:
    """Return a problem as run records hold them, with the message of that code in both languages."""
    messages = _messages()[code]
    return {
        "portal": portal,
        "url": url,
        "code": code,
        "message": messages["zh"].format_map(words),
        "message_en": messages["en"].format_map(words),
    }


def after_build(record: Mapping, earlier: Sequence[Mapping], reading: Mapping[str, int]) -> list[dict]:
    """Return what needs a person after a run's build.

    ``record`` is the run's record, ``earlier`` those before it, oldest first. ``reading`` counts, for the documents
    captured in this run, ``documents`` and ``unread``, and the ``reports`` of the new archive; what the last archive
    held stands in the records (``archive``).
    """
    found = list(_silent_portals(record, earlier))
    unread, documents = reading["unread"], reading["documents"]
    if unread >= _UNREAD_LEAST and unread > documents * _UNREAD_SHARE:
        found.append(problem("many-unreadable", unread=unread, documents=documents))
    before = next((run["archive"]["reports"] for run in reversed(earlier) if run.get("archive")), 0)
    if reading["reports"] < before:
        found.append(problem("fewer-in-archive", now=reading["reports"], before=before))
    return found


def _silent_portals(record: Mapping, earlier: Sequence[Mapping]) -> Iterator[dict]:
    for name, part in record.get("portals", {}).items():
        silent = [record] if _was_silent(part) else []
        for run in reversed(earlier) if silent else ():
            asked = run.get("portals", {}).get(name)
            if asked is None or run["outcome"] == "killed":
                continue  # says nothing of this portal
            if asked["host_answered"]:
                break
            if not _was_silent(asked):
                continue
            silent.append(run)
        if len(silent) >= _DOWN_RUNS:
            since = silent[-1]["started_at"][:10]
            yield problem("down-for-long", name, part.get("base_url"), runs=len(silent), since=since)


def _was_silent(part: Mapping) -> bool:
    """Whether a portal was asked and did not answer: a run that ends at a limit leaves some unasked."""
    return not part["host_answered"] and part.get("requests", 1) > 0


@cache
def _messages() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("archive") / "attention.toml").read_text("utf-8"))
