"""The legacy sites: Hanweb JCMS with its xxgk lists, trees, dataproxy columns and article pages."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from crawler.replica.articles import LEGACY, Article
from crawler.replica.draw import digest
from crawler.replica.faults import break_page
from crawler.replica.http import Request, Response, conditional, page
from crawler.replica.layouts.attached import FILE_KINDS
from crawler.replica.layouts.body import body_html, title_html
from crawler.replica.sites import Column, Site
from crawler.replica.templates import render
from crawler.replica.world import World

# Rows a page of search.jsp and of a dataproxy column. Harbin's own sizes are not known; small ones page sooner.
_SEARCH_ROWS = 10
_COLUMN_ROWS = 15
# More a page are cut off.
_MOST_ROWS = 300

# The organisation code of rows that name no body: 科技局, the only one known.
_NO_AREA = "002276772"

_TREE = (("01", "政府信息公开指南"), ("02", "政府信息公开年报"), ("03", "法定主动公开内容"))
_XML = "text/xml;charset=UTF-8"


def respond(world: World, site: Site, asked: Request) -> Response:
    """Answer a request to a legacy site."""
    handlers = {
        "/module/xxgk/search.jsp": _search,
        "/module/xxgk/tree.jsp": _tree,
        "/module/web/jpage/dataproxy.jsp": _dataproxy,
        "/module/jpage/dataproxy.jsp": _dataproxy,
        "/module/download/downfile.jsp": _downfile,
        "/module/download/down.jsp": _down,
    }
    if asked.path in handlers:
        return handlers[asked.path](world, site, asked)
    if found := re.fullmatch(r"/col/col(\d+)/(?:index\.html)?", asked.path):
        column = site.legacy.column(int(found.group(1)))
        return _column_page(world, site, column, asked) if column else _not_found(site)
    if asked.path in ("/", "/index.html"):
        return _home(site)
    article = world.article_at(site.legacy.host, asked.path)
    if article is None or article.kind == "gone" or not article.shown:
        return _not_found(site)
    if article.kind == "error":
        return _error_page(site)
    answer = article_page(article)
    if article.report and article.report.fault:
        answer = break_page(answer, article.report.fault)
    return conditional(asked, answer, article.modified)


def article_page(article: Article) -> Response:
    """Return an article's page."""
    report = article.report
    if report:
        title, body = title_html(report), body_html(report)
    else:
        title = escape(article.title)
        body = "".join(f"<p>　　{escape(line)}</p>\n" for line in article.text)
    if report and report.attachment:
        body += _attachment_link(article)
    metas = _metas(article)
    # JCMS writes them in no fixed order.
    turn = article.id % len(metas)
    head = "\n".join([*metas[turn:], *metas[:turn]])
    text = render(
        "hanweb_article",
        section=article.section,
        column=_column_name(article),
        index=_index(article),
        publisher=escape(article.publisher),
        day=f"{article.published:%Y-%m-%d}",
        title=title,
        text=body,
    )
    return page(article.title, head, text)


def _index(article: Article) -> str:
    """The index number: the body's organisation code, the year, a running number."""
    return f"{article.area or _NO_AREA}/{article.published.year}-{article.id % 100000:05d}"


def _metas(article: Article) -> list[str]:
    day = article.published
    facts = {
        "ArticleTitle": article.title,
        "PubDate": f"{day:%Y-%m-%d %H:%M}",
        "ContentSource": article.publisher,
        "ColumnName": _column_name(article),
        "SiteName": article.site.legacy.site_name,
        "Maketime": f"{day:%Y-%m-%d %H:%M:%S}",
        "i_columnid": article.section,
        "i_articleid": str(article.id),
    }
    return [
        # The order of the two attributes is not fixed either.
        f'<meta name="{name}" content="{escape(text)}">'
        if (article.id + number) % 3
        else f'<meta content="{escape(text)}" name="{name}">'
        for number, (name, text) in enumerate(facts.items())
    ]


def _column_name(article: Article) -> str:
    column = article.site.legacy.column(int(article.section))
    return column.name if column else "通知公告"


def _attachment_link(article: Article) -> str:
    href = article.file_path.replace("&", "&amp;")
    icon = f'<img src="/module/jslib/icons/{FILE_KINDS[article.report.file_kind].icon}.png" border="0"/>'
    return f'<p><a href="{href}" target="_blank">{icon}{escape(article.report.file_name)}</a></p>\n'


