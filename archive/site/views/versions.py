"""The difference between two versions of a report."""

from __future__ import annotations

import sqlite3

from archive.site.differences import cells_changed, sections_changed, shortened
from archive.site.labels import cell_labels
from archive.site.queries import versions
from archive.site.views.asked import Asked, NotHereError, Page
from archive.site.views.reports import get_report


def difference(db: sqlite3.Connection, asked: Asked) -> Page:
    """Words and cells that changed from one version to another."""
    report = get_report(db, asked.id)
    numbers = (asked.number("old") or 0, asked.number("new") or 0)
    old, new = (versions.get_version(db, asked.id, number) for number in numbers)
    if old is None or new is None:
        raise NotHereError("这份报告没有第 {old} 版或第 {new} 版。", old=numbers[0], new=numbers[1])
    sections = sections_changed(versions.sections_of(db, old), versions.sections_of(db, new))
    labels = cell_labels(report["form"], asked.language)
    cells = cells_changed(versions.cells_of(db, old), versions.cells_of(db, new))
    return Page(
        "difference.html",
        f"/reports/{asked.id}/versions/{numbers[0]}..{numbers[1]}",
        {
            "report": report,
            "old": old,
            "new": new,
            "sections": [(change, list(shortened(change.text))) for change in sections],
            "cells": [(change, labels.get((change.table, change.row, change.column))) for change in cells],
        },
    )
