import pytest

from archive.forms.model import forms

GRID = forms()[0].table("requests").grid


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("4. 无正当理由大量反复申", "unprocessed_excessive"),  # cut off, as in a Harbin report
        ("2. 申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开", "other_fee_unpaid"),
        ("(二) 部分公开(区分处理的, 只计这一情形, 不计其他情形)", "partially_granted"),
        ("㈠予以公开", "granted"),
        (
            "二 ）部 分公 开（ 区分 处理 的， 只计 这一 情形 ，不 计其 他情 形）",
            "partially_granted",
        ),  # a bracket torn off
        ("3.危及『三安全一稳定』", "denied_safety_stability"),
        ("信访、举报、投诉类申请", "unprocessed_petition"),
        ("信访举报投拆类申请", "unprocessed_petition"),  # a typo
        ("2.没有现成信息需要另行制⏎作".replace("⏎", ""), "unavailable_needs_creation"),
    ],
)
def test_labels_are_known_as_they_are_really_printed(printed, key):
    match = GRID.row_labels.find(printed)
    assert match is not None
    assert match.key == key


@pytest.mark.parametrize("printed", ["不予以公开", "9.属于工作秘密事项", "其他说明", "", "0"])
def test_what_no_form_prints_is_no_label(printed):
    assert GRID.row_labels.find(printed) is None


def test_denied_is_never_taken_for_granted():
    assert GRID.group_labels.find("（三）不予公开").key == "denied"
    assert GRID.row_labels.find("（三）不予公开") is None
