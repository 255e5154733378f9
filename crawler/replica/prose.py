"""The words of the reports, put together from the sentences of ``data/prose.toml``."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from archive.agencies.registry import Agency
from crawler.replica.form import Form
from crawler.replica.report import Section

# What bodies of each level call themselves in running text.
_SELF = {
    "city": "全市",
    "city_department": "我局",
    "district": "全区",
    "district_department": "我局",
    "township": "我单位",
    "institution": "本中心",
}


@cache
def prose() -> dict:
    """The sentences, as ``data/prose.toml`` has them."""
    return tomllib.loads((files(__package__) / "data" / "prose.toml").read_text("utf-8"))


def full_name(agency: Agency) -> str:
    """The name a body uses of itself in the text: 哈尔滨市 and all that follows, 县级市 and counties without it."""
    if agency.district is None or not agency.district.endswith("区"):
        return agency.name
    return "哈尔滨市" + agency.name


def contact(chance: random.Random, agency: Agency, postcode: str, url: str) -> dict[str, str | None]:
    """Draw the office to ask. No telephone number of Harbin begins with 0, so none of these is anybody's."""
    street = chance.choice(prose()["contact"]["streets"])
    phone = f"0{chance.randrange(10**7):07d}"
    return {
        "address": f"{_place(agency)}{street}{chance.randint(1, 399)}号",
        "postcode": postcode,
        "phone": f"0451-{phone}" if chance.random() < 0.85 else phone,
        "url": url,
        "email": f"gongkai{chance.randint(10, 999)}@{agency.id.split('-')[0]}.example",
    }


@dataclass(frozen=True, slots=True)
class Names:
    """What the sentences of one report call things: ``values`` by placeholder; ``period`` is its first and last day."""

    values: Mapping[str, object]
    period: tuple[date, date]


def names_of(agency: Agency, year: int, period: tuple[date, date], portal: str) -> Names:
    """Return what a report of a body for a year calls itself, its place, its period and the site it stands on."""
    values = {
        "full": full_name(agency), "short": _SELF[agency.level], "place": agency.district or "全市", "portal": portal,
        "year": year, "next": year + 1, "period": f"{_day(period[0])}至{_day(period[1])}",
        "period_from": _day(period[0]), "period_to": _day(period[1]),
    }  # fmt: skip
    return Names(values, period)


def write(
    chance: random.Random,
    form: Form,
    names: Names,
    counts: Mapping[str, int],
    told: dict[str, str | None],
    says: dict[str, int],
) -> tuple[Section, ...]:
    """Write all sections of a report of the kind there has been since 2019.

    ``counts`` holds received, carried_in, handled, carried_out and granted of table 3. ``told`` is the contact; a
    field the chosen sentences do not print is set to None in it, so that it holds what the report really says. ``says``
    is filled with the numbers of table 3 that the sentences state.
    """
    words = _words(form)
    some, few = chance.randint(12, 900), chance.randint(2, 9)
    values = {**names.values, "some": some, "few": few, **counts, **told}
    kind = "some" if counts["received"] + counts["carried_in"] else "none"
    requests = chance.choice(words["requests_sentence"][kind])
    values["requests_sentence"] = requests["text"].format(**values)
    says |= {name: counts[number] for name, number in requests["says"].items()}
    sentences = [chance.choice(words["preamble"][part]) for part in ("basis", "parts", "period", "where", "contact")]
    for name in told:
        if not any(f"{{{name}}}" in sentence for sentence in sentences):
            told[name] = None
    preamble = [sentence.format(**values) for sentence in sentences]
    cut = chance.choice((1, 2, 5))
    paragraphs = ["".join(preamble[:cut]), "".join(preamble[cut:])]
    return (
        Section("preamble", "", tuple(filter(None, paragraphs))),
        Section("overview", _heading(chance, "overview"), tuple(_overview(chance, values))),
        *(
            Section(key, _heading(chance, key), _maybe(chance, words[key]["sentences"], values))
            for key in ("active_disclosure", "requests", "remedies")
        ),
        Section(
            "problems",
            _heading(chance, "problems"),
            (
                _pick(chance, words["problems"]["problems"], values),
                _pick(chance, words["problems"]["measures"], values),
            ),
        ),
        Section("other", _heading(chance, "other"), (_pick(chance, words["other"]["sentences"], values),)),
    )


def _words(form: Form) -> dict:
    """The sentences, those of a form where it has its own."""
    words, own = prose(), prose().get(form.id, {})
    return {name: {**part, **own.get(name, {})} for name, part in words.items()}


def _overview(chance: random.Random, values: Mapping[str, object]) -> list[str]:
    parts = prose()["overview"]
    paragraphs = [_pick(chance, parts["opening"], values)]
    if chance.random() < 0.12:
        # Small bodies often write one paragraph and no sub-sections.
        return [*paragraphs, str(values["requests_sentence"])]
    inline = chance.random() < 0.6
    for number, part in zip("一二三四五", parts["subsections"], strict=True):
        name = f"（{number}）{chance.choice(part['names'])}"
        text = _pick(chance, part["texts"], values)
        paragraphs += [f"{name}。{text}"] if inline else [name, text]
    return paragraphs


def _heading(chance: random.Random, key: str) -> str:
    """The form's own wording in half of the reports, one of the variants in the others."""
    forms = prose()["headings"][key]
    return forms[0] if chance.random() < 0.5 else chance.choice(forms)


def _maybe(chance: random.Random, sentences: list[str], values: Mapping[str, object]) -> tuple[str, ...]:
    return (_pick(chance, sentences, values),) if chance.random() < 0.2 else ()


def _pick(chance: random.Random, sentences: list[str], values: Mapping[str, object]) -> str:
    return chance.choice(sentences).format(**values)


def _place(agency: Agency) -> str:
    if agency.district is None:
        return "哈尔滨市松北区"
    return ("哈尔滨市" if agency.district.endswith(("区", "县")) else "") + agency.district


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
