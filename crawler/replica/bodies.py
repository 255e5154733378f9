"""Which bodies publish in a world: chosen from the registry, spread over levels and districts."""

from __future__ import annotations

from archive.agencies.registry import Agency, registry
from crawler.replica.draw import draw

# The body whose report of 2022 is rebuilt from a real one; it is in every world.
SEED_AGENCY = "南岗区工业信息科技局"
SEED_DISTRICT = "南岗区"
SEED_YEAR = 2022

# The levels in the order they are dealt out, after the seed's body and the city government.
_ROUND = ("city_department", "district", "district_department", "township", "district_department")


def choose_agencies(seed: int, count: int) -> list[Agency]:
    """Return ``count`` bodies, always the same for a seed and a count.

    The first is `SEED_AGENCY`, the second the city government; then city departments, district governments, their
    departments, townships and institutions in turn. About one district for four bodies. Raises ValueError when the
    registry has fewer.
    """
    first = [registry().resolve(SEED_AGENCY), registry().resolve("哈尔滨市人民政府")][:count]
    chosen = {agency.id: agency for agency in first}
    pools = {level: iter(agencies) for level, agencies in _pools(seed, count).items()}
    while len(chosen) < count:
        before = len(chosen)
        for level in _ROUND:
            agency = next((agency for agency in pools[level] if agency.id not in chosen), None)
            if agency and len(chosen) < count:
                chosen[agency.id] = agency
        if len(chosen) == before:
            raise ValueError(f"the registry has only {len(chosen)} bodies to choose from, {count} were asked for")
    return list(chosen.values())


def _pools(seed: int, count: int) -> dict[str, list[Agency]]:
    found = registry()
    names = [name for name in found.districts if name != SEED_DISTRICT]
    draw(seed, "districts").shuffle(names)
    districts = [SEED_DISTRICT, *names[: max(1, round(count / 4) - 1)]]
    offices = {level: [] for level in ("city_department", "district_department", "institution")}
    for office in found.offices:
        offices[office.level].append(office.name)
    for level, listed in offices.items():
        draw(seed, "offices", level).shuffle(listed)
    # Office by office over all districts, so that a small world already reaches each of them.
    return {
        "city_department": [found.resolve(found.city.name + name) for name in offices["city_department"]],
        "district": [found.resolve(name + "人民政府") for name in districts],
        "district_department": [
            found.resolve(districts[(index + turn) % len(districts)] + name)
            for turn in range(len(districts))
            for index, name in enumerate(offices["district_department"])
        ],
        "township": [
            *[found.resolve(place + office.name) for place, office in found.localities if place in districts],
            *[found.resolve(place + name) for name in offices["institution"] for place in districts],
        ],
    }
