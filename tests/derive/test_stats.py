"""The numbers: small collections counted by hand, real ones counted a second time."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from generator.derive.duplicates import duplicates
from generator.derive.exports import releases_document, stats_document
from generator.derive.rows import rows
from generator.derive.stats import (
    ArtistCount,
    Count,
    DecadeFormats,
    MonthCount,
    Stats,
    YearCount,
    stats,
)
from tests.derive.real import NAMES, real_collection
from tests.derive.recount import by_month_added, numbers_of
from tests.factories import (
    make_artist,
    make_collection,
    make_copy,
    make_format,
    make_master,
    make_release,
    make_snapshot,
)

ORIGIN = "https://i.discogs.com"


def stats_of(*releases, masters=()):
    """The numbers of a collection of one copy of each release, the first one added first."""
    copies = [make_copy(number, release.id) for number, release in enumerate(releases, 1)]
    return counted(make_collection(*copies, releases=releases), masters)


def counted(collection, masters=()):
    known = {master.id: master for master in masters}
    return stats(rows(make_snapshot(collection), known, ORIGIN))


def test_an_empty_collection_counts_nothing():
    """Zeros, empty lists, and nothing where a number would be a lie."""
    assert counted(make_collection()) == Stats(
        copies=0,
        releases=0,
        albums=0,
        artists=0,
        artist_credits=0,
        genres=0,
        styles=0,
        formats=0,
        first_year=None,
        last_year=None,
        unknown_years=0,
        original_known=0,
        last_added=None,
        by_genre=(),
        by_style=(),
        by_format=(),
        by_decade=(),
        by_year=(),
        by_month_added=(),
        by_decade_format=(),
        top_artists=(),
        pseudo_artists=(),
    )


def test_one_copy_counts_once():
    """Every number of a single copy whose album is known."""
    assert counted(make_collection(make_copy()), [make_master()]) == Stats(
        copies=1,
        releases=1,
        albums=1,
        artists=1,
        artist_credits=1,
        genres=1,
        styles=1,
        formats=1,
        first_year=1971,
        last_year=1971,
        unknown_years=0,
        original_known=1,
        last_added="2026-03-01T10:00:00-08:00",
        by_genre=(Count("Jazz", 1),),
        by_style=(Count("Modal", 1),),
        by_format=(Count("Vinyl", 1),),
        by_decade=(Count("1970s", 1),),
        by_year=(YearCount(1971, 1),),
        by_month_added=(MonthCount("2026-03", 1, 1),),
        by_decade_format=(DecadeFormats("1970s", (Count("Vinyl", 1),)),),
        top_artists=(ArtistCount(501, "Ida Morrow", 1),),
        pseudo_artists=(),
    )


def test_copies_releases_and_albums_are_three_numbers():
    """Two copies of a release, two pressings of a master, and a release that is its own album."""
    releases = [
        make_release(1, master_id=10),
        make_release(2, master_id=10),
        make_release(10, master_id=None),
        make_release(3, master_id=None),
    ]
    copies = [make_copy(1, 1), make_copy(2, 1), make_copy(3, 2), make_copy(4, 10), make_copy(5, 3)]

    found = counted(make_collection(*copies, releases=releases))

    assert (found.copies, found.releases, found.albums) == (5, 4, 3)


def test_years_without_any_known_are_unknown():
    """No axis, no range, no decade but the unknown one."""
    found = stats_of(
        *(make_release(number, year=year) for number, year in enumerate((19, None), 1))
    )

    assert (found.first_year, found.last_year, found.unknown_years) == (None, None, 2)
    assert found.by_year == ()
    assert found.by_decade == (Count("unknown", 2),)


def test_the_years_between_are_filled_with_zeros():
    """From the first to the last; an impossible year neither stretches nor shows."""
    years = (1999, 1996, 1999, 1896, 2001, 3000, 0)
    releases = [make_release(number, year=year) for number, year in enumerate(years[:3], 1)]
    releases += [make_release(number, year=year) for number, year in enumerate(years[4:], 10)]

    found = stats_of(*releases)

    assert found.by_year == ((1996, 1), (1997, 0), (1998, 0), (1999, 2), (2000, 0), (2001, 1))
    assert (found.first_year, found.last_year, found.unknown_years) == (1996, 2001, 2)


def test_decades_ascend_and_unknown_is_last():
    """Only decades that occur, those of the nineteenth century before the others."""
    years = (2001, None, 1899, 1970, 1979, 2027)
    releases = [make_release(number, year=year) for number, year in enumerate(years, 1)]

    assert stats_of(*releases).by_decade == (
        ("1890s", 1),
        ("1970s", 2),
        ("2000s", 1),
        ("2020s", 1),
        ("unknown", 1),
    )


def test_genres_are_counted_completely_and_once_a_copy():
    """Most first, ties by folded name, numbers in names as numbers; sums exceed the copies."""
    releases = [
        make_release(1, genres=("Rock", "Électro", "Type 10", "Rock")),
        make_release(2, genres=("Rock", "disco", "Type 9")),
        make_release(3, genres=()),
    ]

    assert stats_of(*releases).by_genre == (
        ("Rock", 2),
        ("disco", 1),
        ("Électro", 1),
        ("Type 9", 1),
        ("Type 10", 1),
    )


def test_a_style_named_twice_counts_once():
    """Discogs now and then repeats one; a copy has it or has it not."""
    releases = [make_release(1, styles=("Dub", "Dub")), make_release(2, styles=("Dub", "Modal"))]

    assert stats_of(*releases).by_style == (("Dub", 2), ("Modal", 1))


def test_the_original_year_known_is_the_album_s_alone():
    """A pressing's year is no original year, an impossible master year neither."""
    masters = [
        make_master(9001, year=1959),
        make_master(9002, year=None),
        make_master(9003, year=3),
    ]
    releases = [make_release(number) for number in (1, 2, 3, 4)]

    found = stats_of(*releases, masters=masters)

    assert (found.original_known, found.unknown_years) == (1, 0)
    assert found.by_year[0] == (1959, 1)


