"""Rows: every effective value of a copy."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import asdict, replace

from generator.derive.rows import (
    RowArtist,
    RowLabel,
    accepted_image,
    newest_albums,
    primary_format,
    rows,
)
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

ORIGIN = "https://i.discogs.com"


def row_of(release=None, copy=None, masters=(), zone=UTC, **snapshot):
    """The only row of a collection of one copy."""
    release = release or make_release()
    collection = make_collection(copy or make_copy(release_id=release.id), releases=[release])
    known = {master.id: master for master in masters}
    return rows(make_snapshot(collection, **snapshot), known, ORIGIN, zone)[0]


def rows_of(*copies, releases=()):
    """The rows of copies."""
    return rows(make_snapshot(make_collection(*copies, releases=releases)), {}, ORIGIN)


def test_a_row_says_everything_about_a_copy():
    """All values of a plain copy of a release whose album is known."""
    release = make_release(
        44,
        master_id=9001,
        year=1974,
        artists=(
            make_artist("Ida Morrow (2)", printed="I. Morrow", join="&"),
            make_artist("Slow Harbour", id=None),
        ),
        labels=(make_label("Harbour Light (3)"), make_label("Pier", id=None, catalog_number=None)),
        formats=(make_format("All Media", descriptions=()), make_format("Box Set", quantity=2)),
        thumb="https://i.discogs.com/t.jpeg",
        cover="https://i.discogs.com/c.jpeg",
    )
    copy = make_copy(2**31 + 5, 44, date_added="2026-03-01T10:00:00-08:00", rating=3)

    row = row_of(release, copy, [make_master(9001, year=1971, genres=("Funk",), styles=())])

    assert asdict(row) == {
        "instance_id": 2147483653,
        "release_id": 44,
        "master_id": 9001,
        "title": "Low Tide",
        "credit": "I. Morrow & Slow Harbour",
        "artists": (
            RowArtist(501, 501, "Ida Morrow", "I. Morrow"),
            RowArtist("name:slow harbour", None, "Slow Harbour", "Slow Harbour"),
        ),
        "labels": (RowLabel(701, "Harbour Light", "HL-12"), RowLabel(None, "Pier", None)),
        "formats": ("All Media", "2×Box Set, LP, Album"),
        "format": "Box Set",
        "year": 1971,
        "original_year": 1971,
        "release_year": 1974,
        "genres": ("Funk",),
        "styles": ("Modal",),
        "date_added": "2026-03-01T10:00:00-08:00",
        "added": datetime(2026, 3, 1, 18, tzinfo=UTC),
        "added_on": date(2026, 3, 1),
        "rating": 3,
        "thumb": "https://i.discogs.com/t.jpeg",
        "cover": "https://i.discogs.com/c.jpeg",
    }
    assert row.url == "https://www.discogs.com/release/44"
    assert row.decade == "1970s"
    assert 0 <= row.hue <= 11


@pytest.mark.parametrize(
    ("of_master", "of_release", "expected"),
    [
        (None, None, None),
        (None, 0, None),
        (None, 19, None),
        (None, 1876, None),
        (None, 1877, 1877),
        (None, 1896, 1896),
        (None, 2026, 2026),
        (None, 2027, 2027),
        (None, 2028, None),
        (1959, 1997, 1959),
        (1997, 1959, 1997),
        (19, 1997, 1997),
        (2028, 1997, 1997),
        (None, 1997, 1997),
        (1959, None, 1959),
        (1959, 2030, 1959),
        (1876, 1876, None),
    ],
)
def test_the_year_is_the_first_that_can_be_true(of_master, of_release, expected):
    """The master's year, else the pressing's, of those from 1877 to the year after the reading."""
    row = row_of(make_release(year=of_release), masters=[make_master(year=of_master)])

    assert row.year == expected


def test_next_year_is_counted_from_the_reading():
    """An old snapshot does not come to believe more years as time passes."""
    read_in_2019 = datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC)

    assert row_of(make_release(year=2020), synced_at=read_in_2019).year == 2020
    assert row_of(make_release(year=2021), synced_at=read_in_2019).year is None


def test_original_and_pressing_year_stay_apart():
    """The original year is the master's alone, the pressing's the release's alone."""
    row = row_of(make_release(year=1997), masters=[make_master(year=1959)])
    alone = row_of(make_release(year=1997, master_id=None))

    assert (row.original_year, row.release_year) == (1959, 1997)
    assert (alone.original_year, alone.release_year) == (None, 1997)


