"""What search engines are told: the public pages and when they last changed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape

PAGES = ("", "collection/", "collection/all/")
"""The pages of an account, below its tree."""
MOST = 50_000
"""Addresses in one file, by the protocol: https://www.sitemaps.org/protocol.html"""
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

Trees = Sequence[tuple[str, datetime]]
"""Where each public account is, with a trailing slash, and when it was last read."""


def robots_file(base_url: str) -> str:
    """Everybody may read everything; with an address of the site, where the sitemap is."""
    sitemap = f"\nSitemap: {base_url}sitemap.xml\n" if base_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}"


def sitemap_files(base_url: str, trees: Trees, most: int = MOST) -> Iterator[tuple[str, str]]:
    """Path and text of the sitemap, or of its parts and an index of them; none without an address.

    The front page is as new as the newest account.
    """
    if not base_url:
        return
    newest = max((read for _, read in trees), default=None)
    addresses = [(base_url, newest)]
    addresses += [(f"{base_url}{top}{page}", read) for top, read in trees for page in PAGES]
    if len(addresses) <= most:
        yield "sitemap.xml", _document("urlset", "url", addresses)
        return
    parts: list[tuple[str, datetime | None]] = []
    for first in range(0, len(addresses), most):
        some = addresses[first : first + most]
        path = f"sitemap-{len(parts) + 1}.xml"
        parts.append((base_url + path, max(read for _, read in some if read)))
        yield path, _document("urlset", "url", some)
    yield "sitemap.xml", _document("sitemapindex", "sitemap", parts)


def _document(root: str, entry: str, addresses: Sequence[tuple[str, datetime | None]]) -> str:
    lines = (
        f"<{entry}><loc>{escape(address)}</loc>{_changed(read)}</{entry}>\n"
        for address, read in addresses
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="{_SPACE}">\n{"".join(lines)}</{root}>\n'
    )


def _changed(read: datetime | None) -> str:
    return f"<lastmod>{read.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if read else ""
