"""Who publishes: from a name as written to the body it means.

The bodies themselves are data (``registry.toml``); this module only knows how names are written: with or without the
city and the district in front, spaced out, abbreviated.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LEVELS = ("city", "city_department", "district", "district_department", "township", "institution")

# 乡, 镇, 街道 and their governments and offices publish as bodies of their own.
_TOWNSHIP = re.compile(r"(?:街道办事处|[镇乡]人民政府)$")
_INSTITUTION = re.compile(r"(?:中心|学校|医院|研究院|研究所|管理处|服务处|图书馆|档案馆)$")
# A place above or beside Harbin at the head of a name. The 市 of 市场, 市政 and 城市 is no city's (of 市政府 and
# 市民政局 it is), what stands after a district, a street or a new area (哈尔滨新区市场监督管理局) is no place, and a
# 盟 is one only before a body's name: 联盟 is none.
_PLACE = re.compile(
    r"(?P<place>[^区县街道镇乡院局会]{2,7}?"
    r"(?:省|自治区|自治州|地区|(?<!城)(?<!超)市(?!场|政(?![府务协法研])|民(?![政族宗营])|容|直))"
    r"|[^区县街道镇乡院局会]{1,3}[^区县街道镇乡院局会联同加]盟"
    r"(?=行政公署|行署|[一-龥]{1,20}(?:局|委|委员会|办|办公室|法院|检察院)$))"
)
# The 市 of 五常市场监督管理局 is not the city's alone: 五常市 and 五常 both stand before 市场.
_SWALLOWED = ("场监", "场管", "容")
_PROVINCE = "黑龙江省"
# What a body has on its second plate, or a district is besides: 农业农村局（乡村振兴局）, 平房区（哈经开区）.
_SECOND_NAME = re.compile(r"(?<=.)\([^()]*\)")
# What the tax bureaus of all places bear before the place.
_TAX = re.compile("^国家税务总局(?=.+税务局$)")
# The government before the name of one of its bodies, and of the city's bodies what names their part of a district.
_GOVERNMENT = "人民政府"
_BRANCH = re.compile(r"市?(?P<office>.+)局(?P<place>[^局]{2,3}?)[区县市]?分局")
# A district's name without its last character is its short name where two are left: 道里, not 宾.
_SHORTEST = 2
# The first year there is a duty to report on: the governments of all districts are as old.
_FIRST_YEAR = 2008


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that publishes annual reports.

    ``id`` is permanent; ``name`` the full name with its district (for the city's bodies with 哈尔滨市);
    ``office`` the name without; ``district`` None for the city's own bodies; ``level`` one of `LEVELS`;
    ``known`` whether the registry lists it. ``active_from`` and ``active_to`` are the first and last report year of a
    body of that name, None where not known.
    """

    id: str
    name: str
    office: str
    district: str | None
    level: str
    known: bool
    active_from: int | None = None
    active_to: int | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A name a body goes or went by: ``kind`` is ``official``, ``short`` or ``former``; the report years it was its."""

    name: str
    kind: str
    active_from: int | None = None
    active_to: int | None = None


@dataclass(frozen=True, slots=True)
class District:
    """A district, county or county-level city: full ``name``, ``slug``, ``kind`` and the names it had."""

    name: str
    slug: str
    kind: str
    former: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """An office as the registry lists it, at one level, without a district. ``evidence`` says how it is known."""

    name: str
    slug: str
    level: str
    names: tuple[Name, ...] = ()
    active_from: int | None = None
    active_to: int | None = None
    evidence: str = "general"


class Registry:
    """The bodies of the city, and how to find one by the name a document uses."""

    def __init__(self, data: dict) -> None:
        self.city = District(data["city"]["name"], data["city"]["slug"], "city")
        self.districts = {
            d["name"]: District(
                d["name"], d["slug"], d["kind"], tuple(Name(kind="former", **name) for name in d.get("former", ()))
            )
            for d in data["districts"]
        }
        # Every name of a district, those it had among them.
        self._districts = {name: d for d in self.districts.values() for name in (d.name, *(n.name for n in d.former))}
        self._short = {name[:-1]: d for name, d in self._districts.items() if len(name) > _SHORTEST}
        # (scope, written name) -> office; scope is "city", "district" for every district, or a district's name.
        self._offices: dict[tuple[str, str], Office] = {}
        self.offices: list[Office] = []
        self.former_offices: list[Office] = []
        self.localities: list[tuple[str, Office]] = []
        for entry in data["offices"]:
            office = _office(entry, entry["level"])
            self.offices.append(office)
            self._add(_scope(office.level), office)
        for entry in data["localities"]:
            office = _office(entry, "township")
            self.localities.append((entry["district"], office))
            self._add(entry["district"], office)
        # After the others: a name that a body bears today is that body's.
        for entry in data["former_offices"]:
            for level in entry["levels"]:
                office = _office(entry, level)
                self.former_offices.append(office)
                self._add(_scope(level), office)

        self._slugs = {office.slug for office in self._offices.values()} | {"renminzhengfu"}

    def _add(self, scope: str, office: Office) -> None:
        for name in office.names:
            self._offices.setdefault((scope, name.name), office)

    def office_of(self, agency: Agency) -> Office | None:
        """The registry's entry for an agency, None for a government or a body it does not list."""
        for scope in (agency.district, "district") if agency.district else ("city",):
            office = self._offices.get((scope, agency.office))
            if office and office.name == agency.office:
                return office
        return None

    def elsewhere(self, written: str) -> str | None:
        """Return the province or city a name begins with when it is not Harbin's: 齐齐哈尔市 of 齐齐哈尔市财政局."""
        name = _clean(written)
        if name.startswith((self.city.name.removesuffix("市"), *self._districts)):
            return None
        found = _PLACE.match(name)
        return found["place"] if found else None

    def resolve(self, written: str, *, district: str | None = None) -> Agency:
        """Return the agency meant by ``written``.

        ``written`` is a name as a title or a text gives it. ``district`` is the full name of the district whose site
        it stands on, used only when the name itself names none. A body the registry does not list gets an id
        transliterated from its name and ``known=False``. Raises ValueError for an empty name.
        """
        name = _clean(written)
        if not name:
            raise ValueError("an agency needs a name, this one is empty")
        rest = name.removeprefix(self.city.name)
        named_city = rest != name or not rest
        found = next((d for d in self._districts if rest.startswith(d)), None)
        if found:
            office = rest.removeprefix(found)
            swallowed = found.endswith("市") and office.startswith(_SWALLOWED)
            return self._of(self._districts[found], "市" + office if swallowed else office)
        if rest in ("人民政府", "政府", "") and named_city:
            return self._of(None, "人民政府")
        branch = self._branch(rest)
        if branch:
            return self._of(*branch)
        if not named_city and district in self.districts:
            return self._of(self.districts[district], rest)
        return self._of(None, rest.removeprefix("市") if ("city", rest) not in self._offices else rest)

    def _branch(self, rest: str) -> tuple[District, str] | None:
        """Return the district and office of a city's body in it: 公安局道里分局, 呼兰生态环境局. None for any other."""
        found = _BRANCH.fullmatch(rest)
        if found and found["place"] in self._short:
            return self._short[found["place"]], found["office"] + "分局"
        for short, district in self._short.items():
            office = rest.removeprefix("市").removeprefix(short)
            if rest.removeprefix("市").startswith(short) and ("district", office) in self._offices:
                return district, office
        return None

    def _of(self, district: District | None, rest: str) -> Agency:
        if rest in ("", "政府", "人民政府"):
            rest = "人民政府"
        rest = _full_township_name(rest)
        place = district or self.city
        scopes = (district.name, "district") if district else ("city",)
        shorter = rest[1:] if district and rest[:1] == district.name[-1] else rest
        for scope in scopes:
            for candidate in (rest, shorter, rest.removeprefix(_GOVERNMENT), rest.removeprefix("政府")):
                office = self._offices.get((scope, candidate))
                if office:
                    return self._agency(district, office)
        # One body has one identifier, with 人民政府 before its name or without.
        rest = rest.removeprefix(_GOVERNMENT) or rest
        if rest == "人民政府":
            return Agency(
                f"{place.slug}-renminzhengfu", place.name + rest, rest,
                district and district.name, "district" if district else "city", True, _FIRST_YEAR,
            )  # fmt: skip
        # Its dictionaries take a third of a second to load, and nearly every body is in the registry.
        from pypinyin import lazy_pinyin

        slug = re.sub(r"[^a-z0-9]+", "", "".join(lazy_pinyin(rest)).replace("ü", "v").lower())
        if slug in self._slugs:
            # 税务局 and 水务局 sound alike: two bodies must never share an identifier.
            slug += "-" + hashlib.sha256(rest.encode()).hexdigest()[:4]
        return Agency(
            f"{place.slug}-{slug}", in_full(place.name, rest), rest,
            district and district.name, _guess_level(rest, district), False,
        )  # fmt: skip

    def _agency(self, district: District | None, office: Office) -> Agency:
        place = district or self.city
        return Agency(
            f"{place.slug}-{office.slug}", in_full(place.name, office.name), office.name, district and district.name,
            office.level, True, office.active_from, office.active_to,
        )  # fmt: skip

    def listed(self) -> list[Agency]:
        """The bodies known one by one, for certain or nearly so: governments, the city's bodies, places seen.

        Offices of districts are not among them: the registry says what such offices are called, not which district has
        which. Nor are bodies of general knowledge only.
        """
        governments = [self._of(district, "人民政府") for district in (None, *self.districts.values())]
        offices = [
            self._agency(None, office)
            for office in (*self.offices, *self.former_offices)
            if office.level == "city_department" and office.evidence != "general"
        ]
        return governments + offices + [self._agency(self.districts[name], office) for name, office in self.localities]


