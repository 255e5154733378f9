"""What belongs to an article: its attachments, and its pictures where they may be what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import html

from crawler.cms.markup import absolute, links_of, load_data, parse_html, pattern, select, text_of, title_of
from crawler.cms.model import Attachment

_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?|webp)(?:$|\?)", re.IGNORECASE)
_LAST_NAME = re.compile(r"[\w-]+$")
# A table of a report has far more cells; with fewer, the tables may be pictures.
_CELLS_OF_A_TABLE = 20
# No table of a report can be read in a picture with a side shorter than this, in pixels.
_LEAST_SIDE = 120
_MOST_PICTURES = 40
_PIXELS = re.compile(r"(\d+)(?:\.\d+)?\s*(?:px)?", re.IGNORECASE)
_STYLE_SIZE = re.compile(r"(?<![\w-])(?:width|height)\s*:\s*([\d.]+px)", re.IGNORECASE)


def read_attachments(body: bytes, url: str, cms: str) -> tuple[Attachment, ...]:
    """Return the files an article's page links to in its text or its block of attachments, each once.

    A link is a file by the form of its address (``file_addresses`` of the system's data: extensions and download
    endpoints). Where no body is recognised the whole page is searched. Pictures of the text are included when the text
    holds no table of any size: then they may be the tables.
    """
    root = parse_html(body)
    if root is None:
        return ()
    data = load_data(cms)
    lowered = body.lower()
    bodies = _first(root, lowered, data["article_bodies"]) or [root]
    places = [*bodies, *_all(root, lowered, data["appendix_blocks"])]
    found: dict[str, Attachment] = {}
    for place in places:
        for link, target in links_of(place, url):
            if pattern(cms, "file_addresses").search(_tail(target)) or _PICTURE.search(_tail(target)):
                found.setdefault(target, Attachment(target, text_of(link) or title_of(link, ("title", "download"))))
    if bodies[0] is not root and sum(1 for place in bodies for _ in place.iter("td")) < _CELLS_OF_A_TABLE:
        for picture in _pictures(bodies, url, cms):
            found.setdefault(picture.url, picture)
    found.pop(url, None)
    return tuple(found.values())


def _pictures(bodies: list[html.HtmlElement], url: str, cms: str) -> list[Attachment]:
    """The pictures of the text that may show what it says: not those drawn small, nor named like furniture."""
    found: dict[str, Attachment] = {}
    for image in (image for place in bodies for image in place.iter("img")):
        target = absolute(url, image.get("src") or image.get("data-src"))
        if target and not _is_small(image) and not pattern(cms, "icons").search(urlsplit(target).path):
            found.setdefault(target, Attachment(target, image.get("alt") or "", len(found) + 1))
    # A page of a hundred pictures is no report.
    return list(found.values())[:_MOST_PICTURES]


def _is_small(image: html.HtmlElement) -> bool:
    """Whether a picture says itself that it is too small to hold a table: by its attributes or its style, in pixels."""
    sizes = [image.get("width") or "", image.get("height") or "", *_STYLE_SIZE.findall(image.get("style") or "")]
    pixels = [int(match.group(1)) for size in sizes if (match := _PIXELS.fullmatch(size.strip()))]
    return any(size < _LEAST_SIDE for size in pixels)


def _first(root: html.HtmlElement, lowered: bytes, selectors: list[str]) -> list[html.HtmlElement]:
    return next((found for css in _worth_trying(lowered, selectors) if (found := select(root, css))), [])


def _all(root: html.HtmlElement, lowered: bytes, selectors: list[str]) -> list[html.HtmlElement]:
    return [element for css in _worth_trying(lowered, selectors) for element in select(root, css)]


def _worth_trying(lowered: bytes, selectors: list[str]) -> Iterator[str]:
    """The selectors whose last name stands somewhere in the page: looking is much cheaper than selecting."""
    return (css for css in selectors if _LAST_NAME.search(css).group().lower().encode() in lowered)


def _tail(url: str) -> str:
    """An address from its path on: a host such as ``files.example`` says nothing."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
