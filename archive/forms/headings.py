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
_MARK = re.compile(r"^(?:第?[一二三四五六七八九十]{1,2}(?:部分)?[、.．:：，,]|第[一二三四五六七八九十]部分)")
# A heading longer than this is a sentence that begins like one. In characters; the longest seen has 31.
_LONGEST = 45
# A heading without its number must be longer than 其他 and 概述 to be told from a sentence. In characters.
_SHORTEST_UNMARKED = 3
# What parts a heading from text that follows on its line.
_STOP = re.compile(r"[。：:\s]")


@dataclass(frozen=True, slots=True)
class SectionText:
    """A part of a report: its ``key``, its ``heading`` as printed and its ``text``, a line a paragraph."""

    key: str
    heading: str
    text: str


def split_sections(paragraphs: Sequence[Paragraph]) -> tuple[SectionText, ...]:
    """Split paragraphs into the parts of a report.

    Headings are taken from the body alone, in the order they stand; the words decide, since numbers are often wrong or
    missing. What stands before the first is the preamble. A second heading of the same part belongs to its text.
    """
    parts: list[tuple[str, str, list[str]]] = [("preamble", "", [])]
    for paragraph in paragraphs:
        key, heading, rest = _as_heading(paragraph.text)
        if key and key not in {part[0] for part in parts}:
            parts.append((key, heading, [rest] if rest else []))
        else:
            parts[-1][2].append(paragraph.text)
    return tuple(SectionText(key, heading, "\n".join(texts)) for key, heading, texts in parts if heading or any(texts))


@cache
def _labels() -> Labels:
    return Labels({section.key: (section.label, *section.variants) for section in sections()})


def _as_heading(text: str) -> tuple[str | None, str, str]:
    """Return the part a paragraph begins, its heading and the text after it on the same line."""
    if split_index(text)[0].startswith("("):
        return None, "", ""  # （一）主动公开情况 is a part of a part
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
    return (match.key, text, "") if match else (None, "", "")


def is_heading(text: str) -> bool:
    """Whether a line begins one of the report's parts."""
    return _as_heading(text)[0] is not None
