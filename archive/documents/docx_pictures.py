"""Pictures in the body of a DOCX file: where they stand, and the image files in the package that they show."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile

from lxml import etree

from archive.documents import kind
from archive.documents.model import Block, Picture

# What shows a picture, in drawings of today and of before 2010, and the attribute that names its file.
_SHOWING = {"blip": "embed", "imagedata": "id"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as the body shows it: the name of the relation to its file."""

    relation: str


def shown_in(element: etree._Element, apart_from: str | None = None) -> Iterator[Shown]:
    """Give the pictures inside an element, in order, without those in elements inside it that are so called."""
    for child in element.iter(*(f"{{*}}{name}" for name in _SHOWING)):
        around = takewhile(lambda ancestor: ancestor is not element, child.iterancestors())
        if any(ancestor.tag == apart_from for ancestor in around):
            continue
        wanted = _SHOWING[etree.QName(child).localname]
        names = [value for name, value in child.attrib.items() if name.endswith(f"elationships}}{wanted}")]
        if names:
            yield Shown(names[0])


def apart(things: Iterable[Block | Shown]) -> tuple[tuple[Block, ...], list[tuple[int, Shown]]]:
    """Part blocks from the pictures among them, each of these with the number of blocks before it."""
    blocks: list[Block] = []
    shown: list[tuple[int, Shown]] = []
    for thing in things:
        if isinstance(thing, Shown):
            shown.append((len(blocks), thing))
        else:
            blocks.append(thing)
    return tuple(blocks), shown


def held(
    archive: zipfile.ZipFile, folder: str, relations: etree._Element, shown: Sequence[tuple[int, Shown]]
) -> Iterator[Picture]:
    """Give the pictures that the file itself holds; one that is shown again is the same bytes.

    ``relations`` are those of the part that shows them, ``folder`` is where it stands. What lies elsewhere is not
    fetched.
    """
    paths = {
        relation.get("Id"): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
        for relation in relations.iterfind("{*}Relationship")
        if relation.get("TargetMode", "").lower() != "external"
    }
    names = frozenset(archive.namelist())
    read: dict[str, bytes] = {}
    for place, picture in shown:
        path = paths.get(picture.relation)
        if path in names:
            with suppress(*kind.DAMAGE):
                read[path] = read.get(path) or archive.read(path)
                yield Picture(place, read[path])
