"""XML for other programs: the feed of an account (Atom 1.0, RFC 4287), and the sitemap."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from generator.derive.formatting import rfc3339, xml_text
from generator.derive.rows import Row
from generator.domain.collection import Snapshot

LATEST = 50
_NAMESPACE = UUID("a3d0c0b4-5a0e-4b0e-9d53-5f6c1c6f2e51")
"""The ids of all feeds and entries are made in it."""
PAGES = ("", "collection/", "collection/all/")  # the pages of an account, below its tree
DATA_FILES = ("days.json", "stats.json", "releases.json", "releases.csv")
MOST = 50_000  # addresses in one file, by the protocol: https://www.sitemaps.org/protocol.html

Trees = Sequence[tuple[str, datetime]]
"""The directory of each public account, with a trailing slash, and the time it was read."""


def feed(snapshot: Snapshot, newest_first: Sequence[Row], home: str) -> str:
    """The feed as text. `home` is the absolute address of the account's page, or ""."""
    latest = newest_first[:LATEST]
    owner = str(snapshot.discogs_id or snapshot.account)
    address, author = xml_text(home), xml_text(snapshot.discogs_name or snapshot.account)
    own_link = f'''
 <link rel="self" href="{address}feed.xml" type="application/atom+xml" />'''
    return f"""\
<?xml version='1.0' encoding='utf-8'?>
<feed xmlns="http://www.w3.org/2005/Atom">
 <id>{uuid5(_NAMESPACE, owner).urn}</id>
 <title>Records of {xml_text(snapshot.account)}</title>
 <subtitle>The latest additions. Data provided by Discogs.</subtitle>
 <updated>{rfc3339(latest[0].added if latest else snapshot.synced_at)}</updated>
 <author>
  <name>{author}</name>
 </author>{own_link if home else ""}
 <link rel="alternate" href="{address or "./"}" type="text/html" />
 <generator>Gatefold</generator>
{"".join(_entry(row, owner, address) for row in latest)}</feed>
"""


def _entry(row: Row, owner: str, home: str) -> str:
    """An entry; where the site's address is known it leads to the record there, then to Discogs."""
    labels = ", ".join(
        f"{label.name} ({label.catalog_number})" if label.catalog_number else label.name
        for label in row.labels
    )
    facts = (" + ".join(row.formats), str(row.year or "year unknown"), labels)
    here = f"{home}collection/all/#record={row.instance_id}"
    inside = f'''
  <link rel="alternate" href="{here}" type="text/html" />
  <link rel="related" href="{row.url}" type="text/html" />'''
    outside = f'''
  <link rel="alternate" href="{row.url}" type="text/html" />'''
    return f"""\
 <entry>
  <id>{uuid5(_NAMESPACE, f"{owner}/{row.instance_id}").urn}</id>
  <title>{xml_text(f"{row.title} — {row.credit}")}</title>
  <updated>{rfc3339(row.added)}</updated>{inside if home else outside}
  <content type="text">{xml_text(" · ".join(fact for fact in facts if fact))}</content>
 </entry>
"""


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
