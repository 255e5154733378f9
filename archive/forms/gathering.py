"""Tables that came apart, a cell a paragraph or a row a line: put together again by the form's own labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from archive.documents.model import Block, Cell, Document, Paragraph, Table
from archive.documents.spaces import squeeze
from archive.forms.filling import detect_form
from archive.forms.labels import Labels, body, fold
from archive.forms.leading import WORDS as LINE_NUMBERS
from archive.forms.listing import UNIT_HEADERS, UNITS
from archive.forms.model import Form, TableForm, forms
from archive.forms.numbers import holds_digit, is_value

# A label with its printed gloss has no more than this (其他主动公开文件 in Hubei has 80). In characters.
_LONGEST = 120
# A label broken into words of this length or less, one a paragraph: 商业 / 企业. In characters, and in words.
_BROKEN, _PIECES = 8, 3
# Fewer rows with numbers than this may be a sentence's list. A row of table four has so many numbers by itself.
_LEAST_ROWS, _WIDE = 2, 5
# So many columns under 法人或其他组织 tell the header of table three from words of its own. In columns.
_INNER = 2
# Numbers that end so many rows and count up are the next rows' line numbers. In rows.
_COUNTED = 3
_GLOSS = re.compile(r"[（(][^（）()]*[）)]")


class _Words:
    """What the words of a form can be: the label of a row, of a group of rows, of a block, or a word of a header."""

    def __init__(self, form: Form) -> None:
        rows, groups, heads, blocks = {}, {}, {}, {}
        for table in form.tables:
            heads |= {f"header {word}": [word] for word in (*table.headers, *table.opens)}
            heads |= {f"header {word}": [word] for word in UNIT_HEADERS} if table.shape == "list" else {}
            for grid in table.grids:
                upper = {entry.group: [entry.group] for entry in grid.columns if entry.group}
                heads |= {entry.label: entry.wordings for entry in grid.columns} | upper
                if table.shape == "across":
                    heads |= {entry.label: entry.wordings for entry in grid.rows}
                    heads |= {entry.group: [entry.group] for entry in grid.rows if entry.group}
                    continue
                rows |= {
                    entry.label: entry.wordings for entry in grid.rows if not entry.heads and entry.role != "subtotal"
                }
                groups |= {entry.label: entry.wordings for entry in grid.rows if entry.heads}
                blocks |= {grid.label: [grid.label]} if grid.label else {}
        self._headers = tuple(fold(word) for table in form.tables for word in table.headers if table.shape == "matrix")
        self._kinds = {"row": Labels(rows), "group": Labels(groups), "block": Labels(blocks), "head": Labels(heads)}

    def kinds(self, text: str, *, exactly: bool = False) -> frozenset[str]:
        """Say which of ``row``, ``group``, ``block`` and ``head`` a text can be: none for one that is no label."""
        # A digit in a label is a number that ran into it.
        if not text or len(text) > _LONGEST or "。" in text or any(map(str.isdigit, _GLOSS.sub("", body(text)))):
            return frozenset()
        found = {kind for kind, labels in self._kinds.items() if labels.exact(text)}
        if not found and not exactly:
            found = {kind for kind, labels in self._kinds.items() if labels.find(text)}
            found |= {"head"} if any(word in fold(text) for word in self._headers) else set()
        return frozenset(found)


@cache
def _words(form_id: str) -> _Words:
    return _Words(next(form for form in forms() if form.id == form_id))


@dataclass
class _Line:
    """A row being put together: its labels, its values, whether it is a header's, and the label of its own it has."""

    header: bool
    labels: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    row: str = ""

    def takes(self, kinds: frozenset[str]) -> bool:
        """Whether a label of these kinds belongs to this row, not to the next."""
        if self.values:
            return False
        return "head" in kinds if self.header else not self.row and bool(kinds & {"row", "group"})


def gathered(document: Document, year: int | None = None) -> Document:
    """Return the document with tables in place of the paragraphs that are the cells of one, or its rows.

    Blank cells leave no paragraph: a row has its numbers only where none is missing. A header that names other columns
    than the form's, or in an order that could be one of two, gives no table, nor do rows without one. Text recognised
    in a picture stays as it is, since no cell of it could be doubted. ``year`` is the report's, as in `detect_form`.
    """
    found = None if document.recognised else _form_of(document, year)
    if found is None:
        return document
    blocks: list[Block] = []
    run: list[tuple[str, Block]] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            run.append((block.text, block))
        elif _is_column(block):
            run += [(row[0].text, Paragraph(row[0].text)) for row in block.rows]
        else:
            blocks += [*_with_tables(run, found), block]
            run = []
    return replace(document, blocks=(*blocks, *_with_tables(run, found)))


