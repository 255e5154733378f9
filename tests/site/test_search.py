"""Search finds what LIKE finds, exactly, and shows it ranked, marked and counted."""

from __future__ import annotations

import random
import sqlite3
import unicodedata
from urllib.parse import quote, urlencode

import pytest

from archive.search import Query, fold, parse
from archive.site.app import make_app
from archive.site.queries.search import RANKED, search
from archive.site.snippets import snippet
from crawler.replica.truth import truth
from crawler.replica.world import World
from tests.site import sample
from tests.site.conftest import Reader
from tests.site.sample import EDUCATION, HOSTILE, MAIN, SCRIPT

# Texts with what trips searches up, one a section.
AWKWARD = [
    "100%完成，同比增长8.5%；10_0 与 10%0", "C:\\path\\*?[a-z]", "\"引号\" 与 “引号” 与 'apostrophe''s'", "AND OR NOT NEAR(公开 申请) ^text:公开 {a}",
    "Ｆｕｌｌ　ｗｉｄｔｈ　１２３４，ＡＢＣ％", "İstanbul STRASSE straße ΣΑΣ", "😀😀表情👨‍👩‍👧家庭🇨🇳", "①②㈠㎏½ﬁ…", "换行前\n换行后\n\n再换行", "制表\t符 两  空格",
    "𠮷野家 㐀 𰻞 龘", "e\u0301 与 é", "公公公公公公", "--减号 -负 - ", "x2e x20 公开 zp", "\ufeff零宽\u200b字",
]  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """An archive of the replica's reports and the awkward texts."""
    path = tmp_path_factory.mktemp("corpus")
    world = World(seed=3, agencies=12, years=range(2021, 2025))
    agencies, reports, sections = {}, [], []
    for line in truth(world, 80):
        agency = line["agency_id"]
        if line["report"]["agency"] is None or line["id"] in {report["id"] for report in reports}:
            continue
        agencies[agency] = {
            "id": agency,
            "name": line["report"]["agency"],
            "office": "局",
            "district": None,
            "level": "city",
        }
        reports.append(sample.report(line["id"], title=line["report"]["title"]))
        sections += [{"report_id": line["id"], "position": n, **one} for n, one in enumerate(line["sections"], 1)]
    for number, text in enumerate(AWKWARD):
        report_id = f"awkward-{2000 + number}"
        reports.append(sample.report(report_id, title=f"怪{number}"))
        sections.append({"report_id": report_id, "position": 1, "key": "other", "heading": text[::-1], "text": text})
    agencies["awkward"] = {"id": "awkward", "name": "怪局", "office": "局", "district": "南岗区", "level": "district"}
    sample.publish(
        path, "archive-1.db", {"agencies": list(agencies.values()), "reports": reports, "sections": sections}
    )
    return path


@pytest.fixture(scope="module")
def db(corpus):
    """The corpus with a table ``plain`` of what can be found, folded by Python's own means for LIKE to look at."""
    db = sqlite3.connect(":memory:")
    with sqlite3.connect(corpus / "archive.db") as file:
        file.backup(db)
    db.row_factory = sqlite3.Row
    db.execute("CREATE TABLE plain (report_id TEXT, position INTEGER, heading TEXT, text TEXT)")
    rows = [tuple(row) for row in db.execute("SELECT report_id, position, heading, text FROM sections")]
    rows += [tuple(row) for row in db.execute(
        "SELECT reports.id, 0, title, name FROM reports JOIN agencies ON agencies.id = agency_id"
    )]  # fmt: skip
    db.executemany("INSERT INTO plain VALUES (?, ?, ?, ?)", [(*row[:2], plain(row[2]), plain(row[3])) for row in rows])
    yield db
    db.close()


def plain(text: str) -> str:
    """What the search promises to see: each character's compatibility form, without case."""
    return "".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", c).casefold()) for c in text)


def liked(db, *terms: str) -> set[tuple[str, int]]:
    where = " AND ".join(["(heading LIKE ? ESCAPE '!' OR text LIKE ? ESCAPE '!')"] * len(terms))
    patterns = [f"%{plain(t).replace('!', '!!').replace('%', '!%').replace('_', '!_')}%" for t in terms for _ in "12"]
    return {tuple(row) for row in db.execute(f"SELECT report_id, position FROM plain WHERE {where}", patterns)}


def found(db, query: str) -> set[tuple[str, int]]:
    hits = search(db, parse(query), {}, limit=10**6, offset=0)
    places = [(hit.report["id"], hit.section["position"] if hit.section else 0) for hit in hits.hits]
    assert hits.total == len(places) == len(set(places))
    return set(places)


