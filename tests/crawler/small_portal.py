"""A portal of a few pages on a loopback address, told page by page what to answer."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl


@dataclass
class Page:
    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0


@dataclass
class Asked:
    method: str
    path: str
    form: list[tuple[str, str]]
    headers: dict[str, str]
    status: int


_CRAWL = """
import warnings
from scrapy.exceptions import ScrapyDeprecationWarning
warnings.simplefilter("error", ScrapyDeprecationWarning)
from crawler.commands import crawl
crawl()
"""


class SmallPortal:
    """Answers from ``pages`` (path with query, or path alone); pages have validators, others are 404."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.pages: dict[str, object] = {}
        self.asked: list[Asked] = []
        portal = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self):
                portal._answer(self, [])

            def do_POST(self):
                form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                portal._answer(self, parse_qsl(form, keep_blank_values=True))

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer((address, 0), Handler)
        self.server.daemon_threads = True
        self.host = f"{address}:{self.server.server_port}"
        self.url = f"http://{self.host}/"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def _answer(self, handler, form):
        found = self.pages.get(handler.path) or self.pages.get(handler.path.split("?")[0])
        page = found(handler.path, form) if callable(found) else found
        if isinstance(page, (str, bytes)):
            page = Page(page.encode() if isinstance(page, str) else page)
        page = page or Page(b"<html><title>404</title></html>", 404)
        if page.wait:
            time.sleep(page.wait)
        etag = '"' + hashlib.sha1(page.body).hexdigest() + '"'
        status = page.status
        if status == 200 and handler.command == "GET" and handler.headers.get("If-None-Match") == etag:
            status = 304
        self.asked.append(Asked(handler.command, handler.path, form, dict(handler.headers), status))
        handler.send_response(status)
        handler.send_header("ETag", etag)
        for name, value in page.headers.items():
            handler.send_header(name, value)
        body = b"" if status == 304 else page.body
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def paths(self, *, status: int | None = None) -> list[str]:
        return [asked.path for asked in self.asked if status in (None, asked.status)]

    def forget(self) -> None:
        self.asked.clear()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def _crawl_table(lines: str) -> str:
    """The test's own lines go before the fast defaults."""
    fast = {"retries": 0, "timeout_seconds": 5, "delay_seconds": 0, "backoff_seconds": 0, "min_free_mb": 0}
    given = {line.split("=")[0].strip() for line in lines.splitlines()}
    return "\n".join([*(f"{key} = {value}" for key, value in fast.items() if key not in given), lines])


def portals_file(folder: Path, *entries: str, crawl: str = "") -> Path:
    path = folder / "portals.toml"
    path.write_text(f"[crawl]\n{_crawl_table(crawl)}\n" + "\n".join(entries), "utf-8")
    return path


def hanweb_entry(portal: SmallPortal, *, hosts: str = "", column: str = "") -> str:
    return f"""
[[portals]]
id = "old"
name = "旧门户"
cms = "hanweb"
base_url = "{portal.url}"
hosts = ["{portal.host}"{hosts}]
replica = true
[[portals.columns]]
kind = "xxgk"
column = "11581"
name = "年报"
infotype = "02"
web_id = "2"
{column}
"""


def ucap_entry(portal: SmallPortal, *, code: str = "c111202", extra: str = "") -> str:
    return f"""
[[portals]]
id = "new"
name = "新门户"
cms = "ucap"
base_url = "{portal.url}"
hosts = ["{portal.host}"]
district = "木兰县"
site = "hebmlx"
replica = true
{extra}
[[portals.channels]]
code = "{code}"
template = "zfxxgklby_nb"
name = "政府信息公开年报"
"""


def report_page(text: str = "报告正文") -> str:
    table = "<table>" + "<tr><td>0</td><td>0</td></tr>" * 20 + "</table>"
    return (
        "<html><head><title>年报</title></head><body><div class='bt_content' id='zoom'>"
        f"<p>{text}</p>{table}</div></body></html>"
    )


def hanweb_list(portal: SmallPortal, rows: list[tuple[str, str, str]], pages: int = 1) -> str:
    """Rows of title, address (relative to the portal) and date."""
    cells = "".join(
        f'<tr class="tr_main_value_{"even" if number % 2 else "odd"}"><td>{number}</td><td><a title="{title}" '
        f'href="{link if link.startswith("http") else portal.url + link}">{title}</a></td><td>{day}</td></tr>'
        for number, (title, link, day) in enumerate(rows)
    )
    return f'<table class="tb_list"><tr><td>标题</td></tr>{cells}</table><div class="tb_title">&nbsp;共{pages}页&nbsp;</div>'


def serve_hanweb(portal: SmallPortal, rows: list[tuple[str, str, str]]) -> None:
    """Put a column with those rows, and their pages, on the portal."""
    portal.pages["/col/col11581/index.html"] = "<html><body>栏目</body></html>"
    portal.pages["/module/xxgk/search.jsp"] = hanweb_list(portal, rows)
    for title, link, _ in rows:
        if not link.startswith("http"):
            portal.pages["/" + link] = report_page(title)


def row(number: int, year: int = 2022) -> tuple[str, str, str]:
    """One row of a report that is there."""
    return (
        f"第{number}局{year}年政府信息公开工作年度报告",
        f"art/{year + 1}/1/{number % 28 + 1}/art_11581_{year}{number:03d}.html",
        f"{year + 1}-01-{number % 28 + 1:02d}",
    )
