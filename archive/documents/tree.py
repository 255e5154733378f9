"""The elements of a page, as libxml2 builds them: a tree of Python's own objects took a third of all reading time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

# lxml has no other name for the type of its elements.
Element = etree._Element

# A browser goes on where it was at such a tag, in the middle of a table too; to libxml2 what follows is another page.
_ENDS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
# What these hold is never text of the page.
_CODE = ("script", "style", "template")
# Of so many scripts, so many characters each are kept: enough to know a challenge or a script that loads the page.
_SCRIPTS, _SCRIPT = 3, 400


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: its elements without code, and of the code the style sheets and how its scripts begin."""

    root: Element
    sheets: str
    scripts: str


def parse(text: str) -> Page:
    """Parse a page or a fragment, however broken; what is empty gives an empty page."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    # As bytes: a text that declares an encoding of its own is refused as a string. A browser passes over NUL.
    parser.feed(_ENDS.sub("", text).replace("\0", "").encode("utf-8", errors="replace"))
    try:
        root = parser.close()
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        root = etree.Element("html")
    scripts = [element.text or "" for element in root.iter("script")]
    sheets = "\n".join(element.text or "" for element in root.iter("style"))
    etree.strip_elements(root, *_CODE, with_tail=False)
    return Page(root, sheets, " ".join(script[:_SCRIPT] for script in scripts[:_SCRIPTS]))


def text_of(element: Element) -> str:
    """Return all text in an element, of what is hidden too."""
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def length_of(element: Element) -> int:
    """Return how many characters the text in an element has without the white space around its parts."""
    return sum(len(part.strip()) for part in element.itertext())


def holds(element: Element, *names: str) -> bool:
    """Whether an element of one of these names lies in another."""
    return next(element.iterdescendants(*names), None) is not None


def replace(element: Element, words: str) -> None:
    """Put a paragraph of these words where an element is; nothing happens to the root."""
    parent = element.getparent()
    if parent is None:
        return
    place = etree.Element("div")
    place.text, place.tail = words, element.tail
    parent.replace(element, place)
