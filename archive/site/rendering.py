"""Turns a page's template and values into HTML. Our own environment: nothing here rests on Datasette's templates."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from archive.site.words import word

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"

# China keeps one time and no summer time; a fixed offset needs no time zone files.
_BEIJING = timezone(timedelta(hours=8))


@cache
def environment() -> Environment:
    """The Jinja environment of our pages."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "word": word,
        "count": count,
        "beijing": beijing,
        "day": day,
        "file_name": file_name,
        "paragraphs": paragraphs,
        "doubled": lambda values: [(value, value) for value in values],
        "web": web_address,
        "bytes": size,
    }
    env.globals["static"] = static
    return env


def render(template: str, **context: object) -> str:
    """Return the HTML of a page. Raises jinja2.UndefinedError for a value the template uses and nobody gave."""
    return environment().get_template(f"site/{template}").render(**context)


@cache
def static(name: str) -> str:
    """Return the address of a file in ``static/``; it changes with the file, so that it may be kept for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@cache
def version() -> str:
    """What tells the pages of one version of this program from those of another."""
    digest = hashlib.sha256()
    for path in sorted(HERE.rglob("*")):
        if path.is_file() and path.suffix in {".py", ".toml", ".html", ".css"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def count(number: int | float | None) -> str:
    """Return a number with its thousands set apart, an en dash for none."""
    return "–" if number is None else f"{number:,}"


def size(number: int) -> str:
    """Return a number of bytes in words."""
    if number < 1024:
        return f"{number} 字节"
    for unit in ("KB", "MB"):
        number /= 1024
        if number < 1024:
            return f"{number:.1f} {unit}"
    return f"{number / 1024:.1f} GB"


def beijing(moment: str | None) -> Markup:
    """Return a UTC time as Beijing time, in a ``time`` element that keeps the UTC; other text as it is."""
    found = _moment(moment)
    if found is None:
        return escape(moment or "–")
    return Markup('<time datetime="{}" title="UTC {}">{}</time>').format(
        moment, found.strftime("%Y-%m-%d %H:%M:%S"), found.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    )


def day(moment: str | None) -> str:
    """Return the day of a UTC time in Beijing, other text as it is."""
    found = _moment(moment)
    return (moment or "–") if found is None else found.astimezone(_BEIJING).strftime("%Y-%m-%d")


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def paragraphs(text: str) -> list[str]:
    """Part a section's text into its paragraphs."""
    return [line.strip() for line in re.split(r"\n+", text) if line.strip()]


def file_name(url: str) -> str:
    """Return the last part of an address as people read it, to show; the address itself when there is none."""
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1]).strip() or url


def web_address(text: str | None) -> str | None:
    """Return an address a link may lead to: http or https with a host. Anything else is None and stays text."""
    try:
        found = urlsplit((text or "").strip())
    except ValueError:
        return None
    return (text or "").strip() if found.scheme in ("http", "https") and found.netloc else None
