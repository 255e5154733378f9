"""The command ``xxgk crawl``."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.captures import CaptureStore
from archive.configuration import ConfigurationError, load_configuration
from archive.locking import hold
from archive.runs import end_killed_runs, load_run, load_runs, new_run_id
from crawler.errors import PortalsError
from crawler.journal import Journal
from crawler.memory import Memory
from crawler.portals import Portal, Portals, load_portals
from crawler.progress import Progress
from crawler.session import Session
from crawler.settings import SOFTWARE


@click.command()
@click.argument("names", metavar="[PORTAL]...", nargs=-1)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    envvar="XXGK_DATA",
    show_default=True,
    show_envvar=True,
    help="Where the captures and the run records lie.",
)
@click.option("--portals", "source", metavar="FILE|URL", help="The portals to crawl, instead of the real ones.")
@click.option("--year", type=click.IntRange(2008, 2100), help="Fetch reports of this year only (and of no known year).")
@click.option("--full", is_flag=True, help="Ask again for every report, also those known and unchanged.")
@click.option("--run-id", hidden=True, help="Given by `xxgk run`.")
@click.option("--no-lock", is_flag=True, hidden=True, help="`xxgk run` already holds the lock.")
def crawl(
    names: tuple[str, ...],
    data: Path,
    source: str | None,
    year: int | None,
    full: bool,
    run_id: str | None,
    no_lock: bool,
) -> None:
    """Fetch what is new or changed on the portals into the captures.

    Goes through the listings of every portal, or of the PORTALs named, and fetches the annual reports that are new or
    listed differently than last time, with their attachments; slowly, and never off the portals' own hosts. Known
    reports are looked at again once in recheck_days, each on a day of its own. Everything the portals answer is kept.
    Prints one line a portal; what needs a person goes to stderr and the run record.

    \b
    Exit status:
      0   done, or at one of the run's limits: the next goes on (what needs a person, if anything, is in the run
          record: see `xxgk status`)
      1   failed: a portal's host did not answer at all, or the captures could not be written
      75  another run holds the lock
    """  # noqa: D301 - click wants the character itself
    runs = data / "runs"
    try:
        portals = load_portals(source, load_configuration(data).crawl)
        chosen = portals.choose(names)
    except (PortalsError, ConfigurationError) as error:
        # A night's run that came to nothing has a record, too; a mistyped command beside no archive leaves no trace.
        if run_id or runs.is_dir():
            with contextlib.nullcontext() if no_lock else hold(data):
                _record_failure(runs, run_id, str(error))
        raise click.ClickException(str(error)) from error
    try:
        with contextlib.nullcontext() if no_lock else hold(data):
            if not no_lock:
                end_killed_runs(runs)
            sys.exit(_crawl(portals, chosen, data, run_id or new_run_id(runs), year=year, full=full))
    except OSError as error:
        raise click.ClickException(f"{data} cannot be written: {error}. Check disk space and permissions.") from error
    except sqlite3.Error as error:
        raise click.ClickException(
            f"{data / 'captures' / 'index.db'} cannot be used: {error}. If it is damaged, delete it: it is made again "
            "from the WARC files beside it."
        ) from error


def _crawl(
    portals: Portals, chosen: tuple[Portal, ...], data: Path, run_id: str, *, year: int | None, full: bool
) -> int:
    from crawler.run import crawl_portals  # Scrapy and Twisted take a second to import

    if not portals.manners.contact and not all(portal.replica for portal in chosen):
        click.echo(f"Please put an address you can be reached at into {portals.source} ([crawl] contact).", err=True)
    runs = data / "runs"
    if load_run(runs, run_id):
        raise click.ClickException(
            f"there is a run {run_id} in {runs} already; its captures would be mixed with this one's"
        )
    _keep_worlds_apart(data, chosen)
    options = {"portals": portals.source, "names": [portal.id for portal in chosen], "year": year, "full": full}
    journal = Journal(
        runs,
        run_id,
        portals_file=portals.source,
        options={**options, "max_file_mb": portals.manners.max_file_mb},
        earlier=load_runs(runs),
    )
    for portal in chosen:
        journal.tally(portal)
    journal.save("running")
    journal.check_clock()
    store = CaptureStore(data / "captures")
    progress = Progress()
    try:
        writer = store.writer(
            run_id=run_id,
            software=SOFTWARE,
            description={
                "robots": "obeyed",
                "note": "Header names are in Scrapy's capitals and reason phrases are the standard ones: "
                "the client keeps neither as sent.",
            },
        )
        session = Session(
            portals.manners,
            store,
            writer,
            Memory(store.index),
            journal,
            progress,
            datetime.now(UTC),
            full=full,
            year=year,
        )
        try:
            outcome = crawl_portals(chosen, session)
        finally:
            writer.close()
    finally:
        progress.close()
        store.close()
    record = journal.save(outcome)
    _report(record)
    # At a limit, portals are left that were not asked.
    all_answered = all(
        part["host_answered"] for part in record["portals"].values() if part["requests"] or not record["stopped"]
    )
    return 1 if outcome in ("failed", "killed") or not all_answered else 0


def _record_failure(runs: Path, run_id: str | None, reason: str) -> None:
    journal = Journal(runs, run_id or new_run_id(runs), portals_file="", options={}, earlier=())
    journal.problem(None, "not-started", detail=reason)
    journal.save("failed")


def _keep_worlds_apart(data: Path, chosen: tuple[Portal, ...]) -> None:
    """Refuse to put a replica's invented reports and real ones in one archive."""
    if len({portal.replica for portal in chosen}) > 1:
        raise click.ClickException("real portals and replicas cannot be crawled into one archive: name one kind")
    store = CaptureStore(data / "captures")
    held = store.index.worlds()
    store.close()
    if held - {chosen[0].replica}:
        kinds = ("a replica portal", "real portals") if not chosen[0].replica else ("real portals", "a replica portal")
        raise click.ClickException(
            f"{data} holds captures of {kinds[0]}, and this is a crawl of {kinds[1]}: their numbers must not meet. "
            "Give another folder with --data."
        )


def _report(record: dict) -> None:
    for name, part in record["portals"].items():
        counts = ", ".join(f"{part[key]} {key}" for key in ("new", "changed", "unchanged", "gone"))
        size = f"{part['requests']} requests, {part['bytes'] / 1e6:.1f} MB"
        answered = "" if part["host_answered"] else " (no answer)"
        click.echo(f"{name}: {part['listed']} reports listed{answered}; {counts}; {size}")
    for problem in record["problems"]:
        portal = f"[{problem['portal']}] " if problem["portal"] else ""
        where = f" {problem['url']}" if problem["url"] else ""
        click.echo(f"{portal}{problem['code']}:{where} {problem['message_en']}", err=True)
    for notice in record["notices"]:
        if notice["code"] == record["stopped"]:
            click.echo(f"{notice['code']}: {notice['message_en']}", err=True)
    if record["outcome"] == "killed":
        click.echo("The crawl was stopped; what it had is kept, and the next one goes on from there.", err=True)
    click.echo(
        f"Run {record['id']}: {record['outcome']}, {len(record['notices'])} notices in the run record.", err=True
    )
