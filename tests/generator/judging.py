"""What a reader made of a report, cell by cell: right, left unread, or wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from archive.reading import read_bytes
from tests.generator.report import Paper


@dataclass
class Verdict:
    """Counts of cells, and the cells that are wrong or unread."""

    cells: int = 0
    right: int = 0
    unread: list[tuple] = field(default_factory=list)
    wrong: list[tuple] = field(default_factory=list)
    line: dict = field(default_factory=dict)


def judge(paper: Paper, data: bytes) -> Verdict:
    """Read a file and hold what was read to what was printed."""
    line = read_bytes(data)
    found = {(cell["table"], cell["row"], cell["column"]): cell for cell in line["cells"]}
    verdict = Verdict(len(paper.cells), line=line)
    for key, printed in paper.cells.items():
        cell = found.pop(key, None)
        if cell is None or cell["state"] in ("unreadable", "text"):
            verdict.unread.append((key, printed.text))
        elif _same(cell["value"], printed.value) and cell["state"] == printed.state:
            verdict.right += 1
        else:
            verdict.wrong.append((key, printed.text, cell["raw"], cell["value"], cell["state"]))
    verdict.wrong += [(key, None, cell["raw"], cell["value"], cell["state"]) for key, cell in found.items()]
    if paper.cells and line["report"]["form"] not in (paper.choice.form, None):
        verdict.wrong.append(("form", paper.choice.form, line["report"]["form"]))
    return verdict


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-12)
