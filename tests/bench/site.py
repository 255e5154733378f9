"""``python -m tests.bench.site``: how fast the site answers on an archive of 15,000 reports, and what it takes.

Beside each figure stands its target where there is one. The server is `xxgk serve --public`, in a process of its own;
the clients are of this process, on the same machine. ``XXGK_BENCH`` is the folder the archive is kept in between runs;
another data folder can be given as an argument.
"""

from __future__ import annotations

import http.client
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.bench.archive import archive

# Different pages asked for of each kind, one after the other; each once, so that none is kept from before.
_ASKED = 120
# How long several clients ask, in seconds.
_LASTS = 8
# Pages of six clients at once: the heaviest there are, each time narrowed a little otherwise.
_HEAVY = "/archive/cells?_facet=row&_facet=column&_facet=state&value__gt={number}&_sort_desc=value"

# Milliseconds, the 95th of 100, with one client.
TARGETS = {"home": 100, "report": 100, "agency": 100, "coverage": 100, "search": 150, "compare": 200}


class Client:
    """One reader with one connection kept open."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)

    def get(self, path: str) -> tuple[int, float]:
        """Return the status and how long the whole answer took, in milliseconds."""
        start = time.perf_counter()
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status, (time.perf_counter() - start) * 1000


@contextmanager
def served(data: Path) -> Iterator[tuple[str, int]]:
    """Serve an archive; gives the address and the process id."""
    command = [sys.executable, "-m", "archive", "serve", "--data", str(data), "--port", "0", "--public"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process.stdout.readline().strip(), process.pid
    finally:
        process.terminate()
        process.wait()


def addresses(data: Path) -> dict[str, list[str]]:
    """Return different addresses of each kind of page, drawn from the archive."""
    chance = random.Random(1)
    with sqlite3.connect(data / "archive.db") as db:
        reports = [row[0] for row in db.execute("SELECT id FROM reports ORDER BY id")]
        agencies = [row[0] for row in db.execute("SELECT id FROM agencies ORDER BY id")]
        districts = [row[0] for row in db.execute("SELECT DISTINCT district FROM agencies WHERE district IS NOT NULL")]
        texts = [
            row[0]
            for row in db.execute("SELECT text FROM sections WHERE length(text) > 20 ORDER BY search_id LIMIT 9000")
        ]
    return {
        "home": [f"/?n={number}" for number in range(_ASKED)],
        "report": [f"/reports/{name}" for name in chance.sample(reports, _ASKED)],
        "agency": [f"/agencies/{name}" for name in chance.sample(agencies, _ASKED)],
        "coverage": [
            f"/coverage?{urlencode({'district': chance.choice(districts), 'page': number % 9 + 1, 'n': number})}"
            for number in range(_ASKED)
        ],
        "search": [f"/search?{urlencode({'q': query})}" for query in _queries(chance, texts)],
        "compare": [
            "/compare?" + urlencode(
                {"agency": chance.sample(agencies, 4), "year": range(2021, 2026), "table": "requests"}, doseq=True
            )
            for _ in range(_ASKED)
        ],
        "reports": [f"/reports?year={2021 + number % 6}&page={number}" for number in range(_ASKED)],
        "table page": [f"/archive/reports?_next={number}&year={2021 + number % 6}" for number in range(_ASKED // 2)],
        "table search": [f"/archive/sections?{urlencode({'_search': query})}" for query in _queries(chance, texts)[:60]],
        "heaviest": [_HEAVY.format(number=number) for number in range(10)],
    }  # fmt: skip


def _queries(chance: random.Random, texts: Sequence[str]) -> list[str]:
    """Half strings cut from anywhere in the texts, of one to eight characters; half two of them together."""

    def piece() -> str:
        text = chance.choice(texts).replace(" ", "").replace("\n", "")
        start = chance.randrange(len(text) - 8)
        return text[start : start + chance.randint(1, 8)]

    return [piece() if number % 2 else f"{piece()} {piece()}" for number in range(_ASKED)]


def at(times: Sequence[float], share: float) -> float:
    """Return the value below which a share of ``times`` lies."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def one_after_the_other(address: str, paths: Sequence[str]) -> tuple[list[float], set[int]]:
    """Ask for each path once; returns the times and the statuses met."""
    client = Client(address)
    answers = [client.get(path) for path in paths]
    return [took for _, took in answers], {status for status, _ in answers}


