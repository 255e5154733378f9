"""Answers that go wrong on their way: what a server, a firewall or a line does to a page that is well.

An outage spoils the answers of one address, the first few of them or all: those that pass are over when a crawl has
come back once or twice, and nothing in the truth speaks of them. A new one is a function and a line in `OUTAGES`: it is
given the connection, the answer as it should be, and how many times the address was asked for (from 1); it returns what
is sent instead, or None when it has sent something itself.
"""

from __future__ import annotations

import gzip
import json
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urljoin, urlsplit

from crawler.replica.draw import digest
from crawler.replica.faults import break_page
from crawler.replica.http import Response, page
from crawler.replica.publishing import LEGACY_END, OFFSITE
from crawler.replica.report import Report
from crawler.replica.sites import channel_tree

if TYPE_CHECKING:
    from crawler.replica.world import World

# How long a silent or slow answer is kept up when the asker does not go away. In seconds.
_PATIENCE = 120
_HUGE = 300_000_000
_PIECE = bytes(1 << 16)
# Names a careless archive would write a file under.
HOSTILE_NAMES = (
    "../../../../../../tmp/replica-was-here.docx",
    "..%2f..%2f..%2ftmp%2freplica-was-here.docx",
    "年报" * 150 + ".docx",
    "C:\\Windows\\replica-was-here.docx",
)
_HOSTILE_LINKS = [f"hostile/files/{name}" for name in HOSTILE_NAMES]


class Wire(Protocol):
    """What an outage may do to a connection; the server's handler is one."""

    connection: socket.socket
    close_connection: bool

    def send_head(self, answer: Response, length: int | None) -> None:
        """Send status and headers, announcing so many bytes of body, or none and the end of the connection."""

    def send_bytes(self, data: bytes) -> None:
        """Send bytes of the body."""


