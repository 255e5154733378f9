"""The forms as data: what ``g4.toml`` and its like hold, typed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from archive.forms.labels import Labels, body


@dataclass(frozen=True)
class Entry:
    """A row, a column or a group heading: its key, its label as officially printed and other wordings.

    ``group`` is the key of the group a row belongs to, or for a column the words above it. ``heads`` marks a group's
    heading, which holds no values. ``role`` says what a row means to the arithmetic: ``input``, ``result``, ``total``,
    ``subtotal`` or ``output``. ``optional`` entries are not in the official form. ``type`` is ``count`` (whole, not
    negative), ``change`` (whole, with a sign) or ``money``. ``en`` is its meaning in English; ``law`` the article it
    counts under, None where only the notice that made the form speaks of it.
    """

    key: str
    label: str
    variants: tuple[str, ...] = ()
    group: str | None = None
    heads: bool = False
    optional: bool = False
    role: str | None = None
    type: str = "count"
    unit: str | None = None
    en: str = ""
    law: str | None = None

    @property
    def wordings(self) -> tuple[str, ...]:
        """The official label and every other wording."""
        return (self.label, *self.variants)


@dataclass(frozen=True)
class Grid:
    """Rows against columns: a whole table, or one block of a table made of blocks (then it has a ``label``)."""

    key: str
    rows: tuple[Entry, ...]
    columns: tuple[Entry, ...]
    label: str = ""

    @cached_property
    def value_rows(self) -> tuple[Entry, ...]:
        """The rows that hold values in the official form."""
        return tuple(row for row in self.rows if not row.heads and not row.optional)

    @cached_property
    def value_columns(self) -> tuple[Entry, ...]:
        """The columns of the official form."""
        return tuple(column for column in self.columns if not column.optional)

    @cached_property
    def row_labels(self) -> Labels:
        """The labels of all rows that hold values of their own."""
        return Labels({row.key: row.wordings for row in self.rows if not row.heads and row.role != "subtotal"})

    @cached_property
    def columns_named_like_rows(self) -> frozenset[str]:
        """The columns whose label also names a row (其他, 总计): alone they head nothing."""
        rows = {body(wording) for row in self.rows for wording in row.wordings}
        return frozenset(
            column.key for column in self.columns if any(body(wording) in rows for wording in column.wordings)
        )

    @cached_property
    def group_labels(self) -> Labels:
        """The labels of the group headings."""
        return Labels({row.key: row.wordings for row in self.rows if row.heads})

    @cached_property
    def labels_by_group(self) -> dict[str | None, Labels]:
        """The row labels of each group; under None those of no group."""
        rows = [row for row in self.rows if not row.heads and row.role != "subtotal"]
        return {
            group: Labels({row.key: row.wordings for row in rows if row.group == group})
            for group in dict.fromkeys(row.group for row in rows)
        }

    @cached_property
    def column_labels(self) -> Labels:
        """The labels of the columns."""
        return Labels({column.key: column.wordings for column in self.columns})

    @cached_property
    def wider_labels(self) -> Labels:
        """The words that stand above several of the rows' labels (行政诉讼)."""
        return Labels({row.group: [row.group] for row in self.rows if row.group})


