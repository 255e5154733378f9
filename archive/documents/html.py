"""HTML pages, as the portals serve them: pasted from Word or WPS, with broken tags and the page's furniture around."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString

from archive.documents.dates import iso_date
from archive.documents.encoding import decode_text
from archive.documents.markup import hide_by_style, read_blocks, read_with_pictures
from archive.documents.model import Block, Document, Paragraph, UnreadableError
from archive.documents.served import why_no_document
from archive.documents.spaces import fold_spaces, squeeze
from archive.documents.styled import name_tables

# What an annual report's body contains and its surroundings do not: the numbered headings and the tables' own words.
_TELLTALE = re.compile(
    r"[一二三四五六][、.．]\s*(?:总体情况|概\s*述|主动公开|政府信息主动公开|收到和处理|依申请|存在|其他|因政府信息|行政复议)"
    r"|第二十条第|本年新收|结果维持|统计指标"
)
# Stands in the page where the article was taken out: characters no portal prints.
_TAKEN_OUT = "\ue000正文\ue000"
# A page this short with none of the above is looked at for signs of a challenge, a login or an error. In characters.
_SHORT = 1500
# Only pages that say so lay tables out of other elements.
_STYLED = re.compile(r"display\s*:\s*(?:inline-)?table|role\s*=\s*[\"']?(?:table|grid)\b", re.IGNORECASE)
# The longest label of a form and its printed gloss have under 40 characters each; noise may double them.
_LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True)
class _Signals:
    bodies: tuple[str, ...]
    markers: tuple[tuple[str, str], ...]
    titles: tuple[str, ...]
    meta: dict[str, str]
    labels: dict[str, tuple[re.Pattern[str], ...]]


@cache
def _signals() -> _Signals:
    data = tomllib.loads((files(__package__) / "html.toml").read_text("utf-8"))
    return _Signals(
        bodies=tuple(data["bodies"]),
        markers=tuple(map(tuple, data["markers"])),
        titles=tuple(data["titles"]),
        meta={name.lower(): fact for fact, names in data["meta"].items() for name in names},
        labels={fact: tuple(map(re.compile, patterns)) for fact, patterns in data["labels"].items()},
    )


def read_html(data: bytes) -> Document:
    """Read an HTML page or fragment.

    The article's body is what the template's comments mark, else what a known selector names or, where none does, the
    smallest element that holds what only a report says. Everything outside it is furniture, read for the date, source
    and number it shows: what stands before the article first, since lists of other articles follow it. A page cut in
    mid-table keeps the cells that are whole. Raises UnreadableError when the markup nests too deep to be a page.
    """
    text, _ = decode_text(data)
    text, complete, notes = _whole_part(text)
    try:
        article, text = _between_markers(text)
        soup = _tree(text)
        hide_by_style(soup)
        if _STYLED.search(text):
            name_tables(soup)
        named = _find_named(soup)
        body = _tree(article) if article else _choose_body(soup, named)
        if article and _STYLED.search(article):
            name_tables(body)
        blocks, pictures = read_with_pictures(body)
    except RecursionError as error:
        raise UnreadableError("标签嵌套过深，不是正常网页（tags nest too deep to be a page）") from error
    facts = _facts(soup, named, body, blocks)
    return Document("html", tuple(blocks), facts, tuple(notes), complete, pictures=tuple(pictures))


def _tree(text: str) -> BeautifulSoup:
    """Parse a page; attributes of several words (class) stay one text, which takes a tenth less time."""
    return BeautifulSoup(text, "lxml", multi_valued_attributes=None)


def refusal(document: Document) -> str | None:
    """Return why a page is no document at all (a challenge, a login, an error page), or None when it may be one.

    Only a short page without a report's telltale words is suspected, by the words of ``served.toml``.
    """
    text = document.text
    if document.tables or len(text) > _SHORT or _TELLTALE.search(text):
        return None
    reason = why_no_document(document.facts.get("title", ""), text, document.facts.get("scripts", ""))
    if reason:
        return reason
    if not squeeze(text):
        return "空白页面：不运行脚本就没有内容，或服务器只送来页面框架，请人工打开核对"
    return None


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


def _between_markers(text: str) -> tuple[str, str]:
    """Part a page into the article its template marks with comments, empty if it marks none, and the rest.

    The rest shows where the article was.
    """
    for begin, end in _signals().markers:
        start = text.find(begin)
        stop = text.find(end, start) if start >= 0 else -1
        if stop >= 0 and _TELLTALE.search(text, start, stop):
            rest = f"{text[:start]}<div>{_TAKEN_OUT}</div>{text[stop + len(end) :]}"
            return text[start + len(begin) : stop], rest
    return "", text


def _find_named(soup: BeautifulSoup) -> dict[str, list[Tag]]:
    """Find the elements of every selector in one pass over the page; select() would walk it once a selector."""
    signals = _signals()
    wanted = {selector.lower(): [] for selector in (*signals.bodies, *signals.titles)}
    for element in soup.descendants:
        if not isinstance(element, Tag):
            continue
        keys = [element.name]
        if element.attrs:
            if identifier := element.attrs.get("id"):
                keys.append("#" + str(identifier).lower())
            keys += ["." + name for name in str(element.attrs.get("class", "")).lower().split()]
        for key in keys:
            if key in wanted:
                wanted[key].append(element)
    return wanted


def _choose_body(soup: BeautifulSoup, named: dict[str, list[Tag]]) -> Tag:
    """Return the element that holds the article: most telltale words first, then the smallest."""
    best: tuple[int, int] | None = None
    chosen: Tag | None = None
    for selector in _signals().bodies:
        for element in named[selector.lower()]:
            text = element.get_text()
            rank = (len(_TELLTALE.findall(text)), -len(text))
            if text.strip() and (best is None or rank > best):
                best, chosen = rank, element
    whole = soup.body or soup
    if chosen is not None and (best[0] > 0 or not _TELLTALE.search(whole.get_text())):
        return chosen
    return _smallest_with_telltales(whole)


def _smallest_with_telltales(whole: Tag) -> Tag:
    """Go down from the page as long as a single child holds every telltale word."""
    total = len(_TELLTALE.findall(whole.get_text()))
    element = whole
    while total:
        inner = next(
            (
                child
                for child in element.children
                if isinstance(child, Tag) and len(_TELLTALE.findall(child.get_text())) == total
            ),
            None,
        )
        if inner is None:
            break
        element = inner
    # A cell with nothing but a label in it is the form's, not the cell of a layout that holds the article.
    cell = element if element.name in ("td", "th") else element.find_parent(("td", "th"))
    if cell is not None and not cell.find("table") and len(cell.get_text(strip=True)) < _LONGEST_LABEL:
        element = cell.parent
    # Inside a table there is no telling an article from a cell.
    while element.name in ("table", "thead", "tbody", "tfoot", "tr", "p"):
        element = element.parent
    return element


def _facts(soup: BeautifulSoup, named: dict[str, list[Tag]], body: Tag, blocks: Iterable[Block]) -> dict[str, str]:
    signals = _signals()
    facts: dict[str, str] = {}
    for meta in soup.find_all("meta"):
        fact = signals.meta.get(str(meta.get("name", "")).lower())
        content = fold_spaces(str(meta.get("content", "")))
        if fact and content and content != "null":
            facts.setdefault("meta_" + fact if fact in signals.labels else fact, content)
    titles = [fold_spaces(_visible(element)) for selector in signals.titles for element in named[selector.lower()]]
    titles = [facts.pop("title", ""), *titles, fold_spaces(soup.title.get_text()) if soup.title else ""]
    facts["title"] = next(filter(None, titles), "")
    facts["titles"] = "\n".join(dict.fromkeys(filter(None, titles)))
    scripts = " ".join(script.get_text()[:400] for script in soup.find_all("script", limit=3))
    if scripts and not any(isinstance(block, Paragraph) for block in blocks):
        facts["scripts"] = scripts
    if body.parent is not None:
        place = soup.new_tag("div")
        place.string = _TAKEN_OUT
        body.replace_with(place)
    before, _, after = _lines(read_blocks(soup)).partition(_TAKEN_OUT)
    for fact, patterns in signals.labels.items():
        searches = (pattern.search(text) for text in (before, after) for pattern in patterns)
        found = next(filter(None, searches), None)
        value = found.group(1) if found else facts.get("meta_" + fact)
        facts.pop("meta_" + fact, None)
        if value and fact == "published":
            value = iso_date(value)
        if value:
            facts[fact] = value
    return facts


def _lines(blocks: Iterable[Block]) -> str:
    """Return what blocks show, a line a paragraph or table row: a label and its value stand on one line."""
    lines = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        else:
            lines += [" ".join(cell.text for cell in row) for row in block.rows]
    return "\n".join(lines)


def _visible(element: Tag) -> str:
    parts = []
    for string in element.find_all(string=True):
        if isinstance(string, PreformattedString) or string.parent.name in ("script", "style", "title", "noscript"):
            continue
        if type(string) is NavigableString:
            parts.append(string)
    return " ".join(parts)
