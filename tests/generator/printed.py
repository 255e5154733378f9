"""What the printed forms say: their rows and columns, generation by generation."""

from __future__ import annotations

from tests.forms import paper
from tests.forms.paper import Key

# The statistics table of 2014 to 2018: depth, label, unit, key (None: heads a block, without a number).
G2_ROWS = [
    (0, "一、主动公开情况", "", None),
    (1, "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", "active_total"),
    (2, "其中：主动公开规范性文件数", "条", "active_normative"),
    (2, "制发规范性文件总数", "件", "normative_issued"),
    (1, "（二）通过不同渠道和方式公开政府信息的情况", "", None),
    (2, "1.政府公报公开政府信息数", "条", "active_gazette"),
    (2, "2.政府网站公开政府信息数", "条", "active_website"),
    (2, "3.政务微博公开政府信息数", "条", "active_weibo"),
    (2, "4.政务微信公开政府信息数", "条", "active_wechat"),
    (2, "5.其他方式公开政府信息数", "条", "active_other_channel"),
    (0, "二、回应解读情况", "", None),
    (1, "（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）", "次", "response_hot_issues"),
    (1, "（二）通过不同渠道和方式回应解读的情况", "", None),
    (2, "1.参加或举办新闻发布会总次数", "次", "response_press_conf"),
    (3, "其中：主要负责同志参加新闻发布会次数", "次", "response_press_conf_leader"),
    (2, "2.政府网站在线访谈次数", "次", "response_interviews"),
    (3, "其中：主要负责同志参加政府网站在线访谈次数", "次", "response_interviews_leader"),
    (2, "3.政策解读稿件发布数", "篇", "response_articles"),
    (2, "4.微博微信回应事件数", "次", "response_weibo_wechat"),
    (2, "5.其他方式回应事件数", "次", "response_other"),
    (0, "三、依申请公开情况", "", None),
    (1, "（一）收到申请数", "件", "request_received"),
    (2, "1.当面申请数", "件", "request_in_person"),
    (2, "2.传真申请数", "件", "request_fax"),
    (2, "3.网络申请数", "件", "request_online"),
    (2, "4.信函申请数", "件", "request_letter"),
    (1, "（二）申请办结数", "件", "request_closed"),
    (2, "1.按时办结数", "件", "request_closed_on_time"),
    (2, "2.延期办结数", "件", "request_closed_extended"),
    (1, "（三）申请答复数", "件", "request_answered"),
    (2, "1.属于已主动公开范围数", "件", "answer_already_public"),
    (2, "2.同意公开答复数", "件", "answer_granted"),
    (2, "3.同意部分公开答复数", "件", "answer_partial"),
    (2, "4.不同意公开答复数", "件", "answer_denied"),
    (3, "其中：涉及国家秘密", "件", "denied_state_secret"),
    (3, "涉及商业秘密", "件", "denied_trade_secret"),
    (3, "涉及个人隐私", "件", "denied_privacy"),
    (3, "危及国家安全、公共安全、经济安全和社会稳定", "件", "denied_safety_stability"),
    (3, "不是《条例》所指政府信息", "件", "denied_not_gov_info"),
    (3, "法律法规规定的其他情形", "件", "denied_other_law"),
    (2, "5.不属于本行政机关公开数", "件", "answer_not_this_organ"),
    (2, "6.申请信息不存在数", "件", "answer_not_exist"),
    (2, "7.告知作出更改补充数", "件", "answer_amend"),
    (2, "8.告知通过其他途径办理数", "件", "answer_other_way"),
    (0, "四、行政复议数量", "件", "review_total"),
    (1, "（一）维持具体行政行为数", "件", "review_upheld"),
    (1, "（二）被依法纠错数", "件", "review_corrected"),
    (1, "（三）其他情形数", "件", "review_other"),
    (0, "五、行政诉讼数量", "件", "litigation_total"),
    (1, "（一）维持具体行政行为或者驳回原告诉讼请求数", "件", "litigation_upheld"),
    (1, "（二）被依法纠错数", "件", "litigation_corrected"),
    (1, "（三）其他情形数", "件", "litigation_other"),
    (0, "六、举报投诉数量", "件", "complaints"),
    (0, "七、依申请公开信息收取的费用", "万元", "request_fees"),
    (0, "八、机构建设和保障经费情况", "", None),
    (1, "（一）政府信息公开工作专门机构数", "个", "capacity_units"),
    (1, "（二）设置政府信息公开查阅点数", "个", "capacity_reading_points"),
    (1, "（三）从事政府信息公开工作人员数", "人", "capacity_staff"),
    (2, "1.专职人员数（不包括政府公报及政府网站工作人员数）", "人", "capacity_staff_full"),
    (2, "2.兼职人员数", "人", "capacity_staff_part"),
    (1, "（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）", "万元", "capacity_budget"),
    (0, "九、政府信息公开会议和培训情况", "", None),
    (1, "（一）召开政府信息公开工作会议或专题会议数", "次", "training_meetings"),
    (1, "（二）举办各类培训班数", "次", "training_courses"),
    (1, "（三）接受培训人员数", "人次", "training_people"),
]  # fmt: skip

