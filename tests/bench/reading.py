"""How fast `xxgk parse` reads each kind of file on one core, beside what a plain library takes for the tables alone."""

from __future__ import annotations

import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas
import pdfplumber

from tests.documents import pdf_writing, test_docx
from tests.forms import paper

# Documents of each kind: enough for a steady figure.
HTML, DOCX, PDF = 1000, 200, 40
# A report pasted from Word has about this many paragraphs of text beside its tables.
_PARAGRAPHS = 40
_TEXT = "<p class='MsoNormal' style='text-indent:32pt'><span>" + "全面落实政府信息公开条例，" * 12 + "</span></p>"


def numbers(chance: random.Random) -> dict[paper.Key, str]:
    """Draw a number for every cell of the form."""
    return {key: str(chance.randint(0, 500)) for key in paper.keys()}  # noqa: SIM118


def pages(count: int) -> Iterator[bytes]:
    """Make reports as web pages: clean, pasted from Word, and with tags left open, in turn."""
    chance = random.Random(1)
    for number in range(count):
        markup = ("clean", "word", "unclosed")[number % 3]
        noise = paper.Noise(chance, markup=markup)
        page = paper.page_html(numbers(chance), noise, two="one", three="official", four="official")
        page = page.replace("<p>二、", _TEXT * _PARAGRAPHS + "<p>二、").replace("教育局", f"第{number}中心")
        yield page.encode()


def _docx(count: int) -> Iterator[bytes]:
    chance = random.Random(2)
    for _ in range(count):
        yield test_docx.report(numbers(chance), paper.Noise(chance))


def _pdf(count: int) -> Iterator[bytes]:
    chance = random.Random(3)
    for _ in range(count):
        yield pdf_writing.ruled_report(numbers(chance), paper.Noise(chance), pdf_writing.Style())


def bench_html() -> dict:
    """Read reports as web pages, beside pandas.read_html, which takes the tables and nothing else."""
    return _measured(
        list(pages(HTML)), "pandas.read_html", lambda page: pandas.read_html(io.BytesIO(page), flavor="lxml")
    )


def bench_docx() -> dict:
    """Read reports as Word files."""
    return _measured(list(_docx(DOCX)))


def bench_pdf() -> dict:
    """Read reports as PDF with a text layer, beside pdfplumber taking the tables and nothing else."""
    return _measured(list(_pdf(PDF)), "pdfplumber's tables", _plumbed)


def _plumbed(data: bytes) -> list:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return [page.extract_tables() for page in document.pages]


def _measured(documents: list[bytes], name: str = "", plain: Callable[[bytes], object] | None = None) -> dict:
    """Time `xxgk parse` on the documents as files, with all that belongs to it: start, confined process, JSON."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, data in enumerate(documents):
            files.append(Path(folder) / f"{number:04}")
            files[-1].write_bytes(data)
        start = time.perf_counter()
        command = [sys.executable, "-m", "archive", "parse", *files]
        done = subprocess.run(command, capture_output=True, check=True, preexec_fn=_one_core)
        took = time.perf_counter() - start
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(sum(cell["state"] == "number" for cell in line["cells"]) == 200 for line in lines)
    figures = {
        "documents": len(documents),
        "kB a document": round(sum(map(len, documents)) / len(documents) / 1000, 1),
        "documents/s": round(len(documents) / took, 1),
        "ms a document": round(took / len(documents) * 1000, 1),
        # On Linux ru_maxrss is in kilobytes. The largest of all processes it started.
        "peak memory, MB": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000),
    }
    if plain:
        _one_core()
        sample = documents[:100]
        start = time.perf_counter()
        for data in sample:
            plain(data)
        bare = (time.perf_counter() - start) / len(sample)
        figures[f"ratio to {name}"] = round(took / len(documents) / bare, 2)
    return figures


def _one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
