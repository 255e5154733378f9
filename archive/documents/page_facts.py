"""What a page says of its article beside it: title, date, source, number, where on the site it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bs4 import BeautifulSoup

from archive.documents.article import TAKEN_OUT
from archive.documents.dates import iso_date
from archive.documents.model import Block, Paragraph
from archive.documents.page_signals import signals
from archive.documents.spaces import fold_spaces
from archive.documents.tree import Element

# The tags of a page's own data, wherever a template put them; what a comment or a script writes is none of the page.
_OWN_DATA = re.compile(
    r"<!--.*?(?:-->|\Z)|<script\b.*?(?:</script\s*>|\Z)|(<meta\b[^>]*>|<title\b[^>]*>[^<]*)", re.DOTALL | re.IGNORECASE
)
# Text of these shows on no page.
_SHOWN = ".//text()[not(parent::title or parent::noscript)]"


def page_facts(text: str, named: dict[str, list[Element]], around: Iterable[Block]) -> dict[str, str]:
    """Return the facts of a page, by name.

    ``text`` is the page, ``named`` its elements by selector, ``around`` the blocks beside the article, with
    `TAKEN_OUT` where that was. What stands before the article counts first: lists of other articles follow it. What
    the page shows of a fact counts before what its ``<meta>`` says.
    """
    # A title whose end is torn off would swallow the tags after it.
    head = BeautifulSoup("</title>".join(_OWN_DATA.findall(text)), "lxml")
    meta = _meta(head)
    facts = _titles(meta.pop("title", ""), head.title.get_text() if head.title else "", named)
    before, _, after = _lines(around).partition(TAKEN_OUT)
    for fact, patterns in signals().labels.items():
        searches = (pattern.search(place) for place in (before, after) for pattern in patterns)
        found = next(filter(None, searches), None)
        value = found.group(1) if found else meta.pop(fact, "")
        if value and fact == "published":
            value = iso_date(value)
        if value:
            facts[fact] = value
        meta.pop(fact, None)
    return meta | facts


def _meta(head: BeautifulSoup) -> dict[str, str]:
    facts: dict[str, str] = {}
    for element in head.find_all("meta"):
        fact = signals().meta.get(element.get("name", "").lower())
        content = fold_spaces(element.get("content", ""))
        if fact and content and content != "null":
            facts.setdefault(fact, content)
    return facts


def _titles(said: str, window: str, named: dict[str, list[Element]]) -> dict[str, str]:
    """Return the page's titles, a line each, and the first of them: as its data say, as it shows, of its window."""
    shown = [" ".join(element.xpath(_SHOWN)) for selector in signals().titles for element in named[selector.lower()]]
    titles = list(dict.fromkeys(filter(None, (said, *map(fold_spaces, (*shown, window))))))
    return {"title": titles[0] if titles else "", "titles": "\n".join(titles)}


def _lines(blocks: Iterable[Block]) -> str:
    """Return what blocks show, a line a paragraph or table row: a label and its value stand on one line."""
    lines = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        else:
            lines += [" ".join(cell.text for cell in row) for row in block.rows]
    return "\n".join(lines)