# Table 2 by blocks: (item of 第二十条, column labels, column keys, rows).
Block = tuple[str, list[tuple[str, str]], list[tuple[str, str]]]
_ITEMS = [("items_last_year", "上一年项目数量"), ("items_change", "本年增/减"), ("decisions", "处理决定数量")]
G3_BLOCKS: list[Block] = [
    (
        "一",
        [
            ("newly_made", "本年新制作数量"),
            ("newly_disclosed", "本年新公开数量"),
            ("total_disclosed", "对外公开总数量"),
        ],
        [("regulations", "规章"), ("normative_documents", "规范性文件")],
    ),
    ("五", _ITEMS, [("administrative_licensing", "行政许可"), ("other_external_services", "其他对外管理服务事项")]),
    ("六", _ITEMS, [("administrative_penalty", "行政处罚"), ("administrative_coercion", "行政强制")]),
    ("八", _ITEMS[:2], [("administrative_fees", "行政事业性收费")]),
    (
        "九",
        [("procurement_projects", "采购项目数量"), ("procurement_amount", "采购总金额")],
        [("central_procurement", "政府集中采购")],
    ),
]
_DECISIONS = [("decisions", "本年处理决定数量")]
G4_BLOCKS: list[Block] = [
    (
        "一",
        [("issued", "本年制发件数"), ("repealed", "本年废止件数"), ("in_force", "现行有效件数")],
        [("regulations", "规章"), ("normative_documents", "行政规范性文件")],
    ),
    ("五", _DECISIONS, [("administrative_licensing", "行政许可")]),
    ("六", _DECISIONS, [("administrative_penalty", "行政处罚"), ("administrative_coercion", "行政强制")]),
    ("八", [("amount_10k_yuan", "本年收费金额（单位：万元）")], [("administrative_fees", "行政事业性收费")]),
]
BLOCKS = {"g3": G3_BLOCKS, "g4": G4_BLOCKS}

T3_COLUMNS = paper.T3_COLUMNS
T3_ROWS = {
    "g4": paper.T3_ROWS,
    # In 2019 and 2020 （六）其他处理 was one row.
    "g3": [
        *(row for row in paper.T3_ROWS[:-2] if row[1] != "（六）其他处理"),
        ("other_processing", None, "（六）其他处理"),
        *paper.T3_ROWS[-2:],
    ],
}
T4_GROUPS, T4_RESULTS = paper.T4_GROUPS, paper.T4_RESULTS
GROUP_KEYS = {
    "（三）不予公开": "denied", "（四）无法提供": "unavailable", "（五）不予处理": "unprocessed", "（六）其他处理": "other",
}  # fmt: skip

MONEY = {"amount_10k_yuan", "procurement_amount"}
MONEY_ROWS = {"request_fees", "capacity_budget"}


def keys(form: str) -> list[Key]:
    """The cells of a form in printed order: 58 in g2, 198 in g3, 200 in g4, none in the narrative of g1."""
    if form == "g1":
        return []
    if form == "g2":
        return [("statistics", key, "value") for _, _, _, key in G2_ROWS if key]
    found = [
        ("active_disclosure", row, column)
        for _, columns, rows in BLOCKS[form]
        for row, _ in rows
        for column, _ in columns
    ]
    found += [("requests", row, column) for row, _, _ in T3_ROWS[form] for column, _ in T3_COLUMNS]
    return found + [("remedies", group, result) for group, _ in T4_GROUPS for result, _ in T4_RESULTS]


def is_money(key: Key) -> bool:
    """Whether a cell holds a sum of money, which may have decimals."""
    return key[2] in MONEY or key[1] in MONEY_ROWS
