"""Ten thousand captures, and whether three readings of them agree: ours, fastwarc's and pywb's.

    python -m tests.captures.soak [--captures 10000] [--keep FOLDER]

Prints the figures as JSON. Exit status: 0 when all agree, 1 when not, 2 without pywb (tools/pywb.sh).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.captures import Capture, CaptureStore, Exchange
from archive.captures.cdxj import write_cdxj
from archive.verify import verify
from tests.pywb.replay import MISSING, WAYBACK, Replay, replay

FASTWARC = Path(sys.executable).with_name("fastwarc")
# A run each night for so many nights, each with its share; files are rotated at so many bytes.
_NIGHTS = 10
_ROTATE_AT = 10_000_000
# Requests pywb is asked at a time.
_AT_A_TIME = 4


def fill(folder: Path, captures: int, seed: int = 1) -> dict[str, str]:
    """Write captures as ten crawls would; return the SHA-256 of what each stands for, by its id.

    Of each night's answers 5 % say "not modified" and 20 % repeat the bytes of before; the rest is new: pages plain and
    packed, files, and a form's POST.
    """
    draw = random.Random(seed)
    words = [f"{draw.getrandbits(32):08x}" for _ in range(5000)]
    start = datetime(2026, 1, 1, 19, 17, tzinfo=UTC)
    last: dict[int, bytes] = {}
    seen: dict[str, str] = {}
    for night in range(_NIGHTS):
        store = CaptureStore(folder)
        moment = start + timedelta(days=night)
        out = store.writer(run_id=f"{moment:%Y%m%dT%H%M%SZ}", software="soak/1", rotate_at=_ROTATE_AT)
        for number in range(captures // _NIGHTS):
            chance = draw.random()
            packed = number % 3 == 0
            unchanged = number in last and chance < 0.05
            if not (number in last and chance < 0.25):
                page = " ".join(draw.choices(words, k=draw.randrange(100, 2000))).encode()
                last[number] = gzip.compress(page, mtime=0) if packed else page
            capture = out.write(
                Exchange(
                    url=f"http://h{number % 7}.localhost/art/{number}.html",
                    status=304 if unchanged else 200,
                    headers=[] if unchanged else [("Content-Type", "text/html"), *([("Content-Encoding", "gzip")] * packed)],
                    body=b"" if unchanged else last[number],
                    fetched_at=moment + timedelta(seconds=number),
                    request_headers=[("Host", "localhost")],
                    facts={"role": "article"},
                )
            )  # fmt: skip
            body = gzip.decompress(last[number]) if packed else last[number]
            seen[capture.id] = hashlib.sha256(body).hexdigest()
        out.close()
        store.close()
    return seen


def replayed(pywb: Replay, captures: list[Capture], seen: dict[str, str]) -> int:
    """Count the captures pywb serves byte for byte."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        answers = pool.map(
            lambda capture: hashlib.sha256(pywb.get(capture).content).hexdigest() == seen[capture.id], captures
        )
        return sum(answers)


def main() -> int:
    """Run the soak and print its figures."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--captures", type=int, default=10_000)
    arguments.add_argument("--keep", type=Path, help="Leave the captures in this folder.")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as waiting:
        data = asked.keep or Path(waiting)
        folder = data / "captures"
        write_s, seen = _timed(lambda: fill(folder, asked.captures))
        figures: dict[str, object] = {"captures": len(seen), "write_s": write_s}
        files = sorted(folder.glob("*.warc.gz"))
        figures["files"], figures["mb"] = len(files), round(sum(path.stat().st_size for path in files) / 1e6, 1)
        figures["verify_s"], found = _timed(lambda: verify(data))
        figures["verify"] = {"sound": found.sound, "captures": found.captures, "records": found.records}
        figures["fastwarc_s"], checks = _timed(lambda: [_run(FASTWARC, "check", path) for path in files])
        figures["gzip_sound"] = not any(_run("gzip", "-t", path) for path in files)
        figures["fastwarc"] = {"sound": not any(checks), **_counted(files)}
        figures["cdxj_s"], _ = _timed(lambda: write_cdxj(folder))
        figures["max_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        agree = found.sound and not any(checks) and figures["gzip_sound"]
        agree &= found.captures == len(seen) == figures["fastwarc"]["captures"]
        agree &= found.records == figures["fastwarc"]["records"]
        if WAYBACK.exists():
            store = CaptureStore(folder)
            captures = list(store.index.all())
            store.close()
            with replay(folder) as pywb:
                figures["pywb_s"], same = _timed(lambda: replayed(pywb, captures, seen))
            figures["pywb"] = {"replayed_byte_for_byte": same}
            agree &= same == len(seen)
        figures["agree"] = agree
        print(json.dumps(figures, indent=1))  # noqa: T201
    if not WAYBACK.exists():
        print(MISSING, file=sys.stderr)  # noqa: T201
        return 2
    return 0 if agree else 1


def _timed(work) -> tuple[float, object]:
    start = time.monotonic()
    result = work()
    return round(time.monotonic() - start, 1), result


def _run(*command: object) -> int:
    return subprocess.run([str(word) for word in command], capture_output=True, check=False).returncode


def _counted(files: list[Path]) -> dict[str, int]:
    """Count what fastwarc finds in the files."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    records = captures = 0
    for path in files:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=False):
                records += 1
                captures += record.record_type in (WarcRecordType.response, WarcRecordType.revisit)
    return {"records": records, "captures": captures}


if __name__ == "__main__":
    sys.exit(main())
