"""A world: the bodies, their reports, and every address they stand under. Always the same for the same arguments."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from archive.agencies.registry import Agency, registry
from crawler.replica.articles import Article, Numbers
from crawler.replica.bodies import SEED_AGENCY, SEED_YEAR, choose_agencies
from crawler.replica.composing import compose, publishes
from crawler.replica.draw import draw
from crawler.replica.figures import Figures, figures, zeros
from crawler.replica.form import FIRST_YEAR, CellKey
from crawler.replica.http import Response
from crawler.replica.layouts.attached import FILE_KINDS
from crawler.replica.outages import OUTAGES, Outage
from crawler.replica.planting import plant
from crawler.replica.publishing import publish_others, publish_report
from crawler.replica.report import Report, Section
from crawler.replica.seed_report import seed_report
from crawler.replica.sites import LAST_YEAR, Site, sites
from crawler.replica.trouble import plant_trouble


class World:
    """All that the replica serves.

    ``seed`` decides everything drawn; ``agencies`` is how many bodies publish; ``years`` the report years, 2008 or
    later; ``faults`` names of `crawler.replica.trouble.TROUBLE` to plant: with any, all tables stand on pages. Raises
    ValueError for years outside 2008-2027 or more bodies than the registry has, KeyError for an unknown fault.

    Between two crawls a world can be changed with `set_cell`, `set_text`, `plant`, `withdraw`, `restore`, `move` and
    `add`: each changes only the pages concerned, with a new ETag and Last-Modified.
    """

    def __init__(
        self, seed: int = 1, agencies: int = 24, years: Iterable[int] = range(2021, 2026), faults: Sequence[str] = ()
    ) -> None:
        self.seed = seed
        self.years = tuple(sorted(set(years)))
        if not self.years or self.years[0] < FIRST_YEAR:
            raise ValueError(f"report years begin with {FIRST_YEAR}: there was no duty to report before")
        if self.years[-1] > LAST_YEAR:
            raise ValueError(f"report years end with {LAST_YEAR}: the sites have no channels for later ones")
        self.agencies = choose_agencies(seed, agencies)
        self.lock = threading.RLock()
        self.reports: dict[str, Report] = {}
        self.articles: list[Article] = []
        self.broken_listings: set[tuple[str, str]] = set()
        self.other_truth: list[Callable[[int], dict]] = []
        # Reports that something was planted in; what is planted next takes another.
        self.taken: set[str] = set()
        self.files: dict[tuple[str, str], Response] = {}
        self.calendar: dict[tuple[str, int], list[tuple[Callable[[World, str], None], str]]] = {}
        self._visits: Counter[str] = Counter()
        self._outages: dict[tuple[str, str], tuple[Outage, list[int]]] = {}
        self.numbers = Numbers()
        self._files: dict[str, tuple[int, bytes]] = {}
        self._by_address: dict[tuple[str, str], Article] = {}
        self._listed: dict[tuple[str, str], list[Article]] = defaultdict(list)
        for agency in self.agencies:
            self._add_reports(agency)
        for site in self.sites:
            for article in publish_others(seed, site, self.years, self.numbers):
                self._put(article)
        if faults:
            # A page or a file that trouble breaks must not be the only one that has the tables.
            for report in self.reports.values():
                report.only_in_file = False
        plant_trouble(self, faults)

    @property
    def sites(self) -> list[Site]:
        """The sites of this world: the city's first, then those of its districts."""
        names = dict.fromkeys(agency.district for agency in self.agencies if agency.district)
        return [sites()[None], *(sites()[name] for name in names)]

    def article_at(self, host: str, path: str) -> Article | None:
        """Return the article at an address (host without port, path without query), None when nothing was there."""
        return self._by_address.get((host, path))

    def listed(self, host: str, section: str) -> list[Article]:
        """Return what a column or channel lists now, newest first."""
        shown = [article for article in self._listed[host, section] if article.shown]
        return sorted(shown, key=lambda article: (article.published, article.id), reverse=True)

    def articles_of(self, report_id: str) -> list[Article]:
        """Return the addresses of a report, the primary one first. Raises KeyError for an id not in this world."""
        report = self.reports[report_id]
        return [article for article in self.articles if article.report is report and article.kind == "report"]

    # What tests change between two crawls.

    def set_cell(self, report_id: str, key: CellKey, raw: str) -> None:
        """Let a cell show ``raw``."""
        with self.lock:
            report = self.reports[report_id]
            if key not in report.cells:
                raise KeyError(f"the form has no cell {key}")
            report.cells[key] = raw
            report.revision += 1

    def set_text(self, report_id: str, section: str, paragraphs: Sequence[str]) -> None:
        """Replace the paragraphs of a section."""
        with self.lock:
            report = self.reports[report_id]
            old = report.section(section)
            new = Section(old.key, old.heading, tuple(paragraphs))
            report.sections = tuple(new if each is old else each for each in report.sections)
            report.revision += 1

    def plant(self, report_id: str, name: str) -> None:
        """Plant a fault of `crawler.replica.planting.PLANTS` in a report."""
        with self.lock:
            report = self.reports[report_id]
            plant(report, name, draw(self.seed, "planted", report_id, name, report.revision))
            report.revision += 1

    def withdraw(self, report_id: str) -> None:
        """Take a report off every list; its addresses answer 404."""
        with self.lock:
            self.reports[report_id].withdrawn = True

    def restore(self, report_id: str) -> None:
        """Bring a withdrawn report back."""
        with self.lock:
            self.reports[report_id].withdrawn = False

    def move(self, report_id: str) -> None:
        """Give a report's first address another number; the old address answers 404."""
        with self.lock:
            article = self.articles_of(report_id)[0]
            del self._by_address[article.host, article.path]
            article.id = self.numbers.current(article.published.date(), "moved", report_id, article.id)
            self._by_address[article.host, article.path] = article

    def spoil(self, place: tuple[str, str], name: str) -> None:
        """Let the answers of an address (host without port, path) go wrong by an outage of that name."""
        with self.lock:
            self._outages[place] = (OUTAGES[name], [0])

    def outage_at(self, host: str, path: str) -> tuple[Outage, int] | None:
        """Return what spoils this answer of an address, and its number from 1; None when nothing does, or any more."""
        with self.lock:
            outage, asked = self._outages.get((host, path), (None, [0]))
            asked[0] += 1
            return (outage, asked[0]) if outage and (outage.lasts is None or asked[0] <= outage.lasts) else None

    def visit(self, host: str) -> None:
        """Begin a visit to a portal: what is planned for it happens."""
        with self.lock:
            self._visits[host] += 1
            for happen, report_id in self.calendar.get((host, self._visits[host]), ()):
                happen(self, report_id)

    def add(self, name: str, year: int) -> Report:
        """Publish the report of a body for a year of this world and return it.

        ``name`` is the body's full name; its district must have a site in this world. Raises ValueError when the
        report is there already or the year or district is not of this world.
        """
        agency = registry().resolve(name)
        with self.lock:
            if f"{agency.id}-{year}" in self.reports:
                raise ValueError(f"{agency.id}-{year} is in this world already")
            if year not in self.years or sites()[agency.district] not in self.sites:
                raise ValueError(f"this world has no site for {agency.name} {year}")
            numbers = self._figures(agency)
            return self._publish(compose(self.seed, agency, year, numbers[year]))

    def break_listing(self, host: str, section: str) -> None:
        """Send the list of a column or channel in markup never seen before; a site's root stands for its whole tree."""
        with self.lock:
            self.broken_listings.add((host, section))

    def note(self, line: Callable[[int], dict]) -> None:
        """Add a line to the truth that belongs to no report of this world; it is given the port."""
        self.other_truth.append(line)

    def attached(self, report: Report) -> bytes:
        """Return a report's file. Word files take a tenth of a second, so it is kept until the report changes."""
        kept = self._files.get(report.id)
        if kept is None or kept[0] != report.revision:
            kept = self._files[report.id] = (report.revision, FILE_KINDS[report.file_kind].make(report))
        return kept[1]

    def put(self, article: Article) -> None:
        """Put an article that belongs to no report of this world in its lists and under its address."""
        with self.lock:
            self._put(article)

    def _figures(self, agency: Agency) -> dict[int, Figures]:
        if agency.name == SEED_AGENCY:
            return zeros(self.years)
        return figures(self.seed, agency, self.years)

    def _add_reports(self, agency: Agency) -> None:
        numbers = self._figures(agency)
        for year in self.years:
            if agency.name == SEED_AGENCY and year == SEED_YEAR:
                self._publish(seed_report())
            elif publishes(self.seed, agency, year):
                self._publish(compose(self.seed, agency, year, numbers[year]))

    def _publish(self, report: Report) -> Report:
        self.reports[report.id] = report
        for article in publish_report(self.seed, report, self.numbers):
            self._put(article)
        return report

    def _put(self, article: Article) -> None:
        self.articles.append(article)
        self._by_address[article.host, article.path] = article
        for section in article.listed_in:
            self._listed[article.host, section].append(article)
