"""The numbers of small collections, counted by hand; `test_recount` counts large ones."""

import pytest
from msgspec.structs import asdict

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
from tests.factories import (
    make_artist,
    make_collection,
    make_copy,
    make_format,
    make_master,
    make_release,
    make_snapshot,
)


def counted(collection, masters=()):
    known = {master.id: master for master in masters}
    return stats(rows(make_snapshot(collection), known, "https://i.discogs.com"))


def stats_of(name, values):
    """The numbers of a collection of one copy of each release, which differ in one field."""
    releases = [make_release(number, **{name: value}) for number, value in enumerate(values, 1)]
    copies = [make_copy(release.id, release.id) for release in releases]
    return counted(make_collection(*copies, releases=releases))


def credited(*releases):
    """The numbers of a collection of releases by artists, each an id and a name."""
    return stats_of(
        "artists",
        [tuple(make_artist(name, id=number) for number, name in artists) for artists in releases],
    )


def added(*dates):
    copies = [make_copy(number, date_added=sent) for number, sent in enumerate(dates, 1)]
    return counted(make_collection(*copies)).by_month_added


def test_an_empty_collection_counts_nothing():
    numbers = "copies releases albums artists artist_credits genres styles formats"
    known = "original_known original_albums master_albums"
    lists = "genre style format decade year month_added decade_format"

    assert asdict(counted(make_collection())) == {
        **dict.fromkeys(f"{numbers} unknown_years {known}".split(), 0),
        **dict.fromkeys(("first_year", "last_year", "last_added")),
        **dict.fromkeys(map("by_{}".format, lists.split()), ()),
        **dict.fromkeys(("top_artists", "pseudo_artists"), ()),
    }


def test_one_copy_counts_once():
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
        original_albums=1,
        master_albums=1,
        last_added="2026-03-01T10:00:00-08:00",
        by_genre=(Count("Jazz", 1),),
        by_style=(Count("Modal", 1),),
        by_format=(Count("Vinyl", 1),),
        by_decade=(Count("1970s", 1),),
        by_year=(YearCount(1971, 1),),
        by_month_added=(MonthCount("2026-03", 1, 1),),
        by_decade_format=(DecadeFormats("1970s", (Count("Vinyl", 1),)),),
        top_artists=(ArtistCount(501, 501, "Ida Morrow", 1),),
        pseudo_artists=(),
    )


def test_copies_releases_and_albums_are_three_numbers():
    releases = [
        make_release(1, master_id=10),
        make_release(2, master_id=10),
        make_release(10, master_id=None),
        make_release(3, master_id=None),
    ]
    copies = [make_copy(1, 1), make_copy(2, 1), make_copy(3, 2), make_copy(4, 10), make_copy(5, 3)]

    found = counted(make_collection(*copies, releases=releases))

    assert (found.copies, found.releases, found.albums) == (5, 4, 3)


def test_years_are_filled_with_zeros_and_an_impossible_one_neither_stretches_nor_shows():
    found = stats_of("year", (1999, 1996, 1999, 2001, 3000, 0))

    assert found.by_year == ((1996, 1), (1997, 0), (1998, 0), (1999, 2), (2000, 0), (2001, 1))
    assert (found.first_year, found.last_year, found.unknown_years) == (1996, 2001, 2)


def test_without_a_known_year_there_is_no_range():
    found = stats_of("year", (19, None))

    assert (found.first_year, found.last_year, found.unknown_years) == (None, None, 2)
    assert (found.by_year, found.by_decade) == ((), (Count("unknown", 2),))


def test_decades_ascend_and_unknown_is_last():
    assert stats_of("year", (2001, None, 1899, 1970, 1979, 2027)).by_decade == (
        ("1890s", 1),
        ("1970s", 2),
        ("2000s", 1),
        ("2020s", 1),
        ("unknown", 1),
    )


def test_genres_are_counted_once_a_copy_and_ties_ordered_by_name():
    genres = [("Rock", "Électro", "Type 10", "Rock"), ("Rock", "disco", "Type 9"), ()]

    assert stats_of("genres", genres).by_genre == (
        ("Rock", 2),
        ("disco", 1),
        ("Électro", 1),
        ("Type 9", 1),
        ("Type 10", 1),
    )


