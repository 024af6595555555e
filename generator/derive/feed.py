"""The feed of an account: its latest additions as Atom 1.0 (RFC 4287)."""

import re
from collections.abc import Sequence
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from generator.derive.formatting import rfc3339
from generator.derive.rows import Row
from generator.domain.collection import Snapshot

LATEST = 50
_ATOM = "http://www.w3.org/2005/Atom"
_GATEFOLD = UUID("a3d0c0b4-5a0e-4b0e-9d53-5f6c1c6f2e51")
"""The space of names in which a feed and its entries have theirs."""
_NO_XML = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 forbids, and the control characters that it merely discourages."""


def feed(snapshot: Snapshot, newest_first: Sequence[Row], home: str) -> str:
    """The feed as text. `home` is the absolute address of the account's page, or nothing."""
    latest = newest_first[:LATEST]
    owner = str(snapshot.discogs_id or snapshot.account)
    root = Element("feed", {"xmlns": _ATOM})
    _text(root, "id", _name(owner))
    _text(root, "title", f"Records of {snapshot.account}")
    _text(root, "subtitle", "The latest additions. Data provided by Discogs.")
    _text(root, "updated", rfc3339(latest[0].added if latest else snapshot.synced_at))
    _text(SubElement(root, "author"), "name", snapshot.discogs_name or snapshot.account)
    if home:
        _link(root, "self", f"{home}feed.xml", "application/atom+xml")
    _link(root, "alternate", home or "./", "text/html")
    _text(root, "generator", "Gatefold")
    for row in latest:
        _entry(SubElement(root, "entry"), row, _name(f"{owner}/{row.instance_id}"))
    indent(root, " ")
    document: bytes = tostring(root, "utf-8", xml_declaration=True)
    return document.decode() + "\n"


def _entry(entry: Element, row: Row, name: str) -> None:
    _text(entry, "id", name)
    _text(entry, "title", f"{row.title} — {row.credit}")
    _text(entry, "updated", rfc3339(row.added))
    _link(entry, "alternate", row.url, "text/html")
    SubElement(entry, "content", type="text").text = _plain(_described(row))


def _described(row: Row) -> str:
    """The formats, the year and the labels in one line."""
    numbered = [
        f"{label.name} ({label.catalog_number})" if label.catalog_number else label.name
        for label in row.labels
    ]
    year = "year unknown" if row.year is None else str(row.year)
    return " · ".join(part for part in (" + ".join(row.formats), year, ", ".join(numbered)) if part)


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = _plain(text)


def _link(parent: Element, relation: str, address: str, kind: str) -> None:
    SubElement(parent, "link", rel=relation, href=address, type=kind)


def _plain(text: str) -> str:
    """The text in one line, without what an XML document may not hold."""
    return " ".join(_NO_XML.sub("", text).split())


def _name(text: str) -> str:
    return uuid5(_GATEFOLD, text).urn
