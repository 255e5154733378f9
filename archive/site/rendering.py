"""Turns a page's template and values into HTML. Our own environment: nothing here rests on Datasette's templates."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from archive.site.measures import reason_words
from archive.site.words import rule_name, say, word

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"

# China keeps one time and no summer time; a fixed offset needs no time zone files.
_BEIJING = timezone(timedelta(hours=8))


@cache
def environment(language: str = "zh") -> Environment:
    """The Jinja environment of our pages in one language. ``_()`` says the pages' own words in it."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "rule": lambda rule_id: rule_name(rule_id, language),
        "word": partial(_word, language),
        "count": count,
        "percent": percent,
        "beijing": beijing,
        "day": day,
        "file_name": file_name,
        "paragraphs": paragraphs,
        "doubled": lambda values: [(value, value) for value in values],
        "web": web_address,
        "bytes": partial(size, language=language),
        "name": lambda thing: thing.name(language),
        "note": lambda thing: thing.note(language),
        "of_language": lambda thing: thing.en if language == "en" else thing.zh,
        "reason": lambda reason: reason_words(reason, language),
        "dumps": lambda value: json.dumps(value, ensure_ascii=False),
    }
    env.globals |= {
        "static": static,
        "_": partial(_say, language),
        "lang": language,
        # What the archive holds stays in Chinese, and on an English page says so to those who hear it.
        "zh": Markup("") if language == "zh" else Markup(' lang="zh-CN"'),
    }
    return env


def render(template: str, language: str = "zh", **context: object) -> str:
    """Return the HTML of a page. Raises jinja2.UndefinedError for a value the template uses and nobody gave."""
    return environment(language).get_template(f"site/{template}").render(**context)


def _say(language: str, words: str, **values: object) -> Markup:
    return say(words, language, **values)


def _word(language: str, code: str | None, kind: str) -> str:
    return word(code, kind, language)


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
        if path.is_file() and path.suffix in {".py", ".toml", ".html", ".css", ".js"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def count(number: int | float | None) -> str:
    """Return a number with its thousands set apart, an en dash for none."""
    return "–" if number is None else f"{number:,}"


def percent(share: float | None) -> str:
    """Return a share of one as a percentage with two places, an en dash for none."""
    return "–" if share is None else f"{share * 100:.2f} %"


def size(number: int, language: str = "zh") -> str:
    """Return a number of bytes in words."""
    if number < 1024:
        return f"{number} bytes" if language == "en" else f"{number} 字节"
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
