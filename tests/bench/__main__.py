"""``make bench``: how fast reading, build and crawl are, and how much memory they take.

Each part runs in a process of its own, so that its peak memory is its own. Figures are of this machine and this run;
what can be compared between machines is printed as a ratio.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from archive.captures import CaptureStore, Exchange
from archive.database.build import build
from tests.bench.reading import bench_docx, bench_html, bench_pdf, bench_scan, pages

# Documents the build works through: enough for a steady figure within a few seconds.
_DOCUMENTS = 200


def bench_build() -> dict:
    """Build the archive from captures: first reading everything, then with nothing new."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        store = CaptureStore(data / "captures")
        writer = store.writer(run_id="20260101T000000Z", software="bench")
        start = time.perf_counter()
        for number, page in enumerate(pages(_DOCUMENTS)):
            writer.write(
                Exchange(
                    url=f"http://bench.localhost/{number}", status=200, headers=[("Content-Type", "text/html")],
                    body=page, fetched_at=datetime.now(UTC), facts={"role": "article", "portal": "bench"},
                )
            )  # fmt: skip
        writer.close()
        wrote = time.perf_counter() - start
        store.close()
        start = time.perf_counter()
        counts = build(data, jobs=1).counts
        first = time.perf_counter() - start
        start = time.perf_counter()
        build(data, jobs=1)
        again = time.perf_counter() - start
    return {
        "reports": counts["reports"],
        "captures written/s": round(_DOCUMENTS / wrote, 1),
        "documents/s, all new": round(_DOCUMENTS / first, 1),
        "documents/s, none new": round(_DOCUMENTS / again, 1),
    }


def bench_crawl() -> dict:
    """Crawl a replica, then the same again, then fetch the same addresses with nothing but Scrapy.

    The replica serves from a process of its own. What our own code costs a page is the difference in CPU time between
    our crawl and Scrapy's bare one, over the requests made.
    """
    replica = subprocess.Popen(
        [sys.executable, "-m", "archive", "replica", "--port", "0", "--agencies", "40"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = replica.stdout.readline().strip()
        with tempfile.TemporaryDirectory() as folder:
            # The first crawl also makes the replica draw its documents; the second folder's is the one measured.
            _crawl(Path(folder) / "warm", address)
            ours = _crawl(Path(folder) / "data", address)
            again = _crawl(Path(folder) / "data", address)
            store = CaptureStore(Path(folder) / "data" / "captures")
            urls = [capture.url for capture in store.index.all() if capture.method == "GET" and capture.status == 200]
            store.close()
            urls = (urls * 2)[: ours["requests"]]
            listed = Path(folder) / "urls.json"
            listed.write_text(json.dumps(urls))
            bare = _child([sys.executable, "-m", "tests.bench.bare_scrapy", str(listed)])
    finally:
        replica.terminate()
        replica.wait()
    own = (ours["cpu"] - bare["cpu"]) / ours["requests"] * 1000
    return {
        "requests": ours["requests"],
        "requests/s": round(ours["requests"] / ours["wall"], 1),
        "requests, again": again["requests"],
        "seconds, again": round(again["wall"], 1),
        "our own CPU ms a request, beyond Scrapy's": round(own, 2),
        "ratio to bare Scrapy": round(ours["cpu"] / bare["cpu"], 2),
    }


def _crawl(data: Path, address: str) -> dict:
    command = [sys.executable, "-m", "archive", "crawl", "--data", str(data), "--portals", f"{address}portals.toml"]
    took = _child(command)
    newest = max((data / "runs").glob("*.json"))
    return {**took, "requests": json.loads(newest.read_text())["requests"]}


def _child(command: list[str]) -> dict:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": time.perf_counter() - start, "cpu": cpu}


PARTS = {
    "html": bench_html, "docx": bench_docx, "pdf": bench_pdf, "scan": bench_scan, "build": bench_build,
    "crawl": bench_crawl,
}  # fmt: skip


def main() -> None:
    """Run every part in its own process and print its figures; or, given a name, that part."""
    if len(sys.argv) > 1:
        figures = PARTS[sys.argv[1]]()
        # On Linux ru_maxrss is in kilobytes.
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        sys.stdout.write(json.dumps({"peak memory, MB": round(peak / 1000), **figures}))
        return
    for name in PARTS:
        done = subprocess.run([sys.executable, "-m", "tests.bench", name], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{name}: {done.stderr}")
        figures = "  ".join(f"{key}: {value}" for key, value in json.loads(done.stdout).items())
        sys.stdout.write(f"{name:6}  {figures}\n")


if __name__ == "__main__":
    main()
