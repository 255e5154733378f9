"""The whole chain on one machine: the replica portal, the crawler, the build and the site. What `make run` calls."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import click

from archive.children import child, stopped_by

# Where the site is looked for first, so that its address stays the same from run to run.
_SITE_PORT = 8001
# Where the replica is looked for first; a captured page is known by its address, and the port is part of it.
_REPLICA_PORT = 8642
# Ports a program may take without being root.
_PORTS = range(1024, 65536)
# How long a child may take to end when asked to, before it is killed; a run first waits a minute for its crawler. In
# seconds.
_PATIENCE = 10
_RUN_PATIENCE = 70


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    envvar="XXGK_DATA",
    show_default=True,
    help="Where the captures and the archive go.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the replica's documents.")
@click.option("--agencies", type=click.IntRange(1), default=24, show_default=True, help="How many bodies publish.")
@click.option("--years", default="2012-2025", show_default=True, help="Report years.")
def demo(data: Path, seed: int, agencies: int, years: str) -> None:
    """Crawl a replica of the portals, build the archive and serve it, all on this machine.

    Prints the one address to open. The replica's numbers are invented, and every page says so. Stop with Ctrl-C; the
    next start asks only for what changed.
    """
    # Also where a script's `&` has SIGINT ignored.
    with stopped_by(signal.SIGTERM, signal.SIGHUP):
        _demo(data, ["--seed", str(seed), "--agencies", str(agencies), "--years", years])


def _demo(data: Path, world: list[str]) -> None:
    data.mkdir(parents=True, exist_ok=True)
    port = _replica_port(data / "replica-port")
    click.echo(f"Starting the replica portal on 127.0.0.1:{port} ...", err=True)
    with _child("replica", "--port", str(port), *world) as replica:
        if not replica.stdout.readline():
            raise click.ClickException("the replica portal did not start; what it said stands above")
        portals = f"http://127.0.0.1:{port}/portals.toml"
        # Results of the run are talk here: the one line of this command's own stdout is the address.
        command = _command("run", "--data", str(data), "--portals", portals)
        with child(command, patience=_RUN_PATIENCE, stdout=sys.stderr) as run:
            status = run.wait()
        if status not in (0, 3):
            sys.exit(status)
        with _child("serve", "--data", str(data), "--port", str(_free_port(_SITE_PORT))) as site:
            address = site.stdout.readline().strip()
            if not address:
                raise click.ClickException("the site did not start; what it said stands above")
            click.echo(address)
            click.echo("Open this address in a browser. Ctrl-C stops the site and the replica.", err=True)
            with contextlib.suppress(KeyboardInterrupt):
                site.wait()


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "archive", *words]


def _child(*words: str) -> AbstractContextManager[subprocess.Popen]:
    """Run an `xxgk` command beside this one whose first line of stdout is awaited."""
    return child(_command(*words), patience=_PATIENCE, stdout=subprocess.PIPE, text=True)


def _replica_port(path: Path) -> int:
    """Return the replica's port of last time, or a free one, and write the first down.

    Where the one of last time is taken, the free one is not written down: it is for this time only.
    """
    remembered = _remembered_port(path)
    port = _free_port(remembered or _REPLICA_PORT)
    if not remembered:
        path.write_text(str(port))
    elif port != remembered:
        click.echo(f"Port {remembered} is taken; with another for this time, the replica is crawled anew.", err=True)
    return port


def _remembered_port(path: Path) -> int | None:
    """Return the port written down, None when there is none or the file is torn."""
    try:
        port = int(path.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return port if port in _PORTS else None


def _free_port(wanted: int) -> int:
    """Return ``wanted`` if nothing listens there, else any free port."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise click.ClickException("no free port on 127.0.0.1")
