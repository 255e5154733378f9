"""HTML pages, as the portals serve them: pasted from Word or WPS, with broken tags and the page's furniture around."""

from __future__ import annotations

import re

from archive.documents.article import TAKEN_OUT, between_markers, choose_body
from archive.documents.encoding import decode_text
from archive.documents.markup import read_blocks, read_with_pictures
from archive.documents.model import Document, Paragraph, UnreadableError
from archive.documents.page_facts import page_facts
from archive.documents.page_signals import TELLTALE, find_named
from archive.documents.page_unseen import apply_sheets
from archive.documents.served import why_no_document
from archive.documents.spaces import squeeze
from archive.documents.styled import name_tables
from archive.documents.tree import Page, parse, replace

# A page this short with none of a report's words is looked at for signs of a challenge, a login or an error. In
# characters.
_SHORT = 1500
# Only pages that say so lay tables out of other elements.
_STYLED = re.compile(r"display\s*:\s*(?:inline-)?table|role\s*=\s*[\"']?(?:table|grid)\b", re.IGNORECASE)


def read_html(data: bytes) -> Document:
    """Read an HTML page or fragment.

    The article's body is what the template's comments mark, else what a known selector names or, where none does, the
    smallest element that holds what only a report says. Everything outside it is furniture, read for the date, source
    and number it shows. A page cut in mid-table keeps the cells that are whole. Raises UnreadableError when the markup
    nests too deep to be a page.
    """
    text, _ = decode_text(data)
    text, complete, notes = _whole_part(text)
    article, around = between_markers(text)
    try:
        page = _laid_out(around)
        named = find_named(page.root)
        body = _laid_out(article, page.sheets).root if article else choose_body(page.root, named)
        blocks, pictures = read_with_pictures(body)
        replace(body, TAKEN_OUT)
        facts = page_facts(around, named, read_blocks(page.root))
    except RecursionError as error:
        raise UnreadableError("标签嵌套过深，不是正常网页（tags nest too deep to be a page）") from error
    if page.scripts and not any(isinstance(block, Paragraph) for block in blocks):
        facts["scripts"] = page.scripts
    return Document("html", tuple(blocks), facts, tuple(notes), complete, pictures=tuple(pictures))


def refusal(document: Document) -> str | None:
    """Return why a page is no document at all (a challenge, a login, an error page), or None when it may be one.

    Only a short page without a report's telltale words is suspected, by the words of ``served.toml``.
    """
    text = document.text
    if document.tables or len(text) > _SHORT or TELLTALE.search(text):
        return None
    reason = why_no_document(document.facts.get("title", ""), text, document.facts.get("scripts", ""))
    if reason:
        return reason
    if not squeeze(text):
        return "空白页面：不运行脚本就没有内容，或服务器只送来页面框架，请人工打开核对"
    return None


def _laid_out(text: str, sheets: str = "") -> Page:
    """Parse a page, or the part of one whose style sheets are given, and lay it out by what they say."""
    page = parse(text)
    sheets += page.sheets
    apply_sheets(page.root, sheets)
    if _STYLED.search(text) or _STYLED.search(sheets):
        name_tables(page.root)
    return page


def _whole_part(text: str) -> tuple[str, bool, list[str]]:
    """Cut a page that ends in mid-table after its last whole cell: the number in a torn cell may be half a number."""
    lowered = text.lower()
    if "<html" not in lowered or "</html" in lowered:
        return text, True, []
    if lowered.rfind("<table") <= lowered.rfind("</table"):
        return text, False, ["网页缺少结尾标签 </html>，可能不完整"]
    closed, opened = lowered.rfind("</td>"), max(lowered.rfind("<td"), lowered.rfind("<th"))
    end = closed if closed > opened else opened
    return text[: max(end, 0)], False, ["网页在表格中间中断，最后一个未写完的单元格未读取"]
