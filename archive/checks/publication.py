"""Rules on how a report was published: when, and under whose name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from archive.checks.finding import Finding


def check_deadline(published_on: str | None, year: int, last_day: date | None, law: str | None) -> Iterator[Finding]:
    """DEADLINE: a report is published by the day the law names. ``published_on`` is the day the page shows (ISO).

    Source: 政府信息公开条例 (国务院令第711号) art. 49: departments 31 January, governments at county level and above
    31 March; before 2019 all bodies 31 March. Where the law names no day (townships) nothing is said. A late date is
    evidence and no proof: pages that were moved to another portal show the day of the move. One before the end of the
    year reported on is no date of its publication at all.
    """
    try:
        shown = date.fromisoformat(published_on or "")
    except ValueError:
        return
    if last_day and shown > last_day:
        yield Finding(
            "DEADLINE", "info", None, None, None, last_day.isoformat(), shown.isoformat(),
            f"页面所示日期 {shown} 晚于期限 {last_day}（{law}），迟 {(shown - last_day).days} 天；"
            "网页迁移后的日期可能不是最初发布的日期",
        )  # fmt: skip


def check_names(in_title: str | None, in_text: str, *, same: bool) -> Iterator[Finding]:
    """NAME: title and text name the same body; ``same`` says whether both names mean one.

    Source: a report has one publisher (条例 art. 49). A new name after a reform, or a slip in a text copied from
    another body, are the usual reasons.
    """
    if in_title and not same:
        yield Finding(
            "NAME", "info", None, None, None, in_title, in_text,
            f"标题中的机构为「{in_title}」，正文中为「{in_text}」，请核对",
        )  # fmt: skip
