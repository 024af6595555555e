"""The catalog: columns the browser can filter and sort without comparing a single word."""

import json
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from generator.derive.catalog import catalog, embedded_json
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


def columns(*copies, releases=(), masters=(), zone=UTC):
    """The catalog of a collection, as the browser reads it."""
    snapshot = make_snapshot(make_collection(*copies, releases=releases))
    known = {master.id: master for master in masters}
    found = rows(snapshot, known, ORIGIN, zone)
    return json.loads(embedded_json(catalog(found, facets(stats(found)), ORIGIN)))


def titled(number, title, artist="Ida Morrow", **changes):
    """A release by one artist without an id, so that only names matter."""
    artists = (make_artist(artist, id=None),)
    return make_release(number, title=title, artists=artists, **changes)


def ranks(entries, ties):
    """The rank of each entry: its place, or that of the entry before where both tie."""
    found: dict[str, int] = {}
    for place, entry in enumerate(entries):
        found[entry] = found[entries[place - 1]] if place in ties else place
    return found


def test_an_empty_collection_has_empty_columns():
    """Nothing to show is a catalog like any other."""
    assert columns() == {
        "schema": 1,
        "copies": 0,
        "instances": [],
        "releases": [],
        "added": [],
        "years": [],
        "pressings": [],
        "credits": {"lines": [], "hues": [], "names": {}, "ties": [], "rows": []},
        "titles": {"texts": [], "ties": [], "rows": []},
        "labels": {"names": [], "rows": [], "numbers": []},
        "formats": {"displays": [], "rows": []},
        "facets": [
            {"name": "genre", "title": "Genre", "values": [], "sets": [], "rows": []},
            {"name": "style", "title": "Style", "values": [], "sets": [], "rows": []},
            {"name": "format", "title": "Format", "values": [], "sets": [], "rows": []},
            {"name": "decade", "title": "Decade", "values": [], "sets": [], "rows": []},
        ],
        "thumbs": {"origin": "https://i.discogs.com/", "rows": []},
    }


def test_every_column_of_a_small_collection():
    """Newest first: a compilation, then two copies of one album that has a master."""
    compilation = make_release(
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
        thumb="https://i.discogs.com/a/small.jpeg",
        cover="https://i.discogs.com/a/large.jpeg",
    )
    album = make_release(1, cover="https://i.discogs.com/b/large.jpeg", thumb="http://else.where/x")

    assert columns(
        make_copy(3_000_000_007, 8, date_added="2026-03-02T03:00:00-08:00"),
        make_copy(41, 1, date_added="2026-03-01T10:00:00-08:00"),
        make_copy(40, 1, date_added="2026-03-01T10:00:00-08:00"),
        releases=[compilation, album],
        masters=[make_master(9001)],
    ) == {
        "schema": 1,
        "copies": 3,
        "instances": [3_000_000_007, -2_999_999_966, -1],
        "releases": [8, 1, 1],
        "added": [20514, -1, 0],
        "years": [0, 1971, 1971],
        "pressings": [0, 1974, 1974],
        "credits": {
            "lines": ["Ida Morrow", "Various & NOVA!"],
            "hues": [0, 11],
            "names": {"1": ["Various", "Nova", "NOVA!"]},
            "ties": [],
            "rows": [1, 0, 0],
        },
        "titles": {"texts": ["A <b>Sampler</b>", "Low Tide"], "ties": [], "rows": [0, 1, 1]},
        "labels": {
            "names": ["Argo", "Harbour Light", "Zinc"],
            "rows": [[2, 0], [1], [1]],
            "numbers": [[None, "A 1"], ["HL-12"], ["HL-12"]],
        },
        "formats": {
            "displays": [["All Media", "2×CD, LP, Album"], ["Vinyl, LP, Album"]],
            "rows": [0, 1, 1],
        },
        "facets": [
            {
                "name": "genre",
                "title": "Genre",
                "values": ["Jazz", "Rock"],
                "sets": [[0], [0, 1]],
                "rows": [1, 0, 0],
            },
            {
                "name": "style",
                "title": "Style",
                "values": ["Modal"],
                "sets": [[], [0]],
                "rows": [0, 1, 1],
            },
            {
                "name": "format",
                "title": "Format",
                "values": ["Vinyl", "CD"],
                "sets": [[0], [1]],
                "rows": [1, 0, 0],
            },
            {
                "name": "decade",
                "title": "Decade",
                "values": ["1970s", "unknown"],
                "sets": [[0], [1]],
                "rows": [1, 0, 0],
            },
        ],
        "thumbs": {
            "origin": "https://i.discogs.com/",
            "rows": ["a/small.jpeg", "b/large.jpeg", "b/large.jpeg"],
        },
    }


