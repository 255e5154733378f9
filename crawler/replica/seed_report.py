"""The one report rebuilt from a real one: its body, year, contact, dates and tables, in other words."""

from __future__ import annotations

from datetime import date, datetime

from archive.agencies.registry import registry
from crawler.replica.bodies import SEED_AGENCY, SEED_YEAR
from crawler.replica.form import g4
from crawler.replica.prose import full_name, prose
from crawler.replica.report import BEIJING, Layout, Report, Section


def seed_report() -> Report:
    """Return the report of 南岗区工业信息科技局 for 2022: all 200 cells 0, spaces round the year as printed.

    When it was published is not known; the day is made up.
    """
    agency = registry().resolve(SEED_AGENCY)
    words = prose()["seed"]
    values = {"agency": SEED_AGENCY, "year": SEED_YEAR, "full": full_name(agency)}
    told = {
        "address": "哈尔滨市南岗区大成街52号",
        "postcode": "150001",
        "phone": "0451-86212151",
        "url": "http://xxgk.harbin.gov.cn",
        "email": None,
    }
    sections = (
        Section("preamble", "", (words["preamble"].format(**values),)),
        Section("overview", "一、总体情况", tuple(text.format(**values) for text in words["overview"])),
        Section("active_disclosure", "二、政府信息主动公开情况"),
        Section("requests", "三、收到和处理政府信息公开申请情况"),
        Section("remedies", "四、政府信息公开行政复议、行政诉讼情况"),
        Section("problems", "五、存在的主要问题及改进情况", tuple(words["problems"])),
        Section("other", "六、其他需要报告的事项", (words["other"],)),
    )
    return Report(
        agency=agency,
        year=SEED_YEAR,
        title=f"{SEED_AGENCY} {SEED_YEAR} 年政府信息公开工作年度报告",
        title_agency=SEED_AGENCY,
        published=datetime(2023, 1, 20, 9, 12, tzinfo=BEIJING),
        period=(date(SEED_YEAR, 1, 1), date(SEED_YEAR, 12, 31)),
        contact=told,
        sections=sections,
        says={"received": 0},
        cells=dict.fromkeys(g4().cell_keys(), "0"),
        layout=Layout(paste="word", requests="seed", disclosure="one", noise=("seed",)),
        attachment=True,
    )
