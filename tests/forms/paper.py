"""The form of 2021 on paper: its labels as the blank national form prints them, and ways people have laid it out.

Written from the printed form and from published reports, not from the reader's own data: what the reader knows is
tested against this.
"""

from __future__ import annotations

import html
import random
from dataclasses import dataclass, field

T2_ROWS = [
    ("regulations", "规章"),
    ("normative_documents", "行政规范性文件"),
    ("administrative_licensing", "行政许可"),
    ("administrative_penalty", "行政处罚"),
    ("administrative_coercion", "行政强制"),
    ("administrative_fees", "行政事业性收费"),
]
T3_COLUMNS = [
    ("natural_person", "自然人"),
    ("commercial_enterprise", "商业企业"),
    ("research_institution", "科研机构"),
    ("public_welfare_org", "社会公益组织"),
    ("legal_service_org", "法律服务机构"),
    ("other_org", "其他"),
    ("total", "总计"),
]
# (key, group label or None, label); the group label stands in the first of its rows.
T3_ROWS = [
    ("new_received", None, "一、本年新收政府信息公开申请数量"),
    ("carried_in", None, "二、上年结转政府信息公开申请数量"),
    ("granted", None, "（一）予以公开"),
    ("partially_granted", None, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    ("denied_state_secret", "（三）不予公开", "1.属于国家秘密"),
    ("denied_other_law", "（三）不予公开", "2.其他法律行政法规禁止公开"),
    ("denied_safety_stability", "（三）不予公开", "3.危及“三安全一稳定”"),
    ("denied_third_party", "（三）不予公开", "4.保护第三方合法权益"),
    ("denied_internal_affairs", "（三）不予公开", "5.属于三类内部事务信息"),
    ("denied_process_info", "（三）不予公开", "6.属于四类过程性信息"),
    ("denied_enforcement_file", "（三）不予公开", "7.属于行政执法案卷"),
    ("denied_admin_query", "（三）不予公开", "8.属于行政查询事项"),
    ("unavailable_not_held", "（四）无法提供", "1.本机关不掌握相关政府信息"),
    ("unavailable_needs_creation", "（四）无法提供", "2.没有现成信息需要另行制作"),
    ("unavailable_unclear", "（四）无法提供", "3.补正后申请内容仍不明确"),
    ("unprocessed_petition", "（五）不予处理", "1.信访举报投诉类申请"),
    ("unprocessed_duplicate", "（五）不予处理", "2.重复申请"),
    ("unprocessed_publication", "（五）不予处理", "3.要求提供公开出版物"),
    ("unprocessed_excessive", "（五）不予处理", "4.无正当理由大量反复申请"),
    ("unprocessed_reconfirm", "（五）不予处理", "5.要求行政机关确认或重新出具已获取信息"),
    ("other_no_correction", "（六）其他处理", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    (
        "other_fee_unpaid",
        "（六）其他处理",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    ),
    ("other_misc", "（六）其他处理", "3.其他"),
    ("results_total", None, "（七）总计"),
    ("carried_out", None, "四、结转下年度继续办理"),
]
T4_GROUPS = [
    ("review", "行政复议"),
    ("litigation_direct", "未经复议直接起诉"),
    ("litigation_after_review", "复议后起诉"),
]
T4_RESULTS = [
    ("upheld", "结果维持"),
    ("corrected", "结果纠正"),
    ("other", "其他结果"),
    ("pending", "尚未审结"),
    ("total", "总计"),
]

Key = tuple[str, str, str]


def keys() -> list[Key]:
    """The 200 cells of the form in printed order."""
    found = [("active_disclosure", row, column) for row in ("regulations", "normative_documents") for column in
             ("issued", "repealed", "in_force")]  # fmt: skip
    found += [("active_disclosure", row, "decisions") for row, _ in T2_ROWS[2:5]]
    found.append(("active_disclosure", "administrative_fees", "amount_10k_yuan"))
    found += [("requests", row, column) for row, _, _ in T3_ROWS for column, _ in T3_COLUMNS]
    found += [("remedies", group, result) for group, _ in T4_GROUPS for result, _ in T4_RESULTS]
    return found


@dataclass
class Cell:
    text: str
    rowspan: int = 1
    colspan: int = 1


Row = list[Cell]


@dataclass
class Noise:
    """How labels and markup vary, from a seeded random source."""

    random: random.Random
    label_noise: bool = True
    markup: str = "clean"  # clean, word, unclosed
    used: list[str] = field(default_factory=list)

    def label(self, text: str) -> str:
        if not self.label_noise:
            return text
        change = self.random.choice(["none", "none", "half", "space", "spread", "point", "quotes"])
        if change == "half":
            text = text.replace("（", "(").replace("）", ")").replace("，", ",")
        elif change == "space":
            text = text.replace("）", "） ").replace(".", ". ").replace("、", "、 ")
        elif change == "spread":
            text = " ".join(text)
        elif change == "point":
            text = text.replace("1.", "1、").replace("2.", "2、").replace("3.", "3．")
        elif change == "quotes":
            text = text.replace("“", '"').replace("”", '"')
        return text


def table_two(values: dict[Key, str], noise: Noise, *, split: bool = False, padded: bool = False) -> list[list[Row]]:
    """Table 2: as one table of four columns, or as four tables."""
    span = 1 if padded else 3
    pad = [Cell(""), Cell("")] if padded else []

    def heading(item: str) -> Row:
        row = [Cell(noise.label(f"第二十条第（{item}）项"), 1, 1 if padded else 4)]
        return row + ([Cell(""), Cell(""), Cell("")] if padded else [])

    def value(row: str, column: str, colspan: int) -> Cell:
        return Cell(values["active_disclosure", row, column], 1, colspan)

    first = [
        heading("一"),
        [Cell("信息内容"), Cell(noise.label("本年制发件数")), Cell("本年废止件数"), Cell("现行有效件数")],
    ]
    for row, label in T2_ROWS[:2]:
        first.append(
            [Cell(noise.label(label)), *(value(row, column, 1) for column in ("issued", "repealed", "in_force"))]
        )
    blocks = [first]
    for item, rows in (("五", T2_ROWS[2:3]), ("六", T2_ROWS[3:5])):
        block = [heading(item), [Cell("信息内容"), Cell("本年处理决定数量", 1, span), *pad]]
        block += [[Cell(noise.label(label)), value(row, "decisions", span), *pad] for row, label in rows]
        blocks.append(block)
    fees = [heading("八"), [Cell("信息内容"), Cell(noise.label("本年收费金额（单位：万元）"), 1, span), *pad]]
    fees.append([Cell(T2_ROWS[5][1]), value("administrative_fees", "amount_10k_yuan", span), *pad])
    blocks.append(fees)
    return blocks if split else [[row for block in blocks for row in block]]


def table_three(values: dict[Key, str], noise: Noise, *, layout: str = "official") -> list[Row]:
    """Table 3: ``official`` spans, ``hangzhou`` (总计 in the second header row) or ``flat`` (no spans, padded)."""
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    organisations = [Cell(noise.label(label)) for _, label in T3_COLUMNS[1:6]]
    if layout == "flat":
        rows = [
            [Cell(note), Cell(""), Cell("申请人情况"), *[Cell("") for _ in range(6)], Cell("总计"), Cell("")],
            [Cell(""), Cell(""), Cell("自然人"), Cell("法人或其他组织"), *[Cell("") for _ in range(6)]],
            [Cell(""), Cell(""), Cell(""), *organisations, Cell(""), Cell("")],
        ]
    elif layout == "hangzhou":
        rows = [
            [Cell(note, 3, 3), Cell("申请人情况", 1, 7)],
            [Cell("自然人", 2), Cell("法人或其他组织", 1, 5), Cell("总计")],
            [*organisations, Cell("")],
        ]
    else:
        rows = [
            [Cell(note, 3, 3), Cell("申请人情况", 1, 7)],
            [Cell("自然人", 2), Cell("法人或其他组织", 1, 5), Cell("总计", 2)],
            organisations,
        ]
    before = None
    for key, group, label in T3_ROWS:
        numbers = [Cell(values["requests", key, column]) for column, _ in T3_COLUMNS]
        label_cell = Cell(noise.label(label))
        row: Row = []
        inside = key not in ("new_received", "carried_in", "carried_out")
        if layout == "flat":
            if key == "granted":
                row.append(Cell("三、本年度办理结果"))
            elif inside and key not in ("other_misc", "results_total"):
                row.append(Cell(""))
            if group and key != "other_misc":
                row.append(Cell(noise.label(group)) if group != before else Cell(""))
            row.append(label_cell)
            if group is None or key == "other_misc":
                row.append(Cell(""))
            row += numbers
            row += [Cell("") for _ in range(10 - len(row))]
        else:
            if key == "granted":
                row.append(Cell(noise.label("三、本年度办理结果"), 22))
            if group and group != before:
                row.append(Cell(noise.label(group), sum(entry[1] == group for entry in T3_ROWS)))
            label_cell.colspan = 1 if group else 2 if inside else 3
            row += [label_cell, *numbers]
        rows.append(row)
        before = group
    return rows


def table_four(values: dict[Key, str], noise: Noise, *, layout: str = "official") -> list[Row]:
    """Table 4: ``official``, ``flat`` (no spans, padded) or ``sideways`` (a row a group)."""
    results = [noise.label(label) for _, label in T4_RESULTS]
    numbers = {group: [Cell(values["remedies", group, result]) for result, _ in T4_RESULTS] for group, _ in T4_GROUPS}
    if layout == "sideways":
        rows = [[Cell("类别"), *map(Cell, results)]]
        return rows + [[Cell(noise.label(label)), *numbers[group]] for group, label in T4_GROUPS]
    line = [cell for group, _ in T4_GROUPS for cell in numbers[group]]
    if layout == "flat":
        gap = [Cell("") for _ in range(4)]
        return [
            [Cell("行政复议"), *gap, Cell("行政诉讼"), *[Cell("") for _ in range(9)]],
            [*map(Cell, results), Cell("未经复议直接起诉"), *gap, Cell("复议后起诉"), *gap],
            [*[Cell("") for _ in range(5)], *map(Cell, results), *map(Cell, results)],
            line,
        ]
    return [
        [Cell(noise.label("行政复议"), 1, 5), Cell("行政诉讼", 1, 10)],
        [*[Cell(text, 2) for text in results], Cell("未经复议直接起诉", 1, 5), Cell("复议后起诉", 1, 5)],
        [*map(Cell, results), *map(Cell, results)],
        line,
    ]


def table_html(rows: list[Row], noise: Noise) -> str:
    """Write rows as an HTML table, in the noise's markup."""
    word = noise.markup == "word"
    close = "" if noise.markup == "unclosed" else "</td>"
    end = "" if noise.markup == "unclosed" else "</tr>"
    lines = ['<table class="MsoNormalTable" border="1">' if word else "<table>"]
    for row in rows:
        lines.append("<tr>")
        for cell in row:
            spans = (f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else "") + (
                f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
            )
            text = html.escape(cell.text)
            if word:
                # Word breaks long labels where the column ends, and every run is a span of its own.
                half = len(text) // 2 if "&" not in text and len(text) > 4 and not text[0].isdigit() else 0
                text = f"{text[:half]}<br>{text[half:]}" if half else text
                run = f'<span lang="EN-US">{text or "&nbsp;"}</span><o:p></o:p>'
                text = f'<p class="MsoNormal" style="mso-pagination:widow-orphan">{run}</p>'
            lines.append(f"<td{spans}>{text}{close}")
        lines.append(end)
    lines.append("</table>")
    return "\n".join(lines)


def page_html(values: dict[Key, str], noise: Noise, *, two: str, three: str, four: str) -> str:
    """A whole report page."""
    parts = [
        "<html><head><title>测试</title></head><body><div id='zoom'>",
        "<h1>南岗区教育局2023年政府信息公开工作年度报告</h1><p>统计期限自2023年1月1日至2023年12月31日。</p>",
        "<p>一、总体情况</p><p>（一）主动公开。全年公开信息12条。</p><p>二、主动公开政府信息情况</p>",
        *(table_html(rows, noise) for rows in table_two(values, noise, split=two == "split", padded=two == "padded")),
        "<p>三、收到和处理政府信息公开申请情况</p>",
        table_html(table_three(values, noise, layout=three), noise),
        "<p>四、政府信息公开行政复议、行政诉讼情况</p>",
        table_html(table_four(values, noise, layout=four), noise),
        "<p>五、存在的主要问题及改进情况</p><p>无。</p>",
        "<p>六、其他需要报告的事项</p><p>本年度未收取信息处理费。</p></div></body></html>",
    ]
    return "\n".join(parts)


def page_text(values: dict[Key, str], noise: Noise) -> str:
    """The same as plain text, tables flattened with tabs and no spans, as the one Harbin report at hand was."""

    def lines(rows: list[Row]) -> str:
        return "\n".join("\t".join(cell.text for cell in row) for row in rows)

    return "\n\n".join(
        [
            "南岗区教育局 2023 年政府信息公开工作年度报告",
            "一、总体情况",
            "二、主动公开政府信息情况",
            lines(table_two(values, noise, padded=True)[0]),
            "三、收到和处理政府信息公开申请情况",
            lines(table_three(values, noise, layout="flat")),
            "四、政府信息公开行政复议、行政诉讼情况",
            lines(table_four(values, noise, layout="flat")),
            "五、存在的主要问题及改进情况",
            "六、其他需要报告的事项",
        ]
    )
