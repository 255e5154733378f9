"""The pages' own words, in Chinese and in English; what the archive holds stays Chinese and says so."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, nodes

from archive.site.app import make_app
from archive.site.rendering import TEMPLATES
from archive.site.words import messages, say, vocabulary
from tests.site import world
from tests.site.conftest import Reader

HAN = re.compile(r"[一-鿿]")
PLACES = re.compile(r"\{(\w+)\}")
PAGES = [
    "/", "/reports", "/agencies", f"/agencies/{world.CIVIL}", f"/reports/{world.CHANGED}", "/compare",
    f"/compare?agency={world.CIVIL}&agency={world.FINANCE}", "/coverage", "/quality", "/method", "/codebook", "/download",
    f"/reports/{world.CHANGED}/versions/1..2", "/search?q=申请", "/nothing", "/reports/nobody-2023",
]  # fmt: skip


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    data = tmp_path_factory.mktemp("world")
    world.publish(data)
    return Reader(make_app(data))


def said_in_templates() -> set[str]:
    """Every text the templates say through ``_()``."""
    environment = Environment()
    return {
        call.args[0].value
        for path in (TEMPLATES / "site").glob("*.html")
        for call in environment.parse(path.read_text("utf-8")).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and isinstance(call.args[0], nodes.Const)
    }


def test_every_word_of_the_pages_has_its_english_with_the_same_places():
    said = said_in_templates()
    assert len(said) > 200
    assert said - set(messages()) == set()
    for chinese, english in messages().items():
        assert set(PLACES.findall(chinese)) == set(PLACES.findall(english)), chinese


def test_every_code_has_a_name_in_both_languages():
    chinese, english = vocabulary("zh"), vocabulary("en")
    assert {kind: set(names) for kind, names in chinese.items()} == {
        kind: set(names) for kind, names in english.items()
    }
    assert not [name for names in english.values() for name in names.values() if HAN.search(name)]


def test_what_is_put_into_words_is_escaped():
    assert say("没有名称含「{name}」的机构。", "en", name="<b>") == "No body’s name contains “&lt;b&gt;”."


@pytest.mark.parametrize("address", PAGES)
def test_an_english_page_has_chinese_only_where_it_says_so(reader, address):
    answer = reader.get(address, headers={"cookie": "lang=en"})
    page = BeautifulSoup(answer.text, "lxml")
    assert page.html["lang"] == "en"
    for element in page.find_all(lang=re.compile("^zh")):
        element.decompose()
    for element in page.find_all(["title", "script"]):
        element.decompose()
    # The law's and the forms' own numbers and names are quoted, in the words for them too.
    quoted = re.compile(r"[（(][^）)]*[）)]|规章|公开率|依申请公开 培训|row [一二三四]|教育局")
    left = quoted.sub("", page.get_text(" "))
    assert HAN.findall(left) == [], left[max(0, HAN.search(left).start() - 80) :][:200]


def test_the_language_asked_for_is_kept_and_another_is_not_taken(reader):
    answer = reader.get("/coverage?lang=en&year=2022")
    assert answer.headers["set-cookie"].startswith("lang=en;")
    assert "Cookie" in answer.headers["vary"]
    assert BeautifulSoup(answer.text, "lxml").h1.get_text() == "Coverage"
    # The page in the other language is the same page.
    links = {link["hreflang"]: link["href"] for link in BeautifulSoup(answer.text, "lxml").select("link[hreflang]")}
    assert links == {
        "zh-CN": "http://localhost/coverage?year=2022&lang=zh",
        "en": "http://localhost/coverage?year=2022&lang=en",
    }
    strange = reader.get("/coverage?lang=%0d%0aset-cookie:x")
    assert "set-cookie" not in strange.headers
    assert BeautifulSoup(strange.text, "lxml").html["lang"] == "zh-CN"


def test_a_page_kept_in_one_language_is_not_given_for_the_other(reader):
    tag = reader.get("/").headers["etag"]
    assert reader.get("/", headers={"if-none-match": tag, "cookie": "lang=en"}).status_code == 200
