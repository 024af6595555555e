"""Milestones: which numbers count, and which copy reached them."""

import pytest

from generator.derive.milestones import milestones
from generator.derive.rows import rows
from tests.derive.real import NAMES, real_collection
from tests.derive.recount import milestones_of
from tests.factories import make_collection, make_copy, make_snapshot


def shelf(*dates):
    """The rows of copies added at these moments, numbered from one."""
    copies = [make_copy(number, date_added=sent) for number, sent in enumerate(dates, 1)]
    return rows(make_snapshot(make_collection(*copies)), {}, "https://i.discogs.com")


def reached(found):
    return [(one.number, one.row.instance_id) for one in found]


@pytest.mark.parametrize(
    ("copies", "numbers"),
    [
        (0, []),
        (1, [1]),
        (99, [1]),
        (100, [1, 100]),
        (499, [1, 100]),
        (500, [1, 100, 500]),
        (1497, [1, 100, 500, 1000]),
        (4999, [1, 100, 500, 1000, 2000, 3000, 4000]),
        (14999, [1, 100, 500, 1000, 2000, 3000, 4000, 5000, 10000]),
        (15000, [1, 100, 500, 1000, 2000, 3000, 4000, 5000, 10000, 15000]),
    ],
)
def test_milestones_grow_apart(copies, numbers):
    """The first, the hundredth, five hundred, each thousand, from five thousand every fifth."""
    (row,) = shelf("2026-03-01T10:00:00-08:00")

    assert [one.number for one in milestones((row,) * copies)] == numbers


def test_the_oldest_copy_is_the_first():
    """By instant, whatever the offset and the order of the ids."""
    found = shelf(
        "2020-01-01T10:00:00+09:00", "2020-01-01T00:30:00-01:00", "2020-01-01T01:15:00+00:00"
    )

    assert reached(milestones(found)) == [(1, 1)]


def test_copies_of_one_second_are_counted_by_their_ids():
    """The exact reverse of the list: the smaller id came first."""
    found = shelf(*["2020-01-01T00:00:00Z"] * 120, "2019-01-01T00:00:00Z")

    assert reached(milestones(found)) == [(1, 121), (100, 99)]


@pytest.mark.parametrize("name", NAMES)
def test_real_milestones_are_counted_from_the_oldest(real_data, name):
    """A second count, of the answers alone."""
    real = real_collection(real_data, name)

    assert dict(reached(milestones(real.rows))) == milestones_of(real.items)
