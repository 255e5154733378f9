"""The current sites: UCAP with its search API, channel tree, static lists, article pages and files."""

from __future__ import annotations

import re
from datetime import timedelta
from html import escape
from urllib.parse import unquote

from crawler.replica.articles import CURRENT, Article
from crawler.replica.faults import break_page
from crawler.replica.http import Request, Response, as_json, conditional, page
from crawler.replica.layouts.attached import FILE_KINDS
from crawler.replica.layouts.body import body_html
from crawler.replica.sites import Channel, Site, channel_tree, own_channel
from crawler.replica.templates import render
from crawler.replica.ucap_pages import article_page
from crawler.replica.world import World

# Entries on a page of a static list; of the API when the asker names none.
_LIST_ROWS = 8
_API_ROWS = 20
# The small page that sends on to a channel's first child.
_FORWARD = "redirect_firstChannel"


def respond(world: World, site: Site, asked: Request) -> Response:
    """Answer a request to a current site."""
    if found := re.fullmatch(r"/common/search/([0-9a-f]{32})", asked.path):
        return _search(world, site, found.group(1), asked)
    if asked.path == "/common/getChannelList":
        return _channel_list(world, site, asked)
    if asked.path in ("/", "/index.shtml", f"/{site.current.site}/index.shtml"):
        return _home(site)
    folder = re.escape(site.current.site)
    if found := re.fullmatch(rf"/{folder}/(\w+)/(\w+?)(?:_(\d+))?\.shtml", asked.path):
        return _list_page(world, site, asked, *found.groups())
    if found := re.fullmatch(rf"/{folder}/\w+/\d{{6}}/(\d+)/files/([^/]+)", asked.path):
        return _file(world, site, asked, int(found.group(1)), unquote(found.group(2)))
    article = world.article_at(site.current.host, asked.path)
    if article is None or article.kind in ("gone", "away") or not article.shown:
        return _not_found()
    if article.kind == "error":
        return _error_page()
    if article.kind == "redirect":
        return Response(302, b"", headers={"Location": article.target.format(port=asked.port)})
    answer = article_page(article, _trail(world, site, article.section))
    if article.report and article.report.fault:
        answer = break_page(answer, article.report.fault)
    return conditional(asked, answer, article.modified)


def _channels(world: World, site: Site) -> list[Channel]:
    return channel_tree(site.current, world.years)


def _trail(world: World, site: Site, code: str) -> list[Channel]:
    """Return a channel and those above it, outermost first."""
    by_code = {channel.code: channel for channel in _channels(world, site)}
    trail = [by_code.get(code) or own_channel(site.current, code)]
    while trail[0].parent:
        trail.insert(0, by_code[trail[0].parent])
    return trail


def _articles_under(world: World, site: Site, channel: Channel) -> list[Article]:
    """Return what a channel and all channels below it list, newest first."""
    below = [
        each
        for each in _channels(world, site)
        if each is channel or channel.level == "root" or (channel.level == "year" and each.year == channel.year)
    ]
    found = [article for each in below for article in world.listed(site.current.host, each.code)]
    return sorted(found, key=lambda article: (article.published, article.id), reverse=True)


def _is_broken(world: World, site: Site, channel: Channel | None) -> bool:
    """Whether the lists of a channel, or of the whole tree it is in, changed their markup."""
    return channel is not None and bool(
        {(site.current.host, channel.code), (site.current.host, site.current.root)} & world.broken_listings
    )


def _search(world: World, site: Site, channel_id: str, asked: Request) -> Response:
    channel = next((each for each in _channels(world, site) if each.id == channel_id), None)
    rows, number = asked.number("_pageSize", _API_ROWS), asked.number("page", 1)
    articles = _articles_under(world, site, channel) if channel else []
    if asked.first("_isJson") != "true" or _is_broken(world, site, channel):
        return _not_found()
    shown = articles[(number - 1) * rows : number * rows]
    return as_json(
        {
            "data": {
                "page": number,
                # What was asked for, whatever the number of results.
                "rows": rows,
                "channelId": channel_id,
                "total": len(articles),
                "relateSubChannels": "true",
                "results": [_result(world, site, article, asked.port) for article in shown],
            },
            "locationUrl": "",
            "channelName": channel.name if channel else "",
        }
    )


def _result(world: World, site: Site, article: Article, port: int) -> dict:
    channel = _trail(world, site, article.section)[-1]
    title = article.title
    if article.id % 13 == 5:
        title = " "
    elif article.id % 6 == 1:
        title = f'<span style="color:#000000">{title}</span>'
    day = article.published
    # Eight hours before what publishedTimeStr says, as seen on a site of this system.
    early = int((day - timedelta(hours=8)).timestamp()) * 1000
    result = {
        "title": title,
        "subTitle": article.title,
        "content": "".join(article.report.section("overview").paragraphs)[:200]
        if article.report
        else "".join(article.text),
        "memo": "",
        "url": _address(article, port),
        "manuscriptId": str(article.id),
        "publishedTime": early,
        "publishedTimeStr": f"{day:%Y-%m-%d %H:%M:%S}",
        "channelName": channel.name,
        "channelCodeName": channel.code,
        "channelId": channel.id,
        "domainMetaList": _domain_metas(article),
    }
    if article.report and article.id % 3 == 0 and not article.report.fault:
        result["contentHtml"] = body_html(article.report)
    if article.report and article.report.attachment and article.kind == "report":
        result["resList"] = [{"fileName": article.report.file_name, "filePath": unquote(article.file_path)}]
    return result


