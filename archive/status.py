"""How the archive is: runs, counts, what needs a person."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from archive.runs import COUNTERS, load_runs

# Runs shown; the rest is in the table `runs`.
_SHOWN = 5
_COUNTED = ("agencies", "reports", "versions", "cells", "findings", "captures")


def status_of(data: Path) -> dict:
    """Return the state of the archive in ``data`` as a JSON object.

    ``archive``: the live build and the rows of its tables, None when there is none; ``reports``: how many of each
    status; ``unread``: captures that could not be read, with the reason; ``runs``: the last runs, newest first;
    ``problems``: what needs a person, from the last run; ``last_run_failed``.
    """
    runs = load_runs(data / "runs")[::-1]
    last = runs[0] if runs else None
    return {
        "data": str(data),
        **_archive(data / "archive.db"),
        "runs": [
            {name: run.get(name) for name in ("id", "command", "started_at", "ended_at", "outcome", *COUNTERS)}
            for run in runs[:_SHOWN]
        ],
        "problems": last.get("problems", []) if last else [],
        "last_run_failed": bool(last) and last["outcome"] in ("failed", "killed"),
    }


def _archive(path: Path) -> dict:
    if not path.exists():
        return {"archive": None, "reports": {}, "unread": []}
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        counts = {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in _COUNTED}  # noqa: S608
        reports = dict(db.execute("SELECT status, count(*) FROM reports GROUP BY status ORDER BY status"))
        unread = db.execute(
            "SELECT url, outcome, reason FROM captures WHERE outcome IN ('unreadable', 'error')"
            " OR (outcome = 'not_a_report' AND role = 'article' AND reason NOT LIKE '不是政府信息公开%')"
            " ORDER BY url"
        ).fetchall()
    finally:
        db.close()
    return {
        "archive": {"file": path.resolve().name, "rows": counts},
        "reports": reports,
        "unread": [{"url": url, "outcome": outcome, "reason": reason} for url, outcome, reason in unread],
    }


def describe(status: dict) -> str:
    """Return a status in words, a few lines."""
    lines = []
    archive = status["archive"]
    if archive:
        rows = ", ".join(f"{count} {name}" for name, count in archive["rows"].items())
        lines.append(f"Archive   {archive['file']}: {rows}")
        reports = ", ".join(f"{count} {name}" for name, count in status["reports"].items())
        lines.append(f"Reports   {reports or 'none'}")
    else:
        lines.append(f"Archive   none yet in {status['data']}: run `xxgk run`")
    for run in status["runs"]:
        counters = " ".join(f"{name}={run[name] or 0}" for name in COUNTERS)
        lines.append(f"Run       {run['id']} {run['outcome']}: {counters}")
    if not status["runs"]:
        lines.append("Run       none yet")
    for problem in status["problems"]:
        lines.append(f"Attention [{problem['portal']}] {problem['code']}: {problem['message']}")
        if problem.get("url"):
            lines.append(f"          {problem['url']}")
    for capture in status["unread"]:
        lines.append(f"Unread    {capture['outcome']}: {capture['reason']}")
        lines.append(f"          {capture['url']}")
    return "\n".join(lines)