def _office(entry: dict, level: str) -> Office:
    years = (entry.get("active_from"), entry.get("active_to"))
    names = (
        Name(entry["name"], "official", *years),
        *(Name(alias, "short") for alias in entry.get("aliases", ())),
        *(Name(kind="former", **former) for former in entry.get("former_names", ())),
    )
    return Office(entry["name"], entry["slug"], level, names, *years, entry.get("evidence", "general"))


def _scope(level: str) -> str:
    return "city" if level == "city_department" else "district"


def in_full(place: str, office: str) -> str:
    """Return an office's name with its place: 哈尔滨新区管理委员会 has it in its own."""
    return office if office.startswith(place.removesuffix("市")) else place + office


def _full_township_name(office: str) -> str:
    """经纬街道 and 王岗镇 publish as 经纬街道办事处 and 王岗镇人民政府."""
    if office.endswith(("街道", "街道办")):
        return office.removesuffix("办") + "办事处"
    if office.endswith(("镇", "乡")) and len(office) > 1:
        return office + "人民政府"
    return office


def _guess_level(office: str, district: District | None) -> str:
    if _TOWNSHIP.search(office):
        return "township"
    if _INSTITUTION.search(office):
        return "institution"
    return "district_department" if district else "city_department"


def _clean(written: str) -> str:
    # Marks without width (Cf) come along when a name is copied from a page; letter-spaced names are common in titles.
    shown = unicodedata.normalize("NFKC", written)
    name = "".join(c for c in shown if not c.isspace() and unicodedata.category(c) != "Cf").removeprefix(_PROVINCE)
    name = _TAX.sub("", _SECOND_NAME.sub("", name))
    return name.removesuffix("管委会") + "管理委员会" if name.endswith("管委会") else name


@cache
def registry_data() -> dict:
    """What ``registry.toml`` holds, read once."""
    return tomllib.loads((files(__package__) / "registry.toml").read_text("utf-8"))


@cache
def registry() -> Registry:
    """The registry of Harbin's bodies."""
    return Registry(registry_data())
