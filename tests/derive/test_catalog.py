"""The catalog: columns the browser can filter and sort without comparing a single word."""

import json
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from generator.derive.catalog import catalog_columns, catalog_head, embedded_json
from generator.derive.facets import facets
from generator.derive.rows import rows
from generator.derive.stats import stats
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


def catalog(*copies, releases=(), masters=(), zone=UTC):
    """The columns of a collection, as the browser reads them, and its releases in their order."""
    snapshot = make_snapshot(make_collection(*copies, releases=releases))
    known = {master.id: master for master in masters}
    found = rows(snapshot, known, ORIGIN, zone)
    columns, ordered = catalog_columns(found, facets(stats(found)))
    return json.loads(embedded_json(columns)), ordered


def columns(*copies, **more):
    """The columns alone."""
    return catalog(*copies, **more)[0]


def titled(number, title, artist="Ida Morrow", **changes):
    """A release by one artist without an id, so that only names matter."""
    artists = (make_artist(artist, id=None),)
    return make_release(number, title=title, artists=artists, **changes)


def test_the_head_holds_facets_settings_and_files():
    snapshot = make_snapshot(make_collection(make_copy(1), releases=[make_release(1)]))
    dimensions = facets(stats(rows(snapshot, {}, ORIGIN)))

    head = json.loads(embedded_json(catalog_head(dimensions, ORIGIN, "t-1.json", "c-1.json")))
    assert head == {
        "schema": 4,
        "settings": {
            "page_size": 25,
            "picks": 3,
            "printed": 20000,
            "facet_short": 8,
            "facet_long": 12,
            "facet_found": 50,
            "sorts": {
                "added": ["added"],
                "added-asc": ["-added"],
                "artist": ["artist", "year", "title"],
                "artist-desc": ["-artist", "year", "title"],
                "title": ["title", "artist"],
                "year": ["year", "artist", "title"],
                "year-desc": ["-year", "artist", "title"],
            },
        },
        "facets": [
            {"name": "genre", "title": "Genre", "values": ["Jazz"], "tones": ["jazz"]},
            {"name": "style", "title": "Style", "values": ["Modal"], "tones": []},
            {"name": "format", "title": "Format", "values": ["Vinyl"], "tones": ["vinyl"]},
            {"name": "decade", "title": "Decade", "values": ["1970s"], "tones": []},
        ],
        "covers": {"origin": "https://i.discogs.com/", "thumbs": "t-1.json", "covers": "c-1.json"},
    }


def test_an_empty_collection_has_empty_columns():
    assert columns() == {
        "values": {
            "ties": {"credits": [], "titles": []},
            "numbers": [],
            "titles": [],
            "credits": [],
            "people": {"ids": [], "names": [], "of": []},
            "pressings": [],
            "formats": [],
            "years": [],
            "labels": {"ids": [], "names": [], "of": []},
            "tags": [],
        },
        "releases": {
            "breaks": [],
            "split": [],
            "pressings": [],
            "formats": [],
            "years": [],
            "labels": [],
            "tags": [],
            "titles": [],
            "ids": [],
        },
        "copies": {"releases": [], "instances": [], "ratings": [], "added": []},
    }


COMPILATION = make_release(
    8,
    master_id=None,
    title="A <b>Sampler</b>",
    year=0,
    artists=(
        make_artist("Various (2)", id=None, join="&"),
        make_artist("Nova", id=None, printed="NOVA!"),
    ),
    labels=(
        make_label("Zinc", catalog_number=None),
        make_label("Argo (3)", catalog_number="A 1"),
    ),
    formats=(make_format("All Media", descriptions=()), make_format("CD", quantity=2)),
    genres=("Rock", "Jazz", "Rock"),
    styles=(),
)


def test_every_column_of_a_small_collection():
    found = columns(
        make_copy(41 + 90, 8, date_added="2026-03-02T03:00:00-08:00", rating=4),
        make_copy(41, 1, date_added="2026-03-01T10:00:00-08:00"),
        make_copy(40, 1, date_added="2026-03-01T10:00:00-08:00", rating=5),
        releases=[COMPILATION, make_release(1)],
        masters=[make_master(9001)],
    )

    assert found == {
        "values": {
            "ties": {"credits": [], "titles": []},
            "numbers": ["HL-12", "", "A 1"],
            "titles": ["A <b>Sampler</b>", "Low Tide"],
            "credits": ["Ida Morrow", ["Various & NOVA!", "Various", "Nova", "NOVA!"]],
            "people": {
                "ids": [501, "name:various (2)", "name:nova"],
                "names": ["", "Various", "Nova"],
                "of": [0, [2, 3]],
            },
            "pressings": [0, 1974],
            "formats": [[0, "Vinyl, LP, Album"], [1, "All Media", "2×CD, LP, Album"]],
            "years": [0, 1971],
            "labels": {
                "ids": [701, 701, 701],
                "names": ["Harbour Light", "Zinc", "Argo"],
                "of": [0, [2, 3]],
            },
            "tags": [[[0], [0]], [[0, 1], []]],
        },
        "releases": {
            "breaks": [3, 3],
            "split": [],
            "pressings": [2, 1],
            "formats": [1, 2],
            "years": [2, 1],
            "labels": [1, 2],
            "tags": [1, 2],
            "titles": [1, 0],
            "ids": [1, 8],
        },
        "copies": {
            "releases": [1, 0, 0],
            "instances": [131, 90, 1],
            "ratings": [4, 0, 5],
            "added": [20514, 1, 0],
        },
    }


