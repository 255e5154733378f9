"""Article pages of the current sites: four kinds of head, UCAP's own tags, wrappers that vary."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from crawler.replica.articles import Article
from crawler.replica.http import Response, page
from crawler.replica.layouts.body import body_html, title_html
from crawler.replica.sites import Channel
from crawler.replica.templates import render

# What stands round the text, by turns. {0} is the text.
_WRAPPERS = (
    '<div id="zoomcon"><ucapcontent>{0}</ucapcontent></div>',
    '<div class="article-content" id="UCAP-CONTENT">{0}</div>',
    '<div id="zoom"><div id="font"><UCAPCONTENT>{0}</UCAPCONTENT></div></div>',
    '<div class="detail-news"><UCAPCONTENT>{0}</UCAPCONTENT></div>',
    '<div class="notice_content">{0}</div>',
)
_MARKED = 1


def article_page(article: Article, trail: list[Channel]) -> Response:
    """Return an article's page; ``trail`` are its channels, outermost first."""
    report = article.report
    if report:
        title, body = title_html(report), body_html(report)
    else:
        title = escape(article.title)
        body = "".join(f'<p style="text-indent: 2em;">{escape(line)}</p>\n' for line in article.text)
    kind = article.id % len(_WRAPPERS)
    if kind == _MARKED and report:
        body = _with_page_breaks(body, article.id)
    files = _files(article) if report and report.attachment else ""
    # insertfileTag stands in the text, the block of attachments after it.
    in_body = article.id % 2 == 0
    text = _WRAPPERS[kind].format(body + (files if in_body else ""))
    after = "" if in_body else files
    head = _head(article, title, trail)
    foot = f'<div class="footer">主办：{article.site.government} 网站标识码：2301000000</div>'
    return page(
        f"{_one_line(article)}_{article.site.current.site_name}",
        _metas(article, trail),
        f"{head}\n{text}\n{after}\n{foot}",
    )


def _metas(article: Article, trail: list[Channel]) -> str:
    day, current = article.published, article.site.current
    seconds = f"{day:%Y-%m-%d %H:%M:%S}" if article.id % 2 else f"{day:%Y-%m-%d %H:%M}"
    channel = trail[-1]
    facts = {
        "SiteName": current.site_name,
        "SiteDomain": current.host,
        "ColumnName": channel.name,
        "channelid": channel.id,
        "ArticleTitle": _one_line(article),
        "PubDate": seconds,
        # 来源 is empty on the city's pages, and the string null where nobody filled it in.
        "ContentSource": _source(article) or ("null" if article.id % 2 else ""),
    }
    return "\n".join(f'<meta name="{name}" content="{escape(text)}"/>' for name, text in facts.items())


def _one_line(article: Article) -> str:
    return article.report.title if article.report else article.title.strip()


def _source(article: Article) -> str:
    return "" if article.site.is_city else article.site.government


def _head(article: Article, title: str, trail: list[Channel]) -> str:
    # On imported pages the index number bears the year of the import, not of the publication.
    year = 2023 if article.imported else article.published.year
    return render(
        f"ucap_head_{article.site.current.header}",
        title=title,
        trail=" &gt; ".join(channel.name for channel in trail),
        minute=f"{article.published:%Y-%m-%d %H:%M}",
        day=f"{article.published:%Y-%m-%d}",
        sizes="字号：大 中 小" if article.id % 2 else "字号:",
        source=_source(article),
        index=f"{year}-{article.id % 100000:05d}",
    )


def _with_page_breaks(body: str, number: int) -> str:
    """Put the mark at which a script splits long articles before section five's heading, if there is one to find."""
    mark = "#PAGE_BREAK#" if number % 2 else "<pagebreak></pagebreak>"
    before, found, after = body.rpartition("</table>\n")
    return f"{before}{found}{mark}{after}" if found else body


def _files(article: Article) -> str:
    """The attachment, linked relative to the article's folder."""
    name = article.report.file_name
    href = f"{article.id}/files/{quote(article.file_name)}"
    if article.id % 2 == 0:
        return f'<p class="insertfileTag"><a href="{href}" target="_blank">{escape(name)}</a></p>'
    return f'<div id="cmspro_appendixs"><ul><li><a href="{href}">{escape(name)}</a></li></ul></div>'
