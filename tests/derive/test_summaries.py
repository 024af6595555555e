"""Summaries: sentences that hold for any collection."""

import pytest
from msgspec.structs import replace

from generator.derive.stats import ArtistCount, Count, MonthCount, stats
from generator.derive.summaries import artists_summary, collecting_summary, genres_summary

NOTHING = stats(())


def added(copies, first, last, *genres):
    """The numbers of copies of which the first and the last were added in these months."""
    months = (MonthCount(first, 1, 1), MonthCount(last, copies - 1, copies))
    counts = tuple(Count(name, 9 - place) for place, name in enumerate(genres))
    return replace(NOTHING, copies=copies, by_month_added=months, by_genre=counts)


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        (NOTHING, ""),
        (
            added(1497, "2009-05", "2026-11", "A", "B", "C", "D"),
            "Collecting since May 2009: about seven records a month, most often A, B and C.",
        ),
        (
            added(300, "2025-01", "2025-10"),
            "Collecting since January 2025: about 30 records a month.",
        ),
        (
            added(12, "2000-01", "2011-12", "Rock", "Jazz"),
            "Collecting since January 2000: about one record a year, most often Rock and Jazz.",
        ),
        (added(5, "2009-05", "2009-05", "Rock"), "Collecting since May 2009: most often Rock."),
        (added(2, "1990-05", "2026-05"), "Collecting since May 1990."),
    ],
)
def test_a_collection_has_a_beginning_a_pace_and_genres(numbers, sentence):
    assert collecting_summary(numbers) == sentence


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
