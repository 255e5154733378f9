"""Labels as printed and as meant: folding away what varies, and matching what is left."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from archive.documents.characters import simplified
from archive.documents.spaces import squeeze

_QUOTES = re.compile(r"[\"'`“”‘’„‟「」『』《》〈〉＂＇]")
_MARKS = re.compile(r"[、,，.．。:：;；/／\\·•*_—–\-]")
# 一、 （一） (一) 一） 1. 1、 (1) 第一、 — printed before a label, and often wrong, torn or missing.
_INDEX = re.compile(
    r"(?:\(?[一二三四五六七八九十]{1,3}\)|\(\d{1,2}\)|[一二三四五六七八九十]{1,3}[、.,:]|\d{1,2}[、.,](?!\d))"
)
_GLOSS = re.compile(r"\([^()]*\)?$")
# A gloss with one of these is no gloss: it makes the label another row's.
_OTHER_ROW = re.compile(r"率|占比|%|上年|上一年|不含|其中|累计")
# Words that make another row of a label: last year's, a share of it, what is not in it. None of them is a typo.
_TELLING = re.compile(r"[上本未不无非逾延率增减总新]|其中|其他|结转|占比|同比|累计")
_SAME = str.maketrans({"它": "他"})

# A label this short is matched to the letter: 其他, 总计, 不予公开 and 予以公开 lie too near each other. In characters.
_TYPO_FROM = 5
_TWO_TYPOS_FROM = 9
# A printed label may be cut off; what is left must be at least this long to stand for the whole. In characters.
_PREFIX_FROM = 4


# The same labels are looked at again and again, in one report and from report to report.
_REMEMBERED = 4096


@lru_cache(maxsize=_REMEMBERED)
def fold(text: str) -> str:
    """Return ``text`` in NFKC and simplified characters, without white space and quotation marks, 其它 as 其他."""
    plain = squeeze(unicodedata.normalize("NFKC", text))
    return simplified(_QUOTES.sub("", plain)).translate(_SAME)


@lru_cache(maxsize=_REMEMBERED)
def split_index(text: str) -> tuple[str, str]:
    """Split a label into its leading index (一、 （一） 1. or empty) and its folded body, without punctuation."""
    folded = fold(text)
    found = _INDEX.match(folded)
    index, body = (found.group(0), folded[found.end() :]) if found else ("", folded)
    return index, _MARKS.sub("", body)


def body(text: str) -> str:
    """Return the folded body of a label: no index, no punctuation, no gloss in brackets at its end."""
    whole = split_index(text)[1]
    return _without_gloss(whole)


def _without_gloss(whole: str) -> str:
    gloss = _GLOSS.search(whole)
    if gloss and not _OTHER_ROW.search(gloss.group()):
        return whole[: gloss.start()] or whole
    return whole


@lru_cache(maxsize=_REMEMBERED)
def _told(text: str) -> list[str]:
    """The telling words of a label, in an order of their own."""
    return sorted(_TELLING.findall(text))


@dataclass(frozen=True, slots=True)
class Match:
    """A label recognised: whose key it is, and how: ``exact``, ``prefix`` or ``typo``."""

    key: str
    how: str


class Labels:
    """A set of labels, each with its wordings, that recognises one of them in a printed text."""

    def __init__(self, wordings: Mapping[str, Iterable[str]]) -> None:
        self._keys: dict[str, str] = {}
        self._indexed: dict[str, set[str]] = {}
        for key, texts in wordings.items():
            for text in texts:
                if index := split_index(text)[0].strip("、.,:"):
                    self._indexed.setdefault(index, set()).add(key)
                for form in (split_index(text)[1], body(text)):
                    self._keys.setdefault(form, key)
        self._exact = lru_cache(maxsize=_REMEMBERED)(self._look_up)
        self._found = lru_cache(maxsize=_REMEMBERED)(self._look_near)

    def exact(self, printed: str) -> Match | None:
        """Recognise a label that is, folded, one of the wordings."""
        return self._exact(printed) if printed else None

    def _look_up(self, printed: str) -> Match | None:
        whole = split_index(printed)[1]
        key = self._keys.get(whole) or self._keys.get(_without_gloss(whole))
        return Match(key, "exact") if key else None

    def find(self, printed: str) -> Match | None:
        """Recognise a label, also one cut off or with a typo or two.

        A text that could be two labels is none. Longer labels may differ in more characters.
        """
        return self.exact(printed) or (self._found(printed) if printed else None)

    def _look_near(self, printed: str) -> Match | None:
        text = body(printed)
        if len(text) < _PREFIX_FROM:
            return None
        near = self._by_typo(text)
        if len(near) != 1:
            # The index tells 微博 (3.) from 微信 (4.) where a slip makes the words equally near, and makes up for the
            # shortness of a label.
            indexed = self._indexed.get(split_index(printed)[0].strip("、.,:"), set())
            near = indexed and (near or self._by_typo(text, shortest=_PREFIX_FROM)) & indexed
        return self._only(self._by_prefix(text), "prefix") or self._only(near, "typo")

    def begun(self, printed: str) -> Match | None:
        """Recognise a label by its first two characters or more, where only labels of this set can stand."""
        text = body(printed)
        return self._only(self._by_prefix(text), "prefix") if len(text) > 1 else None

    def _by_prefix(self, text: str) -> set[str]:
        return {key for form, key in self._keys.items() if form.startswith(text)}

    def _by_typo(self, text: str, shortest: int = _TYPO_FROM) -> set[str]:
        allowed = 0 if len(text) < shortest else 1 if len(text) < _TWO_TYPOS_FROM else 2
        if not allowed:
            return set()
        told = _told(text)
        # The distance is the dearest to find out: only where the telling words agree.
        near = [
            (distance(text, form, allowed), key)
            for form, key in self._keys.items()
            if len(form) >= shortest and abs(len(form) - len(text)) <= allowed and _told(form) == told
        ]
        near = [(far, key) for far, key in near if far is not None]
        least = min((far for far, _ in near), default=0)
        return {key for far, key in near if far == least}

    @staticmethod
    def _only(keys: set[str], how: str) -> Match | None:
        return Match(next(iter(keys)), how) if len(keys) == 1 else None


def distance(left: str, right: str, most: int) -> int | None:
    """Return how many characters must be changed, added or dropped to make one text the other, or None past ``most``.

    >>> distance("无正当理由", "无正当里由", 2)
    1
    """
    if abs(len(left) - len(right)) > most:
        return None
    before = list(range(len(right) + 1))
    for row, mine in enumerate(left, 1):
        now = [row]
        for column, theirs in enumerate(right, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (mine != theirs)))
        if min(now) > most:
            return None
        before = now
    return before[-1] if before[-1] <= most else None
