"""Charts: what the golden site does not show; `test_recount` compares their points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.derive.charts import Part, Point, Series, charts, months, percentages
from generator.derive.rows import rows
from generator.derive.stats import stats
from tests.factories import make_collection, make_copy, make_format, make_release, make_snapshot


def numbers_of(collection):
    return stats(rows(make_snapshot(collection), {}, "https://i.discogs.com"))


def charts_of(*releases):
    """The charts, by name, of a collection of one copy of each release."""
    copies = [make_copy(number, release.id) for number, release in enumerate(releases, 1)]
    return charts(numbers_of(make_collection(*copies, releases=releases)))


def added(*additions):
    """The numbers of a collection, from pairs of a day and the number of copies added on it."""
    dates = [day for day, number in additions for _ in range(number)]
    copies = [make_copy(n, date_added=f"{day}T12:00:00Z") for n, day in enumerate(dates, 1)]
    return numbers_of(make_collection(*copies))


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


def test_a_value_called_other_keeps_its_link():
    found = charts_of(
        *shelf(genres=[("Other",), ("Other",), *((letter,) for letter in "ABCDEFGH")])
    )

    assert found["genres"].points[0] == Point("Other", 2, "all/?genre=Other", tone="other")
    assert found["genres"].points[-1] == Point("Other", 2, None, tone="other")


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


def test_the_sentence_of_the_years_leaves_out_what_is_not_known():
    assert charts_of(*shelf(year=[1974, 1990]))["years"].summary == "From 1974 to 1990."


def test_one_day_of_imports_does_not_bleach_the_other_months():
    usual = [(f"{2000 + number // 12}-{number % 12 + 1:02}-01", 7) for number in range(40)]
    found = months(added(*usual, ("2019-01-01", 5000)))

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
        ([("0976-03-01", 1)], "The only record was added in March 976."),
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
    assert charts(added(*additions))["growth"].summary == summary


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
