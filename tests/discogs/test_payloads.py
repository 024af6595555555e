"""Discogs' JSON as domain values: every shape that was ever seen, and the ones that are refused."""

import json
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.discogs.payloads import clean, parse_folders, parse_identity, parse_page
from generator.domain.account import Identity
from generator.domain.collection import (
    ArtistCredit,
    ArtistId,
    CollectionPage,
    Copy,
    Format,
    InstanceId,
    LabelCredit,
    LabelId,
    MasterId,
    Release,
    ReleaseId,
)
from generator.errors import Unreadable
from tests.discogs.wire import make_item, make_page, without

RELEASE = ReleaseId(5001)
ITEM_1 = "page 1, item 1 (release 5001, instance 2173236001)"
ITEM_2 = "page 1, item 2 (release 5002, instance 2173236002)"


def parsed(**basic):
    """The one release of a page whose basic information was changed."""
    return parse_page(make_page(make_item(basic=basic)), 1).releases[RELEASE]


def problem(payload, parse=lambda payload: parse_page(payload, 1)):
    """The place and the words of a refusal."""
    with pytest.raises(Unreadable) as caught:
        parse(payload)
    assert caught.value.__cause__ is caught.value.__context__ is None
    return str(caught.value)


def test_a_page_becomes_copies_and_releases_and_nothing_else():
    page = parse_page(make_page(make_item(), page=2, pages=3, items=201), 2)

    assert page == CollectionPage(
        page=2,
        pages=3,
        items=201,
        copies=(
            Copy(
                instance_id=InstanceId(2173236001),
                release_id=RELEASE,
                date_added="2024-05-01T09:30:00-07:00",
                rating=4,
                folder_id=1,
            ),
        ),
        releases={
            RELEASE: Release(
                id=RELEASE,
                master_id=MasterId(700),
                title="Blue Train",
                year=1997,
                artists=(ArtistCredit(ArtistId(97545), "John Coltrane", "Coltrane", ""),),
                labels=(LabelCredit(LabelId(281), "Blue Note", "BLP 1577"),),
                formats=(Format("Vinyl", 2, ("LP", "Album"), "180g"),),
                genres=("Jazz",),
                styles=("Hard Bop",),
                thumb="https://i.discogs.com/small.jpeg",
                cover="https://i.discogs.com/large.jpeg",
            )
        },
    )


def test_the_least_a_copy_needs_is_its_ids_its_date_and_a_title():
    item = without(make_item(basic_information={"title": "Untitled"}), "folder_id", "rating")
    page = parse_page(make_page(item), 1)

    assert (page.copies[0].folder_id, page.copies[0].rating) == (0, 0)
    assert page.releases[RELEASE] == Release(
        id=RELEASE,
        master_id=None,
        title="Untitled",
        year=None,
        artists=(),
        labels=(),
        formats=(),
        genres=(),
        styles=(),
        thumb=None,
        cover=None,
    )


NOTHING: list[object] = [None, [], {}, "", [None]]
"""Discogs' forms of an empty list."""
NO_OBJECTS: list[object] = [None, 5, "a secret note", [], True]
YEARS: list[tuple[object, int | None]] = [
    *((0, None), (None, None), ("1978", 1978), ("0", None), ("c. 1978", None)),
    *((19, 19), (1978.0, 1978), (1978.5, None), (True, None), ({}, None), (-1, None)),
    *((3000, 3000), ("9" * 19, None)),
]
MEGO, MEGO_2 = {"id": 0, "name": "Mego", "catno": "2"}, {"id": 3, "name": "Mego (2)", "catno": "1"}


