"""Which portals there are and how to treat them: reads and checks a portals file."""

from __future__ import annotations

import ipaddress
import logging
import re
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

from crawler.errors import PortalsError
from crawler.manners import Manners, read_manners

logger = logging.getLogger(__name__)

SYSTEMS = ("hanweb", "ucap")
DEFAULT_PORTS = {"http": 80, "https": 443}
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_CHANNEL_CODE = re.compile(r"[A-Za-z0-9_]+")
# A portals file is a few kilobytes; more is something else.
_MAX_BYTES = 1_000_000
_FETCH_TIMEOUT = 20  # seconds


@dataclass(frozen=True, slots=True)
class Column:
    """A Hanweb column where annual reports are listed.

    ``kind`` ``xxgk`` is served by ``module/xxgk/search.jsp``, ``column`` by ``dataproxy.jsp``. ``infotype`` is the tree
    node of the annual reports, ``area`` the publisher's organisation code; empty means all.
    """

    kind: str
    column: str
    name: str = ""
    infotype: str = ""
    web_id: str = ""
    area: str = ""
    unit_id: str = ""
    web_name: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A UCAP channel that annual reports, or channels of them, lie under.

    ``template`` names its list page; empty means that the usual names are tried.
    """

    code: str
    template: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Portal:
    """One portal. ``hosts`` are the only ones ever asked, each with ``:port`` where it is not the scheme's own."""

    id: str
    name: str
    cms: str
    base_url: str
    hosts: tuple[str, ...]
    district: str | None = None
    replica: bool = False
    site: str = ""
    enabled: bool = True
    reason: str = ""
    columns: tuple[Column, ...] = ()
    channels: tuple[Channel, ...] = ()

    def owns(self, url: str) -> bool:
        """Whether an address is http(s) and on one of the portal's hosts, port included."""
        return host_of(url) in self.hosts

    def canonical(self, url: str) -> str:
        """Return an address of this portal as it is asked for and remembered, so that a page has one address only.

        Percent-encoded, without its fragment, and with https where the portal speaks it: listings of an https portal
        still print ``http://`` links to it, and name files now as they are and now encoded.
        """
        url = safe_url_string(url.split("#", 1)[0])
        if self.base_url.startswith("https:") and url.startswith("http://"):
            secure = "https://" + url.removeprefix("http://")
            if host_of(url) == host_of(secure) and self.owns(secure):
                return secure
        return url


@dataclass(frozen=True, slots=True)
class Portals:
    """A portals file."""

    source: str
    manners: Manners
    portals: tuple[Portal, ...] = field(default=())

    def choose(self, names: tuple[str, ...]) -> tuple[Portal, ...]:
        """Return the portals with those ids, or all that are switched on.

        Raises PortalsError for an unknown id and for one that is switched off.
        """
        known = {portal.id: portal for portal in self.portals}
        if not names:
            chosen = tuple(portal for portal in self.portals if portal.enabled)
            if not chosen:
                raise PortalsError(f"{self.source}: no portal is switched on; set enabled = true for one at least")
            return chosen
        for name in names:
            if name not in known:
                raise PortalsError(f"{self.source} has no portal {name!r}; it has: {', '.join(known)}")
            if not known[name].enabled:
                raise PortalsError(
                    f"{self.source}: portal {name!r} is switched off ({known[name].reason}); "
                    "complete its entry and set enabled = true"
                )
        return tuple(known[name] for name in dict.fromkeys(names))


def host_of(url: str) -> str | None:
    """Return the ``host[:port]`` of an http(s) address as a portals file writes it, None for any other address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def is_loopback(host: str) -> bool:
    """Whether a ``host[:port]`` is this machine: ``localhost``, a name under it (RFC 6761), or a loopback address."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def load_portals(source: str | None = None, crawl: Mapping[str, Any] | None = None) -> Portals:
    """Load a portals file from a path or an http(s) address; without one, the real portals that come with the package.

    ``crawl`` holds settings that go before those of the file's ``[crawl]``. Raises PortalsError, which names the file,
    the portal and the key.
    """
    if source is None:
        return parse_portals((files("crawler") / "portals.toml").read_bytes(), "crawler/portals.toml", crawl)
    if source.startswith(("http://", "https://")):
        return parse_portals(_fetch(source), source, crawl)
    try:
        return parse_portals(Path(source).read_bytes(), source, crawl)
    except OSError as error:
        raise PortalsError(f"{source} cannot be opened: {error.strerror}") from error


def parse_portals(data: bytes, source: str, crawl: Mapping[str, Any] | None = None) -> Portals:
    """Check the bytes of a portals file; ``source`` names it in errors, ``crawl`` goes before its own ``[crawl]``.

    Raises PortalsError.
    """
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PortalsError(f"{source} is not a TOML file: {error}") from error
    _warn_of_unknown(content, {"crawl", "portals"}, source)
    entries = content.get("portals", [])
    if not isinstance(entries, list) or not entries:
        raise PortalsError(f"{source}: no [[portals]] entry")
    portals = tuple(_portal(entry, source, number) for number, entry in enumerate(entries, 1))
    for portal in portals:
        if sum(other.id == portal.id for other in portals) > 1:
            raise PortalsError(f"{source}: two portals have the id {portal.id!r}")
    return Portals(source, _manners(content.get("crawl", {}), source, crawl or {}), portals)


