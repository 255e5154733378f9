"""Runs an ASGI application on an address and says where."""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import Any

import click
import uvicorn


class SiteError(click.ClickException):
    """The site cannot be served; the message says why and what to do. The command line shows it and exits with 1."""


class _Server(uvicorn.Server):
    """Prints the address once requests are answered."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            click.echo(self._address)


def run(app: Any, host: str, port: int) -> None:
    """Serve ``app`` until a signal ends it. Raises SiteError when the address cannot be had."""
    listening = listen(host, port)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        # uvicorn: 64 KB. A search for 10,000 Chinese characters is an address of 90 KB.
        http="h11",
        h11_max_incomplete_event_size=160_000,
        # A reader who keeps a connection open does not hold up the end.
        timeout_graceful_shutdown=5,
    )
    try:
        _Server(config, address_of(listening)).run(sockets=[listening])
    except KeyboardInterrupt:
        # Ctrl-C is how it is stopped.
        return
    finally:
        listening.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on ``host`` and ``port``; port 0 takes any free one. Raises SiteError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise SiteError(_advice(error, host, port)) from error
    # Accepted connections inherit it. Without it every answer waits 40 ms for the reader's delayed acknowledgement:
    # asyncio sets it only on sockets that name their protocol, which create_server's do not.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _advice(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use: take another with --port, or --port 0 for any free one"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than this user has: take one above 1023 with --port"
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine: use --host 127.0.0.1, or 0.0.0.0 for all its addresses"
    return f"cannot listen on {host} port {port}: {error.strerror or error}"


def address_of(listening: socket.socket) -> str:
    """Return the address to open in a browser."""
    host, port = listening.getsockname()[:2]
    found = ipaddress.ip_address(host)
    if found.is_unspecified:
        host = "127.0.0.1" if found.version == 4 else "::1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
