"""The record: every response the portals served, as gzip WARC 1.1 with an index.

Written before anything looks inside a response, never changed afterwards. Everything else in the archive can be made
again from these files; the index, too.
"""

from archive.captures.exchange import Capture, DecodeError, Exchange, decode_body
from archive.captures.reading import StoredResponse, read_record
from archive.captures.store import CaptureStore
from archive.captures.writing import CaptureWriter

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
