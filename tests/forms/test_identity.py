from datetime import date

import pytest

from archive.documents.model import Document, Paragraph
from archive.forms.identity import (
    find_agency,
    find_contact,
    find_period,
    find_published,
    find_title,
    find_year,
    read_title,
    title_span,
)


@pytest.mark.parametrize(
    ("line", "agency", "year"),
    [
        ("南岗区工业信息科技局 2022 年政府信息公开工作年度报告", "南岗区工业信息科技局", 2022),
        ("哈尔滨市2020年政府信息公开工作报告", "哈尔滨市", 2020),  # the city's, without 年度
        ("木兰县住建局2023年度政府信息公开工作年度报告", "木兰县住建局", 2023),
        ("2021年度道里区审计局政府信息公开年报", "道里区审计局", 2021),
        ("哈尔滨市商务局2022年政府信息公开年度报告", "哈尔滨市商务局", 2022),
        ("２０２２年政府信息公开工作年度报告", "", 2022),
        ("哈尔滨市预算编审中心2022年政府信息公开工作年度报告", "哈尔滨市预算编审中心", 2022),
        ("道里区2019年信息公开年报", "道里区", 2019),
        ("2019年信息公开年报", "", 2019),
        ("2020年度信息公开工作报告", "", 2020),
        ("关于哈尔滨海关2022年政府信息公开工作年度报告", "哈尔滨海关", 2022),
        ("2019年阜新市彰武县政府办公室信息公开工作年度报告", "阜新市彰武县政府办公室", 2019),
        ("廣州市國資委2020年政府信息公開工作年度報告", "广州市国资委", 2020),
    ],
)
def test_titles_as_published_are_read(line, agency, year):
    title = read_title(line)
    assert (title.agency, title.year) == (agency, year)


@pytest.mark.parametrize(
    "line",
    [
        "关于做好2022年政府信息公开工作年度报告编制发布工作的通知",
        "南岗区2022年法治政府建设年度报告",
        "哈尔滨市财政局2022年部门决算公开",
        "政府信息公开指南（2022年）",
        "一图读懂2022年政府信息公开年报",
        "2022年政府工作报告",
        "按照《哈尔滨市人民政府办公厅2021年政府信息公开工作年度报告》要求",
        "为做好2021年政府信息公开工作年度报告",
        "根据要求。我局2021年政府信息公开工作年度报告如下",
        "今年12月“公开”2021年政府信息公开工作年度报告",
    ],
)
def test_what_is_listed_beside_reports_is_no_title(line):
    assert read_title(line) is None


def test_a_title_broken_over_two_lines_and_repeated_is_put_together():
    lines = [
        "木兰县审计局",
        "2021年政府信息公开工作年度报告",
        "木兰县审计局2021年政府信息公开工作年度报告",
        "现公布如下。",
    ]
    title = find_title(Document("html", tuple(map(Paragraph, lines))))
    assert (title.agency, title.year) == ("木兰县审计局", 2021)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("起止时间为 2022 年 1 月 1 日至 2022 年 12 月 31 日。", (date(2022, 1, 1), date(2022, 12, 31))),
        ("本报告统计期限自2023年1月1日起至12月31日止", (date(2023, 1, 1), date(2023, 12, 31))),
        ("所列数据的统计期限为2021年1月1日—2021年12月31日", (date(2021, 1, 1), date(2021, 12, 31))),
        ("2021年4月3日印发。统计期限为2021年1月1日至2021年12月31日", (date(2021, 1, 1), date(2021, 12, 31))),
        ("统计期限为2021年2月30日至2021年12月31日", None),
        ("全年公开信息12条", None),
        ("公示期为2023年1月5日至2023年1月12日", None),
        ("公示期为2023年1月5日至1月12日", None),
        ("上一年度统计期限为2021年1月1日至2021年12月31日", None),
        (
            "上年度数据统计期限为2021年1月1日至2021年12月31日。与上一年度相比,本报告统计期限为2022年1月1日至12月31日",
            (date(2022, 1, 1), date(2022, 12, 31)),
        ),
        ("自2022年1月1日起，至2022年12月31日止", (date(2022, 1, 1), date(2022, 12, 31))),
        ("数据期间2022.1.1-2022.12.31", (date(2022, 1, 1), date(2022, 12, 31))),
        ("统计期限从2023年1月1日至12月31止", (date(2023, 1, 1), date(2023, 12, 31))),
        ("本年度報告所列數據的統計期限為2017年1月1日至12月31日", (date(2017, 1, 1), date(2017, 12, 31))),
    ],
)
def test_the_period_is_the_one_the_text_states(text, period):
    assert find_period(text) == period


