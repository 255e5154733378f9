"""One report from a page and the files that hang on it: parts put together, copies compared.

A page may carry the report itself, in one attachment, or in several files or pictures that each hold a part of it.
Pure: lines as `archive.reading` gives them in, one such line out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from archive.checks.finding import Finding
from archive.checks.within import check_report
from archive.forms.cells import CellReading
from archive.forms.headings import SectionText
from archive.forms.model import Form, forms, sections
from archive.forms.narrative import read_statements
from archive.forms.report import PARTS_OF_A_REPORT, Report, as_json

Place = tuple[str, str, str]
Cells = dict[Place, dict]

# The better a file was read, the more it speaks for the report.
RANK = {"complete": 0, "partial": 1, "narrative": 2, "unreadable": 3}
# Differing cells and sentences named in a finding; more are counted.
_NAMED = 3
# A sentence shorter than this, in characters, is a heading or a number of a page.
_SENTENCE = 6
# Table 3 alone does not tell its form: （六）其他处理 with numbers is a subtotal in one and a row in the other.
_OTHER_NAMES = {"other_subtotal": "other_processing"}
_MISSING = re.compile("^「.+」缺 \\d+ 格")
_NO_TITLE = "找不到含机构和年度的标题"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a page: its ``name`` as shown to people, and the line it was read as. The page itself has no name."""

    name: str | None
    line: dict


@dataclass(frozen=True, slots=True)
class Combined:
    """What the files of a page say together: the ``line``, and the numbers of the ``parts`` it was made of."""

    line: dict
    parts: tuple[int, ...]


def combine(parts: Sequence[Part]) -> Combined:
    """Put the files of a page together, given in the order the page has them, the page first.

    The file that was read best speaks. Where it is complete, the others are copies: what they say otherwise is a
    finding (PAGE-FILE). Where it is not, the others fill in the cells and sections it does not show; a cell that two
    show differently is unreadable, as one that a single file shows twice is, and a finding besides.
    """
    best = min(range(len(parts)), key=lambda number: (RANK[parts[number].line["status"]], number))
    speaking = parts[best].line
    if len(parts) == 1:
        return Combined(speaking, (best,))
    copies = speaking["status"] == "complete"
    form = _form(parts, speaking)
    known = _places(form) if form else {}
    cells = _of_form(speaking["cells"], known)
    texts = {section["key"]: section for section in speaking["sections"]}
    textless = sum(key != "preamble" for key in texts) < PARTS_OF_A_REPORT
    used = {best}
    findings = []
    for number, part in enumerate(parts):
        if number == best:
            continue
        theirs = _of_form(part.line["cells"], known)
        differing = _differing(cells, theirs)
        words = _differing_words(texts, part.line["sections"]) if copies else []
        if differing or words:
            findings.append(_disagreement(parts[best], part, cells, theirs, differing, words))
        if not copies and (_fill(cells, theirs, differing, part.name) or differing):
            used.add(number)
        if textless and _add_sections(texts, part.line):
            used.add(number)
    added = [asdict(finding) for finding in findings]
    if used == {best}:
        return Combined({**speaking, "findings": [*speaking["findings"], *added]}, (best,))
    line = _made_whole(speaking, [parts[number].line for number in sorted(used)], form, cells, texts)
    return Combined({**line, "findings": [*line["findings"], *added]}, tuple(sorted(used)))


def _place(cell: Mapping[str, str]) -> Place:
    return cell["table"], cell["row"], cell["column"]


def _of_form(cells: Sequence[dict], known: Mapping[Place, None]) -> Cells:
    """The cells that the form has, by place; those of a row it calls by another name under that name."""
    found = {}
    for cell in cells:
        renamed = {**cell, "row": _OTHER_NAMES.get(cell["row"], cell["row"])}
        placed = cell if _place(cell) in known else renamed
        if _place(placed) in known:
            found[_place(placed)] = placed
    return found


def _form(parts: Sequence[Part], speaking: dict) -> Form | None:
    """The form the parts follow: that of the part with table 2, which tells forms apart; else of the most cells."""
    lines = [part.line for part in parts if part.line["report"]["form"]]
    if speaking["status"] == "complete":
        lines = [speaking]

    def weight(line: dict) -> tuple[bool, int]:
        return any(cell["table"] == "active_disclosure" for cell in line["cells"]), len(line["cells"])

    best = max(lines, key=weight, default=None)
    return next((form for form in forms() if best and form.id == best["report"]["form"]), None)


def _places(form: Form) -> dict[Place, None]:
    """Every cell of a form, optional ones too, in its order."""
    return {
        (table.key, row.key, column.key): None
        for table in form.tables
        for grid in table.grids
        for row in grid.rows
        for column in grid.columns
    }


def _differing(ours: Cells, theirs: Cells) -> list[Place]:
    """The cells that both show, and not alike; one that is blank or could not be read says nothing against a number."""
    silent = ("blank", "unreadable")
    return [
        place
        for place, cell in theirs.items()
        if place in ours
        and cell["state"] not in silent
        and ours[place]["state"] not in silent
        and (cell["value"], cell["state"]) != (ours[place]["value"], ours[place]["state"])
    ]


