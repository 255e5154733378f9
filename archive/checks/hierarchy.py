"""The rule between a government's report and those of the bodies below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.checks.finding import Finding, not_run

Number = int | float

# A government's report says of itself that it is compiled from those of the bodies below.
_COMPILED = re.compile(
    r"(?:综合|汇总)[^。]{0,60}(?:各|所属)[^。]{0,40}(?:部门|单位|局|区|县|乡镇|街道)[^。]{0,90}(?:编制|编写|汇总)"
    r"|全[市区县]各(?:级(?:行政机关|政府)|部门|单位|职能部门)[^。]{0,20}(?:收到|受理)"
)


def check_hierarchy(text: str, whole: Number | None, parts: Sequence[Number]) -> Iterator[Finding]:
    """HIER: a government's report on all of its area counts no fewer new requests than the bodies below it together.

    Source: what such reports are (哈尔滨 2020 is compiled from the city's, the districts' and the departments'). No
    more can be asked: not all bodies have reports, and what two bodies share is counted once (国办公开办函〔2016〕
    201号). ``text`` is the report's; one that does not say that it covers the area may be the office's own. ``parts``
    are the totals of the bodies right below: departments and governments, not what is below those.
    """
    if not parts:
        return
    if whole is None:
        yield not_run("HIER", "requests", "本年新收的总计为空白或未能读取")
    elif not _COMPILED.search(text):
        yield not_run("HIER", "requests", "报告没有说明是否汇总了所属各机关的数字")
    elif whole < sum(parts):
        yield Finding(
            "HIER", "info", "requests", "new_received", "total", sum(parts), whole,
            f"本报告汇总全域，本年新收 {whole} 件，少于所属 {len(parts)} 个机关报告之和 {sum(parts)} 件",
        )  # fmt: skip