def test_the_contact_is_taken_apart():
    text = (
        "如对本报告有疑问，请联系哈尔滨市南岗区工业信息科技局办公室。地址：哈尔滨市南岗区大成街 52 号。邮编：150001。"
        "电话：0451-86212151。网址是：<http://xxgk.harbin.gov.cn>。电子邮箱：ngqgkj@163.com。"
    )
    assert find_contact([text]) == {
        "address": "哈尔滨市南岗区大成街52号",
        "postcode": "150001",
        "phone": "0451-86212151",
        "url": "http://xxgk.harbin.gov.cn",
        "email": "ngqgkj@163.com",
    }
    assert set(find_contact(["全年公开信息12条。"]).values()) == {None}


def test_contacts_end_where_they_end():
    text = "监督电话：0451-11111111。联系电话：0451-8470123\n邮箱：abc@163.com地址：大成街52号\n网址：http://www.harbin.gov.cn下载查阅"
    contact = find_contact([text])
    assert contact["phone"] == "0451-8470123"
    assert contact["email"] == "abc@163.com"
    assert contact["url"] == "http://www.harbin.gov.cn"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("地址：哈尔滨市南岗区大成街52号（邮编：150001）", "address", "哈尔滨市南岗区大成街52号"),
        ("地址：哈尔滨市南岗区大成街52号（", "address", "哈尔滨市南岗区大成街52号"),
        ("地址：大成街52号传真：0451-84701234", "address", "大成街52号"),
        ("邮箱地址：abc@163.com", "address", None),
        ("邮箱地址：abc@163.com", "email", "abc@163.com"),
        ("网站地址：www.harbin.gov.cn", "address", None),
        ("传真电话：0451-84701234", "phone", None),
        ("监督联系电话：0451-84701234", "phone", None),
        ("投诉电话：84701234，举报电话：84701235", "phone", None),
        ("电话：045184701234567", "phone", None),
        ("电话：84701234-84701235", "phone", "84701234"),
        ("网站：WWW.HARBIN.GOV.CN", "url", "WWW.HARBIN.GOV.CN"),
        ("联系电话\n0451-84701234", "phone", None),
        ("電話：84701234，電子信箱：a@sina.com", "phone", "84701234"),
        ("传真：85378206，电子信箱：cceic@sina.com", "email", "cceic@sina.com"),
        ("聯系地址:哈爾濱市世紀大道1號,郵編:150021", "address", "哈爾濱市世紀大道1號"),
    ],
)
def test_what_stands_beside_a_contact_is_not_taken_for_it(text, field, value):
    assert find_contact([text])[field] == value


def test_the_fuller_form_of_the_pages_title_names_the_agency():
    titles = "2022年政府信息公开工作年度报告\n南岗区2022年政府信息公开年报"
    line = "木兰县审计局2022年政府信息公开工作年度报告"
    title = find_title(Document("html", (Paragraph(line),), {"titles": titles}))
    assert (title.text, title.agency) == (line, "木兰县审计局")


