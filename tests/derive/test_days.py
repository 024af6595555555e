"""The days of the year; `test_recount` compares them for whole collections and other zones."""

from generator.derive.additions import days_document
from generator.derive.rows import rows
from tests.factories import make_collection, make_copy, make_snapshot

HEAD = {
    "schema": 1,
    "account": "low-tide",
    "discogs_name": "LowTide",
    "synced_at": "2026-11-22T14:18:42Z",
}


def document(*dates):
    """The document of copies added at these moments, numbered from one."""
    copies = [make_copy(number, 7, date_added=sent) for number, sent in enumerate(dates, 1)]
    snapshot = make_snapshot(make_collection(*copies))
    return days_document(snapshot, rows(snapshot, {}, "https://i.discogs.com"))


def item(instance_id, year):
    return {
        "instance_id": instance_id,
        "release_id": 7,
        "year": year,
        "title": "Low Tide",
        "credit": "Ida Morrow",
        "hue": 4,
    }


def test_an_empty_collection_has_no_days():
    assert document() == HEAD | {"days": {}}


def test_a_day_counts_its_copies_and_shows_the_first_of_each_year():
    found = document(
        "2019-11-22T10:00:00Z",
        "2019-11-22T09:00:00Z",
        "2016-11-22T23:59:59Z",
        "2020-02-29T00:00:00Z",
        "2019-11-22T09:00:00Z",
    )

    assert found == HEAD | {
        "days": {
            "02-29": {"copies": 1, "items": [item(4, 2020)]},
            "11-22": {"copies": 4, "items": [item(3, 2016), item(2, 2019)]},
        }
    }
    assert list(found["days"]) == ["02-29", "11-22"]


def test_a_day_shows_the_first_five_years():
    found = document(*(f"{year}-11-22T12:00:00Z" for year in range(2012, 2019)))

    assert found["days"] == {
        "11-22": {"copies": 7, "items": [item(number, 2011 + number) for number in range(1, 6)]}
    }