def _form_of(document: Document, year: int | None) -> Form | None:
    """Return the form whose labels stand alone in paragraphs or in tables of one column."""
    loose = [Cell(paragraph.text) for paragraph in document.paragraphs if len(paragraph.text) <= _LONGEST]
    columns = [table for table in document.tables if _is_column(table)]
    return detect_form(replace(document, blocks=(*columns, Table(tuple((cell,) for cell in loose)))), year=year)


def _is_column(table: Table) -> bool:
    return all(len(row) == 1 and not row[0].recognised for row in table.rows)


def _with_tables(run: Sequence[tuple[str, Block]], form: Form) -> Iterator[Block]:
    """Give the blocks of a run, those that make a table as one."""
    if any(fold(text) in LINE_NUMBERS for text, _ in run):
        # A line number stands before the label it counts, and after the numbers of the row before.
        yield from (block for text, block in run if text.strip())
        return
    words = _words(form.id)
    lines: list[_Line] = []
    header: list[str] = []
    begun = at = 0
    while at <= len(run):
        taken = _take(run, at, words, lines, opened=bool(header)) if at < len(run) else 0
        if not taken:
            rows, header = _rows(lines, header, form)
            if rows:
                yield Table(tuple(rows))
            else:
                yield from (block for text, block in run[begun:at] if text.strip())
            yield from (block for text, block in run[at : at + 1] if text.strip())
            lines, begun = [], at + 1
        at += taken or 1


def _take(run: Sequence[tuple[str, Block]], at: int, words: _Words, lines: list[_Line], *, opened: bool) -> int:
    """Take the cell at ``at`` into the rows, or the cells its label is broken into; return how many were taken.

    A table begins with the name of a block or a header, unless one is ``opened``: group headings are headings of
    sections too.
    """
    text = run[at][0]
    if lines and is_value(text):
        lines[-1].values.append(text)
        return 1
    count, label, kinds = _label(run, at, words)
    parts = [(label, kinds)] if kinds else _parts(text, words)
    if not parts:
        return 1 if lines and _beside(text, lines[-1]) else 0
    if not lines and not opened and not parts[0][1] & {"head", "block"}:
        return 0
    for part, kinds in parts:
        if kinds:
            _add_label(lines, part, kinds)
        else:
            lines[-1].values.append(part)
    return count


def _label(run: Sequence[tuple[str, Block]], at: int, words: _Words) -> tuple[int, str, frozenset[str]]:
    """Return the label that begins at ``at``, broken into how many cells, and what it can be."""
    for count in range(1, _PIECES + 1):
        pieces = [text for text, _ in run[at : at + count]]
        if count > 1 and (len(pieces) < count or any(len(piece) > _BROKEN or is_value(piece) for piece in pieces)):
            break
        kinds = words.kinds("".join(pieces), exactly=True)
        if kinds:
            return count, "".join(pieces), kinds
    return 1, run[at][0], words.kinds(run[at][0])


def _beside(text: str, line: _Line) -> bool:
    """Take what stands beside a label, a unit or its gloss; return whether it is one."""
    unit = fold(text) in UNITS
    if line.values or not (unit or _GLOSS.fullmatch(squeeze(text))):
        return False
    line.labels += [text] if unit else []
    return True


def _add_label(lines: list[_Line], text: str, kinds: frozenset[str]) -> None:
    if not lines or not lines[-1].takes(kinds):
        # 其他 and 总计 name a row and a column: of a column only inside a header begun.
        lines.append(_Line("head" in kinds and not kinds & {"row", "group"}))
    lines[-1].labels.append(text)
    lines[-1].row = text if "row" in kinds and not lines[-1].header else ""


def _parts(text: str, words: _Words) -> list[tuple[str, frozenset[str]]]:
    """Take a line apart that is a whole row: labels, then values, with single spaces between; [] for another."""
    parts = text.split()
    first = next((place for place, part in enumerate(parts) if is_value(part)), len(parts))
    if len(parts) < 2 or not first or not all(map(is_value, parts[first:])):
        return []
    found: list[tuple[str, frozenset[str]]] = []
    begun = 0
    while begun < first:
        for end in range(first, begun, -1):
            label = "".join(parts[begun:end])
            kinds = words.kinds(label, exactly=True)
            if kinds:
                found.append((label, kinds))
                begun = end
                break
        else:
            return []
    return [*found, *((part, frozenset()) for part in parts[first:])]


