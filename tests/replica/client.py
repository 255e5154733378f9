"""A client for tests: asks the server on 127.0.0.1 for any host by its Host header."""

from __future__ import annotations

import http.client
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.replica.server import ReplicaServer


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


class Client:
    def __init__(self, server: ReplicaServer) -> None:
        self.server = server

    def ask(self, url: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        # A connection of its own for each: the server closes one that was idle while other tests ran.
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        with closing(connection):
            connection.request(method, target, body, {"Host": parts.netloc, **named})
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())

    def url(self, host: str, path: str) -> str:
        return f"http://{host}:{self.server.port}{path}"
