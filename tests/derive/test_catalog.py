"""The catalog: where the golden one says nothing; browsers compare what is shown of others."""

import json

import pytest

from generator.derive.catalog import catalog_columns, embedded_json
from generator.derive.facets import facets
from generator.derive.rows import rows
from generator.derive.stats import stats
from tests.factories import (
    make_artist,
    make_collection,
    make_copy,
    make_master,
    make_release,
    make_snapshot,
)


def columns(*copies, releases=(), masters=()):
    """The columns of a collection, as the browser reads them."""
    snapshot = make_snapshot(make_collection(*copies, releases=releases))
    known = {master.id: master for master in masters}
    found = rows(snapshot, known, "https://i.discogs.com")
    return json.loads(embedded_json(catalog_columns(found, facets(stats(found)))[0]))


def titled(number, title, artist="Ida Morrow", **changes):
    """A release by one artist without an id, so that only names matter."""
    artists = (make_artist(artist, id=None),)
    return make_release(number, title=title, artists=artists, **changes)


def test_a_pressing_of_an_unknown_year_has_none_of_its_own():
    found = columns(make_copy(), releases=[make_release(year=None)], masters=[make_master()])

    assert (found["values"]["years"], found["values"]["pressings"]) == ([1971], [0])


def test_releases_stand_by_credit_album_and_title():
    releases = [
        titled(1, "Dub", "Ida", master_id=9, year=1980),
        titled(2, "Album (Mono)", "Ida", master_id=7, year=1970),
        titled(3, "Album", "Ida", master_id=7, year=1970),
        titled(4, "Album", "Ida", master_id=7, year=1970),
        titled(5, "Album", "Bo", master_id=7, year=1960),
        titled(6, "Album", "Ida", master_id=None, year=1960),
    ]
    found = columns(*(make_copy(each.id, each.id) for each in releases), releases=releases)

    assert found["releases"]["ids"] == [5, 3, 4, 2, 6, 1]
    assert found["values"]["titles"] == ["Album", "Album (Mono)", "Dub"]
    assert {name: found["releases"][name] for name in ("breaks", "titles", "split", "years")} == {
        "breaks": [3, 3, 0, 1, 2, 2],
        "titles": [0, 0, 1, -1, 2],
        "split": [[1, 0]],
        "years": [2, 1, 0, 0, 2, 3],
    }
    assert found["copies"]["releases"] == [4, 0, 2, 1, 3, 5]


@pytest.mark.parametrize(
    ("largest", "instances"),
    [
        (2**53 - 1, [9007199254740991, 9007199254740984]),
        (2**53, ["9007199254740992", "7"]),
        (2**63 - 1, ["9223372036854775807", "7"]),
    ],
)
def test_an_id_too_large_for_a_browser_is_text(largest, instances):
    found = columns(
        make_copy(largest, largest), make_copy(7, 5, date_added="2020-01-01T00:00:00-08:00")
    )

    assert found["copies"]["instances"] == instances
    assert set(found["releases"]["ids"]) == {5, largest if largest < 2**53 else str(largest)}
