import pytest

from crawler.titles import DOUBTFUL, OTHER, REPORT, kind_of, year_of

REPORTS = [
    "哈尔滨市2020年政府信息公开工作报告",
    "南岗区工业信息科技局2022年政府信息公开工作年度报告",
    "花园街道办事处 2021年度政府信息公开年报",
    "通江街道２０２１年政府信息公开工作年度报告",
    "经纬街道2022年政府信息公开工作年度报告（2023-01-20）",
    "五常市民意乡2021年度政府信息公开工作年度报告…",
    "市财政局预算编审中心2022年政府信息公开工作年度报告",
    "市政府办公厅政府信息公开情况年度报告",
    "某局2022年信息公开工作年报",
]
OTHERS = [
    "道里区政府信息公开指南",
    "市财政局2022年法治政府建设年度报告",
    "市财政局2022年度部门决算",
    "市财政局2023年部门预算",
    "关于做好2022年政府信息公开工作年度报告编制和发布工作的通知",
    "一图读懂：道里区2022年政府信息公开工作年度报告",
    "《道里区2022年政府信息公开工作年度报告》政策解读",
    "道里区人民政府网站工作年度报表（2022年度）",
    "市财政局关于2023年政务公开工作要点的落实分工",
    "市财政局政府信息主动公开基本目录（2023年版）",
]


@pytest.mark.parametrize("title", REPORTS)
def test_a_reports_title_is_one_in_any_column(title):
    assert kind_of(title, in_report_column=False) == REPORT


@pytest.mark.parametrize("title", OTHERS)
def test_what_is_listed_beside_reports_is_none_even_in_a_report_column(title):
    assert kind_of(title, in_report_column=True) == OTHER


@pytest.mark.parametrize("title", ["", "零报告", "某局2021年度报告", "南岗区花园街道办事处2021年政府信息公开工..."])
def test_a_title_that_says_too_little_is_fetched_from_a_report_column_only(title):
    assert kind_of(title, in_report_column=True) == DOUBTFUL
    assert kind_of(title, in_report_column=False) == OTHER


@pytest.mark.parametrize(
    ("title", "column", "year"),
    [
        ("甲局2022年政府信息公开工作年度报告", "政府信息公开年报 > 2021年", 2022),
        ("政府信息公开工作年度报告", "政府信息公开年报 > 2021年 > 部门", 2021),
        ("甲局２０２０年度报告", "", 2020),
        ("年度报告", "部门", None),
    ],
)
def test_the_title_names_the_year_before_the_column_does(title, column, year):
    assert year_of(title, column) == year
