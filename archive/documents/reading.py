"""Which reader reads a file."""

from __future__ import annotations

from archive.documents import kind
from archive.documents.docx import read_docx
from archive.documents.html import read_html
from archive.documents.model import Document, UnreadableError
from archive.documents.office import KINDS, program, read_office
from archive.documents.pdf import read_pdf
from archive.documents.text import read_text

_READERS = {
    kind.HTML: read_html,
    kind.TEXT: read_text,
    kind.DOCX: read_docx,
    kind.PDF: read_pdf,
    **dict.fromkeys(KINDS, read_office),
}

_NAMES = {
    kind.XLSX: "XLSX",
    kind.OLE: "DOC/WPS/XLS",
    kind.RTF: "RTF",
    kind.ZIP: "ZIP",
    kind.RAR: "RAR",
}


def read_document(data: bytes) -> Document:
    """Read a file of any known kind; the bytes decide which it is.

    Raises UnreadableError, saying why and what to do, when there is no reader for it or it cannot be read.
    """
    media_type = kind.media_type(data)
    reader = _READERS.get(media_type)
    if reader:
        return reader(data)
    if media_type == kind.EMPTY:
        raise UnreadableError("文件为空（the file is empty）：请到原址核对")
    name = _NAMES.get(media_type, media_type)
    raise UnreadableError(f"尚不能读取 {name} 文件（no reader for {name} yet）：原件已存档，待有读取器后重建即可读出")


def optional_parts() -> dict[str, bool]:
    """Return which optional programs and libraries this machine has. With another set, other files can be read."""
    return {"libreoffice": program() is not None}
