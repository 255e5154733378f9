"""The commands that look after the record: check it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from tqdm import tqdm

from archive.cli import data_option


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