def test_the_original_year_is_the_master_s_alone():
    masters = [
        make_master(9001, year=1959),
        make_master(9002, year=None),
        make_master(9003, year=3),
    ]
    copies = [make_copy(number, number) for number in (1, 2, 3, 4)]

    found = counted(make_collection(*copies), masters)

    assert (found.original_known, found.unknown_years) == (1, 0)
    assert found.by_year[0] == (1959, 1)


def test_every_copy_has_one_primary_format():
    names = [[], ["All Media"], ["All Media", "Vinyl"], ["Box Set", "Vinyl"], ["CD", "DVD"], ["CD"]]
    formats = [tuple(map(make_format, each)) for each in names]

    assert stats_of("formats", formats).by_format == (
        ("CD", 2),
        ("All Media", 1),
        ("Box Set", 1),
        ("Unknown", 1),
        ("Vinyl", 1),
    )


def test_the_last_added_is_the_latest_instant():
    copies = [
        make_copy(1, date_added="2026-03-01T23:00:00-08:00"),
        make_copy(2, date_added="2026-03-02T05:00:00+00:00"),
    ]

    assert counted(make_collection(*copies)).last_added == "2026-03-01T23:00:00-08:00"


@pytest.mark.parametrize(
    ("releases", "top"),
    [
        # By id, once a copy; without ids, by folded name with its number.
        (
            [
                [(7, "Duo (2)"), (7, "Duo (2)")],
                [(7, "Duo (2)"), (None, "Björk")],
                [(8, "Duo (3)"), (None, "BJORK")],
                [(None, "Solo (2)")],
                [(None, "Solo")],
            ],
            [(None, "BJORK", 2), (7, "Duo", 2), (8, "Duo", 1), *[(None, "Solo", 1)] * 2],
        ),
        # The most frequent name, then the first by code point.
        (
            [[(7, "Zeta")], [(7, "Zeta")], [(7, "Alpha")], [(8, "beta")], [(8, "Gamma")]],
            [(7, "Zeta", 3), (8, "Gamma", 2)],
        ),
        # Ten, cut inside ties; equal names by id.
        (
            [
                *([(100 - number, name)] for number, name in enumerate("KJ9HgFEDCCa", 1)),
                *[[(1, "Most")]] * 2,
            ],
            [
                *((1, "Most", 2), (97, "9", 1), (89, "a", 1), (90, "C", 1), (91, "C", 1)),
                *((92, "D", 1), (93, "E", 1), (94, "F", 1), (95, "g", 1), (96, "H", 1)),
            ],
        ),
    ],
)
def test_artists_are_ranked_by_copies_then_by_name(releases, top):
    assert [who[1:] for who in credited(*releases).top_artists] == top


def test_stand_ins_for_artists_are_counted_apart():
    found = credited(
        [(194, "Various")],
        [(194, "Varios")],
        [(355, "Unknown Artist")],
        [(118760, "No Artist"), (9, "Real")],
        [(None, "No Artist")],
        [(77, "Various")],
        [(None, "various")],
        [(None, "Unknown Artist (2)")],
    )

    assert found.top_artists == (
        (9, 9, "Real", 1),
        ("name:unknown artist (2)", None, "Unknown Artist", 1),
        (77, 77, "Various", 1),
    )
    assert (found.artists, found.artist_credits) == (3, 6)
    assert found.pseudo_artists == (
        (194, 194, "Varios", 2),
        ("name:no artist", None, "No Artist", 1),
        (118760, 118760, "No Artist", 1),
        (355, 355, "Unknown Artist", 1),
        ("name:various", None, "various", 1),
    )


@pytest.mark.parametrize(
    ("dates", "months"),
    [
        # Every month from the first to the last, with its additions and the total by then.
        (
            ["2025-11-30", "2026-02-01", "2025-11-01", "2026-02-01"],
            [("2025-11", 2, 2), ("2025-12", 0, 2), ("2026-01", 0, 2), ("2026-02", 2, 4)],
        ),
        # Over more than fifty years only those that occur.
        (
            ["0976-11-01", "2026-11-01", "1976-11-30"],
            [("0976-11", 1, 1), ("1976-11", 1, 2), ("2026-11", 1, 3)],
        ),
    ],
)
def test_months_are_filled_unless_a_date_is_odd(dates, months):
    assert list(added(*(f"{day}T12:00:00Z" for day in dates))) == months


def test_fifty_years_have_every_month():
    found = added("1976-12-01T00:00:00+00:00", "2026-11-01T00:00:00+00:00")

    assert [entry.total for entry in found] == [1] * 599 + [2]
