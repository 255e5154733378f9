"""Where the article stands on a page: between its template's comments, in a known element, or by a report's words."""

from __future__ import annotations

from lxml import etree

from archive.documents.page_signals import TELLTALE, signals
from archive.documents.spaces import squeeze
from archive.documents.tree import Element, holds, length_of, text_of

# Stands in the page where the article was taken out: characters no portal prints.
TAKEN_OUT = "\ue000正文\ue000"
# The longest label of a form and its printed gloss have under 40 characters each; noise may double them.
_LONGEST_LABEL = 100


def between_markers(text: str) -> tuple[str, str]:
    """Part a page into the article its template marks with comments, empty if it marks none, and the rest.

    The rest shows where the article was.
    """
    for begin, end in signals().markers:
        start = text.find(begin)
        stop = text.find(end, start) if start >= 0 else -1
        if stop >= 0 and TELLTALE.search(text, start, stop):
            rest = f"{text[:start]}<div>{TAKEN_OUT}</div>{text[stop + len(end) :]}"
            return text[start + len(begin) : stop], rest
    return "", text


def choose_body(root: Element, named: dict[str, list[Element]]) -> Element:
    """Return the element that holds the article: most telltale words first, then the smallest.

    ``named`` has the elements of each selector; see `page_signals.find_named`.
    """
    best: tuple[int, int] | None = None
    chosen: Element | None = None
    for selector in signals().bodies:
        for element in named[selector.lower()]:
            text = text_of(element)
            rank = (_told(text), -len(text))
            if text.strip() and (best is None or rank > best):
                best, chosen = rank, element
    body = root.find("body")
    whole = root if body is None else body
    if chosen is not None and (best[0] > 0 or not _told(text_of(whole))):
        return _with_rest(chosen, whole)
    return _smallest_with_telltales(whole)


def _with_rest(chosen: Element, whole: Element) -> Element:
    """Take into an element what follows it and says more of a report: a surplus end tag ended it too early."""
    inside, wanted = _words(chosen), _words(whole)
    for level in (chosen, *chosen.iterancestors()):
        if level is whole or inside >= wanted:
            break
        following = list(level.itersiblings())
        if any(not inside >= _words(element) for element in following):
            rest = etree.SubElement(chosen, "div")
            rest.text, level.tail = level.tail, None
            rest.extend(following)
            inside = _words(chosen)
    return chosen


def _words(element: Element) -> set[str]:
    return {squeeze(word) for word in TELLTALE.findall(text_of(element))}


def _told(text: str) -> int:
    return len(TELLTALE.findall(text))


def _smallest_with_telltales(whole: Element) -> Element:
    """Go down from the page as long as a single child holds every telltale word."""
    total = _told(text_of(whole))
    element = whole
    while total:
        inner = next((child for child in element if _told(text_of(child)) == total), None)
        if inner is None:
            break
        element = inner
    # A cell with nothing but a label in it is the form's, not the cell of a layout that holds the article.
    cell = element if element.tag in ("td", "th") else next(element.iterancestors("td", "th"), None)
    if cell is not None and not holds(cell, "table") and length_of(cell) < _LONGEST_LABEL:
        element = cell.getparent()
    # Inside a table there is no telling an article from a cell.
    while element.tag in ("table", "thead", "tbody", "tfoot", "tr", "p"):
        element = element.getparent()
    return element