def test_credits_stand_in_order_of_the_first_artist():
    """Articles, case and marks do not count; names that are equal then tie."""
    names = ["The Æther", "aether", "Zeta", "10cc", "2Pac", "!!!", "The The", "The", "A-ha"]
    releases = [titled(number, "Same", name) for number, name in enumerate(names, 1)]
    found = columns(*(make_copy(each.id, each.id) for each in releases), releases=releases)

    lines = found["credits"]["lines"]
    assert lines == ["!!!", "2Pac", "10cc", "A-ha", "The Æther", "aether", "The", "The The", "Zeta"]
    assert ranks(lines, found["credits"]["ties"]) == {
        "!!!": 0,
        "2Pac": 1,
        "10cc": 2,
        "A-ha": 3,
        "The Æther": 4,
        "aether": 4,
        "The": 6,
        "The The": 6,
        "Zeta": 8,
    }


def test_titles_stand_in_order_without_an_article_rule():
    """Numbers as numbers, fewer zeros first; equal folded titles tie."""
    titles = ["The End", "Öl", "ol", "Vol. 10", "Vol. 9", "Vol. 09", "Vol. 9b"]
    releases = [titled(number, title) for number, title in enumerate(titles, 1)]
    found = columns(*(make_copy(each.id, each.id) for each in releases), releases=releases)

    texts = found["titles"]["texts"]
    assert texts == ["ol", "Öl", "The End", "Vol. 9", "Vol. 9b", "Vol. 09", "Vol. 10"]
    assert found["titles"]["ties"] == [1]


@pytest.mark.parametrize("largest", [2**53, 2**63 - 1])
def test_an_id_too_large_for_a_browser_turns_all_into_text(largest):
    """Whole numbers above 2^53 - 1 would lose digits in a browser."""
    found = columns(
        make_copy(largest, largest),
        make_copy(7, 5, date_added="2020-01-01T00:00:00-08:00"),
        releases=[make_release(largest, master_id=None)],
    )

    assert found["instances"] == [str(largest), "7"]
    assert found["releases"] == [str(largest), "5"]


def test_the_largest_exact_id_stays_a_number():
    """2^53 - 1 is exact, and so are the differences to it."""
    found = columns(make_copy(2**53 - 1), make_copy(1, date_added="2020-01-01T00:00:00-08:00"))

    assert found["instances"] == [9007199254740991, -9007199254740990]


def test_the_day_is_that_of_the_site():
    """One instant, two calendars: 1 March 2026 in Honolulu, 2 March in Auckland."""
    copy = make_copy(date_added="2026-03-01T10:00:00-08:00")

    assert columns(copy, zone=ZoneInfo("Pacific/Honolulu"))["added"] == [20513]
    assert columns(copy, zone=ZoneInfo("Pacific/Auckland"))["added"] == [20514]


def test_embedded_json_cannot_end_its_element():
    """What HTML or old JavaScript would act on is escaped, and reads back the same."""
    text = '</script><!-- & \u2028\u2029 " é 🎷'
    embedded = embedded_json([text, 2**53])

    assert embedded == (
        '["\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029 \\" é 🎷",9007199254740992]'
    )
    assert json.loads(embedded) == [text, 2**53]


def test_embedded_json_is_not_escaped_again():
    """Templates escape everything but what says itself that it is fit for a page."""
    embedded = embedded_json({"a": "b"})

    assert embedded.__html__() == '{"a":"b"}'
