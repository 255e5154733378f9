"""From a request to an answer: the pages and originals over HTTP."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from datasette import Response

from archive.site import crawlers, security
from archive.site.downloads import SUMS, FileAnswer, examples, groups, offered
from archive.site.kept import KeptPage
from archive.site.metadata import TITLE
from archive.site.originals import OriginalLostError, original
from archive.site.rendering import render, version
from archive.site.views.agencies import agency
from archive.site.views.asked import Asked, Document, NotHereError, View
from archive.site.views.captures import capture, get_capture
from archive.site.views.compare import compare
from archive.site.views.coverage import coverage
from archive.site.views.data import compare_csv, compare_json, feed, report_csv, report_json
from archive.site.views.home import home
from archive.site.views.lists import agency_list, report_list
from archive.site.views.method import codebook, codebook_csv, method
from archive.site.views.quality import quality
from archive.site.views.reports import report
from archive.site.views.search import search
from archive.site.views.versions import difference
from archive.site.words import LANGUAGES, messages, say

if TYPE_CHECKING:
    from archive.site.app import Site

Handler = Callable[[Any, "Site"], Awaitable[Response]]

_VIEWS: tuple[tuple[str, View], ...] = (
    (r"/$", home),
    (r"/reports$", report_list),
    (r"/reports/(?P<id>[^/]+)\.json$", report_json),
    (r"/reports/(?P<id>[^/]+)\.csv$", report_csv),
    (r"/reports/(?P<id>[^/]+)/versions/(?P<old>[0-9]{1,6})\.\.(?P<new>[0-9]{1,6})$", difference),
    (r"/reports/(?P<id>[^/]+)$", report),
    (r"/agencies$", agency_list),
    (r"/agencies/(?P<id>[^/]+)$", agency),
    (r"/compare$", compare),
    (r"/compare\.csv$", compare_csv),
    (r"/compare\.json$", compare_json),
    (r"/coverage$", coverage),
    (r"/quality$", quality),
    (r"/captures/(?P<id>[^/]+)$", capture),
    (r"/method$", method),
    (r"/codebook$", codebook),
    (r"/codebook\.csv$", codebook_csv),
    (r"/search$", search),
    (r"/feed\.atom$", feed),
)
BUSY = "现在查询的人很多，请十秒后再试。"
SEARCH_TOO_LONG = "这里的检索词最多 200 个字；检索页没有这个限制。"
TOO_LONG = "这个查询用时过长，已经停止。请缩小范围后再试。"

# A host name or address as browsers send it; anything else is not written into a page.
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?|\[[0-9a-fA-F:]+\](?::[0-9]{1,5})?")


def routes(*, public: bool) -> list[tuple[str, Handler]]:
    """Return the routes of our pages. On a public site Datasette's pages about the server are closed."""
    found = [(pattern, _page(view)) for pattern, view in _VIEWS]
    found.append((r"/captures/(?P<id>[^/]+)/original$", _original))
    found.append((r"/download$", _downloads))
    found.append((r"/download/(?P<name>.+)$", _download))
    found += [(r"/robots\.txt$", _robots), (r"/sitemap(?:-(?P<part>[1-9][0-9]{0,5}))?\.xml$", _sitemap)]
    # Datasette's page of sample markup is drawn outside our frame: it could not say that a replica's data are invented.
    found.append((r"/-/patterns$", _closed))
    if public:
        found.append((r"/-/(?!static/).*$", _closed))
    return found


def _page(view: View) -> Handler:
    async def handler(request: Any, datasette: Site) -> Response:
        if request.method not in ("GET", "HEAD"):
            return _only_reading()
        build, language = datasette.build, language_of(request)
        headers = _cache(datasette, f'W/"{build.facts.id}-{version()}-{language}"') | _remember(request)
        if _unchanged(request, headers["etag"]):
            return Response("", 304, headers)
        key = (build.facts.id, language, _origin(request), request.full_path)
        if kept := datasette.kept.get(key):
            return _html(request, kept.body, 200, headers, charts=kept.charts)
        try:
            page = await build.read(lambda connection: view(connection, asked_of(request)))
        except NotHereError as error:
            return not_found(datasette, request, error.words, **error.values)
        except sqlite3.OperationalError as error:
            if str(error) != "interrupted":
                raise
            return failed(datasette, request, 503, TOO_LONG)
        if isinstance(page, Document):
            return _document(request, page, headers)
        body = _render(datasette, request, page.template, page.address, **page.values).encode()
        datasette.kept.put(key, KeptPage(body, page.charts))
        return _html(request, body, 200, headers, charts=page.charts)

    return handler


