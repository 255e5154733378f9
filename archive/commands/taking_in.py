"""The command that takes in what others saved."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from archive.cli import data_option
from archive.locking import hold

_LOCAL = ZoneInfo("Asia/Shanghai")


class _Time(click.ParamType):
    """A day or a time, ISO 8601; Beijing time where it says no other."""

    name = "time"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day or time such as 2023-01-20 or 2023-01-20T09:30:00+08:00", param, ctx)
        return time if time.tzinfo else time.replace(tzinfo=_LOCAL)


def _web_address(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value and not re.fullmatch(r"https?://[^\s]+", value):
        raise click.BadParameter(f"{value!r} is no address of the web, such as http://www.harbin.gov.cn/a.html")
    return value


@click.command("import")
@click.argument(
    "paths", metavar="FILE|FOLDER...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@data_option
@click.option("--url", callback=_web_address, help="Where the file was; for one file.")
@click.option("--agency", help="Whose report it is, where the document does not say.")
@click.option("--year", type=click.IntRange(2008, 2100), help="Of which year, where the document does not say.")
@click.option("--fetched-at", type=_Time(), metavar="TIME", help="When it was saved; otherwise now.")
@click.option("--note", help="Who gave it and how, in words.")
def import_(
    paths: tuple[Path, ...],
    data: Path,
    url: str | None,
    agency: str | None,
    year: int | None,
    fetched_at: datetime | None,
    note: str | None,
) -> None:
    """Take in documents and crawls others saved.

    Pages saved by a browser, DOCX, PDF and scans sent by mail, whole crawls as WARC or WACZ; folders of them. They are
    kept among the captures with where and when they come from, read by the same readers at the next build, and never
    speak for a report the portal itself served us. Taking a file in twice adds nothing.

    Exit status: 0 all taken in, 1 some file was not (its line says why), 75 another run holds the lock.
    """
    from archive.captures import CaptureStore
    from archive.importing import ImportedError, Origin, TakingIn, files_in
    from archive.runs import new_run_id

    files = [file for path in paths for file in files_in(path)]
    if url and len(files) != 1:
        raise click.UsageError("--url says where one file was; give one file with it.")
    failed = new = known = 0
    left_out: Counter[str] = Counter()
    with hold(data):
        store = CaptureStore(data / "captures")
        writer = store.writer(run_id=f"{new_run_id(data / 'runs')}-import", software="harbin-disclosure-archive")
        try:
            taking_in = TakingIn(store, writer, Origin(url, agency, year, fetched_at, note), datetime.now(UTC))
            for file in files:
                try:
                    taken = taking_in.file(file)
                except (ImportedError, OSError) as error:
                    click.echo(f"{file}: not taken in: {error}", err=True)
                    failed += 1
                    continue
                new, known, left_out = new + taken.new, known + taken.known, left_out + taken.left_out
        finally:
            writer.close()
            store.close()
    for why, number in left_out.most_common():
        click.echo(f"left out {number}: {why}", err=True)
    click.echo(f"{new} new captures, {known} known from before, {failed} files not taken in")
    if new:
        click.echo("They are read at the next build: `xxgk build`", err=True)
    if failed:
        raise click.exceptions.Exit(1)