@pytest.mark.parametrize(
    ("original", "pressing", "expected"),
    [
        (1971, 1974, (1971, 1974)),
        (1974, 1974, (1974, 0)),
        (1971, None, (1971, 0)),
        (None, 1974, (1974, 0)),
        (None, None, (0, 0)),
    ],
)
def test_a_pressing_has_a_year_of_its_own_if_it_is_another_one(original, pressing, expected):
    values = columns(
        make_copy(1),
        releases=[make_release(1, year=pressing)],
        masters=[make_master(9001, year=original)],
    )["values"]

    assert (values["years"], values["pressings"]) == ([expected[0]], [expected[1]])


def test_releases_stand_by_credit_album_and_title():
    releases = [
        titled(1, "Dub", "Ida", master_id=9, year=1980),
        titled(2, "Album (Mono)", "Ida", master_id=7, year=1970),
        titled(3, "Album", "Ida", master_id=7, year=1970),
        titled(4, "Album", "Ida", master_id=7, year=1970),
        titled(5, "Album", "Bo", master_id=7, year=1960),
        titled(6, "Album", "Ida", master_id=None, year=1960),
    ]
    found, ordered = catalog(*(make_copy(each.id, each.id) for each in releases), releases=releases)

    assert [row.release_id for row in ordered] == found["releases"]["ids"] == [5, 3, 4, 2, 6, 1]
    assert found["values"]["titles"] == ["Album", "Album (Mono)", "Dub"]
    assert {name: found["releases"][name] for name in ("breaks", "titles", "split", "years")} == {
        "breaks": [3, 3, 0, 1, 2, 2],
        "titles": [0, 0, 1, -1, 2],
        "split": [[1, 0]],
        "years": [2, 1, 0, 0, 2, 3],
    }
    assert found["copies"]["releases"] == [4, 0, 2, 1, 3, 5]


def test_catalogue_numbers_stand_by_label():
    one, other = make_label("Argo", catalog_number="A 1"), make_label("Zinc", catalog_number="Z 1")
    releases = [
        titled(1, "A", "Ann", labels=(other, one)),
        titled(2, "B", "Bo", labels=(one,)),
        titled(3, "C", "Cy", labels=()),
        titled(4, "D", "Di", labels=(make_label("Argo", catalog_number=None),)),
    ]
    found = columns(*(make_copy(each.id, each.id) for each in releases), releases=releases)

    assert found["values"]["labels"] == {
        "ids": [701, 701],
        "names": ["Argo", "Zinc"],
        "of": [0, [], [2, 1]],
    }
    assert found["releases"]["labels"] == [3, 1, 2, 1]
    assert found["values"]["numbers"] == ["A 1", "", "Z 1", "A 1"]


def test_credits_stand_in_order_of_the_first_artist():
    names = ["The Æther", "aether", "Zeta", "10cc", "2Pac", "!!!", "The The", "The", "A-ha"]
    releases = [titled(number, "Same", name) for number, name in enumerate(names, 1)]
    values = columns(*(make_copy(each.id, each.id) for each in releases), releases=releases)[
        "values"
    ]

    assert values["credits"] == (
        ["!!!", "2Pac", "10cc", "A-ha", "The Æther", "aether", "The", "The The", "Zeta"]
    )
    assert values["ties"]["credits"] == [7, 2]


def test_titles_stand_in_order_without_an_article_rule():
    titles = ["The End", "Öl", "ol", "Vol. 10", "Vol. 9", "Vol. 09", "Vol. 9b"]
    releases = [titled(number, title) for number, title in enumerate(titles, 1)]
    values = columns(*(make_copy(each.id, each.id) for each in releases), releases=releases)[
        "values"
    ]

    assert values["titles"] == ["ol", "Öl", "The End", "Vol. 9", "Vol. 9b", "Vol. 09", "Vol. 10"]
    assert values["ties"]["titles"] == [1]


@pytest.mark.parametrize("largest", [2**53, 2**63 - 1])
def test_an_id_too_large_for_a_browser_is_text(largest):
    found = columns(
        make_copy(largest, largest),
        make_copy(7, 5, date_added="2020-01-01T00:00:00-08:00"),
        releases=[make_release(largest, master_id=None)],
    )

    assert found["copies"]["instances"] == [str(largest), "7"]
    assert sorted(found["releases"]["ids"], key=str) == [5, str(largest)]


def test_the_largest_exact_id_stays_a_number():
    found = columns(make_copy(2**53 - 1), make_copy(1, date_added="2020-01-01T00:00:00-08:00"))

    assert found["copies"]["instances"] == [9007199254740991, 9007199254740990]


def test_the_day_is_that_of_the_site():
    copy = make_copy(date_added="2026-03-01T10:00:00-08:00")

    assert columns(copy, zone=ZoneInfo("Pacific/Honolulu"))["copies"]["added"] == [20513]
    assert columns(copy, zone=ZoneInfo("Pacific/Auckland"))["copies"]["added"] == [20514]


def test_embedded_json_cannot_end_its_element():
    text = '</script><!-- & \u2028\u2029 " é 🎷'
    embedded = embedded_json([text, 2**53])

    assert embedded == (
        '["\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029 \\" é 🎷",9007199254740992]'
    )
    assert json.loads(embedded) == [text, 2**53]


def test_embedded_json_is_not_escaped_again():
    embedded = embedded_json({"a": "b"})

    assert embedded.__html__() == '{"a":"b"}'
