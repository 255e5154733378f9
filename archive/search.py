"""What counts as the same text in a search, and how text and queries become tokens of SQLite's FTS5.

One definition for both sides: the build indexes `tokens` of each text, the site asks with `match` of a query. A text is
a hit exactly when ``fold(text)`` contains ``fold(term)`` for every term, that is, when
``fold(text) LIKE '%' || fold(term) || '%'`` (its wildcards escaped). White space counts as any other character.

Every character is a token of its own, so that any run of characters is a phrase of tokens. Other ways were measured on
15,000 reports: FTS5's trigrams find nothing for one or two characters, and jieba's words find 18 to 52 % of arbitrary
strings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# FTS5's tokenizer: every byte above 127 and every ASCII letter and digit is part of a token, all else separates them.
TOKENIZER = "ascii"

# Characters of a term that are looked up in the index. FTS5 compares every token of a phrase in every text that has one
# of them, and cannot be stopped meanwhile: 10,000 times the same common character took 35 seconds.
INDEXED = 32

# A phrase: something between quotes that stand at the ends of a term. A quote elsewhere is a character like others.
_QUOTES = {'"': '"', "＂": "＂", "“": "”", "「": "」", "『": "』"}
_PHRASE = "|".join(f"{opening}(.+?){closing}(?!\\S)" for opening, closing in _QUOTES.items())
_TERM = re.compile(rf"(?P<without>-?)(?:{_PHRASE}|(?P<word>\S+))", re.DOTALL)


class _Folding(dict[int, str]):
    """The folded form of each code point, as `str.translate` asks for it."""

    def __missing__(self, code: int) -> str:
        # Half of a surrogate pair stands for nothing, and SQLite refuses it.
        folded = "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)
        while (again := unicodedata.normalize("NFKC", folded).casefold()) != folded:
            folded = again
        self[code] = folded
        return folded


class _Tokens(dict[int, str]):
    """The tokens of each code point, each after a space."""

    def __missing__(self, code: int) -> str:
        self[code] = "".join(f" {_token(character)}" for character in _FOLDING[code])
        return self[code]


def _token(character: str) -> str:
    # ASCII marks and spaces would separate tokens; as code they are tokens, and no single letter is the same.
    return character if character.isalnum() or ord(character) > 127 else f"x{ord(character):02x}"


_FOLDING = _Folding()
_TOKENS = _Tokens()


def fold(text: str) -> str:
    """Return ``text`` as the search sees it: each character in its compatibility form (NFKC), without case.

    Full-width ``Ａ１，`` are ``a1,``; a radical is the character it looks like. Character by character, so that
    ``fold(a + b) == fold(a) + fold(b)``; folding again changes nothing.
    """
    return text.translate(_FOLDING)


def tokens(text: str) -> str:
    """Return the tokens of ``text`` with a space between them: one for each character of its folded form."""
    return text.translate(_TOKENS)[1:]


@dataclass(frozen=True, slots=True)
class Query:
    """What a hit must contain, every one of ``terms``, and must not: any of ``without``. Both are folded."""

    terms: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def indexed(self) -> bool:
        """Whether the index alone can answer it; if not, what `match` finds must be looked through with `holds`."""
        return all(len(term) <= INDEXED for term in (*self.terms, *self.without))


def parse(text: str) -> Query:
    """Read what was typed into a search box.

    White space parts terms; quotes around a term (``"…"``, ``“…”``, ``「…」``, ``『…』``) keep its white space; a minus
    before a term excludes it, unless nothing else is asked for. Nothing is an error.
    """
    terms, without = [], []
    for found in _TERM.finditer(text):
        term = next(filter(None, found.groups()[1:]))
        (without if found["without"] else terms).append(fold(term))
    if terms:
        return Query(tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(without)))
    # A lone "-2023" or "-" is looked for as it stands.
    return Query(tuple(dict.fromkeys(map(fold, text.split()))))


def holds(query: Query, texts: Iterable[str]) -> bool:
    """Return whether ``texts``, the parts of one hit, hold every term of a query and none it excludes."""
    folded = [fold(text) for text in texts]
    return all(any(term in text for text in folded) for term in query.terms) and not any(
        term in text for term in query.without for text in folded
    )


def match(query: Query) -> str:
    """Return the FTS5 expression that finds the hits of a query, and more where it is not `Query.indexed`.

    A query that asks for nothing matches nothing.
    """
    if not query.terms:
        return '""'
    wanted = " AND ".join(dict.fromkeys(_phrase(term[:INDEXED]) for term in query.terms))
    without = " OR ".join(_phrase(term) for term in query.without if len(term) <= INDEXED)
    return f"({wanted}) NOT ({without})" if without else wanted


def _phrase(term: str) -> str:
    # Tokens are letters, digits and characters above 127: no quote among them.
    return f'"{tokens(term)}"'


def spans(text: str, terms: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return where ``terms`` (folded) stand in ``text``: (start, end), in order, those that touch as one."""
    folded = fold(text)
    found = [(hit.start(), hit.end()) for term in terms if term for hit in re.finditer(re.escape(term), folded)]
    if len(folded) != len(text):
        found = _unfolded(text, found)
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _unfolded(text: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Turn places in the folded text into places in ``text``; part of a character's folded form is all of it."""
    lengths = [len(_FOLDING[ord(character)]) for character in text]
    origin = [place for place, length in enumerate(lengths) for _ in range(length)]
    return [(origin[start], origin[end - 1] + 1) for start, end in found]
