"""Listings of the UCAP system: ``getChannelList`` and ``/common/search`` JSON, and static list pages."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote, urlsplit

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
    strip_tags,
    text_of,
    title_of,
)
from crawler.cms.model import Attachment, ChildChannel, ListedItem, Listing
from crawler.errors import UnreadableListingError

_DATA = "ucap"
BEIJING = timezone(timedelta(hours=8))
_ID = re.compile(r"[0-9a-f]{32}")
# Values that stand for none in the metadata.
_NOTHING = {"", "null", "none", "undefined"}


@dataclass(frozen=True, slots=True)
class ListPage:
    """A static list page. ``pages`` counts it and its followers; ``forward`` is where a page without a list leads."""

    url: str
    listing: Listing | None
    channel_id: str
    children: tuple[ChildChannel, ...]
    pages: int
    template: str
    suffix: str
    forward: str | None


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where a list page's address says it is."""

    site: str
    code: str
    template: str


def place_of(url: str) -> ListPlace | None:
    """Return what the address of a list page says, None for other addresses."""
    place = pattern(_DATA, "list_page").search(urlsplit(url).path)
    return ListPlace(place.group(1), place.group(2), place.group(3)) if place else None


def page_name(template: str, page: int, suffix: str) -> str:
    """Return the file name of a static list page; the first has no number."""
    return f"{template}_{page}.{suffix}" if page > 1 else f"{template}.{suffix}"


def channel_list_path(code: str, site: str) -> str:
    """Return the path that asks for the channels below one."""
    return f"/common/getChannelList?channelCode={quote(code)}&websiteCodeName={quote(site)}"


def search_path(channel_id: str, page: int, page_size: int) -> str:
    """Return the path that asks for one page (from 1) of a channel's entries as JSON."""
    return f"/common/search/{channel_id}?_isAgg=false&_isJson=true&_pageSize={page_size}&page={page}"


def list_path(site: str, code: str, template: str) -> str:
    """Return the path of a channel's first static list page."""
    return f"/{site}/{code}/{page_name(template, 1, 'shtml')}"


def read_channel_list(body: bytes) -> tuple[ChildChannel, ...]:
    """Read the answer of ``getChannelList``. Raises UnreadableListingError when it is not JSON of that kind."""
    data = _json(body)
    results = data.get("results", data.get("data"))
    children = results.get("children") if isinstance(results, dict) else results
    if not isinstance(children, list):
        raise UnreadableListingError("the JSON has no results.children")
    return _children(children)


def read_search(body: bytes, url: str, channel_id: str = "") -> Listing:
    """Read one page of ``/common/search/{id}``.

    The entries are those in ``results``: ``rows`` is what was asked for, not what came. The time is
    ``publishedTimeStr`` (Beijing time) where there is one; the epoch beside it was seen eight hours early.
    Raises UnreadableListingError when it is not JSON of that kind.
    """
    data = _json(body).get("data")
    results = data.get("results") if isinstance(data, dict) else None
    if not isinstance(results, list):
        raise UnreadableListingError("the JSON has no data.results")
    total = data.get("total")
    items = tuple(_result(entry, url) for entry in results if isinstance(entry, dict))
    return Listing(items, "search JSON", total=_whole(total))


def read_list_page(body: bytes, url: str) -> ListPage:
    """Read a static list page: entries, pager, channel id and the channels below.

    Entries are found in the list containers of ``ucap.toml``, else by the grammar of article addresses; an entry
    belongs to the channel when its address says so. ``listing`` is None when the page shows no list at all.
    """
    text = decode_text(body)[0]
    root = parse_html(body)
    place = pattern(_DATA, "list_page").search(urlsplit(url).path)
    site, code = (place.group(1), place.group(2)) if place else ("", "")
    pager = pattern(_DATA, "pager").search(text)
    listing = _static_listing(root, url, code, pager) if root is not None else None
    return ListPage(
        url=url,
        listing=listing,
        channel_id=_channel_id(text),
        children=tuple(_linked_channels(root, url, site, code)) if root is not None else (),
        pages=max(int(pager.group(1)), 1) if pager else 1,
        template=(pager.group(2) if pager else "") or (place.group(3) if place else ""),
        suffix=(pager.group(3) if pager else "") or "shtml",
        forward=None if listing and listing.items else _forward(body, text, url),
    )


def _result(entry: Mapping[str, Any], url: str) -> ListedItem:
    title = strip_tags(_string(entry.get("title"))) or strip_tags(_string(entry.get("subTitle")))
    target = absolute(url, _string(entry.get("url")))
    return ListedItem(
        url=target,
        title=title,
        date=find_date(_string(entry.get("publishedTimeStr"))[:10]) or _epoch_date(entry.get("publishedTime")),
        publisher=_publisher(entry.get("domainMetaList")),
        column=strip_tags(_string(entry.get("channelName"))),
        attachments=tuple(_files(entry.get("resList"), target or url)),
        digest=_digest(entry.get("contentHtml"), entry.get("content")),
    )


