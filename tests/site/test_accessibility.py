"""axe-core finds nothing serious on any page, at either size, in either language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site import sample, world
from tests.site.browsing import SIZES, chromium
from tests.site.test_serve import serving

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
COMPARED = f"compare?agency={world.CIVIL}&agency={world.FINANCE}"
PATHS = [
    "", "search", "search?q=申请", "reports", "agencies", f"reports/{sample.MAIN}", f"reports/{world.CHANGED}",
    f"reports/{sample.BARE}", f"reports/{world.CHANGED}/versions/1..2", f"agencies/{world.CIVIL}", "compare", COMPARED,
    "coverage", "quality", "method", "codebook", "download", "nothing",
]  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    data = tmp_path_factory.mktemp("world")
    world.publish(data)
    with chromium() as browser, serving(data) as (_, address):
        yield browser, address


# In English the words are longer and the marks of language more: the pages that have most of both.
ENGLISH = ["", f"reports/{world.CHANGED}", COMPARED, "coverage"]


@pytest.mark.parametrize(
    ("size", "language", "paths"), [("desktop", "zh", PATHS), ("phone", "zh", PATHS), ("phone", "en", ENGLISH)]
)
def test_axe_finds_nothing_serious_on_any_page_and_none_scrolls_sideways(served, size, language, paths):
    browser, address = served
    context = browser.new_context(viewport=SIZES[size], is_mobile=size == "phone", bypass_csp=True)
    context.add_cookies([{"name": "lang", "value": language, "url": address}])
    page = context.new_page()
    found = []
    for path in paths:
        page.goto(address + path)
        page.add_script_tag(content=AXE)
        for violation in page.evaluate("axe.run({resultTypes: ['violations']}).then(result => result.violations)"):
            if violation["impact"] in ("serious", "critical"):
                places = [node["target"] for node in violation["nodes"]][:3]
                found.append((path, violation["id"], places))
        if page.evaluate("document.documentElement.scrollWidth") > SIZES[size]["width"]:
            found.append((path, "scrolls sideways", []))
    context.close()
    assert found == []
