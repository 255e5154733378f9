"""What changed between two versions of a report: words of its text, cells of its tables. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

# A run of Latin letters, a number, or one other character: what a reader sees as one thing.
_PIECE = re.compile(r"[A-Za-z]+|[0-9]+(?:[.,][0-9]+)*|\s+|.", re.DOTALL)
# Longer paragraphs are compared by their sentences: pieces compared with pieces take the square of the length.
_LONGEST = 4_000
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both (``same``), was taken out (``old``) or put in (``new``)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section whose heading or text changed; ``text`` is the whole of it in pieces."""

    key: str
    heading: tuple[Piece, ...]
    text: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that changed; ``old`` or ``new`` is None where the version does not have it."""

    table: str
    row: str
    column: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


def words_changed(old: str, new: str) -> tuple[Piece, ...]:
    """Return the pieces two texts are made of, in reading order; taken together they are each text whole."""
    split = _SENTENCE if max(len(old), len(new)) > _LONGEST else _PIECE
    before, after = _pieces(split, old), _pieces(split, new)
    found: list[Piece] = []
    # Without autojunk: characters that come often are what Chinese is made of.
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(before[i:j])))
            continue
        if i < j:
            found.append(Piece("old", "".join(before[i:j])))
        if k < m:
            found.append(Piece("new", "".join(after[k:m])))
    return tuple(found)


def sections_changed(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[SectionChange]:
    """Return the sections that changed, in the order of the newer version; those taken out come last."""
    before, after = _by_place(old), _by_place(new)
    places = [*after, *(place for place in before if place not in after)]
    changes = []
    for place in places:
        was, is_now = before.get(place), after.get(place)
        heading = (was["heading"] if was else "", is_now["heading"] if is_now else "")
        text = (was["text"] if was else "", is_now["text"] if is_now else "")
        if heading[0] != heading[1] or text[0] != text[1]:
            changes.append(SectionChange(place[0], words_changed(*heading), words_changed(*text)))
    return changes


def cells_changed(old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> list[CellChange]:
    """Return the cells whose state or printed content changed, in the order of the newer version."""
    before = {(cell["table"], cell["row"], cell["column"]): cell for cell in old}
    after = {(cell["table"], cell["row"], cell["column"]): cell for cell in new}
    places = [*after, *(place for place in before if place not in after)]
    return [
        CellChange(*place, before.get(place), after.get(place))
        for place in places
        if _said(before.get(place)) != _said(after.get(place))
    ]


def _said(cell: Mapping[str, Any] | None) -> tuple | None:
    return cell and (cell["state"], cell["value"], cell["raw"].strip())


def _by_place(sections: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], Mapping[str, Any]]:
    """Sections by key, and by how many of that key came before: two parts may be called alike."""
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    for section in sections:
        number = sum(1 for key, _ in found if key == section["key"])
        found[section["key"], number] = section
    return found


def _pieces(split: re.Pattern[str], text: str) -> list[str]:
    return [piece for piece in split.findall(text) if piece]


def shortened(pieces: Sequence[Piece], around: int = 40) -> Iterator[Piece]:
    """Give the pieces with long stretches that did not change cut down to what stands around a change."""
    for number, piece in enumerate(pieces):
        if piece.kind != "same" or len(piece.text) <= 2 * around + 20:
            yield piece
            continue
        begin = piece.text[:around] if number else ""
        end = piece.text[-around:] if number + 1 < len(pieces) else ""
        yield Piece("same", f"{begin}……{end}")
