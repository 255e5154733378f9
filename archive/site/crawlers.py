"""What the site tells programs that read it: robots.txt and the sitemap."""

from __future__ import annotations

import sqlite3
from xml.sax.saxutils import escape

# What the protocol allows in one file (sitemaps.org): 50,000 addresses.
ADDRESSES_A_FILE = 40_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Pages without an identifier in their address.
_PAGES = ("/", "/reports", "/agencies", "/coverage", "/quality", "/method", "/download")

# Pages without end, or the same again: tables, searches, comparisons, originals.
_CLOSED = ("/archive/", "/search", "/compare", "/captures/", "/*?")


def robots(origin: str, *, replica: bool) -> str:
    """Return robots.txt. Nothing of an archive of a replica may be indexed: its numbers are invented."""
    if replica:
        return "User-agent: *\nDisallow: /\n"
    closed = "".join(f"Disallow: {path}\n" for path in _CLOSED)
    return f"User-agent: *\n{closed}Crawl-delay: 2\nSitemap: {origin}/sitemap.xml\n"


def addresses(db: sqlite3.Connection, number: int) -> list[tuple[str, str | None]]:
    """Return one part of the site's addresses, from 1, each with the day it last changed where that is known."""
    rows = db.execute(
        "SELECT '/reports/' || id, substr(last_seen, 1, 10) FROM reports UNION ALL"
        " SELECT '/agencies/' || id, NULL FROM agencies ORDER BY 1 LIMIT ? OFFSET ?",
        [ADDRESSES_A_FILE, ADDRESSES_A_FILE * (number - 1)],
    ).fetchall()
    return [*((path, None) for path in _PAGES if number == 1), *((path, day) for path, day in rows)]


def sitemap(origin: str, found: list[tuple[str, str | None]]) -> str:
    """Return a sitemap of addresses."""
    lines = "".join(
        f"<url><loc>{escape(origin + path)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>\n"
        for path, day in found
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_NAMESPACE}">\n{lines}</urlset>\n'


def index(origin: str, total: int) -> str:
    """Return the list of the sitemap's parts for so many addresses."""
    parts = range(1, max(1, -(-total // ADDRESSES_A_FILE)) + 1)
    lines = "".join(f"<sitemap><loc>{escape(origin)}/sitemap-{part}.xml</loc></sitemap>\n" for part in parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{_NAMESPACE}">\n{lines}</sitemapindex>\n'
