"""Numbers in sentences: exactly what they say of the report's own year and body, or nothing at all."""

from __future__ import annotations

import cn2an
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.documents.model import Document, Paragraph
from archive.forms.headings import SectionText
from archive.forms.narrative import read_statements, statement_keys
from archive.forms.report import read_report
from archive.reading import read_bytes

BODY = "哈尔滨市教育局"


def read(text: str, *, year: int = 2011, agency: str = BODY, key: str = "overview", heading: str = "一、概述"):
    return read_statements([SectionText(key, heading, text)], year, agency)


def said(text: str, **where) -> list[tuple]:
    return [(found.key, found.value) for found in read(text, **where)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2011年，我局共收到政府信息公开申请12件，其中当面申请3件、网络申请5件，信函申请4件。",
            [("request_received", 12), ("request_in_person", 3), ("request_online", 5), ("request_letter", 4)],
        ),
        (
            "全年主动公开政府信息1,234条，其中通过政府网站公开信息1100条、政务微博公开信息134条。",
            [("active_total", 1234), ("active_website", 1100), ("active_weibo", 134)],
        ),
        (
            "收到政府信息公开申请12件。其中同意公开8件，占66.7%；同意部分公开2件；不予公开2件（涉及国家秘密1件）。",
            [("request_received", 12), ("answer_granted", 8), ("answer_partial", 2), ("answer_denied", 2)],
        ),
        (
            "全年新收政府信息公开申请56件，上年结转3件，办结50件，结转下年度9件。",
            [("new_received", 56), ("carried_in", 3), ("request_closed", 50), ("carried_out", 9)],
        ),
        ("2011年收到政府信息公开申请5件（含上年结转1件），同比下降50%。", [("request_received", 5), ("carried_in", 1)]),
        (
            "我局从事政府信息公开工作人员3人，其中专职人员0人，兼职人员3人。",
            [("capacity_staff", 3), ("capacity_staff_full", 0), ("capacity_staff_part", 3)],
        ),
        # As 上海市政府办公厅 words it in its report of 2019.
        (
            "共受理政府信息公开申请859件，申请数量较去年回落12.3%；予以公开及部分公开258件，占33.9%；不予公开35件。",
            [("request_received", 859), ("granted_or_partial", 258), ("answer_denied", 35)],
        ),
        (
            "全年依申请公开受理政府信息公开申请12件，其中予以公开5件。",
            [("request_received", 12), ("answer_granted", 5)],
        ),
        ("共受理依申请公开政府信息十二件，均已答复。", [("request_received", 12)]),
        ("公开政府信息二千三百一十五条。", [("active_total", 2315)]),
        ("二○一一年，本机关收到政府信息公开申请１２件。", [("request_received", 12)]),
        ("2011年1月1日至12月31日，共收到政府信息公开申请5件。", [("request_received", 5)]),
        ("收取检索、复制、邮寄等费用共计120.5元。", [("request_fees", 120.5)]),
        ("投入政府信息公开专项经费5万元。", [("capacity_budget", 5)]),
        (
            "向市档案馆、图书馆报送文件35份，废止规范性文件6件。",
            [("documents_deposited", 35), ("normative_repealed", 6)],
        ),
        ("设立政府信息公开查阅点3个，查阅点接待群众20人次。", [("capacity_reading_points", 3), ("reading_visits", 20)]),
        (
            "2011年累计主动公开政府信息500条，其中：网站公开480条，其他形式公开20条。",
            [("active_total", 500), ("active_website", 480), ("active_other_channel", 20)],
        ),
        (
            "收到政府信息公开申请9件。在已答复的申请中：“同意公开”答复5件，“信息不存在”3件。",
            [("request_received", 9), ("answer_granted", 5), ("answer_not_exist", 3)],
        ),
        ("因政府信息公开引起的行政复议3件，行政诉讼1件。", [("review_total", 3), ("litigation_total", 1)]),
        # After real reports of other places.
        (
            "2011年，我局通过门户网站和其他信息公开渠道主动公开政府信息2398条，其中全文电子化率达100%。",
            [("active_total", 2398)],
        ),
        ("2011年共整理、录入、发布14条主动公开政府信息。", [("active_total", 14)]),
        ("我局通过市教育局政务外网及市政府门户网站主动发布信息总量达200条，其中动态129条。", [("active_website", 200)]),
        (
            "主动公开政府信息217条，其中，门户网站公开125条，微信公众号公开92条。",
            [("active_total", 217), ("active_website", 125), ("active_wechat", 92)],
        ),
        (
            "“哈尔滨教育”微信公众号发布信息576条，“哈尔滨教育”微博账号发布信息168条。",
            [("active_wechat", 576), ("active_weibo", 168)],
        ),
        (
            "市教育局主动公开政府信息348条，其中市教育局门户网站主动公布各类信息100条，官方微信发布46条，"
            "官方微博转载发布202条。",
            [("active_total", 348), ("active_website", 100), ("active_wechat", 46), ("active_weibo", 202)],
        ),
        ("2011年1-12月，在“哈尔滨市政府门户网站”共发布信息6条。", [("active_website", 6)]),
        (
            "收到政府信息依申请公开6件，2件为网络申请，4件为信件申请。",
            [("request_received", 6), ("request_online", 2), ("request_letter", 4)],
        ),
        ("及时转载更新市场监督管理部门的法规28部。制发规范性文件4件。", [("normative_issued", 4)]),
        ("2011年，我局收到12起政府信息依申请公开，均严格按时限办理。", [("request_received", 12)]),
        ("全年共收到依申请公开共9件，全部及时办理。", [("request_received", 9)]),
        (
            "共完成政府信息公开申请答复1453件，包括上年结转信息公开申请30件。其中，予以公开答复966件，占66.48%；"
            "无法提供的182件，占12.53%；其他处理96件。",
            [
                ("request_answered", 1453),
                ("carried_in", 30),
                ("answer_granted", 966),
                ("unavailable", 182),
                ("other_processed", 96),
            ],
        ),
        (
            "收到政府信息公开申请44件（网上42件，邮寄2件），办结39件，5件结转到2012年度继续办理。",
            [
                ("request_received", 44),
                ("request_online", 42),
                ("request_letter", 2),
                ("request_closed", 39),
                ("carried_out", 5),
            ],
        ),
        (
            "收到政府信息公开申请1046件。其中，通过委官方网站提交申请表的862件；通过信函提交申请的171件；当面提交13件。",
            [("request_received", 1046), ("request_online", 862), ("request_letter", 171), ("request_in_person", 13)],
        ),
        ("政府信息公开行政复议1件（申请人撤回结案）、行政诉讼0件。", [("review_total", 1), ("litigation_total", 0)]),
        (
            "根据《条例》要求，我局为政府信息公开工作专门配备了2名全职工作人员，0名兼职工作人员。",
            [("capacity_staff_full", 2), ("capacity_staff_part", 0)],
        ),
        ("根据《2010年政务公开工作要点》（国办发〔2010〕32号），主动公开政府信息50条。", [("active_total", 50)]),
    ],
)
def test_plain_sentences_give_their_numbers(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("2011年未收到政府信息公开申请。", ["request_received"]),
        ("2011年未收到依申请公开的情况。", ["request_received"]),
        ("本年度没有收到公民、法人和其他组织提出的政府信息公开申请。", ["request_received"]),
        ("2011年没有接到公开申请。", ["request_received"]),
        ("未发生因政府信息公开申请行政复议、提起行政诉讼的情况。", ["review_total", "litigation_total"]),
        ("2011年，我局无行政复议、行政诉讼案件。", ["review_total", "litigation_total"]),
        ("没有发生针对政府信息公开的行政复议和行政诉讼案件。", ["review_total", "litigation_total"]),
        ("我局政府信息公开未收取任何费用。", ["request_fees"]),
        ("本年度未收取信息处理费。", ["processing_fee"]),
        ("本年度没有收取信息处理费的情况。", ["processing_fee"]),
        ("2011年、未收到依申请公开政府信息情况。", ["request_received"]),
        ("2011年，未收到申请。", []),
        ("我局2011年未收到公民、法人或其他组织的依申请公开诉求。", ["request_received"]),
        ("收到行政复议0件。", ["review_total"]),
        ("2011年，未发生政府信息公开行政复议、起诉。", ["review_total", "litigation_total"]),
        ("本年度未接收到公民、法人或其他组织提出的政府信息公开申请。", ["request_received"]),
        ("2011年度未收到行政复议、提起行政诉讼的申请。", ["review_total", "litigation_total"]),
        ("未出现被行政诉讼、行政复议情况。", ["review_total", "litigation_total"]),
        ("年度无行政复议、行政诉讼的情况发生。", ["review_total", "litigation_total"]),
        (
            "没有发生因政府信息公开工作引发举报、投诉、行政复议或行政诉讼等事件。",
            ["review_total", "litigation_total", "complaints"],
        ),
        ("2011年，我局在办理依申请公开工作中，未向申请人收取费用。", ["request_fees"]),
        ("我局未收取任何政府信息公开费用。", ["request_fees"]),
        ("我局没有向依申请公开对象收取复印、传真、递送等任何费用。", ["request_fees"]),
        ("也无因政府信息公开申请行政复议、提起行政诉讼的案件。", ["review_total", "litigation_total"]),
    ],
)
def test_words_for_nothing_are_zero_with_those_words_as_evidence(text, keys):
    found = read(text)
    assert [(each.key, each.value) for each in found] == [(key, 0) for key in keys]
    assert all(each.raw in text and each.sentence == text for each in found)


