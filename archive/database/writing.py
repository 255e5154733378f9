"""Writes the rows of an archive into a new file, with the index of its texts."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from archive.database import search
from archive.database.assemble import Rows
from archive.database.derive import derive
from archive.database.migrations import migrations
from archive.database.schema import tables


def write(path: Path, rows: Rows) -> dict[str, int]:
    """Write a new archive to ``path`` and return how many rows each table holds.

    Every report and section in ``rows`` gets its number in the search index. The derived tables are made from the rest.
    """
    rows = {**rows, **derive(rows)}
    search.number(rows.get("reports", ()), rows.get("sections", ()))
    db = Database(path)
    # The file is new and nobody reads it: no journal, one sync at the end.
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    migrations.apply(db)
    counts = {}
    with db.atomic():
        for name, definition in tables().items():
            columns = [column.name for column in definition.columns]
            found = [{column: row.get(column) for column in columns} for row in rows.get(name, ())]
            db[name].insert_all(found, batch_size=1000)
            counts[name] = len(found)
        search.fill(db.conn, rows)
    db.execute("ANALYZE")
    db.close()
    return counts
