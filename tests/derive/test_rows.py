"""Rows: every effective value of a copy, and the order of copies."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import asdict, replace

from generator.derive.rows import RowArtist, RowLabel, newest_albums, rows
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
    return rows(make_snapshot(make_collection(*copies, releases=releases)), {}, ORIGIN)


def test_a_row_has_everything_about_a_copy():
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
        "labels": (
            RowLabel(701, 701, "Harbour Light", "HL-12"),
            RowLabel("name:pier", None, "Pier", None),
        ),
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
    ("of_master", "of_release", "year"),
    [
        *((None, None, None), (None, 0, None), (None, 19, None), (None, 1876, None)),
        *((None, 1877, 1877), (None, 1896, 1896), (None, 2026, 2026), (None, 2027, 2027)),
        *((None, 2028, None), (1959, 1997, 1959), (1997, 1959, 1997), (19, 1997, 1997)),
        *((2028, 1997, 1997), (None, 1997, 1997), (1959, None, 1959), (1959, 2030, 1959)),
        (1876, 1876, None),
    ],
)
def test_the_year_is_the_first_plausible_one(of_master, of_release, year):
    row = row_of(make_release(year=of_release), masters=[make_master(year=of_master)])

    assert row.year == year
    assert row.original_year == (of_master if of_master in (1959, 1997) else None)
    assert row.release_year == (of_release if of_release in range(1877, 2028) else None)


def test_next_year_is_counted_from_the_reading():
    read_in_2019 = datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC)

    assert row_of(make_release(year=2020), synced_at=read_in_2019).year == 2020
    assert row_of(make_release(year=2021), synced_at=read_in_2019).year is None


def test_a_master_is_joined_by_the_release_s_own_master_id():
    row = row_of(make_release(1, master_id=None), masters=[make_master(1), make_master(9001)])

    assert (row.original_year, row.year) == (None, 1974)


@pytest.mark.parametrize(
    ("of_master", "of_release", "expected"),
    [
        (("Jazz",), ("Rock", "Pop"), ("Jazz",)),
        ((), ("Rock", "Pop"), ("Rock", "Pop")),
        ((), (), ()),
        ((), ("Rock", "Rock", "Pop"), ("Rock", "Rock", "Pop")),
    ],
)
def test_the_master_s_genres_and_styles_replace_the_release_s(of_master, of_release, expected):
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
def test_the_primary_format_is_the_first_carrier(names, expected):
    assert row_of(make_release(formats=tuple(map(make_format, names)))).format == expected


@pytest.mark.parametrize(
    ("year", "decade"),
    [(1877, "1870s"), (1970, "1970s"), (1979, "1970s"), (2000, "2000s"), (None, "unknown")],
)
def test_a_decade_is_the_year_rounded_down_to_ten(year, decade):
    assert row_of(make_release(year=year)).decade == decade


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", 2), ("America/Los_Angeles", 1), ("Asia/Tokyo", 2)]
)
def test_the_day_is_taken_in_the_site_s_zone(zone, day):
    copy = make_copy(date_added="2026-03-01T23:30:00-08:00")

    assert row_of(copy=copy, zone=ZoneInfo(zone)).added_on == date(2026, 3, day)


@pytest.mark.parametrize(
    ("address", "is_accepted"),
    [
        *(
            (f"{ORIGIN}/{path}", True)
            for path in (
                "a/rs:fit/g:sm/q:90/h:600/w:600/czM6Ly9k=.jpeg",
                "a?b=c&d",
                "%20@x:y",
            )
        ),
        *(
            (address, False)
            for address in (
                *(None, "", "https://i.discogs.com", "https://i.discogs.com.evil.example/a.jpeg"),
                *("https://i.discogs.com@evil.example/a.jpeg", "https://u@i.discogs.com/a.jpeg"),
                *("https://u:p@i.discogs.com/a.jpeg", "https://i.discogs.com:8443/a.jpeg"),
                *("http://i.discogs.com/a.jpeg", "//i.discogs.com/a.jpeg", "/a.jpeg"),
                *("https://img.discogs.com/a.jpeg", "data:image/png;base64,AAAA"),
                "https://evil.example/https://i.discogs.com/a.jpeg",
                "javascript:alert(1)//https://i.discogs.com/",
                *("https://i.discogs.com\\@evil.example/a.jpeg", "https://i.discogs.com/a b.jpeg"),
                *("https://i.discogs.com/a\nb.jpeg", "https://i.discogs.com/a\x00b.jpeg"),
                *('https://i.discogs.com/a"onerror="b', "https://i.discogs.com/a'b"),
                *("https://i.discogs.com/<b>", "https://i.discogs.com/é.jpeg"),
                *(" https://i.discogs.com/a.jpeg", "https://i.discogs.com/a.jpeg\n"),
            )
        ),
    ],
)
def test_only_images_at_the_accepted_origin_are_shown(address, is_accepted):
    row = row_of(make_release(thumb=address, cover=address))

    assert (row.thumb, row.cover) == ((address, address) if is_accepted else (None, None))


def test_the_newest_copy_is_first():
    found = rows_of(
        make_copy(1, date_added="2026-03-01T10:00:00-08:00"),
        make_copy(2, date_added="2026-03-01T17:30:00+00:00"),
        make_copy(3, date_added="2026-03-01T20:00:00+02:00"),
        make_copy(10, date_added="2026-03-01T18:00:00Z"),
    )
    first = 2**31 - 30
    tied = rows_of(*(make_copy(first + number, number % 7 + 1) for number in range(60)))

    assert [row.instance_id for row in found] == [10, 3, 1, 2]
    assert [row.instance_id for row in tied] == [first + number for number in range(59, -1, -1)]


def test_rows_do_not_depend_on_the_order_of_copies():
    dates = [f"2026-03-01T12:0{number % 4}:00Z" for number in range(9)]
    copies = [
        make_copy(number, number % 3 + 1, date_added=sent, rating=number % 6)
        for number, sent in enumerate(dates)
    ]
    collection = make_collection(*copies)
    turned = replace(collection, copies=tuple(reversed(collection.copies)))
    found = rows(make_snapshot(collection), {}, ORIGIN)

    assert found == rows(make_snapshot(turned), {}, ORIGIN)
    assert {(row.instance_id, row.rating) for row in found} == {
        (copy.instance_id, copy.rating) for copy in copies
    }


def test_the_newest_albums_are_six_different_ones():
    releases = [
        make_release(1, master_id=100),
        make_release(2, master_id=100),
        make_release(100, master_id=None),
        *(make_release(number, master_id=None) for number in (3, 4, 5, 6, 7)),
    ]
    added = [(1, 50), (2, 40), (1, 45), (100, 30), (3, 20), (4, 20), (5, 10), (6, 5), (7, 6)]
    copies = [
        make_copy(number, release, date_added=f"2026-03-01T12:{minute:02}:00+00:00")
        for number, (release, minute) in enumerate(added, 1)
    ]

    newest = newest_albums(rows_of(*copies, releases=releases))

    assert [row.instance_id for row in newest] == [1, 4, 6, 5, 7, 9]
    assert [row.instance_id for row in newest_albums(rows_of(make_copy(3), make_copy(4)))] == [4]
    assert newest_albums(rows_of()) == ()


def test_records_of_an_artist_share_a_hue():
    first = row_of(make_release(1, title="One", artists=(make_artist(printed="I. M."),)))
    other = row_of(make_release(2, title="Two", artists=(make_artist(),)))

    assert first.hue == other.hue
    assert 0 <= row_of(make_release(3, artists=())).hue <= 11