@pytest.mark.parametrize(
    "text",
    [
        # Several readings, or none.
        "共受理政府信息公开申请近百件。", "共受理政府信息公开申请数十件。", "共受理政府信息公开申请三四件。",
        "收到政府信息公开申请5至8件。", "收到政府信息公开申请5—8件。", "收到政府信息公开申请不足10件。",
        "收到政府信息公开申请不少于10件。", "收到政府信息公开申请1 2件。", "收到政府信息公开申请①件。",
        "收到政府信息公开申请12，100%办结。", "收到政府信息公开申请5.5件。", "收到政府信息公开申请-5件。",
        "公开政府信息一百二条。", "共主动公开政府信息1,23条。", "收到政府信息公开申请占总数的5%。",
        # Another time, a plan, an average, a rank.
        "2010年上半年，收到政府信息公开申请5件。", "一季度，主动公开政府信息50条，二季度60条。",
        "1-6月，主动公开政府信息50条。", "自2008年条例施行以来，累计收到政府信息公开申请50件。",
        "2012年，我局计划主动公开政府信息500条。", "每月主动公开政府信息50条。", "2009年，收到政府信息公开申请4件。",
        "要求各科室每年主动公开政府信息不少于20条。", "主动公开政府信息条目数量在全市排名第5位。",
        "2009年我局开通网站。共主动公开政府信息50条。",
        # A sum over the years, by its words or by its part.
        "我局累计主动公开政府信息500条。", "主动公开政府信息累计500条。", "共主动公开政府信息500条，其中，2011年公开政府信息100条。",
        "共主动公开政府信息500条（其中本年度100条）。",
        # Comparisons.
        "比去年增加5件，同比增长20%。", "与2010年相比，收到政府信息公开申请增加3件。", "比上年多收到政府信息公开申请3件。",
        # Other bodies.
        "市公安局收到政府信息公开申请300件。", "其中，沭阳县收到政府信息公开申请500件。",
        "南岗区教育局主动公开政府信息50条。", "沭阳县高度重视，收到政府信息公开申请500件。",
        "全市共收到政府信息公开申请3607件。", "收到政府信息公开申请5件（不含街道办事处）。",
        # Other things.
        "收到行政许可申请500件，其中网上申请400件。", "全年办理行政复议案件120件，行政应诉案件30件。",
        "受理行政复议申请300件。", "行政事业性收费5万元。", "培训人员150人次。", "除收到政府信息公开申请3件外，未收到其他申请。",
        # Received and answered, but no requests.
        "收到12345热线工单500件，办结500件。", "处理网民留言300条，已答复300件。",
        # Information sorted by how public it is, not requests by their answers.
        "共制作政府信息3021条，其中依申请公开信息459条，不予公开信息1535条。",
        # A part of those who asked, and one site of two.
        "其中收到企业政府信息公开申请3件。", "未收到法人提出的政府信息公开申请。",
        "在政府网站公开信息130条，在民政网站公开信息446条。",
        "收到公民政府信息公开申请3件，收到法人政府信息公开申请2件。",
        # Of whom the first number is said comes after the second.
        "予以公开5件、6件分别为企业和个人。",
        # Others' accounts; and what are the ways at present, of which no time is certain.
        "各学校微信公众号发布300条。", "市公安局微信公众号发布信息300条。", "抖音公众号发布稿件165条。",
        "目前，公开渠道主要包括网站和微信公众号等，其中，微信公众号公开92条。",
        # What should have been made public; what was carried in by another year's words; more than anybody counts.
        "应主动公开政府信息300条。", "结转到2011年办理3件。", "公开政府信息1234567890123条。",
        # Not nothing.
        "并非没有收到政府信息公开申请。", "没有收到对政府信息公开申请逾期未答复的投诉。", "未收到不予公开的申请。",
        "未发生因政府信息公开申请行政复议被纠错的情况。", "未收到政府信息公开申请以外的来信。",
    ],
)  # fmt: skip
def test_what_is_doubtful_or_of_something_else_is_not_taken(text):
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("主动公开政府信息5500余条。", 5500), ("主动公开政府信息约1200条。", 1200), ("主动公开政府信息18万余条。", 180_000),
        ("主动公开政府信息1.2万条。", 12_000), ("主动公开政府信息五千多条。", 5000), ("主动公开政府信息10条以上。", 10),
        ("主动公开政府信息10条左右。", 10), ("主动公开政府信息近300条。", 300), ("主动公开政府信息十余条。", 10),
    ],
)  # fmt: skip
def test_rough_numbers_say_that_they_are(text, value):
    assert [(found.value, found.approximate) for found in read(text)] == [(value, True)]


