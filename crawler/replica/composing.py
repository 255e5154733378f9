"""From a body and its numbers to its report of a year: words, dates, layout, and faults."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from archive.agencies.registry import Agency, registry
from crawler.replica.draw import draw
from crawler.replica.figures import Figures
from crawler.replica.form import REQUESTS, Form, form_of
from crawler.replica.old_prose import write_old
from crawler.replica.planting import plant_some
from crawler.replica.prose import contact, full_name, names_of, prose, write
from crawler.replica.report import BEIJING, Layout, Report
from crawler.replica.sites import sites

# Share of reports that never appear, and of those that appear in September.
_MISSING, _LATE = 0.04, 0.05
# The first report year for which departments have another last day than governments.
_TWO_DAYS_SINCE = 2019
# What bodies call themselves in titles; resolving any of them gives the body again.
_ABBREVIATED = 0.08

_PASTES = {"clean": 42, "word": 26, "wps": 18, "breaks": 14}
_SHAPES = {"official": 62, "hangzhou": 20, "seed": 18}
# What reports are attached as, and the share of those that have their tables only there.
_FILES = {"docx": 45, "pdf": 30, "xlsx": 12, "zip": 13}
_ONLY_IN_FILE = 0.3
# Share of the reports of 2019 and 2020 whose table 2 merges the same cells in head and body.
_UNSHIFTED = 0.75
_STATISTICS = ("plain", "spanned", "indented")
# Sets of label habits seen together, and how often.
_HABITS = (
    ((), 34),
    (("half_width",), 10),
    (("half_width", "spaced_index"), 10),
    (("broken",), 12),
    (("dunhao",), 6),
    (("inner_space", "straight_quotes"), 6),
    (("truncated", "spaced_index"), 6),
    (("broken", "spaced_letters", "corner_quotes"), 6),
    (("no_quotes", "old_other"), 5),
    (("shortened", "half_width"), 5),
)


def publishes(seed: int, agency: Agency, year: int) -> bool:
    """Whether a body published its report of a year. The city always did."""
    return agency.level == "city" or draw(seed, "published", agency.id, year).random() >= _MISSING


def compose(seed: int, agency: Agency, year: int, figures: Figures) -> Report:
    """Write the report of a body for a year. The same arguments give the same report."""
    chance = draw(seed, "report", agency.id, year)
    site = sites()[agency.district]
    form = form_of(year)
    layout = _layout(chance, form)
    title_agency = _title_agency(chance, agency)
    title = _title(chance, title_agency, year, layout)
    published = _published(chance, agency, year)
    period = (date(year, 1, 1), date(year, 12, 31))
    told = contact(draw(seed, "contact", agency.id), agency, site.postcode, _public_address(agency, published))
    names = names_of(agency, year, period, f"{site.government}门户网站")
    says: dict[str, int] = {}
    statements = None
    if form.rows:
        sections = write(chance, form, names, _counts(figures), told, says)
    else:
        written = write_old(chance, form, names, figures, told)
        sections, statements, period = written.sections, written.statements, written.period
        says = {said.key: said.value for said in statements if said.time == "year" and not said.approximate}
    report = Report(
        agency=agency,
        year=year,
        title=title,
        title_agency=title_agency,
        published=published,
        period=period,
        contact=told,
        sections=sections,
        says=says,
        cells={key: _printed(figures[key]) for key in form.cell_keys()},
        layout=layout,
        statements=statements,
        attachment=chance.random() < 0.12,
    )
    if report.attachment:
        _choose_file(report, draw(seed, "file", agency.id, year))
    plant_some(report, draw(seed, "plants", agency.id, year))
    return report


def _choose_file(report: Report, chance: random.Random) -> None:
    """Choose what the attachment is, and for some reports let the tables stand there alone.

    A spreadsheet is only ever a copy of tables 2 to 4.
    """
    kind = _weighted(chance, _FILES)
    report.file_kind = "docx" if kind == "xlsx" and not report.form.rows else kind
    alone = chance.random() < _ONLY_IN_FILE
    report.only_in_file = alone and bool(report.cells) and report.file_kind != "xlsx"


def _layout(chance: random.Random, form: Form) -> Layout:
    shape = _weighted(chance, _SHAPES)
    habits = [habit for habit, _ in _HABITS]
    noise = ("seed",) if shape == "seed" else chance.choices(habits, [weight for _, weight in _HABITS])[0]
    return Layout(
        paste=_weighted(chance, _PASTES),
        requests=shape,
        disclosure=_disclosure(chance, form),
        statistics=chance.choice(_STATISTICS) if form.indicators else "plain",
        noise=noise,
        caption="inside" if chance.random() < 0.1 else "outside",
        unclosed=chance.random() < 0.08,
        twice=chance.random() < 0.07,
        two_lines=chance.random() < 0.2,
        repeat=chance.random() < 0.15,
    )


def _disclosure(chance: random.Random, form: Form) -> str:
    """Shifted heads were seen in the form of 2019 alone, whose blocks are of two and three columns."""
    drawn = chance.random()
    if form.id == "g3" and drawn > _UNSHIFTED:
        return "shifted"
    return "four" if drawn < 0.25 else "one"


def _weighted(chance: random.Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _title_agency(chance: random.Random, agency: Agency) -> str:
    """Return the name in the title: mostly the full one, at times with 哈尔滨市 in front or in an abbreviated form."""
    names = _short_names(agency)
    if names and chance.random() < _ABBREVIATED:
        return chance.choice(names)
    return full_name(agency) if chance.random() < 0.2 else agency.name


def _short_names(agency: Agency) -> list[str]:
    """Return the shorter names that mean the same body and no other, 木兰县住建局 for one."""
    if agency.level in ("city", "district"):
        return [agency.name.removesuffix("人民政府")]
    place = agency.name.removesuffix(agency.office)
    if agency.level == "township":
        return [place + agency.office.removesuffix("办事处").removesuffix("人民政府")]
    aliases = prose()["title"]["short"].get(agency.office, [])
    return [place + alias for alias in aliases if registry().resolve(place + alias).id == agency.id]


def _title(chance: random.Random, name: str, year: int, layout: Layout) -> str:
    forms = prose()["title"]["forms"]
    form = forms[0] if chance.random() < 0.55 else chance.choice(forms)
    if chance.random() < 0.12:
        form = form.replace("{agency}{year}", "{agency} {year} ")
    return form.format(agency=name, year=year)


def _published(chance: random.Random, agency: Agency, year: int) -> datetime:
    """Governments publish by the end of March, others by the end of January (条例 art. 49); a few in September.

    Up to the report on 2018 all had until the end of March.
    """
    if chance.random() < _LATE:
        start, days = datetime(year + 1, 9, 1, tzinfo=BEIJING), 28
    elif agency.level in ("city", "district") or year < _TWO_DAYS_SINCE:
        start, days = datetime(year + 1, 2, 6, tzinfo=BEIJING), 50
    else:
        start, days = datetime(year + 1, 1, 5, tzinfo=BEIJING), 26
    return start + timedelta(days=chance.randrange(days), minutes=chance.randrange(8 * 60, 18 * 60))


def _public_address(agency: Agency, published: datetime) -> str:
    """The address reports cite: the legacy platform until early 2023, the current site's list after."""
    site = sites()[agency.district]
    if published.year <= 2023:
        column = site.legacy.columns[0]
        number = "?number=02" if column.kind == "xxgk" else ""
        return f"http://{site.legacy.host}/col/col{column.number}/index.html{number}"
    return f"http://{site.current.host}/{site.current.site}/{site.current.root}/{site.current.template}.shtml"


def _counts(figures: Figures) -> dict[str, int]:
    total = {row: int(figures[REQUESTS, row, "total"]) for _, row, _ in figures if (REQUESTS, row, "total") in figures}
    return {
        "received": total["new_received"],
        "carried_in": total["carried_in"],
        "handled": total["results_total"],
        "carried_out": total["carried_out"],
        "granted": total["granted"],
    }


def _printed(number: Decimal) -> str:
    return f"{number:f}"
