"""The UCAP portals: www.harbin.gov.cn and the district sites since 2023."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.cms import ucap
from crawler.cms.markup import load_data
from crawler.cms.model import ChildChannel, Listing
from crawler.errors import UnreadableListingError
from crawler.failures import GONE, explain
from crawler.memory import falls_due
from crawler.paging import Paging
from crawler.spiders.base import PortalSpider

# Entries asked for at a time; the server may give fewer.
_PAGE_SIZE = 60
# Pages that forward to one another, after which it is a loop.
_FORWARDS = 3


@dataclass(frozen=True, slots=True)
class _Place:
    """A channel on the way down the tree.

    ``path`` names it for people; ``reports`` says whether all that lies in it is taken for annual reports; ``tree``
    whether the channel list API has told what lies below; ``searched`` whether its entries are asked for as JSON, so
    that its list page is not needed.
    """

    code: str
    path: str
    template: str = ""
    reports: bool = True
    tree: bool = False
    searched: bool = False

    @property
    def label(self) -> str:
        return f"{self.path} {self.code}".strip()


class UcapSpider(PortalSpider):
    """UCAP (开普云).

    Publisher: the city and its districts, since 2023, with older articles taken over
    Listings:  the channel tree by getChannelList, or by the links of list pages where that is closed;
               entries by /common/search JSON, or by static list pages where that is closed
    Caveats:   a channel's JSON may show entries of the channels below it; `rows` in it is not a count
    """

    name = "ucap"
    cms = "ucap"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen_codes: set[str] = set()
        self.seen_ids: set[str] = set()
        self.closed_ids: set[str] = set()
        self.tree_closed = False

    def first_requests(self) -> Iterator[Request]:
        """Open every configured channel."""
        for channel in self.portal.channels:
            yield from self._open(_Place(channel.code, channel.name or channel.code, channel.template))

    # --- the tree ---------------------------------------------------------------------------------------------------

    def channel_list(self, response: Response, place: _Place) -> Iterator[Request]:
        """Go down to the channels below one, then to its own list page."""
        try:
            children = ucap.read_channel_list(response.body)
        except UnreadableListingError as error:
            self._close_tree(response.url, str(error))
        else:
            place = replace(place, tree=bool(children))
            yield from self._below(place, children)
        if not place.searched:
            yield from self._list_page(place)

    def channel_list_failed(self, failure: Failure) -> Iterator[Request]:
        """Do without the channel list API: list pages link to the channels below them."""
        reason = explain(failure.value)
        self._close_tree(failure.request.url, reason.detail)
        if reason.code not in (GONE, "http-error"):
            self.failed(failure)
        if not failure.request.cb_kwargs["place"].searched:
            yield from self._list_page(failure.request.cb_kwargs["place"])

    def _open(self, place: _Place) -> Iterator[Request]:
        if not place.code or place.code in self.seen_codes:
            return
        self.seen_codes.add(place.code)
        if self.tree_closed:
            yield from self._list_page(place)
            return
        path = ucap.channel_list_path(place.code, self.portal.site)
        if self._is_leaf(self.portal.canonical(urljoin(self.portal.base_url, path))):
            if not place.searched:
                yield from self._list_page(place)
            return
        yield self.ask(
            path,
            self.channel_list,
            role="tree",
            errback=self.channel_list_failed,
            place=place,
        )

    def _is_leaf(self, url: str) -> bool:
        """Whether the channel list at an address was empty when it was last asked for, and need not be asked today.

        Its entries are asked for all the same. Most channels are leaves; their lists of channels change once in years.
        """
        last = self.session.store.index.latest(url)
        if last is None or self.session.full:
            return False
        looked, today = datetime.fromisoformat(last.fetched_at).date(), self.session.started_at.date()
        if falls_due(url, looked, today, self.session.manners.recheck_days):
            return False
        try:
            return not ucap.read_channel_list(self.session.store.response(last).body)
        except (OSError, ValueError, UnreadableListingError):
            return False

    def _below(self, place: _Place, children: Iterable[ChildChannel]) -> Iterator[Request]:
        for child in children:
            path = f"{place.path} > {child.name}"
            below = _Place(child.code, path, place.template, place.reports, searched=bool(child.id))
            if child.children:
                yield from self._below(below, child.children)
            elif child.code:
                yield from self._open(below)
            if child.id:
                yield from self._search(child.id, below)

    def _close_tree(self, url: str, detail: str) -> None:
        if not self.tree_closed:
            self.tree_closed = True
            self.logger.info("getChannelList is not open portal=%s (%s): going by links", self.portal.id, detail)

    # --- list pages -------------------------------------------------------------------------------------------------

    def list_page(self, response: Response, place: _Place, templates: list[str], hops: int) -> Iterator[Request]:
        """Take the first list page of a channel: its entries, its id, the channels it links to."""
        page = ucap.read_list_page(response.body, response.url)
        if page.forward and hops < _FORWARDS:
            yield self.ask(
                page.forward,
                self.list_page,
                role="listing",
                via=response.url,
                place=place,
                templates=[],
                hops=hops + 1,
            )
            return
        for child in page.children:
            linked = ucap.place_of(child.url)
            same_kind = linked is not None and linked.template == page.template
            below = _Place(
                child.code,
                f"{place.path} > {child.name}",
                linked.template if linked else "",
                place.reports and same_kind,
            )
            yield from self._open(below)
        if page.listing:
            self._take(place, page.listing)
        if page.channel_id and page.channel_id not in self.closed_ids:
            yield from self._search(page.channel_id, place, page)
        elif page.listing:
            yield from self._next_static(place, page, 1, Paging(self.session.manners.pages_per_listing))
        elif not page.children and not place.tree:
            self.unreadable(response, place.label, UnreadableListingError("no entries, pager, channel id or channels"))

    def list_page_failed(self, failure: Failure) -> Iterator[Request]:
        """Try the next usual name of a list page; say so when none is left and the API told nothing either."""
        kept = failure.request.cb_kwargs
        if explain(failure.value).code == GONE:
            if kept["templates"]:
                yield from self._list_page(kept["place"], kept["templates"])
                return
            if kept["place"].tree:
                return
        self.failed(failure)

    def static_page(
        self, response: Response, place: _Place, first: ucap.ListPage, page: int, paging: Paging
    ) -> Iterator[Request]:
        """Take a further static list page, and ask for the next."""
        listing = ucap.read_list_page(response.body, response.url).listing
        if listing is None:
            self.unreadable(response, place.label, UnreadableListingError("no entries in it"))
            return
        self._take(place, listing)
        yield from self._next_static(place, replace(first, listing=listing), page, paging)

    def _list_page(self, place: _Place, templates: list[str] | None = None) -> Iterator[Request]:
        if templates is None:
            templates = [place.template] if place.template else []
            templates += [name for name in load_data(self.cms)["templates"] if name != place.template]
            self.plan.begin(place.label, self._address(place, templates[0]))
        yield self.ask(
            ucap.list_path(self.portal.site, place.code, templates[0]),
            self.list_page,
            role="listing",
            errback=self.list_page_failed,
            place=place,
            templates=templates[1:],
            hops=0,
        )

    def _next_static(self, place: _Place, first: ucap.ListPage, page: int, paging: Paging) -> Iterator[Request]:
        paging.take(replace(first.listing, pages=first.pages, total=None))
        if paging.has_more(page):
            yield self.ask(
                urljoin(first.url, ucap.page_name(first.template, page + 1, first.suffix)),
                self.static_page,
                role="listing",
                via=first.url,
                place=place,
                first=first,
                page=page + 1,
                paging=paging,
            )
        elif paging.complaint:
            self.paging(first.url, place.label, paging.complaint)

    # --- /common/search ---------------------------------------------------------------------------------------------

    def search(
        self, response: Response, channel_id: str, place: _Place, page: int, paging: Paging, first: ucap.ListPage | None
    ) -> Iterator[Request]:
        """Take one page of a channel's entries as JSON, and ask for the next."""
        try:
            listing = ucap.read_search(response.body, response.url)
        except UnreadableListingError as error:
            if page > 1:
                self.unreadable(response, place.label, error)
            else:
                yield from self._without_search(channel_id, place, first, response, error)
            return
        self._take(place, listing)
        paging.take(listing)
        if listing.items and paging.has_more(page):
            yield self._search_page(channel_id, place, page + 1, paging, first)
            return
        paging.check_total()
        if paging.complaint:
            self.paging(response.url, place.label, paging.complaint)

    def search_failed(self, failure: Failure) -> Iterator[Request]:
        """Go by static list pages where the search API is closed."""
        kept = failure.request.cb_kwargs
        reason = explain(failure.value)
        if reason.code in (GONE, "http-error") and kept["page"] == 1:
            error = UnreadableListingError(f"{reason.detail}, and no list page stands in")
            response = failure.value.response
            yield from self._without_search(kept["channel_id"], kept["place"], kept["first"], response, error)
        else:
            self.failed(failure)

    def _without_search(
        self,
        channel_id: str,
        place: _Place,
        first: ucap.ListPage | None,
        response: Response,
        error: UnreadableListingError,
    ) -> Iterator[Request]:
        self.logger.info("search is not open portal=%s (%s): going by pages", self.portal.id, error)
        self.closed_ids.add(channel_id)
        if first is not None and first.listing is not None:
            yield from self._next_static(place, first, 1, Paging(self.session.manners.pages_per_listing))
        elif first is None and place.code:
            yield from self._list_page(replace(place, tree=False, searched=False))
        else:
            self.unreadable(response, place.label, error)

    def _search(self, channel_id: str, place: _Place, first: ucap.ListPage | None = None) -> Iterator[Request]:
        if channel_id in self.seen_ids:
            return
        self.seen_ids.add(channel_id)
        self.plan.begin(place.label, self._address(place, place.template or load_data(self.cms)["templates"][0]))
        yield self._search_page(channel_id, place, 1, Paging(self.session.manners.pages_per_listing), first)

    def _search_page(
        self, channel_id: str, place: _Place, page: int, paging: Paging, first: ucap.ListPage | None
    ) -> Request:
        return self.ask(
            ucap.search_path(channel_id, page, _PAGE_SIZE),
            self.search,
            role="listing",
            errback=self.search_failed,
            channel_id=channel_id,
            place=place,
            page=page,
            paging=paging,
            first=first,
        )

    # --- together ---------------------------------------------------------------------------------------------------

    def _take(self, place: _Place, listing: Listing) -> None:
        """Take entries with the path of their channel, which often names the year."""
        items = tuple(
            item.in_column(place.path if not item.column else f"{place.path} > {item.column}") for item in listing.items
        )
        self.take(place.label, replace(listing, items=items), in_report_column=place.reports)

    def _address(self, place: _Place, template: str) -> str:
        return urljoin(self.portal.base_url, ucap.list_path(self.portal.site, place.code, template))
