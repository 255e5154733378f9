"""Script in what was published stays text on every page, also where no policy would stop it."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from archive.database.schema import tables
from tests.site import sample, world
from tests.site.browsing import chromium
from tests.site.test_serve import serving

pytestmark = pytest.mark.browser

# Each breaks out of another place: an element, an attribute of either quote, a script, a comment, a template, an address.
ATTACKS = (
    "<script>ran()</script>", "\"><img src=x onerror=ran()>", "' autofocus onfocus=ran() x='", "</script><script>ran()</script>",
    "--><svg onload=ran()>", "{{ ran() }}${ran()}", "</textarea></title></style><img src=x onerror=ran()>", "javascript:ran()",
)  # fmt: skip
# What comes out of documents, addresses and headers as it stands; all other columns hold codes, numbers and times.
FREE = {
    "agencies": ("name", "office"),
    "reports": (
        "title", "agency_in_title", "status_reason", "contact_address", "contact_postcode", "contact_phone", "contact_url",
        "contact_email", "index_number", "portal", "published_on",
    ),
    "versions": ("title", "reader"),
    "sections": ("heading", "text"),
    "findings": ("message", "expected", "actual"),
    "notes": ("text",),
    "captures": ("reason", "portal", "media_type", "warc_file"),
}  # fmt: skip
# Pages looked at of each kind, and in all.
EACH, MOST = 3, 70


def hostile_rows(captures: dict[str, dict]) -> dict[str, list[dict]]:
    """The rows of the world with an attack in every place a document or a portal writes to."""
    rows = world.rows(captures)
    number = 0
    for table, columns in FREE.items():
        assert set(columns) <= {column.name for column in tables()[table].columns}
        for row in rows.get(table, ()):
            for column in columns:
                number += 1
                row[column] = f"申{ATTACKS[number % len(ATTACKS)]}"
    for place, cell in enumerate(rows["cells"]):
        if place % 3 == 0:
            cell.update(raw=f"申{ATTACKS[place % len(ATTACKS)]}", state="text", value=None)
    for place, row in enumerate([*rows["reports"], *rows["captures"]]):
        row["url"] = ("javascript:ran()//", 'http://x/"onmouseover=ran() ', "http://x/<script>ran()</script>")[
            place % 3
        ]
    return rows


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """Every page that can be reached from the home page: what it was, and what its scripts did."""
    data = tmp_path_factory.mktemp("hostile")
    sample.publish(data, "archive-1.db", hostile_rows(sample.write_captures(data / "captures")))
    with chromium() as browser, serving(data) as (_, address):
        # No policy: it would hide what escaping has let through.
        context = browser.new_context(bypass_csp=True)
        context.add_init_script("window.ran = () => { window.hasRun = true; alert('ran') }")
        page = context.new_page()
        ran: list[str] = []
        page.on("dialog", lambda dialog: (ran.append(page.url), dialog.dismiss()))
        waiting = [
            address + path
            for path in (
                "", "search?q=申", "archive/cells?_facet=raw", "reports/%3Cscript%3Eran()", f"reports/{world.CHANGED}",
                f"reports/{sample.HOSTILE}", f"agencies/{world.CIVIL}", f"compare?agency={world.CIVIL}&agency={world.FINANCE}",
                "archive/sections?_search=申", "archive/findings", "archive/captures",
            )
        ]  # fmt: skip
        seen, kinds, visited = set(waiting), {}, []
        while waiting and len(visited) < MOST:
            here = waiting.pop(0)
            kind = re.sub(r"[^/]*[0-9-][^/]*", "*", urlsplit(here).path)
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] > EACH:
                continue
            answer = page.goto(here)
            visited.append((urlsplit(here).path, answer.status))
            if page.evaluate("window.hasRun === true"):
                ran.append(here)
            links = page.eval_on_selector_all("a[href]", "found => found.map(a => a.getAttribute('href'))")
            ran += [
                f"{here}: {link}"
                for link in links
                if link.strip().lower().startswith(("javascript:", "data:", "vbscript:"))
            ]
            for link in links:
                there = urldefrag(urljoin(here, link)).url
                # Files are no pages; and an original, whose script is its own, is held by policy alone: test_originals.
                if (
                    there.startswith(address)
                    and there not in seen
                    and not re.search(r"\.(json|csv|db|zip|atom)|/download/|/original$", there)
                ):
                    seen.add(there)
                    waiting.append(there)
        context.close()
    return visited, ran


def test_no_script_of_the_archive_ever_runs(walked):
    visited, ran = walked
    assert ran == []
    paths = {path for path, _ in visited}
    for kind in (
        "/", "/search", "/reports", "/agencies", "/compare", "/coverage", "/quality", "/method", "/download", "/archive",
        "/archive/cells", "/archive/captures", rf"/reports/{world.CHANGED}", rf"/agencies/{world.CIVIL}",
    ):  # fmt: skip
        assert kind in paths
    assert any(path.startswith("/captures/") for path in paths)
    assert {status for _, status in visited} <= {200, 404}