def _fetch(url: str) -> bytes:
    host = host_of(url)
    handlers = [urllib.request.ProxyHandler({})] if host and is_loopback(host) else []
    try:
        with urllib.request.build_opener(*handlers).open(url, timeout=_FETCH_TIMEOUT) as response:
            data = response.read(_MAX_BYTES + 1)
    except (urllib.error.URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise PortalsError(f"{url} cannot be fetched ({reason}): is the server that has it running?") from error
    if len(data) > _MAX_BYTES:
        raise PortalsError(f"{url} is larger than {_MAX_BYTES} bytes: not a portals file")
    return data


def _manners(table: Any, source: str, before: Mapping[str, Any]) -> Manners:
    where = f"{source}: [crawl]"
    if not isinstance(table, dict):
        raise PortalsError(f"{where} must be a table")
    _warn_of_unknown({**table, **before}, set(Manners.__dataclass_fields__), where)
    return read_manners({**table, **before}, where)


def _portal(entry: Any, source: str, number: int) -> Portal:
    if not isinstance(entry, dict):
        raise PortalsError(f"{source}: [[portals]] number {number} must be a table")
    where = f"{source}: portal {entry.get('id', f'number {number}')!r}"
    _warn_of_unknown(entry, set(Portal.__dataclass_fields__), where)
    cms = _text(entry, "cms", where, required=True)
    if cms not in SYSTEMS:
        raise PortalsError(f"{where}: cms must be one of {', '.join(SYSTEMS)}, not {cms!r}")
    portal_id = _text(entry, "id", where, required=True)
    if not _ID.fullmatch(portal_id):
        raise PortalsError(f"{where}: id must be small ASCII letters, digits and hyphens")
    portal = Portal(
        id=portal_id,
        name=_text(entry, "name", where, required=True),
        cms=cms,
        base_url=_text(entry, "base_url", where, required=True),
        hosts=_hosts(entry, where),
        district=_text(entry, "district", where) or None,
        replica=_flag(entry, "replica", where, default=False),
        site=_text(entry, "site", where),
        enabled=_flag(entry, "enabled", where, default=True),
        reason=_text(entry, "reason", where),
        columns=_tables(entry, "columns", where, _column),
        channels=_tables(entry, "channels", where, _channel),
    )
    _check_together(portal, where)
    return portal


def _check_together(portal: Portal, where: str) -> None:
    if not portal.owns(portal.base_url):
        raise PortalsError(f"{where}: base_url {portal.base_url!r} is not an http(s) address on one of its hosts")
    if portal.replica:
        for host in portal.hosts:
            if not is_loopback(host):
                raise PortalsError(f"{where}: hosts: a replica must be on this machine, and {host!r} is not")
    if not portal.enabled:
        if not portal.reason:
            raise PortalsError(f"{where}: reason must say why it is switched off")
        return
    if portal.cms == "hanweb" and not portal.columns:
        raise PortalsError(f"{where}: columns: at least one [[portals.columns]] is needed, or enabled = false")
    if portal.cms == "ucap":
        if not portal.site:
            raise PortalsError(f"{where}: site is missing: the first part of the path in the portal's addresses")
        if not portal.channels:
            raise PortalsError(f"{where}: channels: at least one [[portals.channels]] is needed, or enabled = false")


def _column(table: Mapping[str, Any], where: str) -> Column:
    kind = _text(table, "kind", where, required=True)
    if kind not in ("xxgk", "column"):
        raise PortalsError(f"{where}: kind must be 'xxgk' or 'column', not {kind!r}")
    column = _text(table, "column", where, required=True)
    if not column.isdecimal():
        raise PortalsError(f"{where}: column must be digits, as in /col/col11581/, not {column!r}")
    names = ("name", "infotype", "web_id", "area", "unit_id", "web_name")
    _warn_of_unknown(table, set(Column.__dataclass_fields__), where)
    return Column(kind, column, **{name: _text(table, name, where) for name in names})


def _channel(table: Mapping[str, Any], where: str) -> Channel:
    code = _text(table, "code", where, required=True)
    if not _CHANNEL_CODE.fullmatch(code):
        raise PortalsError(f"{where}: code must be letters, digits and _, as in /site/c111202/, not {code!r}")
    _warn_of_unknown(table, set(Channel.__dataclass_fields__), where)
    return Channel(code, _text(table, "template", where), _text(table, "name", where))


def _tables(entry: Mapping[str, Any], key: str, where: str, build: Callable[[Mapping, str], Any]) -> tuple:
    tables = entry.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise PortalsError(f"{where}: {key} must be written as [[portals.{key}]] tables")
    return tuple(build(table, f"{where}: {key} number {number}") for number, table in enumerate(tables, 1))


def _hosts(entry: Mapping[str, Any], where: str) -> tuple[str, ...]:
    hosts = entry.get("hosts")
    if not isinstance(hosts, list) or not hosts:
        raise PortalsError(f"{where}: hosts must be a list of at least one host")
    for host in hosts:
        if not isinstance(host, str) or host != host.lower() or host_of(f"http://{host}/") != host.removesuffix(":80"):
            raise PortalsError(f"{where}: hosts: {host!r} must be a host in small letters, with :port where needed")
    return tuple(hosts)


def _text(table: Mapping[str, Any], key: str, where: str, *, required: bool = False) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise PortalsError(f"{where}: {key} must be text in quotes, not {value!r}")
    if required and not value.strip():
        raise PortalsError(f"{where}: {key} is missing")
    return value.strip()


def _flag(table: Mapping[str, Any], key: str, where: str, *, default: bool) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise PortalsError(f"{where}: {key} must be true or false, not {value!r}")
    return value


def _warn_of_unknown(table: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in sorted(table.keys() - known):
        logger.warning("%s: key %r is not known and is ignored", where, key)