def test_every_copy_has_one_primary_format():
    """Formats sum to the copies, whatever a release is made of."""
    releases = [
        make_release(1, formats=()),
        make_release(2, formats=(make_format("All Media"),)),
        make_release(3, formats=(make_format("All Media"), make_format("Vinyl"))),
        make_release(4, formats=(make_format("Box Set"), make_format("Vinyl", quantity=4))),
        make_release(5, formats=(make_format("CD"), make_format("DVD"))),
        make_release(6, formats=(make_format("CD"),)),
    ]

    assert stats_of(*releases).by_format == (
        ("CD", 2),
        ("All Media", 1),
        ("Box Set", 1),
        ("Unknown", 1),
        ("Vinyl", 1),
    )


def test_the_last_added_is_the_greatest_instant():
    """Not the greatest text, and not the first copy."""
    copies = [
        make_copy(1, date_added="2026-03-01T23:00:00-08:00"),
        make_copy(2, date_added="2026-03-02T05:00:00+00:00"),
    ]

    assert counted(make_collection(*copies)).last_added == "2026-03-01T23:00:00-08:00"


def test_artists_are_counted_by_key_once_a_copy():
    """One id is one artist under all its names; names without id are the same once folded."""
    releases = [
        make_release(1, artists=(make_artist("Duo (2)", id=7), make_artist("Duo (2)", id=7))),
        make_release(2, artists=(make_artist("Duo (2)", id=7), make_artist("Björk", id=None))),
        make_release(3, artists=(make_artist("Duo (3)", id=8), make_artist("BJORK", id=None))),
        make_release(4, artists=(make_artist("Solo (2)", id=None),)),
        make_release(5, artists=(make_artist("Solo", id=None),)),
    ]

    found = stats_of(*releases)

    assert found.artists == 5
    assert found.top_artists == (
        (None, "BJORK", 2),
        (7, "Duo", 2),
        (8, "Duo", 1),
        (None, "Solo", 1),
        (None, "Solo", 1),
    )


