"""OLE compound files (Word, Excel and WPS of before 2007): what streams they hold, and where a stream begins.

Only as much of [MS-CFB] as tells the kinds apart; the documents inside are read by others.
"""

from __future__ import annotations

import struct

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# [MS-CFB] 2.2: the powers of two a sector may have.
_SECTOR_BYTES = {9: 512, 12: 4096}
# [MS-CFB] 2.1: sector numbers above this mark ends and free space.
_LAST_SECTOR = 0xFFFFFFFA
_ENTRY_BYTES = 128
# An office file holds some tens of entries; a folder of more sectors than this runs in a circle.
_MOST_SECTORS = 1000
# [MS-DOC] 2.5.1: the flag fEncrypted in the 16 bits at this place of the stream WordDocument.
_FLAGS_AT, _ENCRYPTED = 10, 0x0100


def stream_starts(data: bytes) -> dict[str, int]:
    """Return the names of the streams and storages, each with the offset of its first sector in ``data``.

    A torn file gives those that can still be found, or none.
    """
    if len(data) < 512 or not data.startswith(MAGIC):
        return {}
    size = _SECTOR_BYTES.get(struct.unpack_from("<H", data, 30)[0])
    if size is None:
        return {}
    found: dict[str, int] = {}
    sector = struct.unpack_from("<I", data, 48)[0]
    for _ in range(_MOST_SECTORS):
        start = (sector + 1) * size
        if sector >= _LAST_SECTOR or start + size > len(data):
            break
        for at in range(start, start + size - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            length = struct.unpack_from("<H", data, at + 64)[0]
            if 2 <= length <= 64 and data[at + 66]:
                name = data[at : at + length - 2].decode("utf-16-le", "replace")
                found[name] = (struct.unpack_from("<I", data, at + 116)[0] + 1) * size
        sector = _next_sector(data, size, sector)
    return found


def is_encrypted_word(data: bytes) -> bool:
    """Whether a Word file asks for a password."""
    at = stream_starts(data).get("WordDocument", len(data)) + _FLAGS_AT
    return at + 2 <= len(data) and bool(struct.unpack_from("<H", data, at)[0] & _ENCRYPTED)


def _next_sector(data: bytes, size: int, sector: int) -> int:
    """Look up what follows a sector in the allocation table, whose first 109 sectors the header lists."""
    table, place = divmod(sector, size // 4)
    if table >= 109:
        return _LAST_SECTOR
    at = (struct.unpack_from("<I", data, 76 + 4 * table)[0] + 1) * size + 4 * place
    return struct.unpack_from("<I", data, at)[0] if at + 4 <= len(data) else _LAST_SECTOR