def _search(world: World, site: Site, asked: Request) -> Response:
    """search.jsp: the fragment a page's script puts into div{COL}. Parameters from body and query alike."""
    found = re.fullmatch(r"div(\d+)", asked.first("divid"))
    column = site.legacy.column(int(found.group(1))) if found else None
    if column is None:
        column = next((each for each in site.legacy.columns if each.kind == "xxgk"), None)
    if column is None:
        return Response(200, b"")
    if (site.legacy.host, str(column.number)) in world.broken_listings:
        return _new_markup(world, site, column)
    # The page sends its own infotypeId=0 and then the tree's; the last one that says something counts.
    infotype = (
        [value for value in asked.form.get("infotypeId", []) + asked.query.get("infotypeId", []) if value] or ["0"]
    )[-1]
    rows = [
        article
        for article in world.listed(site.legacy.host, str(column.number))
        if infotype in ("0", column.infotype) and asked.first("area") in ("", article.area)
    ]
    return Response(200, _fragment(rows, asked).encode())


def _fragment(rows: list[Article], asked: Request) -> str:
    pages = max(-(-len(rows) // _SEARCH_ROWS), 1)
    number = asked.number("currpage", 1)
    shown = rows[(number - 1) * _SEARCH_ROWS : number * _SEARCH_ROWS]
    markup = [
        render(
            "hanweb_search_row",
            parity="odd" if position % 2 else "even",
            position=position,
            href=article.url(asked.port),
            title=escape(article.title),
            index=_index(article),
            day=f"{article.published:%Y-%m-%d}",
            short=escape(_shortened(article.title)),
        )
        for position, article in enumerate(shown, (number - 1) * _SEARCH_ROWS + 1)
    ]
    return render(
        "hanweb_search",
        rows="".join(markup),
        more=f"http://{asked.host}:{asked.port}/col/col4963/index.html",
        number=number,
        pages=pages,
        following=min(number + 1, pages),
    )


def _shortened(title: str) -> str:
    """Lists cut long titles; the title attribute has the whole."""
    return title if len(title) <= 30 else title[:28] + "..."


def _new_markup(world: World, site: Site, column: Column) -> Response:
    """The same list as a redesigned site would send it: no table, no links, addresses for a script to open."""
    cards = "".join(
        f'<section class="card-x1" data-k="{digest(article.id) % 10**9}"><h5>{escape(article.title)}</h5>'
        f"<em>{article.published:%m/%d}</em></section>"
        for article in world.listed(site.legacy.host, str(column.number))[:_SEARCH_ROWS]
    )
    return Response(200, f'<div id="app-root" class="v3">{cards}<button>加载更多</button></div>'.encode())


def _tree(world: World, site: Site, asked: Request) -> Response:
    found = re.fullmatch(r"div(\d+)", asked.first("divid"))
    number = found.group(1) if found else str(site.legacy.columns[0].number)
    count = len(world.listed(site.legacy.host, number))
    counts = {"02": count}
    nodes = "\n".join(
        f"d.add({position},0,'<a href=\"javascript:void(0)\" onclick=\"funclick(\\'{code}\\',\\'{name}\\')\">"
        f"{name}({counts.get(code, 0)})</a>');"
        for position, (code, name) in enumerate(_TREE, 1)
    )
    script = '<script type="text/javascript" src="/module/xxgk/dtree.js"></script>'
    return page("信息公开目录", script, render("hanweb_tree", nodes=nodes))


def _column_page(world: World, site: Site, column: Column, asked: Request) -> Response:
    legacy = site.legacy
    title = f"{legacy.site_name} {column.name}"
    if column.kind == "xxgk":
        infotype = escape(asked.first("number", column.infotype))
        values = {"column": column.number, "infotype": infotype, "web": legacy.web_id, "name": column.name}
        return page(title, "", render("hanweb_xxgk_column", **values))
    # The server always renders page 1 here, whatever pageNum says.
    articles = world.listed(legacy.host, str(column.number))
    body = render(
        "hanweb_column",
        column=column.number,
        xml=_datastore(site, column, articles, articles[:_COLUMN_ROWS], 1, _COLUMN_ROWS, asked.port),
        unit=column.unit_id,
        web=legacy.web_id,
        web_name=legacy.site_name,
        total=len(articles),
        per_page=_COLUMN_ROWS,
    )
    return page(title, "", body)


def _dataproxy(world: World, site: Site, asked: Request) -> Response:
    """dataproxy.jsp: by startrecord and endrecord (windows of several pages), or by page."""
    number = asked.first("columnid")
    column = site.legacy.column(int(number)) if number.isdecimal() else None
    if column is None:
        return Response(200, b"<datastore><totalrecord>0</totalrecord><totalpage>0</totalpage></datastore>", _XML)
    articles = world.listed(site.legacy.host, number)
    per_page = min(asked.number("perpage", _COLUMN_ROWS), _MOST_ROWS)
    if asked.first("startrecord") and not column.only_page:
        first = asked.number("startrecord", 1)
        last = asked.number("endrecord", first + per_page - 1)
        current = (first - 1) // per_page + 1
    else:
        current = asked.number("page", 1)
        first, last = (current - 1) * per_page + 1, current * per_page
    xml = _datastore(site, column, articles, articles[first - 1 : last], current, per_page, asked.port)
    return Response(200, xml.encode(), _XML)


def _datastore(
    site: Site, column: Column, articles: list[Article], shown: list[Article], current: int, per_page: int, port: int
) -> str:
    pages = -(-len(articles) // per_page)
    following = (
        f'<a href="./dataproxy.jsp?page={current + 1}&appid=1&webid={site.legacy.web_id}&path=/'
        f'&columnid={column.number}&unitid={column.unit_id}&webname={quote(site.legacy.site_name)}"></a>'
        if current < pages
        else ""
    )
    records = "".join(f"<record><![CDATA[{_record(article, port)}]]></record>" for article in shown)
    return (
        f"<datastore><totalrecord>{len(articles)}</totalrecord><totalpage>{pages}</totalpage>"
        f"<nextgroup><![CDATA[{following}]]></nextgroup><recordset>{records}</recordset></datastore>"
    )


def _record(article: Article, port: int) -> str:
    """A list entry: its address now relative, now absolute, its date at times in brackets, with debris, or twice."""
    day = f"{article.published:%Y-%m-%d}"
    href = article.path if article.id % 3 else article.url(port)
    debris = "<li style=<br/>" if article.id % 7 == 0 else ""
    shown = f"[{day}]" if article.id % 4 == 0 else day
    link = f'<a href="{href}" target="_blank" title="{escape(article.title)}">{_shortened(article.title)}{debris}</a>'
    entry = f"<li>{link}<span>{shown}</span></li>"
    # Some lists print an entry again for small screens.
    return entry + entry.replace("<li>", '<li class="wap" style="display:none">', 1) if article.id % 5 == 0 else entry


def _downfile(world: World, site: Site, asked: Request) -> Response:
    wanted = asked.first("filename")
    return _file(world, asked, next((a for a in _with_files(world, site) if a.file_name == wanted), None), site)


def _down(world: World, site: Site, asked: Request) -> Response:
    wanted = (asked.first("i_ID"), asked.first("colID"))
    return _file(
        world, asked, next((a for a in _with_files(world, site) if (str(a.file_id), a.section) == wanted), None), site
    )


def _with_files(world: World, site: Site) -> list[Article]:
    return [
        article
        for article in world.articles
        if article.system == LEGACY
        and article.site is site
        and article.report
        and article.report.attachment
        and article.shown
    ]


def _file(world: World, asked: Request, article: Article | None, site: Site) -> Response:
    if article is None:
        return _not_found(site)
    headers = {"Content-Disposition": f"attachment;filename={quote(article.report.file_name)}"}
    media_type = FILE_KINDS[article.report.file_kind].media_type
    return conditional(asked, Response(200, world.attached(article.report), media_type, headers), article.modified)


def _home(site: Site) -> Response:
    links = "".join(
        f'<li><a href="/col/col{column.number}/index.html">{column.name}</a></li>' for column in site.legacy.columns
    )
    return page(site.legacy.site_name, "", f"<h1>{site.legacy.site_name}</h1><ul>{links}</ul>")


def _not_found(site: Site) -> Response:
    return page("404", "", "<h2>HTTP Status 404</h2><p>The requested resource is not available.</p>", status=404)


def _error_page(site: Site) -> Response:
    """The page JCMS shows, with status 200, for an article that is gone."""
    text = '<div class="errorbox"><p>抱歉，您访问的页面不存在或已被删除！</p><p><a href="/">返回首页</a></p></div>'
    return page("提示信息", "", text)