def asked_of(request: Any) -> Asked:
    """Return what a request asks for."""
    arguments = {key: request.args.get(key) for key in request.args}
    repeated = {key: tuple(request.args.getlist(key)) for key in request.args}
    given = {key: value for key, value in request.url_vars.items() if key != "id"}
    asked_for = request.url_vars.get("id", "")
    return Asked(asked_for, {**arguments, **given}, repeated, language_of(request), _origin(request))


def language_of(request: Any) -> str:
    """Return the language of the page's own words: the one asked for, else the one chosen before, else Chinese."""
    for wanted in (request.args.get("lang"), request.cookies.get("lang")):
        if wanted in LANGUAGES:
            return wanted
    return "zh"


def _remember(request: Any) -> dict[str, str]:
    """The header that keeps a language chosen by hand for the next pages."""
    wanted = request.args.get("lang")
    return {"set-cookie": f"lang={wanted}; Path=/; Max-Age=31536000; SameSite=Lax"} if wanted in LANGUAGES else {}


async def _original(request: Any, datasette: Site) -> Response:
    if request.method not in ("GET", "HEAD"):
        return _only_reading()
    asked = request.url_vars["id"]
    try:
        row = await datasette.build.read(lambda connection: get_capture(connection, asked))
        found = await asyncio.to_thread(original, datasette.data_dir / "captures", row)
    except NotHereError as error:
        return not_found(datasette, request, error.words, **error.values)
    except OriginalLostError as error:
        return failed(datasette, request, 503, str(error))
    headers = {**_cache(datasette, found.headers["etag"]), **found.headers}
    if _unchanged(request, found.headers["etag"]):
        return Response("", 304, headers)
    return Response(b"" if request.method == "HEAD" else found.body, 200, headers, found.content_type)


async def _downloads(request: Any, datasette: Site) -> Response:
    if request.method not in ("GET", "HEAD"):
        return _only_reading()
    files = await asyncio.to_thread(offered, datasette.data_dir / "downloads", Path(datasette.build.path))
    shown = {"files": files, "groups": groups(files, language_of(request)), "examples": examples(), "sums": SUMS}
    body = _render(datasette, request, "download.html", "/download", **shown)
    return _html(request, body, 200, {"cache-control": "no-cache"} | _remember(request))


async def _download(request: Any, datasette: Site) -> Response | FileAnswer:
    if request.method not in ("GET", "HEAD"):
        return _only_reading()
    files = await asyncio.to_thread(offered, datasette.data_dir / "downloads", Path(datasette.build.path))
    found = next((file for file in files if file.name == request.url_vars["name"]), None)
    if found is None:
        return not_found(datasette, request, "没有这个文件，请看下载页。")
    headers = {**_cache(datasette, found.etag), "content-security-policy": security.ORIGINAL_CSP}
    if _unchanged(request, found.etag):
        return Response("", 304, headers)
    headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(found.path.name)}"
    if found.name == "archive.db":
        headers["content-disposition"] = 'attachment; filename="archive.db"'
    return FileAnswer(found, request.headers, headers, head=request.method == "HEAD")


async def _robots(request: Any, datasette: Site) -> Response:
    return Response.text(crawlers.robots(_origin(request), replica=datasette.build.facts.replica))


async def _sitemap(request: Any, datasette: Site) -> Response:
    build, part = datasette.build, request.url_vars.get("part")
    if part is None:
        text = crawlers.index(_origin(request), build.facts.counts["reports"] + build.facts.counts["agencies"])
    else:
        found = await build.read(lambda connection: crawlers.addresses(connection, int(part)))
        if not found:
            return not_found(datasette, request, "这个地址没有页面。")
        text = crawlers.sitemap(_origin(request), found)
    headers = _cache(datasette, f'W/"{build.facts.id}-{version()}"')
    return Response(text, 200, headers, "application/xml; charset=utf-8")


