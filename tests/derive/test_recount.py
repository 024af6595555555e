"""Every number and every order, counted a second time by `recount` from Discogs' JSON alone."""

import json
from collections import Counter
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.demo.sample import sample_collection
from generator.derive.additions import days_document, milestones
from generator.derive.charts import charts
from generator.derive.duplicates import duplicates
from generator.derive.exports import head, releases_json, stats_document
from generator.derive.rows import rows
from generator.derive.stats import stats
from generator.discogs.payloads import parse_page
from generator.domain.collection import Collection, Override, Overrides
from tests.derive.recount import (
    NOTHING_SAID,
    albums_of_several,
    days_of,
    duplicates_of,
    items_of,
    milestones_of,
    numbers_of,
)
from tests.discogs.wire import make_page
from tests.factories import make_master, make_snapshot

LAST_YEAR = 2027
"""The year after the one in which tests take place."""
HEAD = {
    "schema": 1,
    "account": "low-tide",
    "discogs_name": "LowTide",
    "synced_at": "2026-11-22T14:18:42Z",
}
ZONES = ["UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kolkata"]


def assert_counted_twice(copies, masters, zone=UTC, said=NOTHING_SAID):
    """Both counts of a collection agree, whole and in order."""
    page = parse_page(make_page(*copies), 1)
    snapshot = make_snapshot(Collection(page.copies, page.releases))
    known = {number: make_master(number, **facts) for number, facts in masters.items()}
    overrides = Overrides(
        *({number: Override(**facts) for number, facts in said[kind].items()} for kind in said)
    )
    found = rows(snapshot, known, "https://i.discogs.com", zone, overrides)
    items = items_of(copies, masters, LAST_YEAR, said)
    expected = numbers_of(copies, items, zone)

    exported = json.loads("".join(releases_json(head(snapshot), found)))
    assert exported == HEAD | {"copies": len(copies), "items": items}
    assert stats_document(snapshot, stats(found), duplicates(found), None) == HEAD | expected
    days = days_document(snapshot, found)
    for day in days["days"].values():
        day["items"] = [without_looks(item) for item in day["items"]]
    assert days == HEAD | {"days": days_of(items, zone)}
    assert list(days["days"]) == sorted(days["days"])
    reached = {one.number: one.row.instance_id for one in milestones(found)}
    assert reached == milestones_of(items)
    assert_same_duplicates(duplicates(found), items)
    assert_same_charts(charts(stats(found)), expected)


def assert_same_duplicates(found, items):
    several = albums_of_several(items)
    of_release = Counter(item["release_id"] for item in items)

    assert {"releases": found.releases, "albums": found.albums} == duplicates_of(items)
    assert found.release_copies == sum(copies for copies in of_release.values() if copies > 1)
    assert found.album_copies == sum(
        len(copies) for copies in several if len({item["release_id"] for item in copies}) > 1
    )
    assert found.more == max(0, len(several) - 50)
    assert [
        (album.title, album.credit, album.copies, album.more, [r.instance_id for r in album.rows])
        for album in found.entries
    ] == [
        (
            copies[0]["title"],
            copies[0]["credit"],
            len(copies),
            max(0, len(copies) - 12),
            [item["instance_id"] for item in copies[:12]],
        )
        for copies in several[:50]
    ]


def assert_same_charts(found, expected):
    cells = {name: [(p.label, p.copies) for p in chart.points] for name, chart in found.items()}
    assert cells == {
        "genres": top_seven(expected["by_genre"]),
        "formats": top_seven(expected["by_format"]),
        "artists": [(who["name"], who["copies"]) for who in expected["top_artists"]],
        "years": [(str(entry["year"]), entry["copies"]) for entry in expected["by_year"]],
        "growth": [(entry["month"], entry["total"]) for entry in expected["by_month_added"]],
        "decades": [(entry["name"], entry["copies"]) for entry in expected["by_decade"]],
    }
    columns = [series.label for series in found["decades"].series]
    assert columns == [label for label, _ in top_seven(expected["by_format"])]
    assert [[part.copies for part in point.parts] for point in found["decades"].points] == [
        cells_of(entry["formats"], columns) for entry in expected["by_decade_format"]
    ]
    if expected["copies"]:
        shares = [
            sum(p.percent or 0 for p in found[name].points) for name in ("formats", "decades")
        ]
        assert shares == [100, 100]