def test_the_year_before_and_sums_to_date_are_never_this_years():
    text = (
        "截至2011年底，累计主动公开政府信息5500条。2010年，我局收到政府信息公开申请8件。2011年收到政府信息公开申请9件。"
    )
    assert [(found.key, found.value, found.time) for found in read(text)] == [
        ("active_total", 5500, "to_date"),
        ("request_received", 8, "year_before"),
        ("request_received", 9, "year"),
    ]


def test_a_government_speaks_for_its_area_and_its_counties_shares_are_not_its_own():
    # After 宿迁 2023: the city's 3607 and each county's share of it.
    text = "2023年，全市各级行政机关共收到政府信息公开申请3607件，其中沭阳县收到政府信息公开申请500件，泗阳县300件。"
    assert said(text, year=2023, agency="宿迁市人民政府") == [("request_received", 3607)]


def test_a_name_cut_short_is_the_bodys_own_and_a_longer_bodys_is_not():
    ours = {"agency": "南岗区工业信息科技局", "year": 2022}
    assert said("2022年，区工科局收到政府信息公开申请5件。", **ours) == [("request_received", 5)]
    assert said("哈尔滨市南岗区工业信息科技局收到政府信息公开申请5件。", **ours) == [("request_received", 5)]
    for other in ("市工业和信息化局", "道里区工业信息科技局", "哈尔滨市工业信息科技局"):
        assert said(f"{other}收到政府信息公开申请5件。", **ours) == []