def _fill(ours: Cells, theirs: Cells, differing: Sequence[Place], name: str | None) -> bool:
    """Put in the cells that are not there, or silent; say of those that differ that they cannot be read."""
    for place in differing:
        ours[place] = {**ours[place], "value": None, "state": "unreadable"}
    filled = False
    for place, cell in theirs.items():
        before = ours.get(place)
        silent = before is not None and before["state"] in ("blank", "unreadable") and not before["raw"]
        if before is None or (silent and cell["state"] not in ("blank", "unreadable")):
            ours[place] = {**cell, "place": f"{name}: {cell['place']}" if name else cell["place"]}
            filled = True
    return filled


def _add_sections(texts: dict[str, dict], line: dict) -> bool:
    """Add the sections that are not there or hold no text."""
    added = False
    for section in line["sections"]:
        mine = texts.get(section["key"])
        # What stands before the first heading of a page that has no report, or of a picture, is no preamble.
        outside = section["key"] == "preamble" and (line["status"] == "unreadable" or len(line["sections"]) == 1)
        if section["text"] and not outside and (mine is None or not mine["text"]):
            texts[section["key"]] = section
            added = True
    return added


def _made_whole(
    speaking: dict, lines: Sequence[dict], form: Form | None, cells: Cells, texts: Mapping[str, dict]
) -> dict:
    order = ["preamble", *(section.key for section in sections())]
    parts = tuple(SectionText(**texts[key]) for key in order if key in texts)
    known = list(_places(form)) if form else []
    shown = tuple(CellReading(**cells[place]) for place in known if place in cells)
    facts = speaking["report"]
    named = next((line["report"] for line in lines if line["report"]["agency"]), facts)
    period = facts["period"] or next((line["report"]["period"] for line in lines if line["report"]["period"]), None)
    agency, year = named["agency"], facts["year"] or named["year"]
    report = Report(
        _status(form, shown, speaking),
        title=(facts if facts["agency"] else named)["title"],
        agency=agency,
        year=year,
        form=form and form.id,
        published_on=facts["published_on"] or named["published_on"],
        period=period and tuple(period),
        contact=facts["contact"] or named["contact"] or {},
        sections=parts,
        cells=shown,
        notes=tuple(_notes(lines, form, shown)),
        index_number=facts["index_number"] or named["index_number"],
        agency_in_title=facts["agency_in_title"] or named["agency_in_title"],
        agency_in_text=facts["agency_in_text"] or named["agency_in_text"],
        statements=read_statements(parts, year, agency),
    )
    whole = as_json(report, speaking["source"], check_report(report))
    # What was recognised in a picture was judged there; the others were checks of a part as if it were the whole.
    doubts = [finding for line in lines for finding in line["findings"] if finding["rule"].startswith("OCR-")]
    return {**whole, "findings": whole["findings"] + doubts}


def _status(form: Form | None, cells: Sequence[CellReading], speaking: dict) -> str:
    if form is None:
        return speaking["status"]
    readable = all(cell.state != "unreadable" for cell in cells)
    return "complete" if readable and not any(_missing(form, cells).values()) else "partial"


def _missing(form: Form, cells: Sequence[CellReading]) -> dict[str, int]:
    """How many cells of each table of the official form are not there, by the table's caption."""
    found = {(cell.table, cell.row, cell.column) for cell in cells}
    return {table.caption: sum((table.key, *place) not in found for place in table.cells) for table in form.tables}


def _notes(lines: Sequence[dict], form: Form | None, cells: Sequence[CellReading]) -> Iterator[str]:
    """The notes of all parts, but of what is missing only what is missing from the whole."""
    for line in lines:
        for note in line["notes"]:
            if not _MISSING.match(note) and not note.startswith(_NO_TITLE):
                yield note
    if form:
        for caption, count in _missing(form, cells).items():
            if count:
                yield f"「{caption}」缺 {count} 格，文件中没有显示"


def _differing_words(ours: Mapping[str, dict], theirs: Sequence[dict]) -> list[str]:
    """The sentences of either that the other does not have, in the sections both have text of."""
    found = []
    for section in theirs:
        mine = ours.get(section["key"])
        if not mine or not mine["text"] or not section["text"]:
            continue
        # Headings, tables and page numbers that one of them has in its text are no sentences of the report.
        whole = (_folded(mine["text"]), _folded(section["text"]))
        for text, other in ((mine["text"], whole[1]), (section["text"], whole[0])):
            sentences = (sentence.strip() for sentence in re.split("[。；;!！?？\n]", text))
            found += [each for each in sentences if len(_folded(each)) >= _SENTENCE and _folded(each) not in other]
    return found


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


def _disagreement(
    speaking: Part, other: Part, ours: Cells, theirs: Cells, differing: Sequence[Place], words: Sequence[str]
) -> Finding:
    """PAGE-FILE: a page and its attachment, or two of its files, say the same. Source: they are one report."""
    names = [part.name or "网页" for part in (speaking, other)]
    said = [
        f"{'/'.join(place)} {names[0]}为「{ours[place]['raw']}」、{names[1]}为「{theirs[place]['raw']}」"
        for place in differing[:_NAMED]
    ]
    told = [f"共 {len(differing)} 格：" + "；".join(said)] if differing else []
    if words:
        told.append(f"文字 {len(words)} 句，如「{words[0]}」")
    table, row, column = differing[0] if len(differing) == 1 else (None, None, None)
    message = f"{names[0]}与{names[1]}不一致：" + "；".join(told)
    return Finding("PAGE-FILE", "warning", table, row, column, None, None, message)
