"""The numbers that Word draws before paragraphs by itself: 一、 （一） 1. They stand in no text of the file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from archive.documents.docx_names import whole_number

_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
    "ideographDigital", "taiwaneseDigital", "koreanDigital2",
}  # fmt: skip
_ARABIC = {"decimal", "decimalHalfWidth", "decimalFullWidth", "decimalFullWidth2", "numberInDash"}
_DIGITS = "〇一二三四五六七八九"
# ① and its like end here.
_CIRCLES = 20
_PLACE = re.compile(r"%([1-9])")
# What stands for a number in a format that is not known here: drawn, but no digit.
_UNKNOWN = "#"
_DEEPEST = 9


@dataclass(slots=True)
class _Level:
    start: int
    shape: str
    text: str


@dataclass(slots=True)
class _List:
    """A list: which abstract one it counts for, its levels, and those that begin anew where it is first used."""

    abstract: str
    levels: dict[int, _Level]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """What a document's numbering part and styles say; every ``w:`` name is in ``space``."""

    def __init__(self, numbering: etree._Element, styles: etree._Element | None, space: str) -> None:
        self._space = f"{{{space}}}"
        abstracts = {self._get(each, "abstractNumId"): each for each in self._all(numbering, "abstractNum")}
        named = {self._value(each, "styleLink"): key for key, each in abstracts.items()}
        self._lists: dict[str, _List] = {}
        for each in self._all(numbering, "num"):
            key = self._value(each, "abstractNumId")
            linked = self._value(abstracts[key], "numStyleLink") if key in abstracts else ""
            key = named.get(linked, key) if linked else key
            found = _List(key, self._levels(abstracts[key]) if key in abstracts else {})
            for override in self._all(each, "lvlOverride"):
                level = whole_number(self._get(override, "ilvl"), 0)
                found.levels |= self._levels(override)
                if (start := self._value(override, "startOverride")) != "":
                    found.restarts[level] = whole_number(start, 1)
            self._lists[self._get(each, "numId")] = found
        self._styled = self._of_styles(styles) if styles is not None else {}

    def labels(self, paragraphs: Iterable[etree._Element]) -> dict[etree._Element, str]:
        """Return what is drawn before each of a document's paragraphs, in their order; bullets are left out."""
        counts: dict[str, dict[int, int]] = defaultdict(dict)
        begun: set[tuple[str, int]] = set()
        drawn = {}
        for paragraph in paragraphs:
            listed, level = self._listed(paragraph)
            of = self._lists.get(listed)
            if of is None or level not in of.levels:
                continue
            count = counts[of.abstract]
            if level in of.restarts and (listed, level) not in begun:
                count[level] = of.restarts[level]
            else:
                count[level] = count[level] + 1 if level in count else of.levels[level].start
            begun.add((listed, level))
            for deeper in [other for other in count if other > level]:
                del count[deeper]
            if label := _label(of.levels, count, level):
                drawn[paragraph] = label
        return drawn

    def _listed(self, paragraph: etree._Element) -> tuple[str, int]:
        properties = paragraph.find(f"{self._space}pPr")
        if properties is None:
            return "", 0
        listed, level = self._own(properties)
        above, above_level = self._styled.get(self._value(properties, "pStyle"), ("", ""))
        return listed or above, min(whole_number(level or above_level, 0), _DEEPEST)

    def _own(self, properties: etree._Element | None) -> tuple[str, str]:
        numbered = None if properties is None else properties.find(f"{self._space}numPr")
        return ("", "") if numbered is None else (self._value(numbered, "numId"), self._value(numbered, "ilvl"))

    def _of_styles(self, styles: etree._Element) -> dict[str, tuple[str, str]]:
        based, own = {}, {}
        for style in self._all(styles, "style"):
            name = self._get(style, "styleId")
            based[name] = self._value(style, "basedOn")
            own[name] = self._own(style.find(f"{self._space}pPr"))
        found = {}
        for name in own:
            above, seen, listed, level = name, set(), "", ""
            while above in own and above not in seen and not listed:
                seen.add(above)
                listed, level = own[above][0], level or own[above][1]
                above = based[above]
            if listed:
                found[name] = listed, level
        return found

    def _levels(self, element: etree._Element) -> dict[int, _Level]:
        return {
            whole_number(self._get(each, "ilvl"), 0): _Level(
                whole_number(self._value(each, "start"), 1),
                self._value(each, "numFmt") or "decimal",
                self._value(each, "lvlText"),
            )
            for each in self._all(element, "lvl")
        }

    def _all(self, element: etree._Element, name: str) -> list[etree._Element]:
        return element.findall(f"{self._space}{name}")

    def _get(self, element: etree._Element, name: str) -> str:
        return element.get(f"{self._space}{name}", "")

    def _value(self, element: etree._Element, name: str) -> str:
        child = element.find(f"{self._space}{name}")
        return "" if child is None else self._get(child, "val")


def _label(levels: dict[int, _Level], count: dict[int, int], level: int) -> str:
    if levels[level].shape in ("bullet", "none"):
        return ""

    def put(place: re.Match[str]) -> str:
        other = int(place.group(1)) - 1
        if other not in levels:
            return _UNKNOWN
        return _shaped(count.get(other, levels[other].start), levels[other].shape)

    return _PLACE.sub(put, levels[level].text)


def _shaped(number: int, shape: str) -> str:
    if shape in _ARABIC:
        return str(number)
    if shape == "decimalZero":
        return f"{number:02}"
    if shape in _CHINESE:
        return _chinese(number) if 0 < number < 100 else _UNKNOWN
    if shape.startswith("decimalEnclosedCircle") and 0 < number <= _CIRCLES:
        return chr(ord("①") + number - 1)
    if shape in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        return chr(ord("a" if shape == "lowerLetter" else "A") + number - 1)
    return _UNKNOWN


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")
