"""The code book: what every key of the archive means, made from the data the program itself runs on.

Nothing is written here by hand but the headings: the fields come from the forms, the rules, rates and columns from
their own data files. So the code book cannot say anything else than what the program does.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.resources import files

from archive.checks.rules import rules
from archive.database.coverage import codes
from archive.database.schema import tables
from archive.database.views import views
from archive.forms.fields import fields as form_fields
from archive.forms.model import Entry, Form, forms, sections
from archive.indicators.model import Indicator, Term, indicators, reasons


@dataclass(frozen=True, slots=True)
class Item:
    """One key: its ``kind``, where it belongs, what it says in Chinese and English, its unit, type and source.

    ``kind`` is one of `KINDS`. ``forms`` are the generations of the form that have a field, parted by spaces; ``note``
    what to mind. Whatever does not apply is empty.
    """

    kind: str
    key: str
    zh: str
    en: str
    table: str = ""
    forms: str = ""
    unit: str = ""
    type: str = ""
    source: str = ""
    note: str = ""


KINDS = (
    "form", "section", "field", "type", "state", "status", "indicator", "reason", "rule", "coverage", "table", "view",
    "column",
)  # fmt: skip


@cache
def items() -> tuple[Item, ...]:
    """Everything the code book explains, kind by kind."""
    own = tomllib.loads((files("archive") / "codebook.toml").read_text("utf-8"))
    return (
        *(Item("form", key, **entry) for key, entry in own["forms"].items()),
        *(Item("section", part.key, part.label, part.en) for part in sections()),
        *_fields(),
        *(Item("type", key, **entry) for key, entry in own["types"].items()),
        *(Item("state", key, **entry, table="cells") for key, entry in own["states"].items()),
        *(Item("status", key, **entry, table="reports") for key, entry in own["statuses"].items()),
        *map(_rate, indicators()),
        *(Item("reason", reason.key, reason.zh, reason.en, table="indicators") for reason in reasons().values()),
        *(
            Item(
                "rule", rule.id, f"{rule.name}：{rule.zh}", f"{rule.name_en}: {rule.en}", "findings",
                type=rule.severity, source=rule.source, note=_both(rule.exceptions_zh, rule.exceptions_en),
            )
            for rule in rules().values()
        ),
        *(
            Item("coverage", key, code.zh, code.en, "coverage", type=kind)
            for kind, found in codes().items()
            for key, code in found.items()
        ),
        *(Item("table", table.name, table.zh, table.en) for table in tables().values()),
        *(Item("view", name, zh, en) for name, (zh, en) in views().items()),
        *(
            Item("column", f"{table.name}.{column.name}", column.zh, column.en, table.name, unit=column.unit or "",
                 type=column.type)
            for table in tables().values()
            for column in table.columns
        ),
    )  # fmt: skip


def as_json() -> str:
    """The code book as JSON: a list of items."""
    return json.dumps([asdict(item) for item in items()], ensure_ascii=False, indent=1) + "\n"


def as_csv() -> str:
    """The code book as CSV, one line an item."""
    written = io.StringIO()
    writer = csv.DictWriter(written, [field.name for field in fields(Item)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(item) for item in items())
    return written.getvalue()


def as_markdown() -> str:
    """The code book as Markdown: the tables of the forms as rows and columns, all else item by item."""
    kinds = {kind: [item for item in items() if item.kind == kind] for kind in KINDS}
    parts = [_HEAD]
    parts += [
        "## 表式 Forms\n",
        _table(("代际 key", "含义", "meaning", "依据 source"), _plain(kinds["form"], "source")),
    ]
    parts += ["## 章节 Sections\n", _table(("key", "标题", "meaning"), _plain(kinds["section"]))]
    for form in reversed(forms()):
        parts += [_form(form)]
    parts += ["## 单元格的数值类型 Types\n", _table(("key", "含义", "meaning"), _plain(kinds["type"]))]
    parts += ["## 单元格的状态 States of a cell\n", _table(("key", "含义", "meaning"), _plain(kinds["state"]))]
    parts += ["## 报告的读取状态 Statuses of a report\n", _table(("key", "含义", "meaning"), _plain(kinds["status"]))]
    parts += [
        "## 比率指标 Rates\n",
        _table(("key", "名称", "meaning", "公式 formula", "表式 forms", "说明 note"),
               ((f"`{rate.key}`", rate.zh, rate.en, f"`{formula(rate)}`", " ".join(rate.forms),
                 _both(rate.source, None, rate.note_zh, rate.note_en)) for rate in indicators())),
        "算不出的原因 Why a rate is empty:\n",
        _table(("key", "含义", "meaning"), _plain(kinds["reason"])),
    ]  # fmt: skip
    parts += [
        "## 核对规则 Rules\n",
        _table(
            ("规则 rule", "程度 severity", "含义", "meaning", "依据 source", "例外 exceptions"),
            _plain(kinds["rule"], "type", "source", "note", after_key=1),
        ),
    ]
    parts += [
        "## 覆盖情况的代码 Codes of coverage\n",
        _table(("key", "栏 column", "含义", "meaning"), _plain(kinds["coverage"], "type", after_key=1)),
    ]
    parts += ["## 数据库 Tables of archive.db\n"]
    for table in kinds["table"]:
        columns = [item for item in kinds["column"] if item.table == table.key]
        parts += [
            f"### `{table.key}`：{table.zh}\n\n{table.en}\n",
            _table(("列 column", "含义", "meaning", "类型 type", "单位 unit"),
                   ((f"`{item.key.split('.', 1)[1]}`", item.zh, item.en, item.type, item.unit) for item in columns)),
        ]  # fmt: skip
    parts += ["## 视图 Views of archive.db\n", _table(("视图 view", "含义", "meaning"), _plain(kinds["view"]))]
    return "\n".join(parts)


def formula(rate: Indicator) -> str:
    """Return a rate's formula in the keys of the cells: ``(a + b) / c``."""
    return f"{_sum(rate.numerator)} / {_sum(rate.denominator)}"


