"""The feed of an account: its latest additions as Atom 1.0 (RFC 4287)."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from generator.derive.formatting import rfc3339, xml_text
from generator.derive.rows import Row
from generator.domain.collection import Snapshot

LATEST = 50
_NAMESPACE = UUID("a3d0c0b4-5a0e-4b0e-9d53-5f6c1c6f2e51")
"""The ids of all feeds and entries are made in it."""


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
