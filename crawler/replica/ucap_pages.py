"""Article pages of the current sites: four kinds of head, UCAP's own tags, wrappers that vary."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from crawler.replica.articles import Article
from crawler.replica.http import Response, page
from crawler.replica.layouts.body import body_html, title_html
from crawler.replica.sites import Channel

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
    in_body = article.id % 2 == 0
    text = _WRAPPERS[kind].format(body + (files if in_body else ""))
    after = "" if in_body else files
    head = _HEADS[article.site.current.header](article, title, trail)
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


def _city_head(article: Article, title: str, trail: list[Channel]) -> str:
    crumbs = " &gt; ".join(["首页", "政务公开", "政府信息公开平台", *(channel.name for channel in trail)])
    sizes = "字号：大 中 小" if article.id % 2 else "字号:"
    return f"""<div class="crumbs">当前位置: {crumbs}</div>
<div class="mainbox clearfix"><h1><ucaptitle>{title}</ucaptitle></h1>
<div class="article_attr clearfix"><span class="date">日期:<b><PUBLISHTIME>{article.published:%Y-%m-%d %H:%M}</PUBLISHTIME></b></span> <span class="ly">来源:<b></b></span> <span>{sizes}</span></div></div>"""


def _index_head(article: Article, title: str, trail: list[Channel]) -> str:
    # The index number bears the year of the import, not of the publication.
    year = 2023 if article.imported else article.published.year
    return f"""<ul class="xxgk_index"><li>• 736916955/{year}-{article.id % 100000:05d}</li></ul>
<h1><ucaptitle>{title}</ucaptitle></h1>
<div class="article_attr"><span>日期:{article.published:%Y-%m-%d}</span> <span>来源:{_source(article)}</span> <span>访问量:<em id="hits"></em></span> <span>字号:</span></div>"""


def _plain_head(article: Article, title: str, trail: list[Channel]) -> str:
    return f"""<div class="article-title"><UCAPTITLE>{title}</UCAPTITLE></div>
<div class="article_attr"><span>日期:{article.published:%Y-%m-%d}</span> <span>来源:{_source(article)}</span> <span>访问量:<em id="hits"></em></span> <span>字号:</span></div>"""


def _bare_head(article: Article, title: str, trail: list[Channel]) -> str:
    return f"""<div class="detail-title">{title}</div>
<div class="detail-info">{_source(article)} 发布时间:{article.published:%Y-%m-%d}</div>"""


_HEADS = {"city": _city_head, "index": _index_head, "plain": _plain_head, "bare": _bare_head}


def _with_page_breaks(body: str, number: int) -> str:
    """Put the mark at which a script splits long articles before section five's heading, if there is one to find."""
    mark = "#PAGE_BREAK#" if number % 2 else "<pagebreak></pagebreak>"
    before, found, after = body.rpartition("</table>\n")
    return f"{before}{found}{mark}{after}" if found else body


def _files(article: Article) -> str:
    """The attachment, linked relative to the article's folder."""
    name = f"{''.join(article.report.title.split())}.docx"
    href = f"{article.id}/files/{quote(article.file_name)}"
    if article.id % 2 == 0:
        return f'<p class="insertfileTag" style="line-height: 150%;"><a href="{href}" target="_blank">{escape(name)}</a></p>'
    return f'<div id="cmspro_appendixs"><ul><li><a href="{href}">{escape(name)}</a></li></ul></div>'