def test_other_things_received_and_answered_after_requests_are_not_of_requests():
    there = {"key": "requests", "heading": "三、依申请公开政府信息情况"}
    assert said("收到政府信息公开申请5件，收到群众来信500件，已答复500件。", **there) == [("request_received", 5)]
    assert said("收到政府信息公开申请5件。处理网民留言300条，答复300条。", **there) == [("request_received", 5)]
    assert said("行政复议3件，办结3件。", **there) == []
    assert said("收到政府信息公开申请5件，制作宣传册300份，答复300份。", **there) == [("request_received", 5)]
    assert said("收到政府信息公开申请12件，涉及土地征收8件，已办结11件。", **there) == [
        ("request_received", 12), ("request_closed", 11),
    ]  # fmt: skip


def test_last_years_story_goes_on_until_this_year_is_named():
    text = "2010年我局成立领导小组。为此配备了6名政府信息公开兼职工作人员。"
    assert said(text) == []
    assert said(text + "2011年主动公开政府信息50条。") == [("active_total", 50)]


@pytest.mark.parametrize(
    ("agency", "text"),
    [
        ("五常市民意乡人民政府", "民意乡收到政府信息公开申请5件。"),
        ("五常市民意乡人民政府", "2011年，民意乡政府收到政府信息公开申请5件。"),
        ("道里区经纬街道办事处", "街道收到政府信息公开申请5件。"),
        ("道里区经纬街道办事处", "我区经纬街道办事处收到政府信息公开申请5件。"),
        ("南岗区国有资产监督管理局", "区政府国资局收到政府信息公开申请5件。"),
        ("哈尔滨市卫生健康委员会", "市卫生健康委收到政府信息公开申请5件。"),
        ("哈尔滨市南岗区人民政府", "南岗区共收到政府信息公开申请5件。"),
        ("哈尔滨市南岗区人民政府", "全区各职能部门、镇街共收到政府信息公开申请5件。"),
    ],
)
def test_a_body_is_known_by_the_short_names_its_kind_goes_by(agency, text):
    assert said(text, agency=agency) == [("request_received", 5)]


