import pytest

from archive.forms.numbers import read_value


@pytest.mark.parametrize(
    ("raw", "value", "state"),
    [
        ("0", 0, "number"),
        ("11398889", 11398889, "number"),  # 杭州 2025, 行政许可
        ("59237.2449", 59237.2449, "number"),  # 宿迁 2023, 万元
        ("1,234,567", 1234567, "number"),
        ("１２，３４５", 12345, "number"),
        (" 12 ", 12, "number"),
        ("12\u2009345", 12345, "number"),
        ("1\u2009234\u202f567.5", 1234567.5, "number"),
        ("- 8 件", -8, "number"),
        (" 1 2 ", None, "unreadable"),
        ("5 3", None, "unreadable"),
        ("12 34", None, "unreadable"),
        ("0 123", None, "unreadable"),
        ("1 234,567", None, "unreadable"),
        ("107 105", None, "unreadable"),  # one value or two
        ("12 345", None, "unreadable"),
        ("107 ⏎ 105", None, "unreadable"),
        ("107\n105", None, "unreadable"),
        ("— —", None, "not_applicable"),
        ("\u202d1\u00ad2\u200b\u202c\u200e", 12, "number"),
        ("\u200f\u2066", None, "blank"),
        ("251000元", 251000, "number"),  # 上海 2019
        ("3件", 3, "number"),
        ("-8", -8, "number"),
        ("＋1036", 1036, "number"),
        ("", None, "blank"),
        ("\u00a0\u3000", None, "blank"),
        ("/", None, "not_applicable"),
        ("——", None, "not_applicable"),
        ("无", None, "not_applicable"),
        ("1.属于国家秘密", None, "text"),
        ("1,23", None, "text"),
        ("12 / 3", None, "text"),
        ("约5", None, "text"),
        ("2022年", None, "text"),
        ("5500余条", None, "text"),
        ("5①", None, "text"),  # marks of footnotes, which NFKC makes digits
        ("5 ①", None, "text"),
        ("5²", None, "text"),
        ("3.5①", None, "text"),
        ("5½", None, "text"),
        ("①", None, "text"),
        ("5^1", None, "text"),
    ],
)
def test_cells_say_what_stands_in_them(raw, value, state):
    read = read_value(raw)
    assert (read.value, read.state) == (value, state)


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("251000元", "元", 251000),  # 上海 2019
        ("25.1万元", "元", 251000),
        ("251000元", "万元", 25.1),
        ("59237.2449", "万元", 59237.2449),
        ("3件", "件", 3),
    ],
)
def test_a_unit_named_in_the_cell_counts_before_the_columns(raw, unit, value):
    assert read_value(raw, unit).value == value
