"""What a cell is called in words: its row and column as the official form prints them, or what they mean in English."""

from __future__ import annotations

from functools import cache

from archive.forms.fields import fields


@cache
def cell_labels(form_id: str | None, language: str = "zh") -> dict[tuple[str, str, str], str]:
    """Return the label of each cell of a form by table, row and column."""
    return {
        (field.table, field.row, field.column): field.en if language == "en" else field.zh
        for field in fields()
        if field.form == form_id
    }
