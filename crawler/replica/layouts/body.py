"""The body of a report's page: its paragraphs and tables in order."""

from __future__ import annotations

from html import escape

from crawler.replica.layouts.paste import PARAGRAPHS, table
from crawler.replica.layouts.tables import tables_of
from crawler.replica.report import Report


def body_html(report: Report) -> str:
    """Return the HTML of a report's text, as it stands inside the wrapper of either content system."""
    paragraph = PARAGRAPHS[report.layout.paste]
    parts = []
    if report.layout.repeat:
        parts += [paragraph(line, heading=True) for line in report.title_lines]
    tables = {} if report.only_in_file else tables_of(report)
    for section in report.sections:
        grids = tables.get(section.key, [])
        inside = report.layout.caption == "inside" and grids and not section.paragraphs
        if section.heading and not inside:
            parts.append(paragraph(section.heading, heading=True))
        parts += [paragraph(text) for text in section.paragraphs]
        for number, grid in enumerate(grids):
            caption = section.heading if inside and number == 0 else ""
            parts.append(table(grid, report.layout.paste, unclosed=report.layout.unclosed, caption=caption))
    body = "".join(parts)
    if report.layout.twice:
        return f'<div class="pc_con">\n{body}</div>\n<div class="wap_con" style="display:none">\n{body}</div>\n'
    return body


def title_html(report: Report) -> str:
    """Return the title for a page's head, its lines parted by br."""
    return "<br/>".join(escape(line, quote=False) for line in report.title_lines)
