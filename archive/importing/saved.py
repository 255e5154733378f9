"""Pages as browsers save them: the address they note in the file, and the page inside an MHTML file."""

from __future__ import annotations

import email
import email.policy
import re

# Where in a file browsers put their notes: within so many bytes.
_NOTED_WITHIN = 4096
# <!-- saved from url=(0031)http://www.harbin.gov.cn/a.html -->, and of SingleFile:
# <!-- Page saved with SingleFile  url: https://...  saved date: ... -->
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)")
_SINGLE_FILE = re.compile(rb"<!--\s*Page saved with SingleFile\s+url:\s*(https?://[^\s>]+)")
_WEB = ("http://", "https://")


def saved_from(body: bytes) -> str | None:
    """Return the address a browser noted in a page it saved."""
    head = body[:_NOTED_WITHIN]
    found = _SAVED_FROM.search(head) or _SINGLE_FILE.search(head)
    return found[1].decode("ascii", "replace") if found else None


def is_mhtml(body: bytes) -> bool:
    """Whether a file is a page with its pictures as one MIME message (RFC 2557)."""
    head = body[:_NOTED_WITHIN].lower()
    return b"mime-version:" in head and b"multipart/related" in head and b"<html" not in head.split(b"\n\n", 1)[0]


def page_in_mhtml(body: bytes) -> tuple[bytes, str | None] | None:
    """Return the page in an MHTML file, its transfer encoding undone, and its address; None when there is none."""
    message = email.message_from_bytes(body, policy=email.policy.compat32)
    part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    page = part.get_payload(decode=True) if part else None
    if not isinstance(page, bytes):
        return None
    named = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "")
    named = "".join(named.split())  # long headers are broken over lines
    return page, named if named.startswith(_WEB) else None
