"""The markup of the replica's pages, from the files in ``data/pages/``. $name is a value, $$ a dollar sign."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template


@cache
def _template(name: str) -> Template:
    return Template((files(__package__) / "data" / "pages" / f"{name}.html").read_text("utf-8"))


def render(name: str, /, **values: object) -> str:
    """Return a template with its values put in as they are: escape them first. Raises KeyError for a missing one."""
    return _template(name).substitute(values)
