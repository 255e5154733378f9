"""The styles of an ODS file: which cells have a frame, and their number formats in the words of a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

from archive.documents.sheet_looks import changes_number

_SPACE = "{{urn:oasis:names:tc:opendocument:xmlns:{}:1.0}}".format
OFFICE, STYLE, TABLE, NUMBER = map(_SPACE, ("office", "style", "table", "datastyle"))
_BORDER = re.compile(r"\{[^}]*\}border(?:-(?:top|bottom|left|right))?")

_FORMATS = ("number-style", "percentage-style", "currency-style", "date-style", "time-style", "boolean-style")
_TAGS = [f"{STYLE}style", f"{OFFICE}body", f"{NUMBER}text-style", *(f"{NUMBER}{name}" for name in _FORMATS)]
_CONDITION = re.compile(r"value\(\)\s*([<>=!]+)\s*(-?[\d.]+)")
# What has a meaning of its own in a format.
_SIGNS = re.compile(r'[";_*\[\]\\!]')
# A style may be based on another, and so on; a chain of more runs in a circle.
_MOST_PARENTS = 20


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


@dataclass(slots=True)
class _Format:
    """A number format: its own section, and by condition the names of others that are used in its place."""

    section: str
    others: list[tuple[str, float, str]]


@dataclass(slots=True)
class _Style:
    """What a cell style says by itself; None where it says nothing and what it is based on does."""

    parent: str | None
    frame: bool | None
    format: str | None


@dataclass(slots=True)
class Styles:
    """All cell styles and number formats of a file."""

    _styles: dict[str, _Style] = field(default_factory=dict)
    _formats: dict[str, _Format] = field(default_factory=dict)
    _known: dict[str | None, tuple[bool, str]] = field(default_factory=dict)

    def read(self, part: IO[bytes]) -> None:
        """Take in the styles of a part of the file; they stand before its body."""
        for event, element in etree.iterparse(part, events=("start", "end"), tag=_TAGS, resolve_entities=False):
            sort = local_name(element)
            if sort == "body":
                break
            if event == "start":
                continue
            name = element.get(f"{STYLE}name", "")
            if sort != "style":
                self._formats[name] = _Format(_section(element), list(_others(element)))
            elif element.get(f"{STYLE}family") == "table-cell":
                format_ = element.get(f"{STYLE}data-style-name")
                self._styles[name] = _Style(element.get(f"{STYLE}parent-style-name"), _frame(element), format_)

    def cell(self, name: str | None) -> tuple[bool, str]:
        """Return whether a style has a frame, and its number format where that changes numbers."""
        if name not in self._known:
            self._known[name] = self._resolved(name)
        return self._known[name]

    def _resolved(self, name: str | None) -> tuple[bool, str]:
        frame, format_ = None, None
        for _ in range(_MOST_PARENTS):
            style = self._styles.get(name or "")
            if style is None:
                break
            frame = style.frame if frame is None else frame
            format_ = style.format if format_ is None else format_
            name = style.parent
        code = self._code(format_ or "")
        return bool(frame), code if changes_number(code) else ""

    def _code(self, name: str) -> str:
        """Return the sections of a format that numbers other than nought are shown by, in order."""
        format_ = self._formats.get(name)
        if format_ is None:
            return ""
        sections = []
        signs = set()
        for relation, bound, other in format_.others:
            if bound == 0 and relation == "=":
                continue
            condition = f"[{relation}{bound:g}]" if bound else ""
            sections.append(condition + (self._formats[other].section if other in self._formats else ""))
            signs |= {relation[0]} if not bound else set()
        return ";".join(sections if signs >= {"<", ">"} else [*sections, format_.section])


def _frame(style: etree._Element) -> bool | None:
    sides = [
        value
        for about in style.iterchildren(f"{STYLE}table-cell-properties")
        for name, value in about.items()
        if _BORDER.fullmatch(name)
    ]
    return any(side not in ("none", "hidden") for side in sides) if sides else None


def _others(style: etree._Element) -> Iterator[tuple[str, float, str]]:
    for each in style.iterchildren(f"{STYLE}map"):
        condition = _CONDITION.fullmatch(each.get(f"{STYLE}condition", ""))
        if condition:
            yield condition[1], float(condition[2]), each.get(f"{STYLE}apply-style-name", "")


def _section(style: etree._Element) -> str:
    """Put a format into the words that other spreadsheets have for it."""
    sort = local_name(style)
    if sort in ("date-style", "time-style"):
        return "yyyy-m-d" if sort == "date-style" else "h:mm:ss"
    if sort == "text-style" and style.find(f"{NUMBER}text-content") is not None:
        return "@"
    parts = []
    for part in style.iterchildren("*"):
        name = local_name(part)
        if name == "number":
            parts.append(_digits(part) + ("%" if sort == "percentage-style" else ""))
        elif name in ("scientific-number", "fraction"):
            parts.append("0.00E+00" if name == "scientific-number" else "# ?/?")
        elif name in ("text", "currency-symbol"):
            text = part.text or ""
            parts.append(_literal(text.replace("%", "") if sort == "percentage-style" else text))
    return "".join(parts) or _literal(" ")


def _digits(number: etree._Element) -> str:
    """Return the digits of a format: a number cut into pieces, or shown divided by a thousand, is another one."""
    texts = [part.text or "" for part in number.iterchildren(f"{NUMBER}embedded-text")]
    places = min(int(number.get(f"{NUMBER}decimal-places", "0")), 9)
    divided = "," if float(number.get(f"{NUMBER}display-factor", "1")) != 1 else ""
    return "".join(f"0{_literal(text)}" for text in texts) + "0" + "." * bool(places) + "0" * places + divided


def _literal(text: str) -> str:
    return f'"{_SIGNS.sub(" ", text)}"' if text else ""
