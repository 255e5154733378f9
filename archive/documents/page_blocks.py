"""Pages made into one document's blocks, in reading order: tables joined over page breaks, lines into paragraphs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from archive.documents.model import Block, Paragraph
from archive.documents.pdf_columns import as_one_page, find_unruled
from archive.documents.pdf_grid import Grid, find_grids, tables_among
from archive.documents.pdf_joining import continues, join
from archive.documents.pdf_lines import Line, lines_of
from archive.documents.pdf_page import Page
from archive.documents.pdf_paragraphs import Margins, goes_on, margins, text_of, without_furniture
from archive.documents.pdf_tables import Placed, Ruled, as_table, read_grid

# A cell that goes this far over the side of the page is not seen whole. In points.
_OFF = 2.0
# A picture this many times as high as it is wide is of several pages, one under the other; a page of A4 is 1.4 times.
_LONG = 2.0


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a page in reading order: a line of text or a table, and the page it stands on."""

    page: int
    y: float
    thing: Line | Ruled


def blocks_of(pages: Sequence[Page]) -> tuple[Block, ...]:
    """Return the paragraphs and tables of a document's pages."""
    parts = _parts(pages)
    stitched = {number for number, page in enumerate(pages) if page.recognised and page.height > _LONG * page.width}
    return tuple(_blocks(parts, _margins(pages, parts), stitched))


def _parts(pages: Sequence[Page]) -> list[_Part]:
    grids = tables_among(find_grids(page.rulings, _smallest_type(page)) for page in pages)
    outside = [(page.height, _lines_outside(page, found)) for page, found in zip(pages, grids, strict=True)]
    parts: list[_Part] = []
    for number, (page, found, lines) in enumerate(zip(pages, grids, without_furniture(outside), strict=True)):
        own = [_Part(number, line.y, line) for line in lines]
        own += [_Part(number, grid.ys[0], _on_page(_table(page, grid, number + 1), page)) for grid in found]
        parts += sorted(own, key=lambda part: part.y)
    found_parts: list[_Part] = []
    for running, stretch in groupby(parts, key=lambda part: isinstance(part.thing, Line)):
        same = list(stretch)
        # Where columns are told from how the text stands, a figure that was not recognised would move the others.
        recognised = any(pages[part.page].recognised for part in same)
        found_parts += _with_unruled(same) if running and not recognised else same
    return found_parts


def _table(page: Page, grid: Grid, number: int) -> Ruled:
    middle = (grid.xs[0] + grid.xs[-1]) / 2, (grid.ys[0] + grid.ys[-1]) / 2
    recognised = page.recognised or any(box.holds(*middle) for box in page.tables)
    return read_grid(grid, page.glyphs, number, recognised=recognised)


def _on_page(table: Ruled, page: Page) -> Ruled:
    """Return a table with what stands over the sides of its page in doubt: nobody sees what is in these cells."""
    if table.xs[0] >= -_OFF and table.xs[-1] <= page.width + _OFF:
        return table
    rows = [[replace(cell, doubt=cell.doubt or _is_off(cell, page)) for cell in row] for row in table.rows]
    return replace(table, rows=rows)


def _is_off(cell: Placed, page: Page) -> bool:
    return cell.x0 < -_OFF or cell.x1 > page.width + _OFF


def _smallest_type(page: Page) -> float:
    """Return the size of the smallest type that more than a few characters of a page are printed in."""
    sizes = sorted(glyph.size for glyph in page.glyphs)
    return sizes[len(sizes) // 10] if sizes else 0.0


def _with_unruled(parts: list[_Part]) -> list[_Part]:
    """Find the unruled tables in lines that follow each other, over page breaks too: laid out as on one long page."""
    long = as_one_page([[part.thing for part in own] for _, own in groupby(parts, key=lambda part: part.page)])
    numbers = list(dict.fromkeys(part.page for part in parts))
    starts = [lines[0].base for lines in long]

    def page_of(base: float) -> int:
        return numbers[max(0, bisect_right(starts, base + 0.01) - 1)]

    tables, running = find_unruled([line for lines in long for line in lines])
    if not tables:
        return parts
    found = [_Part(page_of(line.base), line.base, line) for line in running]
    found += [_Part(page_of(base), base, table) for base, table in tables]
    return sorted(found, key=lambda part: part.y)


def _lines_outside(page: Page, grids: Sequence[Grid]) -> list[Line]:
    return lines_of(glyph for glyph in page.glyphs if glyph.turn == 0 and not any(grid.holds(glyph) for grid in grids))


def _margins(pages: Sequence[Page], parts: Sequence[_Part]) -> list[Margins]:
    """Return the margins of each page; pages of one width share them."""
    by_width: dict[int, list[Line]] = {}
    for part in parts:
        if isinstance(part.thing, Line):
            by_width.setdefault(round(pages[part.page].width), []).append(part.thing)
    shared = {width: margins(lines) for width, lines in by_width.items()}
    return [shared.get(round(page.width), Margins(0, page.width, 0)) for page in pages]


def _blocks(parts: Sequence[_Part], page_margins: Sequence[Margins], stitched: Collection[int]) -> Iterator[Block]:
    """Put parts together: tables that go on over a page break, lines that make a paragraph.

    ``stitched`` are the pages that are pictures of several, with breaks anywhere.
    """
    lines: list[Line] = []
    table: Ruled | None = None
    before: _Part | None = None
    for part in parts:
        new_page = before is not None and part.page != before.page
        if isinstance(part.thing, Line):
            if table:
                yield as_table(table)
                table = None
            if lines and not goes_on(lines[-1], part.thing, page_margins[part.page], new_page):
                yield Paragraph(text_of(lines))
                lines = []
            lines.append(part.thing)
        else:
            if lines:
                yield Paragraph(text_of(lines))
                lines = []
            if table and (new_page or part.page in stitched) and continues(table, part.thing):
                table = join(table, part.thing)
            else:
                if table:
                    yield as_table(table)
                table = part.thing
        before = part
    if lines:
        yield Paragraph(text_of(lines))
    if table:
        yield as_table(table)
