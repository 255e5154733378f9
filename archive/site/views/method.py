"""Where the data come from, how they are read, what the states, checks, counts and rates mean."""

from __future__ import annotations

import sqlite3

from archive.checks.rules import rules
from archive.codebook import KINDS, as_csv, formula, items
from archive.database.coverage import codes
from archive.forms.model import forms
from archive.indicators.model import indicators, small_below
from archive.site import measures
from archive.site.views.asked import Asked, Document, Page
from archive.site.words import vocabulary


def method(db: sqlite3.Connection, asked: Asked) -> Page:
    """The page about the method."""
    return Page(
        "method.html",
        "/method",
        {
            "words": vocabulary(asked.language),
            "forms": forms(),
            "rules": rules(),
            "coverage_codes": codes(),
            "counts": measures.counts(),
            "rates": [(rate, formula(rate)) for rate in indicators()],
            "small_below": small_below(),
        },
    )


def codebook(db: sqlite3.Connection, asked: Asked) -> Page:
    """What every key of the archive means, kind by kind; the fields of the forms table by table."""
    found = [(kind, [item for item in items() if item.kind == kind]) for kind in KINDS]
    return Page("codebook.html", "/codebook", {"kinds": found})


def codebook_csv(db: sqlite3.Connection, asked: Asked) -> Document:
    """The same for a spreadsheet."""
    return Document(as_csv(), "text/csv", "codebook.csv")
