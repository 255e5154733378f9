"""The site as a Datasette application of our own."""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from archive.site import hooks
from archive.site.builds import NAME, Build, LiveBuild, NoArchiveError
from archive.site.gates import Gate
from archive.site.kept import KeptPages
from archive.site.metadata import metadata
from archive.site.queries.search import prepare
from archive.site.rendering import STATIC, TEMPLATES
from archive.site.server import SiteError, run

# The build the request at hand holds on to.
_held: ContextVar[Build | None] = ContextVar("held_build", default=None)

_SETTINGS = {
    "default_page_size": 50,  # Datasette: 100. Half the HTML.
    "num_sql_threads": 8,  # Datasette: 3. Measured: six readers of heavy pages then hardly slow the others.
    "suggest_facets": False,  # Datasette: on. It tries every column; ours are chosen by hand.
    "allow_csv_stream": False,  # Datasette: on. A stream past its limit ends early and still says 200.
    "allow_download": False,  # Datasette: on. A download of the whole file holds up other readers.
    "truncate_cells_html": 300,  # Datasette: 2048. Section texts are long; the row's page has them whole.
    "sql_time_limit_ms": 5000,  # Datasette: 1000. One's own machine may work on a question of one's own.
    "default_cache_ttl": 0,  # Datasette: 5. After a build one wants to see it.
}
_PUBLIC_SETTINGS = {
    "sql_time_limit_ms": 1000,
    "facet_time_limit_ms": 200,
    "default_cache_ttl": 300,
}


class Site(Datasette):
    """Datasette over the live build of one archive, with our pages, metadata and headers.

    ``data_dir`` is the archive's folder; ``public`` turns arbitrary SQL and the pages about the server off.
    """

    def __init__(self, data_dir: Path, *, public: bool = False) -> None:
        self.data_dir = Path(data_dir)
        self.public = public
        self._others: dict[str, Database] = {}
        self.kept = KeptPages()
        self.gate = Gate()
        self.live = LiveBuild(self, self.data_dir / "archive.db", prepare)
        super().__init__(
            settings={**_SETTINGS, **(_PUBLIC_SETTINGS if public else {})},
            metadata=metadata(public=public),
            template_dir=str(TEMPLATES),
            static_mounts=[("static", str(STATIC))],
        )
        self.remove_database("_memory")

    @property
    def databases(self) -> dict[str, Database]:
        """The databases by name; the archive is the build the request at hand holds on to."""
        return {NAME: self.build, **self._others}

    @databases.setter
    def databases(self, databases: dict[str, Database]) -> None:
        self._others = {name: database for name, database in databases.items() if name != NAME}

    @property
    def build(self) -> Build:
        """The build the request at hand answers from."""
        held = _held.get()
        return held if held is not None and held.ds is self else self.live.build

    def holding(self, app: Any) -> Any:
        """Wrap an ASGI application so that each request holds on to one build from beginning to end."""

        async def hold(scope: dict, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            if (held := _held.get()) is not None and held.ds is self:
                # A request made for another one is part of that.
                await app({**scope, "inner": True}, receive, send)
                return
            build = await self.live.current()
            with build.held():
                token = _held.set(build)
                try:
                    await app(scope, receive, send)
                finally:
                    _held.reset(token)

        return hold


def make_app(data_dir: Path, *, public: bool = False) -> Site:
    """Return the site on ``<data_dir>/archive.db``, a build or a symbolic link to one.

    When the link is moved to another build, requests that begin afterwards are answered from that. Raises SiteError
    when there is no archive, or the file is none.
    """
    if not pm.is_registered(hooks):
        pm.register(hooks, name="archive-site")
    try:
        return Site(Path(data_dir), public=public)
    except NoArchiveError as error:
        raise SiteError(str(error)) from error


def serve(data_dir: Path, host: str = "127.0.0.1", port: int = 8001, *, public: bool = False) -> None:
    """Serve the site until it is told to stop; prints its address, and nothing else, on stdout when it is ready.

    Port 0 takes any free one. Raises SiteError when there is no archive or the address cannot be had.
    """
    run(make_app(data_dir, public=public).app(), host, port)


__all__ = ["Site", "SiteError", "make_app", "serve"]
