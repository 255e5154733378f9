"""What of a page nobody sees, by its style sheets and by its elements' own styles: hidden copies, struck-out text."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.cssselect import CSSSelector

from archive.documents.tree import Element

# Copies of the text for another screen are hidden by style; they would be read twice.
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
# What its author struck out or made invisible is not said. It keeps its place on the page, which what is hidden does
# not.
_STRUCK = {"del", "s", "strike"}
_UNREAD = re.compile(
    r"(?<![\w-])(?:text-decoration(?:-line)?\s*:[^;]*line-through|visibility\s*:\s*(?:hidden|collapse)"
    r"|opacity\s*:\s*(?:0+(?:\.0*)?|\.0+)%?\s*(?:[!;]|$)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{4,}(?:px|pt|r?em)\b)",
    re.IGNORECASE,
)
# A size of nothing is also set around blocks that have sizes of their own, to close the gaps between them.
_NO_SIZE = re.compile(r"(?<![\w-])font-size\s*:\s*(?:0+(?:\.0*)?|\.0+)(?:%|[a-z]+)?\s*(?:[!;]|$)", re.IGNORECASE)
_SIZE = re.compile(r"(?<![\w-])font(?:-size)?\s*:", re.IGNORECASE)
# A reviewer's remark beside the text, as Word exports it: the mark in the line, and the balloons at the end.
_REMARK = re.compile(r"MsoComment|msocom", re.IGNORECASE)
_REMARKS = re.compile(r"mso-element\s*:\s*comment", re.IGNORECASE)
_TABLE = re.compile(r"display\s*:\s*(?:inline-)?table", re.IGNORECASE)
_RAISED = re.compile(r"(?<![\w-])vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
# The parts of a style sheet: rules for other screens and paper, and for the rest what they select and say.
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_MEDIA = re.compile(r"@[a-z-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE)
_RULE = re.compile(r"(?P<selectors>[^{}]+)\{(?P<body>[^{}]*)\}")
_ONE = r"(?:[A-Za-z][\w-]*(?:[.#][A-Za-z_][\w-]*)*|(?:[.#][A-Za-z_][\w-]*)+)"
_PLAIN = re.compile(rf"{_ONE}(?:(?:\s*>\s*|\s+){_ONE})*")
# What a style sheet may say that decides whether, or as what, a text is read. What fades in or is laid over by a script
# has no opacity at first.
_TELLING = re.compile(
    r"(?<![\w-])(display|visibility|vertical-align|text-decoration)(?:-line)?\s*:\s*([^;!}]+)", re.IGNORECASE
)
# So many different styles are remembered, over the pages; the text of a style is some 100 characters.
_REMEMBERED = 4096


def apply_sheets(root: Element, sheets: str) -> None:
    """Give elements what the page's style sheets, one text, say of how they are read, as if it were their own style.

    Only plain rules count, of one selector without a state and outside ``@media``; of several rules the last decides,
    and over it the element's own style. What a script may show again (the panels of tabs) is not known from here: a
    table is hidden only where another stays in sight.
    """
    if not any(pattern.search(sheets) for pattern in (_HIDDEN, _UNREAD, _RAISED, _TABLE)):
        return
    said: dict[Element, dict[str, str]] = {}
    for rule in _RULE.finditer(_COMMENT.sub("", _MEDIA.sub("", sheets))):
        telling = {name.lower(): value.strip() for name, value in _TELLING.findall(rule["body"])}
        for selector in rule["selectors"].split(",") if telling else ():
            if _PLAIN.fullmatch(selector.strip()):
                for element in CSSSelector(selector.strip(), translator="html")(root):
                    said.setdefault(element, {}).update(telling)
    gone = [element for element, telling in said.items() if any(map(_is_hiding, telling.items()))]
    inside = {table for element in gone for table in element.iterdescendants("table")}
    in_sight = not inside or any(table not in inside for table in root.iterdescendants("table"))
    for element, telling in said.items():
        own = element.get("style", "")
        named = {name.lower() for name, _ in _TELLING.findall(own)}
        rest = [pair for pair in telling.items() if pair[0] not in named and (in_sight or not _is_hiding(pair))]
        element.set("style", ";".join([*map(":".join, rest), own]))


def _is_hiding(pair: tuple[str, str]) -> bool:
    """Whether the name and value of a style take a text out of sight such that a script may bring it back."""
    name, value = pair
    return value.lower() in {"display": ("none",), "visibility": ("hidden", "collapse")}.get(name, ())


def hidden(element: Element) -> bool:
    """Whether an element takes no place on the page."""
    return element.get("hidden") is not None or _hides(element.get("style", ""))


def unread(element: Element) -> bool:
    """Whether the text in an element is not to be read: it is hidden, struck out, invisible or a reviewer's remark."""
    if element.tag in _STRUCK or element.get("hidden") is not None:
        return True
    style = element.get("style")
    if style and (_hides(style) or _silences(style) or (_empties(style) and not _is_sized_inside(element))):
        return True
    names = element.get("class")
    return bool(names) and _is_remark(names)


@lru_cache(maxsize=_REMEMBERED)
def raised(style: str) -> str | None:
    """Return whether a style raises (``super``) or lowers (``sub``) a text, None if neither."""
    found = _RAISED.search(style)
    return found.group(1).lower() if found else None


# A page pasted from Word has a thousand elements and a few dozen styles.
@lru_cache(maxsize=_REMEMBERED)
def _hides(style: str) -> bool:
    return bool(_HIDDEN.search(style))


@lru_cache(maxsize=_REMEMBERED)
def _silences(style: str) -> bool:
    """Whether a style strikes a text out, makes it invisible, or makes it a remark beside the text."""
    return bool(_UNREAD.search(style) or _REMARKS.search(style))


@lru_cache(maxsize=_REMEMBERED)
def _empties(style: str) -> bool:
    return bool(_NO_SIZE.search(style))


def _is_sized_inside(element: Element) -> bool:
    styles = (inner.get("style", "") for inner in element.iterdescendants())
    return any(_SIZE.search(style) and not _NO_SIZE.search(style) for style in styles)


@lru_cache(maxsize=_REMEMBERED)
def _is_remark(names: str) -> bool:
    return any(map(_REMARK.match, names.split()))
