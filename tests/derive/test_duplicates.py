"""Duplicates: the same release more than once, and other pressings of an album."""

from generator.derive.duplicates import Duplicates, duplicates
from generator.derive.rows import rows
from tests.factories import (
    make_artist,
    make_collection,
    make_copy,
    make_master,
    make_release,
    make_snapshot,
)


def found_in(*releases, copies=(), masters=()):
    """The duplicates among copies of releases given by their ids; by default one of each."""
    owned = copies or [release.id for release in releases]
    shelf = make_collection(
        *(make_copy(number, release) for number, release in enumerate(owned, 1)), releases=releases
    )
    known = {master.id: master for master in masters}
    return duplicates(rows(make_snapshot(shelf), known, "https://i.discogs.com"))


def pressing(number, album=10, **changes):
    return make_release(number, master_id=album, **changes)


def shown(found):
    """For each album its copies, and whether there is another copy of the same release."""
    return [{row.instance_id: album.same_release(row) for row in album.rows} for album in found]


def test_single_copies_are_no_duplicates():
    assert found_in() == Duplicates(0, 0, 0, 0, (), 0)
    assert found_in(make_release(1), make_release(2)) == Duplicates(0, 0, 0, 0, (), 0)


def test_copies_of_a_release_and_pressings_of_an_album_are_two_numbers():
    same = found_in(make_release(1), pressing(2, None), copies=[1, 1, 2, 2])
    other = found_in(pressing(1), pressing(2), pressing(3, None), pressing(10, None))
    both = found_in(pressing(1), pressing(2), copies=[2, 1, 2])

    assert (same.releases, same.albums, same.release_copies, same.album_copies) == (2, 0, 4, 0)
    assert shown(same.entries) == [{1: True, 2: True}, {3: True, 4: True}]
    assert (other.releases, other.albums, other.release_copies, other.album_copies) == (0, 1, 0, 2)
    assert shown(other.entries) == [{1: False, 2: False}]
    assert (both.releases, both.albums, both.entries[0].copies) == (1, 1, 3)
    assert (both.release_copies, both.album_copies) == (2, 3)
    assert shown(both.entries) == [{1: True, 2: False, 3: True}]


def test_the_oldest_pressing_is_first_and_names_the_album():
    releases = [
        pressing(5, year=1999),
        pressing(4, year=None, title="Undated"),
        pressing(3, year=1974, title="Low Tide (Mono)", artists=(make_artist("I. Morrow"),)),
        pressing(2, year=1999),
        pressing(1, year=19),
    ]

    (album,) = found_in(
        *releases, copies=[5, 4, 3, 2, 1, 2], masters=[make_master(10, year=1971)]
    ).entries

    assert [row.instance_id for row in album.rows] == [3, 4, 6, 1, 5, 2]
    assert (album.title, album.credit) == ("Low Tide (Mono)", "I. Morrow")


def test_most_copies_come_first():
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

    found = found_in(*releases, copies=[*range(1, 15), 14])

    assert [album.rows[0].album[1] for album in found.entries] == [24, 14, 21, 19, 23, 22, 20]


def test_fifty_albums_and_twelve_copies_of_each_are_shown():
    owned = [1] * 13 + [number for number in range(2, 54) for _ in range(2)]
    pressings = [pressing(number, year=1970 + number) for number in range(1, 13)]

    found = found_in(copies=owned)
    (album,) = found_in(*pressings, copies=[*range(1, 13), 12]).entries

    assert (found.releases, found.albums, len(found.entries), found.more) == (53, 0, 50, 3)
    first, second = found.entries[:2]
    assert ([row.instance_id for row in first.rows], first.copies, first.more) == (
        list(range(1, 13)),
        13,
        1,
    )
    assert (len(second.rows), second.copies, second.more) == (2, 2, 0)
    assert [album.same_release(row) for row in album.rows] == [False] * 11 + [True]
