"""The ways the form's labels are really written: one function a habit, each named after what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

# What is left of labels that were cut when a form was copied.
_TRUNCATED = {
    "4.无正当理由大量反复申请": "4.无正当理由大量反复申",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": (
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开"
    ),
    "3.补正后申请内容仍不明确": "3.补正后申请内容仍不明",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": "（二）部分公开（区分处理的，只计这一情形，不计其他情",
}
_SHORTENED = {
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "1.逾期不补正",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "2.逾期不缴费",
}
_OTHER_GROUP = ("1.申请人无正当理由", "2.申请人逾期未按", "3.其他")
# The seed keeps the printed brackets in table 2, and the narrow ones with a space in table 3.
_SEED_WIDE = ("第二十条", "本年收费金额")


def half_width(text: str) -> str:
    """（一）予以公开 becomes (一)予以公开."""
    return text.replace("（", "(").replace("）", ")").replace("，", ",")


def spaced_index(text: str) -> str:
    """1.属于国家秘密 becomes 1. 属于国家秘密, (一)予以公开 (一) 予以公开."""
    if text[:2] in ("1.", "2.", "3.", "4.", "5.", "6.", "7.", "8."):
        return f"{text[:2]} {text[2:]}"
    if text[:1] in "（(" and text[2:3] in "）)" and text[1:2] in "一二三四五六七":
        return f"{text[:3]} {text[3:]}"
    return text


def dunhao(text: str) -> str:
    """1、 for 1. in block （六） alone, mixed inside one table."""
    return text.replace(".", "、", 1) if text.startswith(_OTHER_GROUP) else text


def inner_space(text: str) -> str:
    """第二十条第（一）项 becomes 第二十条 第（一）项."""
    return text.replace("第二十条第", "第二十条 第")


def straight_quotes(text: str) -> str:
    """“三安全一稳定” in straight quotes."""
    return text.replace("“", '"').replace("”", '"')


def no_quotes(text: str) -> str:
    """三安全一稳定 without its quotes."""
    return text.replace("“", "").replace("”", "")


def corner_quotes(text: str) -> str:
    """「三安全一稳定」."""
    return text.replace("“", "「").replace("”", "」")


def truncated(text: str) -> str:
    """Labels that lost their end."""
    return _TRUNCATED.get(text, text)


def shortened(text: str) -> str:
    """Labels typed anew, and shorter."""
    return _SHORTENED.get(text, text)


def broken(text: str) -> str:
    """A line break inside narrow cells: 三、 by letters, 结果维持 and 商业企业 in halves, group labels anywhere."""
    if text == "三、本年度办理结果":
        return "三、\n" + "\n".join("本年度办理结果")
    if len(text) == 4 and text.isalpha():
        return f"{text[:2]}\n{text[2:]}"
    if text in ("（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理"):
        return f"{text[:4]}\n{text[4:]}"
    return {"社会公益组织": "社会公益\n组织", "法律服务机构": "法律服务\n机构"}.get(text, text)


def spaced_letters(text: str) -> str:
    """自 然 人, 总 计."""
    return " ".join(text) if text in ("自然人", "总计", "规章") else text


def old_other(text: str) -> str:
    """其它 for 其他."""
    return text.replace("其他", "其它") if len(text) <= 4 else text


def seed(text: str) -> str:
    """As in the rebuilt report: half-width brackets and commas with a space, two labels cut."""
    if text.startswith(_SEED_WIDE):
        return text
    cut = text
    if text.startswith(("4.无正当理由", "2.申请人逾期")):
        cut = _TRUNCATED[text]
    if text.startswith("（二）部分公开"):
        return half_width(spaced_index(cut)).replace(",", ", ")
    # The gloss keeps its full-width comma inside half-width brackets.
    if text.startswith("（本列"):
        return f"({text[1:-1]})"
    return spaced_index(cut).replace("（", "(").replace("）", ")")


NOISE: dict[str, Callable[[str], str]] = {
    function.__name__: function
    for function in (
        truncated, shortened, dunhao, inner_space, straight_quotes, no_quotes, corner_quotes, half_width,
        spaced_index, broken, spaced_letters, old_other, seed,
    )
}  # fmt: skip


def written(text: str, noise: Sequence[str]) -> str:
    """Return a label as a body with these habits writes it. They apply in the order of `NOISE`."""
    for name, function in NOISE.items():
        if name in noise:
            text = function(text)
    return text
