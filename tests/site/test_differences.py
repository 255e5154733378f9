"""What changed between two versions: nothing left out, nothing made up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.site.differences import Piece, cells_changed, sections_changed, shortened, words_changed

TEXT = st.text(alphabet="公开申请办结，。；12.5\nab ", max_size=80)


def section(key: str, text: str, heading: str = "") -> dict:
    return {"key": key, "heading": heading or key, "text": text}


def cell(row: str, value: object, state: str = "number", raw: str | None = None) -> dict:
    return {
        "table": "requests", "row": row, "column": "total", "value": value, "state": state,
        "raw": str(value) if raw is None else raw,
    }  # fmt: skip


@given(TEXT, TEXT)
def test_the_pieces_are_both_texts_whole(old, new):
    pieces = words_changed(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "old") == new


def test_a_number_changes_as_a_whole_and_not_by_its_digits():
    assert words_changed("受理128件", "受理123件") == (
        Piece("same", "受理"), Piece("old", "128"), Piece("new", "123"), Piece("same", "件"),
    )  # fmt: skip


def test_long_texts_are_compared_by_their_sentences():
    old = "".join(f"第{number}句。" for number in range(1500))
    pieces = words_changed(old, old.replace("第700句。", "第七百句。"))
    assert [piece.text for piece in pieces if piece.kind != "same"] == ["第700句。", "第七百句。"]


def test_sections_that_came_went_or_changed_are_found_and_others_are_not():
    old = [section("overview", "甲"), section("requests", "乙"), section("problems", "丙")]
    new = [section("overview", "甲"), section("requests", "丁"), section("other", "戊")]
    changes = sections_changed(old, new)
    assert [change.key for change in changes] == ["requests", "other", "problems"]
    assert changes[1].text == (Piece("new", "戊"),)
    assert changes[2].text == (Piece("old", "丙"),)


def test_two_sections_of_one_name_are_told_apart():
    old = [section("other", "甲"), section("other", "乙")]
    assert [change.text for change in sections_changed(old, [section("other", "甲")])] == [(Piece("old", "乙"),)]


def test_a_blank_that_became_zero_is_a_change_and_the_same_number_is_none():
    old = [cell("granted", None, "blank", ""), cell("denied", 3), cell("gone", 1)]
    new = [cell("granted", 0), cell("denied", 3), cell("came", 2)]
    assert [(change.row, change.old and change.old["value"], change.new and change.new["value"]) for change in
            cells_changed(old, new)] == [("granted", None, 0), ("came", None, 2), ("gone", 1, None)]  # fmt: skip


def test_only_what_did_not_change_is_cut():
    pieces = [Piece("same", "一" * 500), Piece("old", "二" * 500), Piece("same", "三" * 500), Piece("new", "四" * 500)]
    cut = list(shortened(pieces, around=10))
    assert [piece.text for piece in cut] == ["……" + "一" * 10, "二" * 500, "三" * 10 + "……" + "三" * 10, "四" * 500]