@dataclass(frozen=True)
class TableForm:
    """One table of the form.

    ``shape`` is ``blocks``, ``matrix``, ``across`` or ``list``; see the form files. ``headers`` are words that only its
    header rows hold; ``sums`` the rows that are the sum of others, each with its parts; ``opens`` the
    words of a header that stand above columns in the next row.
    """

    key: str
    shape: str
    caption: str
    grids: tuple[Grid, ...]
    unit: str | None = None
    headers: tuple[str, ...] = ()
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()
    opens: tuple[str, ...] = ()
    caption_en: str = ""

    @cached_property
    def cells(self) -> frozenset[tuple[str, str]]:
        """Every (row, column) of the official form."""
        return frozenset(
            (row.key, column.key) for grid in self.grids for row in grid.value_rows for column in grid.value_columns
        )

    @cached_property
    def subtotals(self) -> frozenset[str]:
        """The keys of the rows and columns that sum others of the table and are not in the official form."""
        entries = [entry for grid in self.grids for entry in (*grid.rows, *grid.columns)]
        return frozenset(entry.key for entry in entries if entry.role == "subtotal")

    @cached_property
    def openers(self) -> Labels:
        """The words of a header that stand above columns in the next row, as labels."""
        return Labels({word: [word] for word in self.opens})

    @cached_property
    def block_labels(self) -> Labels:
        """The headings of the blocks the table is made of."""
        return Labels({grid.key: [grid.label] for grid in self.grids})

    @property
    def grid(self) -> Grid:
        """The only grid of a table that is not made of blocks."""
        return self.grids[0]


@dataclass(frozen=True)
class Form:
    """A generation of the form: its tables, the rule it follows and the labels it is told by."""

    id: str
    first_year: int
    rule: str
    detect: tuple[str, ...]
    tables: tuple[TableForm, ...]

    @cached_property
    def captions(self) -> Labels:
        """The captions of the tables."""
        return Labels({table.key: [table.caption] for table in self.tables})

    def table(self, key: str) -> TableForm:
        """Return the table with that key. Raises KeyError when the form has none."""
        return next((table for table in self.tables if table.key == key), None) or _missing(self.id, key)


@dataclass(frozen=True)
class Section:
    """One of the six parts of a report and the wordings of its heading.

    ``words`` is a regular expression: what a numbered heading in no known wording says when it begins this part.
    """

    key: str
    label: str
    variants: tuple[str, ...]
    en: str
    words: str


def _missing(form: str, key: str) -> TableForm:
    raise KeyError(f"form {form} has no table {key!r}")


# Newest first: of two forms a document could follow, the newer is meant.
FORM_FILES = ("g4.toml", "g3.toml", "g2.toml")


@cache
def forms() -> tuple[Form, ...]:
    """The known forms, newest first."""
    return tuple(_form(_load(name)) for name in FORM_FILES)


@cache
def sections() -> tuple[Section, ...]:
    """The sections of a report, in their official order."""
    data = _load("sections.toml")
    return tuple(
        Section(entry["key"], entry["label"], tuple(entry["variants"]), entry["en"], entry["words"])
        for entry in data["sections"]
    )


def _load(name: str) -> dict:
    return tomllib.loads((files(__package__) / name).read_text("utf-8"))


def _form(data: dict) -> Form:
    return Form(data["id"], data["first_year"], data["rule"], tuple(data["detect"]), tuple(map(_table, data["tables"])))


def _table(data: dict) -> TableForm:
    if "like" in data:
        data = _derived(data)
    blocks = data.get("blocks") or [data]
    grids = tuple(
        Grid(
            block["key"],
            tuple(_entry(row) for row in block["rows"]),
            tuple(_entry(column) for column in block["columns"]),
            block.get("label", ""),
        )
        for block in blocks
    )
    return TableForm(
        data["key"],
        data["shape"],
        data["caption"],
        grids,
        data.get("unit"),
        tuple(data.get("headers", ())),
        tuple((entry["total"], tuple(entry["parts"])) for entry in data.get("sums", ())),
        tuple(data.get("opens", ())),
        data.get("caption_en", ""),
    )


def _derived(data: dict) -> dict:
    """Return a table defined as another form's table of that key, without some rows and with others put in."""
    base = next(table for table in _load(data["like"])["tables"] if table["key"] == data["key"])
    rows = [row for row in base["rows"] if row["key"] not in data.get("without", ())]
    for insert in data.get("insert", ()):
        at = next(number for number, row in enumerate(rows) if row["key"] == insert["before"])
        rows.insert(at, insert["row"])
    return {**base, "rows": rows}


def _entry(data: dict) -> Entry:
    return Entry(**{**data, "variants": tuple(data.get("variants", ()))})
