"""The same report as a PDF with a text layer and ruled tables, as an office program exports it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.replica.http import REPLICA_WORDS
from crawler.replica.layouts.grid import Grid, place
from crawler.replica.layouts.tables import tables_of
from crawler.replica.report import Report

# All lengths in points; A4 upright.
_WIDTH, _HEIGHT, _MARGIN = 595, 842, 56
_TEXT, _LEADING = 12, 20
_SMALL, _SMALL_LEADING, _PADDING = 8, 10, 3
_ROOM = _WIDTH - 2 * _MARGIN
_INDENT = "　　"
# Columns are as wide as their longest label, within these. In characters.
_NARROWEST, _WIDEST = 3, 12
# How far a line of text stands below the top of its box, as a part of its size.
_ASCENT = 0.88
# How wide Latin letters are set, in thousandths of an em; Chinese ones are 1000. Wider than in most fonts: the font is
# not in the file, and what a reader has in its place must not print letters over each other.
_LATIN = {**dict.fromkeys(map(chr, range(0x20, 0x7F)), 650), **dict.fromkeys("0123456789", 560)}
_LATIN |= {**dict.fromkeys(" ,.:;!|'ijl()[]", 400), **dict.fromkeys("mwMW@", 960)}

# A number or a Latin word with the mark after it, else one character with its mark. No line begins with a mark.
_LETTER = re.compile(r".[，。、；：！？）》〉”]*")
_WORD = re.compile(r"(?:-?[0-9０-９][0-9０-９,.，．]*|[!-~]+|.)[，。、；：！？）》〉”]*")
# Longer ones do not go to the next line whole. In characters.
_LONGEST_WHOLE = 9


def pdf_bytes(report: Report) -> bytes:
    """Return a report as PDF. Its properties say that it is a replica's.

    The font is one that every reader of Chinese PDFs has of its own (STSong-Light, UniGB-UCS2-H), so that none is put
    in.
    """
    pages = _Pages()
    for line in report.title_lines:
        pages.text(line)
    tables = tables_of(report)
    for section in report.sections:
        if section.heading:
            pages.text(_INDENT + section.heading)
        for text in section.paragraphs:
            pages.text(_INDENT + text)
        for grid in tables.get(section.key, []):
            pages.table(grid)
    return _file(pages.contents, "".join(report.title.split()))


class _Pages:
    """Fills pages from the top; ``contents`` are their drawing operators."""

    def __init__(self) -> None:
        self.contents: list[list[str]] = [[]]
        self._top = float(_MARGIN)

    def text(self, text: str) -> None:
        """Add a paragraph."""
        *lines, last = _wrapped(text, _ROOM, _TEXT)
        for line in (*lines, last):
            self._need(_LEADING)
            # All but the last line reach to the margin.
            spread = (_ROOM - _width(line, _TEXT)) / (len(line) - 1) if line is not last else 0
            self._draw(line, _MARGIN, self._top, _TEXT, spread)
            self._top += _LEADING

    def table(self, grid: Grid) -> None:
        """Add a table: on a page of its own when it does not fit on this one, over several when it fits on none."""
        placed = place(grid)
        edges = _edges(grid)
        wrapped = [
            _wrapped(cell.text, edges[left + cell.colspan] - edges[left] - 2 * _PADDING, _SMALL)
            for _, left, cell in placed
        ]
        heights = [_SMALL_LEADING + 2.0 * _PADDING] * len(grid)
        for (top, _, cell), lines in sorted(zip(placed, wrapped, strict=True), key=lambda pair: pair[0][2].rowspan):
            rows = slice(top, top + cell.rowspan)
            lacking = len(lines) * _SMALL_LEADING + 2 * _PADDING - sum(heights[rows])
            heights[top + cell.rowspan - 1] += max(lacking, 0)
        if sum(heights) > self._room and self._top > _MARGIN:
            self._new_page()
        for first, last in self._parts(heights):
            self._need(sum(heights[first:last]))
            tops = [self._top + sum(heights[first:row]) for row in range(first, last + 1)]
            for (top, left, cell), lines in zip(placed, wrapped, strict=True):
                begin, end = max(top, first), min(top + cell.rowspan, last)
                if begin < end:
                    box = (edges[left], tops[begin - first], edges[left + cell.colspan], tops[end - first])
                    self._cell(box, lines if begin == top else [])
            self._top = tops[-1]
        self._top += _LEADING - _SMALL_LEADING

    @property
    def _room(self) -> float:
        return _HEIGHT - _MARGIN - self._top

    def _need(self, height: float) -> None:
        if height > self._room:
            self._new_page()

    def _new_page(self) -> None:
        self.contents.append([])
        self._top = float(_MARGIN)

    def _parts(self, heights: list[float]) -> Iterator[tuple[int, int]]:
        """Yield the first row of each page's part of a table, and the row after its last."""
        first, room = 0, self._room
        for row, height in enumerate(heights):
            if height > room:
                yield first, row
                first, room = row, _HEIGHT - 2.0 * _MARGIN
            room -= height
        yield first, len(heights)

    def _cell(self, box: tuple[float, float, float, float], lines: list[str]) -> None:
        left, top, right, bottom = box
        self.contents[-1].append(f"{left:.1f} {_HEIGHT - bottom:.1f} {right - left:.1f} {bottom - top:.1f} re S")
        above = (bottom - top - len(lines) * _SMALL_LEADING) / 2
        for number, line in enumerate(lines):
            beside = (right - left - _width(line, _SMALL)) / 2
            self._draw(line, left + beside, top + above + number * _SMALL_LEADING, _SMALL)

    def _draw(self, line: str, left: float, top: float, size: int, spread: float = 0) -> None:
        if line:
            shown = line.encode("utf-16-be").hex()
            bottom = _HEIGHT - top - _ASCENT * size
            self.contents[-1].append(f"BT /F {size} Tf {spread:.2f} Tc {left:.1f} {bottom:.1f} Td <{shown}> Tj ET")