@pytest.mark.parametrize(
    ("name", "sent", "expected"),
    [
        *(
            (name, sent, ())
            for name in ("artists", "labels", "formats", "genres", "styles")
            for sent in NOTHING
        ),
        *(
            (name, sent, None)
            for name in ("thumb", "cover_image")
            for sent in (
                *("", None, 5, "https://st.discogs.com/0a1b/images/spacer.gif"),
                "https://img.discogs.com/0a1b/images/spacer.gif?x",
            )
        ),
        # Only a positive whole number of at most 64 bits names a master.
        *(
            ("master_id", sent, expected)
            for sent, expected in [
                *((0, None), (None, None), ("", None), (-3, None), (True, None), ([1], None)),
                *((2**63, None), (2**63 - 1, 2**63 - 1), (17, 17)),
            ]
        ),
        # Implausible years are facts too.
        *(
            ("year", sent, expected)
            for sent, expected in YEARS
        ),
        # Quantities arrive as text.
        *(
            ("formats", [{"name": "CD", "qty": sent}], (Format("CD", expected, (), ""),))
            for sent, expected in [
                *(("2", 2), ("28", 28), ("", 1), ("0", 1), ("two", 1), (None, 1), (3, 3)),
                *((True, 1), ("-1", 1)),
            ]
        ),
        # The list of carriers is open; descriptions may be absent or null.
        (
            "formats",
            [
                {"name": "Edison Diamond Disc", "qty": "1", "descriptions": None},
                {"name": "All Media", "text": " blue\n", "descriptions": ["", None, "L"]},
                {"name": "", "qty": "1"},
            ],
            (Format("Edison Diamond Disc", 1, (), ""), Format("All Media", 1, ("L",), "blue")),
        ),
        # Discogs' way to say that there is no number.
        *(
            ("labels", [{"name": "Kay's", "catno": sent}], (LabelCredit(None, "Kay's", None),))
            for sent in ("none", "None", "NONE", "", " ", None, 7)
        ),
        # A label occurs once for each of its numbers.
        (
            "labels",
            [MEGO_2, MEGO_2, MEGO, {"id": 4, "name": ""}],
            (
                *[LabelCredit(LabelId(3), "Mego (2)", "1")] * 2,
                LabelCredit(None, "Mego", "2"),
            ),
        ),
        # Names keep their number and their asterisk.
        (
            "artists",
            [
                {"id": 1, "name": "Nirvana (2)", "anv": "Nirvana", "join": " & "},
                {"id": 0, "name": "Frost*", "anv": None, "join": ","},
                {"name": "Various"},
                {"id": 9, "name": ""},
            ],
            (
                ArtistCredit(ArtistId(1), "Nirvana (2)", "Nirvana", "&"),
                ArtistCredit(None, "Frost*", "", ","),
                ArtistCredit(None, "Various", "", ""),
            ),
        ),
    ],
)  # fmt: skip
def test_a_fact_is_kept_as_sent_or_unknown(name, sent, expected):
    field = {"cover_image": "cover"}.get(name, name)

    assert getattr(parsed(**{name: sent}), field) == expected


@pytest.mark.parametrize(
    ("name", "sent", "expected"),
    [
        *(
            ("rating", sent, expected)
            for sent, expected in [
                *((0, 0), (5, 5), (6, 0), (-1, 0), (None, 0), (True, 0), ("good", 0)),
            ]
        ),
        *(
            ("date_added", sent, sent)
            for sent in (
                *("2013-11-03T01:30:00-08:00", "2013-11-03T01:30:00Z"),
                "2013-11-03 01:30:00+05:30",
            )
        ),
    ],
)
def test_a_copy_keeps_its_date_and_a_rating_from_1_to_5(name, sent, expected):
    page = parse_page(make_page(make_item(**{name: sent})), 1)

    assert getattr(page.copies[0], name) == expected


@pytest.mark.parametrize("urls", [{}, [], None, {"next": "https://elsewhere.example"}])
def test_links_to_other_pages_are_ignored(urls):
    assert parse_page(make_page(urls=urls), 1) == CollectionPage(1, 1, 0, (), {})


def test_of_a_release_with_several_copies_the_last_metadata_counts():
    items = [
        make_item(1, id=5001, basic={"title": "Old"}),
        make_item(2, id=5001, basic={"id": 5001, "title": "New"}),
    ]
    page = parse_page(make_page(*items), 1)

    assert [copy.instance_id for copy in page.copies] == [2173236001, 2173236002]
    assert [release.title for release in page.releases.values()] == ["New"]