def test_the_pages_own_title_decides_the_year():
    document = Document(
        "html",
        (Paragraph("木兰县审计局2022年政府信息公开工作年度报告"),),
        {"titles": "2022年政府信息公开工作年度报告\n南岗区2023年政府信息公开年报_哈尔滨市"},
    )
    title = find_title(document)
    assert (title.agency, title.year) == ("木兰县审计局", 2022)


def test_a_column_named_before_the_title_is_no_part_of_the_agency():
    title = read_title("【年度报告】道外区民政局2022年政府信息公开工作年度报告")
    assert title.agency == "道外区民政局"


def test_a_phone_that_is_a_fax_too_is_a_phone():
    assert find_contact(["电话/传真:0451-87654321,"])["phone"] == "0451-87654321"


@pytest.mark.parametrize(
    ("lines", "agency"),
    [
        # What pages show above the title: 白城 2025, 晋安区 2016, 下各镇 2023, 开远 2025.
        (["登录 | 注册", "白城市人民政府2025年政府信息公开工作年度报告"], "白城市人民政府"),
        (["政府信息公开", "福州市晋安区2025年政府信息公开工作年度报告"], "福州市晋安区"),
        (["组配分类 政府信息公开年报", "2025年下各镇政府信息公开工作年度报告"], "下各镇"),
        (["2025年", "索引号: ky/1", "发布机构: 市政府", "文号:", "发布日期: 2026-02-09", "时效性: 有效", "分类: 年报",
          "开远市2025年政府信息公开工作年度报告"], "开远市"),
        (["哈尔滨市南岗区", "教育局2025年政府信息公开工作年度报告"], "哈尔滨市南岗区教育局"),
        (["木兰县人民政府", "办公室2025年政府信息公开工作年度报告"], "木兰县人民政府办公室"),
        (["木兰县审计局", "2025年政府信息公开工作年度报告"], "木兰县审计局"),
    ],
)  # fmt: skip
def test_lines_above_the_title_are_a_part_of_it_only_where_it_is_broken(lines, agency):
    document = Document("text", tuple(map(Paragraph, [*lines, "本报告由六个部分组成。", "一、总体情况"])))
    title = find_title(document)
    assert (title.agency, title.year) == (agency, 2025)
    assert title_span(document, title) == len(lines)


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("现向社会公布沭阳县发展和改革局2023年度政府信息公开年度报告。", "沭阳县发展和改革局"),
        ("现编制形成了《海城市西柳镇人民政府2023年政府信息公开工作年度报告》。", "海城市西柳镇人民政府"),
        ("由北京市东城区审计局编制的2009年度政府信息公开年度报告。", "北京市东城区审计局"),
        ("现公布我局机关2022年政府信息公开工作年度报告", None),
    ],
)
def test_the_opening_names_the_agency(text, agency):
    assert find_agency(text) == agency


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("现公布我局2022年政府信息公开工作年度报告。2022年，我局公开信息20条。", 2022),
        ("从六个方面汇报我镇2023年政府信息公开工作。", 2023),
        ("《关于做好2023年政府信息公开工作年度报告编制的通知》", None),
        ("与2021年政府信息公开工作相比，2022年政府信息公开工作进展明显", None),
    ],
)
def test_the_year_is_the_one_the_opening_speaks_of(text, year):
    assert find_year(text) == year


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("发布日期：2020-01-31", "2020-01-31"),
        ("日期:2021-03-05 13:32 来源:", "2021-03-05"),
        ("来源：办公室 时间：2024年1月31日", "2024-01-31"),
        ("统计时间：2021年1月1日至2021年12月31日", None),
        ("成文日期 2024-01-16 更新时间：2024-02-01", None),
    ],
)
def test_the_day_of_publication_stands_in_the_lines_above(line, day):
    document = Document(
        "text", tuple(map(Paragraph, ["南岗区2020年政府信息公开年报", line, "一、总体情况", "日期：2000-01-01"]))
    )
    assert find_published(document) == day