Send = Callable[[Wire, Response, int], Response | None]


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage. ``lasts`` is how many answers it spoils, None for all. ``place`` says whose."""

    name: str
    help: str
    lasts: int | None
    place: Callable[[World, str], str]
    send: Send


def outage_host_and_path(world: World, name: str) -> tuple[str, str]:
    """Return the host and path whose answers the outage of that name spoils in a world."""
    host, _, path = OUTAGES[name].place(world, name).partition("/")
    return host, f"/{path}"


# --- what is sent ---------------------------------------------------------------------------------------------------


def _time_out(wire: Wire, answer: Response, count: int) -> None:
    select.select([wire.connection], [], [], _PATIENCE)  # the asker hanging up can be read
    wire.close_connection = True


def _reset(wire: Wire, answer: Response, count: int) -> None:
    wire.send_head(answer, len(answer.body))
    wire.send_bytes(answer.body[: len(answer.body) // 2])
    # No lingering: the other end gets a reset, not an end.
    wire.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.connection.close()
    wire.close_connection = True


def _trickle(wire: Wire, answer: Response, count: int) -> None:
    wire.send_head(answer, len(answer.body))
    wire.close_connection = True
    until = time.monotonic() + _PATIENCE
    for byte in answer.body:
        wire.send_bytes(bytes([byte]))
        gone, _, _ = select.select([wire.connection], [], [], 0.1)
        if gone or time.monotonic() > until:
            return


def _server_errors(wire: Wire, answer: Response, count: int) -> Response:
    status = (500, 502, 503)[(count - 1) % 3]
    return page(f"{status}", "", f"<h1>{status}</h1>", status=status)


def _too_many(wire: Wire, answer: Response, count: int) -> Response:
    return replace(page("429", "", "<h1>429 Too Many Requests</h1>", status=429), headers={"Retry-After": "1"})


def _cut_gzip(wire: Wire, answer: Response, count: int) -> Response:
    packed = gzip.compress(answer.body)
    headers = {**answer.headers, "Content-Encoding": "gzip"}
    return replace(answer, body=packed[: len(packed) * 2 // 3], headers=headers)


def _wrong_length(wire: Wire, answer: Response, count: int) -> None:
    """Announce more than there is; the second time less, so that the page has no end."""
    wire.send_head(answer, len(answer.body) * 3 // 4 if count % 2 == 0 else len(answer.body) + 4321)
    wire.send_bytes(answer.body)
    wire.close_connection = True


def _round_in_circles(wire: Wire, answer: Response, count: int) -> Response:
    return Response(302, b"", headers={"Location": f"?round={count}"})


def _away(wire: Wire, answer: Response, count: int) -> Response:
    port = wire.connection.getsockname()[1]
    target = "file:///etc/passwd" if count % 2 else f"{OFFSITE.format(port=port)}/redirected.html"
    return Response(302, b"", headers={"Location": target})


def _challenge(wire: Wire, answer: Response, count: int) -> Response:
    return break_page(answer, "challenge-page") if answer.status == 200 else answer


def _wrong_type(wire: Wire, answer: Response, count: int) -> Response:
    return replace(answer, media_type="image/png")


def _wrong_charset(wire: Wire, answer: Response, count: int) -> Response:
    """Send a page in GB18030 under a header, and a meta element, that say UTF-8."""
    return replace(answer, body=answer.body.decode("utf-8").encode("gb18030"))


def _empty_list(wire: Wire, answer: Response, count: int) -> Response:
    data = json.loads(answer.body)
    data["data"] |= {"total": 0, "results": []}
    return replace(answer, body=json.dumps(data, ensure_ascii=False).encode())


def _huge(wire: Wire, answer: Response, count: int) -> Response | None:
    """Send 300 MB, every other time without saying so beforehand."""
    if answer.status != 200:
        return answer
    wire.close_connection = True
    wire.send_head(replace(answer, headers={}), _HUGE if count % 2 else None)
    for _ in range(_HUGE // len(_PIECE) + 1):
        wire.send_bytes(_PIECE)
    return None


def _hostile_links(wire: Wire, answer: Response, count: int) -> Response:
    port = wire.connection.getsockname()[1]
    links = [f"{OFFSITE.format(port=port)}/attachment.docx", "file:///etc/passwd", "file://127.0.0.3/etc/passwd.docx"]
    return _with_links(answer, links)


def _hostile_names(wire: Wire, answer: Response, count: int) -> Response:
    return _with_links(answer, _HOSTILE_LINKS)


def _with_links(answer: Response, links: list[str]) -> Response:
    items = "".join(f'<li><a href="{link}">{link.rsplit("/", 1)[-1]}</a></li>' for link in links)
    block = f'<div id="cmspro_appendixs"><ul>{items}</ul></div>\n<div class="footer">'
    return replace(answer, body=answer.body.replace(b'<div class="footer">', block.encode(), 1))


# --- whose answers --------------------------------------------------------------------------------------------------


def _page(world: World, name: str) -> str:
    """The page of a report that has one address and that nothing else happens to."""
    report = spare_report(world, name)
    article = world.articles_of(report.id)[0]
    return article.host + article.path


def _file(world: World, name: str) -> str:
    """The attachment of such a report."""
    report = spare_report(world, name, lambda report: report.attachment)
    article = world.articles_of(report.id)[0]
    return article.host + article.file_path


def _page_with_files(world: World, name: str) -> str:
    """Such a page, and the files with hostile names it will link to, each of which bears one in its headers, too."""
    place = _page(world, name)
    headers = {"Content-Disposition": f"attachment; filename={'../' * 8}tmp/replica-was-here.docx"}
    for link in _HOSTILE_LINKS:
        parts = urlsplit(urljoin(f"http://{place}", link.replace("\\", "/")))
        body = f"PK\x03\x04 {digest(link)}".encode()
        world.files[parts.netloc, unquote(parts.path)] = Response(200, body, "application/msword", headers)
    return place


def _list(world: World, name: str) -> str:
    """The list, as JSON, of a channel with reports."""
    channels = [
        (site.current.host, channel)
        for site in world.sites
        for channel in channel_tree(site.current, world.years)
        if any(article.report for article in world.listed(site.current.host, channel.code))
    ]
    host, channel = min(channels, key=lambda found: digest(world.seed, name, found[0], found[1].code))
    return f"{host}/common/search/{channel.id}"


def spare_report(world: World, name: str, wanted: Callable[[Report], bool] = bool) -> Report:
    """Take a report with a single address that nothing was planted in. Raises ValueError when none is left."""
    free = [report for report in _single(world) if report.id not in world.taken and wanted(report)]
    if not free:
        raise ValueError(f"no report is left for {name}; ask for more agencies or years")
    report = min(free, key=lambda report: digest(world.seed, "victim", name, report.id))
    world.taken.add(report.id)
    return report


def _single(world: World) -> Iterator[Report]:
    for report in world.reports.values():
        if report.fault is None and report.published >= LEGACY_END and report.agency.level != "district":
            yield report


_OUTAGES = (
    Outage("time-out", "no answer at all", 3, _page, _time_out),
    Outage("reset", "the connection is reset in mid-body", 3, _page, _reset),
    Outage("trickle", "a byte every tenth of a second", 3, _page, _trickle),
    Outage("server-errors", "500, 502, 503, one after the other", 3, _page, _server_errors),
    Outage("too-many", "429 with Retry-After, twice", 2, _page, _too_many),
    Outage("cut-gzip", "a compressed page that ends early, with a fitting length", 3, _page, _cut_gzip),
    Outage("wrong-length", "a Content-Length that is too large, or too small", 3, _page, _wrong_length),
    Outage("circles", "redirects without end", 6, _page, _round_in_circles),
    Outage("away", "redirects to file:/// and to another host", 2, _page, _away),
    Outage("challenge-once", "a script challenge, status 200, the first time", 1, _page, _challenge),
    Outage("empty-list", "a list without an entry for one run", 1, _list, _empty_list),
    Outage("wrong-type", "a page sent as a picture", None, _page, _wrong_type),
    Outage("wrong-charset", "a page in GB18030 that says it is UTF-8", None, _page, _wrong_charset),
    Outage("huge-file", "an attachment of 300 MB", None, _file, _huge),
    Outage("hostile-names", "files named with ../ and with 300 characters", None, _page_with_files, _hostile_names),
    Outage("hostile-links", "links to another host and to file:///", None, _page, _hostile_links),
)
OUTAGES: dict[str, Outage] = {outage.name: outage for outage in _OUTAGES}
