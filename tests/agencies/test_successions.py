"""What the reforms made of Harbin's bodies: known answers, and no name of today that means a body of yesterday."""

from __future__ import annotations

import pytest

from archive.agencies.registry import registry, registry_data
from archive.agencies.successions import CERTAINTIES, KINDS, name_in, names, predecessors, successors


def agency(name: str):
    return registry().resolve(name)


def before(name: str) -> set[str]:
    return {each.predecessor.name for each in predecessors(agency(name))}


def after(name: str) -> list[tuple[str, int | None]]:
    return [(each.successor.name, each.year) for each in successors(agency(name))]


def test_three_bureaus_became_the_market_regulator():
    assert before("哈尔滨市市场监督管理局") == {
        "哈尔滨市工商行政管理局", "哈尔滨市食品药品监督管理局", "哈尔滨市质量技术监督局",
    }  # fmt: skip
    assert after("哈尔滨市工商局") == [("哈尔滨市市场监督管理局", 2019)]


def test_health_was_renamed_twice():
    assert after("哈尔滨市卫生局") == [("哈尔滨市卫生和计划生育委员会", 2014)]
    assert after("市卫计委") == [("哈尔滨市卫生健康委员会", 2019)]
    assert after("南岗区卫生局") == [("南岗区卫生和计划生育局", 2014)]
    assert after("南岗区卫计局") == [("南岗区卫生健康局", 2019)]


def test_the_office_of_rural_revival_lived_for_three_report_years():
    body = agency("木兰县乡村振兴局")
    assert (body.active_from, body.active_to) == (2021, 2023)
    assert after("木兰县乡村振兴局") == [("木兰县农业农村局", 2024)]
    assert before("木兰县乡村振兴局") == {"木兰县扶贫开发办公室"}


def test_a_succession_stays_in_its_place_and_at_its_level():
    assert after("道里区环保局") == [("道里区生态环境局", 2019)]
    assert before("道里区生态环境局") == {"道里区环境保护局"}
    assert after("哈尔滨市教育局") == [] == after("哈尔滨市人民政府")


def test_what_came_before_leads_back_to_what_came_after():
    rules = registry_data()["successions"]
    assert len(rules) > 25
    for rule in rules:
        place = "哈尔滨市" if rule["level"] == "city_department" else "依兰县"
        for old in rule["from"]:
            found = successors(agency(place + old))
            assert place + rule["to"] in {each.successor.name for each in found}, rule
            assert place + old in {each.predecessor.name for each in predecessors(agency(place + rule["to"]))}


def test_every_succession_is_of_bodies_the_registry_lists_at_that_level():
    for rule in registry_data()["successions"]:
        assert rule["certainty"] in CERTAINTIES and rule["kind"] in KINDS and rule["source"]
        place = "哈尔滨市" if rule["level"] == "city_department" else "依兰县"
        for name in (rule["to"], *rule["from"]):
            found = agency(place + name)
            assert (found.known, found.level, found.office) == (True, rule["level"], name)


def test_a_body_ends_before_the_one_after_it_begins():
    for rule in registry_data()["successions"]:
        place = "哈尔滨市" if rule["level"] == "city_department" else "依兰县"
        for name in rule["from"]:
            old = agency(place + name)
            if old.active_to and rule.get("year"):
                assert old.active_to < rule["year"], rule


@pytest.mark.parametrize(
    ("written", "agency_id"),
    [
        ("双城市财政局", "shuangchengqu-caizhengju"),
        ("哈尔滨市双城市财政局", "shuangchengqu-caizhengju"),
        ("双城市市场监督管理局", "shuangchengqu-shichangjianduguanliju"),
        ("双城市人民政府", "shuangchengqu-renminzhengfu"),
        ("外事侨务办公室", "haerbinshi-waishibangongshi"),
        ("哈 尔 滨 市 环 境 保 护 局", "haerbinshi-huanjingbaohuju"),
        ("哈尔滨市\u00ad环保\u200d局", "haerbinshi-huanjingbaohuju"),
    ],
)
def test_names_of_the_past_and_spaced_names_resolve(written, agency_id):
    assert registry().elsewhere(written) is None
    assert registry().resolve(written).id == agency_id


def test_a_body_is_called_what_it_was_called_in_that_year():
    education = agency("双城区教育局")
    assert (name_in(education, 2012), name_in(education, 2014)) == ("双城市教育局", "双城区教育局")
    foreign = agency("哈尔滨市外事办公室")
    assert (name_in(foreign, 2011), name_in(foreign, 2022)) == ("哈尔滨市外事侨务办公室", "哈尔滨市外事办公室")
    assert names(agency("南岗区王岗镇"))[0].name == "南岗区王岗镇人民政府"


def test_no_body_is_listed_twice_and_every_level_of_the_city_is_there():
    listed = registry().listed()
    assert len({each.id for each in listed}) == len(listed)
    levels = {each.level for each in listed}
    assert levels == {"city", "district", "city_department", "township"}
    assert sum(each.level == "district" for each in listed) == 18
    assert "哈尔滨市乡村振兴局" not in {each.name for each in listed}, "known from the country's reforms only"


def test_old_bodies_and_new_ones_have_identifiers_of_their_own():
    known = registry()
    for level in ("city_department", "district_department"):
        slugs = [office.slug for office in (*known.offices, *known.former_offices) if office.level == level]
        assert len(slugs) == len(set(slugs))
