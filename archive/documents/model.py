"""What every reader gives: a Document, the same whatever the file was."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands in its row: text with line breaks removed, and the spans it claims (1 or more).

    ``doubt`` is True when its text was recognised in a picture and may be another: no value is to be taken from it.
    ``recognised`` is True when it, blank or not, was recognised in a picture at all.
    """

    text: str
    rowspan: int = 1
    colspan: int = 1
    doubt: bool = False
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as its rows of cells, each cell in the row it begins in. Spans are claims, not facts.

    ``pages`` is the page each row stands on, from 1, where the file has pages.
    """

    rows: tuple[tuple[Cell, ...], ...]
    pages: tuple[int, ...] = ()

    @property
    def recognised(self) -> bool:
        """Whether some of it was recognised in a picture."""
        return any(cell.recognised for row in self.rows for cell in row)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text between two breaks, white space folded. ``heading`` when the file marks it as one."""

    text: str
    heading: bool = False


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file that a document holds among its text: its bytes, and how many of the blocks stand before it."""

    place: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """A file, read: its blocks in order, and what it says about itself.

    ``facts`` holds what stands around the text, each under one of: ``title``, ``published`` (ISO date, with a time if
    shown), ``source`` (来源), ``index_number`` (索引号), ``breadcrumb``, ``site``, ``replica``. ``notes`` says in words
    what was met and not understood. ``complete`` is False when the file ends too early, ``recognised`` True when some
    of its running text was recognised in pictures; of tables, the cells say so. ``pictures`` are those among the blocks
    that nobody has looked at yet (`archive.documents.pictured`).
    """

    reader: str
    blocks: tuple[Block, ...]
    facts: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    complete: bool = True
    recognised: bool = False
    pictures: tuple[Picture, ...] = ()

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def text(self) -> str:
        """The paragraphs joined by line breaks, tables left out."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


class UnreadableError(ValueError):
    """A file cannot be read. The message says why and what a person can do."""
