"""What the site adds to Datasette, through its plugin hooks. They do nothing for other Datasettes in the process."""

from __future__ import annotations

import importlib
import re
import secrets
import sqlite3
from typing import TYPE_CHECKING, Any

from datasette import Response, hookimpl
from datasette.utils.asgi import Base400, Request
from jinja2.ext import Extension
from markupsafe import Markup

from archive.search import match, parse
from archive.site import csvs, gates, handlers, security
from archive.site.builds import NAME
from archive.site.rendering import static

if TYPE_CHECKING:
    from archive.site.app import Site

# Datasette runs its own handler of errors beside ours, and where rich happens to be installed that prints every error
# with all its variables: 18 kB of log for an address that is mistyped. Errors that are ours are printed all the same.
importlib.import_module("datasette.handle_exception").rich = None

# Rows that have a page of ours, and columns that refer to such rows.
_PAGES = {"reports": "/reports/", "agencies": "/agencies/", "captures": "/captures/"}
_REFERENCES = {"report_id": "/reports/", "agency_id": "/agencies/", "capture_id": "/captures/"}
_INLINE_SCRIPT = re.compile(r"<script(?=[ >{])(?![^>]*\bsrc=)")


def _is_ours(datasette: Any) -> bool:
    return hasattr(datasette, "live")


class _NoncedScripts(Extension):
    """Gives the scripts written into Datasette's templates the nonce that lets them run."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _INLINE_SCRIPT.sub('<script nonce="{{ csp_nonce }}"', source)


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Site) -> None:
    """Prepare Datasette's own templates; ours have an environment of their own."""
    if _is_ours(datasette):
        env.add_extension(_NoncedScripts)
        env.globals["static"] = static
        # Datasette draws its last resort, the page of an error in JSON, without the variables of its pages.
        env.globals |= handlers.frame_words(None)


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection, datasette: Site) -> None:
    """Have the search box of Datasette's tables read queries as our own search does, after Datasette's own function."""
    if _is_ours(datasette):
        conn.create_function("escape_fts", 1, lambda text: match(parse(text or "")), deterministic=True)


@hookimpl
def register_routes(datasette: Site) -> list[tuple[str, Any]]:
    """Our pages, before Datasette's."""
    if not _is_ours(datasette):
        return []
    return [*handlers.routes(public=datasette.public), (r"/archive(?:/[^/]+)?\.csv$", csvs.table_csv)]


@hookimpl
def extra_template_vars(request: Any, datasette: Site) -> dict[str, Any]:
    """What our frame around Datasette's pages shows."""
    if not _is_ours(datasette):
        return {}
    nonce = request.scope.get("csp_nonce", "") if request else ""
    frame = {"csp_nonce": nonce, "replica": datasette.build.facts.replica, "current": "data"}
    return frame | handlers.frame_words(request)


@hookimpl
def render_cell(value: Any, column: str, table: str | None, database: str, datasette: Site) -> Markup | None:
    """Lead from the identifiers in Datasette's tables to our pages."""
    if not _is_ours(datasette) or database != NAME:
        return None
    target = _PAGES.get(table or "") if column == "id" else _REFERENCES.get(column)
    # A reference comes with the name of what it refers to where Datasette has looked that up.
    found, label = (value["value"], value["label"]) if isinstance(value, dict) else (value, value)
    if not target or not isinstance(found, str):
        return None
    return Markup('<a href="{}">{}</a>').format(target + found, label)


@hookimpl
def handle_exception(request: Any, exception: Exception, datasette: Site) -> Response | None:
    """Errors as pages of ours, in Chinese; for JSON addresses Datasette's own JSON."""
    if not _is_ours(datasette) or request.path.split("?")[0].endswith(".json"):
        return None
    status = getattr(exception, "status", 500) if not isinstance(exception, sqlite3.Error) else 500
    if status == 404:
        return handlers.not_found(datasette, request, "这个地址没有页面。")
    if getattr(exception, "message_is_html", False):
        # The only such message says that a query was stopped.
        return handlers.failed(datasette, request, status, handlers.TOO_LONG)
    if isinstance(exception, Base400) or status == 400:
        return handlers.failed(datasette, request, 400, str(getattr(exception, "message", exception)))
    return handlers.failed(datasette, request, status, None)


@hookimpl
def forbidden(datasette: Site, request: Any, message: str) -> Response | None:
    """Say what is closed on a public site."""
    if not _is_ours(datasette):
        return None
    return handlers.failed(datasette, request, 403, "本站不开放此功能；各表仍可筛选，并以 JSON 或 CSV 取用。")


@hookimpl
def asgi_wrapper(datasette: Site) -> Any:
    """Hold one build through each request, and put the headers on every answer."""
    if not _is_ours(datasette):
        return lambda app: app
    return lambda app: datasette.holding(_with_headers(_gated(app, datasette)))


def _gated(app: Any, site: Site) -> Any:
    """Let few heavy pages be made at once; a reader turned away is told when to come back."""

    async def wrapped(scope: dict, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope.get("inner") or not gates.is_heavy(scope["path"]):
            await app(scope, receive, send)
            return
        request = Request(scope, receive)
        if gates.is_too_long(scope["path"], scope["query_string"]):
            await handlers.failed(site, request, 400, handlers.SEARCH_TOO_LONG).asgi_send(send)
        elif await site.gate.enter():
            try:
                await app(scope, receive, send)
            finally:
                site.gate.leave()
        else:
            busy = handlers.failed(site, request, 503, handlers.BUSY)
            busy.headers["retry-after"] = str(gates.RETRY_AFTER)
            await busy.asgi_send(send)

    return wrapped


def _with_headers(app: Any) -> Any:
    async def wrapped(scope: dict, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        nonce = scope["csp_nonce"] = secrets.token_urlsafe(12)
        kept_for_ever = scope["path"].startswith("/static/") and scope["query_string"].startswith(b"v=")

        async def send_with_headers(message: dict) -> None:
            if message["type"] == "http.response.start":
                headers = {key.lower(): value for key, value in message.get("headers", [])}
                added = dict(security.COMMON)
                added["content-security-policy"] = security.datasette_csp(nonce)
                if kept_for_ever and message["status"] == 200:
                    added["cache-control"] = "public, max-age=31536000, immutable"
                more = [(key.encode(), value.encode()) for key, value in added.items() if key.encode() not in headers]
                message = {**message, "headers": [*message.get("headers", []), *more]}
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped
