"""The feed: the latest additions as a valid Atom document, whatever the collection holds."""

import re
from xml.etree import ElementTree as ET

import pytest

from generator.derive.feeds import feed
from generator.derive.rows import rows
from tests.factories import (
    make_artist,
    make_collection,
    make_copy,
    make_format,
    make_label,
    make_release,
    make_snapshot,
)

ATOM = "{http://www.w3.org/2005/Atom}"
HOME = "https://records.example/u/low-tide/"


def feed_of(*copies, releases=(), home="", **changes):
    """The feed of a collection."""
    snapshot = make_snapshot(make_collection(*copies, releases=releases), **changes)
    return feed(snapshot, rows(snapshot, {}, "https://i.discogs.com"), home)


def entries(document):
    return ET.fromstring(document.encode()).findall(f"{ATOM}entry")  # noqa: S314 - ours


HEAD = """\
<?xml version='1.0' encoding='utf-8'?>
<feed xmlns="http://www.w3.org/2005/Atom">
 <id>urn:uuid:82d3a87f-6ee4-507b-9f79-8668895ce0bb</id>
 <title>Records of low-tide</title>
 <subtitle>The latest additions. Data provided by Discogs.</subtitle>
 <updated>{updated}</updated>
 <author>
  <name>Low_Tide</name>
 </author>
"""
COMPILATION = make_release(
    8,
    title="A <b>Sampler</b> & more",
    year=0,
    artists=(make_artist("Various (2)", id=None),),
    labels=(make_label("Zinc", catalog_number=None), make_label("Argo (3)", catalog_number="A 1")),
    formats=(make_format("CD", quantity=2), make_format("DVD", descriptions=())),
)


HERE = "https://records.example/u/low-tide/collection/all/#record="


def test_a_feed_of_two_copies():
    found = feed_of(
        make_copy(41, 1, date_added="2026-03-01T10:00:00-08:00"),
        make_copy(42, 8, date_added="2026-03-02T23:30:00-08:00"),
        releases=[COMPILATION],
        home=HOME,
        account="low-tide",
        discogs_name="Low_Tide",
        discogs_id=77,
    )

    assert (
        found
        == HEAD.format(updated="2026-03-03T07:30:00Z")
        + f"""\
 <link rel="self" href="https://records.example/u/low-tide/feed.xml" type="application/atom+xml" />
 <link rel="alternate" href="https://records.example/u/low-tide/" type="text/html" />
 <generator>Gatefold</generator>
 <entry>
  <id>urn:uuid:0f24283c-4e97-5f8d-8dcf-f189e7df2cd1</id>
  <title>A &lt;b&gt;Sampler&lt;/b&gt; &amp; more — Various</title>
  <updated>2026-03-03T07:30:00Z</updated>
  <link rel="alternate" href="{HERE}42" type="text/html" />
  <link rel="related" href="https://www.discogs.com/release/8" type="text/html" />
  <content type="text">2×CD, LP, Album + DVD · year unknown · Zinc, Argo (A 1)</content>
 </entry>
 <entry>
  <id>urn:uuid:705a03d1-e6ac-53e7-9f46-cac3e257e424</id>
  <title>Low Tide — Ida Morrow</title>
  <updated>2026-03-01T18:00:00Z</updated>
  <link rel="alternate" href="{HERE}41" type="text/html" />
  <link rel="related" href="https://www.discogs.com/release/1" type="text/html" />
  <content type="text">Vinyl, LP, Album · 1974 · Harbour Light (HL-12)</content>
 </entry>
</feed>
"""
    )


def test_an_empty_feed_is_as_new_as_its_reading():
    found = feed_of(account="low-tide", discogs_name="Low_Tide", discogs_id=77)

    assert (
        found
        == HEAD.format(updated="2026-11-22T14:18:42Z")
        + """\
 <link rel="alternate" href="./" type="text/html" />
 <generator>Gatefold</generator>
</feed>
"""
    )


def test_names_stay_when_the_collection_grows():
    one = feed_of(make_copy(41), home=HOME, account="a", discogs_id=77)
    more = feed_of(make_copy(41), make_copy(42), account="b", discogs_id=77)
    other = feed_of(make_copy(41), account="a", discogs_id=78)
    ids = [re.findall("urn:uuid:[0-9a-f-]{36}", each) for each in (one, more, other)]

    assert [len(set(each)) for each in ids] == [2, 3, 2]
    assert set(ids[0]) < set(ids[1])
    assert not set(ids[0]) & set(ids[2])


def test_only_the_newest_fifty_are_in_it():
    copies = [
        make_copy(number, date_added=f"2026-03-01T10:{number:02}:00-08:00") for number in range(60)
    ]
    moments = [entry.findtext(f"{ATOM}updated") for entry in entries(feed_of(*copies))]

    assert moments == [f"2026-03-01T18:{minute:02}:00Z" for minute in range(59, 9, -1)]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("]]> <![CDATA[ <!-- &amp; </entry>", "]]> <![CDATA[ <!-- &amp; </entry>"),
        ("one\ntwo\r\n\tthree", "one two three"),
        ("bell\x07 nul\x00 c1\x9f end\ufffe\uffff", "bell nul c1 end"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("\u202eevil\u202c \U0001f3b7 坂", "\u202eevil\u202c \U0001f3b7 坂"),
        ("N" * 10_000, "N" * 10_000),
    ],
)
def test_any_text_is_text(text, read):
    release = make_release(
        1,
        title=text,
        artists=(make_artist(text),),
        labels=(make_label(text, catalog_number=text),),
        formats=(make_format(text, descriptions=(), text=""),),
    )
    (entry,) = entries(feed_of(make_copy(1), releases=[release]))

    assert entry.findtext(f"{ATOM}title") == f"{read} — {read}"
    assert entry.findtext(f"{ATOM}content") == f"{read} · 1974 · {read} ({read})"