def test_an_artist_is_shown_by_the_most_frequent_name():
    """The name used most often; between names used as often, the first by code point."""
    releases = [
        make_release(1, artists=(make_artist("Zeta", id=7),)),
        make_release(2, artists=(make_artist("Zeta", id=7, printed="Z."),)),
        make_release(3, artists=(make_artist("Alpha", id=7),)),
        make_release(4, artists=(make_artist("beta", id=8),)),
        make_release(5, artists=(make_artist("Gamma", id=8),)),
    ]

    assert stats_of(*releases).top_artists == ((7, "Zeta", 3), (8, "Gamma", 2))


def test_the_top_ten_is_cut_inside_ties():
    """Ten artists, by name where copies are equal, ids deciding between equal names."""
    names = ["K", "J", "10", "9", "The H", "g", "F", "E", "D", "C", "C", "a"]
    releases = [
        make_release(number, artists=(make_artist(name, id=100 - number),))
        for number, name in enumerate(names, 1)
    ]
    releases.append(make_release(50, artists=(make_artist("Most", id=1),)))
    releases.append(make_release(51, artists=(make_artist("Most", id=1),)))

    found = stats_of(*releases)

    assert found.artists == 13
    assert found.top_artists == (
        (1, "Most", 2),
        (96, "9", 1),
        (97, "10", 1),
        (88, "a", 1),
        (89, "C", 1),
        (90, "C", 1),
        (91, "D", 1),
        (92, "E", 1),
        (93, "F", 1),
        (94, "g", 1),
    )


def test_stand_ins_for_artists_are_counted_apart():
    """Known by id, whatever they are called, or by exact name without an id; in the credits."""
    releases = [
        make_release(1, artists=(make_artist("Various", id=194),)),
        make_release(2, artists=(make_artist("Varios", id=194),)),
        make_release(3, artists=(make_artist("Unknown Artist", id=355),)),
        make_release(4, artists=(make_artist("No Artist", id=118760), make_artist("Real", id=9))),
        make_release(5, artists=(make_artist("No Artist", id=None),)),
        make_release(6, artists=(make_artist("Various", id=77),)),
        make_release(7, artists=(make_artist("various", id=None),)),
        make_release(8, artists=(make_artist("Unknown Artist (2)", id=None),)),
    ]

    found = stats_of(*releases)

    assert found.top_artists == (
        (9, "Real", 1),
        (None, "Unknown Artist", 1),
        (77, "Various", 1),
        (None, "various", 1),
    )
    assert found.artists == 4
    assert found.pseudo_artists == (
        (194, "Varios", 2),
        (None, "No Artist", 1),
        (118760, "No Artist", 1),
        (355, "Unknown Artist", 1),
    )
    assert found.artist_credits == 6


def test_credits_are_lines():
    """The same artists joined in another way, or printed otherwise, are another credit."""
    one, two = make_artist("One", id=1), make_artist("Two", id=2)
    releases = [
        make_release(1, artists=(one,)),
        make_release(2, artists=(make_artist("One", id=1, join="&"),)),
        make_release(3, artists=(make_artist("One", id=1, join="&"), two)),
        make_release(4, artists=(make_artist("One", id=1, join="And"), two)),
        make_release(5, artists=(make_artist("One", id=1, printed="Uno"),)),
    ]

    assert (stats_of(*releases).artist_credits, stats_of(*releases).artists) == (4, 2)


