"""One whole run: crawl, build, publish, judge how it went, tell the operator. What `xxgk run` does under its lock."""

from __future__ import annotations

import logging
import signal
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.attention import after_build, problem
from archive.children import Stopped, child, stopped_by
from archive.configuration import Configuration
from archive.logs import run_log
from archive.notices import NoticeError, is_due, send
from archive.runs import COUNTERS, end_killed_runs, load_run, load_runs, new_run_id, save_run

logger = logging.getLogger(__name__)

# Published, but something needs a person.
EXIT_ATTENTION = 3
# How long a crawler told to stop may take: it finishes the request it waits for, a minute at most. In seconds.
_PATIENCE = 60


def run_once(data: Path, configuration: Configuration, *, jobs: int, portals: str | None, full: bool) -> int:
    """Do one run and return its exit status: 0 done, 1 failed, EXIT_ATTENTION published but in need of a person.

    To be called under the lock of ``data``. The run has a record in ``runs`` and a log of its own in ``logs``.
    """
    end_killed_runs(data / "runs")
    earlier = load_runs(data / "runs")
    run_id = new_run_id(data / "runs")
    with run_log(data / "logs", run_id, keep_days=configuration.log_days) as log:
        status = _crawl_and_build(data, run_id, log, jobs=jobs, portals=portals, full=full)
        record = load_run(data / "runs", run_id)
        if record:
            status = _tell(data, record, earlier, configuration, status)
        logger.info("run %s ended with status %d", run_id, status)
    return status


def _crawl_and_build(data: Path, run_id: str, log: Path, *, jobs: int, portals: str | None, full: bool) -> int:
    from archive.database.build import BuildError, build

    runs = data / "runs"
    earlier = load_runs(runs)
    try:
        _crawl(data, run_id, log, portals, full)
    except Stopped:
        end_killed_runs(runs)
        click.echo("The run was stopped, so nothing was built.", err=True)
        return 1
    record = load_run(runs, run_id)
    if record is None:
        record = _record_no_start(runs, run_id)
    if record.get("stopped") == "quiet-hours" and not record["requests"]:
        return 0
    if record["outcome"] == "running":
        click.echo("Error: the crawler died; what it had captured is kept, and the next run goes on.", err=True)
    reached = any(portal.get("host_answered") for portal in record.get("portals", {}).values())
    if not reached and not (data / "archive.db").exists():
        click.echo("Nothing was captured, so there is nothing to build. What was tried stands above.", err=True)
        return 1
    end_killed_runs(runs)
    try:
        built = build(data, jobs=jobs)
    except BuildError as error:
        click.echo(f"Error: {error}", err=True)
        logger.error("nothing was published: %s", error)
        save_run(runs, {**record, "outcome": "failed"})
        return 1
    say_built(data, built.counts)
    reading = _what_was_read(data / "archive.db", record["started_at"])
    problems = [*record.get("problems", []), *after_build(record, earlier, reading), *offer_downloads(data)]
    needs_person = record["outcome"] == "done" and problems
    outcome = "attention" if needs_person else load_run(runs, run_id)["outcome"]
    record = {**record, "outcome": outcome, "problems": problems, "archive": {"reports": reading["reports"]}}
    save_run(runs, record)
    return exit_status(record, reached)


def _record_no_start(runs: Path, run_id: str) -> dict:
    """Write the record of a run whose crawler ended before it could write one."""
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    record = {
        "id": run_id,
        "command": "crawl",
        "started_at": now,
        "ended_at": now,
        "outcome": "failed",
        **dict.fromkeys(COUNTERS, 0),
        "problems": [problem("crawler-not-started")],
    }
    save_run(runs, record)
    return record


def _crawl(data: Path, run_id: str, log: Path, portals: str | None, full: bool) -> None:
    """Run the crawler and wait for it. Raises Stopped when told to stop, once the crawler has ended too."""
    # A process of its own: a crawler that dies takes nothing with it, and its run record says how far it came.
    command = [sys.executable, "-m", "archive", "--log", str(log)]
    command += ["crawl", "--data", str(data), "--run-id", run_id, "--no-lock"]
    command += ["--portals", portals] if portals else []
    command += ["--full"] if full else []
    # SIGHUP too: a terminal that closes tells only this process.
    with stopped_by(signal.SIGTERM, signal.SIGINT, signal.SIGHUP), child(command, patience=_PATIENCE) as crawler:
        crawler.wait()


def exit_status(record: dict, reached: bool) -> int:
    """What a crawl's record means for the run: failed, in need of a person, or done."""
    problems = record.get("problems", [])
    if not reached or record["outcome"] in ("running", "killed", "failed"):
        return 1
    return EXIT_ATTENTION if problems or record["outcome"] == "attention" else 0


def _what_was_read(path: Path, started_at: str) -> dict[str, int]:
    """Count the reports of an archive, and the documents captured since a time with those of them unread."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        (reports,) = db.execute("SELECT count(*) FROM reports").fetchone()
        documents, unread = db.execute(
            "SELECT count(*), coalesce(sum(outcome = 'unreadable'), 0) FROM captures"
            " WHERE role IN ('article', 'attachment') AND status = 200 AND fetched_at >= ?",
            [started_at],
        ).fetchone()
    finally:
        db.close()
    return {"reports": reports, "documents": documents, "unread": unread}


def _tell(data: Path, record: dict, earlier: list[dict], configuration: Configuration, status: int) -> int:
    """Send the notice that is due, note in the record that it went out, and return the run's status after that."""
    if not (configuration.mail or configuration.webhook) or not is_due(record, earlier, configuration):
        return status
    try:
        record["notified"] = send(record, configuration)
        logger.info("the operator was told: %s", "; ".join(record["notified"]))
    except NoticeError as error:
        record["problems"] = [*record.get("problems", []), problem("notice-not-sent", detail=str(error))]
        click.echo(f"notice-not-sent: {error}", err=True)
        status = status or EXIT_ATTENTION
        if record["outcome"] == "done":
            record["outcome"] = "attention"
    save_run(data / "runs", record)
    return status


def offer_downloads(data: Path) -> list[dict]:
    """Write the files the site offers to take away; return what needs a person when they cannot be written.

    The archive itself is live by then and stays so.
    """
    from archive.exporting.downloads import write_downloads
    from archive.exporting.wacz import ExportError

    try:
        write_downloads(data)
    except (OSError, sqlite3.Error, ExportError) as error:
        logger.error("the downloads could not be written: %s", error)
        click.echo(f"downloads-not-written: {error}; those before stay.", err=True)
        return [problem("downloads-not-written", detail=str(error))]
    return []


def say_built(data: Path, counts: dict[str, int]) -> None:
    """Say on stdout what a build holds."""
    shown = ", ".join(f"{counts[name]} {name}" for name in ("reports", "agencies", "cells", "findings", "captures"))
    click.echo(f"{data / 'archive.db'}: {shown}")
