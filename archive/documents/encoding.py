"""From bytes to text, when what the server or the page says of its encoding is often wrong."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
# The portals' pages are one of these; GB18030 contains GBK and GB2312.
_USUAL = ("utf-8", "gb18030")


def decode_text(data: bytes) -> tuple[str, str]:
    """Return the text of ``data`` and the name of the encoding it was read in.

    A byte order mark decides; then the first of UTF-8 and GB18030 that fits without error, whatever the page declares:
    declarations on these portals are copied templates, and a text of either is practically never valid as the other.
    For a damaged text, the encoding that leaves fewer replacement characters, the declared one in doubt.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), name
    for name in _USUAL:
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            continue
    candidates = list(_USUAL)
    declared = _DECLARED.search(data[:4096])
    if declared:
        name = _canonical(declared.group(1).decode("ascii"))
        if name:
            candidates.insert(0, name)
    decoded = [(name, data.decode(name, errors="replace")) for name in candidates]
    name, text = min(decoded, key=lambda pair: pair[1].count("\ufffd"))
    return text, name


def _canonical(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    return "gb18030" if name in ("gb2312", "gbk") else name
