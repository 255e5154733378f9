"""Labels beside rows of numbers in a table without ruling lines: which lines of text belong to which row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.documents.pdf_lines import Line
from archive.documents.spaces import squeeze

# What a label begins with, and the rest of a wrapped one does not.
INDEX = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、.．](?!\d)|第[一二三四五六七八九十]+条"
)
# How far the middle of a label may be off the line of its numbers. In sizes; one line more or less makes 0.6 and more.
_OFF = 0.35
# The lines of one label are no further apart than this. In sizes.
_TIGHT = 1.8


@dataclass(slots=True)
class Labels:
    """The labels of each row, from the left; rows with a label and no number (position, label); unused lines."""

    rows: list[list[str]]
    blank: list[tuple[int, str]] = field(default_factory=list)
    left_over: list[Line] = field(default_factory=list)


def labels_of(anchors: Sequence[float], beside: Sequence[Sequence[Line]], loose: Sequence[Line]) -> Labels:
    """Give every line of a label to its row.

    ``anchors`` are the base lines of the rows of numbers, ``beside`` the pieces of labels on those same lines,
    ``loose`` those between. Numbers stand beside the first line of their label or beside its middle; where neither
    explains every line, each row keeps what stands on its own line.
    """
    return (
        _from_the_top(anchors, beside, loose)
        or _around_the_middle(anchors, beside, loose)
        or _from_the_top(anchors, beside, loose, strict=False)
        or _each_alone(anchors, beside, loose)
        or Labels([[line.text for line in row] for row in beside], left_over=list(loose))
    )


def _begins(line: Line) -> bool:
    return bool(INDEX.match(squeeze(line.text)))


def _from_the_top(
    anchors: Sequence[float], beside: Sequence[Sequence[Line]], loose: Sequence[Line], *, strict: bool = True
) -> Labels | None:
    """Labels that begin on the line of their numbers and go on below; ``strict``: all of them do, to the last line."""
    if not any(beside):
        return Labels([[] for _ in beside], left_over=list(loose))
    if not all(beside):
        return None
    unused: list[Line] = []
    chains: list[list[list[Line]]] = [[] for _ in anchors]
    blank: list[tuple[int, list[Line]]] = []
    first = anchors[0]
    above = [line for line in loose if line.base < first and not _begins(line)]
    own = {id(row[-1]) for row in beside if row}
    on_row = {id(line): index for index, row in enumerate(beside) for line in row}
    pieces = [line for row in beside for line in row] + [line for line in loose if line not in above]
    for line in sorted(pieces, key=lambda line: (line.base, line.x0)):
        chain = None if id(line) in own or _begins(line) else _open_chain(chains, blank, line)
        if chain is not None:
            chain.append(line)
        elif id(line) in on_row:
            chains[on_row[id(line)]].append([line])
        else:
            # A label of its own without numbers, if the next row of numbers has one that begins as well.
            row = sum(anchor < line.base for anchor in anchors)
            if _begins(line) and row < len(anchors) and _begins(beside[row][-1]):
                blank.append((row, [line]))
            elif strict:
                return None
            else:
                unused.append(line)
    text = [["".join(line.text for line in chain) for chain in row] for row in chains]
    return Labels(text, [(row, "".join(line.text for line in chain)) for row, chain in blank], above + unused)


def _open_chain(
    chains: Sequence[Sequence[list[Line]]], blank: Sequence[tuple[int, list[Line]]], line: Line
) -> list[Line] | None:
    """Return the label whose next line a piece is: the lowest it stands right below."""
    known = [chain for row in chains for chain in row] + [chain for _, chain in blank]
    near = [chain for chain in known if _follows(chain[-1], line)]
    return max(near, key=lambda chain: chain[-1].base, default=None)


def _follows(above: Line, line: Line) -> bool:
    same = abs(above.x0 - line.x0) < 2 or abs(above.x0 + above.x1 - line.x0 - line.x1) < 0.6 * line.size
    return same and 0 < line.base - above.base <= _TIGHT * line.size


def _around_the_middle(
    anchors: Sequence[float], beside: Sequence[Sequence[Line]], loose: Sequence[Line]
) -> Labels | None:
    """Labels whose middle is level with their numbers."""
    pieces = sorted([line for row in beside for line in row] + list(loose), key=lambda line: (line.base, line.x0))
    groups = _group_pieces(pieces, _leaf_edge(beside), {id(row[0]) for row in beside if len(row) == 1})
    for apart in (groups, []) if groups else ([],):
        leaves = [line for line in pieces if line not in apart]
        runs = _runs(anchors, leaves) or _runs_but_the_ends(anchors, beside, leaves)
        if runs is None:
            continue
        rows = [["".join(line.text for line in run)] for run in runs]
        for text, base in _stacks(apart):
            rows[min(range(len(anchors)), key=lambda index: abs(anchors[index] - base))].insert(-1, text)
        kept = [line for run in runs for line in run]
        return Labels(rows, left_over=[line for line in leaves if line not in kept])
    return None


def _group_pieces(pieces: Sequence[Line], edge: float | None, alone: set[int]) -> list[Line]:
    """Return the pieces of labels that stand left of the rows' own: of several rows together.

    ``edge`` is where the rows' own labels begin. One that is alone beside numbers, or reaches over the edge in any of
    its lines, is the row's own.
    """
    if edge is None:
        return []
    chains: list[list[Line]] = []
    for line in pieces:
        above = next((chain for chain in reversed(chains) if _follows(chain[-1], line)), None)
        if above and not _begins(line):
            above.append(line)
        else:
            chains.append([line])
    return [
        line
        for chain in chains
        if not any(id(line) in alone or line.x1 > edge + line.size / 2 for line in chain)
        for line in chain
    ]


def _leaf_edge(beside: Sequence[Sequence[Line]]) -> float | None:
    """Return where the last column of labels begins: where most of those beside numbers do."""
    starts = Counter(round(row[-1].x0 / 3) for row in beside if row)
    return starts.most_common(1)[0][0] * 3 if starts else None


def _runs(anchors: Sequence[float], lines: Sequence[Line]) -> list[Sequence[Line]] | None:
    """Part lines into one run an anchor, its middle on the anchor; lines before and after may stay."""
    for start in sorted(range(len(lines)), key=lambda index: abs(lines[index].base - anchors[0])):
        if lines[start].base > anchors[0] + _OFF * lines[start].size:
            continue
        runs: list[Sequence[Line]] = []
        at = start
        for anchor in anchors:
            end = _run_end(anchor, lines, at)
            if end is None:
                break
            runs.append(lines[at:end])
            at = end
        else:
            return runs
    return None


def _runs_but_the_ends(
    anchors: Sequence[float], beside: Sequence[Sequence[Line]], lines: Sequence[Line]
) -> list[Sequence[Line]] | None:
    """The same where the first or last row is cut off: these keep what stands on their own line."""
    for first, last in ((1, 0), (0, 1), (1, 1)):
        inner = anchors[first : len(anchors) - last]
        if not inner:
            continue
        low = anchors[0] if first else float("-inf")
        high = anchors[-1] if last else float("inf")
        between = [line for line in lines if low + 0.1 < line.base < high - 0.1]
        while between and first and not _begins(between[0]):
            between = between[1:]
        runs = _runs(inner, between)
        if runs is not None:
            return [*([beside[0]] if first else []), *runs, *([beside[-1]] if last else [])]
    return None


def _each_alone(anchors: Sequence[float], beside: Sequence[Sequence[Line]], loose: Sequence[Line]) -> Labels | None:
    """Where not every line can be explained: to each row the lines around its middle that begin with an index."""
    pieces = sorted([line for row in beside for line in row] + list(loose), key=lambda line: (line.base, line.x0))
    groups = _group_pieces(pieces, _leaf_edge(beside), {id(row[0]) for row in beside if len(row) == 1})
    leaves = [line for line in pieces if line not in groups]
    starts = [index for index, line in enumerate(leaves) if _begins(line)]
    rows: list[list[str]] = []
    used: list[Line] = []
    for row, anchor in zip(beside, anchors, strict=True):
        start = max((at for at in starts if leaves[at].base <= anchor + _OFF * leaves[at].size), default=None)
        end = _run_end(anchor, leaves, start) if start is not None else None
        if end == (start or 0) + 1:
            # One that begins level with its numbers goes on below, up to the next that begins.
            while end < len(leaves) and not _begins(leaves[end]) and _follows(leaves[end - 1], leaves[end]):
                end += 1
        run = list(row) if end is None else leaves[start:end]
        rows.append(["".join(line.text for line in run)] if end else [line.text for line in run])
        used += run
    return Labels(rows, left_over=[line for line in pieces if line not in used])


def _run_end(anchor: float, lines: Sequence[Line], start: int) -> int | None:
    for end in range(start + 1, len(lines) + 1):
        middle = (lines[start].base + lines[end - 1].base) / 2
        if abs(middle - anchor) <= _OFF * lines[start].size:
            return end
        if middle > anchor or (end < len(lines) and _begins(lines[end])):
            return None
        if end < len(lines) and lines[end].base - lines[end - 1].base > _TIGHT * lines[end].size:
            return None
    return None


def _stacks(lines: Sequence[Line]) -> list[tuple[str, float]]:
    """Join the lines of labels that stand beside several rows; returns each text and the base line it begins on."""
    stacks: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.base):
        above = next((stack for stack in reversed(stacks) if _stacked(stack[-1], line)), None)
        if above and not _begins(line):
            above.append(line)
        else:
            stacks.append([line])
    return [("".join(line.text for line in stack), stack[0].base) for stack in stacks]


def _stacked(above: Line, line: Line) -> bool:
    shared = min(above.x1, line.x1) - max(above.x0, line.x0)
    return shared > 0 and line.base - above.base <= 2 * line.size
