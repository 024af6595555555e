"""The files for crawlers: the public pages with the time of their last sync, and robots.txt."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from generator.derive.formatting import rfc3339, xml_text

PAGES = ("", "collection/", "collection/all/")  # the pages of an account, below its tree
DATA_FILES = ("days.json", "stats.json", "releases.json", "releases.csv")
MOST = 50_000  # addresses in one file, by the protocol: https://www.sitemaps.org/protocol.html

Trees = Sequence[tuple[str, datetime]]
"""The directory of each public account, with a trailing slash, and the time it was read."""


def robots_file(base_url: str) -> str:
    """Crawlers may read the pages but not the data files; the sitemap needs the site's address.

    `*` and `$` are patterns: RFC 9309, section 2.2.3.
    """
    rules = "".join(f"Disallow: /*/{name}$\n" for name in DATA_FILES)
    sitemap = f"\nSitemap: {base_url}sitemap.xml\n" if base_url else ""
    return f"User-agent: *\nAllow: /\n{rules}{sitemap}"


def sitemap_files(base_url: str, trees: Trees, most: int = MOST) -> Iterator[tuple[str, str]]:
    """Path and text of the sitemap, or of its parts and their index; none without an address.

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
        f"<{entry}><loc>{xml_text(address)}</loc>"
        f"{f'<lastmod>{rfc3339(read)}</lastmod>' if read else ''}</{entry}>\n"
        for address, read in addresses
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{"".join(lines)}</{root}>\n'
    )
