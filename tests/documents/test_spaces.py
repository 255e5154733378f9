from archive.documents.spaces import fold_line, fold_spaces, squeeze


def test_a_line_break_between_chinese_characters_is_no_space():
    assert fold_spaces("　　政府信息\r\n  公开 2022 年\nannual\nreport\u00a0") == "政府信息公开 2022 年 annual report"


def test_a_cell_broken_over_lines_is_one_word():
    assert fold_line("商业\n 企\n业") == "商业企业"
    assert fold_line("本年\n2 件") == "本年2 件"
    assert fold_line("结 果 维持") == "结 果 维持"


def test_a_line_break_between_digits_does_not_join_them():
    assert fold_line("107\n105") == fold_line("107 \r\n 105\n") == "107 ⏎ 105"
    assert fold_line("１０\n５") == "１０ ⏎ ５"


def test_characters_of_no_width_are_no_space():
    for mark in "\u00ad\u200b\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff":
        assert fold_spaces(f"{mark}政{mark}府 {mark}公开") == fold_line(f"政{mark}府{mark} 公开{mark}") == "政府 公开"
        assert fold_line(f"10\n{mark}5") == "10 ⏎ 5"
        assert squeeze(f"政 {mark}府") == "政府"


def test_a_megabyte_of_white_space_is_folded_at_once():
    assert fold_spaces("政" + "\n" * 1_000_000 + "a") == "政 a"
    assert fold_line("政" + " " * 1_000_000 + "a") == "政 a"
