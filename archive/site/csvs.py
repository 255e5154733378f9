"""Tables as CSV: every row, or an error that cannot be taken for a table.

Datasette's own CSV is one page of the table unless it streams; and its stream, past a limit or after an error, ends
with a line of words and still says that all went well. Here the rows come from Datasette's JSON page by page, with the
filters of the address, and a stream that breaks ends without its end, which every HTTP client reports.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils.asgi import AsgiStream

from archive.site import handlers

if TYPE_CHECKING:
    from datasette import Response

    from archive.site.app import Site

# Rows handed out over the open internet at once; whole tables are files under /download.
MOST_PUBLIC = 100_000
# What is said of the form of an answer, not of its rows; and of where to go on.
_OF_THE_FORM = ("_shape", "_size", "_stream", "_dl", "_header", "_next", "_facet", "_nocount", "_labels", "_extra")
_TOO_MANY = "共 {number} 行，超过一次可取的 {most} 行。请缩小筛选范围，或到下载页取整张表。"
_REFUSED = "本站不开放此功能；各表仍可筛选，并以 JSON 或 CSV 取用。"
_CUT = "这个查询的结果超过一次可取的行数。请在查询中分段（LIMIT、OFFSET）后再取。"


async def table_csv(request: Any, datasette: Site) -> Response | AsgiStream:
    """Answer with all rows of a table, view or query as CSV."""
    kept = [(key, value) for key in request.args for value in request.args.getlist(key) if key not in _OF_THE_FORM]
    pages = _pages(datasette, request.path.removesuffix(".csv") + ".json", kept)
    first = await anext(pages)
    if first["status"] != 200:
        return handlers.failed(datasette, request, first["status"], str(first.get("error") or ""))
    total = first.get("filtered_table_rows_count")
    if datasette.public and total and total > MOST_PUBLIC:
        return handlers.failed(datasette, request, 400, _TOO_MANY.format(number=total, most=MOST_PUBLIC))
    if first.get("truncated") and not first.get("next"):
        return handlers.failed(datasette, request, 400, _CUT)

    async def stream(writer: Any) -> None:
        if request.args.get("_header") != "off":
            await writer.write(_lines([first["columns"]]))
        await writer.write(_lines(first["rows"]))
        async for page in pages:
            if page["status"] != 200:
                raise BrokenOffError(f"{request.full_path}: {page.get('error')}")
            await writer.write(_lines(page["rows"]))

    name = request.path.rsplit("/", 1)[-1]
    headers = {"content-disposition": f'attachment; filename="{name}"'} if request.args.get("_dl") else {}
    return AsgiStream(stream, headers=headers, content_type="text/csv; charset=utf-8")


class BrokenOffError(RuntimeError):
    """A stream that could not be finished. The connection is closed without the end of the answer."""


async def _pages(site: Site, path: str, kept: list[tuple[str, str]]) -> AsyncIterator[dict[str, Any]]:
    """Yield the pages of Datasette's JSON, each with its HTTP ``status``."""
    following = None
    while True:
        asked = [*kept, ("_size", "max"), *([("_next", following)] if following else [])]
        answer = await site.client.get(f"{path}?{urlencode(asked)}")
        # Our own pages of errors are no JSON.
        page = answer.json() if "json" in answer.headers["content-type"] else {"error": _REFUSED}
        yield {**page, "status": answer.status_code}
        following = page.get("next")
        if not following:
            return


def _lines(rows: list[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
