"""Table rows as the engine sees them: the cells that begin in a row, and where their spans would put them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.documents.model import Document
from archive.forms.labels import fold
from archive.forms.numbers import is_value


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its place (``table`` and ``number`` from 1), the texts of its cells and the grid column of each.

    The grid columns come from the spans the cells claim; published tables claim wrong ones, so they only ever help.
    """

    table: int
    number: int
    texts: tuple[str, ...]
    columns: tuple[int, ...]

    @property
    def filled(self) -> tuple[int, ...]:
        """The positions of the cells that are not blank."""
        return tuple(position for position, text in enumerate(self.texts) if fold(text))

    @property
    def holds_number(self) -> bool:
        """Whether some cell, not blank, could be a value."""
        return any(is_value(self.texts[position]) for position in self.filled)

    def place(self, position: int) -> str:
        """Where a cell stands: ``table/row/cell``, each from 1."""
        return f"{self.table}/{self.number}/{position + 1}"

    @property
    def shown(self) -> str:
        """The row in one line, for a note."""
        return " | ".join(text for text in self.texts if text.strip()) or "（空行）"


def rows_of(document: Document) -> Iterator[Row]:
    """Go through the rows of all tables of a document, in order."""
    for table_number, table in enumerate(document.tables, 1):
        hanging: dict[int, int] = {}
        for row_number, cells in enumerate(table.rows, 1):
            columns = []
            column = 0
            below: dict[int, int] = {}
            for cell in cells:
                while hanging.get(column, 0) > 0:
                    column += 1
                columns.append(column)
                if cell.rowspan > 1:
                    below.update(dict.fromkeys(range(column, column + cell.colspan), cell.rowspan))
                column += cell.colspan
            yield Row(table_number, row_number, tuple(cell.text for cell in cells), tuple(columns))
            hanging = {x: left - 1 for x, left in {**hanging, **below}.items() if left > 1}
