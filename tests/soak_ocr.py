"""Reads many simulated scans and prints how many cells came out right, unread and wrong; part of `make soak`.

Each report has other numbers, fonts, ruling lines, sizes, slant, light, blur, noise and compression. Exit status 1 when
one cell is wrong, or fewer than 99.5 % are right. With ``--unlike`` the scans are worse than the goal asks for and
printed in other fonts, where they are installed (Debian: fonts-liberation, fonts-arphic-uming, fonts-arphic-ukai,
fonts-wqy-zenhei, fonts-wqy-microhei, fonts-cwtex-fs): then only wrong cells count.
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
from dataclasses import replace

from playwright.sync_api import sync_playwright

from archive.reading import read_bytes
from tests.documents import scanning
from tests.documents.scanning import Print, Scanner

_RIGHT = 0.995
_FACES = (
    scanning.SANS,
    scanning.SONG,
    "'Liberation Serif', 'AR PL UMing CN'",
    "'AR PL UKai CN'",
    "'Liberation Sans', 'WenQuanYi Zen Hei'",
    "'WenQuanYi Micro Hei'",
    "'Liberation Serif', 'cwTeXFangSong'",
)


def main() -> int:
    """Read ``--documents`` scans from ``--seed`` on and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--unlike", action="store_true", help="worse scans, in other fonts: none may be wrong")
    parser.add_argument("--verbose", action="store_true", help="show every cell that is not right")
    given = parser.parse_args()
    total: Counter[str] = Counter()
    pages = seconds = processor = 0.0
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=["--no-sandbox"]
        )
        for seed in range(given.seed, given.seed + given.documents):
            values, look, scanner, count, data = _document(browser, seed, given.dpi, unlike=given.unlike)
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
            sys.stdout.write(f"{seed}: {dict(counts)} {line['status']} {look.font[:12]} {scanner}\n")
            for kind, *what in told if given.verbose else ():
                if kind != "right":
                    sys.stdout.write(f"    {kind} {' '.join(map(str, what))}\n")
            sys.stdout.flush()
        browser.close()
    cells = sum(total.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{cells} cells: {total['right']} right ({total['right'] / cells:.3%}), {total['unread']} unread, "
        f"{total['missing']} not shown, {total['wrong']} wrong; {seconds / pages:.1f} s a page "
        f"({processor / pages:.1f} s of processor), peak {peak:.0f} MB\n"
    )
    return int(total["wrong"] > 0 or (total["right"] < _RIGHT * cells and not given.unlike))


def _document(browser, seed: int, dpi: int, *, unlike: bool):
    source = random.Random(seed)
    most, empty = source.choice([30, 400, 3000]), source.choice(["", "/", "-"]) if unlike else ""
    values = scanning.random_values(source, most=most, blanks=0.15, empty=empty)
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
    if unlike:
        look, scanner = _unlike(source, look, scanner)
    dpi = scanner.dpi
    pdf = scanning.printed(browser, scanning.report_html(values, look, source))
    pictures = [scanning.scanned(page, scanner, seed) for page in scanning.rasters(pdf, dpi)]
    return values, look, scanner, len(pictures), scanning.scan_pdf(pictures, scanner.quality, dpi)


def _unlike(source: random.Random, look: Print, scanner: Scanner) -> tuple[Print, Scanner]:
    """Another font, low rows, and one or two of what makes scans bad."""
    look = replace(look, font=source.choice(_FACES), padding=source.choice([1, 2, 5]))
    ways = [
        {"dpi": 150},
        {"dpi": 300},
        {"turn": source.uniform(-1.2, 1.2)},
        {"blur": source.uniform(0.9, 1.5)},
        {"noise": source.uniform(12, 25)},
        {"quality": 30},
        {"fax": source.randint(120, 190), "pepper": source.choice([0, 0.001, 0.005])},
        {"border": source.randint(10, 60)},
        {"lay": source.randint(1, 3)},
        {"seal": (source.uniform(0.3, 0.8), source.uniform(0.2, 0.8))},
    ]
    for way in source.sample(ways, 2):
        scanner = replace(scanner, **way)
    return look, scanner


if __name__ == "__main__":
    sys.exit(main())
