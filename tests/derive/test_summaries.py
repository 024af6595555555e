"""Summaries: sentences that hold for any collection."""

import pytest
from msgspec.structs import replace

from generator.derive.stats import ArtistCount, Count, MonthCount, stats
from generator.derive.summaries import artists_summary, genres_summary, headline

NOTHING = stats(())


def test_a_collection_has_a_headline():
    numbers = replace(
        NOTHING,
        copies=1497,
        artists=397,
        genres=2,
        by_month_added=(MonthCount("2009-05", 78, 78), MonthCount("2026-11", 8, 1497)),
        by_genre=(Count("Electronic", 387), Count("Rock", 385)),
        by_format=(Count("CD", 726), Count("Vinyl", 688)),
        by_decade=(Count("1970s", 432), Count("1980s", 306), Count("unknown", 759)),
        top_artists=(ArtistCount(1, 1, "Lichtjahr", 34), ArtistCount(2, 2, "Crane", 27)),
    )

    assert [piece.text for piece in headline(numbers) if piece.strong] == [
        "1,497 records",
        "seven a month",
        "1970s",
        "CD",
        "Electronic",
        "34 by Lichtjahr",
    ]
    assert text_of(headline(numbers)) == (
        "1,497 records by 397 artists in 17 years: about seven a month, more from the 1970s than "
        "from any other decade, and nearly half of it CD. There is more Electronic than anything "
        "else, and 34 by Lichtjahr."
    )


@pytest.mark.parametrize(
    ("copies", "first", "last", "sentence"),
    [
        (1, "2009-05", "2009-05", "1 record by 1 artist. "),
        (2, "1990-05", "2026-05", "2 records by 1 artist in 36 years: all of it CD. "),
        (300, "2025-01", "2025-10", "300 records by 1 artist: about 30 a month and all of it CD. "),
        (
            12,
            "2000-01",
            "2011-12",
            "12 records by 1 artist in 12 years: about one a year and all of it CD. ",
        ),
    ],
)
def test_a_headline_says_only_what_there_is(copies, first, last, sentence):
    months = (MonthCount(first, 1, 1), MonthCount(last, copies - 1, copies))
    found = replace(
        NOTHING,
        copies=copies,
        artists=1,
        by_month_added=months,
        by_format=(Count("CD", copies),),
        by_decade=(Count("1970s", copies),),
        top_artists=(ArtistCount(1, 1, "A", copies),),
    )

    assert text_of(headline(found)) == sentence


def text_of(pieces):
    return "".join(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("copies", "counts", "sentence"),
    [
        (1, [1], "The only record is Rock."),
        (3, [3], "All records are Rock."),
        (1497, [387, 300], "A quarter of the records are Rock."),
        (100, [52, 40], "Half of the records are Rock."),
        (100, [32, 20], "A third of the records are Rock."),
        (100, [41, 20], "41% of the records are Rock."),
        (100, [60, 50], "60% of the records are Rock. Some have more than one genre."),
        (100, [74, 50], "Three quarters of the records are Rock. Many have more than one genre."),
    ],
)
def test_a_share_is_a_fraction_where_one_is_near(copies, counts, sentence):
    by_genre = tuple(Count("Rock" if place == 0 else "Jazz", n) for place, n in enumerate(counts))

    assert genres_summary(replace(NOTHING, copies=copies, by_genre=by_genre)) == sentence


@pytest.mark.parametrize(
    ("copies", "pseudo", "sentence"),
    [
        ([], [], "No artist is credited by name yet."),
        ([34], [], "34 records by A0."),
        (
            [34, 9],
            [("Various", 66)],
            "34 records by A0, more than by anyone else. Compilations (66) not counted.",
        ),
        (
            [9, 9],
            [("Various", 1), ("B", 2)],
            "9 records by A0, as many as by anyone else. Compilations (1) and B (2) not counted.",
        ),
    ],
)
def test_the_first_artist_leads(copies, pseudo, sentence):
    numbers = replace(
        NOTHING,
        artists=len(copies),
        top_artists=tuple(ArtistCount(n, n, f"A{n}", of) for n, of in enumerate(copies)),
        pseudo_artists=tuple(ArtistCount(name, None, name, of) for name, of in pseudo),
    )

    assert artists_summary(numbers) == sentence