def at_once(address: str, paths: Sequence[str], clients: int, seconds: float) -> list[tuple[int, float]]:
    """Have so many clients ask for ``paths``, each its own part, over and over; returns statuses and times."""
    end = time.perf_counter() + seconds
    answers: list[tuple[int, float]] = []

    def ask(number: int) -> None:
        client, mine = Client(address), paths[number::clients]
        while time.perf_counter() < end:
            for path in mine:
                answers.append(client.get(path))
                if time.perf_counter() > end:
                    return

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def memory(process: int) -> float:
    """Return the most memory a process has held, in megabytes."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1000


def bench(data: Path) -> Iterator[str]:
    """Measure, and yield the figures line by line."""
    pages = addresses(data)
    with sqlite3.connect(data / "archive.db") as db:
        every_report = [f"/reports/{row[0]}" for row in db.execute("SELECT id FROM reports ORDER BY id")]
    random.Random(2).shuffle(every_report)
    with served(data) as (address, process):
        for path in ("/", pages["report"].pop(), pages["agency"].pop(), pages["search"].pop(), pages["compare"].pop()):
            Client(address).get(path)
        for kind, paths in pages.items():
            times, statuses = one_after_the_other(address, paths)
            target = f" (target {TARGETS[kind]})" if kind in TARGETS else ""
            odd = f"  statuses {sorted(statuses)}" if statuses != {200} else ""
            yield f"{kind:13} p50 {at(times, 0.5):6.1f}  p95 {at(times, 0.95):6.1f} ms{target}{odd}"
        answers = at_once(address, every_report[:7000], 8, _LASTS)
        good = sum(status == 200 for status, _ in answers)
        yield f"8 clients: {good / _LASTS:.0f} report pages/s, none twice (target 60); p95 {at([t for _, t in answers], 0.95):.0f} ms"
        same = at_once(address, every_report[:100], 8, _LASTS / 2)
        yield f"8 clients, 100 reports over and over: {len(same) / _LASTS * 2:.0f} pages/s"
        yield _under_load(address, every_report[7000:])
        yield f"memory: {memory(process):.0f} MB at most (target 500)"


def _under_load(address: str, reports: Sequence[str]) -> str:
    heavy: list[tuple[int, float]] = []
    paths = [_HEAVY.format(number=number) for number in range(100, 6000)]
    attack = threading.Thread(target=lambda: heavy.extend(at_once(address, paths, 6, _LASTS)))
    attack.start()
    time.sleep(0.5)
    client, times, end = Client(address), [], time.perf_counter() + _LASTS - 1
    for path in reports:
        times.append(client.get(path)[1])
        if time.perf_counter() > end:
            break
        time.sleep(0.02)
    attack.join()
    statuses = {status: sum(status == other for other, _ in heavy) for status in {status for status, _ in heavy}}
    return (
        f"beside 6 clients on the heaviest page ({statuses}, {sum(t for _, t in heavy) / len(heavy):.0f} ms each): "
        f"report p50 {at(times, 0.5):.0f}  p95 {at(times, 0.95):.0f} ms of {len(times)} (target 150)"
    )


def main() -> None:
    """Print the figures, of the data folder given or of the large archive."""
    folder = Path(os.environ.get("XXGK_BENCH") or tempfile.gettempdir())
    for line in bench(Path(sys.argv[1]) if len(sys.argv) > 1 else archive(folder)):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
