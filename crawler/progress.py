"""How far a crawl is: a bar on a terminal, plain lines elsewhere. On stderr."""

from __future__ import annotations

import sys

import click
from tqdm import tqdm

# Lines are printed this often where there is no terminal, in pages.
_EVERY = 200


class Progress:
    """Counts report pages planned and fetched, over all portals."""

    def __init__(self) -> None:
        self._planned = 0
        self._done = 0
        self._bar = tqdm(total=0, unit="page", leave=False) if sys.stderr.isatty() else None

    def planned(self, portal_id: str, listed: int, to_fetch: int) -> None:
        """Say that a portal's listings were read through."""
        self._planned += to_fetch
        self.say(f"{portal_id}: {listed} annual reports listed, {to_fetch} pages to fetch")
        if self._bar is not None:
            self._bar.total = self._planned
            self._bar.refresh()

    def done(self) -> None:
        """Count one page that was planned, fetched or failed."""
        self._done += 1
        if self._bar is not None:
            self._bar.update(1)
        elif self._done % _EVERY == 0:
            self.say(f"{self._done} of {self._planned} pages fetched")

    def say(self, line: str) -> None:
        """Print a line without spoiling the bar."""
        if self._bar is not None:
            self._bar.write(line, file=sys.stderr)
        else:
            click.echo(line, err=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
