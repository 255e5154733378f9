"""What an exchange is as WARC records: request, facts, and the response, revisit or resource they belong to."""

from __future__ import annotations

import json
from datetime import UTC
from http import HTTPStatus
from io import BytesIO

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.captures.exchange import Capture, Exchange, Headers

_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def warc_date(exchange: Exchange) -> str:
    """Return when an exchange took place as WARC says it, UTC to the second."""
    return exchange.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def records_of(exchange: Exchange, record_id: str, before: Capture | None) -> list[ArcWarcRecord]:
    """Return the records of an exchange in the order they are written, the capture itself last.

    ``before`` is the capture whose bytes it repeats. What others captured comes without a request of ours; so does an
    answer that repeats an earlier one in full, whose request stands beside that one (most of a night's records are
    such, of lists that say what they said). A 304 keeps its own, which holds the condition.
    """
    build = WARCWriter(BytesIO(), gzip=False, warc_version="WARC/1.1")
    beside = {"WARC-Date": warc_date(exchange), "WARC-Concurrent-To": f"<urn:uuid:{record_id}>"}
    records = [_facts(build, exchange, beside), _capture(build, exchange, record_id, before)]
    repeated = before is not None and exchange.status != HTTPStatus.NOT_MODIFIED
    return records if exchange.imported or repeated else [_request(build, exchange, beside), *records]


def _capture(build: WARCWriter, exchange: Exchange, record_id: str, before: Capture | None) -> ArcWarcRecord:
    named = {"WARC-Date": warc_date(exchange), "WARC-Record-ID": f"<urn:uuid:{record_id}>"}
    if exchange.ip:
        named["WARC-IP-Address"] = exchange.ip
    headers = _without_transfer_coding(exchange.headers)
    answer = StatusAndHeaders(f"{exchange.status} {exchange.reason}".strip(), headers, protocol="HTTP/1.1")
    # A 304 carries no headers of its own here: replay tools would show them as an empty page.
    bare = exchange.status == 304 or exchange.resource_type is not None
    if before is not None:
        revisit = build.create_revisit_record(
            exchange.url, before.payload_digest, before.url, before.fetched_at,
            http_headers=None if bare else answer,
            warc_headers_dict={**named, "WARC-Refers-To": f"<urn:uuid:{before.id}>"},
        )  # fmt: skip
        if exchange.status == 304:
            revisit.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED)
        return revisit
    if exchange.resource_type is not None:
        return build.create_warc_record(
            exchange.url, "resource", BytesIO(exchange.body), len(exchange.body),
            warc_content_type=exchange.resource_type,
            # warcio gives a resource none of its own; the payload is the block.
            warc_headers_dict={**named, "WARC-Payload-Digest": exchange.payload_digest},
        )  # fmt: skip
    return build.create_warc_record(
        exchange.url, "response", BytesIO(exchange.body), len(exchange.body),
        http_headers=answer, warc_headers_dict=named,
    )  # fmt: skip


def _request(build: WARCWriter, exchange: Exchange, beside: dict[str, str]) -> ArcWarcRecord:
    line = StatusAndHeaders(
        f"{exchange.method} {_target(exchange.url)} HTTP/1.1", exchange.request_headers, is_http_request=True
    )
    return build.create_warc_record(
        exchange.url, "request", BytesIO(exchange.request_body), len(exchange.request_body),
        http_headers=line, warc_headers_dict=beside,
    )  # fmt: skip


def _facts(build: WARCWriter, exchange: Exchange, beside: dict[str, str]) -> ArcWarcRecord:
    known = {"status": exchange.status, "request_key": exchange.request_key, **exchange.facts}
    facts = json.dumps(known, ensure_ascii=False, sort_keys=True).encode()
    return build.create_warc_record(
        exchange.url, "metadata", BytesIO(facts), len(facts),
        warc_content_type="application/json", warc_headers_dict=beside,
    )  # fmt: skip


def _without_transfer_coding(headers: Headers) -> Headers:
    """The body is kept with its transfer coding undone, so the header must not claim it still has one."""
    return [
        ("X-Archive-Orig-Transfer-Encoding" if name.lower() == "transfer-encoding" else name, value)
        for name, value in headers
    ]


def _target(url: str) -> str:
    rest = url.split("://", 1)[-1]
    slash = rest.find("/")
    return rest[slash:] if slash >= 0 else "/"
