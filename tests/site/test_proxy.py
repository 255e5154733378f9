"""docs/deploy/nginx.conf does what it says, with a real nginx before the site."""

from __future__ import annotations

import gzip
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.site.sample import MAIN
from tests.site.test_serve import serving

CONFIGURATION = Path(__file__).parents[2] / "docs" / "deploy" / "nginx.conf"

pytestmark = pytest.mark.skipif(
    not (shutil.which("nginx") or Path("/usr/sbin/nginx").exists()), reason="nginx is not installed"
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@contextmanager
def proxied(folder: Path, site: str):
    """Run nginx with the documented configuration, its ports and folders those of the test; gives its address."""
    port = free_port()
    text = CONFIGURATION.read_text("utf-8")
    for what, ours in (
        (r"127\.0\.0\.1:8001", site.removeprefix("http://").strip("/")),
        (r"listen 80;", f"listen 127.0.0.1:{port};"),
        (r"/var/cache/nginx/xxgk", str(folder / "cache")),
    ):
        text, changed = re.subn(what, ours, text)
        assert changed, what
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{text}\n}}\n"
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(main)], stderr=subprocess.PIPE, text=True)
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, process.stderr.read()
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=30)


def get(address: str, **headers: str):
    """Return status, headers and body, of errors too."""
    try:
        answer = urllib.request.urlopen(urllib.request.Request(address, headers=headers))
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers, answer.read()


@pytest.fixture(scope="module")
def address(archive, tmp_path_factory):
    with serving(archive, "--public") as (_, site), proxied(tmp_path_factory.mktemp("nginx"), site) as found:
        yield found


def test_a_page_is_made_once_and_then_sent_from_the_cache_in_each_language(address):
    page = f"{address}reports/{MAIN}"
    first, second = get(page), get(page)
    assert first[0] == second[0] == 200 and first[2] == second[2]
    assert (first[1]["X-Cache"], second[1]["X-Cache"]) == ("MISS", "HIT")
    assert f'href="{page}"'.encode() in first[2]
    english = get(page, Cookie="lang=en")
    assert english[1]["Content-Language"] == "en" and english[2] != first[2]
    assert get(page)[2] == first[2]
    assert get(page, **{"If-None-Match": first[1]["ETag"]})[0] == 304


def test_pages_come_compressed_with_the_headers_of_the_site(address):
    status, headers, body = get(f"{address}method", **{"Accept-Encoding": "gzip"})
    assert status == 200 and headers["Content-Encoding"] == "gzip"
    assert "哈尔滨" in gzip.decompress(body).decode()
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_about_the_server_are_closed(address):
    for path in ("-/versions", "-/threads", "-/plugins"):
        assert get(address + path)[0] == 404


def test_a_search_for_ten_thousand_characters_comes_through(address):
    assert get(f"{address}search?q={quote('公' * 10_000)}")[0] == 200


def test_who_asks_for_heavy_pages_without_end_is_slowed_down_and_others_pages_still_come(address):
    statuses = Counter(get(f"{address}archive/cells?_facet=row&n={number}")[0] for number in range(40))
    assert statuses[200] >= 10 and statuses[429] >= 10
    assert set(statuses) <= {200, 429}
    assert get(f"{address}reports/{MAIN}")[0] == 200
