"""A whole report on paper: its text, its tables laid out, and what a reader must find in it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.forms.paper import Key
from tests.generator import tables
from tests.generator.noise import KINDS as NOISES
from tests.generator.noise import Noise
from tests.generator.numbers import STYLES, Printed
from tests.generator.printed import GROUP_KEYS, T3_COLUMNS, T3_ROWS, is_money, keys
from tests.generator.tables import Rows

FORMS = {"g1": 2011, "g2": 2016, "g3": 2020, "g4": 2023}
# How the tables stand in the report.
WHOLES = ("apart", "merged", "captioned", "broken", "headed", "twice")
# Where padding and blank values look the same, a reader must rather leave a cell than guess it.
UNSETTLED = ("flat", "padded", "indented")


@dataclass(frozen=True)
class Choice:
    """What a report is made from. The same choice makes the same report."""

    form: str = "g4"
    two: str = "one"
    three: str = "official"
    four: str = "official"
    statistics: str = "units"
    whole: str = "apart"
    noise: str = "none"
    numbers: str = "plain"
    seed: int = 0

    @property
    def settled(self) -> bool:
        """Whether the layout tells of every cell what it is."""
        layouts = (self.statistics,) if self.form == "g2" else (self.two, self.three, self.four)
        return self.numbers not in ("honest", "blank") or not set(layouts) & set(UNSETTLED)


@dataclass(frozen=True)
class Paper:
    """A report: its blocks, paragraphs or the rows of a table, and what each cell says."""

    choice: Choice
    title: str
    blocks: tuple[str | Rows, ...]
    cells: dict[Key, Printed] = field(hash=False)


def any_choice(chance: random.Random, form: str | None = None) -> Choice:
    """Choose a report at random."""
    return Choice(
        form or chance.choice(list(FORMS)),
        chance.choice(tables.TWO),
        chance.choice(tables.THREE),
        chance.choice(tables.FOUR),
        chance.choice(tables.STATISTICS),
        chance.choice(WHOLES),
        chance.choice(NOISES),
        chance.choice(list(STYLES)),
        chance.getrandbits(32),
    )


def make(choice: Choice, values: dict[Key, str] | None = None) -> Paper:
    """Lay out a report; ``values`` are its numbers, made up by the choice's style when left out."""
    chance = random.Random(choice.seed)
    noise = Noise(choice.noise, chance)
    wanted = _keys(choice)
    if values is None:
        printed = {key: STYLES[choice.numbers](chance, key, is_money(key)) for key in wanted}
    else:
        printed = {key: Printed(text, float(text) if "." in text else int(text)) for key, text in values.items()}
    texts = {key: cell.text for key, cell in printed.items()}
    year = FORMS[choice.form]
    title = noise.title(f"哈尔滨市南岗区教育局{year}年政府信息公开工作年度报告")
    opening = f"本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
    blocks = _old_form(choice, texts, noise) if choice.form in ("g1", "g2") else _new_form(choice, texts, noise, chance)
    return Paper(choice, title, (title, noise.title(opening), *blocks), printed)


def _keys(choice: Choice) -> list[Key]:
    wanted = keys(choice.form)
    if choice.form in ("g3", "g4") and choice.three == "subtotals":
        wanted += [("requests", row, "legal_person_subtotal") for row, _, _ in T3_ROWS[choice.form]]
        groups = [GROUP_KEYS[group] for group in dict.fromkeys(group for _, group, _ in T3_ROWS[choice.form] if group)]
        columns = [*(column for column, _ in T3_COLUMNS), "legal_person_subtotal"]
        wanted += [("requests", f"{group}_subtotal", column) for group in groups for column in columns]
    return wanted


def _old_form(choice: Choice, texts: dict[Key, str], noise: Noise) -> list[str | Rows]:
    blocks: list[str | Rows] = [
        noise.title("一、概述"),
        "全年各项工作平稳开展，机构设置没有变化，按要求配备了人员。",
        noise.title("二、主动公开政府信息情况"),
        "全年主动公开政府信息1234条，其中通过政府网站公开1000条。",
        noise.title("三、依申请公开政府信息情况"),
        "全年收到申请12件，均已按时办结。",
        noise.title("四、行政复议、行政诉讼情况"),
        "本年度没有因政府信息公开被申请行政复议、提起行政诉讼。",
        noise.title("五、存在的主要问题及改进情况"),
        "公开的及时性有待加强。",
    ]
    if choice.form == "g2":
        rows = tables.statistics(texts, noise.label, choice.statistics)
        blocks += [noise.title("附表：政府信息公开情况统计表"), *_whole(choice, [rows], noise, header=1)]
    return blocks


def _new_form(choice: Choice, texts: dict[Key, str], noise: Noise, chance: random.Random) -> list[str | Rows]:
    two = tables.disclosure(choice.form, texts, noise.label, choice.two)
    three = tables.requests(choice.form, texts, noise.label, choice.three)
    four = tables.remedies(texts, noise.label, choice.four)
    headings = [
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ]
    blocks: list[str | Rows] = [noise.title("一、总体情况"), "全年公开信息12条，没有收费。"]
    if choice.whole == "merged":
        blocks.append([*(row for part in two for row in part), *three, *(row for part in four for row in part)])
    else:
        for heading, parts in zip(headings, (two, [three], four), strict=True):
            blocks += [noise.title(heading), *_whole(choice, parts, noise, header=3, chance=chance, caption=heading)]
    return [*blocks, noise.title("五、存在的主要问题及改进情况"), "无。", noise.title("六、其他需要报告的事项"), "无。"]


def _whole(
    choice: Choice,
    parts: list[Rows],
    noise: Noise,
    *,
    header: int,
    chance: random.Random | None = None,
    caption: str = "政府信息公开情况统计表",
) -> list[str | Rows]:
    """The tables of one section, as the choice has them stand."""
    if choice.whole == "captioned":
        width = sum(cell.colspan for cell in parts[0][0])
        parts[0].insert(0, [tables.Cell(noise.label(caption), 1, width)])
    elif choice.whole == "broken" and len(parts) == 1 and len(parts[0]) > 20:
        chance = chance or noise.chance
        at = chance.randint(header + 2, len(parts[0]) - 2)
        return list(tables.cut(parts[0], at, header, repeat=chance.random() < 0.5))
    elif choice.whole == "twice":
        return [*parts, *parts]
    elif choice.whole == "headed":
        return [row for part in parts for row in ("（单位：件）", part)]
    return list(parts)
