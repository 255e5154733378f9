"""The one front door: ``xxgk`` and its commands.

What a command needs is imported when it is called: the readers and the web stack take most of a second, and every
night's crawl would pay for them.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from importlib import import_module
from importlib.metadata import entry_points, version
from pathlib import Path

import click

from archive.configuration import Configuration, ConfigurationError, load_configuration
from archive.locking import hold, is_held
from archive.logs import FORMAT, log_to
from archive.runs import load_runs
from archive.status import describe, status_of

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    envvar="XXGK_DATA",
    show_default=True,
    show_envvar=True,
    help="Where the captures, the archive and the run records lie.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    show_default="one a core",
    help="How many documents to read at a time.",
)


# Commands with a module of their own.
_ELSEWHERE = {
    "codebook": "archive.commands.codebook",
    "export": "archive.commands.record",
    "import": "archive.commands.taking_in",
    "restore": "archive.commands.record",
    "verify": "archive.commands.record",
}


class _Commands(click.Group):
    """The archive's own commands, and those other packages add under the entry point ``xxgk.commands``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_ELSEWHERE, *entry_points(group="xxgk.commands").names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        if cmd_name in _ELSEWHERE:
            found = vars(import_module(_ELSEWHERE[cmd_name])).values()
            command = next(entry for entry in found if isinstance(entry, click.Command) and entry.name == cmd_name)
        if command is None:
            found = entry_points(group="xxgk.commands", name=cmd_name)
            command = next(iter(found)).load() if found else None
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("harbin-disclosure-archive"), prog_name="xxgk")
@click.option("-v", "--verbose", is_flag=True, help="Say more on stderr.")
@click.option("--log", type=click.Path(dir_okay=False, path_type=Path), help="Add the log, from INFO on, to this file.")
@click.pass_context
def main(ctx: click.Context, verbose: bool, log: Path | None) -> None:
    """The archive of Harbin's annual reports on government information disclosure (政府信息公开工作年度报告).

    Crawl the portals into captures, build the archive from them, serve it as a site. Results go to stdout, talk to
    stderr. What cron calls is `xxgk run`.
    """
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format=FORMAT,
        stream=sys.stderr,
    )
    if log:
        ctx.with_resource(log_to(log))


@main.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
def parse(files: tuple[Path, ...]) -> None:
    """Read report FILEs and print what stands in them, one JSON line a file, in the order given.

    Needs no database and writes nothing. The bytes decide what kind of file each is, whatever its name; it is read in
    a process of its own, with limits, so that no file can do harm. Each line holds the title, agency, year and
    contact, the sections, every cell of the form with its state and raw text, and the checks that do not hold.

    Exit status: 0 when all files were read, 1 when some could not be (its line says why).
    """
    from archive.sandbox.pool import Sandbox

    failed = False
    with Sandbox() as sandbox:
        for path in files:
            try:
                data = path.read_bytes()
            except OSError as error:
                from archive.reading import unreadable

                line = unreadable(b"", f"无法打开文件：{error.strerror}")
            else:
                line = sandbox.read(data)
            line["source"]["path"] = str(path)
            failed |= line["status"] == "unreadable"
            click.echo(json.dumps(line, ensure_ascii=False))
    sys.exit(1 if failed else 0)


@main.command("build")
@data_option
@jobs_option
@click.option("--full", is_flag=True, help="Read every capture again, also those read before.")
def build_command(data: Path, jobs: int, full: bool) -> None:
    """Build archive.db from the captures, offline.

    Only documents that are new, or were read by older readers, are read. The new file is put in place whole: while it
    is made, and if it fails, the one before stays.

    Exit status: 0 built, 1 failed, 75 another run holds the lock.
    """
    from archive.database.build import BuildError, build
    from archive.nightly import offer_downloads, say_built

    try:
        # A build mends what a killed crawl left, and would take a running one's open file away.
        with hold(data):
            built = build(data, full=full, jobs=jobs)
            say_built(data, built.counts)
            sys.exit(1 if offer_downloads(data) else 0)
    except BuildError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@data_option
@jobs_option
@click.option("--portals", metavar="FILE|URL", help="The portals to crawl, instead of the real ones.")
@click.option("--full", is_flag=True, help="Ask again for every report, also those known and unchanged.")
def run(data: Path, jobs: int, portals: str | None, full: bool) -> None:
    """Crawl, build and publish, under a lock: what cron calls.

    \b
    Exit status:
      0   done
      1   failed: nothing could be fetched, the archive could not be built (the one before stays), or the crawl was
          stopped (SIGTERM, SIGINT): what it had is kept for the next run, and nothing is built
      3   published, but something needs a person: see `xxgk status`
      75  another run holds the lock
    """  # noqa: D301  click wants the character itself
    from archive.nightly import run_once

    configuration = _configuration(data)
    with hold(data):
        sys.exit(run_once(data, configuration, jobs=jobs, portals=portals, full=full))


@main.command()
@data_option
def notify(data: Path) -> None:
    """Send the notice of the last run now, however it ended: to try the settings of [notify] in config.toml.

    Exit status: 0 sent, 1 not, with the reason.
    """
    from archive.notices import NoticeError, send

    configuration = _configuration(data)
    runs = load_runs(data / "runs")
    if not (configuration.mail or configuration.webhook):
        raise click.ClickException(f"{data / 'config.toml'} names neither [notify.mail] nor [notify.webhook]")
    if not runs:
        raise click.ClickException(f"there is no run in {data / 'runs'} to tell of: run `xxgk run` first")
    try:
        for where in send(runs[-1], configuration):
            click.echo(f"Sent: {where}")
    except NoticeError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes any free port.")
@click.option("--public", is_flag=True, help="For the open internet: no arbitrary SQL, tighter limits.")
def serve(data: Path, host: str, port: int, public: bool) -> None:
    """Serve the site on archive.db and print its address.

    A new build goes live while the site runs. Stop it with Ctrl-C.
    """
    from archive.site.app import serve as serve_site

    serve_site(data, host=host, port=port, public=public)


@main.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="The same as JSON, for a monitor.")
def status(data: Path, as_json: bool) -> None:
    """Say how the archive is: the last runs, what it holds, what failed and what needs a person.

    Exit status: 0, or 1 when the last run failed or was killed.
    """
    found = _end_dead_runs(data, status_of(data))
    click.echo(json.dumps(found, ensure_ascii=False, indent=1) if as_json else describe(found))
    sys.exit(1 if found["last_run_failed"] else 0)


def _end_dead_runs(data: Path, found: dict) -> dict:
    """Show runs that never ended as killed, unless one is under way. The next run mends their records."""
    dead = [run for run in found["runs"] if run["outcome"] == "running"]
    # The lock is tried only then: for that moment it is this command that holds it.
    if not dead or is_held(data):
        return found
    for run in dead:
        run["outcome"] = "killed"
    failed = found["last_run_failed"] or found["runs"][0]["outcome"] == "killed"
    return {**found, "last_run_failed": failed}


def _configuration(data: Path) -> Configuration:
    try:
        return load_configuration(data)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
