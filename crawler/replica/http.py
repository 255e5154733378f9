"""Requests and responses as the content systems see them, free of any server."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from urllib.parse import parse_qs, urlsplit

from crawler.replica.templates import render

# HTTP headers carry no Chinese.
REPLICA_HEADER = "a replica for tests and demonstrations; every number is invented"
REPLICA_WORDS = (
    "复制门户：本站是用于测试和演示的复制品，一切数字均为虚构 · Replica portal: every number on it is invented"
)
HTML = "text/html;charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Request:
    """A request. ``host`` without port; ``query`` and ``form`` keep every value of a repeated key."""

    method: str
    host: str
    path: str
    query: Mapping[str, list[str]]
    form: Mapping[str, list[str]]
    headers: Mapping[str, str]
    port: int

    def first(self, name: str, default: str = "") -> str:
        """Return the first non-empty value of a parameter, from the body, then the query."""
        values = [*self.form.get(name, []), *self.query.get(name, [])]
        return next(filter(None, values), default)

    def number(self, name: str, default: int) -> int:
        """Return a parameter as a number of 1 or more; anything else is the default."""
        text = self.first(name)
        return int(text) if text.isdecimal() and int(text) > 0 else default


@dataclass(frozen=True, slots=True)
class Response:
    """A response before the server adds what every response has."""

    status: int
    body: bytes
    media_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)


def request(method: str, host: str, target: str, body: bytes, headers: Mapping[str, str], port: int) -> Request:
    """Make a request from what came over the wire. ``target`` is the path with its query."""
    parts = urlsplit(target)
    form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True) if body else {}
    query = parse_qs(parts.query, keep_blank_values=True)
    return Request(method, host, parts.path, query, form, headers, port)


def page(title: str, head: str, body: str, status: int = 200) -> Response:
    """Return a whole HTML page that says it is a replica."""
    text = render("page", words=REPLICA_WORDS, title=escape(title), head=head, body=body)
    return Response(status, text.encode())


def as_json(value: object) -> Response:
    """Return a JSON response."""
    return Response(200, json.dumps(value, ensure_ascii=False).encode(), "application/json;charset=UTF-8")


def conditional(asked: Request, answer: Response, modified: datetime) -> Response:
    """Add ETag and Last-Modified, and answer 304 with no body when the asker has this very version."""
    etag = f'"{hashlib.sha1(answer.body, usedforsecurity=False).hexdigest()[:20]}"'
    headers = {**answer.headers, "ETag": etag, "Last-Modified": format_datetime(modified.astimezone(UTC), usegmt=True)}
    if _has_it(asked, etag, modified):
        return Response(304, b"", answer.media_type, headers)
    return Response(answer.status, answer.body, answer.media_type, headers)


def _has_it(asked: Request, etag: str, modified: datetime) -> bool:
    tags = asked.headers.get("If-None-Match")
    if tags is not None:
        return etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = asked.headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
