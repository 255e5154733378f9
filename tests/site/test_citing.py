"""Citations: by the national standard, in BibTeX, in words."""

from __future__ import annotations

from dataclasses import replace

from archive.site.citing import Cited, bibtex, gb_t_7714, plain

CITED = Cited(
    id="nangangqu-jiaoyuju-2023",
    author="南岗区教育局",
    title="南岗区教育局2023年政府信息公开工作年度报告",
    year=2023,
    published="2024-01-20",
    seen="2026-01-23",
    url="http://www.hrbng.gov.cn/c01_1.shtml",
    archive="哈尔滨政府信息公开年报档案",
    address="http://archive.example/reports/nangangqu-jiaoyuju-2023",
    sha256="ab" * 32,
)


def test_the_national_standard_has_author_title_kind_dates_and_address():
    assert gb_t_7714(CITED).startswith(
        "南岗区教育局. 南岗区教育局2023年政府信息公开工作年度报告[R/OL]. (2024-01-20)[2026-01-23]. "
        "http://www.hrbng.gov.cn/c01_1.shtml. "
    )
    assert "SHA-256: abab" in gb_t_7714(CITED)


def test_a_citation_without_dates_leaves_no_empty_brackets():
    undated = replace(CITED, published=None, seen=None, sha256=None)
    for cited in (gb_t_7714(undated), plain(undated), bibtex(undated)):
        assert "()" not in cited and "[]" not in cited and "None" not in cited and "{}," not in cited


def test_bibtex_survives_what_means_something_to_tex():
    entry = bibtex(replace(CITED, title=r"a_b & 50% of {x} \input{evil} #1 $y$", url="http://x/?a_b=1&c=%E5{}"))
    assert entry.startswith("@techreport{nangangqu-jiaoyuju-2023,\n")
    assert r"a\_b \& 50\% of \{x\} \textbackslash{}input\{evil\} \#1 \$y\$" in entry
    assert "url = {http://x/?a_b=1&c=%E5%7B%7D}," in entry
    # Braces come in pairs, so that the entry ends where it ends.
    unescaped = entry.replace(r"\{", "").replace(r"\}", "")
    assert unescaped.count("{") == unescaped.count("}")
    assert "year = {2024}" in entry