def test_another_album_s_data_is_not_used():
    """Master data is joined by the release's own master id, and by nothing else."""
    row = row_of(make_release(1, master_id=None), masters=[make_master(1), make_master(9001)])

    assert row.original_year is None


@pytest.mark.parametrize(
    ("of_master", "of_release", "expected"),
    [
        (("Jazz",), ("Rock", "Pop"), ("Jazz",)),
        ((), ("Rock", "Pop"), ("Rock", "Pop")),
        ((), (), ()),
        ((), ("Rock", "Rock", "Pop"), ("Rock", "Rock", "Pop")),
    ],
)
def test_the_album_s_genres_and_styles_replace_the_edition_s(of_master, of_release, expected):
    """Replaced, never united; an empty list of the album hides nothing; all of it as sent."""
    genres = row_of(make_release(genres=of_release), masters=[make_master(genres=of_master)]).genres
    styles = row_of(make_release(styles=of_release), masters=[make_master(styles=of_master)]).styles

    assert (genres, styles) == (expected, expected)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], "Unknown"),
        (["All Media"], "All Media"),
        (["All Media", "Vinyl"], "Vinyl"),
        (["Vinyl", "All Media"], "Vinyl"),
        (["Box Set", "Vinyl"], "Box Set"),
        (["CD", "DVD"], "CD"),
        (["all media", "CD"], "all media"),
    ],
)
def test_the_primary_format_is_the_first_thing(names, expected):
    """The first that is not "All Media", which stands only where there is nothing else."""
    assert primary_format(tuple(make_format(name) for name in names)) == expected


@pytest.mark.parametrize(
    ("year", "expected"),
    [(1877, "1870s"), (1970, "1970s"), (1979, "1970s"), (2000, "2000s"), (None, "unknown")],
)
def test_a_decade_is_ten_years_from_a_round_one(year, expected):
    """The year rounded down to ten; what has no year is unknown."""
    assert row_of(make_release(year=year)).decade == expected


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2026, 3, 2)),
        ("America/Los_Angeles", date(2026, 3, 1)),
        ("Asia/Tokyo", date(2026, 3, 2)),
        ("America/New_York", date(2026, 3, 2)),
    ],
)
def test_the_day_is_the_site_s(zone, day):
    """Discogs sends its own wall time with an offset; the day is taken in the site's zone."""
    copy = make_copy(date_added="2026-03-01T23:30:00-08:00")

    assert row_of(copy=copy, zone=ZoneInfo(zone)).added_on == day


@pytest.mark.parametrize(
    "address",
    [
        "https://i.discogs.com/a/rs:fit/g:sm/q:90/h:600/w:600/czM6Ly9k=.jpeg",
        "https://i.discogs.com/a?b=c&d",
        "https://i.discogs.com/%20@x:y",
    ],
)
def test_an_image_at_the_accepted_origin_is_shown(address):
    """A plain address at the origin."""
    assert accepted_image(address, ORIGIN) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "https://i.discogs.com",
        "https://i.discogs.com.evil.example/a.jpeg",
        "https://i.discogs.com@evil.example/a.jpeg",
        "https://user@i.discogs.com/a.jpeg",
        "https://user:secret@i.discogs.com/a.jpeg",
        "https://i.discogs.com:8443/a.jpeg",
        "http://i.discogs.com/a.jpeg",
        "//i.discogs.com/a.jpeg",
        "/a.jpeg",
        "https://img.discogs.com/a.jpeg",
        "https://evil.example/https://i.discogs.com/a.jpeg",
        "javascript:alert(1)//https://i.discogs.com/",
        "data:image/png;base64,AAAA",
        "https://i.discogs.com\\@evil.example/a.jpeg",
        "https://i.discogs.com/a b.jpeg",
        "https://i.discogs.com/a\nb.jpeg",
        "https://i.discogs.com/a\x00b.jpeg",
        'https://i.discogs.com/a"onerror="b',
        "https://i.discogs.com/a'b",
        "https://i.discogs.com/<b>",
        "https://i.discogs.com/é.jpeg",
        " https://i.discogs.com/a.jpeg",
    ],
)
def test_any_other_image_is_not_shown(address):
    """Another host, scheme or port, credentials, or a character no address needs."""
    assert accepted_image(address, ORIGIN) is None


