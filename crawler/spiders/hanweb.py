"""The Hanweb (JCMS) portals: the city's and the districts' xxgk hosts of before 2023."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.cms import hanweb
from crawler.cms.model import Listing
from crawler.errors import UnreadableListingError
from crawler.failures import GONE, explain
from crawler.paging import Paging
from crawler.portals import Column
from crawler.spiders.base import PortalSpider

# What the portal's own page asks for: windows of three pages of 15.
_PER_PAGE = 15
_WINDOW = 45


class HanwebSpider(PortalSpider):
    """Hanweb JCMS.

    Publisher: the city and its districts, until 2023
    Listings:  xxgk columns by search.jsp, for the configured node and every annual report node of tree.jsp;
               ordinary columns by dataproxy.jsp, in windows, or page by page where the build ignores windows
    Caveats:   lists show rows of other columns; a column's page always shows its first entries only
    """

    name = "hanweb"
    cms = "hanweb"

    def first_requests(self) -> Iterator[Request]:
        """Ask for the page of every column: it names what its list is asked with."""
        for column in self.portal.columns:
            label = _label(column)
            self.plan.begin(label, self._page(column))
            yield self.ask(
                hanweb.column_path(column),
                self.column_page,
                role="listing",
                errback=self.column_page_failed,
                column=column,
            )

    def column_page(self, response: Response, column: Column) -> Iterator[Request]:
        """Complete a column from its page, and go on to its tree or its records."""
        page = hanweb.read_column_page(response.body, response.url, column.column)
        column = replace(
            column,
            infotype=column.infotype or page.infotype,
            web_id=column.web_id or page.web_id,
            area=column.area or page.area,
            unit_id=column.unit_id or page.unit_id,
            web_name=column.web_name or page.web_name,
        )
        if column.kind == "xxgk":
            yield self._tree(column, page.tree)
            return
        paging = Paging(self.session.manners.pages_per_listing)
        if page.listing:
            self.take(_label(column), page.listing)
            paging.take(page.listing)
            if page.listing.total is not None and paging.count >= page.listing.total:
                return
        yield self._window(column, 1, Paging(self.session.manners.pages_per_listing))

    def column_page_failed(self, failure: Failure) -> Iterator[Request]:
        """Say that a column's page could not be had, and ask for its list with what the portals file says."""
        self.failed(failure)
        column: Column = failure.request.cb_kwargs["column"]
        if explain(failure.value).code != GONE:
            return
        if column.kind == "xxgk":
            yield self._tree(column, "")
        else:
            yield self._window(column, 1, Paging(self.session.manners.pages_per_listing))

    # --- xxgk columns: tree.jsp, search.jsp -------------------------------------------------------------------------

    def tree(self, response: Response, column: Column) -> Iterator[Request]:
        """Ask for the list of every node under which annual reports lie."""
        nodes = hanweb.report_nodes(hanweb.read_tree(response.body), column.infotype)
        self.logger.info("tree portal=%s column=%s nodes=%d", self.portal.id, column.column, len(nodes))
        yield from self._searches(column, [node.code for node in nodes])

    def tree_failed(self, failure: Failure) -> Iterator[Request]:
        """Do without the tree: the configured node is asked for in any case."""
        if explain(failure.value).code != GONE:
            self.failed(failure)
        yield from self._searches(failure.request.cb_kwargs["column"], [])

    def search(self, response: Response, column: Column, infotype: str, page: int, paging: Paging) -> Iterator[Request]:
        """Take one page of an xxgk list, and ask for the next."""
        label = _label(column, infotype)
        try:
            # Links are relative to the page that shows the fragment, not to the fragment's own address.
            listing = hanweb.read_search(response.body, self._page(column), column.column)
        except UnreadableListingError as error:
            self.unreadable(response, label, error)
            return
        self.take(label, listing)
        paging.take(listing)
        if paging.has_more(page):
            yield self._search(column, infotype, page + 1, paging)
        elif paging.complaint:
            self.paging(response.url, label, paging.complaint)

    def _tree(self, column: Column, address: str) -> Request:
        return self.ask(
            address or hanweb.tree_path(column),
            self.tree,
            role="tree",
            via=self._page(column),
            errback=self.tree_failed,
            column=column,
        )

    def _searches(self, column: Column, nodes: list[str]) -> Iterator[Request]:
        configured = [column.infotype] if column.infotype or not nodes else []
        for infotype in dict.fromkeys([*configured, *nodes]):
            if not (infotype == column.infotype or infotype in configured):
                self.plan.begin(_label(column, infotype), self._page(column))
            yield self._search(column, infotype, 1, Paging(self.session.manners.pages_per_listing))

    def _search(self, column: Column, infotype: str, page: int, paging: Paging) -> Request:
        path, form = hanweb.search_request(column, infotype, page)
        return self.ask(
            path,
            self.search,
            role="listing",
            via=self._page(column),
            form=form,
            column=column,
            infotype=infotype,
            page=page,
            paging=paging,
        )

    # --- ordinary columns: dataproxy.jsp ----------------------------------------------------------------------------

    def window(self, response: Response, column: Column, start: int, paging: Paging) -> Iterator[Request]:
        """Take one window of records; go on to the next, or page by page where the server ignores windows."""
        listing = self._records(response, column)
        if listing is None:
            return
        fresh = paging.take(listing)
        if listing.total is None or paging.count >= listing.total:
            return
        if fresh and paging.has_more(1):
            yield self._window(column, start + len(listing.items), paging)
        elif paging.complaint:
            self.paging(response.url, _label(column), paging.complaint)
        else:
            yield self._page_of(column, 1, Paging(self.session.manners.pages_per_listing))

    def page_of(self, response: Response, column: Column, page: int, paging: Paging) -> Iterator[Request]:
        """Take one page of records, and ask for the next."""
        listing = self._records(response, column)
        if listing is None:
            return
        paging.take(listing)
        if paging.has_more(page):
            yield self._page_of(column, page + 1, paging)
        elif paging.complaint:
            self.paging(response.url, _label(column), paging.complaint)

    def window_failed(self, failure: Failure) -> Iterator[Request]:
        """Try the address older builds have, once."""
        request: Request = failure.request
        if explain(failure.value).code == GONE and "/module/web/jpage/" in request.url:
            kept = request.cb_kwargs
            yield self._window(kept["column"], kept["start"], kept["paging"], old=True)
        else:
            self.failed(failure)

    def _records(self, response: Response, column: Column) -> Listing | None:
        try:
            listing = hanweb.read_dataproxy(response.body, self._page(column), column.column)
        except UnreadableListingError as error:
            self.unreadable(response, _label(column), error)
            return None
        self.take(_label(column), listing)
        return listing

    def _window(self, column: Column, start: int, paging: Paging, *, old: bool = False) -> Request:
        path, form = hanweb.dataproxy_window(column, start, start + _WINDOW - 1, _PER_PAGE)
        return self.ask(
            path.replace("/module/web/jpage/", "/module/jpage/") if old else path,
            self.window,
            role="listing",
            via=self._page(column),
            form=form,
            errback=self.window_failed,
            column=column,
            start=start,
            paging=paging,
        )

    def _page_of(self, column: Column, page: int, paging: Paging) -> Request:
        return self.ask(
            hanweb.dataproxy_page(column, page),
            self.page_of,
            role="listing",
            via=self._page(column),
            column=column,
            page=page,
            paging=paging,
        )

    def _page(self, column: Column) -> str:
        return urljoin(self.portal.base_url, hanweb.column_path(column))


def _label(column: Column, infotype: str | None = None) -> str:
    name = f"{column.name or '栏目'} col{column.column}"
    return name if infotype in (None, "", column.infotype) else f"{name} {infotype}"
