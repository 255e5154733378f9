"""Writes reports as PDF: ruled tables by a layout program, and plain text at places, as print filters leave it."""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from dataclasses import dataclass

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from tests.forms import paper

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

PROSE = (
    "2023年，南岗区教育局认真贯彻落实《中华人民共和国政府信息公开条例》，坚持以公开为常态、不公开为例外，"
    "全年主动公开政府信息1234条，其中通过政府网站公开1000条，通过其他方式公开234条，较好地保障了公众的知情权。"
)


@dataclass(frozen=True)
class Style:
    """How a ruled report is laid out."""

    repeat: int = 0
    align: int = 1
    valign: str = "MIDDLE"
    size: float = 9
    padding: float = 3
    split_rows: bool = False
    body_lines: int = 2
    numbering: Callable[[int], str] | None = None
    box_only: bool = False


def _places(rows: list[paper.Row]) -> list[tuple[int, int, paper.Cell]]:
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


def ruled_table(rows: list[paper.Row], widths: list[float], style: Style, repeat: int = 0) -> Table:
    data = [["" for _ in widths] for _ in rows]
    commands = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("VALIGN", (0, 0), (-1, -1), style.valign),
        ("LEFTPADDING", (0, 0), (-1, -1), style.padding),
        ("RIGHTPADDING", (0, 0), (-1, -1), style.padding),
    ]
    words = ParagraphStyle(
        "cell", fontName=FONT, fontSize=style.size, leading=style.size * 1.3, wordWrap="CJK", alignment=style.align
    )
    for y, x, cell in _places(rows):
        data[y][x] = Paragraph(html.escape(cell.text), words) if cell.text else ""
        if cell.rowspan > 1 or cell.colspan > 1:
            commands.append(("SPAN", (x, y), (x + cell.colspan - 1, y + cell.rowspan - 1)))
    return Table(data, widths, style=commands, repeatRows=repeat, splitInRow=int(style.split_rows))


def ruled_report(values: dict[paper.Key, str], noise: paper.Noise, style: Style, *, two: bool = False) -> bytes:
    """A whole report, its tables ruled; ``two``: table 2 as four tables."""
    body = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK")
    title = ParagraphStyle("title", fontName=FONT, fontSize=20, leading=28, alignment=1)
    story = [
        Paragraph("哈尔滨市南岗区教育局", title),
        Paragraph("2023年政府信息公开工作年度报告", title),
        Paragraph("一、总体情况", body),
        *[Paragraph(PROSE, body) for _ in range(style.body_lines)],
        Paragraph("二、主动公开政府信息情况", body),
    ]
    for rows in paper.table_two(values, noise, split=two):
        width = sum(cell.colspan for cell in rows[0])
        story += [ruled_table(rows, [440 / width] * width, style), Paragraph("&nbsp;", body)]
    story += [
        Paragraph("三、收到和处理政府信息公开申请情况", body),
        ruled_table(paper.table_three(values, noise), [25, 50, 130] + [36] * 7, style, style.repeat),
        Paragraph("四、政府信息公开行政复议、行政诉讼情况", body),
        ruled_table(paper.table_four(values, noise), [31] * 15, style),
        Paragraph("五、存在的主要问题及改进情况", body),
        Paragraph(PROSE, body),
        Paragraph("六、其他需要报告的事项", body),
        Paragraph("无其他需要报告的事项。", body),
    ]

    def stamp(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawString(72, 800, "南岗区教育局文件")
        if style.numbering:
            canvas.drawCentredString(A4[0] / 2, 40, style.numbering(document.page))

    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4).build(story, onFirstPage=stamp, onLaterPages=stamp)
    return buffer.getvalue()


@dataclass(frozen=True)
class Plain:
    """How a report without ruling lines is laid out."""

    align: str = "right"
    middle: bool = True
    size: float = 9
    groups: bool = True
    numbering: str = "-{}-"
    label_width: int = 16