_HEAD = """# 代码本 Code book

由 `xxgk codebook` 从程序所用的数据生成，请勿手改。
Made by `xxgk codebook` from the data the program runs on: do not edit.
同样内容的机读格式：`xxgk codebook --json`、`xxgk codebook --csv`。

单元格在 `cells` 表中以 `table`、`row`、`column` 三个代码标识，以下按表列出各行、各列的代码。
A cell is stored in `cells` under its `table`, `row` and `column`; the keys are listed below, table by table.
条例：中华人民共和国政府信息公开条例（国务院令第711号，2019 年 5 月 15 日起施行）；此前为国务院令第492号。
"""


def _fields() -> list[Item]:
    """The fields; those that several forms print alike are one item."""
    found: dict[tuple, list[str]] = {}
    for field in form_fields():
        note = "官方表式所无 not in the official form" if field.optional else ""
        said = (field.table, field.row, field.column, field.zh, field.en, field.unit or "", field.type, field.law, note)
        found.setdefault(said, []).append(field.form)
    return [
        Item("field", f"{table}.{row}.{column}", zh, en, table, " ".join(used), unit, kind, law, note)
        for (table, row, column, zh, en, unit, kind, law, note), used in found.items()
    ]


def _form(form: Form) -> str:
    parts = [f"## 表式 {form.id}（{form.rule}）\n"]
    for table in form.tables:
        parts.append(f"### `{table.key}`：{table.caption}\n\n{table.caption_en}\n")
        listed = table.shape == "list"
        for grid in table.grids:
            if grid.label:
                parts.append(f"#### {grid.label}\n")
            parts.append(_entries("行 row", grid.rows, table.unit, form.rule, counts=listed))
            if not listed:
                parts.append(_entries("列 column", grid.columns, table.unit, form.rule, counts=True))
    return "\n".join(parts)


def _entries(heading: str, entries: Iterable[Entry], unit: str | None, rule: str, *, counts: bool) -> str:
    """The rows or the columns of a table; ``counts`` where they say in what is counted."""
    columns = (heading, "标签", "meaning", *(("类型 type", "单位 unit") if counts else ()), "依据 source")
    lines = []
    for entry in entries:
        key = f"`{entry.key}`" + ("（可选 optional）" if entry.optional else "")
        counted = () if not counts else ("", "") if entry.heads else (entry.type, entry.unit or unit or "")
        lines.append((key, entry.label, entry.en, *counted, entry.law or rule))
    return _table(columns, lines)


def _rate(rate: Indicator) -> Item:
    return Item(
        "indicator", rate.key, rate.zh, rate.en, "indicators", " ".join(rate.forms), "比值 ratio", formula(rate),
        rate.source, _both(rate.note_zh, rate.note_en),
    )  # fmt: skip


def _sum(terms: Sequence[Term]) -> str:
    written = ""
    for term in terms:
        sign = " - " if term.minus else " + " if written else ""
        year = "previous:" if term.previous else ""
        written += f"{sign}{year}{term.table}.{term.row}.{term.column}"
    return f"({written})" if len(terms) > 1 or "*" in written else written


def _both(*said: str | None) -> str:
    return " ".join(words for words in said if words)


def _plain(found: Iterable[Item], *more: str, after_key: int = 0) -> list[tuple[str, ...]]:
    """Lines of key, Chinese and English and then ``more``, the first ``after_key`` of which stand after the key."""
    lines = []
    for item in found:
        extra = [getattr(item, name) for name in more]
        lines.append((f"`{item.key}`", *extra[:after_key], item.zh, item.en, *extra[after_key:]))
    return lines


def _table(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    written = [columns, ["---"] * len(columns), *lines]
    return "\n".join("| " + " | ".join(map(_escaped, line)) + " |" for line in written) + "\n"


def _escaped(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")
