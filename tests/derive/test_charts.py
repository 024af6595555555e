"""Charts: their points, the links of the points, and their sentences."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.derive.charts import (
    Month,
    Part,
    Point,
    Series,
    charts,
    list_link,
    months,
    percentages,
)
from generator.derive.rows import rows
from generator.derive.stats import stats
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
    known = {master.id: master for master in masters}
    return charted(make_collection(*copies, releases=releases), known)


def charted(collection, masters=()):
    return charts(stats(rows(make_snapshot(collection), dict(masters), "https://i.discogs.com")))


def added(*additions):
    """A collection, from pairs of a day and the number of copies added on it."""
    dates = [day for day, number in additions for _ in range(number)]
    copies = [make_copy(n, date_added=f"{day}T12:00:00Z") for n, day in enumerate(dates, 1)]
    return make_collection(*copies)


def grown(*additions):
    """The growth of such a collection."""
    return charted(added(*additions))["growth"]


def months_of(*additions):
    """The months of such a collection."""
    return months(stats(rows(make_snapshot(added(*additions)), {}, "https://i.discogs.com")))


def decades(*kinds):
    """The decades of a collection, from pairs of a year and a format, a copy of each."""
    releases = [
        make_release(number, year=year, formats=(make_format(name),))
        for number, (year, name) in enumerate(kinds, 1)
    ]
    return charts_of(*releases)["decades"]


def shelf(**values):
    """One release for each value of a field."""
    ((name, entries),) = values.items()
    return [make_release(number, **{name: value}) for number, value in enumerate(entries, 1)]


def test_there_are_six_charts():
    found = charts_of(make_release())

    assert [
        (chart.name, chart.title, chart.kind, chart.unit_label, chart.value_label)
        for chart in found.values()
    ] == [
        ("genres", "Genres", "doughnut", "Genre", "Records"),
        ("formats", "Formats", "bar", "Format", "Records"),
        ("artists", "Top artists", "bar", "Artist", "Records"),
        ("years", "Releases by year", "line", "Year", "Records"),
        ("growth", "Records added over time", "line", "Month", "Records in all"),
        ("decades", "Decades by format", "stacked", "Decade", "Records"),
    ]


def test_up_to_eight_values_are_all_shown():
    found = charts_of(*shelf(genres=[(letter,) for letter in "ABCDEFGH"]))["genres"]

    assert found.points == tuple(
        Point(name, 1, f"all/?genre={name}", tone="other") for name in "ABCDEFGH"
    )


def test_from_nine_values_the_rest_is_one_point():
    found = charts_of(*shelf(genres=[("A",), ("A",), *((letter,) for letter in "BCDEFGHI")]))

    assert found["genres"].points == (
        Point("A", 2, "all/?genre=A", tone="other"),
        *(Point(name, 1, f"all/?genre={name}", tone="other") for name in "BCDEFG"),
        Point("Other", 2, None, tone="other"),
    )


def test_a_value_called_other_keeps_its_link():
    found = charts_of(
        *shelf(genres=[("Other",), ("Other",), *((letter,) for letter in "ABCDEFGH")])
    )

    assert found["genres"].points[0] == Point("Other", 2, "all/?genre=Other", tone="other")
    assert found["genres"].points[-1] == Point("Other", 2, None, tone="other")


def test_formats_are_the_primary_ones():
    formats = [(make_format("CD"),), (make_format("Box Set"), make_format("CD")), (), (), (), ()]

    found = charts_of(*shelf(formats=formats))["formats"]

    assert found.points == (
        Point("Unknown", 4, "all/?format=Unknown", 67, "other"),
        Point("Box Set", 1, "all/?format=Box+Set", 17, "boxset"),
        Point("CD", 1, "all/?format=CD", 16, "cd"),
    )
    assert found.summary == "67% of the records are Unknown. There are 3 formats."


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ([], ()),
        ([0, 0], (0, 0)),
        ([5], (100,)),
        ([1, 1, 1], (34, 33, 33)),
        ([1, 1, 1, 1, 1, 1], (17, 17, 17, 17, 16, 16)),
        ([2, 1], (67, 33)),
        ([199, 1], (100, 0)),
        ([1, 199], (1, 99)),
        ([726, 688, 44, 22, 7, 6, 4], (49, 46, 3, 2, 0, 0, 0)),
    ],
)
def test_percentages_sum_to_a_hundred(counts, shares):
    assert percentages(counts) == shares


@given(st.lists(st.integers(min_value=0, max_value=10**7), min_size=1, max_size=40))
def test_each_percentage_is_less_than_one_from_the_exact_share(counts):
    shares = percentages(counts)

    assert sum(shares) == (100 if any(counts) else 0)
    assert all(
        abs(share * sum(counts) - count * 100) < max(1, sum(counts))
        for share, count in zip(shares, counts, strict=True)
    )


def test_the_ten_top_artists_are_shown():
    releases = shelf(artists=[(make_artist(f"A/{n}", id=n),) for n in range(1, 13)])

    assert charts_of(*releases)["artists"].points == tuple(
        Point(f"A/{n}", 1, f"all/?artist={n}&sort=year") for n in range(1, 11)
    )


def test_the_copies_of_various_are_in_the_sentence():
    various = make_artist("Various", id=194)
    releases = shelf(artists=[(make_artist("Ida Morrow"),), (various,), (various,)])

    found = charts_of(*releases)["artists"]

    assert found.points == (Point("Ida Morrow", 1, "all/?artist=501&sort=year"),)
    assert found.summary == "1 record by Ida Morrow. Compilations (2) not counted."


def test_the_years_are_a_line_without_gaps():
    found = charts_of(*shelf(year=[1999, 2001, 2001, None]))["years"]

    assert found.points == (
        Point("1999", 1, "all/?year=1999", tone="decade9"),
        Point("2000", 0, None, tone="decade0"),
        Point("2001", 2, "all/?year=2001", tone="decade0"),
    )


def test_the_sentence_of_the_years_counts_original_and_unknown_years():
    releases = [make_release(1), make_release(2, year=1990), make_release(3, year=None)]

    found = charts_of(*releases, masters=[make_master(9001, year=1971)])["years"]

    assert found.summary == (
        "From 1971 to 1990. The original year is known for 1 of 3 records. 1 record has no year."
    )


def test_growth_counts_all_records_so_far():
    found = grown(("2009-03-31", 3), ("2009-06-01", 24), ("2009-07-15", 1), ("2009-08-02", 1))

    assert found.points == (
        Point("2009-03", 3, None),
        Point("2009-04", 3, None),
        Point("2009-05", 3, None),
        Point("2009-06", 27, None),
        Point("2009-07", 28, None),
        Point("2009-08", 29, None),
    )


def test_every_month_links_to_its_records():
    found = months_of(("2009-03-31", 3), ("2009-06-01", 24), ("2011-07-15", 1))

    assert [(year.year, year.copies, year.href) for year in found] == [
        (2011, 1, "all/?added=2011"),
        (2009, 27, "all/?added=2009"),
    ]
    assert [month for month in found[1].months if month.copies] == [
        Month(3, 1, "all/?added=2009-03"),
        Month(24, 7, "all/?added=2009-06"),
    ]
    assert found[0].months == (
        *(Month(0, 0, None),) * 6,
        Month(1, 1, "all/?added=2011-07"),
        *(Month(0, 0, None),) * 5,
    )


def test_one_day_of_imports_does_not_bleach_the_other_months():
    usual = [(f"{2000 + number // 12}-{number % 12 + 1:02}-01", 7) for number in range(40)]
    found = months_of(*usual, ("2019-01-01", 5000))

    assert {month.level for year in found for month in year.months if month.copies} == {7}


def test_signs_at_the_start_of_a_value_are_marked():
    found = charts_of(*shelf(genres=[("-Odd",), ("+Plus",), ("\\Back",)]))["genres"]

    assert [point.href for point in found.points] == [
        "all/?genre=%5C%2BPlus",
        "all/?genre=%5C-Odd",
        "all/?genre=%5C%5CBack",
    ]


@pytest.mark.parametrize(
    ("additions", "summary"),
    [
        ([("2009-03-01", 1)], "The only record was added in March 2009."),
        ([("2009-03-01", 5)], "All 5 records were added in March 2009."),
        (
            [("2009-03-01", 3), ("2013-05-01", 1200), ("2026-11-01", 94)],
            "1,297 records in 17 years. Busiest month: May 2013, with 1,200.",
        ),
        (
            [("2009-03-01", 2), ("2009-04-01", 2), ("2009-05-01", 1)],
            "5 records in 3 months. Busiest month: March 2009, with 2.",
        ),
        (
            [("2009-03-01", 1), ("2010-01-01", 1)],
            "2 records in 11 months. Never more than one in a month.",
        ),
    ],
)
def test_growth_has_a_sentence(additions, summary):
    assert grown(*additions).summary == summary


def test_decades_are_divided_by_format():
    found = decades((1975, "Vinyl"), (1971, "Box Set"), (1979, "Vinyl"), (None, "CD"))

    assert found.series == (
        Series("Vinyl", "all/?format=Vinyl", "vinyl"),
        Series("Box Set", "all/?format=Box+Set", "boxset"),
        Series("CD", "all/?format=CD", "cd"),
    )
    assert found.points == (
        Point(
            "1970s",
            3,
            "all/?decade=1970s",
            75,
            parts=(
                Part(2, "all/?decade=1970s&format=Vinyl"),
                Part(1, "all/?decade=1970s&format=Box+Set"),
                Part(0, None),
            ),
        ),
        Point(
            "unknown",
            1,
            "all/?decade=unknown",
            25,
            parts=(Part(0, None), Part(0, None), Part(1, "all/?decade=unknown&format=CD")),
        ),
    )


def test_from_nine_formats_the_rest_is_one_column():
    kinds = [(1970, "Other"), (1970, "Other"), *((1980, letter) for letter in "ABCDEFGH")]

    found = decades(*kinds)

    assert [series.label for series in found.series] == ["Other", *"ABCDEF", "Other"]
    assert found.series[0] == Series("Other", "all/?format=Other", "other")
    assert found.series[-1] == Series("Other", None, "other")
    assert [[part.copies for part in point.parts] for point in found.points] == [
        [2, 0, 0, 0, 0, 0, 0, 0],
        [0, 1, 1, 1, 1, 1, 1, 2],
    ]
    assert found.points[-1].parts[-1] == Part(2, None)


@pytest.mark.parametrize(
    ("kinds", "summary"),
    [
        ([(1975, "Vinyl")], "The only known year is in the 1970s."),
        ([(None, "Vinyl")], "No year is known yet."),
        ([(None, "Vinyl"), (19, "CD")], "No year is known yet."),
        (
            [(1975, "Vinyl"), (1970, "Vinyl")],
            "Every known year is in the 1970s: 2 records, all of them Vinyl.",
        ),
        (
            [(1975, "Vinyl"), (1970, "Vinyl"), (1971, "CD"), (1981, "CD"), (None, "CD")],
            "The 1970s lead with 3 records, most of them Vinyl. 1 record has no year.",
        ),
        (
            [(1985, "Vinyl"), (1980, "CD"), (1971, "CD"), (None, "CD"), (None, "CD"), (None, "CD")],
            "The 1980s lead with 2 records, 1 of them CD. 3 records have no year.",
        ),
        ([(1985, "Vinyl"), (1971, "CD")], "No decade has more than one record."),
        (
            [(1985, "Vinyl"), (None, "CD")],
            "The only known year is in the 1980s. 1 record has no year.",
        ),
    ],
)
def test_decades_have_a_sentence(kinds, summary):
    assert decades(*kinds).summary == summary


def test_copies_of_one_second_belong_to_one_month():
    last = datetime.fromisoformat("2026-01-31T23:59:59+00:00")
    moments = [last] * 60 + [last + timedelta(seconds=1)]
    copies = [make_copy(n, date_added=one.isoformat()) for n, one in enumerate(moments, 1)]

    found = charted(make_collection(*copies))["growth"]

    assert found.points == (
        Point("2026-01", 60, None),
        Point("2026-02", 61, None),
    )


def test_the_charts_of_an_empty_collection_have_sentences_only():
    found = charts_of()

    assert {name: (chart.summary, chart.points) for name, chart in found.items()} == {
        "genres": ("No record here has a genre yet.", ()),
        "formats": ("There are no records here yet.", ()),
        "artists": ("No artist is credited by name yet.", ()),
        "years": ("No year is known yet.", ()),
        "growth": ("There are no records here yet.", ()),
        "decades": ("There are no records here yet.", ()),
    }


def test_a_link_quotes_any_value():
    assert list_link(genre="Folk, World, & Country") == ("all/?genre=Folk%2C+World%2C+%26+Country")
    assert list_link(q="Œuvre #1?") == "all/?q=%C5%92uvre+%231%3F"