def as_typed(term: str) -> str:
    """How one types a string that is to be found as it stands."""
    if term.split() == [term] and term[0] not in '"“「『＂':
        return term
    opening, closing = next(pair for pair in ('""', "“”", "「」", "『』") if pair[1] not in term)
    return f"{opening}{term}{closing}"


def random_pieces(db, count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    texts = [
        row[0] for row in db.execute("SELECT text FROM sections WHERE length(text) > 8 ORDER BY report_id, position")
    ]
    # Half from the awkward texts, which are few.
    texts += AWKWARD * (len(texts) // len(AWKWARD))
    pieces = []
    while len(pieces) < count:
        text, length = chance.choice(texts), chance.randint(1, 8)
        start = chance.randrange(max(1, len(text) - length))
        piece = text[start : start + length]
        if piece.strip():
            pieces.append(piece)
    return pieces


def test_a_thousand_random_strings_are_found_exactly_where_like_finds_them(db):
    for piece in random_pieces(db, 1000, seed=1):
        expected = liked(db, piece)
        assert expected
        assert found(db, as_typed(piece)) == expected, repr(piece)


def test_two_terms_are_found_where_like_finds_both(db):
    pieces = [piece for piece in random_pieces(db, 400, seed=2) if piece.split() == [piece] and piece[0].isalnum()]
    for first, second in zip(pieces[::2], pieces[1::2], strict=False):
        assert found(db, f"{first} {second}") == liked(db, first, second), (first, second)


@pytest.mark.parametrize(
    "query",
    [
        "%", "_", "*", "'", '"', "''", '""', "\\", "(", ")", "NEAR", "公开*", "text:公开", "^公开", "AND", "公开 AND", "NOT 公开",
        "-", "--", "+", "😀", "👨‍👩‍👧", "Ａ", "ａｂｃ", "１２３４", "%", "％", "½", "1⁄2", "fi", "...", "…", "𠮷", "𰻞", "İ", "ss", "ß", "σας", "É", "x2e",
        "zp", "\u200b", "\ufeff", "公公公", "没有这样的词", "10_0", "8.5%", "\x00", "\ud800", "; DROP TABLE sections", "{a}", "[a-z]",
    ],
)  # fmt: skip
def test_awkward_strings_are_found_where_like_finds_them(db, query):
    terms = query.split()
    assert found(db, query) == (liked(db, *terms) if "\x00" not in query and "\ud800" not in query else set())


@pytest.mark.parametrize("query", ["", " ", "\u3000\n\t", "\u00a0"])
def test_nothing_asked_for_finds_nothing(db, query):
    assert found(db, query) == set()


def test_ten_thousand_characters_are_answered(db):
    (longest,) = db.execute("SELECT text FROM sections ORDER BY length(text) DESC LIMIT 1").fetchone()
    longest = "".join(longest.split())
    whole = db.execute("SELECT heading || text FROM sections").fetchall()
    assert found(db, longest) == liked(db, longest) != set()
    assert found(db, longest + "x") == set()
    assert found(db, "".join(row[0] for row in whole)[:10_000].replace(" ", "").replace("\n", "")) == set()
    assert found(db, "公" * 10_000) == set()


def test_a_phrase_keeps_its_white_space_and_a_minus_excludes(db):
    assert found(db, '"两  空格"') == liked(db, "两  空格") != set()
    assert found(db, '"两 空格"') == set()
    assert found(db, '"换行前\n换行后"') == liked(db, "换行前\n换行后") != set()
    assert found(db, "“公开 申请”") == found(db, "「公开 申请」") == found(db, '"公开 申请"') == liked(db, "公开 申请")
    assert found(db, "公开 -申请") == liked(db, "公开") - liked(db, "申请") != set()
    assert found(db, '公开 -"公开 申请"') == liked(db, "公开") - liked(db, "公开 申请")
    long = "".join(db.execute("SELECT text FROM sections ORDER BY length(text) DESC LIMIT 1").fetchone()[0].split())
    assert found(db, f"公 -{long}") == liked(db, "公") - liked(db, long) != liked(db, "公")
    assert found(db, f"公 -{long}x") == liked(db, "公")


def test_folding_is_done_character_by_character_and_once_is_enough():
    chance = random.Random(4)
    for _ in range(200):
        text = "".join(
            chr(chance.choice([chance.randrange(0x250), chance.randrange(0x2000, 0x1FFFF)])) for _ in range(8)
        )
        assert fold(fold(text)) == fold(text)
        assert fold(text[:3]) + fold(text[3:]) == fold(text)


def test_datasettes_own_search_box_finds_the_same_sections(corpus, db):
    reader = Reader(make_app(corpus))
    for piece in [*random_pieces(db, 40, seed=5), "%", '"', "*", "AND", "公开 申请"]:
        typed = as_typed(piece) if piece != "公开 申请" else piece
        answer = reader.get(f"/archive/sections.json?{urlencode({'_search': typed, '_size': 1000, '_shape': 'array'})}")
        assert answer.status_code == 200
        expected = liked(db, *(piece.split() if typed == piece else [piece]))
        assert {(row["report_id"], row["position"]) for row in answer.json()} == {e for e in expected if e[1]}, piece
    titles = reader.get(f"/archive/reports.json?{urlencode({'_search': '怪1', '_shape': 'array'})}").json()
    assert {row["title"] for row in titles} == {f"怪{n}" for n in (1, 10, 11, 12, 13, 14, 15)}
    assert 'name="_search"' in reader.get("/archive/sections").text


def test_a_bad_query_in_datasettes_raw_mode_is_an_error_of_the_reader(corpus):
    reader = Reader(make_app(corpus))
    assert reader.get("/archive/sections?_search=%22&_searchmode=raw").status_code == 400


# Order.


def small(tmp_path, texts: dict[str, list[str]]) -> Reader:
    reports = [sample.report(report_id, title="标题") for report_id in texts]
    agencies = {report["agency_id"] for report in reports}
    rows = [
        {"report_id": report_id, "position": n, "key": "other", "heading": "", "text": text}
        for report_id, found in texts.items()
        for n, text in enumerate(found, 1)
    ]
    sample.publish(tmp_path, "archive-1.db", {
        "agencies": [{"id": a, "name": a, "office": a, "district": None, "level": "city"} for a in agencies],
        "reports": reports, "sections": rows,
    })  # fmt: skip
    return Reader(make_app(tmp_path))


def hits(reader, query: str, **filters: object) -> list[str]:
    page = reader.page(f"/search?{urlencode({'q': query, **filters})}")
    return [a["href"].rsplit("/", 1)[1] for a in page.select(".hits h2 a")]


def test_the_more_a_section_is_about_it_the_earlier_it_comes_and_of_equals_the_newer(tmp_path):
    reader = small(tmp_path, {
        "a-2019": ["培训" + "工作" * 50], "b-2020": ["培训" + "工作" * 50], "c-2018": ["培训培训培训培训培训培训"],
        "d-2021": ["无关" * 30], "e-2022": ["无关" * 30],
    })  # fmt: skip
    assert hits(reader, "培训") == ["c-2018#section-1", "b-2020#section-1", "a-2019#section-1"]


def test_a_hit_in_a_title_comes_before_one_in_a_text(reader):
    assert hits(reader, "教育局")[:2] == [MAIN, f"{EDUCATION}-2022"]


def test_what_stands_nearly_everywhere_is_given_newest_first(tmp_path, monkeypatch):
    monkeypatch.setattr("archive.site.queries.search.RANKED", 2)
    assert RANKED > 1000
    reader = small(tmp_path, {"a-2019": ["培训" * 9], "b-2021": ["培训" + "工作" * 50], "c-2020": ["培训"]})
    assert hits(reader, "培训") == ["b-2021#section-1", "c-2020#section-1", "a-2019#section-1"]
    assert "由新到旧" in reader.page("/search?q=培训").select_one(".result").get_text()


# Narrowing and paging.


def test_counts_are_those_of_the_hits_and_lead_to_them(corpus, db):
    reader = Reader(make_app(corpus))
    for query, chosen in (("公开", {}), ("公开", {"year": 2022}), ("申请", {"section": "requests", "year": 2023})):
        for name, column in (
            ("year", "year"),
            ("section", "key"),
            ("agency", "agency_id"),
            ("level", "level"),
            ("district", "district"),
        ):
            counts = search(db, parse(query), chosen, limit=0, offset=0).counts[name]
            others = {key: value for key, value in chosen.items() if key != name}
            where = " AND ".join(["1", *(f"{ {'section': 'key'}.get(key, key) } = :{key}" for key in others)])
            expected = db.execute(
                f"""
                SELECT {column}, count(*) FROM (
                  SELECT plain.*, reports.year, reports.agency_id, agencies.level, coalesce(agencies.district, '-') AS district,
                         coalesce(sections.key, 'title') AS key
                  FROM plain JOIN reports ON reports.id = plain.report_id JOIN agencies ON agencies.id = reports.agency_id
                  LEFT JOIN sections USING (report_id, position)
                ) WHERE (heading LIKE :query OR text LIKE :query) AND {where} GROUP BY 1
                """,
                {"query": f"%{query}%", **others},
            )
            assert counts == dict(map(tuple, expected)), (query, chosen, name)
    page = reader.page("/search?q=公开&year=2022")
    for link in page.select(".facets a")[:12]:
        number = int(link.parent.select_one(".number").get_text().replace(",", ""))
        shown = reader.page(link["href"]).select_one(".result").get_text()
        if link.get("aria-current"):
            # The one chosen leads back.
            assert "year=" not in link["href"] and "chosen" in link.parent["class"]
        else:
            assert f"{number:,} 处" in shown, link["href"]


def test_pages_hold_every_hit_once_and_past_the_end_is_the_last(corpus, db):
    reader = Reader(make_app(corpus))
    total, seen, page = len(liked(db, "公开", "信息")), [], 0
    while len(seen) < total:
        page += 1
        answer = reader.page(f"/search?{urlencode({'q': '公开 信息', 'page': page})}")
        seen += [a["href"] for a in answer.select(".hits h2 a")]
        assert f"/search?{urlencode({'q': '公开 信息'})}" in answer.select_one("link[rel=canonical]")["href"]
    assert len(seen) == len(set(seen)) == total > 40
    past = reader.page(f"/search?{urlencode({'q': '公开 信息', 'page': page + 5})}")
    assert [a["href"] for a in past.select(".hits h2 a")] == seen[(page - 1) * 20 :]


@pytest.mark.parametrize(
    "chosen",
    [{"year": "x"}, {"year": "99"}, {"level": "x"}, {"agency": "no"}, {"form": "'"}, {"district": "%"}, {"page": "-1"}],
)
def test_an_unknown_choice_is_no_error_and_finds_nothing(reader, chosen):
    found = hits(reader, "申请", **chosen)
    assert found == [] or "page" in chosen


# What is shown.


def test_a_hit_shows_the_words_in_their_place(reader):
    page = reader.page("/search?q=受理")
    found = page.select_one(".snippet")
    assert found.select_one(".where").get_text() == "一、总体情况"
    assert found.mark.get_text() == "受理"
    assert "全年受理申请" in found.get_text()
    assert page.select_one(".hits h2 a")["href"] == f"/reports/{MAIN}#section-1"


def test_the_search_page_is_the_same_over_http_for_awkward_and_for_long_queries(reader):
    for query in (
        "'",
        '"',
        "%",
        "<script>",
        "{{ 1 }}",
        "😀",
        "公" * 5000,
        "a " * 2000,
        " ".join(map(chr, range(0x4E00, 0x4F00))),
    ):
        assert reader.get(f"/search?q={quote(query)}").status_code == 200
    assert hits(reader, "SCRIPT") == [HOSTILE, "haerbinshi-exi-2022", f"{HOSTILE}#section-1"]
    assert "最多 16 个" in reader.page(f"/search?q={quote(' '.join(map(chr, range(0x4E00, 0x4E20))))}").main.get_text()


def test_a_snippet_is_cut_from_the_text_with_its_markup_escaped():
    text = "甲" * 300 + f"乙{SCRIPT}丙" + "丁" * 300
    cut = str(snippet(text, ["乙", "script"]))
    assert cut.startswith("…") and cut.endswith("…")
    assert "<mark>乙</mark>&lt;<mark>script</mark>&gt;" in cut
    assert str(snippet("短文", ["无"])) == "短文"
    assert str(snippet("短文", [])) == "短文"


def test_a_snippet_marks_what_is_written_otherwise_and_shows_where_most_terms_stand():
    assert str(snippet("共Ａ１件，½", ["a1", "1⁄2"])) == "共<mark>Ａ１</mark>件，<mark>½</mark>"
    text = "培训" + "甲" * 400 + "培训与宣传" + "乙" * 400
    assert "<mark>培训</mark>与<mark>宣传</mark>" in str(snippet(text, ["培训", "宣传"]))
    far = "培训" + "甲" * 400 + "宣传" + "乙" * 400
    assert "<mark>培训</mark>" in str(snippet(far, ["宣传", "培训"])) and "<mark>宣传</mark>" in str(
        snippet(far, ["宣传", "培训"])
    )
    long = "丙" * 500
    assert str(snippet(f"前{long}后", [long])) == f"前<mark>{long}</mark>…"


def test_a_query_of_nothing_has_nothing_to_match():
    assert parse("  ") == Query()
    assert parse("Ａ a") == Query(("a",))
