"""DOCX: merged cells, runs, wrappers; and files that must not be opened."""

from __future__ import annotations

import io
import random
import zipfile

import docx
import pytest
from docx.document import Document as Docx
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.reading import read_bytes
from tests.forms import paper


def write_table(document: Docx, rows: list[paper.Row]) -> None:
    """Lay rows out on a grid and merge its cells as their spans say."""
    width = max(sum(cell.colspan for cell in row) for row in rows[:1])
    taken: set[tuple[int, int]] = set()
    places = []
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            places.append((y, x, cell))
            taken |= {(y + down, x + right) for down in range(cell.rowspan) for right in range(cell.colspan)}
            x += cell.colspan
    table = document.add_table(len(rows), width)
    for y, x, cell in places:
        first = table.cell(y, x)
        if cell.rowspan > 1 or cell.colspan > 1:
            first = first.merge(table.cell(y + cell.rowspan - 1, x + cell.colspan - 1))
        # Word splits a number over runs wherever someone once stopped typing.
        half = len(cell.text) // 2
        first.paragraphs[0].add_run(cell.text[:half])
        first.paragraphs[0].add_run(cell.text[half:])


def report(values: dict, noise: paper.Noise) -> bytes:
    document = docx.Document()
    document.add_paragraph("南岗区教育局2023年政府信息公开工作年度报告")
    document.add_paragraph("一、总体情况")
    write_table(document, paper.table_two(values, noise)[0])
    document.add_paragraph("三、收到和处理政府信息公开申请情况")
    write_table(document, paper.table_three(values, noise))
    write_table(document, paper.table_four(values, noise))
    document.add_paragraph("五、存在的主要问题及改进情况")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@settings(max_examples=8, deadline=None)
@given(numbers=st.lists(st.integers(0, 99_999), min_size=200, max_size=200), seed=st.integers(0, 2**32))
def test_every_cell_of_a_docx_report_is_read(numbers, seed):
    values = dict(zip(paper.keys(), map(str, numbers), strict=True))
    line = read_bytes(report(values, paper.Noise(random.Random(seed))))
    assert {(c["table"], c["row"], c["column"]): str(c["value"]) for c in line["cells"]} == values
    assert (line["source"]["reader"], line["report"]["agency"]) == ("docx", "南岗区教育局")


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda data: data[: len(data) // 2], "ZIP"),
        (lambda _: _bomb(), "超出"),
        (lambda _: _zip({"word/document.xml": b"<w:document"}), "损坏"),
    ],
)
def test_a_docx_that_cannot_be_opened_gives_a_reason(spoil, word):
    line = read_bytes(spoil(report(dict.fromkeys(paper.keys(), "1"), paper.Noise(random.Random(1)))))
    assert line["status"] == "unreadable"
    assert word in line["error"]


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _bomb() -> bytes:
    return _zip({"word/document.xml": b" " * 50_000_000})
