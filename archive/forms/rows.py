"""Table rows as the engine sees them: the cells that begin in a row, and where their spans would put them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.documents.model import Document
from archive.forms.labels import fold
from archive.forms.numbers import is_value


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its place (``table`` and ``number`` from 1), the texts of its cells and where each begins and ends.

    ``columns`` and ``ends`` are grid columns, from the spans the cells claim; ``width`` is how far the row reaches and
    ``whole`` whether every column up to there is covered. Published tables claim wrong spans, so these only ever help.
    ``page`` is the page it stands on, None where the file has none; ``doubts`` whether each cell's text was recognised
    in a picture and may be another.
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

    @property
    def filled(self) -> tuple[int, ...]:
        """The positions of the cells that are not blank."""
        return tuple(position for position, text in enumerate(self.texts) if fold(text))

    @property
    def holds_number(self) -> bool:
        """Whether some cell, not blank, could be a value."""
        return any(is_value(self.texts[position]) for position in self.filled)

    def place(self, position: int) -> str:
        """Where a cell stands: ``table/row/cell``, each from 1; ``page N/`` before it where the file has pages."""
        return f"{self.line}/{position + 1}"

    @property
    def line(self) -> str:
        """Where the row stands: ``table/row``, as `place` begins."""
        return f"{f'page {self.page}/' if self.page else ''}{self.table}/{self.number}"

    def doubtful(self, position: int) -> bool:
        """Whether a cell's text may be another."""
        return bool(self.doubts) and self.doubts[position]

    @property
    def shown(self) -> str:
        """The row in one line, for a note."""
        return " | ".join(text for text in self.texts if text.strip()) or "（空行）"


def rows_of(document: Document) -> Iterator[Row]:
    """Go through the rows of all tables of a document, in order."""
    for table_number, table in enumerate(document.tables, 1):
        hanging: dict[int, int] = {}
        for row_number, cells in enumerate(table.rows, 1):
            begins, ends = [], []
            column = 0
            below: dict[int, int] = {}
            for cell in cells:
                while hanging.get(column, 0) > 0:
                    column += 1
                begins.append(column)
                if cell.rowspan > 1:
                    below.update(dict.fromkeys(range(column, column + cell.colspan), cell.rowspan))
                column += cell.colspan
                ends.append(column)
            covered = {x for x, left in hanging.items() if left > 0}
            covered.update(x for begin, end in zip(begins, ends, strict=True) for x in range(begin, end))
            width = max(covered, default=-1) + 1
            yield Row(
                table_number,
                row_number,
                tuple(cell.text for cell in cells),
                tuple(begins),
                tuple(ends),
                width,
                len(covered) == width,
                table.pages[row_number - 1] if table.pages else None,
                tuple(cell.doubt for cell in cells),
            )
            hanging = {x: left - 1 for x, left in {**hanging, **below}.items() if left > 1}