def _rows(lines: Sequence[_Line], header: list[str], form: Form) -> tuple[list[tuple[Cell, ...]], list[str]]:
    """Return the rows of a table, its header as the form lays it out, and the words of its last header.

    ``header`` is that of the table before, which goes on where a line between two of its rows was none of them. No
    rows come of too few numbers, nor where the header leaves doubt.
    """
    filled = [line for line in lines if line.values]
    if len(filled) < _LEAST_ROWS and not any(len(line.values) >= _WIDE for line in filled):
        return [], []
    if _numbered(filled):
        return [], []
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        if not line.header:
            table, count = _place(line, header, form)
            if count is None:
                return [], []
            # A list has its headings in rows of their own.
            own = line.labels.index(line.row) if table and table.shape == "list" else 0
            rows += [(Cell(label),) for label in line.labels[:own]]
            rows.append((*map(Cell, line.labels[own:]), *map(Cell, _fitted(line.values, count))))
            continue
        header = line.labels
        matrix = next((table for table in form.tables if table.shape == "matrix" and _heads(table, header)), None)
        above = _laid_out(matrix, header) if matrix else [tuple(map(Cell, header))]
        if not above:
            return [], []
        rows += [*above, *([tuple(map(Cell, line.values))] if line.values else [])]
    return rows, header if lines[-1].row else []


def _numbered(filled: Sequence[_Line]) -> bool:
    """Whether the numbers that end rows are the line numbers before the labels of the next."""
    last = [fold(line.values[-1]) for line in filled]
    counted = [one.isdecimal() and other.isdecimal() and int(other) == int(one) + 1 for one, other in pairwise(last)]
    return sum(counted) >= _COUNTED


def _place(line: _Line, header: Sequence[str], form: Form) -> tuple[TableForm | None, int | None]:
    """Return the table a row belongs to and how many values it has; None for one its header does not name all of."""
    if not line.row:
        return None, None if any(map(holds_digit, line.values)) else len(line.values)
    for table in form.tables:
        for grid in table.grids if table.shape != "across" else ():
            if not grid.row_labels.find(line.row):
                continue
            wanted = [column.key for column in grid.value_columns]
            named = [match.key for label in header for match in (grid.column_labels.find(label),) if match]
            if _laid_out(table, header) if table.shape == "matrix" else sorted(named) == sorted(wanted):
                return table, len(wanted)
    return None, None


def _fitted(values: Sequence[str], count: int) -> Sequence[str]:
    """Return the values of a row without padding behind them; as one, which is none, where they are too many."""
    if len(values) <= count or not any(map(str.strip, values[count:])):
        return values[:count]
    return [" | ".join(values)]


def _heads(table: TableForm, labels: Sequence[str]) -> bool:
    """Whether a header is this matrix's: it names some of the columns that stand under another word."""
    inner = {column.key for column in table.grid.value_columns if column.group}
    matches = filter(None, map(table.grid.column_labels.find, labels))
    return len({match.key for match in matches} & inner) >= _INNER


def _laid_out(table: TableForm, labels: Sequence[str]) -> list[tuple[Cell, ...]]:
    """Lay the words of a matrix's header out over its rows: what stands above columns of its own, then those.

    Read along its rows, a header names 总计 before the columns of 法人或其他组织 or after them, and stands for the
    official order both times. In any other order it could be one of two: no rows.
    """
    columns = table.grid.value_columns
    matches = [None if table.openers.find(label) else table.grid.column_labels.find(label) for label in labels]
    found = [(label, match and match.key) for label, match in zip(labels, matches, strict=True)]
    keys = [key for _, key in found if key]
    inner = [column.key for column in columns if column.group]
    first, last = columns[0].key, columns[-1].key
    if keys not in ([first, last, *inner], [first, *inner, last]):
        return []
    named = [label for label in labels if table.openers.find(label)]
    places = [labels.index(label) for label in named]
    opener = places[-1] if places else -1
    if len(named) != len(table.opens) or not labels.index(_of(found, first)) < opener < labels.index(_of(found, last)):
        return []
    return [
        (Cell(named[0]),),
        (Cell(_of(found, first)), Cell(named[-1]), Cell(_of(found, last))),
        tuple(Cell(_of(found, key)) for key in inner),
    ]


def _of(found: Sequence[tuple[str, str | None]], key: str) -> str:
    return next(label for label, other in found if other == key)
