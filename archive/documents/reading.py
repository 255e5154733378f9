"""Which reader reads a file."""

from __future__ import annotations

from archive.documents import kind, ocr, programs
from archive.documents.bundle import read_bundle, read_rar
from archive.documents.docx import read_docx
from archive.documents.html import read_html
from archive.documents.mhtml import read_mhtml
from archive.documents.model import Document, UnreadableError
from archive.documents.ocr import KINDS as IMAGE_KINDS
from archive.documents.ocr import read_image
from archive.documents.office import KINDS as OFFICE_KINDS
from archive.documents.office import read_office
from archive.documents.pdf import read_pdf
from archive.documents.pictured import with_pictures
from archive.documents.sheet import KINDS as SHEET_KINDS
from archive.documents.sheet import read_sheet
from archive.documents.text import read_text

_READERS = {
    kind.HTML: read_html,
    kind.MHTML: read_mhtml,
    kind.TEXT: read_text,
    kind.DOCX: read_docx,
    kind.PDF: read_pdf,
    kind.ZIP: lambda data: read_bundle(data, read_document),
    kind.RAR: lambda data: read_rar(data, read_document),
    **dict.fromkeys(IMAGE_KINDS, read_image),
    **dict.fromkeys(OFFICE_KINDS, read_office),
    **dict.fromkeys(SHEET_KINDS, read_sheet),
}

_REFUSED = {
    kind.EMPTY: "文件为空（the file is empty）：请到原址核对",
    kind.OLE: "文件已损坏，或不是 Word、Excel 文件，无法读取：请到原址重新下载核对",
    kind.ENCRYPTED: "文件设有打开密码，无法读取：请向发布机关索取无密码的文件",
}


def read_document(data: bytes) -> Document:
    """Read a file of any known kind; the bytes decide which it is.

    Raises UnreadableError, saying why and what to do, when there is no reader for it or it cannot be read.
    """
    media_type = kind.media_type(data)
    reader = _READERS.get(media_type)
    if reader:
        return with_pictures(reader(data))
    raise UnreadableError(
        _REFUSED.get(media_type)
        or f"尚不能读取 {media_type} 文件（no reader for {media_type} yet）：原件已存档，待有读取器后重建即可读出"
    )


def optional_parts() -> dict[str, bool]:
    """Return which optional programs and libraries this machine has. With another set, other files can be read."""
    return {
        "libreoffice": programs.office() is not None,
        "bsdtar": programs.unpacker() is not None,
        "ocr": ocr.available(),
    }
