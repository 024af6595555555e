"""Charts: which points they show, where each leads, and what they say in words."""

import pytest

from generator.derive.charts import Point, charts, largest_first, list_link
from generator.derive.rows import rows
from generator.derive.stats import Count, stats
from tests.factories import (
    make_artist,
    make_collection,
    make_copy,
    make_format,
    make_master,
    make_release,
    make_snapshot,
)


def charts_of(*releases, masters=()):
    """The charts, by name, of a collection of one copy of each release."""
    copies = [make_copy(number, release.id) for number, release in enumerate(releases, 1)]
    snapshot = make_snapshot(make_collection(*copies, releases=releases))
    known = {master.id: master for master in masters}
    found = charts(stats(rows(snapshot, known, "https://i.discogs.com")))
    return {chart.name: chart for chart in found}


def shelf(**values):
    """Releases, one for each value of the only field named."""
    ((name, entries),) = values.items()
    return [make_release(number, **{name: value}) for number, value in enumerate(entries, 1)]


def test_there_are_four_charts():
    """In the order of the dashboard, each of its kind."""
    found = charts_of(make_release())

    assert [(chart.name, chart.title, chart.kind) for chart in found.values()] == [
        ("genres", "Genres", "doughnut"),
        ("formats", "Formats", "bar"),
        ("artists", "Top artists", "bar"),
        ("years", "Releases by year", "line"),
    ]


def test_eight_values_are_all_shown():
    """Up to eight there is no rest."""
    found = charts_of(*shelf(genres=[(letter,) for letter in "ABCDEFGH"]))["genres"]

    assert found.points == tuple(Point(name, 1, f"all/?genre={name}") for name in "ABCDEFGH")


def test_from_nine_values_the_rest_is_one_point():
    """The top seven and the sum of all others, which leads nowhere."""
    found = charts_of(*shelf(genres=[("A",), ("A",), *((letter,) for letter in "BCDEFGHI")]))

    assert found["genres"].points == (
        Point("A", 2, "all/?genre=A"),
        *(Point(name, 1, f"all/?genre={name}") for name in "BCDEFG"),
        Point("Other", 2, None),
    )


def test_a_value_called_other_keeps_its_link():
    """What Discogs calls Other is not the rest."""
    found = charts_of(
        *shelf(genres=[("Other",), ("Other",), *((letter,) for letter in "ABCDEFGH")])
    )

    assert found["genres"].points[0] == Point("Other", 2, "all/?genre=Other")
    assert found["genres"].points[-1] == Point("Other", 2, None)


@pytest.mark.parametrize("most", [1, 7, 8, 9, 10, 40])
def test_no_copy_is_lost_and_no_point_is_empty(most):
    """Whatever is merged, the points sum to what was counted, at most eight of them."""
    entries = [Count(str(number), number) for number in range(most, 0, -1)]

    points = largest_first(entries)

    assert sum(point.copies for point in points) == most * (most + 1) // 2
    assert len(points) == min(most, 8)
    assert 0 not in [point.copies for point in points]


def test_formats_are_the_primary_ones():
    """One bar a format, longest first."""
    formats = [(make_format("CD"),), (make_format("Box Set"), make_format("CD")), (), ()]

    assert charts_of(*shelf(formats=formats))["formats"].points == (
        Point("Unknown", 2, "all/?format=Unknown"),
        Point("Box Set", 1, "all/?format=Box+Set"),
        Point("CD", 1, "all/?format=CD"),
    )


def test_the_ten_top_artists_are_shown():
    """Ten bars without a rest; each leads to what a search for the name finds."""
    releases = shelf(artists=[(make_artist(f"A/{n}", id=n),) for n in range(1, 13)])

    assert charts_of(*releases)["artists"].points == tuple(
        Point(f"A/{n}", 1, f"all/?q=A%2F{n}&sort=year") for n in range(1, 11)
    )


def test_stand_ins_are_stated_beside_the_artists():
    """Various is no artist, and its copies are not forgotten."""
    various = make_artist("Various", id=194)
    releases = shelf(artists=[(make_artist("Ida Morrow"),), (various,), (various,)])

    found = charts_of(*releases)["artists"]

    assert found.points == (Point("Ida Morrow", 1, "all/?q=Ida+Morrow&sort=year"),)
    assert found.summary == "Ida Morrow leads 1 artist with 1 record. Left out: Various (2)."


def test_the_years_are_a_line_without_gaps():
    """Every year from the first to the last; one without a copy leads nowhere."""
    found = charts_of(*shelf(year=[1999, 2001, 2001, None]))["years"]

    assert found.points == (
        Point("1999", 1, "all/?q=1999"),
        Point("2000", 0, None),
        Point("2001", 2, "all/?q=2001"),
    )


def test_the_years_say_how_sure_they_are():
    """For how many copies the original year is known, and how many have none at all."""
    releases = [make_release(1), make_release(2, year=1990), make_release(3, year=None)]

    found = charts_of(*releases, masters=[make_master(9001, year=1971)])["years"]

    assert found.summary == (
        "From 1971 to 1990. The original year is known for 1 of 3 records; the others count by the "
        "year of their pressing. 1 record without a year."
    )


def test_an_empty_collection_is_said_in_words():
    """Every chart still stands, without points and with a sentence."""
    found = charts_of()

    assert {name: (chart.summary, chart.points) for name, chart in found.items()} == {
        "genres": ("No record here has a genre yet.", ()),
        "formats": ("There are no records here yet.", ()),
        "artists": ("No artist is credited by name yet.", ()),
        "years": ("No year is known yet.", ()),
    }


def test_a_link_carries_any_value():
    """Reserved characters, white space and other alphabets arrive as they were."""
    assert list_link(genre="Folk, World, & Country") == ("all/?genre=Folk%2C+World%2C+%26+Country")
    assert list_link(q="Œuvre #1?") == "all/?q=%C5%92uvre+%231%3F"