@pytest.mark.parametrize(
    ("agency", "text"),
    [
        ("五常市民意乡人民政府", "五常市收到政府信息公开申请5件。"),
        ("五常市民意乡人民政府", "民意乡中心校收到政府信息公开申请5件。"),
        ("五常市人民政府", "五常市教育局收到政府信息公开申请5件。"),
        ("哈尔滨市南岗区人民政府", "区政府办公室收到政府信息公开申请5件。"),
        ("哈尔滨市南岗区人民政府", "各街道收到政府信息公开申请5件。"),
        ("哈尔滨市南岗区人民政府", "哈尔滨市收到政府信息公开申请5件。"),
        ("哈尔滨市教育局", "街道收到政府信息公开申请5件。"),
    ],
)
def test_what_governs_a_body_or_belongs_to_it_is_another(agency, text):
    assert said(text, agency=agency) == []


def test_any_information_fee_is_the_processing_fee_only_since_there_is_one():
    assert said("本年度无收取信息费情况。", year=2022) == [("processing_fee", 0)]
    assert said("本年度未收取政府信息公开费用。", year=2014) == [("request_fees", 0)]


def test_results_belong_to_the_case_named_last_and_to_none_when_two_are():
    there = {"key": "remedies", "heading": "四、复议诉讼"}
    text = "行政复议3件，其中维持2件，纠正1件；行政诉讼2件，其中驳回2件。"
    assert said(text, **there) == [
        ("review_total", 3), ("review_upheld", 2), ("review_corrected", 1),
        ("litigation_total", 2), ("litigation_upheld", 2),
    ]  # fmt: skip
    assert said("行政复议3件，行政诉讼1件，其中维持1件。", **there) == [("review_total", 3), ("litigation_total", 1)]


def test_lines_a_page_break_cut_are_read_as_one_and_digits_on_both_sides_are_not():
    assert said("（二）依申请公开情况\n全年共收到政府信息公开\n申请5件。\n1.当面申请2件；\n2.网上申请3件。") == [
        ("request_received", 5), ("request_in_person", 2), ("request_online", 3),
    ]  # fmt: skip
    assert said("全年共收到政府信息公开申请1\n2件。") == []


def test_the_evidence_is_the_sentence_as_printed():
    found = read("工作扎实开展。全年主动公开政府信息 １，２３４ 条，占八成。另有工作。")
    assert [(each.raw, each.sentence, each.unit) for each in found] == [
        ("１，２３４ 条", "全年主动公开政府信息 １，２３４ 条，占八成。", "条")
    ]


def test_a_narrative_report_gives_statements_and_no_cells():
    page = """<html><body><h1>哈尔滨市教育局2011年政府信息公开工作年度报告</h1><p>一、概述</p>
    <p>2011年，我局认真贯彻条例。</p><p>二、主动公开政府信息情况</p><p>全年主动公开政府信息320条。</p>
    <p>三、依申请公开政府信息情况</p><p>全年未收到政府信息公开申请。</p>
    <p>四、政府信息公开行政复议、行政诉讼情况</p><p>未发生行政复议、行政诉讼案件。</p>
    <p>五、存在的主要问题及改进情况</p><p>2012年，力争主动公开政府信息500条。</p></body></html>"""
    line = read_bytes(page.encode())
    assert (line["status"], line["cells"]) == ("narrative", [])
    assert [(each["key"], each["value"], each["section"]) for each in line["statements"]] == [
        ("active_total", 320, "active_disclosure"), ("request_received", 0, "requests"),
        ("review_total", 0, "remedies"), ("litigation_total", 0, "remedies"),
    ]  # fmt: skip


