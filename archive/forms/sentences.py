"""Running text in sentences and clauses, in one spelling, each with the words as printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# A line that ends so has ended; another was broken where the page ended, or is a heading.
_ENDED = re.compile(r"[。;；:：!！?？]\s*$")
# The index of a list's item or of a part of a part: （一） 1. 1、 一是
_INDEX = re.compile(r"^\s*(?:[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十\d]{1,3}[、.．](?!\d))")
# A heading of a part of a part is no longer than this. In characters.
_LONGEST_HEADING = 25
_SENTENCE = re.compile("[^。;!?]+[。;!?]?")
# A comma inside a number parts nothing; 、 parts clauses only after a number and its unit.
_CLAUSE = re.compile(
    r"(?<!\d),|,(?!\d{3}(?!\d))|(?<=[件宗份条项个起例次篇则元人名场期])、(?=[^、]*?[\d一二三四五六七八九十两])"
)
_BRACKETS = re.compile(r"\((?![一二三四五六七八九十\d]{1,3}\))(?P<inside>[^()]*)\)")
# What brackets may hold without changing what the clause says: its share of a whole, a comparison, a part of it.
_ASIDE = re.compile("^(?:占|同比|环比|比|较|其中|含|包括|包含|约占|涉及|网上|网络|当面|信函|邮寄|传真|电子邮件)|%$")
# What they hold without a number is said in passing too, unless it says what the count leaves out or goes up to.
_REMARK = re.compile("^(?!.*(?:[不除仅只截累计约估拟]|以[来前后]|预计|计划))[^\\d一二三四五六七八九十]+$")
_QUOTES = "“”‘’\"'「」『』"
# Digits parted by white space may be two numbers: this stands for the space, and no pattern knows it.
_GAP = "␣"
_RUN = re.compile("(?P<han>[\u4e00-\u9fff]+)|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in NFKC without white space; ``origin`` says which character of the printed text each comes from."""

    text: str
    origin: tuple[int, ...]
    source: str

    def printed(self, start: int, end: int) -> str:
        """Return the words between two places of the text as printed."""
        return self.source[self.origin[start] : self.origin[end - 1] + 1]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as ``printed`` and its clauses."""

    printed: str
    clauses: tuple[Clause, ...]


def paragraphs(text: str, telling: re.Pattern[str]) -> Iterator[tuple[str, tuple[Sentence, ...]]]:
    """Split a section's text, a line a paragraph; yields each with the heading of the part of a part it stands under.

    Lines that a page break cut in two are joined. A paragraph in which ``telling`` finds nothing is left out.
    """
    heading = ""
    lines: list[str] = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        indexed = bool(_INDEX.match(line))
        if lines and (indexed or _ENDED.search(lines[-1])):
            if telling.search(whole := _joined(lines)):
                yield heading, sentences(whole)
            lines = []
        if indexed and len(line) <= _LONGEST_HEADING and not re.search(r"[,，。;；\d件]", line[4:]):
            heading = line
            continue
        lines.append(line)
    if lines and telling.search(whole := _joined(lines)):
        yield heading, sentences(whole)


def sentences(text: str) -> tuple[Sentence, ...]:
    """Split a paragraph into sentences, at full stops and semicolons."""
    plain, origin = _plain(text)
    found = []
    for match in _SENTENCE.finditer(plain):
        start, end = match.span()
        printed = text[origin[start] : origin[end - 1] + 1].strip()
        body, places = _without_asides(plain[start:end].rstrip("。;!?."), origin[start:end])
        found.append(Sentence(printed, tuple(_clauses(body, places, text))))
    return tuple(found)


def _clauses(text: str, origin: list[int], source: str) -> Iterator[Clause]:
    start = 0
    for match in [*_CLAUSE.finditer(text), None]:
        end = match.start() if match else len(text)
        if end > start:
            yield Clause(text[start:end], tuple(origin[start:end]), source)
        start = match.end() if match else end


def _plain(text: str) -> tuple[str, list[int]]:
    """Return text in NFKC without white space and quotes, and where each character comes from.

    Marks of footnotes stay marks: NFKC would make them digits.
    """
    characters: list[str] = []
    origin: list[int] = []
    gap = False
    for run in _RUN.finditer(text):
        place = run.start()
        if run["han"]:
            # Nearly every character is one of these, and stays what it is.
            gap = False
            characters += run.group()
            origin += range(place, run.end())
            continue
        character = run.group()
        kind = unicodedata.category(character)
        if kind == "Cf" or character in _QUOTES:
            continue
        spelled = character if kind == "No" else unicodedata.normalize("NFKC", character)
        if spelled.isspace():
            gap = True
            continue
        for each in spelled:
            if gap and characters and characters[-1].isdigit() and each.isdigit():
                characters.append(_GAP)
                origin.append(place)
            gap = False
            characters.append(each)
            origin.append(place)
    return "".join(characters), origin


def _without_asides(text: str, origin: list[int]) -> tuple[str, list[int]]:
    """Take what brackets say in passing out of its clause; what they hold besides is a clause of its own after it."""
    while found := next((each for each in _BRACKETS.finditer(text) if _is_aside(each["inside"])), None):
        start, end = found.span()
        closes = text[end : end + 1] in ("", ",", "、") and not _REMARK.search(found["inside"])
        inside = "," + text[start + 1 : end - 1] if closes else ""
        places = origin[start : end - 1] if closes else []
        text = text[:start] + inside + text[end:]
        origin = origin[:start] + places + origin[end:]
    return text, origin


def _is_aside(text: str) -> bool:
    return bool(_ASIDE.search(text) or _REMARK.search(text))


def _joined(lines: list[str]) -> str:
    # Digits on both sides of a break may be two numbers.
    text = lines[0]
    for line in lines[1:]:
        text += ("\n" if text[-1:].isdigit() and line[:1].isdigit() else "") + line
    return text
