"""The dozen: twelve copies, each with an oddity or two, that the golden site is made of."""

from zoneinfo import ZoneInfo

from generator.derive.pages import SiteView
from tests.factories import (
    make_artist,
    make_collection,
    make_copy,
    make_format,
    make_label,
    make_master,
    make_release,
    make_snapshot,
)

SITE = SiteView(title="Records & More", repository="owner/records", zone=ZoneInfo("Europe/Berlin"))

MASTERS = {
    master.id: master
    for master in (
        make_master(101, year=1959, genres=("Jazz",), styles=("Hard Bop", "Modal")),
        make_master(102, year=None, genres=(), styles=()),
        make_master(103, year=1976, genres=("Rock",), styles=()),
        make_master(104, year=19, genres=("Electronic", "Pop"), styles=("Experimental",)),
    )
}

VARIOUS = make_artist("Various", id=194)

RELEASES = (
    # Two copies of this pressing, another pressing of the album below.
    make_release(
        1,
        master_id=101,
        title="Blue Harbour",
        year=1997,
        artists=(make_artist("The Morrow Three", id=11),),
        labels=(make_label("Blue Pier (2)", id=21, catalog_number="BLP-4003"),),
        formats=(make_format("CD", descriptions=("Album", "Reissue")),),
        genres=("Rock",),
        styles=("Smooth Jazz",),
        thumb="https://i.discogs.com/thumb-1.jpeg",
        cover="https://i.discogs.com/cover-1.jpeg",
    ),
    make_release(
        2,
        master_id=101,
        title="Blue Harbour",
        year=1959,
        artists=(make_artist("The Morrow Three", id=11, printed="Morrow 3*"),),
        labels=(
            make_label("Blue Pier", id=20, catalog_number="BLP 4003"),
            make_label("Quay", id=22, catalog_number=None),
        ),
        formats=(make_format("Vinyl", descriptions=("LP", "Album", "Mono")),),
    ),
    # A master that knows no year and hides no genre; three credits with joins; a box.
    make_release(
        3,
        master_id=102,
        title="Low Tide </script> <b>& Co</b> \u2028",
        year=2027,
        artists=(
            make_artist("Ida Morrow (2)", id=12, join="&"),
            make_artist("Slow Harbour", id=13, join=""),
            make_artist("Quay", id=None, join=","),
        ),
        labels=(),
        formats=(
            make_format("All Media", descriptions=(), text="Numbered"),
            make_format("Box Set", descriptions=(), text=""),
            make_format("Vinyl", quantity=4, text="180 g"),
        ),
        genres=("Rock", "Folk, World, & Country"),
        styles=(),
    ),
    # No master, no year worth the name, no format, no genre, no artist with an id.
    make_release(
        4,
        master_id=None,
        title="!!!",
        year=19,
        artists=(make_artist("!!!", id=None),),
        labels=(make_label("Not On Label", id=None, catalog_number=None),),
        formats=(),
        genres=(),
        styles=(),
    ),
    # A compilation whose original year is known, in ten files.
    make_release(
        5,
        master_id=103,
        title="Signals, 1972\u20131976",
        year=2011,
        artists=(VARIOUS,),
        formats=(make_format("File", quantity=10, descriptions=("FLAC",)),),
        genres=("Rock", "Pop"),
        styles=("Prog Rock",),
    ),
    # A master with an impossible year; marks and letters of other alphabets.
    make_release(
        6,
        master_id=104,
        title="Œuvre \u00b7 Ødegård \u00b7 Кино",
        year=2001,
        artists=(make_artist("Bj\u00f8rk", id=14), make_artist("坂本 (3)", id=15)),
        labels=(make_label("=Formula", id=23, catalog_number="+1"),),
        formats=(make_format("CD", descriptions=("Album",)), make_format("DVD", descriptions=())),
        genres=("Electronic",),
        styles=("Ambient",),
        cover="https://i.discogs.com.evil.example/cover.jpeg",
    ),
    # Right to left, five hundred characters, an emoji.
    make_release(
        7,
        master_id=None,
        title="\u05e9\u05dc\u05d5\u05dd " * 99 + "\U0001f3b5 end",
        year=1896,
        artists=(make_artist("AC/DC", id=16, join="Featuring"), make_artist("blink-182", id=17)),
        formats=(make_format("Cassette", descriptions=(), text="C60"),),
        genres=("Hip Hop",),
        styles=("Boom Bap", "Boom Bap"),
    ),
    make_release(
        8,
        master_id=None,
        title="Sunn O)))",
        year=2026,
        artists=(make_artist("The The", id=18),),
        formats=(make_format("All Media", descriptions=()),),
        genres=("Stage & Screen", "Non-Music", "Blues"),
        styles=("Drone",),
        thumb="https://i.discogs.com/thumb-8.jpeg",
    ),
)

MIDNIGHT = "2025-12-31T15:30:00-08:00"
"""Half past midnight of the next year in Berlin."""

COPIES = (
    make_copy(2**31 + 1, 1, date_added="2026-11-22T05:00:00-08:00", rating=5),
    make_copy(2**31 + 2, 1, date_added="2026-11-22T05:00:00-08:00"),
    make_copy(2**31 + 3, 2, date_added="2026-11-21T05:00:00-08:00", rating=3),
    make_copy(2**31 + 4, 3, date_added="2026-11-22T04:59:59-08:00"),
    make_copy(2**31 + 5, 4, date_added="2026-11-22T14:00:00+01:00", rating=1),
    make_copy(2**31 + 6, 5, date_added=MIDNIGHT),
    make_copy(2**31 + 7, 6, date_added=MIDNIGHT),
    make_copy(2**31 + 8, 7, date_added="2025-07-01T00:00:00-07:00"),
    make_copy(2**31 + 9, 8, date_added="2024-02-29T23:59:59-08:00"),
    make_copy(12, 3, date_added="2010-03-14T03:00:00-07:00"),
    make_copy(13, 5, date_added="2010-03-14T01:59:59-08:00"),
    make_copy(14, 8, date_added="2000-01-01T00:00:00+00:00"),
)

DOZEN = make_snapshot(
    make_collection(*COPIES, releases=RELEASES), account="dozen", discogs_name="The_Dozen"
)
EMPTY = make_snapshot(make_collection(), account="empty", discogs_name="Nobody")
