"""The documents for programs, whole."""

import pytest

from generator.derive.duplicates import duplicates
from generator.derive.exports import releases_csv, releases_document, stats_document
from generator.derive.rows import rows
from generator.derive.stats import stats
from generator.domain.collection import MasterId
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

HEADER = (
    "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,Date Added,instance_id,"
    "original_year,genres,styles\r\n"
)
RELEASES = (
    make_release(
        7,
        master_id=9007,
        title='Tide, "Low"',
        year=1997,
        artists=(
            make_artist("Ida Morrow (2)", printed="I. Morrow", join="&"),
            make_artist("Slow Harbour", id=None),
        ),
        labels=(
            make_label("Harbour Light (3)"),
            make_label("Pier", id=None, catalog_number=None),
            make_label("Quay", id=703, catalog_number="Q 1"),
        ),
        formats=(
            make_format("Vinyl", quantity=2, text="180 g"),
            make_format("All Media", descriptions=()),
        ),
        genres=("Rock", "Pop"),
        styles=(),
        thumb="https://i.discogs.com/t.jpeg",
        cover="https://elsewhere.example/c.jpeg",
    ),
    make_release(
        8,
        master_id=None,
        title="Nothing",
        year=19,
        artists=(make_artist("Various", id=194),),
        labels=(),
        formats=(),
        genres=(),
        styles=(),
    ),
)
COPIES = (
    make_copy(3000000001, 7, date_added="2026-03-01T10:00:00-08:00", rating=4),
    make_copy(3000000002, 8, date_added="2025-12-31T23:59:59-08:00"),
)
SNAPSHOT = make_snapshot(make_collection(*COPIES, releases=RELEASES))
MASTERS = {MasterId(9007): make_master(9007, year=1959, genres=("Jazz",), styles=("Modal", "Dub"))}
ROWS = rows(SNAPSHOT, MASTERS, "https://i.discogs.com")


def test_stats_json_holds_every_number():
    """The whole document of a collection of two."""
    assert stats_document(SNAPSHOT, stats(ROWS), duplicates(ROWS)) == {
        "schema": 1,
        "account": "low-tide",
        "discogs_name": "LowTide",
        "synced_at": "2026-11-22T14:18:42Z",
        "copies": 2,
        "releases": 2,
        "albums": 2,
        "artists": 2,
        "artist_credits": 2,
        "genres": 1,
        "styles": 2,
        "formats": 2,
        "years": {"first": 1959, "last": 1959, "unknown": 1, "original_known": 1},
        "last_added": "2026-03-01T10:00:00-08:00",
        "by_genre": [{"name": "Jazz", "copies": 1}],
        "by_style": [{"name": "Dub", "copies": 1}, {"name": "Modal", "copies": 1}],
        "by_format": [{"name": "Unknown", "copies": 1}, {"name": "Vinyl", "copies": 1}],
        "by_decade": [{"name": "1950s", "copies": 1}, {"name": "unknown", "copies": 1}],
        "by_year": [{"year": 1959, "copies": 1}],
        "by_month_added": [
            {"month": "2026-01", "copies": 1, "total": 1},
            {"month": "2026-02", "copies": 0, "total": 1},
            {"month": "2026-03", "copies": 1, "total": 2},
        ],
        "by_decade_format": [
            {"decade": "1950s", "formats": [{"name": "Vinyl", "copies": 1}]},
            {"decade": "unknown", "formats": [{"name": "Unknown", "copies": 1}]},
        ],
        "top_artists": [
            {"id": 501, "name": "Ida Morrow", "copies": 1},
            {"id": None, "name": "Slow Harbour", "copies": 1},
        ],
        "pseudo_artists": [{"id": 194, "name": "Various", "copies": 1}],
        "duplicates": {"releases": 0, "albums": 0},
    }


