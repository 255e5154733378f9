"""Pictures that an HTML page holds itself, as data in its text (data:image/png;base64,…), as editors paste them."""

from __future__ import annotations

import binascii
import re
from urllib.parse import unquote_to_bytes

_DATA = re.compile(r"\s*data:image/[\w.+-]+(?:;[\w-]+=[^;,]*)*;base64,", re.IGNORECASE)
# The largest picture that is taken, in characters of base64: 30 MB.
_MOST = 40_000_000


def picture_in(source: str) -> list[bytes]:
    """Return the image file that a picture's ``source`` holds, none where it is an address, broken or too large."""
    head = _DATA.match(source[:200])
    if head is None or len(source) > _MOST:
        return []
    try:
        return [binascii.a2b_base64(unquote_to_bytes(source[head.end() :]))]
    except (ValueError, binascii.Error):
        return []
