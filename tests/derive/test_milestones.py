"""Milestones: the numbers, and the copies that reached them."""

import pytest

from generator.derive.additions import milestones
from generator.derive.rows import rows
from tests.factories import make_collection, make_copy, make_snapshot


def reached(*dates):
    """The milestones of copies added at these moments, numbered from one."""
    copies = [make_copy(number, date_added=sent) for number, sent in enumerate(dates, 1)]
    shelf = rows(make_snapshot(make_collection(*copies)), {}, "https://i.discogs.com")
    return [(one.number, one.row.instance_id) for one in milestones(shelf)]


THOUSANDS = [1, 100, 500, 1000, 2000, 3000, 4000, 5000, 10000, 15000]


@pytest.mark.parametrize("copies", [0, 1, 99, 100, 499, 500, 1497, 4999, 14999, 15000])
def test_milestones_grow_apart(copies):
    (row,) = rows(make_snapshot(make_collection(make_copy())), {}, "https://i.discogs.com")

    found = [one.number for one in milestones((row,) * copies)]
    assert found == [number for number in THOUSANDS if number <= copies]


def test_the_copy_added_first_is_the_first():
    assert reached(
        "2020-01-01T10:00:00+09:00", "2020-01-01T00:30:00-01:00", "2020-01-01T01:15:00+00:00"
    ) == [(1, 1)]
    assert reached(*["2020-01-01T00:00:00Z"] * 120, "2019-01-01T00:00:00Z") == [(1, 121), (100, 99)]