def added(*dates, zone=UTC):
    """The months of copies added at these moments."""
    copies = [make_copy(number, date_added=sent) for number, sent in enumerate(dates, 1)]
    snapshot = make_snapshot(make_collection(*copies))
    return stats(rows(snapshot, {}, ORIGIN, zone)).by_month_added


def test_months_between_additions_are_filled():
    """From the first to the last; each with its additions and how many there are by then."""
    assert added(
        "2025-11-30T12:00:00+00:00",
        "2026-02-01T00:00:00+00:00",
        "2025-11-01T00:00:00+00:00",
        "2026-02-01T00:00:00+00:00",
    ) == (
        MonthCount("2025-11", 2, 2),
        MonthCount("2025-12", 0, 2),
        MonthCount("2026-01", 0, 2),
        MonthCount("2026-02", 2, 4),
    )


@pytest.mark.parametrize(
    ("zone", "months"),
    [
        ("UTC", ["2026-01", "2026-02"]),
        ("Europe/Berlin", ["2026-02"]),
        ("America/Los_Angeles", ["2026-01"]),
    ],
)
def test_a_month_begins_where_the_site_is(zone, months):
    """Two copies around midnight of a day that ends at different moments."""
    found = added("2026-01-31T15:30:00-08:00", "2026-01-31T16:30:00-08:00", zone=ZoneInfo(zone))

    assert [entry.month for entry in found] == months
    assert found[-1].total == 2


def test_a_history_of_fifty_years_has_every_month():
    """Six hundred months, the last of them the last that are filled."""
    found = added("1976-12-01T00:00:00+00:00", "2026-11-01T00:00:00+00:00")

    assert len(found) == 600
    assert [entry.total for entry in found] == [1] * 599 + [2]


def test_an_odd_date_makes_no_endless_line():
    """Over more than six hundred months only those that occur are told."""
    assert added(
        "0976-11-01T00:00:00+00:00", "2026-11-01T00:00:00+00:00", "1976-11-30T00:00:00+00:00"
    ) == (
        MonthCount("0976-11", 1, 1),
        MonthCount("1976-11", 1, 2),
        MonthCount("2026-11", 1, 3),
    )


def test_decades_are_told_by_format():
    """Ascending, unknown last; in each the format of most copies first, ties by name."""
    kinds = [
        (1979, "Vinyl"),
        (1970, "CD"),
        (None, "CD"),
        (1969, "Vinyl"),
        (1975, "Cassette"),
        (1971, "CD"),
    ]
    releases = [
        make_release(number, year=year, formats=(make_format(name),))
        for number, (year, name) in enumerate(kinds, 1)
    ]

    assert stats_of(*releases).by_decade_format == (
        DecadeFormats("1960s", (Count("Vinyl", 1),)),
        DecadeFormats("1970s", (Count("CD", 2), Count("Cassette", 1), Count("Vinyl", 1))),
        DecadeFormats("unknown", (Count("CD", 1),)),
    )


HEAD = {
    "schema": 1,
    "account": "low-tide",
    "discogs_name": "LowTide",
    "synced_at": "2026-11-22T14:18:42Z",
}


@pytest.mark.parametrize("enriched", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_real_collections_count_the_same_twice(real_data, name, enriched):
    """Both documents for programs, whole and in order, against a count of the answers alone."""
    real = real_collection(real_data, name, enriched)

    numbers = stats_document(real.snapshot, stats(real.rows), duplicates(real.rows))
    releases = releases_document(real.snapshot, real.rows)

    assert releases == HEAD | {"copies": len(real.copies), "items": real.items}
    assert numbers == HEAD | numbers_of(real.copies, real.items)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_real_months_are_those_of_the_zone(real_data, zone):
    """Counted a second time where a day begins fourteen hours earlier, or eight later."""
    real = real_collection(real_data, "real-155", zone=ZoneInfo(zone))

    found = [entry._asdict() for entry in stats(real.rows).by_month_added]

    assert found == by_month_added(real.items, ZoneInfo(zone))
