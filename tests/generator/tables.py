"""The tables of a form laid out: as printed, as re-typed, padded, turned on their side, with sums and line numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tests.forms.paper import Cell, Key, Row
from tests.generator.printed import BLOCKS, G2_ROWS, GROUP_KEYS, T3_COLUMNS, T3_ROWS, T4_GROUPS, T4_RESULTS

Rows = list[Row]
Label = Callable[[str], str]
Values = Mapping[Key, str]

TWO = ("one", "split", "padded", "unequal", "numbered", "unruly")
THREE = ("official", "hangzhou", "flat", "numbered", "lined", "subtotals", "transposed", "two-levels", "beside")
FOUR = ("official", "flat", "sideways", "apart", "transposed", "deep")
STATISTICS = ("units", "inside", "indented", "numbered", "renamed")

_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_RESULTS = "三、本年度办理结果"


def disclosure(form: str, values: Values, label: Label, layout: str) -> list[Rows]:
    """Table 2, as one table or as one a block."""
    wide = 5 if layout == "unequal" else 4
    parts = []
    for item, columns, rows in BLOCKS[form]:
        block = [[Cell(label(f"第二十条第（{item}）项"), 1, wide)]]
        block.append([Cell(label("信息内容")), *_spread([label(text) for _, text in columns], layout, head=True)])
        for key, text in rows:
            numbers = [values["active_disclosure", key, column] for column, _ in columns]
            block.append([Cell(label(text)), *_spread(numbers, layout, head=False)])
        parts.append(block)
    if layout == "padded":
        parts = [[_filled([Cell(cell.text) for cell in row], 4) for row in block] for block in parts]
    if layout == "split":
        return parts
    whole = [row for block in parts for row in block]
    if layout == "numbered":
        whole = _numbered(whole, [kind for _, _, rows in BLOCKS[form] for kind in ("item", "head", *rows)])
    return [whole]


def _spread(texts: list[str], layout: str, *, head: bool) -> Row:
    """Cells over the width left beside the label; ``unequal`` merges others in the header than in the rows."""
    if layout == "unruly":
        return [Cell(text) for text in texts]
    room = 4 if layout == "unequal" else 3
    spans = [1] * len(texts)
    while sum(spans) < room:
        spans[-1 if head else 0] += 1
    return [Cell(text, 1, span) for text, span in zip(texts, spans, strict=True)]


def _filled(row: Row, width: int) -> Row:
    return row + [Cell("") for _ in range(width - len(row))]


def _numbered(rows: Rows, kinds: Sequence[str | tuple[str, str]]) -> Rows:
    """A column of line numbers before all others: 序号 in the header, a number where a row has numbers."""
    numbered, count = [], 0
    for row, kind in zip(rows, kinds, strict=True):
        if kind == "item":
            numbered.append([Cell(row[0].text, 1, row[0].colspan + 1)])
            continue
        count += kind != "head"
        numbered.append([Cell("序号" if kind == "head" else str(count)), *row])
    return numbered


def requests(form: str, values: Values, label: Label, layout: str) -> Rows:
    """Table 3."""
    if layout == "flat":
        return _requests_flat(form, values, label)
    rows = _requests_official(form, values, label, subtotals=layout == "subtotals")
    if layout == "hangzhou":
        rows[1][-1].rowspan = 1
        rows[2].append(Cell(""))
    elif layout == "transposed":
        return turned(rows)
    elif layout == "numbered":
        rows = [[Cell("序号", 3), *rows[0]], *rows[1:3], *([Cell(str(n)), *row] for n, row in enumerate(rows[3:], 1))]
    elif layout == "lined":
        rows[0].insert(1, Cell("行次", 3))
        for number, row in enumerate(rows[3:], 1):
            row.insert(len(row) - 7, Cell(str(number)))
    elif layout == "beside":
        rows[0].append(Cell("备注", 3))
        for row in rows[3:]:
            row.append(Cell(""))
    elif layout == "two-levels":
        # Without 申请人情况 over all.
        rows = [[rows[0][0], *rows[1]], *rows[2:]]
        rows[0][0] = Cell(rows[0][0].text, 2, 3)
    return rows


def _requests_official(form: str, values: Values, label: Label, *, subtotals: bool) -> Rows:
    columns = list(T3_COLUMNS)
    if subtotals:
        columns.insert(6, ("legal_person_subtotal", "小计"))
    inner = [label(text) for _, text in columns[1:-1]]
    rows = [
        [Cell(label(_NOTE), 3, 3), Cell(label("申请人情况"), 1, len(columns))],
        [
            Cell(label("自然人"), 2),
            Cell(label("法人或其他组织"), 1, len(inner)),
            Cell(label("总计"), 2),
        ],
        [Cell(text) for text in inner],
    ]
    results: Rows = []
    printed = T3_ROWS[form]
    sums = len({group for _, group, _ in printed if group}) if subtotals else 0
    for (key, group, text), after in zip(printed, [*printed[1:], (None, None, None)], strict=True):
        numbers = [Cell(values["requests", key, column]) for column, _ in columns]
        inside = key not in ("new_received", "carried_in", "carried_out")
        row = [Cell(label(text), 1, 1 if group else 2 if inside else 3), *numbers]
        if group and not any(entry[1] == group for entry in printed[: printed.index((key, group, text))]):
            size = sum(entry[1] == group for entry in printed)
            row.insert(0, Cell(label(group), size + subtotals))
        if key == "granted":
            row.insert(0, Cell(label(_RESULTS), len(printed) - 3 + sums))
        results.append(row)
        if subtotals and group and after[1] != group:
            of_group = [Cell(values["requests", f"{GROUP_KEYS[group]}_subtotal", column]) for column, _ in columns]
            results.append([Cell("小计"), *of_group])
    return rows + results


def _requests_flat(form: str, values: Values, label: Label) -> Rows:
    """Ten cells a row and no spans, as the tab text of 南岗区工业信息科技局 2022: values begin at cell 2 or at cell 3."""
    inner = [Cell(label(text)) for _, text in T3_COLUMNS[1:6]]
    rows = [
        [*_filled([Cell(label(_NOTE)), Cell(""), Cell(label("申请人情况"))], 9), Cell(label("总计")), Cell("")],
        _filled([Cell(""), Cell(""), Cell(label("自然人")), Cell(label("法人或其他组织"))], 11),
        _filled([Cell(""), Cell(""), Cell(""), *inner], 10),
    ]
    before = None
    for key, group, text in T3_ROWS[form]:
        inside = key not in ("new_received", "carried_in", "carried_out", "results_total") and text != "3.其他"
        row = [Cell(label(_RESULTS) if key == "granted" else "")] if inside else []
        if group and text != "3.其他":
            row.append(Cell(label(group) if group != before else ""))
        row.append(Cell(label(text)))
        if not inside:
            row.append(Cell(""))
        row += [Cell(values["requests", key, column]) for column, _ in T3_COLUMNS]
        rows.append(_filled(row, 10))
        before = group
    return rows


def remedies(values: Values, label: Label, layout: str) -> list[Rows]:
    """Table 4, as one table or (``apart``) reviews and suits in two."""
    results = [label(text) for _, text in T4_RESULTS]
    groups = {key: label(text) for key, text in T4_GROUPS}
    numbers = {key: [Cell(values["remedies", key, result]) for result, _ in T4_RESULTS] for key in groups}
    line = [cell for key in groups for cell in numbers[key]]
    if layout == "sideways":
        return [[[Cell("类别"), *map(Cell, results)], *([Cell(groups[key]), *numbers[key]] for key in groups)]]
    if layout == "flat":
        five = [Cell("") for _ in range(4)]
        return [
            [
                [Cell(label("行政复议")), *five, Cell(label("行政诉讼")), *[Cell("") for _ in range(9)]],
                [
                    *map(Cell, results),
                    Cell(groups["litigation_direct"]),
                    *five,
                    Cell(groups["litigation_after_review"]),
                    *five,
                ],
                [*[Cell("") for _ in range(5)], *map(Cell, results), *map(Cell, results)],
                line,
            ]
        ]
    if layout == "apart":
        suits = [Cell(groups[key], 1, 5) for key in list(groups)[1:]]
        return [
            [[Cell(label("行政复议"), 1, 5)], [*map(Cell, results)], line[:5]],
            [[Cell(label("行政诉讼"), 1, 10)], suits, [*map(Cell, results), *map(Cell, results)], line[5:]],
        ]
    deep = layout == "deep"  # 结果维持 under 行政复议 in the third row, with a blank cell between
    top = [Cell(label("行政复议"), 2 if deep else 1, 5), Cell(label("行政诉讼"), 1, 10)]
    second = [Cell(groups["litigation_direct"], 1, 5), Cell(groups["litigation_after_review"], 1, 5)]
    third = [*map(Cell, results), *map(Cell, results)]
    if deep:
        third = [*map(Cell, results), *third]
    else:
        second = [*[Cell(text, 2) for text in results], *second]
    rows = [top, second, third, line]
    return [turned(rows) if layout == "transposed" else rows]


def statistics(values: Values, label: Label, layout: str) -> Rows:
    """The table of 2014 to 2018: label, unit, number; ``inside``: the unit in the label's brackets."""
    head = ["统计指标", "单位", "统计数"] if layout != "renamed" else ["指标名称", "计量单位", "数量"]
    rows = []
    for number, (depth, text, unit, key) in enumerate(G2_ROWS, 1):
        value = values["statistics", key, "value"] if key else ""
        lead: Row = []
        if layout == "indented":
            lead = [Cell("") for _ in range(depth)]
        first = Cell(("\u3000" * depth if layout == "units" else "") + label(text), 1, 4 - depth if lead else 1)
        if layout == "indented" and not lead:
            first.colspan = 4
        row = [*lead, first, Cell(unit), Cell(value)]
        if layout == "inside":
            row = [Cell(label(text) + (f"（{unit}）" if unit else "")), Cell(value)]
        if layout == "numbered":
            row.insert(0, Cell(str(number)))
        rows.append(row)
    top = [Cell(word) for word in head]
    if layout == "inside":
        del top[1]
    elif layout == "numbered":
        top.insert(0, Cell("序号"))
    elif layout == "indented":
        top[0].colspan = 4
    return [top, *rows]