def _digest(*texts: Any) -> str | None:
    """Tell whether the text of an entry changed, where the answer carries it: the first of those that is text."""
    text = next((text for text in texts if isinstance(text, str) and text.strip()), None)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16] if text else None


def _files(found: Any, base: str) -> Iterator[Attachment]:
    for entry in found if isinstance(found, list) else ():
        if isinstance(entry, dict):
            target = absolute(base, _string(entry.get("filePath")))
            if target:
                yield Attachment(target, _string(entry.get("fileName")))


def _publisher(found: Any) -> str | None:
    """The metadata's source (来源), told by its key; ``"null"`` as text means there is none."""
    for group in found if isinstance(found, list) else ():
        results = group.get("resultList") if isinstance(group, dict) else None
        for entry in results if isinstance(results, list) else ():
            if isinstance(entry, dict) and entry.get("key") == "source":
                value = strip_tags(_string(entry.get("value")))
                if value.lower() not in _NOTHING:
                    return value
    return None


def _epoch_date(value: Any) -> str | None:
    milliseconds = _whole(value)
    if not milliseconds or not 0 < milliseconds < 1 << 42:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(BEIJING).date().isoformat()


def _children(entries: list) -> tuple[ChildChannel, ...]:
    return tuple(
        ChildChannel(
            name=strip_tags(_string(entry.get("displayName") or entry.get("channelName") or entry.get("name"))),
            id=_first_id(entry.get("channelId"), entry.get("id")),
            code=_string(entry.get("channelCode") or entry.get("channelCodeName") or entry.get("codeName")),
            children=_children(entry["children"]) if isinstance(entry.get("children"), list) else (),
        )
        for entry in entries
        if isinstance(entry, dict)
    )


def _static_listing(root: html.HtmlElement, url: str, code: str, pager: re.Match[str] | None) -> Listing | None:
    found = matching(root, row_signals(_DATA, "list_rows"))
    signal, rows = (found[0].name, found[1]) if found else ("", [])
    items = _page_items(rows, url, code)
    if not items:
        article = pattern(_DATA, "article")
        rows = [row_around(link) for link, target in links_of(root, url) if article.search(urlsplit(target).path)]
        items = _page_items(rows, url, code)
        signal = "article addresses" if items else signal
    if not items and not found and not pager:
        return None
    total = pager.group(4) if pager else None
    return Listing(items, signal or "pager", pages=int(pager.group(1)) if pager else None, total=_whole(total))


def _page_items(rows: list[html.HtmlElement], url: str, code: str) -> tuple[ListedItem, ...]:
    items: dict[str, ListedItem] = {}
    data = load_data(_DATA)
    for row in rows:
        for link, target in links_of(row, url):
            place = pattern(_DATA, "article").search(urlsplit(target).path)
            title = title_of(link, data["title_attributes"])
            if place is None or pattern(_DATA, "skip_titles").fullmatch(title):
                continue
            beside = text_of(row).replace(text_of(link), " ", 1) if row is not link else (link.tail or "")
            item = ListedItem(target, title, find_date(beside), own_column=place.group(2) == code)
            items.setdefault(target, item)
    return tuple(items.values())


def _linked_channels(root: html.HtmlElement, url: str, site: str, code: str) -> Iterator[ChildChannel]:
    """The channels a list page links to, told by the text of the links (years, departments, townships)."""
    seen = {code}
    for link, target in links_of(root, url):
        place = pattern(_DATA, "list_page").search(urlsplit(target).path)
        name = text_of(link) or strip_tags(link.get("title") or "")
        if not place or place.group(1) != site or place.group(2) in seen or place.group(4):
            continue
        if pattern(_DATA, "child_names").fullmatch(name.replace(" ", "").replace("（", "(").replace("）", ")")):
            seen.add(place.group(2))
            yield ChildChannel(name=name, code=place.group(2), url=target)


def _channel_id(text: str) -> str:
    for expression in load_data(_DATA)["channel_ids"]:
        found = re.search(expression, text, re.IGNORECASE)
        if found:
            return found.group(1).lower()
    return ""


def _forward(body: bytes, text: str, url: str) -> str | None:
    if len(body) > load_data(_DATA)["forward_at_most"]:
        return None
    for expression in load_data(_DATA)["forwards"]:
        found = re.search(expression, text, re.IGNORECASE)
        target = absolute(url, found.group(1)) if found else None
        if target and target != url:
            return target
    return None


def _json(body: bytes) -> dict[str, Any]:
    text = decode_text(body)[0]
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UnreadableListingError(f"not JSON; it begins: {text.strip()[:80]!r}") from error
    if not isinstance(data, dict):
        raise UnreadableListingError(f"the JSON is a {type(data).__name__}, not an object")
    return data


def _first_id(*values: Any) -> str:
    return next((value for value in values if isinstance(value, str) and _ID.fullmatch(value)), "")


def _string(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else None
