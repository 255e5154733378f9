"""Web pages saved as one file (MHT), which Word writes too, mostly under the name of a DOC."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace

from archive.documents.html import read_html
from archive.documents.model import Document, UnreadableError


def read_mhtml(data: bytes) -> Document:
    """Read the first page in the file; pictures and frames beside it are left out.

    Raises UnreadableError when there is none.
    """
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    for part in message.walk():
        page = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(page, bytes) and page.strip():
            return replace(read_html(page), reader="mhtml")
    raise UnreadableError("MHT 文件中没有网页，可能不完整：请到原址重新下载核对")
