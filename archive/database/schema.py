"""The tables of archive.db as defined in ``schema.toml``, and the SQL that makes them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Column:
    """A column: its STRICT type, what it says in Chinese and English, its unit, and the table it refers to.

    ``since`` is the migration that adds it.
    """

    name: str
    type: str
    zh: str
    en: str
    unit: str | None = None
    required: bool = False
    references: str | None = None
    since: int = 1


@dataclass(frozen=True)
class TableDefinition:
    """A table, its primary key and its columns in order. ``since`` is the migration that makes it."""

    name: str
    zh: str
    en: str
    primary_key: tuple[str, ...]
    columns: tuple[Column, ...]
    since: int = 1

    def ddl(self, version: int) -> str:
        """Return CREATE TABLE with the columns known at that migration."""
        lines = []
        for column in self.columns:
            if column.since > version:
                continue
            line = f'"{column.name}" {column.type}'
            if column.required or column.name in self.primary_key:
                line += " NOT NULL"
            if column.references:
                line += f' REFERENCES "{column.references}" ("id")'
            lines.append(line)
        keys = ", ".join(f'"{name}"' for name in self.primary_key)
        lines.append(f"PRIMARY KEY ({keys})")
        # A key of several columns is the table's own order: no second copy of it as an index.
        layout = "STRICT, WITHOUT ROWID" if len(self.primary_key) > 1 else "STRICT"
        return f'CREATE TABLE "{self.name}" (\n  ' + ",\n  ".join(lines) + f"\n) {layout}"


@cache
def tables() -> dict[str, TableDefinition]:
    """The tables by name, in the order they are made."""
    data = tomllib.loads((files(__package__) / "schema.toml").read_text("utf-8"))
    return {
        name: TableDefinition(
            name,
            entry["zh"],
            entry["en"],
            tuple(entry["primary_key"]),
            tuple(Column(key, **column) for key, column in entry["columns"].items()),
            entry.get("since", 1),
        )
        for name, entry in data["tables"].items()
    }
