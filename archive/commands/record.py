"""The commands that look after the record: check it, hand it on."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from tqdm import tqdm

from archive.cli import data_option
from archive.locking import hold


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="The same as JSON, for a monitor.")
def verify(data: Path, as_json: bool) -> None:
    """Read every record again and say whether all is as it was written.

    Every record and digest of the captures, the index, archive.db and the reading cache, and that they agree. Says
    what is wrong and what to do. Changes nothing.

    Exit status: 0 all sound, 1 something is wrong.
    """
    from archive.verify import verify as verify_all

    files = (data / "captures").glob("*.warc.gz*")
    with tqdm(total=sum(path.stat().st_size for path in files), unit="B", unit_scale=True, disable=None) as bar:
        verdict = verify_all(data, bar.update)
    click.echo(json.dumps(verdict.as_json(), ensure_ascii=False, indent=1) if as_json else verdict.describe())
    sys.exit(0 if verdict.sound else 1)


@click.command()
@data_option
@click.argument("target", metavar="[FOLDER|FILE.zip]", required=False, type=click.Path(path_type=Path))
@click.option("--wacz", type=click.Path(dir_okay=False, path_type=Path), help="Write the originals to this WACZ file.")
@click.option("--year", type=int, help="Only the reports of this year (with --wacz).")
@click.option("--agency", help="Only the reports of this agency, by its id (with --wacz).")
def export(data: Path, target: Path | None, wacz: Path | None, year: int | None, agency: str | None) -> None:
    """Write the archive as a dated bundle that others can use and `xxgk restore` restores.

    Into FOLDER, or as one FILE.zip: archive.db, every table as CSV and Parquet, the originals as WACZ, the code book
    and checksums. With --wacz FILE only the originals: every page and attachment as it was served, with an index and a
    list of the reports; ReplayWeb.page opens it.

    The same captures give the same files, byte for byte. What is written is written whole or not at all.

    Exit status: 0 written, 1 failed, 75 another run holds the lock.
    """
    from archive.captures.walk import DamageError
    from archive.exporting.bundle import write_bundle
    from archive.exporting.wacz import ExportError, Selection, write_wacz

    if (target is None) == (wacz is None):
        raise click.UsageError("Say where to: a FOLDER or FILE.zip for the bundle, or --wacz FILE for the originals.")
    if target and (year or agency):
        raise click.UsageError("--year and --agency choose originals: they go with --wacz.")
    try:
        with hold(data):
            if wacz:
                pages = write_wacz(wacz, data, Selection(year, agency))
                click.echo(f"{wacz}: {pages} pages, {wacz.stat().st_size / 1e6:.1f} MB")
            else:
                click.echo(write_bundle(target, data))
    except (ExportError, DamageError, OSError) as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@data_option
def restore(bundle: Path, data: Path) -> None:
    """Make the same archive again from the BUNDLE `xxgk export` wrote, in a new data folder, and verify it.

    Exit status: 0 restored and sound, 1 not (nothing is left behind).
    """
    from archive.exporting.restore import RestoreError
    from archive.exporting.restore import restore as restore_bundle

    try:
        captures = restore_bundle(bundle, data)
    except (RestoreError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{data}: {captures} captures, every digest right")
