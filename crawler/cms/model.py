"""What listings and articles give, whatever content system they come from."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file or picture that belongs to an article.

    ``name`` is what the page calls it; ``position`` counts the pictures of the text from 1, and is None for files.
    """

    url: str
    name: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One entry of a listing.

    ``url`` is absolute, None when the entry is a title without an address. ``date`` is ISO text (YYYY-MM-DD).
    ``own_column`` says whether the entry lies in the column asked for: listings also show entries of others.
    ``attachments`` are those the listing itself names; ``digest`` is of the text, where the listing carries it.
    """

    url: str | None
    title: str
    date: str | None = None
    publisher: str | None = None
    column: str = ""
    own_column: bool = True
    attachments: tuple[Attachment, ...] = ()
    digest: str | None = None

    def in_column(self, column: str, *, own: bool | None = None) -> ListedItem:
        """Return the entry as one of that column."""
        return replace(self, column=column, own_column=self.own_column if own is None else own)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a listing.

    ``pages`` and ``total`` are what it says of itself, None where it is silent. ``signal`` names the rule that found
    the entries, for the log.
    """

    items: tuple[ListedItem, ...]
    signal: str
    pages: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class ChildChannel:
    """A channel or tree node below another. Which of ``id``, ``code`` and ``url`` is known depends on the source."""

    name: str
    id: str = ""
    code: str = ""
    url: str = ""
    children: tuple[ChildChannel, ...] = ()
