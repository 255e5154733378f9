"""The live build of the archive: opened immutable, and followed when ``archive.db`` is moved to a new one.

Datasette keeps its connections by database name in each thread, so a second file under the same name would go on
answering from the first. A `Build` keeps its own. Each request holds on to one build from beginning to end, so no page
mixes two, and a build is closed when the last request that holds it ends.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from datasette.database import Database
from datasette.utils import sqlite_timelimit

if TYPE_CHECKING:
    from datasette.app import Datasette

logger = logging.getLogger(__name__)
T = TypeVar("T")

# The name the archive has in Datasette's addresses: /archive/reports.
NAME = "archive"


class NoArchiveError(Exception):
    """There is no archive to serve, or the file is none; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What every page wants to know of a build.

    ``id`` tells this build from any other; ``counts`` are the rows of each table; ``replica`` is whether anything in
    it comes from the replica portal.
    """

    id: str
    counts: dict[str, int]
    replica: bool


class Connection(sqlite3.Connection):
    """A connection to one build. ``memory`` is what its pages have worked out and need again, shared by them all."""

    memory: dict[str, Any]


def remembered(db: sqlite3.Connection, name: str, work_out: Callable[[sqlite3.Connection], T]) -> T:
    """Return what ``work_out`` makes of an archive, worked out once for each build; a build never changes.

    ``name`` tells it from others. Over a connection of another kind it is worked out every time.
    """
    memory = getattr(db, "memory", None)
    if memory is None:
        return work_out(db)
    # Two threads may both work it out, once: cheaper than having one wait for the other's time limit.
    if name not in memory:
        memory[name] = work_out(db)
    return memory[name]


class Build(Database):
    """One build of the archive, opened read-only and never changing."""

    def __init__(self, site: Datasette, path: Path, prepare: Callable[[sqlite3.Connection], None]) -> None:
        super().__init__(site, str(path), is_mutable=False)
        self._memory: dict[str, Any] = {}
        self.name = self.route = NAME
        self.facts = _probe(path)
        self._cached_table_counts = dict(self.facts.counts)
        self._connections = threading.local()
        self._lock = threading.Lock()
        self._holders = 0
        self._retired = False
        # Before anybody waits for it, and under no time limit.
        prepare(self.connect())

    @property
    def hash(self) -> None:
        """None: Datasette would read the whole file for it within a request, and no page needs it."""
        return

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Open one more read-only connection."""
        if write:
            raise PermissionError("the archive is never written by the site")
        connection = sqlite3.connect(
            Path(self.path).as_uri() + "?immutable=1", uri=True, check_same_thread=False, factory=Connection
        )
        connection.memory = self._memory
        self._all_file_connections.append(connection)
        return connection

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``fn`` with a connection of this build in one of Datasette's threads."""

        def in_thread() -> T:
            connection = getattr(self._connections, "mine", None)
            if connection is None:
                connection = self._connections.mine = self.connect()
                self.ds._prepare_connection(connection, self.name)
            return fn(connection)

        # A request may be given up while its query still runs: the thread holds the build, too.
        self._hold()
        future = self.ds.executor.submit(in_thread)
        future.add_done_callback(lambda _: self._let_go())
        return await asyncio.wrap_future(future)

    async def read(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``fn`` under the site's time limit. Raises sqlite3.OperationalError ("interrupted") past it."""

        def limited(connection: sqlite3.Connection) -> T:
            with sqlite_timelimit(connection, self.ds.sql_time_limit_ms):
                return fn(connection)

        return await self.execute_fn(limited)

    @contextmanager
    def held(self) -> Iterator[Build]:
        """Keep the build open, also when it is retired meanwhile."""
        self._hold()
        try:
            yield self
        finally:
            self._let_go()

    def retire(self) -> None:
        """Close the build as soon as nobody holds it."""
        self._retired = True
        with self.held():
            pass

    def _hold(self) -> None:
        with self._lock:
            self._holders += 1

    def _let_go(self) -> None:
        with self._lock:
            self._holders -= 1
            idle = self._retired and self._holders == 0
        if idle:
            self.close()


class LiveBuild:
    """Follows ``archive.db``, usually a symbolic link to a dated build."""

    def __init__(self, site: Datasette, link: Path, prepare: Callable[[sqlite3.Connection], None]) -> None:
        self._site = site
        self._prepare = prepare
        self._link = link
        self._lock: asyncio.Lock | None = None
        try:
            self._seen: Any = _identity(link)
        except FileNotFoundError as error:
            raise NoArchiveError(
                f"{link} does not exist: make it with `xxgk build` after a crawl, or `xxgk run`"
            ) from error
        self.build = Build(site, link.resolve(), prepare)

    async def current(self) -> Build:
        """Return the build to answer from, opening the one ``archive.db`` has been moved to since."""
        try:
            identity = _identity(self._link)
        except OSError:
            # Being replaced by hand, or gone: what is open stays good.
            return self.build
        if self._lock is None:
            self._lock = asyncio.Lock()
        # One request opens the new file; the others are answered from the old one meanwhile.
        if identity == self._seen or self._lock.locked():
            return self.build
        async with self._lock:
            self._seen = identity
            await self._follow()
        return self.build

    async def _follow(self) -> None:
        path = self._link.resolve()
        try:
            new = await asyncio.to_thread(Build, self._site, path, self._prepare)
        except (NoArchiveError, OSError) as error:
            logger.error("%s is not served, the build before it stays: %s", path, error)
            return
        old, self.build = self.build, new
        logger.info("serving %s", path)
        old.retire()


def _identity(link: Path) -> tuple[str, int, int, int]:
    """Tell one file behind the link from another: where it leads, and which file lies there."""
    found = link.stat()
    return str(link.resolve()), found.st_ino, found.st_mtime_ns, found.st_size


def _probe(path: Path) -> Facts:
    """Read what every page wants to know, and refuse a file that is no archive. Raises NoArchiveError."""
    try:
        db = sqlite3.connect(path.as_uri() + "?immutable=1", uri=True)
    except sqlite3.Error as error:
        raise NoArchiveError(f"{path} cannot be opened ({error})") from error
    try:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        # Names come from the file's own schema.
        counts = {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
        replica = db.execute(
            "SELECT EXISTS (SELECT 1 FROM captures WHERE replica = 1)"
            " OR EXISTS (SELECT 1 FROM reports WHERE replica = 1)"
        ).fetchone()[0]
    except sqlite3.Error as error:
        raise NoArchiveError(
            f"{path} is not an archive this program knows ({error}): make it again with `xxgk build`"
        ) from error
    finally:
        db.close()
    return Facts(f"{path.stem}-{path.stat().st_mtime_ns:x}", counts, bool(replica))
