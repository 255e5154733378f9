"""From a request to an answer: the pages and originals over HTTP."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette import Response

from archive.site import security, views
from archive.site.metadata import TITLE
from archive.site.originals import OriginalLostError, original
from archive.site.rendering import render, version

if TYPE_CHECKING:
    from archive.site.app import Site

Handler = Callable[[Any, "Site"], Awaitable[Response]]

_VIEWS: tuple[tuple[str, views.View], ...] = (
    (r"/$", views.home),
    (r"/reports$", views.report_list),
    (r"/reports/(?P<id>[^/]+)$", views.report),
    (r"/agencies$", views.agency_list),
    (r"/agencies/(?P<id>[^/]+)$", views.agency),
    (r"/captures/(?P<id>[^/]+)$", views.capture),
    (r"/method$", views.method),
    (r"/search$", views.search),
)
TOO_LONG = "这个查询用时过长，已经停止。请缩小范围后再试。"

# A host name or address as browsers send it; anything else is not written into a page.
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?|\[[0-9a-fA-F:]+\](?::[0-9]{1,5})?")


def routes(*, public: bool) -> list[tuple[str, Handler]]:
    """Return the routes of our pages. On a public site Datasette's pages about the server are closed."""
    found = [(pattern, _page(view)) for pattern, view in _VIEWS]
    found.append((r"/captures/(?P<id>[^/]+)/original$", _original))
    # Datasette's page of sample markup is drawn outside our frame: it could not say that a replica's data are invented.
    found.append((r"/-/patterns$", _closed))
    if public:
        found.append((r"/-/(?!static/).*$", _closed))
    return found


def _page(view: views.View) -> Handler:
    async def handler(request: Any, datasette: Site) -> Response:
        if request.method not in ("GET", "HEAD"):
            return _only_reading()
        build = datasette.build
        headers = _cache(datasette, f'W/"{build.facts.id}-{version()}"')
        if _unchanged(request, headers["etag"]):
            return Response("", 304, headers)
        asked = views.Asked(request.url_vars.get("id", ""), {key: request.args.get(key) for key in request.args})
        try:
            page = await build.read(lambda connection: view(connection, asked))
        except views.NotHereError as error:
            return not_found(datasette, request, str(error))
        except sqlite3.OperationalError as error:
            if str(error) != "interrupted":
                raise
            return failed(datasette, request, 503, TOO_LONG)
        body = _render(datasette, request, page.template, page.address, **page.values)
        return _html(request, body, 200, headers)

    return handler


async def _original(request: Any, datasette: Site) -> Response:
    if request.method not in ("GET", "HEAD"):
        return _only_reading()
    asked = request.url_vars["id"]
    try:
        row = await datasette.build.read(lambda connection: views.get_capture(connection, asked))
        found = await asyncio.to_thread(original, datasette.data_dir / "captures", row)
    except views.NotHereError as error:
        return not_found(datasette, request, str(error))
    except OriginalLostError as error:
        return failed(datasette, request, 503, str(error))
    headers = {**_cache(datasette, found.headers["etag"]), **found.headers}
    if _unchanged(request, found.headers["etag"]):
        return Response("", 304, headers)
    return Response(b"" if request.method == "HEAD" else found.body, 200, headers, found.content_type)


async def _closed(request: Any, datasette: Site) -> Response:
    return not_found(datasette, request, "本站不开放这个地址。")


def not_found(site: Site, request: Any, message: str) -> Response:
    """Return the page that says there is no such page."""
    return _error(site, request, 404, "没有找到", message)


def failed(site: Site, request: Any, status: int, message: str | None) -> Response:
    """Return the page of an error; without a message, of one that is not the reader's."""
    titles = {400: "请求有误", 403: "不开放", 503: "暂时无法提供"}
    return _error(
        site, request, status, titles.get(status, "出错了"), message or "服务器遇到错误，已记入日志。请稍后再试。"
    )


def _error(site: Site, request: Any, status: int, title: str, message: str) -> Response:
    body = _render(site, request, "error.html", None, title=title, message=message, status=status)
    return _html(request, body, status, {"cache-control": "no-store"})


def _render(site: Site, request: Any, template: str, address: str | None, **values: Any) -> str:
    facts = site.build.facts
    frame = {
        "site_title": TITLE,
        "canonical": address and _origin(request) + address,
        "replica": facts.replica,
        "facts": facts,
        "public": site.public,
        "current": (address or "").split("/")[1] if address else "",
    }
    return render(template, **frame, **values)


def _origin(request: Any) -> str:
    """Return the scheme and host the reader used, or nothing where the host is none: the address is then relative."""
    host = request.host or ""
    return f"{request.scheme}://{host}" if _HOST.fullmatch(host) else ""


def _html(request: Any, body: str, status: int, headers: dict[str, str]) -> Response:
    headers = {**headers, "content-security-policy": security.PAGE_CSP}
    return Response.html("" if request.method == "HEAD" else body, status=status, headers=headers)


def _cache(site: Site, etag: str) -> dict[str, str]:
    # A public page may be five minutes old; on one's own machine a new build shows at once.
    return {"cache-control": "public, max-age=300" if site.public else "no-cache", "etag": etag}


def _unchanged(request: Any, etag: str) -> bool:
    known = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    return etag in known or "*" in known


def _only_reading() -> Response:
    return Response.text("405", status=405, headers={"allow": "GET, HEAD"})
