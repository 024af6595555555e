"""The days of the year: what was added on each of them."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from generator.derive.days import days_document
from generator.derive.rows import rows
from tests.derive.real import NAMES, real_collection
from tests.derive.recount import days_of
from tests.factories import make_collection, make_copy, make_snapshot

HEAD = {
    "schema": 1,
    "account": "low-tide",
    "discogs_name": "LowTide",
    "synced_at": "2026-11-22T14:18:42Z",
}


def document(*dates, zone=UTC):
    """The document of copies added at these moments, numbered from one."""
    copies = [make_copy(number, 7, date_added=sent) for number, sent in enumerate(dates, 1)]
    snapshot = make_snapshot(make_collection(*copies))
    return days_document(snapshot, rows(snapshot, {}, "https://i.discogs.com", zone))


def item(instance_id, year):
    return {
        "instance_id": instance_id,
        "release_id": 7,
        "year": year,
        "title": "Low Tide",
        "credit": "Ida Morrow",
    }


def test_a_collection_of_nothing_has_no_days():
    """The head alone."""
    assert document() == HEAD | {"days": {}}


def test_each_year_tells_its_first_copy():
    """All copies are counted; of each year the oldest is told, years ascending, days in order."""
    assert document(
        "2019-11-22T10:00:00Z",
        "2019-11-22T09:00:00Z",
        "2016-11-22T23:59:59Z",
        "2020-02-29T00:00:00Z",
        "2019-11-22T09:00:00Z",
    ) == HEAD | {
        "days": {
            "02-29": {"copies": 1, "items": [item(4, 2020)]},
            "11-22": {"copies": 4, "items": [item(3, 2016), item(2, 2019)]},
        }
    }


def test_the_days_are_in_the_order_of_the_year():
    """Whatever order they came in."""
    found = document("2019-12-01T00:00:00Z", "2020-02-01T00:00:00Z", "2021-10-09T00:00:00Z")

    assert list(found["days"]) == ["02-01", "10-09", "12-01"]


def test_five_years_are_told():
    """The first five; the number counts the others too."""
    found = document(*(f"{year}-11-22T12:00:00Z" for year in range(2012, 2019)))

    assert found["days"] == {
        "11-22": {"copies": 7, "items": [item(number, 2011 + number) for number in range(1, 6)]}
    }


@pytest.mark.parametrize(
    ("zone", "day", "year"),
    [("UTC", "12-31", 2025), ("Europe/Berlin", "01-01", 2026), ("Asia/Kolkata", "01-01", 2026)],
)
def test_a_day_is_one_of_the_site_s_zone(zone, day, year):
    """Half an hour before midnight in UTC it is another year elsewhere."""
    found = document("2025-12-31T15:30:00-08:00", zone=ZoneInfo(zone))

    assert found["days"] == {day: {"copies": 1, "items": [item(1, year)]}}


@pytest.mark.parametrize("zone", ["UTC", "Australia/Sydney"])
@pytest.mark.parametrize("name", NAMES)
def test_real_days_are_the_same_twice(real_data, name, zone):
    """A second count, of the answers alone."""
    real = real_collection(real_data, name, zone=ZoneInfo(zone))

    found = days_document(real.snapshot, real.rows)

    assert found == HEAD | {"days": days_of(real.items, ZoneInfo(zone))}
    assert list(found["days"]) == sorted(found["days"])