def top_seven(entries):
    """The points of a complete list: all up to eight, else seven and the rest."""
    kept = entries if len(entries) < 9 else entries[:7]
    rest = sum(entry["copies"] for entry in entries[len(kept) :])
    return [(entry["name"], entry["copies"]) for entry in kept] + [("Other", rest)] * bool(rest)


def cells_of(formats, columns):
    """A decade's numbers in the order of the columns, the rest below "Other"."""
    copies = {entry["name"]: entry["copies"] for entry in formats}
    rest = sum(number for name, number in copies.items() if name not in columns)
    return [rest if name == "Other" else copies.get(name, 0) for name in columns]


def some_masters(copies):
    """Invented master data for two of three albums, some of it empty or impossible."""
    ids = sorted({copy["basic_information"]["master_id"] for copy in copies} - {0, None})
    return {
        number: {
            "year": (None, 1971, 1876, 2027, 2028, 1955)[place % 6],
            "genres": ([], ["Jazz"], ["Rock", "Folk, World, & Country"])[place % 3],
            "styles": ([], [], ["Modal", "Dub"])[place % 3],
        }
        for place, number in enumerate(ids)
        if place % 3
    }


def some_overrides(copies):
    """Invented corrections of every third master and every fourth release, some impossible."""
    infos = [copy["basic_information"] for copy in copies]
    facts = (
        {"year": 1958, "genres": ["Jazz", "Blues"]},
        {"year": 2999, "styles": []},
        {"title": "Right Title", "credit": "The Right Credit"},
        {"genres": [], "year": 1977, "title": "Another"},
    )
    masters, releases = ({one[key] for one in infos} - {0, None} for key in ("master_id", "id"))
    return {
        "master": {number: facts[number % 4] for number in masters if number % 3 == 0},
        "release": {number: facts[number % 3] for number in releases if number % 4 == 0},
    }


def test_an_empty_collection_counts_the_same_twice():
    assert_counted_twice([], {})


@pytest.mark.parametrize("zone", ZONES[:3])
@pytest.mark.parametrize("is_enriched", [False, True])
def test_the_sample_collection_counts_the_same_twice(is_enriched, zone):
    copies = sample_collection().copies
    masters = some_masters(copies) if is_enriched else {}

    assert_counted_twice(copies, masters, ZoneInfo(zone))
    assert_counted_twice(copies, masters, ZoneInfo(zone), some_overrides(copies))


@pytest.mark.parametrize("name", ["cc0-2554", "real-500", "real-155"])
def test_real_collections_count_the_same_twice(real_data, name):
    payload = json.loads((real_data / "collections" / f"{name}.json").read_text("utf-8"))
    copies = payload["releases"] if isinstance(payload, dict) else payload

    assert_counted_twice(copies, some_masters(copies))
    assert_counted_twice(copies, {}, ZoneInfo("Australia/Sydney"))


@pytest.mark.parametrize(
    "days",
    [["1976-12-01", "2026-11-01"], ["1976-11-30", "2026-11-01"], ["0976-11-01", "2026-11-01"]],
)
def test_months_of_fifty_years_and_more_count_the_same_twice(days):
    copies = [
        copy | {"date_added": f"{day}T12:00:00Z"}
        for day, copy in zip(days, sample_collection().copies, strict=False)
    ]

    assert_counted_twice(copies, {})


@pytest.mark.parametrize("copies", [99, 100, 499, 500, 4999, 14999, 15000])
def test_milestones_grow_apart(copies):
    (row,) = rows(make_snapshot(), {}, "https://i.discogs.com")

    found = [one.number for one in milestones((row,) * copies)]
    assert found == [
        number
        for number in (1, 100, 500, 1000, 2000, 3000, 4000, 5000, 10000, 15000)
        if number <= copies
    ]


