"""Table rows as the engine sees them: the cells that begin in a row, and where their spans would put them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from archive.documents.model import Cell, Document, Paragraph, Table
from archive.forms.labels import fold
from archive.forms.laying import Laid, lay_out
from archive.forms.leading import without_line_numbers
from archive.forms.model import TableForm
from archive.forms.numbers import is_value
from archive.forms.turning import upright

_GLOSS = re.compile(r"[（(]([^（）()]+)[）)]\s*$")


@dataclass(frozen=True)
class Row:
    """A row: its place (``table`` and ``number`` from 1), the texts of its cells and where each begins and ends.

    ``columns`` and ``ends`` are grid columns, from the spans the cells claim; ``width`` is how far the row reaches and
    ``whole`` whether every column up to there is covered. Published tables claim wrong spans, so these only ever help.
    ``page`` is the page it stands on, None where the file has none; ``recognised`` whether each cell was recognised in
    a picture, and ``doubts`` whether its text may be another.
    """

    table: int
    number: int
    texts: tuple[str, ...]
    columns: tuple[int, ...]
    ends: tuple[int, ...]
    width: int
    whole: bool
    page: int | None = None
    doubts: tuple[bool, ...] = ()
    origins: tuple[tuple[int, int], ...] = ()
    recognised: tuple[bool, ...] = ()

    @cached_property
    def filled(self) -> tuple[int, ...]:
        """The positions of the cells that are not blank."""
        return tuple(position for position, text in enumerate(self.texts) if fold(text))

    @cached_property
    def holds_number(self) -> bool:
        """Whether some cell, not blank, could be a value."""
        return any(is_value(self.texts[position]) for position in self.filled)

    def place(self, position: int) -> str:
        """Where a cell stands: ``table/row/cell``, each from 1; ``page N/`` before it where the file has pages."""
        row, number = self.origins[position]
        return f"{self._before}{self.table}/{row}/{number}"

    @property
    def line(self) -> str:
        """Where the row stands: ``table/row``, as `place` begins."""
        return f"{self._before}{self.table}/{max((row for row, _ in self.origins), default=self.number)}"

    @property
    def _before(self) -> str:
        return f"page {self.page}/" if self.page else ""

    def doubtful(self, position: int) -> bool:
        """Whether a cell's text may be another."""
        return bool(self.doubts) and self.doubts[position]

    @property
    def shown(self) -> str:
        """The row in one line, for a note."""
        return " | ".join(text for text in self.texts if text.strip()) or "（空行）"


def rows_of(document: Document, tables: Sequence[TableForm] = ()) -> Iterator[Row]:
    """Go through the rows of all tables of a document, in order, line numbers left out.

    Parts that show one of ``tables`` on its side are turned back: their rows are the document's columns.
    """
    counted = 0
    for table_number, (above, table) in enumerate(_tables(document), 1):
        lines = [
            [Laid(cell, row, number) for number, cell in enumerate(cells, 1)] for row, cells in enumerate(table.rows, 1)
        ]
        group = next(filter(None, (_group_named(above.text, form) for form in tables)), None) if above else None
        if group and not any(_group_named(entry.cell.text, form) for form in tables for entry in chain(*lines[:2])):
            # Merged over the whole width, a group's name is a line of its own where cells are told by tabs; and tables
            # of one group each have it for a caption.
            lines.insert(0, [Laid(Cell(group), 0, 0)])
        laid, reach = lay_out(lines)
        unnumbered, counted = without_line_numbers(laid, counted)
        turned = upright(unnumbered, tables)
        if turned != laid:
            laid, reach = lay_out(turned)
        for number, (line, (width, whole)) in enumerate(zip(laid, reach, strict=True), 1):
            page = next((table.pages[entry.row - 1] for entry in line if entry.row and table.pages), None)
            yield Row(
                table_number,
                number,
                tuple(entry.cell.text for entry in line),
                tuple(entry.column for entry in line),
                tuple(entry.column + entry.cell.colspan for entry in line),
                width,
                whole,
                page,
                tuple(entry.cell.doubt for entry in line),
                tuple((entry.row, entry.number) for entry in line),
                tuple(entry.cell.recognised for entry in line),
            )


def _tables(document: Document) -> Iterator[tuple[Paragraph | None, Table]]:
    """Go through the tables, each with the paragraph right before it."""
    before = None
    for block in document.blocks:
        if isinstance(block, Table):
            yield before, block
        before = block if isinstance(block, Paragraph) else None


def _group_named(text: str, form: TableForm) -> str | None:
    """Return the words of a caption that name one of the groups of a table, alone or in brackets at its end."""
    gloss = _GLOSS.search(text)
    named = (words for words in (text, gloss and gloss.group(1)) if words and form.shape == "across")
    return next((words for words in named if form.grid.row_labels.exact(words)), None)