def _edges(grid: Grid) -> list[float]:
    """Return where each column begins, and where the last ends."""
    placed = place(grid)
    count = max(left + cell.colspan for _, left, cell in placed)
    wanted = [float(_NARROWEST)] * count
    for _, left, cell in placed:
        if cell.colspan == 1:
            longest = max((_width(line, 1) for line in cell.text.split("\n")), default=0)
            # A number is never broken.
            wanted[left] = max(wanted[left], longest if cell.kind == "value" else min(longest, _WIDEST))
    unit = (_ROOM - 2 * _PADDING * count) / sum(wanted)
    edges = [float(_MARGIN)]
    for width in wanted:
        edges.append(edges[-1] + width * unit + 2 * _PADDING)
    return edges


def _width(text: str, size: int) -> float:
    widths = (_LATIN.get(character, 1000) for character in text)
    return sum(widths) * size / 1000


def _wrapped(text: str, room: float, size: int) -> list[str]:
    """Break text into lines that fit, at any character but within a number and before a mark."""
    lines = []
    for part in text.split("\n"):
        line = ""
        for word in _words(part):
            if line and _width(line + word, size) > room:
                lines.append(line)
                line = ""
            line += word
        lines.append(line)
    return lines


def _words(text: str) -> Iterator[str]:
    """Part text where a line may end. Addresses are broken anywhere, as are Chinese words."""
    for word in re.findall(_WORD, text):
        yield from re.findall(_LETTER, word) if len(word) > _LONGEST_WHOLE else [word]


def _file(contents: list[list[str]], title: str) -> bytes:
    """Put pages together: the catalogue, the font, the properties, then each page and what is drawn on it."""
    first = 7
    widths = " ".join(str(_LATIN[character]) for character in sorted(_LATIN))
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(contents)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 [{widths}]]"
        " /FontDescriptor 5 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        " /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        f"<< /Title {_string(title)} /Subject {_string(REPLICA_WORDS)} >>",
    ]
    for number, operators in enumerate(contents):
        drawn = "\n".join(["0.5 w", *operators])
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Resources << /Font << /F 3 0 R >> >>"
            f" /Contents {first + 2 * number + 1} 0 R >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    data, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{text}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + end.encode("ascii")


def _string(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex()}>"
