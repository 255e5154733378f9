"""The words of reports on the years before 2019, and what their sentences state (``data/prose_old.toml``)."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from crawler.replica.form import STATISTICS, VALUE, Form
from crawler.replica.prose import Names, prose
from crawler.replica.report import Section, Statement

_NUMERALS = "一二三四五六七"
# Share of reports that state the period, and of those with a part on fees.
_WITH_PERIOD, _WITH_FEES = 0.6, 0.5
_YUAN = 10_000


@cache
def old_prose() -> dict:
    """The sentences, as ``data/prose_old.toml`` has them."""
    return tomllib.loads((files(__package__) / "data" / "prose_old.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Written:
    """The words of an old report: its sections, what they state, and the period if they name one."""

    sections: tuple[Section, ...]
    statements: tuple[Statement, ...]
    period: tuple[date, date] | None


def write_old(
    chance: random.Random,
    form: Form,
    names: Names,
    figures: Mapping[tuple[str, str, str], object],
    told: dict[str, str | None],
) -> Written:
    """Write a report of the old kind: 概述, 主动公开, 依申请公开, 复议诉讼, 问题.

    ``figures`` are those of the statistics table, which the narratives before it are told from as well. ``told`` is the
    contact; a field the chosen sentences do not print is set to None in it.
    """
    writer = _Writer(chance, _values(chance, names, figures, told))
    dated = chance.random() < _WITH_PERIOD
    with_fees = chance.random() < _WITH_FEES
    preamble = writer.preamble(form, told, dated=dated)
    parts = ["overview", "active_disclosure", "requests", *(["fees"] if with_fees else []), "remedies", "problems"]
    parts += ["other"] if form.indicators else []
    sections: list[Section] = [preamble]
    for numeral, part in zip(_NUMERALS, parts, strict=False):
        heading = f"{numeral}、{chance.choice(old_prose()['headings'][part])}"
        if part == "fees":
            # Its heading is of no part of the report as it is known since 2019.
            before = sections.pop()
            lines = (*before.paragraphs, heading, writer.fees(before.key))
            sections.append(Section(before.key, before.heading, lines))
        else:
            sections.append(Section(part, heading, tuple(getattr(writer, part)())))
    if form.indicators:
        last = sections.pop()
        sections.append(Section(last.key, last.heading, (*last.paragraphs, form.caption)))
    return Written(tuple(sections), tuple(writer.statements), names.period if dated else None)


def _values(
    chance: random.Random,
    names: Names,
    figures: Mapping[tuple[str, str, str], object],
    told: Mapping[str, str | None],
) -> dict[str, object]:
    counts = {key: number for (table, key, column), number in figures.items() if (table, column) == (STATISTICS, VALUE)}
    published = int(counts["active_total"])
    invented = {
        "all_told": published * 3 + chance.randint(1, 500), "before": chance.randint(5, 2 * published + 9),
        "views": chance.randint(2, 90), "some": chance.randint(12, 900),
        "fees_yuan": int(counts["request_fees"] * _YUAN),
    }  # fmt: skip
    return {**names.values, **told, **counts, **invented}


class _Writer:
    """Puts sentences together and keeps what they state."""

    def __init__(self, chance: random.Random, values: Mapping[str, object]) -> None:
        self.statements: list[Statement] = []
        self._chance = chance
        self._values = values

    def preamble(self, form: Form, told: dict[str, str | None], *, dated: bool) -> Section:
        new, old = prose()["preamble"], old_prose()["preamble"]
        choices = [old[form.id], old["parts"], *([new["period"]] if dated else []), new["where"], new["contact"]]
        sentences = [self._chance.choice(choice) for choice in choices]
        for name in told:
            if not any(f"{{{name}}}" in sentence for sentence in sentences):
                told[name] = None
        return Section("preamble", "", tuple(sentence.format(**self._values) for sentence in sentences))

    def overview(self) -> Iterator[str]:
        yield self._plain(old_prose()["overview"]["opening"])
        yield self._say("overview", self._chance.choice(old_prose()["overview"]["numbers"]))

    def active_disclosure(self) -> Iterator[str]:
        active = old_prose()["active"]
        yield self._say("active_disclosure", self._chance.choice(active["totals"]))
        for entry in self._chance.sample(active["more"], 2):
            yield self._say("active_disclosure", entry)

    def requests(self) -> Iterator[str]:
        requests = old_prose()["requests"]
        if not self._values["request_received"]:
            yield self._say("requests", self._chance.choice(requests["none"]))
            return
        entries = (self._chance.choice(requests["some"]), self._chance.choice(requests["answers"]))
        yield "".join(self._say("requests", entry) for entry in entries)

    def fees(self, section: str) -> str:
        kind = "some" if self._values["fees_yuan"] else "none"
        return self._say(section, self._chance.choice(old_prose()["fees"][kind]))

    def remedies(self) -> Iterator[str]:
        said = [kind for kind in ("review", "litigation") if self._values[f"{kind}_total"]]
        for kind in said or ["none"]:
            yield self._say("remedies", self._chance.choice(old_prose()["remedies"][kind]))

    def problems(self) -> Iterator[str]:
        yield self._plain(old_prose()["problems"]["problems"])
        yield self._plain(old_prose()["problems"]["measures"])

    def other(self) -> Iterator[str]:
        yield self._plain(old_prose()["other"]["sentences"])

    def _plain(self, sentences: Sequence[str]) -> str:
        return self._chance.choice(sentences).format(**self._values)

    def _say(self, section: str, entry: dict) -> str:
        text = entry["text"].format(**self._values)
        for stated in entry.get("states", ()):
            name = stated.get("number", stated["key"])
            number = int(self._values[name]) * stated.get("times", 1) if name else 0
            statement = Statement(
                stated["key"], number, stated["unit"], stated.get("time", "year"), stated.get("about", False),
                section, text, stated["raw"].format(**self._values),
            )  # fmt: skip
            self.statements.append(statement)
        return text
