"""The truth and the pages agree: read here with plain regular expressions, not with the archive's readers."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest

from archive.agencies.registry import registry

TAG = re.compile(r"<[^>]+>")


def plain(markup: str) -> str:
    """The text of markup without any white space."""
    return "".join(unescape(TAG.sub("", re.sub(r"<!--.*?-->|<script.*?</script>", "", markup, flags=re.S))).split())


def table_cells(page: str) -> list[list[str]]:
    """Every row of every table as the texts of its cells, with or without closing tags."""
    rows = []
    for row in re.split(r"<tr[^>]*>", page)[1:]:
        row = re.split(r"</tr>|</table>", row)[0]
        rows.append([unescape(TAG.sub("", cell)).strip() for cell in re.split(r"<td[^>]*>", row)[1:]])
    return rows


def expected(line: dict, row: str) -> list[str]:
    return [cell["raw"] for cell in line["cells"] if cell["table"] == "requests" and cell["row"] == row]


@pytest.fixture(scope="module")
def pages(client, truth) -> list[tuple[dict, str]]:
    return [(line, client.ask(url).text) for line in truth for url in (line["url"], *line["also_at"])]


def test_there_is_a_line_for_every_report_and_every_address_answers(client, truth, server):
    assert {line["id"] for line in truth} == set(server.world.reports)
    for line in truth:
        for url in (line["url"], *line["also_at"], *line["attachments"]):
            assert client.ask(url).status == 200, url


def test_lines_have_the_agreed_shape(truth):
    for line in truth:
        assert set(line["report"]) == {"title", "agency", "year", "form", "published_on", "period", "contact"}
        assert set(line["report"]["contact"]) == {"address", "postcode", "phone", "url", "email"}
        assert line["status"] == "complete"
        assert [section["key"] for section in line["sections"]] == [
            "preamble", "overview", "active_disclosure", "requests", "remedies", "problems", "other",
        ]  # fmt: skip
        assert len(line["cells"]) == 200
        for cell in line["cells"]:
            assert (cell["value"] is None) == (cell["state"] != "number")
            assert cell["raw"] == cell["raw"].strip()


def test_the_values_are_what_the_raw_text_says(truth):
    states = set()
    for line in truth:
        for cell in line["cells"]:
            states.add(cell["state"])
            digits = cell["raw"].translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,")).replace(",", "")
            if cell["state"] == "number":
                assert Decimal(digits) == Decimal(str(cell["value"]))
            else:
                assert cell["raw"] == "" if cell["state"] == "blank" else cell["raw"] in ("/", "-")
    assert states == {"number", "blank", "not_applicable"}


def test_the_rows_of_table_three_stand_on_the_pages(pages):
    labels = {"new_received": "一、本年新收", "carried_in": "二、上年结转", "carried_out": "四、结转下年度"}
    for line, page in pages:
        rows = table_cells(page)
        for key, start in labels.items():
            found = next(row for row in rows if row and row[0].startswith(start))
            values = expected(line, key)
            # The rebuilt layout pads: an empty cell before the seven values and one after.
            assert found[1:8] == values or found[2:9] == values, (line["id"], key)


def test_the_numbers_of_table_four_stand_on_the_pages(pages):
    for line, page in pages:
        values = [cell["raw"] for cell in line["cells"] if cell["table"] == "remedies"]
        assert values in table_cells(page), line["id"]


def test_the_numbers_of_table_two_stand_on_the_pages(pages):
    for line, page in pages:
        values = {cell["row"]: [] for cell in line["cells"] if cell["table"] == "active_disclosure"}
        for cell in line["cells"]:
            if cell["table"] == "active_disclosure":
                values[cell["row"]].append(cell["raw"])
        rows = [row for row in table_cells(page) if len(row) in (2, 4)]
        for label, key in (
            ("规章", "regulations"),
            ("行政规范性文件", "normative_documents"),
            ("行政许可", "administrative_licensing"),
        ):
            found = next(row for row in rows if "".join(row[0].split()) == label)
            assert found[1 : 1 + len(values[key])] == values[key], (line["id"], label)


def test_headings_and_text_stand_on_the_pages_in_order(pages):
    for line, page in pages:
        text, place = plain(page), 0
        for section in line["sections"]:
            for piece in (section["heading"], *section["text"].split("\n")):
                place = text.find("".join(piece.split()), place)
                assert place >= 0, (line["id"], piece)


def test_titles_dates_and_contacts_stand_on_the_pages(pages):
    for line, page in pages:
        text = plain(page)
        report = line["report"]
        assert report["title"] in text
        assert report["title"].startswith(report["agency"])
        assert any(day in text for day in line["dates"].values())
        for value in filter(None, report["contact"].values()):
            assert "".join(value.split()) in text
        first, last = (day.split("-") for day in report["period"])
        for year, month, day in (first, last):
            assert f"{year}年{int(month)}月{int(day)}日" in text


def test_the_date_of_the_primary_address_is_the_one_told(truth):
    assert all(line["report"]["published_on"] == line["dates"][line["url"]] for line in truth)
    assert any(len(set(line["dates"].values())) > 1 for line in truth), "some imports were dated anew"


def test_names_in_titles_mean_the_body(truth, server):
    shortened = 0
    for line in truth:
        report = server.world.reports[line["id"]]
        found = registry().resolve(line["report"]["agency"], district=report.agency.district)
        assert found.id == line["agency_id"]
        assert line["id"] == f"{found.id}-{line['report']['year']}"
        shortened += report.agency.office not in line["report"]["agency"]
    assert shortened, "some titles abbreviate"


def test_findings_are_made_where_sums_do_not_hold_and_nowhere_else(truth):
    wrong = [line for line in truth if "wrong-sum" in line["planted"]]
    assert wrong
    for line in wrong:
        assert line["findings"] or {"blank", "not-applicable"} & set(line["planted"])
    for line in truth:
        failed = [finding for finding in line["findings"] if finding["outcome"] == "failed"]
        if not {"wrong-sum", "wrong-period"} & set(line["planted"]):
            assert failed == []
        for finding in failed:
            assert finding["expected"] != finding["actual"]
            assert finding["severity"] == ("warning" if finding["rule"].startswith("TXT") else "error")


def test_what_cannot_be_checked_is_said_once_for_each_rule_where_cells_are_blank(truth):
    said = [[finding for finding in line["findings"] if finding["outcome"] == "not_run"] for line in truth]
    assert any(said)
    for line, findings in zip(truth, said, strict=True):
        assert len({(finding["rule"], finding["table"]) for finding in findings}) == len(findings)
        assert not findings or {"blank", "not-applicable"} & set(line["planted"])
