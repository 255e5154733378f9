"""Where the data come from, how they are read, what the states, checks, counts and rates mean."""

from __future__ import annotations

import sqlite3

from archive.checks.rules import rules
from archive.database.coverage import codes
from archive.forms.model import forms
from archive.indicators.model import indicators, small_below
from archive.site import measures
from archive.site.views.asked import Asked, Page
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
            "rates": indicators(),
            "small_below": small_below(),
        },
    )
