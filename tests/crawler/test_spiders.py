import re
import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

import crawler
from crawler.manners import Manners
from crawler.portals import SYSTEMS, load_portals
from crawler.resolver import LoopbackAwareResolver
from crawler.settings import for_portal


def loader():
    settings = Settings()
    settings.setmodule("crawler.settings")
    return SpiderLoader.from_settings(settings)


def test_there_is_a_spider_for_every_content_system():
    assert sorted(loader().list()) == sorted(SYSTEMS)


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_spider_is_named_as_its_module_and_its_system(name):
    spider = loader().load(name)
    assert spider.name == spider.cms == spider.__module__.rsplit(".", 1)[-1]


def test_every_problem_has_words_in_both_languages_that_can_be_filled_in():
    words = dict.fromkeys(
        [
            "url",
            "portals",
            "listing",
            "before",
            "before_en",
            "detail",
            "now",
            "host",
            "tries",
            "status",
            "title",
            "kept",
            "kept_en",
            "target",
            "limit",
            "since",
        ],
        "x",
    )
    messages = tomllib.loads((files("crawler") / "problems.toml").read_text("utf-8"))
    for code, message in messages.items():
        assert set(message) == {"zh", "en"}, code
        assert message["zh"].format_map(words)
        assert message["en"].format_map(words)


def test_every_code_used_is_in_the_closed_set():
    messages = tomllib.loads((files("crawler") / "problems.toml").read_text("utf-8"))
    sources = "".join(path.read_text("utf-8") for path in Path(crawler.__file__).parent.glob("*.py"))
    sources += "".join(path.read_text("utf-8") for path in (Path(crawler.__file__).parent / "spiders").glob("*.py"))
    used = set(re.findall(r'(?:problem|notice|say)\(\s*(?:self|spider|session)?\.?_?portal,\s*"([a-z-]+)"', sources))
    used |= set(re.findall(r'Reason\("([a-z-]+)"', sources))
    assert len(used) > 8
    assert used <= set(messages)


def test_real_portals_are_asked_slowly_and_replicas_are_not():
    portal = load_portals().portals[0]
    manners = Manners(contact="mail@example.org", delay_seconds=2.0)
    settings = for_portal(portal, manners)
    assert settings["DOWNLOAD_DELAY"] == settings["AUTOTHROTTLE_START_DELAY"] == 2.0
    assert settings["AUTOTHROTTLE_ENABLED"] is True
    assert settings["USER_AGENT"].endswith(" (mail@example.org)")
    replica = replace(portal, replica=True)
    assert for_portal(replica, manners)["AUTOTHROTTLE_ENABLED"] is True
    assert for_portal(replica, Manners(delay_seconds=0.0))["AUTOTHROTTLE_ENABLED"] is False


@pytest.mark.parametrize("name", ["localhost", "www.harbin.localhost", "a.b.localhost"])
def test_names_under_localhost_are_this_machine(name):
    found = []
    LoopbackAwareResolver(None, 0, 1.0).getHostByName(name).addCallback(found.append)
    assert found == ["127.0.0.1"]
