"""Reads many simulated scans and prints how many cells came out right, unread and wrong: `make soak-ocr`.

Each report has other numbers, fonts, ruling lines, sizes, slant, light, blur, noise and compression. Exit status 1 when
one cell is wrong, or fewer than 99.5 % are right.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import sys
import time
from collections import Counter

from playwright.sync_api import sync_playwright

from archive.reading import read_bytes
from tests.documents import scanning
from tests.documents.scanning import Print, Scanner

_RIGHT = 0.995


def main() -> int:
    """Read ``--documents`` scans from ``--seed`` on and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--verbose", action="store_true", help="show every cell that is not right")
    given = parser.parse_args()
    total: Counter[str] = Counter()
    pages = seconds = processor = 0.0
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=["--no-sandbox"]
        )
        for seed in range(given.seed, given.seed + given.documents):
            values, look, scanner, count, data = _document(browser, seed, given.dpi)
            start, before = time.perf_counter(), time.process_time()
            line = read_bytes(data)
            seconds, processor, pages = (
                seconds + time.perf_counter() - start,
                processor + time.process_time() - before,
                pages + count,
            )
            told = scanning.judged(line, values)
            counts = Counter(kind for kind, *_ in told)
            total += counts
            print(f"{seed}: {dict(counts)} {line['status']} {look.font[:12]} {scanner}")  # noqa: T201
            for kind, *what in told if given.verbose else ():
                if kind != "right":
                    print("   ", kind, *what)  # noqa: T201
            sys.stdout.flush()
        browser.close()
    cells = sum(total.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201
        f"{cells} cells: {total['right']} right ({total['right'] / cells:.3%}), {total['unread']} unread, "
        f"{total['missing']} not shown, {total['wrong']} wrong; {seconds / pages:.1f} s a page "
        f"({processor / pages:.1f} s of processor), peak {peak:.0f} MB"
    )
    return int(total["wrong"] > 0 or total["right"] < _RIGHT * cells)


def _document(browser, seed: int, dpi: int):
    source = random.Random(seed)
    values = scanning.random_values(source, most=source.choice([30, 400, 3000]), blanks=0.15)
    look = Print(
        font=source.choice([scanning.SANS, scanning.SONG]),
        ruling=source.choice([0.5, 0.75, 1.0, 1.5]),
        size=source.choice([8, 9, 10, 10.5]),
        label_noise=source.random() < 0.3,
    )
    scanner = Scanner(
        dpi=dpi,
        turn=source.uniform(-0.5, 0.5),
        blur=source.uniform(0.3, 0.9),
        noise=source.uniform(2, 12),
        quality=source.choice([60, 75, 90]),
        uneven=source.uniform(0, 0.15),
        seal=(source.uniform(0.3, 0.8), source.uniform(0.2, 0.8)) if source.random() < 0.2 else None,
    )
    pdf = scanning.printed(browser, scanning.report_html(values, look, source))
    pictures = [scanning.scanned(page, scanner, seed) for page in scanning.rasters(pdf, dpi)]
    return values, look, scanner, len(pictures), scanning.scan_pdf(pictures, scanner.quality, dpi)


if __name__ == "__main__":
    sys.exit(main())
