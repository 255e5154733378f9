"""The replica's own portals file: the same shape as crawler/portals.toml, with the replica's hosts."""

from __future__ import annotations

import json

from crawler.replica.sites import Column, Site
from crawler.replica.world import World


def portals_toml(world: World, port: int) -> str:
    """Return the portals of a world served on ``port`` as TOML: for each site the legacy one, then the current one."""
    parts = [
        "# The replica portal's sites, written by `xxgk replica`. Every number they publish is invented.\n",
        # The replica is on this machine and may be asked as fast as it answers.
        '\n[crawl]\ncontact = "http://127.0.0.1/replica"\ndelay_seconds = 0.0\n',
    ]
    for site in world.sites:
        columns = [column for column in site.legacy.columns if _has_reports(world, site, column)]
        parts += [_legacy(site, columns, port)] if columns else []
        parts.append(_current(site, port))
    return "".join(parts)


def portal_ids(site: Site) -> tuple[str, str]:
    """Return the ids of a site's legacy and current portals."""
    prefix = "" if site.is_city else site.id
    return f"{prefix}xxgk", "haerbin" if site.is_city else site.current.site


def _has_reports(world: World, site: Site, column: Column) -> bool:
    """Whether a legacy column ever held a report: nobody would crawl one that did not."""
    host, section = site.legacy.host, str(column.number)
    return any(
        article.kind == "report" and article.host == host and section in article.listed_in for article in world.articles
    )


def _legacy(site: Site, columns: list[Column], port: int) -> str:
    lines = _portal(portal_ids(site)[0], site.legacy.site_name, "hanweb", site.legacy.host, site, port)
    for column in columns:
        keys = {"kind": column.kind, "column": str(column.number), "web_id": str(site.legacy.web_id), "area": ""}
        if column.infotype:
            keys["infotype"] = column.infotype
        if column.unit_id:
            keys |= {"unit_id": str(column.unit_id), "web_name": site.legacy.site_name}
        keys["name"] = column.name
        lines += ["", "[[portals.columns]]", *(f"{key} = {_quoted(text)}" for key, text in keys.items())]
    return "\n".join(lines) + "\n"


def _current(site: Site, port: int) -> str:
    current = site.current
    lines = _portal(portal_ids(site)[1], current.site_name, "ucap", current.host, site, port)
    lines += [
        f"site = {_quoted(current.site)}",
        "",
        "[[portals.channels]]",
        f"code = {_quoted(current.root)}",
        f"template = {_quoted(current.template)}",
        'name = "政府信息公开年报"',
    ]
    return "\n".join(lines) + "\n"


def _portal(portal_id: str, name: str, cms: str, host: str, site: Site, port: int) -> list[str]:
    lines = [
        "",
        "[[portals]]",
        f"id = {_quoted(portal_id)}",
        f"name = {_quoted(name)}",
        f"cms = {_quoted(cms)}",
        f"base_url = {_quoted(f'http://{host}:{port}/')}",
        f"hosts = [{_quoted(f'{host}:{port}')}]",
        "replica = true",
    ]
    return lines if site.is_city else [*lines, f"district = {_quoted(site.district)}"]


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's quoting is valid in it."""
    return json.dumps(text, ensure_ascii=False)
