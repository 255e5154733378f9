"""What the sentences say against what the tables show, on a real city's numbers."""

from __future__ import annotations

import random

import pytest

from archive.reading import read_bytes
from tests.forms import paper
from tests.forms.test_filling import REAL
from tests.forms.test_g2 import KEYS
from tests.forms.test_g2 import page as statistics

FEE = "本年度未收取信息处理费。"


def page(text: str, *, fee: str = FEE, changes: dict | None = None) -> bytes:
    """宿迁 2023 with ``text`` in its first part: 3511 new, 96 carried in, 3486 handled, 121 carried out."""
    values = {**REAL["suqian_2023"], **(changes or {})}
    whole = paper.page_html(values, paper.Noise(random.Random(1)), two="one", three="official", four="official")
    assert "全年公开信息12条。" in whole and FEE in whole
    return whole.replace("全年公开信息12条。", text).replace(FEE, fee).encode()


def findings(text: str, **more) -> list[tuple]:
    return [
        (found["rule"], found["severity"], found["row"], found["expected"], found["actual"])
        for found in read_bytes(page(text, **more))["findings"]
        if found["outcome"] == "failed"
    ]


@pytest.mark.parametrize(
    "text",
    [
        # Both are right: with and without what was carried in (宿迁 says 3607, others the new ones alone).
        "2023年共收到政府信息公开申请3607件。", "2023年共收到政府信息公开申请3511件。",
        "2023年新收政府信息公开申请3511件，上年结转96件，办结3486件，结转下年度121件。",
        # Granted alone, or with what was granted in part.
        "收到政府信息公开申请3511件，其中予以公开1191件，部分公开328件。", "收到政府信息公开申请3511件，予以公开1519件。",
        # Rough numbers, last year's, sums to date and cases registered are another measure.
        "收到政府信息公开申请3600余件。", "2022年收到政府信息公开申请3000件。", "截至2023年底，累计收到政府信息公开申请9999件。",
        "行政复议备案134件。",
    ],
)  # fmt: skip
def test_what_fits_one_of_its_meanings_is_no_contradiction(text):
    assert findings(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收到政府信息公开申请3510件。", ("TXT-REQ", "warning", "new_received", 3511, 3510)),
        # 上海 2019 wrote the natural persons' cell for all.
        ("收到政府信息公开申请3511件，予以公开1175件。", ("TXT-REQ", "warning", "granted", 1191, 1175)),
        # The same with what was granted in part: 258 for 275 there.
        ("收到政府信息公开申请3511件，予以公开和部分公开1494件。", ("TXT-REQ", "warning", None, 1519, 1494)),
        ("收到政府信息公开申请3511件，其他处理340件。", ("TXT-REQ", "warning", None, 341, 340)),
        ("新收政府信息公开申请3607件。", ("TXT-REQ", "warning", "new_received", 3511, 3607)),
        ("2023年未收到政府信息公开申请。", ("TXT-ZERO", "warning", "new_received", 3511, 0)),
        ("因政府信息公开引起的行政复议134件。", ("TXT-T4", "info", "review", 440, 134)),
        ("因政府信息公开引起的行政诉讼57件。", ("TXT-T4", "info", None, 113, 57)),
    ],
)
def test_a_number_that_fits_none_is_found(text, expected):
    assert findings(text) == [expected]


def test_nothing_in_the_table_and_something_in_the_text_is_found():
    none = {key: "0" for key in REAL["suqian_2023"] if key[0] == "remedies"}
    assert findings("未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。", changes=none) == []
    assert findings("因政府信息公开引起的行政复议2件。", changes=none) == [("TXT-ZERO", "warning", "review", 0, 2)]


def test_a_text_whose_total_is_blank_is_said_not_to_be_checked():
    line = read_bytes(page("收到政府信息公开申请3511件。", changes={("requests", "new_received", "total"): ""}))
    said = [(found["rule"], found["table"], found["severity"]) for found in line["findings"]]
    assert said == [("T3-BAL", "requests", "info"), ("T3-ROW", "requests", "info"), ("TXT-REQ", "requests", "info")]
    assert all(found["outcome"] == "not_run" for found in line["findings"])
    assert all(found["message"].startswith("未能核对：") for found in line["findings"])


def test_the_cells_of_a_row_contradict_the_text_even_where_their_total_is_blank():
    """上海市政府办公厅 2019: the text says 258, the cells of the two rows hold 275, and their totals are blank."""
    cells = {"natural_person": ("258", "3"), "commercial_enterprise": ("12", ""), "legal_service_org": ("1", "")}
    cells |= {
        "research_institution": ("", ""),
        "public_welfare_org": ("", ""),
        "other_org": ("1", ""),
        "total": ("", ""),
    }
    changes = {
        ("requests", row, column): texts[place]
        for column, texts in cells.items()
        for place, row in enumerate(("granted", "partially_granted"))
    }
    text = "受理政府信息公开申请3511件，予以公开及部分公开258件，占33.9%。"
    assert ("TXT-REQ", "warning", None, 275, 258) in findings(text, changes=changes)


@pytest.mark.parametrize(
    ("fee", "rules"),
    [
        ("本年度未收取信息处理费。", []),
        # What 宿迁 took in 2024: 25 notices, and 2023: parts that add up.
        ("2023年共收取信息处理费2950元。", []),
        ("信息处理费收取总金额为0元。", []),
        ("本年度无收取信息费情况。", []),
        ("信息处理费2955元。", ["TXT-FEE"]),
        ("无其他需要报告的事项。", ["TXT-FEE"]),
        ("无。", ["TXT-FEE"]),
    ],
)
def test_the_fee_must_be_stated_and_be_one_the_tariff_knows(fee, rules):
    assert [rule for rule, *_ in findings("工作有序。", fee=fee)] == rules


def test_sentences_are_held_to_the_statistics_table_too():
    numbers = dict.fromkeys(KEYS, "0") | {"request_received": "5", "request_online": "5"}
    texts = {
        "收到政府信息公开申请5件，其中网上申请5件。": [], "收到政府信息公开申请6件。": [("TXT-REQ", "request_received", 5, 6)],
        "收到政府信息公开申请5余件。": [], "未收到政府信息公开申请。": [("TXT-ZERO", "request_received", 5, 0)],
        "未发生行政复议、行政诉讼案件。": [],
    }  # fmt: skip
    for text, expected in texts.items():
        data = statistics(numbers, unit_column=True, indent="cells").replace("全年平稳。".encode(), text.encode())
        found = read_bytes(data)["findings"]
        assert [
            (each["rule"], each["row"], each["expected"], each["actual"])
            for each in found
            if each["rule"].startswith("TXT") and each["outcome"] == "failed"
        ] == expected
