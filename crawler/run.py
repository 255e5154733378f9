"""Runs the spiders of a crawl in one process, and judges how it went."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler import settings as project
from crawler.logs import keep_our_level, quieten
from crawler.portals import Portal
from crawler.session import Session

logger = logging.getLogger(__name__)


def crawl_portals(portals: Sequence[Portal], session: Session) -> str:
    """Crawl portals, a few at a time, and return the outcome of the run.

    ``done``, also at one of the run's limits; ``attention`` when there are problems for a person; ``failed`` when no
    host that was asked answered, or the captures could not be written; ``killed`` when the crawl was told to stop
    (SIGTERM, SIGINT).
    """
    configured = Settings()
    configured.setmodule("crawler.settings", priority="project")
    keep_our_level()
    process = AsyncCrawlerProcess(configured)
    quieten()
    reasons: dict[str, str] = {}
    driver = asyncio.get_event_loop().create_task(_drive(process, portals, session, reasons))
    process.start(stop_after_crawl=False)
    if driver.done() and not driver.cancelled():
        driver.result()
    return _outcome(portals, session, reasons)


async def _drive(
    process: AsyncCrawlerProcess, portals: Sequence[Portal], session: Session, reasons: dict[str, str]
) -> None:
    from twisted.internet import reactor  # only after the process has installed it
    from twisted.internet.error import ReactorNotRunning

    turns = asyncio.Semaphore(session.manners.portals_at_once)
    # Two portals on one host take turns: a host is asked one thing at a time.
    hosts: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
    # A run that ends at a limit has not reached some portals; the next begins with those.
    waiting = sorted(portals, key=session.journal.last_complete)
    try:
        await asyncio.gather(*(_crawl(process, portal, session, reasons, turns, hosts) for portal in waiting))
    finally:
        with contextlib.suppress(ReactorNotRunning):  # a signal has stopped it already
            reactor.stop()


async def _crawl(
    process: AsyncCrawlerProcess,
    portal: Portal,
    session: Session,
    reasons: dict[str, str],
    turns: asyncio.Semaphore,
    hosts: Mapping[str, asyncio.Lock],
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for host in sorted(portal.hosts):  # in one order everywhere: two portals never wait for each other
            await stack.enter_async_context(hosts[host])
        await stack.enter_async_context(turns)
        if session.journal.fatal or session.journal.stopped or "shutdown" in reasons.values():
            return
        crawler = Crawler(process.spider_loader.load(portal.cms), process.settings)
        crawler.settings.setdict(project.for_portal(portal, session.manners), priority="cmdline")
        try:
            await process.crawl(crawler, portal=portal, session=session)
            reasons[portal.id] = str(crawler.stats.get_value("finish_reason"))
        except Exception as error:  # a portal that cannot be started must not take the others with it
            logger.exception("the crawl of %s could not be started", portal.id)
            session.journal.problem(portal, "crawler-error", portal.base_url, detail=repr(error))
            reasons[portal.id] = "error"


def _outcome(portals: Sequence[Portal], session: Session, reasons: dict[str, str]) -> str:
    journal = session.journal
    if journal.fatal:
        return "failed"
    if "shutdown" in reasons.values() or (len(reasons) < len(portals) and not journal.stopped):
        return "killed"
    asked = [tally for portal in portals if (tally := journal.tally(portal)).requests or not journal.stopped]
    if asked and not any(tally.host_answered for tally in asked):
        return "failed"
    return "attention" if journal.problems or not all(tally.host_answered for tally in asked) else "done"