class _Writer:
    def __init__(self, style: Plain) -> None:
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=A4)
        self.style = style
        self.page = 1
        self.y = 780.0
        self._font()

    def _font(self) -> None:
        self.canvas.setFont(FONT, self.style.size)

    def room(self, height: float) -> None:
        if self.y - height < 70:
            self.canvas.drawCentredString(A4[0] / 2, 40, self.style.numbering.format(self.page))
            self.canvas.showPage()
            self.page += 1
            self.y = 780.0
            self._font()

    def line(self, text: str, x: float = 60) -> None:
        self.room(30)
        self.canvas.drawString(x, self.y, text)
        self.y -= 26

    def put(self, text: str, x: float, width: float, y: float) -> None:
        if self.style.align == "right":
            self.canvas.drawRightString(x + width - 4, y, text)
        elif self.style.align == "left":
            self.canvas.drawString(x + 4, y, text)
        else:
            self.canvas.drawCentredString(x + width / 2, y, text)

    def row(self, labels: list[tuple[float, str, int]], cells: list[tuple[str, float, float]]) -> None:
        """A row: labels as (x, text, characters a line), numbers as (text, x, width)."""
        leading = self.style.size * 1.3
        broken = [(x, [text[i : i + wide] for i in range(0, len(text), wide)] or [""]) for x, text, wide in labels]
        high = max((len(lines) for _, lines in broken), default=1)
        self.room(high * leading + 12)
        for x, lines in broken:
            # The middle of the label is level with the numbers, as where cells are centred upright.
            down = (high - len(lines)) / 2 if self.style.middle else 0
            for index, text in enumerate(lines):
                self.canvas.drawString(x, self.y - (index + down) * leading, text)
        level = (high - 1) / 2 if self.style.middle else 0
        for text, x, width in cells:
            self.put(text, x, width, self.y - level * leading)
        self.y -= high * leading + 6

    def done(self) -> bytes:
        self.canvas.drawCentredString(A4[0] / 2, 40, self.style.numbering.format(self.page))
        self.canvas.save()
        return self.buffer.getvalue()


def plain_report(values: dict[paper.Key, str], style: Plain) -> bytes:
    """A whole report without one ruling line; labels wrapped, page numbers wherever a page ends."""
    out = _Writer(style)
    out.line("哈尔滨市南岗区教育局2023年政府信息公开工作年度报告", 160)
    out.line("一、总体情况")
    out.line("二、主动公开政府信息情况")
    zones = [(200 + 100 * i, 90) for i in range(3)]
    cells = lambda texts: [(text, *zone) for text, zone in zip(texts, zones, strict=False)]  # noqa: E731
    out.row([(60, "信息内容", 20)], cells(["本年制发件数", "本年废止件数", "现行有效件数"]))
    for key, label in paper.T2_ROWS[:2]:
        numbers = [values["active_disclosure", key, column] for column in ("issued", "repealed", "in_force")]
        out.row([(60, label, 20)], cells(numbers))
    for rows, column, word in (
        (paper.T2_ROWS[2:3], "decisions", "本年处理决定数量"),
        (paper.T2_ROWS[3:5], "decisions", "本年处理决定数量"),
        (paper.T2_ROWS[5:], "amount_10k_yuan", "本年收费金额（万元）"),
    ):
        out.row([(60, "信息内容", 20)], cells([word]))
        for key, label in rows:
            out.row([(60, label, 20)], cells([values["active_disclosure", key, column]]))
    out.line("三、收到和处理政府信息公开申请情况")
    zones3 = [(275 + 42 * i, 40) for i in range(7)]
    headings = ["自然人", "企业", "科研", "公益", "法律", "其他", "总计"]
    out.row([], [(text, *zone) for text, zone in zip(headings, zones3, strict=True)])
    before = None
    for key, group, label in paper.T3_ROWS:
        labels = []
        if group and style.groups and group != before:
            labels.append((60, group, 4 if style.middle else 20))
        before = group
        labels.append((130 if group and style.groups else 60, label, 14 if group and style.groups else 20))
        numbers = [values["requests", key, column] for column, _ in paper.T3_COLUMNS]
        out.row(labels, [(text, *zone) for text, zone in zip(numbers, zones3, strict=True) if text])
    out.line("四、政府信息公开行政复议、行政诉讼情况")
    out.room(120)
    zones4 = [(60 + 32 * i, 31) for i in range(15)]
    out.row([], [("行政复议", 60, 160), ("行政诉讼", 220, 320)])
    out.row([], [("未经复议直接起诉", 220, 160), ("复议后起诉", 380, 160)])
    for part in ("结结其尚总", "果果他未计", "维纠结审", "持正果结"):
        out.row([], [(word, *zones4[5 * i + j]) for i in range(3) for j, word in enumerate(part)])
        out.y += 6
    out.y -= 10
    numbers = [values["remedies", group, result] for group, _ in paper.T4_GROUPS for result, _ in paper.T4_RESULTS]
    out.row([], [(text, *zone) for text, zone in zip(numbers, zones4, strict=True) if text])
    out.line("五、存在的主要问题及改进情况")
    out.line("六、其他需要报告的事项")
    return out.done()
