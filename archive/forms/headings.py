"""The parts of a report: where each begins, told by the words of its heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from archive.documents.model import Paragraph
from archive.forms.labels import Labels, body, split_index
from archive.forms.model import sections

# 一、 or 第一部分: the mark of a part. Sub-sections (（一）) have brackets.
_MARK = re.compile(r"^(?:第?[一二三四五六七八九十]{1,2}(?:部分)?[、.．:：，,]|第[一二三四五六七八九十](?:部分|章|篇))")
# Marks of a part that are none of a label: 第一部分, and the brackets put around a whole heading.
_PART = re.compile(r"^第([一二三四五六七八九十])(?:部分|章|篇)[、.．:：，,\s]*")
_FRAME = re.compile(r"^[【\[〔]([^【】\[\]〔〕]+)[】\]〕][：:]?$")
# A year before a heading's words says nothing.
_YEAR = re.compile(r"^\s*\d{4}\s*年度?")
_BRACKETED = re.compile(r"^\s*[（(]\s*([一二三四五六七八九十])\s*[）)]")
# Fewer headings in brackets than this are items of a list, not the parts. In parts.
_FEW = 3
# A heading longer than this is a sentence that begins like one. In characters; the longest seen has 31.
_LONGEST = 45
# A heading without its number must be longer than 其他 and 概述 to be told from a sentence. In characters.
_SHORTEST_UNMARKED = 3
# So many headings in a row may be a list of contents. A number of a page may stand after each.
_CONTENTS_FROM = 3
_PAGE = re.compile(r"[\d.…·\s]*")
# The numbers of the official parts, in their order.
_NUMERALS = "一二三四五六七八九十"
# What a heading with the official number of its part counts for, against one with another number or none.
_OFFICIAL_WEIGHT = 3
# What parts a heading from text that follows on its line.
_STOP = re.compile(r"[。：:\s]")


@dataclass(frozen=True, slots=True)
class _Heading:
    place: int
    key: str
    text: str
    rest: str


@dataclass(frozen=True, slots=True)
class SectionText:
    """A part of a report: its ``key``, its ``heading`` as printed and its ``text``, a line a paragraph."""

    key: str
    heading: str
    text: str


def split_sections(paragraphs: Sequence[Paragraph]) -> tuple[SectionText, ...]:
    """Split paragraphs into the parts of a report.

    Headings are taken from the body alone, in the official order; the words decide, since numbers are often wrong or
    missing. Of several headings of one part the number does: items of a list are called 一、主动公开 too. What stands
    before the first heading is the preamble, a list of contents with it; a heading not taken belongs to the text.
    """
    found = _headings(paragraphs)
    if not found:
        bracketed = [heading for heading in _headings(paragraphs, bracketed=True) if not heading.rest]
        found = bracketed if len({heading.key for heading in bracketed}) >= _FEW else []
    taken = {heading.place: heading for heading in _in_order(_after_contents(found))}
    parts: list[tuple[str, str, list[str]]] = [("preamble", "", [])]
    for place, paragraph in enumerate(paragraphs):
        heading = taken.get(place)
        if heading:
            parts.append((heading.key, heading.text, [heading.rest] if heading.rest else []))
        else:
            parts[-1][2].append(paragraph.text)
    return tuple(SectionText(key, heading, "\n".join(texts)) for key, heading, texts in parts if heading or any(texts))


def _headings(paragraphs: Sequence[Paragraph], *, bracketed: bool = False) -> list[_Heading]:
    """Return the paragraphs that begin a part; ``bracketed`` takes （一） for the mark of one too."""
    read = ((place, _as_heading(paragraph.text, bracketed=bracketed)) for place, paragraph in enumerate(paragraphs))
    return [_Heading(place, key, text, rest) for place, (key, text, rest) in read if key]


def _after_contents(found: list[_Heading]) -> list[_Heading]:
    """Leave out a list of contents: first headings, in consecutive paragraphs, that all come again later."""
    run: list[_Heading] = []
    for heading in found:
        follows = not run or heading.place == run[-1].place + 1
        if not follows or heading.key in {other.key for other in run} or not _PAGE.fullmatch(heading.rest):
            break
        run.append(heading)
    later = found[len(run) :]
    listed = len(run) >= _CONTENTS_FROM and {heading.key for heading in run} <= {heading.key for heading in later}
    return later if listed else found


def _in_order(found: Sequence[_Heading]) -> tuple[_Heading, ...]:
    """Return headings of different parts in the official order: most of them, those with their number first.

    The heaviest increasing chain, the earliest of equals: for each part the best chain that ends with it is kept.
    """
    order = {section.key: place for place, section in enumerate(sections())}
    best: dict[int, tuple[int, tuple[_Heading, ...]]] = {}
    for heading in found:
        place = order[heading.key]
        before = (chain for last, chain in best.items() if last < place)
        weight, chain = max(before, key=lambda chain: chain[0], default=(0, ()))
        weight += _OFFICIAL_WEIGHT if heading.text.lstrip("第").startswith(_NUMERALS[place]) else 1
        if weight > best.get(place, (0, ()))[0]:
            best[place] = (weight, (*chain, heading))
    return max(best.values(), key=lambda chain: chain[0], default=(0, ()))[1]


@cache
def _labels() -> Labels:
    return Labels({section.key: (section.label, *section.variants) for section in sections()})


def _as_heading(text: str, *, bracketed: bool = False) -> tuple[str | None, str, str]:
    """Return the part a paragraph begins, its heading and the text after it on the same line."""
    plain = _PART.sub(r"\1、", _FRAME.sub(r"\1", text))
    if plain != text:
        key, _, rest = _as_heading(plain, bracketed=bracketed)
        return key, text.removesuffix(rest).strip() if key else "", rest
    if split_index(text)[0].startswith("("):
        if not bracketed:
            return None, "", ""  # （一）主动公开情况 is a part of a part
        text = _BRACKETED.sub(r"\1、", text)
    exact = _labels().exact(text) if len(text) <= _LONGEST else None
    marked = _MARK.match(text)
    # Without a number only the exact words of a heading count: 其他 alone begins many a sentence.
    if exact and (marked or len(body(text)) > _SHORTEST_UNMARKED):
        return exact.key, text, ""
    if not marked:
        return None, "", ""
    stop = _STOP.search(text, marked.end())
    if stop and stop.start() <= _LONGEST:
        match = _labels().find(text[: stop.start()])
        if match:
            return match.key, text[: stop.start()], text[stop.end() :].strip()
    match = _labels().find(text) if len(text) <= _LONGEST else None
    if match:
        return match.key, text, ""
    words = body(_YEAR.sub("", text[marked.end() :]))
    named = [section.key for section in sections() if re.search(section.words, words)]
    said = len(text) <= _LONGEST and len(named) == 1 and not _STOP.search(text.rstrip(":："), marked.end())
    return (named[0], text, "") if said else (None, "", "")


def is_heading(text: str) -> bool:
    """Whether a line begins one of the report's parts."""
    return _as_heading(text)[0] is not None