def test_stats_json_of_nothing():
    """Null where there is no year and no date, lists that are empty."""
    empty = make_snapshot(make_collection())

    found = stats_document(empty, stats(()), duplicates(()))

    assert found["years"] == {"first": None, "last": None, "unknown": 0, "original_known": 0}
    assert found["last_added"] is None
    assert [found[name] for name in found if name.startswith(("by_", "top_", "pseudo_"))] == [
        []
    ] * 9
    assert found["duplicates"] == {"releases": 0, "albums": 0}


ITEMS = [
    {
        "instance_id": 3000000001,
        "release_id": 7,
        "master_id": 9007,
        "title": 'Tide, "Low"',
        "credit": "I. Morrow & Slow Harbour",
        "artists": [
            {"id": 501, "name": "Ida Morrow"},
            {"id": None, "name": "Slow Harbour"},
        ],
        "year": 1959,
        "original_year": 1959,
        "release_year": 1997,
        "genres": ["Jazz"],
        "styles": ["Modal", "Dub"],
        "format": "Vinyl",
        "formats": ["2×Vinyl, LP, Album, 180 g", "All Media"],
        "labels": [
            {"id": 701, "name": "Harbour Light", "catalog_number": "HL-12"},
            {"id": None, "name": "Pier", "catalog_number": None},
            {"id": 703, "name": "Quay", "catalog_number": "Q 1"},
        ],
        "date_added": "2026-03-01T10:00:00-08:00",
        "rating": 4,
        "thumb": "https://i.discogs.com/t.jpeg",
        "cover": None,
        "url": "https://www.discogs.com/release/7",
    },
    {
        "instance_id": 3000000002,
        "release_id": 8,
        "master_id": None,
        "title": "Nothing",
        "credit": "Various",
        "artists": [{"id": 194, "name": "Various"}],
        "year": None,
        "original_year": None,
        "release_year": None,
        "genres": [],
        "styles": [],
        "format": "Unknown",
        "formats": [],
        "labels": [],
        "date_added": "2025-12-31T23:59:59-08:00",
        "rating": 0,
        "thumb": None,
        "cover": None,
        "url": "https://www.discogs.com/release/8",
    },
]
"""What releases.json tells of the copies, newest first."""


def test_releases_json_holds_every_copy():
    """The whole document."""
    assert releases_document(SNAPSHOT, ROWS) == {
        "schema": 1,
        "account": "low-tide",
        "discogs_name": "LowTide",
        "synced_at": "2026-11-22T14:18:42Z",
        "copies": 2,
        "items": ITEMS,
    }


def test_releases_csv_holds_every_copy():
    """The whole file: no BOM, lines ended by CR and LF, several values in one cell."""
    assert releases_csv(ROWS) == HEADER + (
        'HL-12 | Q 1,I. Morrow & Slow Harbour,"Tide, ""Low""",Harbour Light | Pier | Quay,'
        '"2×Vinyl, LP, Album, 180 g + All Media",4,1997,7,2026-03-01T10:00:00-08:00,3000000001,'
        "1959,Jazz,Modal | Dub\r\n"
        ",Various,Nothing,,,0,,8,2025-12-31T23:59:59-08:00,3000000002,,,\r\n"
    )


def test_releases_csv_of_nothing_is_its_header():
    """An empty collection still says what its columns are."""
    assert releases_csv(()) == HEADER


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", '"\'\r=1"'),
        ('=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'),
        ("1+1", "1+1"),
        (" =1", " =1"),
        ("'=1", "'=1"),
    ],
)
def test_a_cell_is_never_a_formula(title, cell):
    """A quote before what a spreadsheet would run, in any column; nothing else is touched."""
    release = make_release(
        7,
        title=title,
        artists=(make_artist(title),),
        labels=(make_label(title, catalog_number=title),),
        formats=(make_format(title, descriptions=()),),
        genres=(title,),
        styles=(title,),
    )
    snapshot = make_snapshot(make_collection(make_copy(1, 7), releases=[release]))

    assert releases_csv(rows(snapshot, {}, "https://i.discogs.com")) == HEADER + (
        f"{cell},{cell},{cell},{cell},{cell},0,1974,7,2026-03-01T10:00:00-08:00,1,,{cell},{cell}\r\n"
    )
