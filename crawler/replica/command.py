"""`xxgk replica`: serve the replica portal."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from crawler.replica.portals import portals_toml
from crawler.replica.server import ReplicaServer
from crawler.replica.trouble import TROUBLE
from crawler.replica.truth import truth_jsonl
from crawler.replica.world import World

DEFAULT_PORT = 8642


def _years(ctx: click.Context, parameter: click.Parameter, text: str) -> tuple[int, ...]:
    """Read 2021-2025, 2022 or 2021,2023-2024."""
    years: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise click.BadParameter(f"{text!r} is no list of years; write 2021-2025 or 2021,2023")
        years |= set(range(int(first), int(last or first) + 1))
    if not years:
        raise click.BadParameter(f"{text!r} runs backwards; the earlier year comes first")
    return tuple(sorted(years))


def _faults(ctx: click.Context, parameter: click.Parameter, text: str) -> tuple[str, ...]:
    names = tuple(TROUBLE) if text == "all" else tuple(filter(None, (name.strip() for name in text.split(","))))
    unknown = [name for name in names if name not in TROUBLE]
    if unknown:
        raise click.BadParameter(f"unknown: {', '.join(unknown)}; known: {', '.join(TROUBLE)}, or all")
    return names


@click.command(epilog="\b\nFaults:\n" + "\n".join(f"  {name:<15} {text}" for name, text in TROUBLE.items()))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port on 127.0.0.1; 0 takes any free one.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Decides everything drawn: same seed, same bytes.")
@click.option("--agencies", type=click.IntRange(1), default=24, show_default=True, help="How many bodies publish.")
@click.option(
    "--years",
    default="2012-2025",
    show_default=True,
    callback=_years,
    help="Report years: a range, or a list with commas.",
)
@click.option(
    "--faults",
    metavar="LIST",
    default="",
    callback=_faults,
    help="What goes wrong, with commas between, or `all`; see below.",
)
@click.option(
    "--truth",
    "truth_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what a perfect reader extracts, one JSON line a report, and go on serving; again at the end.",
)
@click.option(
    "--portals-out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the portals file for `xxgk crawl --portals`.",
)
@click.option("--no-serve", is_flag=True, help="Write the files and end. Their addresses are those of --port.")
def replica(
    port: int,
    seed: int,
    agencies: int,
    years: tuple[int, ...],
    faults: tuple[str, ...],
    truth_file: Path | None,
    portals_out: Path | None,
    no_serve: bool,
) -> None:
    """Serve a replica of Harbin's portals on this machine, with invented reports.

    Both content systems, the legacy one (Hanweb) and the current one (UCAP), for the city and its districts, all on one
    port: the host name tells them apart (xxgk.harbin.localhost, www.harbin.localhost, ...). The first line on stdout is
    the address of an index of them. Ctrl-C or SIGTERM ends it.

    Every number it serves is invented, and every page says so.
    """
    try:
        world = World(seed, agencies, years, faults)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if no_serve and port == 0:
        raise click.UsageError("--no-serve needs a --port other than 0: the port is part of every address")
    server = None if no_serve else _bind(world, port)
    port = server.port if server else port
    if truth_file:
        truth_file.write_text(truth_jsonl(world, port), "utf-8")
    if portals_out:
        portals_out.write_text(portals_toml(world, port), "utf-8")
    if server:
        click.echo(server.address)
        click.echo(f"{len(world.reports)} reports. To crawl them: xxgk crawl --portals {server.portals_url}", err=True)
        _serve_until_told(server)
        if truth_file:
            # Events may have changed what is published.
            truth_file.write_text(truth_jsonl(world, port), "utf-8")


def _bind(world: World, port: int) -> ReplicaServer:
    try:
        return ReplicaServer(world, port)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on 127.0.0.1:{port} ({error.strerror}); end what holds it, or choose another with --port"
        ) from error


def _serve_until_told(server: ReplicaServer) -> None:
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    threading.Thread(target=server.serve, name="replica", daemon=True).start()
    told.wait()
    server.stop()
