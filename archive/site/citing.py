"""How a report is cited: by the national standard, in BibTeX and in plain words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What has a meaning of its own in TeX.
_TEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation says: days are ISO dates; ``seen`` is the day of the capture, ``address`` our page's."""

    id: str
    author: str
    title: str
    year: int
    published: str | None
    seen: str | None
    url: str
    archive: str
    address: str
    sha256: str | None


def citations(cited: Cited) -> list[tuple[str, str]]:
    """Return the name of each style and the citation in it."""
    return [("GB/T 7714—2015", gb_t_7714(cited)), ("BibTeX", bibtex(cited)), ("一般文字", plain(cited))]


def gb_t_7714(cited: Cited) -> str:
    """Return the citation of an electronic report. Source: GB/T 7714—2015, 4.6 and 8.8 (更新日期、引用日期)."""
    dates = (f"({cited.published})" if cited.published else "") + (f"[{cited.seen}]" if cited.seen else "")
    return f"{cited.author}. {cited.title}[R/OL]. {dates + '. ' if dates else ''}{cited.url}. {_kept(cited)}"


def bibtex(cited: Cited) -> str:
    """Return a BibTeX entry; every reader of BibTeX knows its kind and fields."""
    fields = {
        "author": f"{{{_tex(cited.author)}}}",
        "title": f"{{{_tex(cited.title)}}}",
        "institution": _tex(cited.author),
        # The year it came out, which is not the year it reports on.
        "year": (cited.published or cited.seen or str(cited.year + 1))[:4],
        "url": _address(cited.url),
        "urldate": cited.seen or "",
        "note": _tex(_kept(cited)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@techreport{{{cited.id},", *lines, "}"])


def plain(cited: Cited) -> str:
    """Return the citation in words."""
    published = f"，{cited.published} 公布" if cited.published else ""
    seen = f"，{cited.seen} 存档" if cited.seen else ""
    return f"{cited.author}：《{cited.title}》{published}，{cited.url}{seen}。{_kept(cited)}"


def _kept(cited: Cited) -> str:
    digest = f", SHA-256: {cited.sha256}" if cited.sha256 else ""
    return f"存档：{cited.archive}, {cited.address}{digest}."


def _tex(text: str) -> str:
    return re.sub(r"\s+", " ", text).translate(_TEX)


def _address(url: str) -> str:
    # Inside \url nothing needs a backslash, and braces would end it.
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