OUT_OF_RANGE = "is not a whole number in its range"
NO_INSTANT = "date_added is not a date and time with an offset from UTC"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (make_item(2, instance_id=None), "page 1, item 2 (release 5002): instance_id is missing"),
        (make_item(2, id=None), "page 1, item 2 (instance 2173236002): id is missing"),
        *(
            (make_item(2, instance_id=value),
             f"page 1, item 2 (release 5002{ids}): instance_id {OUT_OF_RANGE}")
            for value, ids in [
                *((0, ", instance 0"), (-1, ", instance -1"), (2**63, f", instance {2**63}")),
                *((True, ""), ("12", ""), (1.0, ""), ([], "")),
            ]
        ),
        (make_item(2, id="12"), f"page 1, item 2 (instance 2173236002): id {OUT_OF_RANGE}"),
        (without(make_item(2), "id", "instance_id"), "page 1, item 2: instance_id is missing"),
        *(
            (without(make_item(2), name), f"{ITEM_2}: {name} is missing")
            for name in ("date_added", "basic_information")
        ),
        *(
            (make_item(2, date_added=value), f"{ITEM_2}: {NO_INSTANT}")
            for value in (
                *("", "yesterday", "2024-05-01T09:30:00", "2024-05-01"),
                *("2024-13-01T00:00:00-07:00", "0001-01-01T00:00:00+14:00"),
            )
        ),
        (make_item(2, date_added=20240501), f"{ITEM_2}: date_added is not text"),
        *(
            (value, "page 1, item 2: the entry is not an object")
            for value in NO_OBJECTS
        ),
        (make_item(2, basic_information={"id": 5002}),
         f"{ITEM_2}: basic_information.title is missing"),
        (make_item(2, basic={"title": None}), f"{ITEM_2}: basic_information.title is missing"),
        (make_item(2, basic={"artists": [{"name": "A"}, 3]}),
         f"{ITEM_2}: basic_information.artists[1] is not an object"),
        (make_item(2, basic={"id": 4}), f"{ITEM_2}: has two different release ids"),
    ],
)  # fmt: skip
def test_a_malformed_item_is_named_by_its_place_and_its_ids(item, expected):
    assert problem(make_page(make_item(1), item)) == expected


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({}, "pagination is missing"),
        ({"pagination": None, "releases": []}, "pagination is missing"),
        ({"pagination": [], "releases": []}, "pagination is not an object"),
        (without(make_page(), "releases"), "releases is missing"),
        (make_page() | {"releases": {}}, "releases is not a list"),
        (make_page(items=None), "pagination.items is missing"),
        (make_page(items="3"), f"pagination.items {OUT_OF_RANGE}"),
        (make_page(pages=-1), f"pagination.pages {OUT_OF_RANGE}"),
        (make_page(page=True), f"pagination.page {OUT_OF_RANGE}"),
        ({"pagination": {"page": 1, "items": 0}, "releases": []}, "pagination.pages is missing"),
        ([], "the entry is not an object"),
        (make_page(items=500_001), f"pagination.items {OUT_OF_RANGE}"),
    ],
)
def test_a_page_must_say_where_it_belongs(payload, expected):
    assert problem(payload, lambda payload: parse_page(payload, 7)) == f"page 7: {expected}"


@pytest.mark.parametrize(
    ("pagination", "what"),
    [
        ({"pages": 2_000_000_000}, "has 0 items on 2,000,000,000 pages of 100"),
        ({"pages": 3, "items": 101}, "has 101 items on 3 pages of 100"),
        ({"pages": 3, "items": 101, "per_page": 51}, "has 101 items on 3 pages of 51"),
    ],
)
def test_there_are_no_more_pages_than_the_items_need(pagination, what):
    assert problem(make_page(**pagination)) == f"page 1: {what}"


@pytest.mark.parametrize("pagination", [{"pages": 0}, {}, {"pages": 2, "items": 101}])
def test_an_empty_collection_has_one_page_or_none(pagination):
    page = parse_page(make_page(**pagination), 1)

    assert (page.pages, page.items) == (pagination.get("pages", 1), pagination.get("items", 0))


def test_endless_nesting_is_refused():
    bomb: list[object] = []
    for _ in range(5000):
        bomb = [bomb]

    assert problem(make_page(make_item(junk=bomb))) == "page 1: is nested too deeply"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Blue Train ", "Blue Train"),
        ("Blue\x00 \x1b[31mTrain\x86", "Blue [31mTrain"),
        ("line\r\nbreak\t", "line break"),
        ("one\t\ttwo\x0b\x0cthree\x1c\x1ffour\x85five", "one two three four five"),
        ("\ud83d alone", "\ufffd alone"),
        ("\U0001f3b7 Coltrane", "\U0001f3b7 Coltrane"),
        ("a\u2028b\u200bc", "a\u2028b\u200bc"),
        ("\x00", ""),
        ("Björk", "Björk"),
    ],
)
def test_texts_are_normalised_at_any_depth(text, expected):
    assert clean({"a": [{"b": text}], "n": 5, "t": True, "z": None}) == {
        "a": [{"b": expected}],
        "n": 5,
        "t": True,
        "z": None,
    }


def test_a_pair_of_surrogates_is_one_character():
    text = json.dumps(make_page(make_item(basic={"title": "TITLE"})))
    payload = json.loads(text.replace("TITLE", r" \ud83c\udfb7 and \udfb7 \u0007"))

    assert parse_page(payload, 1).releases[RELEASE].title == "\U0001f3b7 and \ufffd"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
BASIC = tuple(make_item()["basic_information"])


