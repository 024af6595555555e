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


def columns(*copies, releases=(), masters=(), zone=UTC):
    """The catalog of a collection, as the browser reads it."""
    snapshot = make_snapshot(make_collection(*copies, releases=releases))
    known = {master.id: master for master in masters}
    found = rows(snapshot, known, ORIGIN, zone)
    dimensions = facets(stats(found))
    head = catalog_head(len(found), dimensions, ORIGIN, "thumbs-1.json", "covers-1.json")
    return json.loads(embedded_json(head | catalog_columns(found, dimensions)))


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


HEAD = {
    "schema": 2,
    "pictures": {
        "origin": "https://i.discogs.com/",
        "thumbs": "thumbs-1.json",
        "covers": "covers-1.json",
    },
}


def test_an_empty_collection_has_empty_columns():
    """Nothing to show is a catalog like any other."""
    assert columns() == HEAD | {
        "copies": 0,
        "facets": [
            {"name": "genre", "title": "Genre", "values": []},
            {"name": "style", "title": "Style", "values": []},
            {"name": "format", "title": "Format", "values": []},
            {"name": "decade", "title": "Decade", "values": []},
        ],
        "instances": {"first": 0, "steps": ""},
        "added": {"first": 0, "steps": ""},
        "ratings": "",
        "editions": "",
        "credits": {"lines": "", "hues": "", "names": {}, "ties": [], "rows": ""},
        "releases": "",
        "albums": "",
        "titles": {"texts": "", "ties": [], "rows": ""},
        "years": {"values": [], "rows": ""},
        "pressings": {"values": [], "rows": ""},
        "labels": {"names": "", "sizes": "", "rows": "", "numbers": ""},
        "formats": {"sizes": "", "displays": "", "places": "", "rows": ""},
        "genres": {"sizes": "", "entries": "", "rows": ""},
        "styles": {"sizes": "", "entries": "", "rows": ""},
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
# The digits of packed numbers are " ", "!", "#", "$" and so on. Editions stand by credit: that of
# Ida Morrow before the compilation.
NUMBERS = {
    "copies": 3,
    "facets": [
        {"name": "genre", "title": "Genre", "values": ["Jazz", "Rock"]},
        {"name": "style", "title": "Style", "values": ["Modal"]},
        {"name": "format", "title": "Format", "values": ["Vinyl", "CD"]},
        {"name": "decade", "title": "Decade", "values": ["1970s", "unknown"]},
    ],
    # steps 0, -90 and -1: 0, 179 and 1, of which 179 is 2 times 89 and 1
    "instances": {"first": 131, "steps": " #  !!"},
    "added": {"first": 20514, "steps": " ! "},
    "ratings": "% '",
    "editions": "  !",
    "releases": "!*",
    "albums": "",
    "years": {"values": [0, 1971], "rows": "! "},
    "pressings": {"values": [0, 1974], "rows": "! "},
}
"""The columns of numbers of one compilation and two copies of an album that has a master."""
WORDS = {
    "credits": {
        "lines": "Ida Morrow\nVarious & NOVA!",
        "hues": " -",
        "names": {"1": ["Various", "Nova", "NOVA!"]},
        "ties": [],
        "rows": "! ",
    },
    "titles": {"texts": "A <b>Sampler</b>\nLow Tide", "ties": [], "rows": "! "},
    "labels": {
        "names": "Argo\nHarbour Light\nZinc",
        "sizes": "!#",
        "rows": "!# ",
        "numbers": "A 1\nHL-12\n",
    },
    "formats": {
        "sizes": "#!",
        "displays": "All Media\n2×CD, LP, Album\nVinyl, LP, Album",
        "places": "! ",
        "rows": "! ",
    },
    "genres": {"sizes": "!#", "entries": "  !", "rows": " !"},
    "styles": {"sizes": " !", "entries": "", "rows": "! "},
}
"""The columns of the same collection that hold words, and the places of those."""


def test_every_column_of_a_small_collection():
    """Newest first: a compilation, then two copies of one album that has a master."""
    found = columns(
        make_copy(41 + 90, 8, date_added="2026-03-02T03:00:00-08:00", rating=4),
        make_copy(41, 1, date_added="2026-03-01T10:00:00-08:00"),
        make_copy(40, 1, date_added="2026-03-01T10:00:00-08:00", rating=5),
        releases=[COMPILATION, make_release(1)],
        masters=[make_master(9001)],
    )

    assert found == HEAD | NUMBERS | WORDS


@pytest.mark.parametrize(
    ("original", "pressing", "years", "pressings"),
    [
        (1971, 1974, [1971], [1974]),
        (1974, 1974, [1974], [0]),
        (1971, None, [1971], [0]),
        (None, 1974, [1974], [1]),
        (None, None, [0], [0]),
    ],
)
def test_a_pressing_is_told_from_the_original(original, pressing, years, pressings):
    """0 where there is no other year than the original's, 1 where only the pressing's is known."""
    found = columns(
        make_copy(1),
        releases=[make_release(1, year=pressing)],
        masters=[make_master(9001, year=original)],
    )

    assert (found["years"]["values"], found["pressings"]["values"]) == (years, pressings)


def test_copies_and_pressings_of_an_album_are_known():
    """Newest first: a pressing, another of the same album, the first again, another album."""
    releases = [titled(1, "A", master_id=9), titled(2, "B", master_id=9), titled(3, "C")]
    found = columns(
        *(make_copy(9 - at, number) for at, number in enumerate([1, 2, 1, 3])), releases=releases
    )

    # A third edition from the second is one new one ago; the third copy's was new two ago.
    assert found["editions"] == "  # "
    assert found["albums"] == " ! "


def test_a_line_break_does_not_part_a_text():
    """Texts are lines of one; what is removed on arrival cannot break them either."""
    release = titled(1, "One\ntwo", "Ida\nMorrow", labels=(make_label("A\nB"),))
    found = columns(make_copy(1), releases=[release])

    assert found["titles"]["texts"] == "One two"
    assert found["credits"]["lines"] == "Ida Morrow"
    assert found["labels"]["names"] == "A B"


def test_credits_stand_in_order_of_the_first_artist():
    """Articles, case and marks do not count; names that are equal then tie."""
    names = ["The Æther", "aether", "Zeta", "10cc", "2Pac", "!!!", "The The", "The", "A-ha"]
    releases = [titled(number, "Same", name) for number, name in enumerate(names, 1)]
    found = columns(*(make_copy(each.id, each.id) for each in releases), releases=releases)

    lines = found["credits"]["lines"].split("\n")
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

    texts = found["titles"]["texts"].split("\n")
    assert texts == ["ol", "Öl", "The End", "Vol. 9", "Vol. 9b", "Vol. 09", "Vol. 10"]
    assert found["titles"]["ties"] == [1]


@pytest.mark.parametrize("largest", [2**52 + 1, 2**53, 2**63 - 1])
def test_an_id_too_large_for_a_browser_turns_all_into_text(largest):
    """Whole numbers above 2^53 - 1 lose digits in a browser, and a step takes one bit more."""
    found = columns(
        make_copy(largest, largest),
        make_copy(7, 5, date_added="2020-01-01T00:00:00-08:00"),
        releases=[make_release(largest, master_id=None)],
    )

    assert found["instances"] == [str(largest), "7"]
    assert found["releases"] == [str(largest), "5"]


def test_the_largest_exact_id_stays_a_number():
    """2^52 is exact, and so is twice the step from it."""
    found = columns(make_copy(2**52), make_copy(1, date_added="2020-01-01T00:00:00-08:00"))

    assert found["instances"]["first"] == 4503599627370496


def test_the_day_is_that_of_the_site():
    """One instant, two calendars: 1 March 2026 in Honolulu, 2 March in Auckland."""
    copy = make_copy(date_added="2026-03-01T10:00:00-08:00")

    assert columns(copy, zone=ZoneInfo("Pacific/Honolulu"))["added"]["first"] == 20513
    assert columns(copy, zone=ZoneInfo("Pacific/Auckland"))["added"]["first"] == 20514


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