NUMBERS = st.integers(0, 12_000_000)
SPELLINGS = {
    "plain": str,
    "full": lambda number: str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "grouped": lambda number: f"{number:,}",
    "chinese": lambda number: cn2an.an2cn(number) if 0 < number < 10_000 else str(number),
}
# The number asked for, its key, in words that are all understood.
PLAIN = [
    ("request_received", "2011年，我局共收到政府信息公开申请{}件"), ("request_received", "全年受理政府信息公开申请{}件"),
    ("active_total", "本年度主动公开政府信息{}条"), ("active_website", "通过政府网站公开信息{}条"),
    ("request_closed", "办结政府信息公开申请{}件"), ("training_meetings", "召开政府信息公开工作会议{}次"),
    ("carried_in", "上年结转政府信息公开申请{}件"), ("normative_issued", "制发规范性文件{}件"),
]  # fmt: skip
# Clauses with numbers of something else.
NOISE = [
    "比去年增加{}件", "同比增长{}%", "占总数的{}%", "办理人大代表建议{}件", "接待来访群众{}人", "全市排名第{}位",
    "市公安局收到政府信息公开申请{}件", "在职人员{}人", "发放宣传单{}份", "其中{}件涉及土地征收",
    "计划明年主动公开政府信息{}条", "道里区教育局主动公开政府信息{}条", "超过上年的{}件",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    number=NUMBERS,
    others=st.lists(st.tuples(st.sampled_from(NOISE), NUMBERS), max_size=4),
    form=st.sampled_from(PLAIN),
    spelling=st.sampled_from(sorted(SPELLINGS)),
    stop=st.sampled_from("，；。"),
    first=st.booleans(),
)
def test_a_sentence_gives_back_its_number_and_never_one_of_those_around_it(number, others, form, spelling, stop, first):
    key, words = form
    clause = words.format(SPELLINGS[spelling](number))
    noise = [text.format(other) for text, other in others]
    found = said(stop.join([clause, *noise] if first else [*noise, clause]) + "。")
    assert set(found) <= {(key, number)}
    if first:
        assert found == [(key, number)]


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="2011年我局共收到政府信息公开申请件条，。、；（）0123456789十百万余约其中未没有至%", max_size=60)
)
def test_any_text_is_read_without_failing_and_every_number_stands_in_it(text):
    for found in read(text):
        assert found.raw in text and found.sentence in text
        assert found.key in statement_keys()
        assert found.value >= 0


def test_every_statement_has_a_meaning_in_both_languages():
    assert all(entry["zh"] and entry["en"] for entry in statement_keys().values())


def test_numbers_of_sentences_recognised_in_a_picture_are_not_taken():
    said = (Paragraph("南岗区教育局2023年政府信息公开工作年度报告"), Paragraph("一、总体情况"),
            Paragraph("2023年，我局共收到政府信息公开申请18件。"))  # fmt: skip
    assert [statement.value for statement in read_report(Document("docx", said)).statements] == [18]
    assert read_report(Document("ocr", said, recognised=True)).statements == ()


@pytest.mark.parametrize(
    ("agency", "written", "own"),
    [
        ("哈尔滨市人民政府办公厅", "市政府办公厅代表市政府", True),
        ("宾县人民政府办公室", "县政府办公室", True),
        ("五常市人民政府办公室", "市政府办公室", True),
        ("上海市人民政府办公厅", "市政府办公厅代表市政府", True),
        ("南岗区人民政府办公室", "市政府办公室", False),
        ("南岗区教育局", "区政府办公室", False),
    ],
)
def test_a_body_that_calls_itself_by_its_level_is_itself(agency, written, own):
    found = said(f"{written}共受理政府信息公开申请859件。", agency=agency)
    assert found == ([("request_received", 859)] if own else [])