@settings(
    database=None, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    st.dictionaries(st.sampled_from(BASIC), JUNK),
    st.dictionaries(
        st.sampled_from(["rating", "folder_id", "notes", "instance_id", "date_added"]), JUNK
    ),
)
def test_any_item_is_read_or_refused(basic, changes):
    with suppress(Unreadable):
        parse_page(make_page(make_item(basic=basic, **changes)), 1)


def test_of_a_user_only_id_and_name_are_kept():
    payload = {"id": 9, "username": "_.demo", "email": "me@example.org", "num_collection": 5}

    assert parse_identity(payload) == Identity(9, "_.demo")


def test_of_folders_only_the_ids_are_kept():
    payload = {"folders": [{"id": 0, "name": "All", "count": 3}, {"id": 4711, "name": "Kay's"}]}

    assert list(parse_folders(payload)) == [0, 4711]


@pytest.mark.parametrize(
    ("parse", "payload", "expected"),
    [
        (parse_identity, {"username": "demo"}, "identity: id is missing"),
        (parse_identity, {"id": 5}, "identity: username is missing"),
        (parse_identity, {"id": 5, "username": " "}, "identity: username is empty"),
        (parse_identity, {"id": 5, "username": 5}, "identity: username is not text"),
        (parse_folders, {"folders": None}, "folders: folders is missing"),
        (parse_folders, {"folders": [{"id": "0"}]}, f"folders: folders[0].id {OUT_OF_RANGE}"),
    ],
)
def test_half_a_user_and_half_a_folder_are_refused(parse, payload, expected):
    assert problem(payload, parse) == expected


@pytest.mark.parametrize(
    ("file", "count"),
    [
        ("collections/cc0-2554.json", 2554),
        ("collections/real-155.json", 155),
        ("collections/real-31.json", 31),
        ("collections/real-33.json", 33),
        ("collections/real-50.json", 50),
        ("collections/real-500.json", 500),
        ("collections/real-page-2-of-3.json", 50),
        ("history/2022-12-05_n262.json", 262),
        ("history/2023-11-18_n316.json", 316),
        ("history/2024-01-01_n331.json", 331),
    ],
)
def test_a_real_collection_arrives_whole(real_data, file, count):
    raw = json.loads((real_data / file).read_text("utf-8"))
    items = raw if isinstance(raw, list) else raw["releases"]
    page = parse_page(make_page(*items), 1)

    assert len(page.copies) == count
    assert [(c.instance_id, c.release_id, c.date_added, c.folder_id) for c in page.copies] == [
        (item["instance_id"], item["id"], item["date_added"], item.get("folder_id", 0))
        for item in items
    ]
    assert all(datetime.fromisoformat(copy.date_added).utcoffset() for copy in page.copies)
    last = {item["id"]: item["basic_information"] for item in items}
    assert set(page.releases) == set(last)
    for number, sent in last.items():
        release = page.releases[number]
        assert release.title == sent["title"].strip()
        assert (release.year or 0, release.master_id or 0) == (sent["year"], sent["master_id"])
        assert [(a.id or 0, a.name, a.printed, a.join) for a in release.artists] == [
            (a["id"], a["name"].strip(), a["anv"].strip(), a["join"].strip())
            for a in sent["artists"]
        ]
        assert [(x.name, x.catalog_number or "none") for x in release.labels] == [
            (x["name"].strip(), x["catno"].strip() or "none") for x in sent["labels"]
        ]
        assert [(f.name, str(f.quantity), list(f.descriptions)) for f in release.formats] == [
            (f["name"], f["qty"], f.get("descriptions") or []) for f in sent["formats"]
        ]
        assert list(release.genres) == sent.get("genres", [])
        assert list(release.styles) == sent.get("styles", [])


def test_the_oldest_real_shape_is_refused(real_data):
    raw = json.loads((real_data / "collections/real-oldest-shape-50.json").read_text("utf-8"))

    assert problem(raw).endswith(": date_added is missing")


def test_a_recorded_page_identity_and_profile_are_read(real_data):
    folder = real_data / "endpoints/real-responses"
    page, identity, profile = (
        json.loads(path.read_text("utf-8"))
        for path in (
            real_data / "collections/real-page-2-of-3.json",
            folder / "oauth_identity.json",
            folder / "users__.bartholomews.json",
        )
    )

    found = parse_page(page, 2)
    assert (found.page, found.pages, found.items) == (2, 3, 124)
    assert parse_identity(identity) == Identity(identity["id"], identity["username"])
    assert parse_identity(profile) == Identity(profile["id"], profile["username"])
