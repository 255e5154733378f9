"""The record: every response the portals served, as gzip WARC 1.1 with an index.

Written before anything looks inside a response, never changed afterwards. Everything else in the archive can be made
again from these files; the index, too.
"""

from archive.captures.exchange import Capture, DecodeError, Exchange, decode_body
from archive.captures.store import CaptureStore, CaptureWriter, StoredResponse, read_record

__all__ = [
    "Capture",
    "CaptureStore",
    "CaptureWriter",
    "DecodeError",
    "Exchange",
    "StoredResponse",
    "decode_body",
    "read_record",
]
