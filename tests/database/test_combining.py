"""A page and its files: parts put together, copies compared; and what only the archive can check."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.database.combining import Part, combine
from archive.forms.cells import CellReading
from archive.forms.report import Report, as_json
from archive.reading import read_bytes
from tests.database.test_build import CURRENT, Portal, report, rows
from tests.documents.test_docx import report as report_docx
from tests.forms import paper
from tests.forms.test_filling import REAL
from tests.forms.test_g3 import page as form_of_2019

TITLE = "南岗区教育局2023年政府信息公开工作年度报告"
ID = "nangangqu-jiaoyuju-2023"
VALUES = REAL["suqian_2023"]


@pytest.fixture
def portal(tmp_path):
    return Portal(tmp_path)


def table(number: int, values=None) -> bytes:
    noise = paper.Noise(random.Random(1), label_noise=False)
    values = values or VALUES
    made = {2: paper.table_two, 3: paper.table_three, 4: paper.table_four}[number](values, noise)
    tables = made if number == 2 else [made]
    whole = "".join(paper.table_html(rows, noise) for rows in tables)
    return f"<html><body><div id='zoom'>{whole}</div></body></html>".encode()


def attached(*files: bytes) -> list[tuple[str, bytes, dict]]:
    # Addresses in the reverse of the page's order.
    return [
        (f"{CURRENT}/files/{9 - place}.html", body,
         {"role": "attachment", "parent": CURRENT, "position": place, "name": f"表{place}.html"})
        for place, body in enumerate(files, 1)
    ]  # fmt: skip


def words_only() -> bytes:
    return f"""<html><h1>{TITLE}</h1><p>统计期限自2023年1月1日至2023年12月31日。</p><p>一、总体情况</p>
    <p>收到政府信息公开申请3511件。</p><p>二、主动公开政府信息情况</p><p>见附件。</p>
    <p>三、收到和处理政府信息公开申请情况</p><p>见附件。</p><p>六、其他需要报告的事项</p><p>未收取信息处理费。</p></html>""".encode()


def cells(db) -> dict:
    found = rows(db, f'SELECT "table", "row", "column", value, state FROM cells WHERE report_id = \'{ID}\'')
    return {tuple(cell[:3]): cell[3:] for cell in found}


def page_file(db) -> list[tuple]:
    return rows(db, 'SELECT severity, "table", "row", "column", message FROM findings WHERE rule = \'PAGE-FILE\'')


def true_cells() -> dict:
    return {key: (float(text) if "." in text else int(text), "number") for key, text in VALUES.items()}


def test_three_files_that_each_hold_a_table_are_one_report(portal):
    portal.serves((CURRENT, words_only(), {}), *attached(table(2), table(3), table(4)))
    db = portal.build()
    assert rows(db, "SELECT id, status, url, title, period_start FROM reports") == [
        (ID, "complete", CURRENT, TITLE, "2023-01-01")
    ]
    assert cells(db) == true_cells()
    assert page_file(db) == []
    assert rows(db, "SELECT key, value FROM statements") == [("request_received", 3511), ("processing_fee", 0)]
    assert rows(db, "SELECT key FROM sections ORDER BY position")[1:] == [
        ("overview",), ("active_disclosure",), ("requests",), ("other",),
    ]  # fmt: skip
    assert rows(db, "SELECT rule FROM findings WHERE outcome = 'failed'") == []
    assert rows(db, "SELECT DISTINCT outcome FROM captures") == [("report",)]
    assert rows(db, "SELECT count(*) FROM versions") == [(1,)]


def test_the_tables_of_the_form_of_2019_are_put_together_though_two_of_them_do_not_tell_it(portal):
    tables = re.findall(rb"<table>.*?</table>", form_of_2019(), re.DOTALL)
    assert len(tables) == 3
    whole = {(c["table"], c["row"], c["column"]): (c["value"], c["state"]) for c in read_bytes(form_of_2019())["cells"]}
    files = [b"<html><body><div id='zoom'>" + each + b"</div></body></html>" for each in tables]
    portal.serves((CURRENT, words_only().replace(b"2023", b"2019"), {}), *attached(*files))
    db = portal.build()
    assert rows(db, "SELECT form, status FROM reports") == [("g3", "complete")]
    found = rows(db, 'SELECT "table", "row", "column", value, state FROM cells')
    assert {tuple(cell[:3]): cell[3:] for cell in found} == whole


def test_a_part_that_is_missing_leaves_the_report_partial_and_says_which(portal):
    portal.serves((CURRENT, words_only(), {}), *attached(table(2), table(4)))
    db = portal.build()
    status, reason = rows(db, "SELECT status, status_reason FROM reports")[0]
    assert (status, "175" in reason, "缺 15" in reason) == ("partial", True, False)
    assert cells(db) == {key: value for key, value in true_cells().items() if key[0] != "requests"}


def test_parts_are_checked_against_each_other_once_they_are_together(portal):
    changed = {**VALUES, ("requests", "new_received", "total"): "3510"}
    portal.serves((CURRENT, words_only(), {}), *attached(table(2), table(3, changed), table(4)))
    found = rows(portal.build(), "SELECT rule FROM findings WHERE outcome = 'failed' ORDER BY id")
    assert found == [("T3-BAL",), ("T3-ROW",), ("TXT-REQ",)]


def test_parts_that_overlap_and_differ_are_believed_by_neither(portal):
    changed = {**VALUES, ("requests", "granted", "total"): "1"}
    portal.serves((CURRENT, words_only(), {}), *attached(table(3), table(3, changed), table(2), table(4)))
    db = portal.build()
    expected = {**true_cells(), ("requests", "granted", "total"): (None, "unreadable")}
    assert cells(db) == expected
    assert rows(db, "SELECT status FROM reports") == [("partial",)]
    ((severity, *place, message),) = page_file(db)
    assert (severity, place) == ("warning", ["requests", "granted", "total"])
    assert "「1191」" in message and "「1」" in message


def test_a_page_and_its_attachment_that_say_the_same_are_no_finding(portal):
    portal.serves(
        (CURRENT, report(), {}),
        (f"{CURRENT}/a.docx", report_docx(VALUES, paper.Noise(random.Random(1))),
         {"role": "attachment", "parent": CURRENT}),
    )  # fmt: skip
    db = portal.build()
    assert page_file(db) == []
    assert cells(db) == true_cells()


def test_a_page_and_its_attachment_that_disagree_are_told_apart_cell_by_cell_and_word_by_word(portal):
    changed = {**VALUES, ("requests", "granted", "natural_person"): "9", ("remedies", "review", "upheld"): "8"}
    portal.serves(
        (CURRENT, report(), {}),
        (f"{CURRENT}/a.html", report(changed).replace("全年公开信息12条".encode(), "全年公开信息21条".encode()),
         {"role": "attachment", "parent": CURRENT, "name": "年报.html"}),
    )  # fmt: skip
    db = portal.build()
    assert cells(db) == true_cells(), "the page speaks"
    ((severity, *place, message),) = page_file(db)
    assert (severity, place) == ("warning", [None, None, None])
    for words in ("年报.html", "共 2 格", "「1175」", "「9」", "「309」", "「8」", "全年公开信息"):
        assert words in message


def test_a_part_exchanged_later_is_a_new_version(portal):
    files = attached(table(2), table(3), table(4))
    portal.serves((CURRENT, words_only(), {}), *files)
    url, _, facts = attached(table(2), table(3), table(4))[2]
    portal.serves((url, table(4, {**VALUES, ("remedies", "review", "upheld"): "310"}), facts))
    db = portal.build()
    assert rows(db, "SELECT number FROM versions ORDER BY number") == [(1,), (2,)]
    assert cells(db)["remedies", "review", "upheld"] == (310, "number")


def served(portal: Portal, *pages: tuple[bytes, dict]) -> None:
    portal.serves(*((CURRENT.replace("c01_1", f"c01_{number}"), *page) for number, page in enumerate(pages)))


def test_a_report_is_late_after_the_day_the_law_names(portal):
    shown = [
        ("南岗区教育局", "2023", "2024-01-31"), ("南岗区财政局", "2023", "2024-02-01"),
        ("南岗区人民政府", "2023", "2024-03-31"), ("道里区人民政府", "2023", "2024-04-01"),
        # Before 2019 all bodies had until the end of March; townships have no day in law since.
        ("南岗区教育局", "2018", "2019-03-31"), ("南岗区财政局", "2018", "2019-04-01"),
        ("南岗区王岗镇人民政府", "2023", "2024-09-01"),
    ]  # fmt: skip
    served(portal, *((report(agency=body, year=year), {"listed": {"date": day}}) for body, year, day in shown))
    db = portal.build()
    assert rows(db, "SELECT count(*) FROM reports WHERE published_on IS NOT NULL") == [(len(shown),)]
    found = rows(db, "SELECT report_id, severity, expected, actual FROM findings WHERE rule = 'DEADLINE' ORDER BY 1")
    assert found == [
        ("daoliqu-renminzhengfu-2023", "info", "2024-03-31", "2024-04-01"),
        ("nangangqu-caizhengju-2018", "info", "2019-03-31", "2019-04-01"),
        ("nangangqu-caizhengju-2023", "info", "2024-01-31", "2024-02-01"),
    ]


def test_a_text_copied_from_another_body_names_it(portal):
    named = {
        ("南岗区教育局", "哈尔滨市南岗区教育局"): False, ("南岗区财政局", "南岗区财政局"): False,
        ("南岗区司法局", "南岗区财政局"): True, ("南岗区民政局", "道里区民政局"): True,
    }  # fmt: skip
    pages = []
    for title, text in named:
        opening = f"<p>统计期限自2023年1月1日至2023年12月31日。现将{text}2023年政府信息公开工作情况公布如下。</p>"
        page = report(agency=title).decode().replace("<p>统计期限自2023年1月1日至2023年12月31日。</p>", opening)
        pages.append((page.encode(), {}))
    served(portal, *pages)
    found = rows(
        portal.build(),
        "SELECT agency_in_title, agency_in_text, EXISTS (SELECT 1 FROM findings WHERE report_id = reports.id"
        " AND rule = 'NAME') FROM reports",
    )
    assert {(title, text): bool(told) for title, text, told in found} == named


def _text(year: int, *changes: tuple[str, str]) -> str:
    numbers = "一二三四五六七八九十"
    lines = [f"{year}年第{n}项工作由办公室牵头，{'会同各科室' * (place + 1)}推进，完成{year % 7}件。"
             for place, n in enumerate(numbers)]  # fmt: skip
    text = "".join(lines) * 2
    for old, new in changes:
        text = text.replace(old, new)
    return text


def test_words_copied_from_last_year_are_found_whatever_year_they_name(portal):
    for year, url in (("2022", CURRENT), ("2023", CURRENT.replace("c01_1", "c01_2"))):
        values = REAL["suqian_2023" if year == "2022" else "suqian_2024"]
        page = report(values, year=year).decode().replace("全年公开信息12条。", _text(int(year)))
        portal.serves((url, page.encode(), {}))
    found = rows(portal.build(), "SELECT report_id, severity, message FROM findings WHERE rule = 'COPY'")
    assert [(each[0], each[1]) for each in found] == [(ID, "warning")]
    assert "文字与上年报告相同" in found[0][2]


PLACES = sorted(true_cells())


def part(cells: dict) -> dict:
    """The line of a file that shows these cells alone."""
    shown = tuple(CellReading(*place, value, "number", str(value), "1/1/1") for place, value in cells.items())
    return as_json(Report("partial", form="g4", cells=shown), {"sha256": "", "reader": "html"}, [])


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_whatever_parts_a_form_is_cut_into_no_cell_is_lost_or_believed_against_another(data):
    owners = data.draw(st.lists(st.sets(st.integers(0, 3), max_size=4), min_size=200, max_size=200))
    wrong = data.draw(st.sets(st.tuples(st.integers(0, 199), st.integers(0, 3)), max_size=5))
    files: list[dict] = [{} for _ in range(4)]
    expected = {}
    for number, (place, who) in enumerate(zip(PLACES, owners, strict=True)):
        said = {owner: number + 1000 * ((number, owner) in wrong) for owner in who}
        for owner, value in said.items():
            files[owner][place] = value
        if said:
            expected[place] = said.popitem()[1] if len(set(said.values())) == 1 else None
    combined = combine([Part(f"{number}.jpg", part(cells)) for number, cells in enumerate(files)])
    found = {(cell["table"], cell["row"], cell["column"]): cell["value"] for cell in combined.line["cells"]}
    assert found == expected
    whole = len(expected) == 200 and None not in expected.values()
    assert combined.line["status"] == ("complete" if whole else "partial")
    told = [finding for finding in combined.line["findings"] if finding["rule"] == "PAGE-FILE"]
    assert bool(told) == (None in expected.values())
