"""The kinds of files a report is attached as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crawler.replica.layouts.packing import packed
from crawler.replica.layouts.pdf import pdf_bytes
from crawler.replica.layouts.sheet import xlsx_bytes
from crawler.replica.layouts.word import docx_bytes
from crawler.replica.report import Report

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its media type, the portals' icon for it and what makes one of a report."""

    media_type: str
    icon: str
    make: Callable[[Report], bytes]


def zip_bytes(report: Report) -> bytes:
    """Return a ZIP with the report's Word file in it."""
    return packed({f"{''.join(report.title.split())}.docx": docx_bytes(report)})


FILE_KINDS: dict[str, FileKind] = {
    "docx": FileKind(f"{_OFFICE}.wordprocessingml.document", "word", docx_bytes),
    "pdf": FileKind("application/pdf", "acrobat", pdf_bytes),
    "xlsx": FileKind(f"{_OFFICE}.spreadsheetml.sheet", "excel", xlsx_bytes),
    "zip": FileKind("application/zip", "zip", zip_bytes),
}