def many(values, most=3):
    return st.lists(values, max_size=most)


YEARS = st.sampled_from([0, 19, 1876, 1877, 1899, 1959, 1969, 1970, 2026, 2027, 2028, 3000])
ARTISTS = [
    *({"id": 7, "name": name} for name in ("Duo (2)", "Duo (2)", "Zeta")),
    *({"id": number, "name": "Duo (3)"} for number in (8, 9)),
    *({"id": 0, "name": name} for name in ("Björk", "BJORK", "Solo", "Solo (2)", "The The")),
    *({"id": number, "name": "Various"} for number in (194, 77, 0)),
    *({"id": number, "name": "No Artist"} for number in (118760, 0)),
    *({"id": 0, "name": name} for name in ("Unknown Artist (2)", "10cc", "2Pac", "9", "10")),
]
BASIC = st.fixed_dictionaries(
    {
        "master_id": st.integers(0, 4),
        "title": st.sampled_from(["Low Tide", "low tide", "The Z", "Y 10", "Y 9", "Öl", " A B "]),
        "year": YEARS,
        "artists": many(
            st.builds(
                lambda artist, anv, join: artist | {"anv": anv, "join": join},
                st.sampled_from(ARTISTS),
                st.sampled_from(["", "", "D. (2)*"]),
                st.sampled_from(["", ",", "&", " Featuring ", ";"]),
            )
        ),
        "labels": many(
            st.sampled_from(
                [
                    {"id": 3, "name": "Mego (2)", "catno": "001"},
                    {"id": 0, "name": "Mego", "catno": "none"},
                ]
            )
        ),
        "formats": many(
            st.builds(
                lambda name, qty, text: {"name": name, "qty": qty, "text": text},
                st.sampled_from(["All Media", "Vinyl", "CD", "Box Set", *"ABCDEFG"]),
                st.sampled_from(["1", "2", "10"]),
                st.sampled_from(["", "180 g"]),
            ),
            2,
        ),
        "genres": many(
            st.sampled_from(["Rock", "Électro", "disco", "Type 10", "Type 9", *"ABCDE"])
        ),
        "styles": many(st.sampled_from(["Dub", "Dub", "Modal"])),
        "thumb": st.sampled_from(["", "https://i.discogs.com/t", "https://evil.example/t"]),
        "cover_image": st.sampled_from(["", "https://s.discogs.com/images/spacer.gif"]),
    }
)
DATES = st.sampled_from(
    [
        *("2019-12-31T23:30:00-08:00", "2020-01-01T07:30:00+00:00", "2020-02-29T00:00:00Z"),
        *("2021-02-28T16:00:00-08:00", "2026-11-22T06:18:42-08:00", "2018-02-28T10:00:00-08:00"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    releases=st.lists(BASIC, min_size=1, max_size=8),
    owned=st.lists(st.tuples(st.integers(0, 7), DATES, st.integers(0, 5)), max_size=30),
    is_enriched=st.booleans(),
    is_corrected=st.booleans(),
    zone=st.sampled_from(ZONES),
)
def test_any_collection_counts_the_same_twice(releases, owned, is_enriched, is_corrected, zone):
    copies = [
        {
            "id": 1 + place % len(releases),
            "instance_id": 2**31 - 5 + number,
            "date_added": date,
            "rating": rating,
            "basic_information": releases[place % len(releases)],
        }
        for number, (place, date, rating) in enumerate(owned)
    ]
    for copy in copies:
        copy["basic_information"] = copy["basic_information"] | {"id": copy["id"]}

    masters = some_masters(copies) if is_enriched else {}
    said = some_overrides(copies) if is_corrected else NOTHING_SAID
    assert_counted_twice(copies, masters, ZoneInfo(zone), said)


def without_looks(item):
    """An item of days.json without what only its sleeve needs."""
    return {name: value for name, value in item.items() if name not in ("hue", "thumb")}
