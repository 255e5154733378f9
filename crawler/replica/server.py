"""The server: every host of a world on one loopback port, told apart by the Host header."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from crawler.replica import hanweb, ucap
from crawler.replica.http import REPLICA_HEADER, Request, Response, page, request
from crawler.replica.portals import portals_toml
from crawler.replica.templates import render
from crawler.replica.truth import truth
from crawler.replica.world import World

ADDRESS = "127.0.0.1"
# Links off the site lead here; whoever follows one is written down.
ELSEWHERE = "127.0.0.3"

_ROBOTS = b"User-agent: *\nAllow: /\nCrawl-delay: 0\n"
_PLAIN = "text/plain;charset=UTF-8"
# A body larger than any form the content systems take is refused. In bytes.
_MOST_BODY = 1 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: for the request log of tests. ``path`` with its query; ``status`` of the answer."""

    method: str
    host: str
    path: str
    status: int
    body: bytes = b""


class ReplicaServer:
    """A world, served. ``port`` and ``address`` say where; ``log`` holds every request, oldest first."""

    def __init__(self, world: World, port: int = 0) -> None:
        """Bind the port (0 for any free one). Raises OSError when it is taken."""
        self.world = world
        self.log: list[Asked] = []
        self._hosts = {site.legacy.host: (hanweb, site) for site in world.sites}
        self._hosts |= {site.current.host: (ucap, site) for site in world.sites}
        self._server = _Server((ADDRESS, port), _Handler)
        self._server.replica = self
        self.port: int = self._server.server_address[1]
        self._servers = [self._server, *self._listen_elsewhere()]

    @property
    def address(self) -> str:
        """The address of the index page, with the list of hosts and portals."""
        return f"http://{ADDRESS}:{self.port}/"

    @property
    def portals_url(self) -> str:
        """The address of the portals file."""
        return f"{self.address}portals.toml"

    @property
    def portals_toml(self) -> str:
        """The portals file."""
        return portals_toml(self.world, self.port)

    def truth(self) -> list[dict]:
        """What a perfect reader extracts from what is served now."""
        with self.world.lock:
            return truth(self.world, self.port)

    def serve(self) -> None:
        """Serve until `stop` is called from another thread."""
        for other in self._servers[1:]:
            threading.Thread(target=other.serve_forever, args=(0.05,), daemon=True).start()
        self._server.serve_forever(0.05)

    def stop(self) -> None:
        """End `serve` and free the port."""
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def answer(self, asked: Request) -> Response:
        """Answer a request by its host."""
        with self.world.lock:
            if asked.path == "/robots.txt":
                self.world.visit(asked.host)
                return Response(200, _ROBOTS, _PLAIN)
            file = self.world.files.get((asked.host, unquote(asked.path)))
            if file:
                return file
            if asked.host in self._hosts:
                system, site = self._hosts[asked.host]
                return system.respond(self.world, site, asked)
            if asked.host == ELSEWHERE:
                return page("Elsewhere", "", "<p>Off the portal: nothing should ask for this.</p>")
            if asked.path == "/portals.toml":
                return Response(200, self.portals_toml.encode(), _PLAIN)
            return self._index() if asked.path == "/" else page("404", "", "<h1>404</h1>", status=404)

    def _listen_elsewhere(self) -> list[_Server]:
        """Listen on the address off-site links lead to, where the machine has it (Linux does)."""
        try:
            other = _Server((ELSEWHERE, self.port), _Handler)
        except OSError:
            return []
        other.replica = self
        return [other]

    def _index(self) -> Response:
        rows = "".join(
            f'<tr><td>{site.name}</td><td><a href="http://{site.legacy.host}:{self.port}/">{site.legacy.host}</a></td>'
            f'<td><a href="http://{site.current.host}:{self.port}/">{site.current.host}</a></td></tr>\n'
            for site in self.world.sites
        )
        world = self.world
        counts = (
            f"{len(world.reports)} reports of {len(world.agencies)} bodies, {world.years[0]}–{world.years[-1]}, "
            f"seed {world.seed}."
        )
        return page("Replica portal", "", render("index", counts=counts, rows=rows))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Crawlers open many connections at once.
    request_queue_size = 128
    replica: ReplicaServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Replica"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    # An idle keep-alive connection is closed after this. In seconds.
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = self.headers.get("Content-Length", "0")
        host = self.headers.get("Host", "").rsplit(":", 1)[0].lower()
        if not length.isdecimal() or int(length) > _MOST_BODY:
            # What was not read would be taken for the next request.
            self.close_connection = True
            self._send(page("413", "", "<h1>413</h1>", status=413))
            return
        body = self.rfile.read(int(length))
        replica = self.server.replica
        headers = dict(self.headers.items())
        asked = request(self.command, host, self.path, body, headers, replica.port)
        answer = replica.answer(asked)
        replica.log.append(Asked(self.command, host, self.path, answer.status, body))
        spoiled = replica.world.outage_at(host, asked.path)
        try:
            if spoiled:
                outage, count = spoiled
                answer = outage.send(self, answer, count)
            if answer is not None:
                self._send(answer)
        except (ConnectionError, ValueError):
            # The asker has hung up, or the outage has: ValueError is a closed file's.
            self.close_connection = True

    def _send(self, answer: Response) -> None:
        self.send_head(answer, len(answer.body))
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def send_head(self, answer: Response, length: int | None) -> None:
        """Send status and headers; without a length, the end of the connection will be the end of the body."""
        self.send_response(answer.status)
        self.send_header("X-Replica-Portal", REPLICA_HEADER)
        if answer.status != 304:
            self.send_header("Content-Type", answer.media_type)
            if length is not None:
                self.send_header("Content-Length", str(length))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if "xxgk" in self.headers.get("Host", ""):
            # The only cookies the legacy sites were seen to set.
            self.send_header("Set-Cookie", "JSESSIONID=5B1E9A7D0C3F4E62; Path=/; HttpOnly")
        self.end_headers()

    def send_bytes(self, data: bytes) -> None:
        """Send bytes of a body at once."""
        self.wfile.write(data)
        self.wfile.flush()

    def handle(self) -> None:
        """Serve a connection; one that an outage has closed is over."""
        with contextlib.suppress(ConnectionError, ValueError, OSError):
            super().handle()

    def finish(self) -> None:
        """Close what is left of a connection."""
        with contextlib.suppress(ConnectionError, ValueError, OSError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base class's
        """Stay silent: tests read `ReplicaServer.log`."""


@contextlib.contextmanager
def serve_replica(world: World, port: int = 0) -> Iterator[ReplicaServer]:
    """Serve a world in a thread of its own for the length of a block."""
    server = ReplicaServer(world, port)
    thread = threading.Thread(target=server.serve, name="replica", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(5)