async def _closed(request: Any, datasette: Site) -> Response:
    return not_found(datasette, request, "本站不开放这个地址。")


def not_found(site: Site, request: Any, words: str, **values: object) -> Response:
    """Return the page that says there is no such page; ``values`` stand for the places in braces of ``words``."""
    return _error(site, request, 404, "没有找到", say(words, language_of(request), **values))


def failed(site: Site, request: Any, status: int, message: str | None) -> Response:
    """Return the page of an error; without a message, of one that is not the reader's."""
    titles = {400: "请求有误", 403: "不开放", 503: "暂时无法提供"}
    shown = message or "服务器遇到错误，已记入日志。请稍后再试。"
    # A message may say anything, braces too: only one of ours is translated.
    said = say(shown, language_of(request)) if shown in messages() else shown
    return _error(site, request, status, titles.get(status, "出错了"), said)


def _error(site: Site, request: Any, status: int, title: str, message: str) -> Response:
    body = _render(site, request, "error.html", None, title=title, message=message, status=status)
    return _html(request, body, status, {"cache-control": "no-store"})


def _render(site: Site, request: Any, template: str, address: str | None, **values: Any) -> str:
    facts = site.build.facts
    language = language_of(request)
    path = (address or "").partition("?")[0]
    frame = {
        "site_title": say(TITLE, language),
        "archive_title": TITLE,
        "canonical": address and _origin(request) + address,
        "origin": _origin(request),
        "replica": facts.replica,
        "facts": facts,
        "public": site.public,
        "current": path.split("/")[1] if path else "",
        "languages": _languages(request),
    }
    return render(template, language, **frame, **values)


def frame_words(request: Any) -> dict[str, Any]:
    """What our header and footer need around Datasette's own pages, which speak one language."""
    # Datasette draws some pages without a request.
    language = language_of(request) if request else "zh"
    return {"_": partial(_say, language), "lang": language, "languages": _languages(request) if request else []}


def _say(language: str, words: str, **values: object) -> str:
    return say(words, language, **values)


def _languages(request: Any) -> list[tuple[str, str, str]]:
    """The page asked for in each language: code, name, address."""
    kept = [(key, value) for key in request.args if key != "lang" for value in request.args.getlist(key)]
    path = quote(request.path.partition("?")[0], safe="/%")
    return [(code, name, f"{path}?{urlencode([*kept, ('lang', code)])}") for code, name in LANGUAGES.items()]


def _origin(request: Any) -> str:
    """Return the scheme and host the reader used, or nothing where the host is none: the address is then relative."""
    host = request.host or ""
    return f"{request.scheme}://{host}" if _HOST.fullmatch(host) else ""


def _html(request: Any, body: str | bytes, status: int, headers: dict[str, str], *, charts: bool = False) -> Response:
    policy = security.CHART_CSP if charts else security.PAGE_CSP
    headers = {**headers, "content-security-policy": policy, "vary": "Cookie", "content-language": language_of(request)}
    return Response.html("" if request.method == "HEAD" else body, status=status, headers=headers)


def _document(request: Any, document: Document, headers: dict[str, str]) -> Response:
    headers = {**headers, "content-security-policy": security.ORIGINAL_CSP}
    if document.file_name:
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(document.file_name)}"
    body = "" if request.method == "HEAD" else document.text
    return Response(body, 200, headers, f"{document.media_type}; charset=utf-8")


def _cache(site: Site, etag: str) -> dict[str, str]:
    # A public page may be five minutes old; on one's own machine a new build shows at once.
    return {"cache-control": "public, max-age=300" if site.public else "no-cache", "etag": etag}


def _unchanged(request: Any, etag: str) -> bool:
    known = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    return etag in known or "*" in known


def _only_reading() -> Response:
    return Response.text("405", status=405, headers={"allow": "GET, HEAD"})
