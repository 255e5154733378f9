"""Make and read many reports: ``python -m tests.generator --examples 200 [--kind html] [--seed 1]``.

Prints, form by form and kind by kind, how many cells were right, unread and wrong, and the choices that made what was
not right. Ends with 1 when any cell is wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict

from tests.generator import office
from tests.generator.judging import Verdict, judge
from tests.generator.pdf import write_pdf
from tests.generator.report import FORMS, Paper, any_choice, make
from tests.generator.writers import KINDS, fits_grid, write_docx

ON_GRID = {"docx", "zip", "xlsx", "pdf", *office.SUFFIXES}
# LibreOffice takes this many files at a start.
_BATCH = 40


def papers(kind: str, form: str, count: int, chance: random.Random) -> list[Paper]:
    """Some reports a kind of file can hold."""
    found: list[Paper] = []
    while len(found) < count:
        paper = make(any_choice(chance, form))
        if kind not in ON_GRID or fits_grid(paper):
            found.append(paper)
    return found


def written(kind: str, made: list[Paper]) -> list[bytes]:
    """The reports as files of a kind."""
    if kind in office.SUFFIXES:
        files: list[bytes] = []
        for start in range(0, len(made), _BATCH):
            files += office.convert([write_docx(paper) for paper in made[start : start + _BATCH]], kind)
        return files
    return [(write_pdf if kind == "pdf" else KINDS[kind])(paper) for paper in made]


def main() -> int:
    """Run the soak."""
    arguments = argparse.ArgumentParser(prog="python -m tests.generator", description=__doc__)
    arguments.add_argument("--examples", type=int, default=100, help="reports a form and kind")
    arguments.add_argument("--kind", action="append", help="only these kinds")
    arguments.add_argument("--form", action="append", help="only these forms")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--show", type=int, default=3, help="how many that were not right to show of each kind")
    asked = arguments.parse_args()
    kinds = asked.kind or [*KINDS, "pdf", *(office.SUFFIXES if office.available() else ())]
    say = sys.stdout.write
    say(f"{'form':5}{'kind':12}{'reports':>8}{'cells':>9}{'right':>9}{'unread':>8}{'WRONG':>7}\n")
    wrong = 0
    for kind in kinds:
        for form in asked.form or FORMS:
            chance = random.Random(f"{asked.seed}/{kind}/{form}")
            made = papers(kind, form, asked.examples, chance)
            verdicts = [judge(paper, data) for paper, data in zip(made, written(kind, made), strict=True)]
            total = Counter(cells=0, right=0, unread=0, wrong=0)
            for verdict in verdicts:
                total.update(cells=verdict.cells, right=verdict.right)
                total.update(unread=len(verdict.unread), wrong=len(verdict.wrong))
            say(f"{form:5}{kind:12}{len(made):8}{total['cells']:9}{total['right']:9}{total['unread']:8}")
            say(f"{total['wrong']:7}\n")
            wrong += total["wrong"]
            _show(made, verdicts, asked.show)
            sys.stdout.flush()
    return 1 if wrong else 0


def _show(made: list[Paper], verdicts: list[Verdict], most: int) -> None:
    bad = [(paper, verdict) for paper, verdict in zip(made, verdicts, strict=True) if verdict.wrong]
    bad += [
        (paper, verdict)
        for paper, verdict in zip(made, verdicts, strict=True)
        if verdict.unread and not verdict.wrong and paper.choice.settled
    ]
    shares: dict[str, Counter] = defaultdict(Counter)
    for paper, _ in bad:
        for name in ("two", "three", "four", "statistics", "whole", "noise", "numbers"):
            shares[name][getattr(paper.choice, name)] += 1
    for name, counts in shares.items() if most else ():
        sys.stdout.write(f"    {name}: {dict(counts.most_common(6))}\n")
    for paper, verdict in bad[:most]:
        sys.stdout.write(f"  {paper.choice}\n    wrong {verdict.wrong[:4]}\n    unread {len(verdict.unread)}")
        sys.stdout.write(f" {verdict.unread[:4]}\n    notes {verdict.line['notes'][:4]} {verdict.line.get('error')}\n")


if __name__ == "__main__":
    sys.exit(main())
