"""Search finds what holds the terms, and nothing else."""

from __future__ import annotations

import pytest

from archive.site.snippets import snippet
from tests.site.sample import EDUCATION, HOSTILE, MAIN, SCRIPT


def hits(reader, query: str) -> list[str]:
    from urllib.parse import quote

    return [a["href"].rsplit("/", 1)[1] for a in reader.page(f"/search?q={quote(query)}").select(".hits h2 a")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("依申请", [HOSTILE, MAIN]),
        ("申", [HOSTILE, MAIN]),
        ("依申请 受理", [MAIN]),
        ("教育局", [MAIN, f"{EDUCATION}-2022"]),
        ("100%", [MAIN]),
        ("10_%", []),
        ("%", [MAIN]),
        ("_", []),
        ("SCRIPT", [HOSTILE, "haerbinshi-exi-2022"]),
        ("'", [HOSTILE, "haerbinshi-exi-2022"]),
        ("没有这样的词", []),
        ("", []),
        ("　 ", []),
        ("申" * 200, []),
    ],
)
def test_reports_that_hold_every_term_are_found(reader, query, expected):
    assert hits(reader, query) == expected


def test_a_hit_shows_the_words_in_their_place(reader):
    page = reader.page("/search?q=受理")
    found = page.select_one(".snippet")
    assert found.select_one(".where").get_text() == "一、总体情况"
    assert found.mark.get_text() == "受理"
    assert "全年受理申请" in found.get_text()


def test_a_snippet_is_cut_from_the_text_with_its_markup_escaped():
    text = "甲" * 300 + f"乙{SCRIPT}丙" + "丁" * 300
    cut = str(snippet(text, ["乙", "script"]))
    assert cut.startswith("…") and cut.endswith("…")
    assert "<mark>乙</mark>&lt;<mark>script</mark>&gt;" in cut
    assert str(snippet("短文", ["无"])) == "短文"
    assert str(snippet("短文", [])) == "短文"


def test_a_query_too_long_to_answer_is_refused_in_words(reader):
    page = reader.page("/search?q=" + "a" * 10_000)
    assert "最多 200 个字" in page.main.get_text()
    assert not page.select(".hits")
