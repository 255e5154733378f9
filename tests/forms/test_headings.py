from archive.documents.model import Paragraph
from archive.forms.headings import split_sections


def keys(*lines: str) -> list[str]:
    return [section.key for section in split_sections([Paragraph(line) for line in lines])]


def test_the_six_parts_are_found_in_their_real_wordings():
    assert keys(
        "引言。", "一、总体情况", "文字", "二、行政机关主动公开政府信息情况", "三、收到和处理政府信息公开申请的情况",
        "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", "五、存在的问题和改进措施", "六、其他需报告的事项", "无",
    ) == ["preamble", "overview", "active_disclosure", "requests", "remedies", "problems", "other"]  # fmt: skip


def test_a_wrong_or_missing_number_and_text_on_the_same_line_do_no_harm():
    sections = split_sections(
        [
            Paragraph("一、总体情况。2022年，我局认真落实。"),
            Paragraph("三、存在的主要问题及改进情况"),
            Paragraph("其他需要报告的事项"),
        ]
    )
    assert [(section.key, section.text) for section in sections] == [
        ("overview", "2022年，我局认真落实。"),
        ("problems", ""),
        ("other", ""),
    ]


def test_sentences_and_table_rows_that_begin_like_headings_are_none():
    assert keys(
        "一、总体情况",
        "（一）主动公开情况",
        "(二) 依申请公开政府信息情况",
        "四、结转下年度继续办理",
        "其他",
        "三、本年度办理结果",
        "本报告由总体情况、主动公开政府信息情况、其他需要报告的事项六部分组成。",
        "（一）主动公开情况。2022年公开信息12条。",
    ) == ["overview"]


SIX = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
       "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项")  # fmt: skip


def texts(*lines: str) -> dict[str, str]:
    return {section.key: section.text for section in split_sections([Paragraph(line) for line in lines])}


def test_a_list_of_contents_is_no_part():
    body = [line for number, heading in enumerate(SIX, 1) for line in (heading, f"文字{number}")]
    for contents in (SIX, [f"{heading} {page}" for page, heading in enumerate(SIX, 1)]):
        for between in ([], ["引言。"]):
            found = texts("目录", *contents, *between, *body)
            assert [found[key] for key in list(found)[1:]] == [f"文字{number}" for number in range(1, 7)]
            assert found["preamble"] == "\n".join(("目录", *contents, *between))
    # Nothing but tables between its headings makes no part a list, even where the page holds it all twice.
    assert texts(SIX[0], "文字", *SIX[1:], SIX[0], "又", *SIX[1:])["overview"] == "文字"


def test_items_of_a_list_do_not_steal_the_parts():
    found = texts(SIX[0], "一、主动公开情况", "甲", "二、依申请公开政府信息情况", "乙", "四、其他", "丙",
                  SIX[1], "丁", SIX[2], "戊", *SIX[3:5], SIX[5], "无")  # fmt: skip
    assert found["overview"].split("\n")[-2:] == ["四、其他", "丙"]
    assert [found[key] for key in ("active_disclosure", "requests", "other")] == ["丁", "戊", "无"]
    # Even where the part itself is missing.
    assert "other" not in texts(SIX[0], "四、其他", "丙", *SIX[1:5], "文字")


def test_parts_are_told_by_other_marks_than_a_number_and_a_comma():
    words = [line.split("、", 1)[1] for line in SIX]
    numerals = "一二三四五六"
    every = list(texts(*SIX))
    for marked in ("第{}部分 {}", "【{}、{}】：", "（{}）{}", "第{}章{}"):
        assert list(texts(*(marked.format(*pair) for pair in zip(numerals, words, strict=True)))) == every


def test_a_numbered_heading_in_wording_never_seen_is_told_by_what_it_is_about():
    assert keys(
        "一、2022年政务公开工作总体情况",
        "四、被申请政府信息公开行政复议和被提起诉讼的情况",
        "五、工作中存在的主要问题及下一步工作打算",
        "六、其他需要说明的情况",
    ) == ["overview", "remedies", "problems", "other"]
    assert keys("一、总体情况", "二、针对问题，加大改进力度，全年公开信息12条。") == ["overview"]
