"""What the editor left behind: the same paragraphs and tables as clean HTML, pasted from Word, from WPS, or typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from crawler.replica.layouts.grid import Grid, GridCell

_DIGITS = re.compile(r"([0-9A-Za-z〔〕]+)")


def _lines(text: str) -> str:
    return "<br/>".join(escape(line, quote=False) for line in text.split("\n"))


def clean_paragraph(text: str, *, heading: bool = False) -> str:
    """A paragraph from the content system's own editor."""
    inner = f"<strong>{_lines(text)}</strong>" if heading else _lines(text)
    return f'<p style="text-indent: 2em; line-height: 2;">{inner}</p>\n'


def word_paragraph(text: str, *, heading: bool = False) -> str:
    """A paragraph pasted from Word: MsoNormal, nested spans and fonts, o:p, digits in spans of their own."""
    font = "黑体" if heading else "仿宋_GB2312"
    runs = []
    for number, run in enumerate(filter(None, _DIGITS.split(text))):
        inner = _lines(run)
        if _DIGITS.fullmatch(run):
            runs.append(f'<span lang="EN-US" style="font-size:16.0pt;font-family:{font}">{inner}</span>')
        elif number % 4 == 2:
            runs.append(f'<font face="{font}"><span style="font-size:16.0pt"><span>{inner}</span></span></font>')
        else:
            style = f"font-size:16.0pt;font-family:{font};mso-bidi-font-family:'Times New Roman'"
            runs.append(f'<span style="{style}">{inner}</span>')
    return (
        '<p class="MsoNormal" style="text-indent:32.0pt;mso-char-indent-count:2.0;line-height:28.0pt;'
        'mso-line-height-rule:exactly"><span style="mso-spacerun:yes">&nbsp;</span>'
        f'{"".join(runs)}<span lang="EN-US"><o:p></o:p></span></p>\n'
    )


def wps_paragraph(text: str, *, heading: bool = False) -> str:
    """A paragraph pasted from WPS: numbered paragraph classes, mso-spacerun:'yes', font tags, trailing o:p."""
    font = "黑体" if heading else "仿宋"
    style = f"mso-spacerun:'yes';font-family:{font};font-size:16.0000pt;"
    return (
        '<p class="p0" style="margin-top:0.0000pt;margin-bottom:0.0000pt;text-indent:32.0000pt;'
        'mso-char-indent-count:2.0000;text-autospace:ideograph-numeric;mso-pagination:widow-orphan;">'
        f'<span style="{style}"><font face="{font}">{_lines(text)}</font></span>'
        f'<span style="{style}"><o:p></o:p></span></p>\n'
    )


def breaks_paragraph(text: str, *, heading: bool = False) -> str:
    """A paragraph typed with nbsp or ideographic spaces for its indent and br for its end."""
    indent = "　　" if heading else "&nbsp;&nbsp;&nbsp;&nbsp;"
    return f"{indent}{_lines(text)}<br/>\n"


def clean_cell(cell: GridCell) -> str:
    """The inside of a cell, plain."""
    return _lines(cell.text)


def word_cell(cell: GridCell) -> str:
    """The inside of a cell pasted from Word."""
    inner = f'<span lang="EN-US">{_lines(cell.text)}</span>' if cell.text else "&nbsp;"
    return (
        '<p class="MsoNormal" align="center" style="text-align:center;line-height:15.0pt">'
        f'<span style="font-size:9.0pt;font-family:宋体;mso-bidi-font-family:宋体">{inner}<o:p></o:p></span></p>'
    )


def wps_cell(cell: GridCell) -> str:
    """The inside of a cell pasted from WPS."""
    inner = f'<font face="宋体">{_lines(cell.text)}</font>' if cell.text else "<o:p>&nbsp;</o:p>"
    return (
        '<p class="MsoNormal" align="center" style="text-align:center;">'
        f"<span style=\"mso-spacerun:'yes';font-family:宋体;font-size:9.0000pt;\">{inner}</span></p>"
    )


def breaks_cell(cell: GridCell) -> str:
    """The inside of a cell, empty ones with a non-breaking space."""
    return _lines(cell.text) or "&nbsp;"


_TABLE = {
    "clean": '<table border="1" cellspacing="0" cellpadding="0" width="100%">',
    "word": (
        '<table class="MsoNormalTable" border="0" cellspacing="0" cellpadding="0" width="649" '
        'style="width:487.05pt;border-collapse:collapse;mso-yfti-tbllook:1184;mso-padding-alt:0cm 0cm 0cm 0cm">'
    ),
    "wps": (
        '<table class="MsoTableGrid" style="border-collapse:collapse;width:487.0500pt;margin-left:-21.0000pt;'
        'mso-table-layout-alt:fixed;border:none;mso-border-left-alt:0.5000pt solid windowtext;">'
    ),
    "breaks": '<table align="center" border="1" bordercolor="#000000" style="width:98%">',
}
_CELL_STYLE = {
    "clean": "",
    "word": ' style="border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt 0cm 5.4pt"',
    "wps": ' valign="center" style="border:1.0000pt solid windowtext;mso-border-alt:0.5000pt solid windowtext;"',
    "breaks": ' align="center"',
}
PARAGRAPHS: dict[str, Callable[..., str]] = {
    "clean": clean_paragraph,
    "word": word_paragraph,
    "wps": wps_paragraph,
    "breaks": breaks_paragraph,
}
_CELLS: dict[str, Callable[[GridCell], str]] = {
    "clean": clean_cell,
    "word": word_cell,
    "wps": wps_cell,
    "breaks": breaks_cell,
}


def table(grid: Grid, paste: str, *, unclosed: bool = False, caption: str = "") -> str:
    """Return a grid as the HTML of a table; ``unclosed`` leaves out the closing tags browsers forgive."""
    end_cell, end_row = ("", "") if unclosed else ("</td>", "</tr>")
    head = f"<caption>{escape(caption, quote=False)}</caption>" if caption else ""
    parts = [_TABLE[paste], head, "<tbody>" if not unclosed else "", "\n"]
    for row in grid:
        parts.append('<tr style="mso-yfti-irow:0;height:18.0pt">' if paste == "word" else "<tr>")
        for cell in row:
            spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
            spans += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
            parts.append(f"<td{spans}{_CELL_STYLE[paste]}>{_CELLS[paste](cell)}{end_cell}")
        parts.append(f"{end_row}\n")
    parts += ["</tbody>" if not unclosed else "", "</table>\n"]
    return "".join(parts)
