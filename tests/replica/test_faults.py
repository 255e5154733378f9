"""Pages broken on demand, and what the truth says of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.replica.faults import FAULTS, PAGES
from crawler.replica.server import serve_replica
from crawler.replica.world import World
from tests.replica.client import Client


@pytest.fixture(scope="module")
def broken():
    with serve_replica(World(seed=2, agencies=16, years=[2021, 2022, 2023], faults=tuple(FAULTS))) as server:
        yield server, Client(server), {line["fault"]: line for line in server.truth() if "fault" in line}


def test_every_fault_has_a_line_in_the_truth(broken):
    _, _, lines = broken
    assert set(lines) == set(FAULTS)
    for name, line in lines.items():
        assert line["error"] == FAULTS[name].help
        assert line["cells"] == []


def test_the_others_are_as_they_were(broken):
    server, _, lines = broken
    whole = World(seed=2, agencies=16, years=[2021, 2022, 2023])
    touched = {line["id"] for line in lines.values()}
    assert {report.id for report in server.world.reports.values()} == set(whole.reports)
    for report_id, report in whole.reports.items():
        if report_id not in touched:
            # Tables are on pages wherever something may break.
            assert server.world.reports[report_id] == replace(report, only_in_file=False)


def test_broken_pages_have_status_200_one_address_and_no_attachment(broken):
    _, client, lines = broken
    for name in PAGES:
        assert client.ask(lines[name]["url"]).status == 200
        assert lines[name]["also_at"] == []
        assert lines[name]["attachments"] == []


def test_a_damaged_page_ends_in_mid_table(broken):
    _, client, lines = broken
    text = client.ask(lines["damaged-page"]["url"]).text
    assert "</html>" not in text
    assert text.rfind("<table") > text.rfind("</table")
    assert text.endswith("<t")


def test_an_unknown_form_has_a_table_with_no_label_of_the_form(broken):
    _, client, lines = broken
    text = client.ask(lines["unknown-form"]["url"]).text
    assert text.count("<table") == 1
    assert "本年新收" not in text
    assert "公开事项编码" in text


def test_an_empty_table_has_cells_and_nothing_in_them(broken):
    _, client, lines = broken
    text = client.ask(lines["empty-table"]["url"]).text
    assert text.count("<td") > 200
    assert "本年新收政府信息公开申请数量" not in text
    assert "一、总体情况" in text


def test_challenge_and_login_say_so_and_hold_no_report(broken):
    _, client, lines = broken
    challenge = client.ask(lines["challenge-page"]["url"]).text
    assert "__jsluid_h" in challenge
    assert "总体情况" not in challenge
    login = client.ask(lines["login-page"]["url"]).text
    assert 'type="password"' in login
    assert "总体情况" not in login


def test_a_changed_listing_has_no_table_and_no_links(broken):
    _, client, lines = broken
    text = client.ask(client.url("xxgk.harbin.localhost", "/module/xxgk/search.jsp?divid=div11581&infotypeId=02")).text
    assert "tb_list" not in text
    assert "<a " not in text
    assert lines["listing-markup"]["url"].endswith("/col/col11581/index.html?number=02")


def test_a_current_listing_can_be_changed_too(broken):
    server, client, _ = broken
    current = server.world.sites[-1].current
    url = client.url(current.host, f"/{current.site}/{current.root}/{current.template}.shtml")
    assert "createPageHTML" in client.ask(url).text
    server.world.break_listing(current.host, current.root)
    assert "createPageHTML" not in client.ask(url).text


def test_a_report_of_another_city_is_listed_and_named_in_full(broken):
    server, client, lines = broken
    line = lines["other-city"]
    text = client.ask(line["url"]).text
    assert "齐齐哈尔市财政局2023年政府信息公开工作年度报告" in text
    assert line["id"] is None
    site = server.world.sites[-1]
    listed = server.world.listed(site.current.host, site.current.leaf(2023, 0))
    assert any(article.title.startswith("齐齐哈尔市") for article in listed)


def test_a_world_too_small_for_its_faults_says_so():
    with pytest.raises(ValueError, match="more agencies or years"):
        World(seed=1, agencies=1, years=[2022], faults=("damaged-page",))
    with pytest.raises(ValueError, match="needs report year 2021"):
        World(seed=1, agencies=4, years=[2022], faults=("listing-markup",))
