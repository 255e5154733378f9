"""Every cell of a laid-out form is read back, whatever the layout; and none that is not there."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.reading import read_bytes
from tests.forms import paper

# Numbers as cells print them, and what they mean.
NUMBERS = st.one_of(
    st.integers(0, 9).map(lambda n: (str(n), n, "number")),
    st.integers(10, 12_000_000).map(lambda n: (str(n), n, "number")),
    st.integers(1000, 999_999).map(lambda n: (f"{n:,}", n, "number")),
    st.integers(0, 9999).map(
        lambda n: (str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９")), n, "number")
    ),
    st.just(("", None, "blank")),
    st.just(("/", None, "not_applicable")),
    st.just(("-", None, "not_applicable")),
)
PLAIN = st.integers(0, 99_999).map(lambda n: (str(n), n, "number"))


def read(data: bytes) -> dict[paper.Key, tuple]:
    line = read_bytes(data)
    assert line["status"] in ("complete", "partial"), line.get("error")
    return {(cell["table"], cell["row"], cell["column"]): (cell["value"], cell["state"]) for cell in line["cells"]}


def expected(numbers: list[tuple]) -> dict[paper.Key, tuple]:
    return {key: (value, state) for key, (_, value, state) in zip(paper.keys(), numbers, strict=True)}


def texts(numbers: list[tuple]) -> dict[paper.Key, str]:
    return {key: text for key, (text, _, _) in zip(paper.keys(), numbers, strict=True)}


@settings(max_examples=150, deadline=None)
@given(
    numbers=st.lists(NUMBERS, min_size=200, max_size=200),
    seed=st.integers(0, 2**32),
    markup=st.sampled_from(["clean", "word", "unclosed"]),
    two=st.sampled_from(["one", "split", "padded"]),
    three=st.sampled_from(["official", "hangzhou"]),
    four=st.sampled_from(["official", "flat", "sideways"]),
)
def test_every_cell_of_an_html_report_is_read(numbers, seed, markup, two, three, four):
    noise = paper.Noise(random.Random(seed), markup=markup)
    page = paper.page_html(texts(numbers), noise, two=two, three=three, four=four)
    assert read(page.encode()) == expected(numbers)


@settings(max_examples=60, deadline=None)
@given(numbers=st.lists(PLAIN, min_size=200, max_size=200), seed=st.integers(0, 2**32), html=st.booleans())
def test_every_cell_is_read_where_spans_are_left_out_and_rows_padded(numbers, seed, html):
    noise = paper.Noise(random.Random(seed))
    values = texts(numbers)
    page = (
        paper.page_html(values, noise, two="padded", three="flat", four="flat")
        if html
        else paper.page_text(values, noise)
    )
    assert read(page.encode()) == expected(numbers)


@settings(max_examples=60, deadline=None)
@given(numbers=st.lists(NUMBERS, min_size=200, max_size=200), seed=st.integers(0, 2**32))
def test_blank_cells_among_padding_never_shift_a_number(numbers, seed):
    """Without spans a blank value and a padding cell look the same: what is read must be right, or be left unread."""
    noise = paper.Noise(random.Random(seed), label_noise=False)
    found = read(paper.page_text(texts(numbers), noise).encode())
    for key, (value, state) in expected(numbers).items():
        got = found.get(key)
        assert got in ((value, state), (None, "unreadable"), None), key


@pytest.mark.parametrize("name", ["suqian_2023", "suqian_2024"])
def test_a_real_citys_numbers_are_read_back(name):
    """宿迁 2023 and 2024, as its government published them."""
    values = REAL[name]
    noise = paper.Noise(random.Random(1))
    page = paper.page_html(values, noise, two="split", three="official", four="official")
    found = read(page.encode())
    assert {key: value for key, (value, _) in found.items()} == {
        key: (float(text) if "." in text else int(text)) for key, text in values.items()
    }


def test_an_unknown_row_is_noted_and_takes_no_ones_place():
    noise = paper.Noise(random.Random(1), label_noise=False)
    numbers = [(str(n), n, "number") for n in range(200)]
    page = paper.page_html(texts(numbers), noise, two="one", three="official", four="official")
    extra = "<tr><td colspan=2>9.属于工作秘密事项</td>" + "<td>77</td>" * 7 + "</tr>"
    before = '<tr>\n<td rowspan="3">（四）无法提供</td>'
    assert before in page
    line = read_bytes(page.replace(before, extra + before).encode())
    found = {(cell["table"], cell["row"], cell["column"]): cell["value"] for cell in line["cells"]}
    assert found == {key: value for key, (value, _) in expected(numbers).items()}
    assert any("工作秘密" in note for note in line["notes"])


def test_a_row_with_too_few_cells_is_unreadable_not_shifted():
    noise = paper.Noise(random.Random(1), label_noise=False)
    numbers = [(str(n), n, "number") for n in range(200)]
    page = paper.page_html(texts(numbers), noise, two="one", three="official", four="official")
    # 2.重复申请 loses its first number.
    start = page.index("2.重复申请")
    cut = page.index("<td>", start)
    page = page[:cut] + page[page.index("\n", cut) :]
    line = read_bytes(page.encode())
    row = [cell for cell in line["cells"] if cell["row"] == "unprocessed_duplicate"]
    assert [cell["state"] for cell in row] == ["unreadable"] * 7
    assert line["status"] == "partial"


def test_a_second_copy_that_differs_is_noted_and_neither_believed():
    noise = paper.Noise(random.Random(1), label_noise=False)
    numbers = [("5", 5, "number")] * 200
    other = [("6", 6, "number")] * 200
    pages = [paper.table_html(paper.table_three(texts(values), noise), noise) for values in (numbers, other)]
    page = paper.page_html(texts(numbers), noise, two="one", three="official", four="official")
    line = read_bytes(page.replace("<p>四、", pages[1] + "<p>四、").encode())
    assert {cell["state"] for cell in line["cells"] if cell["table"] == "requests"} == {"unreadable"}
    assert {cell["value"] for cell in line["cells"] if cell["table"] != "requests"} == {5}
    assert any("不止一次" in note for note in line["notes"])
    line = read_bytes(page.replace("<p>四、", pages[0] + "<p>四、").encode())
    assert not line["notes"], "an identical copy is nothing to note"


def test_columns_in_another_order_are_read_by_their_header():
    noise = paper.Noise(random.Random(1), label_noise=False)
    numbers = [(str(n), n, "number") for n in range(200)]
    values = texts(numbers)
    rows = paper.table_four(values, noise)
    # 行政诉讼 before 行政复议.
    rows[0] = [rows[0][1], rows[0][0]]
    rows[1] = rows[1][5:] + rows[1][:5]
    rows[3] = rows[3][5:] + rows[3][:5]
    page = paper.page_html(values, noise, two="one", three="official", four="official")
    usual = paper.table_html(paper.table_four(values, noise), noise)
    assert usual in page
    assert read(page.replace(usual, paper.table_html(rows, noise)).encode()) == expected(numbers)


def _real(t2: dict, t3: list[list[int]], t4: list[int]) -> dict[paper.Key, str]:
    flat = [*map(str, t2["regulations"]), *map(str, t2["normative_documents"])]
    flat += [str(t2[name]) for name in ("licensing", "penalty", "coercion", "fees")]
    flat += [str(number) for row in t3 for number in row] + [str(number) for number in t4]
    return dict(zip(paper.keys(), flat, strict=True))


# Source: 宿迁市政府信息公开工作年度报告 2023 and 2024, tables 2 to 4.
REAL = {
    "suqian_2023": _real(
        {"regulations": [2, 0, 11], "normative_documents": [109, 489, 597], "licensing": 1808595, "penalty": 2822652,
         "coercion": 20163, "fees": "59237.2449"},
        [[3402, 99, 0, 4, 5, 1, 3511], [91, 3, 0, 0, 2, 0, 96], [1175, 12, 0, 3, 1, 0, 1191], [319, 7, 0, 0, 2, 0, 328],
         [0, 0, 0, 0, 0, 0, 0], [27, 0, 0, 0, 0, 0, 27], [6, 0, 0, 0, 0, 0, 6], [38, 0, 0, 0, 0, 0, 38],
         [20, 0, 0, 0, 0, 0, 20], [9, 0, 0, 0, 0, 0, 9], [21, 0, 0, 0, 0, 0, 21], [20, 1, 0, 0, 0, 0, 21],
         [968, 74, 0, 1, 3, 1, 1047], [26, 2, 0, 0, 0, 0, 28], [3, 0, 0, 0, 0, 0, 3], [305, 0, 0, 0, 0, 0, 305],
         [39, 0, 0, 0, 0, 0, 39], [0, 0, 0, 0, 0, 0, 0], [58, 0, 0, 0, 0, 0, 58], [4, 0, 0, 0, 0, 0, 4],
         [40, 0, 0, 0, 0, 0, 40], [10, 0, 0, 0, 0, 0, 10], [287, 3, 0, 0, 1, 0, 291], [3375, 99, 0, 4, 7, 1, 3486],
         [118, 3, 0, 0, 0, 0, 121]],
        [309, 17, 88, 26, 440, 1, 1, 16, 6, 24, 13, 0, 67, 9, 89],
    ),
    "suqian_2024": _real(
        {"regulations": [2, 1, 12], "normative_documents": [50, 227, 420], "licensing": 1573179, "penalty": 2676474,
         "coercion": 29351, "fees": "72701.2578"},
        [[3440, 75, 0, 1, 6, 3, 3525], [118, 3, 0, 0, 0, 0, 121], [1408, 21, 0, 0, 2, 0, 1431],
         [462, 9, 0, 0, 0, 0, 471],
         [2, 0, 0, 0, 0, 0, 2], [1, 0, 0, 0, 0, 0, 1], [4, 0, 0, 0, 0, 0, 4], [16, 1, 0, 0, 0, 0, 17],
         [21, 0, 0, 0, 0, 0, 21], [10, 1, 0, 0, 0, 0, 11], [21, 2, 0, 0, 0, 0, 23], [13, 0, 0, 0, 0, 0, 13],
         [859, 33, 0, 0, 3, 2, 897], [35, 1, 0, 0, 0, 0, 36], [8, 0, 0, 0, 0, 0, 8], [86, 1, 0, 0, 0, 0, 87],
         [26, 1, 0, 0, 0, 0, 27], [0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 3], [0, 0, 0, 0, 0, 0, 0],
         [75, 1, 0, 1, 0, 0, 77], [38, 0, 0, 0, 0, 0, 38], [352, 2, 0, 0, 0, 0, 354], [3440, 73, 0, 1, 5, 2, 3521],
         [118, 5, 0, 0, 1, 1, 125]],
        [88, 18, 28, 36, 170, 7, 0, 11, 7, 25, 33, 0, 6, 13, 52],
    ),
}  # fmt: skip
