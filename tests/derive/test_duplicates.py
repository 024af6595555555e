"""Duplicates: the same release more than once, and other pressings of an album."""

import pytest

from generator.derive.duplicates import Duplicates, duplicates
from generator.derive.rows import rows
from tests.derive.real import NAMES, real_collection
from tests.derive.recount import albums_of_several, duplicates_of
from tests.factories import (
    make_artist,
    make_collection,
    make_copy,
    make_master,
    make_release,
    make_snapshot,
)

ORIGIN = "https://i.discogs.com"


def shelf(*releases, copies=(), masters=()):
    """The rows of copies of these releases, given by their ids; by default one of each."""
    wanted = copies or [release.id for release in releases]
    owned = [make_copy(number, release) for number, release in enumerate(wanted, 1)]
    known = {master.id: master for master in masters}
    return rows(make_snapshot(make_collection(*owned, releases=releases)), known, ORIGIN)


def pressing(number, album=10, **changes):
    return make_release(number, master_id=album, **changes)


def ids(album):
    return [row.instance_id for row in album.rows]


def test_single_copies_are_no_duplicates():
    """Nor is an empty collection; the same title by the same artist is not the same album."""
    assert duplicates(()) == Duplicates(0, 0, (), 0)
    assert duplicates(shelf(make_release(1), make_release(2))) == Duplicates(0, 0, (), 0)


def test_two_copies_of_a_release_are_told():
    """One release, no album in two pressings; also where there is no master."""
    found = duplicates(shelf(make_release(1), pressing(2, None), copies=[1, 1, 2, 2]))

    assert (found.releases, found.albums, found.more) == (2, 0, 0)
    assert sorted(ids(album) for album in found.entries) == [[1, 2], [3, 4]]
    assert all(album.same_release(row) for album in found.entries for row in album.rows)


def test_other_pressings_of_an_album_are_told():
    """Two releases of one master; the copies are different ones."""
    found = duplicates(shelf(pressing(1), pressing(2), pressing(3, None), pressing(10, None)))

    assert (found.releases, found.albums) == (0, 1)
    (album,) = found.entries
    assert (ids(album), album.copies, album.more) == ([1, 2], 2, 0)
    assert [album.same_release(row) for row in album.rows] == [False, False]


def test_a_pressing_may_be_there_twice_beside_another():
    """Both numbers count it, and it is told which copies are the same."""
    found = duplicates(shelf(pressing(1), pressing(2), copies=[2, 1, 2]))

    (album,) = found.entries
    assert (found.releases, found.albums, album.copies) == (1, 1, 3)
    assert {row.instance_id: album.same_release(row) for row in album.rows} == {
        1: True,
        2: False,
        3: True,
    }


def test_the_oldest_pressing_is_first():
    """By year, unknown last, then by release and by copy; the album is named as the first one."""
    releases = [
        pressing(5, year=1999),
        pressing(4, year=None, title="Undated"),
        pressing(3, year=1974, title="Low Tide (Mono)", artists=(make_artist("I. Morrow"),)),
        pressing(2, year=1999),
        pressing(1, year=19),
    ]

    found = duplicates(shelf(*releases, copies=[5, 4, 3, 2, 1, 2]))

    (album,) = found.entries
    assert ids(album) == [3, 4, 6, 1, 5, 2]
    assert (album.title, album.credit) == ("Low Tide (Mono)", "I. Morrow")


def test_a_known_album_is_told_by_its_pressings():
    """The original year, the same for all, says nothing of which pressing is older."""
    releases = [pressing(1, year=2010), pressing(2, year=1971), pressing(3, year=1980)]

    found = duplicates(shelf(*releases, masters=[make_master(10, year=1971)]))

    assert ids(found.entries[0]) == [2, 3, 1]


def test_most_copies_come_first():
    """Ties by the first artist without an article, then by title, then by the album's key."""

    def pair(number, artist, title, album):
        named = {"artists": (make_artist(artist, id=album),), "title": title}
        return [pressing(number + place, album, **named) for place in range(2)]

    releases = [
        *pair(1, "The Bees", "A", 20),
        *pair(3, "Aardvark", "The Z", 21),
        *pair(5, "Aardvark", "Y 10", 22),
        *pair(7, "Aardvark", "Y 9", 23),
        *pair(9, "Aardvark", "Y 9", 19),
        *pair(11, "Zebra", "A", 24),
        pressing(13, 24),
        make_release(14, master_id=None, title="", artists=()),
    ]

    found = duplicates(shelf(*releases, copies=[*range(1, 15), 14]))

    assert [album.rows[0].album[1] for album in found.entries] == [24, 14, 21, 19, 23, 22, 20]


def test_long_lists_are_cut_and_say_so():
    """Fifty albums, twelve copies of each; what is left out is counted everywhere."""
    owned = [1] * 13 + [number for number in range(2, 54) for _ in range(2)]

    found = duplicates(shelf(copies=owned))

    assert (found.releases, found.albums, len(found.entries), found.more) == (53, 0, 50, 3)
    first, second = found.entries[:2]
    assert (ids(first), first.copies, first.more) == (list(range(1, 13)), 13, 1)
    assert (len(second.rows), second.copies, second.more) == (2, 2, 0)


def test_a_copy_that_is_left_out_is_a_copy():
    """The thirteenth is not shown, and the twelfth is still not the only one of its release."""
    releases = [pressing(number, year=1970 + number) for number in range(1, 13)]

    (album,) = duplicates(shelf(*releases, copies=[*range(1, 13), 12])).entries

    assert [album.same_release(row) for row in album.rows] == [False] * 11 + [True]
    assert album.more == 1


@pytest.mark.parametrize("enriched", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_real_duplicates_are_the_same_twice(real_data, name, enriched):
    """Numbers, albums, their order and every copy, against a count of the answers alone."""
    real = real_collection(real_data, name, enriched)
    expected = albums_of_several(real.items)

    found = duplicates(real.rows)

    assert {"releases": found.releases, "albums": found.albums} == duplicates_of(real.items)
    assert found.more == max(0, len(expected) - 50)
    assert [
        (album.title, album.credit, album.copies, album.more, ids(album)) for album in found.entries
    ] == [
        (
            copies[0]["title"],
            copies[0]["credit"],
            len(copies),
            max(0, len(copies) - 12),
            [item["instance_id"] for item in copies[:12]],
        )
        for copies in expected[:50]
    ]
