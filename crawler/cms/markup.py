"""HTML, dates and signals: what the readers of both content systems share."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html
from lxml.cssselect import CSSSelector
from lxml.etree import ParserError

from archive.documents.encoding import decode_text

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})(?!\d)")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class RowSignal:
    """One way a system prints its listings: where the list is and what a row of it is (CSS selectors)."""

    name: str
    container: str
    rows: str


def parse_html(data: bytes) -> html.HtmlElement | None:
    """Return the tree of a page or a fragment, None when there is no element in it.

    The encoding is told from the bytes (see `archive.documents.encoding`), not from what the page says of itself.
    """
    text = decode_text(data)[0].replace("\0", "")
    try:
        return html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except ParserError:
        return None


def select(root: html.HtmlElement, css: str) -> list[html.HtmlElement]:
    """Return the elements a CSS selector finds, in document order."""
    return _selector(css)(root)


def text_of(element: html.HtmlElement) -> str:
    """Return the text of an element, each run of white space as one space."""
    return _SPACES.sub(" ", str(element.text_content())).strip()


def strip_tags(text: str) -> str:
    """Return text that may hold tags and entities as plain text."""
    if "<" not in text and "&" not in text:
        return _SPACES.sub(" ", text).strip()
    try:
        return text_of(html.fragment_fromstring(text, create_parent="div"))
    except ParserError:
        return ""


def find_date(text: str) -> str | None:
    """Return the last date in a text as YYYY-MM-DD, None when there is none.

    The last, because titles carry dates too and the listing prints its own at the end of the row.
    """
    for year, month, day in reversed(_DATE.findall(text)):
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return f"{year}-{int(month):02d}-{int(day):02d}"
    return None


def absolute(base: str, link: str | None) -> str | None:
    """Return the http(s) address a link means on the page ``base``, without its fragment; None for any other link."""
    if not link or not link.strip() or link.strip().startswith("#"):
        return None
    try:
        url = urljoin(base, link.strip().replace("\\", "/")).split("#", 1)[0]
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises ValueError for a port that is none
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def links_of(row: html.HtmlElement, base: str) -> Iterator[tuple[html.HtmlElement, str]]:
    """Go through the links of an element that lead to an http(s) address."""
    for link in row.iter("a"):
        url = absolute(base, link.get("href"))
        if url:
            yield link, url


def title_of(link: html.HtmlElement, attributes: Iterable[str]) -> str:
    """Return the title a link carries: the first of those attributes that has one, else its text.

    Attributes first: the text is cut to fit, and on one system holds the debris of broken markup.
    """
    for name in attributes:
        title = strip_tags(link.get(name) or "")
        if title:
            return title
    return text_of(link)


def row_around(link: html.HtmlElement) -> html.HtmlElement:
    """Return the row a link stands in: the nearest list item or table row, else its parent when it is alone there."""
    row = next(link.iterancestors("li", "tr", "dd"), None)
    if row is None:
        row = link.getparent()
    alone = row is not None and sum(1 for _ in row.iter("a")) == 1
    return row if alone else link


def matching(root: html.HtmlElement, signals: Iterable[RowSignal]) -> tuple[RowSignal, list[html.HtmlElement]] | None:
    """Return the first signal that finds rows with links, else the first whose container is there, with no rows."""
    empty = None
    for signal in signals:
        if not select(root, signal.container):
            continue
        rows = [row for row in select(root, signal.rows) if next(row.iter("a"), None) is not None]
        if rows:
            return signal, rows
        empty = empty or (signal, [])
    return empty


@cache
def load_data(name: str) -> dict[str, Any]:
    """Return the data of ``crawler/cms/<name>.toml``."""
    return tomllib.loads((files("crawler.cms") / f"{name}.toml").read_text("utf-8"))


@cache
def row_signals(name: str, key: str) -> tuple[RowSignal, ...]:
    """Return the row signals under ``key`` of a data file, in the order to be tried."""
    return tuple(RowSignal(**entry) for entry in load_data(name)[key])


@cache
def pattern(name: str, key: str) -> re.Pattern[str]:
    """Return the regular expression under ``key`` of a data file; a list of them means any."""
    value = load_data(name)[key]
    return re.compile(value if isinstance(value, str) else "|".join(value), re.IGNORECASE)


@cache
def _selector(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")