def _address(article: Article, port: int) -> str:
    """Addresses in lists take several forms: absolute, root-relative, without a scheme."""
    url = article.url(port)
    if article.kind == "away":
        return url
    return (url, url, article.path, url.removeprefix("http:"))[article.id % 4]


def _domain_metas(article: Article) -> list[dict]:
    if article.id % 5 == 0:
        return []
    source = "null" if article.site.is_city else article.publisher
    values = [
        {"key": "source", "name": "来源", "value": source},
        {"key": "author", "name": "作者", "value": "null"},
    ]
    return [{"domainMetadataName": "通用", "resultList": values}]


def _channel_list(world: World, site: Site, asked: Request) -> Response:
    if asked.first("websiteCodeName") != site.current.site:
        return as_json({"results": {"children": []}})
    code = asked.first("channelCode")
    children = [_child(channel) for channel in _channels(world, site) if channel.parent == code]
    channel = next((each for each in _channels(world, site) if each.code == code), None)
    own = _child(channel) if channel else {}
    return as_json({"results": {**own, "children": children}})


def _child(channel: Channel) -> dict:
    return {"displayName": channel.name, "channelId": channel.id, "channelCode": channel.code}


def _list_page(world: World, site: Site, asked: Request, code: str, template: str, number: str | None) -> Response:
    """A static list, its pages after the first under template_N; or the small page that forwards to the first child."""
    channels = _channels(world, site)
    channel = next((each for each in channels if each.code == code), None)
    if channel is None:
        return _not_found()
    children = [each for each in channels if each.parent == code]
    if template == _FORWARD and children:
        return _forward(site, children[0], channels)
    if template != site.current.template:
        return _not_found()
    if _is_broken(world, site, channel):
        return page(channel.name, "", '<div id="app-root" class="v3"></div><script src="/static/app.9c1f.js"></script>')
    articles = _articles_under(world, site, channel)
    pages = max(-(-len(articles) // _LIST_ROWS), 1)
    current = int(number or 1)
    if not 1 <= current <= pages:
        return _not_found()
    shown = articles[(current - 1) * _LIST_ROWS : current * _LIST_ROWS]
    items = "\n".join(_item(site, article, asked.port) for article in shown)
    head = f'<meta name="channelid" content="{channel.id}"/>\n<meta name="ColumnName" content="{channel.name}"/>'
    body = render(
        "ucap_list",
        trail=" &gt; ".join(each.name for each in _trail(world, site, code)),
        navigation=_navigation(site, channels),
        channel=channel.id,
        items=_list_markup(site, items),
        pages=pages,
        number=current,
        template=template,
        total=len(articles),
    )
    return page(f"{channel.name}_{site.current.site_name}", head, body)


def _navigation(site: Site, channels: list[Channel]) -> str:
    items = []
    for channel in channels:
        template = _FORWARD if channel.level == "year" else site.current.template
        href = f"/{site.current.site}/{channel.code}/{template}.shtml"
        items.append(f'<li class="{channel.level}"><a href="{href}">{channel.name}</a></li>')
    return "".join(items)


def _list_markup(site: Site, items: str) -> str:
    if site.current.header == "plain":
        return f'<table width="100%" class="list_table"><tbody>\n{items}\n</tbody></table>'
    if site.current.header == "bare":
        return f'<div id="list">\n<ul>\n{items}\n</ul>\n</div>'
    return f'<ul class="zfxxgk_list">\n{items}\n</ul>'


def _item(site: Site, article: Article, port: int) -> str:
    title, day, href = escape(article.title.strip()), f"{article.published:%Y-%m-%d}", _address(article, port)
    if site.current.header == "plain":
        return f'<tr><td class="info"><a class="list" href="{href}" target="_blank">{title}</a></td><td>{day}</td></tr>'
    if site.current.header == "bare":
        return f'<li><a href="{href}">{title}</a><i>{day}</i></li>'
    return f'<li><a href="{href}" target="_blank" title="{title}">{title[:26]}</a><span class="time">{day}</span></li>'


def _forward(site: Site, child: Channel, channels: list[Channel]) -> Response:
    template = _FORWARD if any(each.parent == child.code for each in channels) else site.current.template
    target = f"/{site.current.site}/{child.code}/{template}.shtml"
    return page("", "", render("ucap_forward", target=target))


def _file(world: World, site: Site, asked: Request, number: int, name: str) -> Response:
    article = next(
        (
            each
            for each in world.articles
            if each.system == CURRENT and each.id == number and each.site is site and each.kind == "report"
        ),
        None,
    )
    if article is None or not article.report.attachment or not article.shown or article.file_name != name:
        return _not_found()
    media_type = FILE_KINDS[article.report.file_kind].media_type
    return conditional(asked, Response(200, world.attached(article.report), media_type), article.modified)


def _home(site: Site) -> Response:
    current = site.current
    link = f"/{current.site}/{current.root}/{current.template}.shtml"
    return page(current.site_name, "", f'<h1>{current.site_name}</h1><p><a href="{link}">政府信息公开年报</a></p>')


def _not_found() -> Response:
    return page("404", "", "<h1>404</h1><p>您访问的页面不存在</p>", status=404)


def _error_page() -> Response:
    """The page some sites show, with status 200, for an article that is gone."""
    return page(
        "页面不存在", "", '<div class="error"><p>您访问的页面不存在或已被删除</p><a href="/">返回首页</a></div>'
    )
