"""Datasette's own pages: described, linked with ours, marked as a replica where it is one, closed where public."""

from __future__ import annotations

import csv
import io

import pytest
from bs4 import BeautifulSoup

from archive.database.schema import tables
from archive.site.app import make_app
from archive.site.builds import NAME
from archive.site.metadata import metadata
from tests.site import sample
from tests.site.conftest import Reader
from tests.site.sample import MAIN
from tests.site.test_pages import DATASETTE_PAGES, PAGES


def test_every_table_view_and_column_is_described(reader):
    described = metadata(public=False)["databases"][NAME]["tables"]
    names = [row["name"] for row in reader.get("/archive.json").json()["tables"]]
    views = [row["name"] for row in reader.get("/archive.json").json()["views"]]
    assert {"cells", "reports", "coverage"} <= set(names) and {"requests", "rates"} <= set(views)
    for name in (*names, *views):
        if described[name].get("hidden"):
            continue
        columns = reader.get(f"/archive/{name}.json?_size=1").json()["columns"]
        assert set(columns) == set(described[name]["columns"]), name
        assert described[name]["title"].startswith(f"{name}：")


def test_units_are_said_with_their_columns():
    described = metadata(public=False)["databases"][NAME]["tables"]
    assert "byte" in described["captures"]["columns"]["bytes"]
    assert "件" in described["requests"]["columns"]["total"]
    assert "万元" in described["active_disclosure"]["columns"]["amount_10k_yuan"]
    assert set(described) >= set(tables())


def test_references_show_names_and_identifiers_lead_to_our_pages(reader):
    page = reader.page("/archive/reports")
    assert page.find("a", href="/agencies/nangangqu-jiaoyuju").get_text() == "南岗区教育局"
    page = reader.page(f"/archive/cells?report_id__exact={MAIN}")
    assert page.find("a", href=f"/reports/{MAIN}").get_text() == "南岗区教育局2023年政府信息公开工作年度报告"
    page = reader.page(f"/archive/reports/{MAIN}")
    assert page.find("a", href=f"/reports/{MAIN}")


def test_the_numbers_of_a_report_can_be_taken_as_json_and_csv(reader):
    page = reader.page(f"/reports/{MAIN}")
    content = reader.get(page.find("a", string="本页数据（JSON）")["href"]).json()
    assert len(content["cells"]) == 199
    place = ("requests", "new_received", "natural_person")
    found = next(cell for cell in content["cells"] if (cell["table"], cell["row"], cell["column"]) == place)
    assert (found["value"], found["state"], found["raw"]) == (1234, "number", "１２３４")
    assert content["report"]["title"] == page.h1.get_text()
    answer = reader.get(page.find("a", string="单元格（CSV）")["href"])
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == 199
    line = next(line for line in lines if (line["table"], line["row"], line["column"]) == place)
    assert (line["value"], line["state"], line["raw"]) == ("1234", "number", "１２３４")
    assert "自然人" in line["label"]


@pytest.mark.parametrize("address", [*PAGES, *DATASETTE_PAGES, "/nothing", "/archive/nothing"])
@pytest.mark.parametrize("where", ["reports", "captures"])
def test_an_archive_of_a_replica_says_so_on_every_page(replicas, where, address):
    answer = replicas[where].get(address)
    page = BeautifulSoup(answer.text, "lxml")
    banner = page.select_one("aside.replica").get_text()
    assert "模拟" in banner and "虚构" in banner and "replica" in banner.lower()
    assert page.title.get_text().startswith("【模拟数据】")


def test_an_archive_of_real_portals_has_no_such_banner(reader):
    for address in (*PAGES, *DATASETTE_PAGES):
        assert not reader.page(address).select_one("aside.replica")


@pytest.fixture(scope="module")
def replicas(tmp_path_factory):
    """Archives with a single row from the replica, in one table or the other."""
    found = {}
    for table in ("reports", "captures"):
        data = tmp_path_factory.mktemp(f"replica-{table}")
        rows = sample.sample_rows(sample.write_captures(data / "captures"))
        rows[table][-1]["replica"] = 1
        sample.publish(data, "archive-1.db", rows)
        found[table] = Reader(make_app(data))
    return found


def test_scripts_in_datasettes_pages_run_only_with_the_nonce_of_the_answer(reader):
    answer = reader.get("/archive/reports")
    page = BeautifulSoup(answer.text, "lxml")
    policy = answer.headers["content-security-policy"]
    inline = [script for script in page.find_all("script") if not script.get("src")]
    assert inline
    for script in inline:
        assert script["nonce"] and f"'nonce-{script['nonce']}'" in policy
    assert reader.get("/archive/reports").headers["content-security-policy"] != policy


@pytest.fixture(scope="module")
def public(archive) -> Reader:
    return Reader(make_app(archive, public=True))


def test_a_local_site_answers_sql_a_public_one_does_not(reader, public):
    address = "/archive.json?sql=select+1+as+one&_shape=array"
    assert reader.get(address).json() == [{"one": 1}]
    assert public.get(address).status_code == 403
    page = public.page("/archive?sql=select+1", status=403)
    assert "不开放" in page.main.get_text()
    assert public.get("/archive/reports.json?_where=1=1").status_code == 403
    assert public.get("/archive/reports?year=2023").status_code == 200


def test_sql_cannot_write_or_reach_other_files(reader):
    for sql in ("delete from cells", "attach 'x' as x", "pragma journal_mode=wal", "select load_extension('x')"):
        assert reader.get("/archive.json", params={"sql": sql}).status_code in (400, 403)


@pytest.mark.parametrize("address", ["/-/versions", "/-/settings.json", "/-/databases", "/-/plugins", "/-/metadata"])
def test_a_public_site_says_nothing_of_its_server(reader, public, address):
    assert reader.get(address).status_code == 200
    assert public.get(address).status_code == 404
    assert public.get("/-/static/app.css").status_code == 200


def test_what_may_be_kept_by_caches(reader, public):
    assert reader.get("/").headers["cache-control"] == "no-cache"
    assert public.get("/").headers["cache-control"] == "public, max-age=300"
    assert public.get("/archive/reports").headers["cache-control"] == "max-age=300"
    assert public.get("/nothing").headers["cache-control"] == "no-store"
    style = next(link["href"] for link in public.page("/").find_all("link", rel="stylesheet"))
    assert "immutable" in public.get(style).headers["cache-control"]


def test_the_file_itself_is_not_handed_out_among_the_tables(reader):
    assert reader.get("/archive.db").status_code == 403