def test_newest_come_first():
    """By the instant, not by the text of the date; then by instance id; both descending."""
    found = rows_of(
        make_copy(1, date_added="2026-03-01T10:00:00-08:00"),
        make_copy(2, date_added="2026-03-01T17:30:00+00:00"),
        make_copy(3, date_added="2026-03-01T20:00:00+02:00"),
        make_copy(10, date_added="2026-03-01T18:00:00Z"),
    )

    assert [row.instance_id for row in found] == [10, 3, 1, 2]


def test_sixty_copies_of_one_second_have_one_order():
    """Dates that are the same to the second are ordered by instance id, compared as numbers."""
    first = 2**31 - 30
    copies = [make_copy(first + number, number % 7 + 1) for number in range(60)]

    assert [row.instance_id for row in rows_of(*copies)] == [first + n for n in range(59, -1, -1)]


def test_two_copies_of_a_release_are_two_rows():
    """Nothing is keyed by release: a second copy keeps its own date and rating."""
    found = rows_of(make_copy(1, 5, rating=1), make_copy(2, 5, rating=5))

    assert [(row.instance_id, row.release_id, row.rating) for row in found] == [
        (2, 5, 5),
        (1, 5, 1),
    ]


def added(minute):
    """The date of a copy added so many minutes past noon."""
    return f"2026-03-01T12:{minute:02}:00+00:00"


def test_the_newest_albums_are_six_different_ones():
    """The newest copy of each: pressings of one master are one album, other releases their own."""
    releases = [
        make_release(1, master_id=100),
        make_release(2, master_id=100),
        make_release(100, master_id=None),
        *(make_release(number, master_id=None) for number in (3, 4, 5, 6, 7)),
    ]
    copies = [
        make_copy(1, 1, date_added=added(50)),
        make_copy(2, 2, date_added=added(40)),
        make_copy(3, 1, date_added=added(45)),
        make_copy(4, 100, date_added=added(30)),
        make_copy(5, 3, date_added=added(20)),
        make_copy(6, 4, date_added=added(20)),
        make_copy(7, 5, date_added=added(10)),
        make_copy(8, 6, date_added=added(5)),
        make_copy(9, 7, date_added=added(6)),
    ]

    newest = newest_albums(rows_of(*copies, releases=releases))

    assert [row.instance_id for row in newest] == [1, 4, 6, 5, 7, 9]


def test_fewer_albums_are_all_of_them():
    """A small collection shows what it has, an empty one nothing."""
    assert [row.instance_id for row in newest_albums(rows_of(make_copy(3), make_copy(4)))] == [4]
    assert newest_albums(rows_of()) == ()


def test_records_of_an_artist_share_a_hue():
    """The drawn cover's colour depends on the first artist, not on the release or the printing."""
    first = row_of(make_release(1, title="One", artists=(make_artist(printed="I. M."),)))
    other = row_of(make_release(2, title="Two", artists=(make_artist(),)))
    nameless = row_of(make_release(3, artists=()))

    assert first.hue == other.hue
    assert 0 <= nameless.hue <= 11


def test_rows_do_not_depend_on_the_order_of_copies():
    """The same collection in another order gives the same rows."""
    copies = [
        make_copy(number, number % 3 + 1, date_added=added(number % 4)) for number in range(9)
    ]
    collection = make_collection(*copies)
    turned = replace(collection, copies=tuple(reversed(collection.copies)))

    assert rows(make_snapshot(collection), {}, ORIGIN) == rows(make_snapshot(turned), {}, ORIGIN)
