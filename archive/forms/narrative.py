"""The numbers that sentences state, each with its sentence as evidence; kept apart from the cells of tables.

Source of the words: ``narrative.toml``. A clause is taken only when all of it is understood: who, when, what, how many.
What is said of another body, another year, a plan or an average is left alone, and so is what is merely likely.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from archive.forms.headings import SectionText
from archive.forms.quantities import Quantity, quantity_pattern, read_quantity
from archive.forms.sentences import Clause, Sentence, paragraphs

TIMES = ("year", "year_before", "to_date")

_NAME = re.compile("〈([a-z_]+)〉")
_NAMED = re.compile(r"\(\?P<[a-z_]+>")
# Reports of so many years, and of four kinds of body, are read in turn.
_REMEMBERED = 4 * 20
# Bodies whose reports cover all of their area, by the end of their names.
_GOVERNMENTS = ("政府", "市", "区", "县")
# The shortest short name of a body: 市局 could be anybody's, 区工科局 is not. In characters.
_SHORTEST_NAME = 3
# A shortened name may have this many characters more than the name: 哈尔滨市 before it. In characters.
_LONGER_NAME = 4
_CITY = "哈尔滨市"
_DISTRICT = re.compile("[一-龥]{1,4}?[区县市](?=.)")
# Only a clause with a number, or with a word for none, can state one; 一 is mostly no number: 进一步, 统一, 一是.
_TELLING = re.compile("[\\d二三四五六七八九十两零未没无]|(?<![进统第])一(?![是步系定般致体直])")
# What plans are called, and the numbers of documents, say nothing of when: 《2018年政务公开工作要点》, 〔2018〕23号.
_CITED = re.compile("《[^》]*》|〔\\d+〕")
# What the last word of a name is shortened to.
_SHORTENED = {"委员会": "委", "办公室": "办", "办公厅": "办"}
# What is published in places of which a body may use several: two numbers are of two of them.
_PLACES_OF_SEVERAL = ("active_website", "active_weibo", "active_wechat", "active_other_channel")
# 我区东华门街道办事处: what stands before a name in the body's own words.
_OUR_PLACE = re.compile("^[我本][省市区县](?=..)")
# What the bodies are called that govern a place: without it the name is that of the place.
_GOVERNING = re.compile("(?:人民政府|政府|办事处)$")
_CHINESE_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class Statement:
    """A number a sentence states.

    ``key`` is one of `statement_keys`; ``value`` is counted in ``unit`` ("" where the text names none); ``time`` is
    what it is of: ``year`` (the report's), ``year_before`` or ``to_date`` (all up to some day); ``approximate`` when
    the text says so (约, 余) or rounds (5.2万条). ``raw`` are the words of the number, ``sentence`` the evidence as
    printed, ``section`` the key of the section it stands in.
    """

    key: str
    value: int | float
    unit: str
    time: str
    approximate: bool
    section: str
    sentence: str
    raw: str


@dataclass(frozen=True, slots=True)
class _Rule:
    key: str
    patterns: tuple[re.Pattern[str], ...]
    zero: tuple[re.Pattern[str], ...]
    zero_keys: tuple[tuple[re.Pattern[str], str], ...]
    needs: re.Pattern[str] | None
    after: tuple[str, ...]
    unless: tuple[str, ...]
    in_section: str | None
    not_under: tuple[str, ...]
    since: int
    money: bool
    generic: bool


@dataclass(frozen=True, slots=True)
class _Grammar:
    rules: tuple[_Rule, ...]
    words: dict[str, str]
    leads: dict[str, tuple[str, ...]]
    sentence_doubt: re.Pattern[str]
    paragraph_doubt: re.Pattern[str]
    running: re.Pattern[str]
    parted: re.Pattern[str]
    comparison: re.Pattern[str]
    other_body: re.Pattern[str]
    other_matter: re.Pattern[str]
    requests: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a clause states: key, quantity, and the span of the number's words in the clause."""

    key: str
    quantity: Quantity
    span: tuple[int, int]


@dataclass
class _Reading:
    """What holds where the reading has come to: the time and the body spoken of, what was stated, what was said.

    ``rules`` are those of the place; ``elsewhere`` is whether something else than requests is counted (letters,
    proposals).
    """

    rules: list[_Rule]
    time: str | None = "year"
    own: bool = True
    doubt: bool = False
    dated: bool = False
    elsewhere: bool = False
    said: str = ""
    stated: list[str] = field(default_factory=list)


@cache
def statement_keys() -> dict[str, dict[str, str]]:
    """The keys of statements with what each means: ``zh`` and ``en``."""
    return _data()["keys"]


def read_statements(sections: Sequence[SectionText], year: int | None, agency: str | None) -> tuple[Statement, ...]:
    """Return what the sentences of a report state, in the order of the text.

    ``year`` is the report's year and ``agency`` its body: numbers of another year or body are not taken.
    """
    reader = _Reader(year, agency or "")
    return tuple(statement for section in sections for statement in reader.read(section))


class _Reader:
    def __init__(self, year: int | None, agency: str) -> None:
        self._grammar = _grammar()
        self._year = year
        self._leads, self._any_lead = _leads(year, agency.endswith(_GOVERNMENTS), "街道" in agency)
        name = agency.removeprefix(_CITY)
        place = _DISTRICT.match(name)
        self._place = place.group() if place else ""
        self._in_district = bool(place)
        self._name = name if self._in_district or not name else _CITY + name.removeprefix("市")
        # 卫生健康委 for 卫生健康委员会, 民意乡 for its government.
        self._last = {self._name[-1:], _GOVERNING.sub("", self._name)[-1:]} - {""}
        self._last |= {short for full, short in _SHORTENED.items() if self._name.endswith(full)}
        self._ends = re.compile(f"[{re.escape(''.join(self._last))}]") if self._last else None

    def read(self, section: SectionText) -> Iterator[Statement]:
        """Read one section."""
        for heading, sentences in paragraphs(section.text, _TELLING):
            yield from _undisputed(list(self._read_paragraph(sentences, section.key, section.heading + heading)))

    def _read_paragraph(self, sentences: Sequence[Sentence], section: str, over: str) -> Iterator[Statement]:
        reading = _Reading(_rules_for(self._year, section, over))
        # What is said after the last number changes nothing any more.
        telling = [any(_TELLING.search(clause.text) for clause in sentence.clauses) for sentence in sentences]
        for sentence in sentences[: max((place for place, tells in enumerate(telling, 1) if tells), default=0)]:
            reading.doubt, reading.dated, reading.stated = False, False, []
            if self._grammar.parted.search(",".join(clause.text for clause in sentence.clauses)):
                reading.doubt = True
            if reading.time is not None:
                # What follows on last year's stays with it until this year is named.
                reading.time = "year" if reading.time != "year_before" else None
            for clause in sentence.clauses:
                yield from self._read_clause(clause, sentence, section, over, reading)
                reading.said += clause.text

    def _read_clause(
        self, clause: Clause, sentence: Sentence, section: str, over: str, reading: _Reading
    ) -> Iterator[Statement]:
        start = 0
        while True:
            taken = self._match(clause.text, start, over, reading)
            if taken:
                break
            ahead = self._lead(clause.text, start, reading)
            if ahead is None:
                self._set_doubt(clause.text, start, reading)
                return
            start = ahead
        whole = reading.dated or not self._grammar.running.search(clause.text)
        for each in taken:
            reading.stated.append(each.key)
            reading.elsewhere = not self._grammar.requests.search(each.key)
            if whole and reading.own and not reading.doubt and reading.time:
                yield Statement(
                    each.key, each.quantity.value, each.quantity.unit, reading.time, each.quantity.approximate,
                    section, sentence.printed, clause.printed(*each.span),
                )  # fmt: skip

    def _lead(self, text: str, start: int, reading: _Reading) -> int | None:
        """Take the words before a statement that say when and whose; return where they end, None when none stand."""
        ends = [
            (found.end(), name)
            for name, patterns in (self._leads.items() if self._any_lead.match(text, start) else ())
            for pattern in patterns
            if (found := pattern.match(text, start)) and found.end() > start
        ]
        own = self._own_name(text, start)
        if own:
            ends.append((own, "own"))
        if not ends:
            return None
        end, name = max(ends)
        if name in TIMES:
            reading.time, reading.dated = name, True
        elif name in ("own", "own_street", "whole_area"):
            reading.own = True
        return end

    def _own_name(self, text: str, start: int) -> int:
        """Return where a form of the agency's name ends (区工科局 of 南岗区工业信息科技局), 0 when none begins here."""
        if self._ends is None:
            return 0
        ends = self._ends.finditer(text, start + _SHORTEST_NAME - 1, start + len(self._name) + _LONGER_NAME)
        return max((found.end() for found in ends if self._is_own(text[start : found.end()])), default=0)

    def _is_own(self, written: str) -> bool:
        """Whether a name is the agency's, in full or shortened: 哈尔滨市教育局 is not 哈尔滨市南岗区教育局."""
        written = _OUR_PLACE.sub("", written)
        short = written.removeprefix(_CITY) if self._in_district else written
        if self._place and written[0] == self._place[-1]:
            short = self._place + written[1:]  # 县政府办公室 of 宾县人民政府办公室
        whole = short == written or short[:1] == self._name[0]
        # 区政府国资局 is the district's.
        return whole and (_is_within(short, self._name) or _is_within(short.replace("政府", "", 1), self._name))

    def _match(self, text: str, start: int, over: str, reading: _Reading) -> list[_Taken]:
        if not _TELLING.search(text, start):
            return []
        for rule in reading.rules:
            if not self._applies(rule, text, over, reading):
                continue
            for pattern in rule.zero:
                if pattern.fullmatch(text, start):
                    keys = [key for word, key in rule.zero_keys if word.search(text, start)] or [rule.key]
                    return [_Taken(key, Quantity(0, "", False), (start, len(text))) for key in keys]
            for pattern in rule.patterns:
                found = pattern.fullmatch(text, start)
                quantity = found and self._is_next(found.groupdict().get("next")) and read_quantity(found)
                # Nothing but money comes in parts.
                if quantity and (rule.money or isinstance(quantity.value, int)):
                    return [_Taken(rule.key, quantity, found.span("number"))]
        return []

    def _applies(self, rule: _Rule, text: str, over: str, reading: _Reading) -> bool:
        if rule.needs and not rule.needs.search(text):
            if not (rule.needs.search(over) or rule.needs.search(reading.said)):
                return False
            of_requests = self._grammar.requests.search
            elsewhere = of_requests(rule.key) and reading.stated and not of_requests(reading.stated[-1])
            if elsewhere or (rule.generic and reading.elsewhere):
                return False
        if rule.after and (not reading.stated or reading.stated[-1] not in rule.after):
            return False
        return not (rule.unless and len(reading.stated) > 1 and reading.stated[-2] in rule.unless)

    def _is_next(self, written: str | None) -> bool:
        """Whether a year written in figures, where one is, is the one after the report's."""
        return written is None or (self._year is not None and int(written) == self._year + 1)

    def _set_doubt(self, text: str, start: int, reading: _Reading) -> None:
        """Note what a clause that states nothing means for those after it."""
        if start == len(text) or self._grammar.comparison.search(text, start):
            return
        if reading.time == "to_date":
            # 目前，公开的渠道主要包括…: what follows may be of the year after all.
            reading.doubt = True
        text = _CITED.sub("", text[start:])
        if self._grammar.paragraph_doubt.search(text.replace(f"{self._year}年", "")):
            reading.time = None
        if self._grammar.sentence_doubt.search(text):
            reading.doubt = True
        if self._grammar.other_body.match(text):
            reading.own = False
        if self._grammar.other_matter.search(text):
            reading.elsewhere = True


def _undisputed(found: list[Statement]) -> Iterator[Statement]:
    """Leave out what one paragraph counts twice and differently: such counts are of parts."""
    for statement in found:
        # Of one site or account of several it is the same at whatever time.
        timeless = statement.key in _PLACES_OF_SEVERAL
        others = (each for each in found if each.key == statement.key and (timeless or each.time == statement.time))
        if statement.approximate or all(each.approximate or each.value == statement.value for each in others):
            yield statement


def _is_within(short: str, name: str) -> bool:
    """Whether all characters of ``short`` stand in ``name`` in the same order."""
    left = iter(name)
    return all(character in left for character in short)


@lru_cache(maxsize=_REMEMBERED)
def _rules_for(year: int | None, section: str, over: str) -> list[_Rule]:
    """Return the rules that hold in a report of ``year``, in a section and under a heading."""
    return [
        rule
        for rule in _grammar().rules
        if rule.since <= (year or rule.since)
        and rule.in_section in (None, section)
        and not any(word in over for word in rule.not_under)
    ]


@lru_cache(maxsize=_REMEMBERED)
def _leads(
    year: int | None, government: bool, street: bool
) -> tuple[dict[str, tuple[re.Pattern[str], ...]], re.Pattern[str]]:
    """The words that may stand before a statement in a report of ``year`` and of such a body, by what they say.

    Also all of them in one: most clauses begin with none, which one question tells.
    """
    words, found = _grammar().words, {}
    for name, patterns in _grammar().leads.items():
        if not {"whole_area": government, "own_street": street}.get(name, True):
            continue
        written = {**words, "year": _year(year), "before": _year(year - 1)} if year else words
        known = [pattern for pattern in patterns if set(_NAME.findall(pattern)) <= written.keys()]
        found[{"this_year": "year"}.get(name, name)] = tuple(re.compile(_expand(text, written)) for text in known)
    every = (pattern.pattern for patterns in found.values() for pattern in patterns)
    return found, re.compile("|".join(f"(?:{_NAMED.sub('(?:', text)})" for text in every))


def _year(year: int) -> str:
    chinese = str(year).translate(_CHINESE_DIGITS).replace("零", "[零〇○O]")
    return f"(?:{year}|{chinese})年"


def _expand(text: str, words: dict[str, str]) -> str:
    """Put the named pieces into a pattern; a piece may name others."""
    while _NAME.search(text):
        text = _NAME.sub(lambda found: f"(?:{words[found[1]]})", text)
    return text


def _data() -> dict:
    return tomllib.loads((files(__package__) / "narrative.toml").read_text("utf-8"))


@cache
def _grammar() -> _Grammar:
    data = _data()
    doubt = {name: re.compile(text) for name, text in data["doubt"].items()}
    return _Grammar(
        tuple(_rule(entry, data["words"]) for entry in data["statements"]),
        data["words"],
        {name: tuple(patterns) for name, patterns in data["leads"].items()},
        doubt["sentence"],
        doubt["paragraph"],
        doubt["running"],
        doubt["parted"],
        doubt["comparison"],
        doubt["other_body"],
        doubt["other_matter"],
        doubt["requests"],
    )


def _rule(entry: dict, words: dict[str, str]) -> _Rule:
    number = f"(?P<number>{quantity_pattern(tuple(entry['units']))})"
    known = {**words, "n": number}
    return _Rule(
        entry["key"],
        tuple(re.compile(_expand(text, known)) for text in entry["patterns"]),
        tuple(re.compile(_expand(text, words)) for text in entry.get("zero", ())),
        tuple((re.compile(word), key) for word, key in entry.get("zero_keys", {}).items()),
        re.compile("|".join(map(re.escape, entry["needs"]))) if "needs" in entry else None,
        *(tuple(entry.get(name, ())) for name in ("after", "unless")),
        entry.get("in_section"),
        tuple(entry.get("not_under", ())),
        entry.get("since", 0),
        entry.get("money", False),
        entry.get("generic", False),
    )
