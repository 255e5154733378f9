"""Listings of the Hanweb system (JCMS): ``search.jsp``, ``tree.jsp``, ``dataproxy.jsp`` and column pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import parse_qsl, quote, urlsplit

from lxml import html

from archive.documents.encoding import decode_text
from crawler.cms.markup import (
    absolute,
    find_date,
    links_of,
    load_data,
    matching,
    parse_html,
    pattern,
    row_around,
    row_signals,
    select,
    text_of,
    title_of,
)
from crawler.cms.model import ChildChannel, ListedItem, Listing
from crawler.errors import UnreadableListingError
from crawler.portals import Column

_DATA = "hanweb"
_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.DOTALL)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)\s*</totalrecord>", re.IGNORECASE)
_TOTAL_PAGES = re.compile(r"<totalpage>\s*(\d+)\s*</totalpage>", re.IGNORECASE)
# The column page's script says the same as totalRecord:123 or totalRecord = "123".
_SCRIPT_VALUE = r"""["']?\b{name}["']?\s*[:=]\s*["']?([^"',;&}}\s]+)"""
_INLINE_XML = re.compile(r"<script[^>]*text/xml[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_LOAD_DYNAMIC = re.compile(r"loadDynamic\s*\((.*?)\)\s*;?", re.DOTALL)
_QUOTED = re.compile(r"""(['"])(.*?)\1""", re.DOTALL)
# funclick('02','name') ...>label(12)<, the quotes escaped when the node stands in a script's text.
_NODE = re.compile(
    r"""funclick\(\s*\\*['"](?P<code>[^'"\\]*)\\*['"]\s*
        (?:,\s*\\*['"](?P<name>[^'"\\]*)\\*['"])?[^>]*>
        (?P<label>[^<>()（）]*)(?:[(（](?P<count>\d+)[)）])?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class ColumnPage:
    """What the page of a column says of how its list is fetched. Unknown values are empty.

    ``tree`` is the address of its tree of information types; ``listing`` its first entries, where it shows any.
    """

    tree: str
    infotype: str
    web_id: str
    area: str
    unit_id: str
    web_name: str
    listing: Listing | None


def search_request(column: Column, infotype: str, page: int) -> tuple[str, bytes]:
    """Return the path with query, and the form body, that ask for one page (from 1) of an xxgk list.

    The body repeats the query's keys after its own, in the order the portal's script sends them: the server was only
    ever seen to answer this form.
    """
    query = [("infotypeId", infotype), ("vc_title", ""), ("vc_number", ""), ("area", column.area)]
    own = [
        ("infotypeId", infotype or "0"), ("jdid", column.web_id), ("divid", f"div{column.column}"), ("vc_title", ""),
        ("vc_number", ""), ("currpage", "" if page == 1 else str(page)), ("vc_filenumber", ""), ("vc_all", ""),
        ("texttype", ""), ("fbtime", ""),
    ]  # fmt: skip
    return "/module/xxgk/search.jsp?" + _form(query), _form(own + query).encode("ascii")


def dataproxy_window(column: Column, start: int, end: int, per_page: int) -> tuple[str, bytes]:
    """Return path and form body that ask for the records ``start`` to ``end`` (from 1) of an ordinary column."""
    query = [("startrecord", str(start)), ("endrecord", str(end)), ("perpage", str(per_page))]
    return "/module/web/jpage/dataproxy.jsp?" + _form(query), _form(_column_form(column)).encode("ascii")


def dataproxy_page(column: Column, page: int) -> str:
    """Return the path with query that asks for one page of an ordinary column: what builds without windows honour."""
    return "/module/web/jpage/dataproxy.jsp?" + _form([("page", str(page)), *_column_form(column)])


def tree_path(column: Column) -> str:
    """Return the path of a column's tree of information types."""
    return "/module/xxgk/tree.jsp?" + _form([("area", column.area), ("divid", f"div{column.column}")])


def column_path(column: Column) -> str:
    """Return the path of a column's page, with its tree node selected where one is known."""
    number = f"?number={quote(column.infotype)}" if column.infotype else ""
    return f"/col/col{column.column}/index.html{number}"


def read_search(body: bytes, url: str, column: str) -> Listing:
    """Read a fragment of ``search.jsp``; ``column`` is the id of the column asked for.

    Rows of other columns come along in it and are told by their address. Raises UnreadableListingError when nothing in
    it looks like a list.
    """
    root = parse_html(body)
    if root is None:
        raise UnreadableListingError("the answer is empty")
    text = text_of(root)
    pages = pattern(_DATA, "pages").search(text)
    found = matching(root, row_signals(_DATA, "xxgk_rows"))
    if found:
        signal, rows = found
        items = tuple(_items(rows, url, column))
        return Listing(items, signal.name, pages=int(pages.group(1)) if pages else _last_page(root))
    items = tuple(_items(_article_rows(root, url), url, column))
    if items or pages:
        return Listing(items, "article addresses", pages=int(pages.group(1)) if pages else _last_page(root))
    raise UnreadableListingError(f"no list and no article address in it; it begins: {text[:80]!r}")


def read_tree(body: bytes) -> tuple[ChildChannel, ...]:
    """Read the nodes of ``tree.jsp`` in the order they stand; ``code`` is the information type."""
    text = decode_text(body)[0].replace("&gt;", ">").replace("&lt;", "<").replace("&quot;", '"')
    nodes: dict[str, ChildChannel] = {}
    for match in _NODE.finditer(text):
        name = (match["label"] or match["name"] or "").strip()
        nodes.setdefault(match["code"], ChildChannel(name=name, code=match["code"]))
    return tuple(nodes.values())


def report_nodes(nodes: Sequence[ChildChannel], infotype: str) -> tuple[ChildChannel, ...]:
    """Return the nodes whose lists may hold annual reports.

    By name, and every node below one of those or below ``infotype``: a node's code begins with its parent's.
    """
    named = [node.code for node in nodes if node.code and pattern(_DATA, "report_nodes").search(node.name)]
    roots = tuple(dict.fromkeys([*named, *([infotype] if infotype else [])]))
    return tuple(node for node in nodes if node.code and node.code.startswith(roots)) if roots else ()


def read_column_page(body: bytes, url: str, column: str) -> ColumnPage:
    """Read a column's page: its scripts for the parameters, its inlined records for the first entries."""
    text = decode_text(body)[0]
    root = parse_html(body)
    frames = root.iter("iframe", "frame") if root is not None else ()
    tree = next((absolute(url, frame.get("src")) for frame in frames if "tree.jsp" in (frame.get("src") or "")), None)
    loading = _LOAD_DYNAMIC.search(text)
    words = [match.group(2) for match in _QUOTED.finditer(loading.group(1))] if loading else []
    in_tree = dict(parse_qsl(urlsplit(tree).query)) if tree else {}
    return ColumnPage(
        tree=tree or "",
        infotype=_after_division(words),
        web_id=_script_value(text, "webid") or (words[-1] if words and words[-1].isdecimal() else ""),
        area=in_tree.get("area", "")
        or next(filter(None, (_match(r"area=([0-9A-Za-z]+)", word) for word in words)), ""),
        unit_id=_script_value(text, "unitid"),
        web_name=_script_value(text, "webname"),
        listing=_inline_listing(text, root, url, column),
    )


def read_dataproxy(body: bytes, url: str, column: str) -> Listing:
    """Read the XML of ``dataproxy.jsp``. Raises UnreadableListingError when it is not that."""
    text = decode_text(body)[0]
    if "<recordset" not in text and not _TOTAL.search(text):
        raise UnreadableListingError(f"no <datastore> in it; it begins: {text.strip()[:80]!r}")
    return _read_records(text, url, column, "dataproxy records")


def _inline_listing(text: str, root: html.HtmlElement | None, url: str, column: str) -> Listing | None:
    inline = _INLINE_XML.search(text)
    if inline and "<record" in inline.group(1):
        listing = _read_records(inline.group(1), url, column, "records in the column page")
        total = listing.total if listing.total is not None else _number(_script_value(text, "totalRecord"))
        return Listing(listing.items, listing.signal, listing.pages, total)
    found = matching(root, row_signals(_DATA, "column_rows")[:1]) if root is not None else None
    if not found:
        return None
    total = _number(_script_value(text, "totalRecord"))
    return Listing(tuple(_items(found[1], url, column)), found[0].name, total=total)


def _read_records(text: str, url: str, column: str, signal: str) -> Listing:
    items: list[ListedItem] = []
    for record in _RECORD.findall(text):
        root = parse_html(record.encode("utf-8"))
        if root is None:
            continue
        found = matching(root, row_signals(_DATA, "column_rows"))
        rows = found[1] if found and found[1] else [root]
        items += _items(rows, url, column)
    # Some builds print an entry twice, for wide and for narrow screens.
    unique = {(item.url, item.title): item for item in items}
    total, pages = _TOTAL.search(text), _TOTAL_PAGES.search(text)
    return Listing(
        tuple(unique.values()),
        signal,
        pages=int(pages.group(1)) if pages else None,
        total=int(total.group(1)) if total else None,
    )


def _items(rows: Sequence[html.HtmlElement], url: str, column: str) -> Iterator[ListedItem]:
    data = load_data(_DATA)
    for row in rows:
        links = [(link, target) for link, target in links_of(row, url)]
        if not links:
            dead = next(row.iter("a"), None)
            title = title_of(dead, data["title_attributes"]) if dead is not None else ""
            if title and not pattern(_DATA, "skip_titles").fullmatch(title):
                yield ListedItem(None, title, find_date(text_of(row)))
            continue
        article = pattern(_DATA, "article")
        link, target = next((pair for pair in links if article.search(pair[1])), links[0])
        title = title_of(link, data["title_attributes"])
        if pattern(_DATA, "skip_titles").fullmatch(title.replace(" ", "")):
            continue
        place = article.search(target)
        yield ListedItem(
            url=target,
            title=title,
            date=find_date(_attribute(link, data["date_attributes"])) or find_date(_without(row, link)),
            publisher=_attribute(link, data["publisher_attributes"]) or None,
            own_column=place is None or place.group(1) == column,
        )


def _article_rows(root: html.HtmlElement, url: str) -> list[html.HtmlElement]:
    article = pattern(_DATA, "article")
    return [row_around(link) for link, target in links_of(root, url) if article.search(target)]


def _without(row: html.HtmlElement, link: html.HtmlElement) -> str:
    """The text of a row beside its link: a title may hold a date of its own."""
    return text_of(row).replace(text_of(link), " ", 1) if row is not link else (link.tail or "")


def _last_page(root: html.HtmlElement) -> int | None:
    for link in select(root, "a"):
        if pattern(_DATA, "last_page_link").search(text_of(link)):
            return _number(_match(r"(\d+)\D*$", (link.get("href") or "") + (link.get("onclick") or "")))
    return None


def _column_form(column: Column) -> list[tuple[str, str]]:
    return [
        ("col", "1"), ("appid", "1"), ("webid", column.web_id), ("path", "/"), ("columnid", column.column),
        ("sourceContentType", "1"), ("unitid", column.unit_id), ("webname", column.web_name), ("permissiontype", "0"),
    ]  # fmt: skip


def _form(fields: Sequence[tuple[str, str]]) -> str:
    return "&".join(f"{name}={quote(value, safe='/')}" for name, value in fields)


def _attribute(link: html.HtmlElement, names: Sequence[str]) -> str:
    return next((value.strip() for name in names if (value := link.get(name)) and value.strip()), "")


def _after_division(words: Sequence[str]) -> str:
    """The argument of loadDynamic after the name of the division it fills: the tree node shown first."""
    for word, following in pairwise(words):
        if re.fullmatch(r"div\d+", word):
            return following if following.isalnum() else ""
    return ""


def _script_value(text: str, name: str) -> str:
    return _match(_SCRIPT_VALUE.format(name=name), text)


def _match(expression: str, text: str) -> str:
    found = re.search(expression, text, re.IGNORECASE)
    return found.group(1) if found else ""


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
