"""How much of a WARC file is whole, after a writer was killed in the middle of a record."""

from __future__ import annotations

import zlib
from pathlib import Path

# Read in pieces of this many bytes: small enough for any machine, large enough to be fast.
_PIECE = 1 << 20


def whole_length(path: Path) -> int:
    """Return the length in bytes of the part of a gzip file that consists of complete members."""
    good = position = 0
    decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            while piece:
                try:
                    decoder.decompress(piece)
                except zlib.error:
                    return good
                rest = decoder.unused_data if decoder.eof else b""
                position += len(piece) - len(rest)
                if decoder.eof:
                    good = position
                    decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
                piece = rest
    return good