def turned(rows: Rows) -> Rows:
    """Rows as columns and columns as rows, spans with them."""
    places = spread(rows)
    width = max(x + cell.colspan for _, x, cell in places)
    found: list[list[tuple[int, Cell]]] = [[] for _ in range(width)]
    for y, x, cell in places:
        found[x].append((y, Cell(cell.text, cell.colspan, cell.rowspan)))
    return [[cell for _, cell in sorted(row, key=lambda entry: entry[0])] for row in found]


def spread(rows: Rows) -> list[tuple[int, int, Cell]]:
    """Where each cell stands on the grid: row, column, cell."""
    taken: set[tuple[int, int]] = set()
    places = []
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            places.append((y, x, cell))
            taken |= {(y + down, x + right) for down in range(cell.rowspan) for right in range(cell.colspan)}
            x += cell.colspan
    return places


def cut(rows: Rows, at: int, header: int, *, repeat: bool) -> list[Rows]:
    """Rows in two pieces, broken before row ``at``; a cell that spans the break begins anew below it, without words."""
    above = [[Cell(cell.text, cell.rowspan, cell.colspan) for cell in row] for row in rows[:at]]
    for y, row in enumerate(above):
        for cell in row:
            cell.rowspan = min(cell.rowspan, at - y)
    places = spread(rows)
    hanging = [(x, Cell("", y + cell.rowspan - at, cell.colspan)) for y, x, cell in places if y < at < y + cell.rowspan]
    first = sorted(hanging + [(x, cell) for y, x, cell in places if y == at], key=lambda entry: entry[0])
    below = [[cell for _, cell in first], *rows[at + 1 :]]
    return [above, [*rows[:header], *below] if repeat else below]
