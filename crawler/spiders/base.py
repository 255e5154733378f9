"""What the spiders of both content systems do alike: plan, fetch articles with their files, say what went wrong."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any, ClassVar, Self
from urllib.parse import urljoin

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.captures import Capture, DecodeError
from archive.documents.kind import HTML
from archive.documents.served import CHALLENGE, LOGIN, MISSING, page_state
from crawler.cms.article import read_attachments
from crawler.cms.model import ListedItem, Listing
from crawler.errors import StoppedError, UnreadableListingError
from crawler.failures import GONE, UNANSWERED, explain
from crawler.memory import Known, falls_due
from crawler.plan import Plan, listed_facts
from crawler.portals import Portal
from crawler.session import Session
from crawler.spiders.reckoning import ENOUGH, Reckoning

logger = logging.getLogger(__name__)

# So many reports missing from the lists are never taken for trouble with the lists.
_FEW = 3
# Listings first, so that the plan is whole before the first article is asked for; what is known last, so that a run
# that ends at a limit has what is new.
_LISTING, _ATTACHMENT, _ARTICLE, _AGAIN = 20, 10, 0, -10
_CODE_OF_STATE = {CHALLENGE: "challenge-page", LOGIN: "login-page"}


class PortalSpider(Spider):
    """Goes through the listings of one portal, then fetches the reports that are new or listed differently.

    A listing is always asked for. An article is asked for when it is not known, when its entry in the listing changed
    (title, date, and the text where the listing carries it), when no listing shows it any more, when it falls due
    (`crawler.memory`), or with ``--full``; its attachments when they are not known, when it changed, or when they fall
    due. Which entries are reports is told by `crawler.titles`.
    """

    name: str
    #: Content system, as in the portals file.
    cms: ClassVar[str]

    def __init__(self, portal: Portal, session: Session, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.portal = portal
        self.session = session
        self.plan = Plan(portal)
        self.tally = session.journal.tally(portal)
        self.reckoning = Reckoning(portal, session, self.plan, self.tally)
        self._fetching = False
        self._listings_whole = True

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Connect the spider to the signals it needs."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.listings_done, signal=signals.spider_idle)
        crawler.signals.connect(spider.failed_itself, signal=signals.spider_error)
        return spider

    def first_requests(self) -> Iterable[Request]:
        """Return the requests a portal's listings begin with."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Request]:
        """Begin with the listings."""
        for request in self.first_requests():
            yield request

    # --- asking -----------------------------------------------------------------------------------------------------

    def ask(
        self,
        link: str,
        callback: Callable,
        *,
        role: str,
        via: str | None = None,
        form: bytes | None = None,
        errback: Callable | None = None,
        facts: dict[str, Any] | None = None,
        priority: int = _LISTING,
        again: bool = False,
        **kept: Any,
    ) -> Request:
        """Return a request for an address of this portal (absolute or from its root).

        ``form`` makes it a POST. ``via`` is the page that led here. ``again``: also when a redirect led to the same
        address before. ``kept`` goes to the callback, and to the errback
        in ``failure.request.cb_kwargs``.
        """
        url = self.portal.canonical(urljoin(self.portal.base_url, link))
        headers = {"Referer": via} if via else {}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-Requested-With": "XMLHttpRequest"}
        return Request(
            url,
            callback,
            method="GET" if form is None else "POST",
            headers=headers,
            body=form,
            errback=errback or self.failed,
            priority=priority,
            dont_filter=again,
            cb_kwargs=kept,
            meta={"facts": {"role": role, "via": via, "asked": url, **(facts or {})}},
        )

    # --- listings ---------------------------------------------------------------------------------------------------

    def take(self, label: str, listing: Listing, *, in_report_column: bool = True) -> None:
        """Take the reports of one page of a listing into the plan; ``label`` names the listing for people."""
        logger.info(
            "listing portal=%s list=%r entries=%d by=%r", self.portal.id, label, len(listing.items), listing.signal
        )
        for item in self.plan.take(label, listing.items, in_report_column=in_report_column):
            self.session.journal.notice(self.portal, "offsite", None, target=item.url)

    def unreadable(self, response: Response, label: str, error: UnreadableListingError) -> None:
        """Say why a listing could not be read: a page of another kind, or markup that is not known."""
        self._listings_whole = False
        state = page_state(response.body)
        code = _CODE_OF_STATE.get(state or "", "listing-markup")
        self.session.journal.problem(self.portal, code, response.url, listing=label, detail=error)

    def paging(self, url: str, label: str, detail: str) -> None:
        """Say that a listing does not page as it should."""
        self._listings_whole = False
        self.session.journal.problem(self.portal, "listing-paging", url, listing=label, detail=detail)

    def listings_done(self) -> None:
        """When nothing is left to ask and the listings were all there was: go on to the articles (spider_idle)."""
        if self._fetching or self.session.journal.stopped:
            return
        self._fetching = True
        self.tally.listed = self.plan.count
        self.tally.listings = self.plan.counts
        requests = list(self._article_requests())
        to_fetch = sum(request.meta["facts"]["role"] == "article" for request in requests)
        self.session.progress.planned(self.portal.id, self.tally.listed, to_fetch)
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def _article_requests(self) -> Iterator[Request]:
        for item in self.plan.without_address:
            self.tally.gone += 1
            self._gone(item.title, None, "the listing gives no address for it")
        for item in self.plan.reports(self.session.year):
            known = self.session.memory.seen(item.url)
            if self._too_large(item.url):
                continue
            if known and known.still_as_listed(item) and not self._look_again(known, item.url):
                if known.gone_since:
                    self.tally.gone += 1
                    continue
                files = self._archived_files(known.capture, item) if known.capture else None
                if files is not None:
                    self.tally.unchanged += 1
                    yield from files
                    continue
            yield self._ask_article(item, known)
        yield from self._delisted()

    def _ask_article(self, item: ListedItem, known: Known | None, **facts: Any) -> Request:
        return self.ask(
            item.url,
            self.article,
            role="article",
            via=self.plan.found_on(item),
            facts={"listed": listed_facts(item), **facts},
            priority=_AGAIN if known else _ARTICLE,
            again=True,
            item=item,
        )

    def _delisted(self) -> Iterator[Request]:
        """Ask for known articles that no listing shows: at once where they were taken off, else when they fall due."""
        if self.session.year:
            return
        known_here = [(url, known) for url, known in self.session.memory.articles_of(self.portal.id)]
        unlisted = [(url, known) for url, known in known_here if url not in self.plan and self.portal.owns(url)]
        newly = sum(not known.delisted for _, known in unlisted)
        taken_off = self._listings_can_be_trusted() and newly <= max(_FEW, (1 - ENOUGH) * len(known_here))
        for url, known in unlisted:
            if (taken_off and not known.delisted) or self._look_again(known, url):
                item = ListedItem(url, **{"title": "", **known.listed})
                yield self._ask_article(item, known, delisted=taken_off or known.delisted or None)

    def _listings_can_be_trusted(self) -> bool:
        """Whether all listings were read to the end, and none is empty that was not, nor far shorter."""
        return self._listings_whole and not self.reckoning.fewer() and not any(self.reckoning.emptied())

    def _look_again(self, known: Known, url: str) -> bool:
        today, days = self.session.started_at.date(), self.session.manners.recheck_days
        return self.session.full or known.is_due(url, today, days)

    def _too_large(self, url: str) -> bool:
        """Whether an address held more than may be taken when it was last asked for, and need not be tried today."""
        found = self.session.journal.too_large(self.portal, url)
        manners, today = self.session.manners, self.session.started_at.date()
        return (
            found is not None
            and not self.session.full
            and found[1] >= manners.max_file_mb
            and not falls_due(url, found[0], today, manners.recheck_days)
        )

    def _archived_files(self, capture: Capture, item: ListedItem) -> list[Request] | None:
        """Requests for the files of an article that was not asked for again; None when its capture cannot be read."""
        try:
            stored = self.session.store.response(capture)
        except (DecodeError, OSError, ValueError) as error:
            logger.warning("capture of %s cannot be read and is fetched again: %s", item.url, error)
            return None
        return list(self._files(capture, stored.body, item, again=False))

    # --- articles ---------------------------------------------------------------------------------------------------

    def article(self, response: Response, item: ListedItem) -> Iterator[Request]:
        """Count an article, and ask for its files."""
        self.session.progress.done()
        capture: Capture = response.meta["capture"]
        state = response.meta.get("state")
        if state == MISSING:
            self.tally.gone += 1
            self._gone(item.title, response.request.meta["facts"]["asked"], "the portal shows an error page")
            return
        if state in _CODE_OF_STATE:
            self.session.journal.problem(self.portal, _CODE_OF_STATE[state], response.url)
            return
        if state and capture.new:
            self.session.journal.problem(self.portal, "damaged-page", response.url, detail=f"the page is {state}")
        asked = response.meta["facts"]["asked"]
        known = self.session.memory.article(asked)
        changed = known is not None and known.capture.sha256 != capture.sha256
        if known is None:
            self.tally.new += 1
        elif changed:
            self.tally.changed += 1
        else:
            self.tally.unchanged += 1
        if known and known.gone_since:
            self.session.journal.notice(self.portal, "back", asked, title=item.title, since=known.gone_since)
        if response.meta["facts"].get("delisted"):
            self._say_delisted(asked, response.url, item.title, before=known is not None and known.delisted)
        yield from self._files(capture, response.body, item, again=known is None or changed or self.session.full)

    def _say_delisted(self, asked: str, url: str, title: str, *, before: bool) -> None:
        journal = self.session.journal
        if self.portal.canonical(url) in self.plan:
            journal.notice(self.portal, "moved", asked, title=title, target=url)
        else:
            say = journal.notice if before else journal.problem
            say(self.portal, "delisted", asked, title=title)

    def attachment(self, response: Response, name: str) -> None:
        """Look whether an attachment is one, and not a page that stands for it."""
        state = response.meta.get("state")
        if state == MISSING:
            self._gone(name, response.request.meta["facts"]["asked"], "the portal shows an error page")
        elif state in _CODE_OF_STATE:
            self.session.journal.problem(self.portal, _CODE_OF_STATE[state], response.url)
        elif state and response.meta["capture"].new:
            self.session.journal.problem(self.portal, "damaged-page", response.url, detail=f"the file is {state}")

    def _files(self, capture: Capture, body: bytes, item: ListedItem, *, again: bool) -> Iterator[Request]:
        on_page = read_attachments(body, capture.url, self.cms) if capture.media_type == HTML else ()
        found = {self.portal.canonical(file.url): file for file in (*on_page, *item.attachments)}
        for url, file in found.items():
            known = self.session.memory.attachment(url)
            if not self.portal.owns(url):
                self.session.journal.notice(self.portal, "offsite", capture.url, target=url)
            elif not self._too_large(url) and (again or known is None or self._look_again(known, url)):
                facts = {"parent": capture.url, "name": file.name, "position": file.position}
                yield self.ask(
                    url,
                    self.attachment,
                    role="attachment",
                    via=capture.url,
                    facts=facts,
                    priority=_AGAIN if known else _ATTACHMENT,
                    name=file.name or url.rsplit("/", 1)[-1],
                )

    # --- what goes wrong --------------------------------------------------------------------------------------------

    def failed(self, failure: Failure) -> None:
        """Record why a request came to nothing. Raises CloseSpider when the host answers nothing any more."""
        if self.session.journal.fatal or isinstance(failure.value, StoppedError):
            return
        request: Request = failure.request
        facts = request.meta["facts"]
        if facts["role"] in ("listing", "tree"):
            self._listings_whole = False
        asked = facts["asked"]
        reason = explain(failure.value)
        if facts["role"] == "article":
            self.session.progress.done()
            self.tally.gone += reason.code in (GONE, "offsite", "redirects", "robots")
        if reason.code == UNANSWERED:
            self.reckoning.silent(request.url, reason.detail)
        elif reason.code == GONE and facts["role"] in ("article", "attachment"):
            title = (facts.get("listed") or {}).get("title") or facts.get("name") or asked
            self._gone(title, asked, reason.detail)
        else:
            code = "http-error" if reason.code == GONE else reason.code
            journal = self.session.journal
            # A redirect that left the portal before, or a file that was too large before, needs nobody again.
            seen = self.session.memory.seen(asked) or self.session.memory.attachment(asked)
            known = (code == "offsite" and seen and seen.gone_since) or (
                code == "too-large" and journal.too_large(self.portal, asked)
            )
            say = journal.notice if known else journal.problem
            limit = self.session.manners.max_file_mb
            say(self.portal, code, asked, detail=reason.detail, limit=limit, **reason.words)

    def failed_itself(self, failure: Failure, response: Response) -> None:
        """Record that one of our own functions failed on a response (spider_error); the log has the traceback."""
        self.session.journal.problem(self.portal, "crawler-error", response.url, detail=repr(failure.value))

    def _gone(self, title: str, url: str | None, detail: str) -> None:
        """Say that something listed is not to be had: a problem once, when it was there before; else a notice."""
        journal = self.session.journal
        known = self.session.memory.article(url) if url else None
        say = journal.problem if known and not known.gone_since else journal.notice
        day = known.capture.fetched_at[:10] if known else ""
        say(
            self.portal,
            "gone",
            url,
            title=title or "?",
            listing=title,
            detail=detail,
            kept=f"{day} 的存档仍在，请核对是否撤稿。" if known else "下次再试。",
            kept_en=f"Its capture of {day} is kept; look whether it was withdrawn."
            if known
            else "It is asked for again at the next crawl.",
        )

    def closed(self, reason: str) -> None:
        """Say at the end what only the whole shows."""
        self.reckoning.close(reason)
