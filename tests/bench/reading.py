"""How fast `xxgk parse` reads each kind of file on one core, beside what a plain library takes for the tables alone."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas
import pdfplumber
from playwright.sync_api import sync_playwright

from archive.documents.ocr import available
from tests.documents import pdf_writing, scanning, test_docx
from tests.forms import paper

# Documents of each kind: enough for a steady figure.
HTML, DOCX, PDF, SCANS = 1000, 200, 40, 2
# A report pasted from Word has about this many paragraphs of text beside its tables; one in eight states numbers.
_PARAGRAPHS = 40
_PROSE = "全面落实政府信息公开条例，进一步健全工作机制，" * 6
_COUNTS = "全年通过政府网站公开政府信息{}条，其中政策文件{}件；受理政府信息公开申请{}件，均按期答复，"


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
        page = page.replace("<p>二、", _prose(chance) + "<p>二、").replace("教育局", f"第{number}中心")
        yield page.encode()


def _prose(chance: random.Random) -> str:
    paragraphs = []
    for number in range(_PARAGRAPHS):
        counted = _COUNTS.format(*(chance.randint(1, 500) for _ in range(3))) if number % 8 == 0 else ""
        text = counted + _PROSE[: len(_PROSE) - len(counted)] + "。"
        paragraphs.append(f"<p class='MsoNormal' style='text-indent:32pt'><span>{text}</span></p>")
    return "".join(paragraphs)


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


def bench_scan() -> dict:
    """Read scanned reports of some four pages at 200 dots an inch, on all cores, as the archive's build does."""
    if not available():
        return {"documents": 0, "not measured": "the extra ocr is not installed"}
    documents, pages_made = [], 0
    with sync_playwright() as started:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for seed in range(SCANS):
            source = random.Random(seed)
            values = scanning.random_values(source)
            printed = scanning.printed(browser, scanning.report_html(values, scanning.Print(), source))
            how = scanning.Scanner(dpi=200, turn=source.uniform(-0.5, 0.5))
            pictures = [scanning.scanned(page, how, seed) for page in scanning.rasters(printed, how.dpi)]
            pages_made += len(pictures)
            documents.append(scanning.scan_pdf(pictures, how.quality, how.dpi))
        browser.close()
    lines, took, peak = _parsed(documents, every_core=True)
    states = [cell["state"] for line in lines for cell in line["cells"]]
    return {
        "pages": pages_made,
        "seconds a page": round(took / pages_made, 1),
        "cells unread": len(states) - states.count("number") - states.count("blank"),
        "peak memory, MB": peak,
    }


def _measured(documents: list[bytes], name: str = "", plain: Callable[[bytes], object] | None = None) -> dict:
    """Time the reading of documents on one core, beside what a plain library takes for a part of it."""
    lines, took, peak = _parsed(documents)
    assert all(sum(cell["state"] == "number" for cell in line["cells"]) == 200 for line in lines)
    figures = {
        "documents": len(documents),
        "kB a document": round(sum(map(len, documents)) / len(documents) / 1000, 1),
        "documents/s": round(len(documents) / took, 1),
        "ms a document": round(took / len(documents) * 1000, 1),
        "peak memory, MB": peak,
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


def _parsed(documents: list[bytes], *, every_core: bool = False) -> tuple[list[dict], float, int]:
    """Run `xxgk parse` on documents as files, with all that belongs to it: start, confined process, JSON.

    Returns its lines, the seconds it took, and the peak memory of the largest of its processes in megabytes.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, data in enumerate(documents):
            files.append(Path(folder) / f"{number:04}")
            files[-1].write_bytes(data)
        start = time.perf_counter()
        command = [sys.executable, "-m", "archive", "parse", *files]
        with (Path(folder) / "lines").open("w+b") as out:
            running = subprocess.Popen(command, stdout=out, preexec_fn=None if every_core else _one_core)
            _, status, used = os.wait4(running.pid, 0)
            took = time.perf_counter() - start
            running.returncode = os.waitstatus_to_exitcode(status)
            if running.returncode:
                raise subprocess.CalledProcessError(running.returncode, command[:4])
            out.seek(0)
            lines = [json.loads(line) for line in out]
    # On Linux ru_maxrss is in kilobytes.
    return lines, took, round(used.ru_maxrss / 1000)


def _one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
