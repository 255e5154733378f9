"""How labels come to differ from the printed form: by typing, pasting, cutting, and by slips of the pen."""

from __future__ import annotations

import random
import re

# The characters of the forms whose traditional form differs, each before it.
_PAIRS = (
    "条條规規项項处處许許发發废廢现現数數单單万萬办辦结結请請总總计計业業务務机機构構组組织織关關转轉续續维維纠糾审審复復议議诉訴讼訟"
    "决決见見统統标標动動众眾热熱舆輿闻聞参參举舉会會网網线線访訪谈談题題专專职職员員经經费費训訓类類内內询詢执執确確认認获獲无無当當"
    "补補缴繳属屬于於国國稳穩为為权權变變对對应應级級强強个個开開区區别別时時点點图圖书書报報传傳电電说說释釋监監设設领領导導备備护護"
    "纳納额額采採购購减減据據来來后後没沒与與从從间間还還这這进進阅閱须須体體农農医醫卫衛环環财財贸貿县縣镇鎮乡鄉尔爾滨濱岗崗团團种種"
)
TRADITIONAL = str.maketrans(_PAIRS[::2], _PAIRS[1::2])
# Pairs typed for each other: sounds alike, looks alike, next on the list of an input method.
_TYPED = (
    "政正府附信讯息惜公工开天申由请清机几关官行形处外理里属署于予国囯家加秘密密蜜法发保报护户第弟方万合和权劝益义部布务物类美"
    "过国程成性姓案按卷券查察询旬事是项向掌章握屋相像有又现观需须另令制治作做补朴正政内肉容融明名确却举兴报保投头诉拆复覆提题"
    "供共出岀版板由油大太量凉反返认人取去期其费废通同知之要耍求球缴激纳内织积许午可司罚伐规归范犯件间收受金今额颗数教"
)
_SLIPS = dict(zip(_TYPED[::2], _TYPED[1::2], strict=True))
# A slip in one of these makes another label of it: last year's, not granted, a rate. That is no slip of the pen.
_TELLING = set("上本未不无非逾延率增减总其他新结转占比同累计下初一二三四五六七八九十")
_INDEX = re.compile(r"^(?:[一二三四五六七八九十]、|（[一二三四五六七八九十]）|\d[.．、])")

KINDS = ("none", "half", "space", "spread", "point", "quotes", "broken", "traditional", "typo", "cut", "mixed")


class Noise:
    """Changes labels as one kind of noise says; ``mixed`` takes another kind for each label."""

    def __init__(self, kind: str, chance: random.Random) -> None:
        self.kind = kind
        self.chance = chance

    def label(self, text: str) -> str:
        """Print a label."""
        kind = self.chance.choice(KINDS[:-3]) if self.kind == "mixed" else self.kind
        return getattr(self, f"_{kind}")(text)

    def title(self, text: str) -> str:
        """Print a caption or a heading: traditional where all is, else as it should be."""
        return text.translate(TRADITIONAL) if self.kind == "traditional" else text

    def _none(self, text: str) -> str:
        return text

    def _half(self, text: str) -> str:
        return text.replace("（", "(").replace("）", ")").replace("，", ", ").replace("：", ":")

    def _space(self, text: str) -> str:
        return re.sub(r"([）.、])", r"\1 ", text)

    def _spread(self, text: str) -> str:
        return self.chance.choice([" ", "\u3000", "\u00a0"]).join(text)

    def _point(self, text: str) -> str:
        return re.sub(r"^(\d)\.", lambda found: found[1] + self.chance.choice("、．."), text)

    def _quotes(self, text: str) -> str:
        opening, closing = self.chance.choice(['""', "「」", "『』", "＂＂", ("", ""), "‘’"])
        return text.replace("“", opening).replace("”", closing).replace("其他", "其它")

    def _broken(self, text: str) -> str:
        """A line break somewhere inside, as where a label is wrapped by hand."""
        at = self.chance.randint(1, max(1, len(text) - 1))
        return text[:at] + "\n" + text[at:] if not text[at - 1 : at + 1].isdigit() else text

    def _traditional(self, text: str) -> str:
        return text.translate(TRADITIONAL)

    def _typo(self, text: str) -> str:
        """One wrong character in a label of five and more, two in one of twelve and more."""
        begins = _INDEX.match(text)
        start = begins.end() if begins else 0
        end = text.find("（", start) if "（" in text[start:] else len(text)
        length = end - start
        for _ in range(0 if length < 6 or self.chance.random() < 0.3 else 2 if length >= 12 else 1):
            at = self.chance.randrange(start, end)
            other = _SLIPS.get(text[at])
            if other and text[at] not in _TELLING:
                text = text[:at] + other + text[at + 1 :]
        return text

    def _cut(self, text: str) -> str:
        """The last character lost, as in 「4. 无正当理由大量反复申」."""
        begins = _INDEX.match(text)
        return text[:-1] if len(text) - (begins.end() if begins else 0) >= 9 and not text.endswith("）") else text
