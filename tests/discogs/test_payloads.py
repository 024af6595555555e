"""Discogs' payloads as domain values: every shape that was ever seen, and what is refused."""

import json
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.discogs.payloads import (
    clean,
    parse_folder_ids,
    parse_identity,
    parse_master,
    parse_page,
)
from generator.domain.account import Identity
from generator.domain.collection import CollectionPage, Copy, InstanceId
from generator.domain.release import (
    ArtistCredit,
    ArtistId,
    Format,
    LabelCredit,
    LabelId,
    Master,
    MasterId,
    Release,
    ReleaseId,
)
from generator.errors import Unreadable
from tests.discogs.wire import make_item, make_page, without

RELEASE = ReleaseId(5001)


def parsed(**basic):
    """The one release of a page whose basic information was changed."""
    return parse_page(make_page(make_item(basic=basic)), "demo", 1).releases[RELEASE]


def problem(payload, page=1):
    """The words a payload is refused with."""
    with pytest.raises(Unreadable) as caught:
        parse_page(payload, "demo", page)
    assert caught.value.where == "demo"
    assert caught.value.__cause__ is caught.value.__context__ is None
    return caught.value.what


def test_a_page_becomes_copies_and_releases():
    """Everything kept of a page, and nothing else."""
    page = parse_page(make_page(make_item(), page=2, pages=3, items=201), "demo", 2)

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


def test_notes_are_dropped():
    """Nothing of a note is left in what a page becomes."""
    assert "fair" not in repr(parse_page(make_page(make_item()), "demo", 1))


@pytest.mark.parametrize("name", ["artists", "labels", "formats", "genres", "styles"])
@pytest.mark.parametrize("value", [None, [], {}, "", [None]])
def test_a_list_without_entries_is_empty(name, value):
    """Null, an empty list and an empty object all say that there is nothing."""
    assert getattr(parsed(**{name: value}), name) == ()


def test_the_least_a_release_needs_is_a_title():
    """Every other field may be absent."""
    item = make_item(basic_information={"title": "Untitled"})

    assert parse_page(make_page(item), "demo", 1).releases[RELEASE] == Release(
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


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        5,
        "https://st.discogs.com/0a1b/images/spacer.gif",
        "https://img.discogs.com/0a1b/images/spacer.gif",
    ],
)
def test_no_image_is_none(value):
    """All of Discogs' ways to say that there is no picture."""
    release = parsed(thumb=value, cover_image=value)

    assert (release.thumb, release.cover) == (None, None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, None),
        (None, None),
        ("", None),
        (-3, None),
        (True, None),
        ([1], None),
        (2**63, None),
        (2**63 - 1, 2**63 - 1),
        (17, 17),
    ],
)
def test_a_release_may_have_no_master(value, expected):
    """Only a positive whole number of at most 64 bits names a master."""
    assert parsed(master_id=value).master_id == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, None),
        (None, None),
        ("1978", 1978),
        ("0", None),
        ("c. 1978", None),
        (19, 19),
        (1978.0, 1978),
        (1978.5, None),
        (True, None),
        ({}, None),
        (-1, None),
        (3000, 3000),
    ],
)
def test_a_year_is_kept_as_sent_or_unknown(value, expected):
    """Implausible years are facts, too; what is no number is unknown."""
    assert parsed(year=value).year == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2", 2), ("28", 28), ("", 1), ("0", 1), ("two", 1), (None, 1), (3, 3), (True, 1), ("-1", 1)],
)
def test_a_quantity_is_at_least_one(value, expected):
    """Discogs sends quantities as text."""
    assert parsed(formats=[{"name": "CD", "qty": value}]).formats == (
        Format("CD", expected, (), ""),
    )


@pytest.mark.parametrize("value", ["none", "None", "NONE", "", " ", None, 7])
def test_a_label_may_give_no_catalog_number(value):
    """The word "none" is Discogs' way to say so."""
    assert parsed(labels=[{"name": "Kay's", "catno": value}]).labels == (
        LabelCredit(None, "Kay's", None),
    )


def test_repeated_labels_are_kept():
    """A label may stand there for several numbers, and twice for the same."""
    labels = [
        {"id": 3, "name": "Mego (2)", "catno": "001"},
        {"id": 3, "name": "Mego (2)", "catno": "001"},
        {"id": 0, "name": "Mego", "catno": "002"},
    ]

    assert parsed(labels=labels).labels == (
        LabelCredit(LabelId(3), "Mego (2)", "001"),
        LabelCredit(LabelId(3), "Mego (2)", "001"),
        LabelCredit(None, "Mego", "002"),
    )


def test_artists_keep_their_joins():
    """Ids of 0 and absent ids are none; names keep their number and their star."""
    artists = [
        {"id": 1, "name": "Nirvana (2)", "anv": "Nirvana", "join": " & "},
        {"id": 0, "name": "Frost*", "anv": None, "join": ","},
        {"name": "Various"},
        {"id": 9, "name": ""},
    ]

    assert parsed(artists=artists).artists == (
        ArtistCredit(ArtistId(1), "Nirvana (2)", "Nirvana", "&"),
        ArtistCredit(None, "Frost*", "", ","),
        ArtistCredit(None, "Various", "", ""),
    )


def test_unknown_formats_are_kept():
    """The list of carriers is open, and descriptions may be absent or null."""
    formats = [
        {"name": "Edison Diamond Disc", "qty": "1", "descriptions": None},
        {"name": "All Media", "qty": "1", "text": " blue\n", "descriptions": ["", None, "Ltd"]},
    ]

    assert parsed(formats=formats).formats == (
        Format("Edison Diamond Disc", 1, (), ""),
        Format("All Media", 1, ("Ltd",), "blue"),
    )


@pytest.mark.parametrize(
    ("value", "expected"), [(0, 0), (5, 5), (6, 0), (-1, 0), (None, 0), (True, 0), ("good", 0)]
)
def test_a_rating_out_of_range_is_no_rating(value, expected):
    """0 is Discogs' own word for not rated."""
    page = parse_page(make_page(make_item(rating=value)), "demo", 1)

    assert page.copies[0].rating == expected


def test_old_answers_have_neither_folder_nor_rating():
    """Both are 0 then."""
    copy = parse_page(make_page(without(make_item(), "folder_id", "rating")), "demo", 1).copies[0]

    assert (copy.folder_id, copy.rating) == (0, 0)


@pytest.mark.parametrize("urls", [{}, [], None, {"next": "https://elsewhere.example"}])
def test_links_to_other_pages_are_ignored(urls):
    """Whatever shape they have; addresses are never taken from an answer."""
    assert parse_page(make_page(urls=urls), "demo", 1) == CollectionPage(1, 1, 0, (), {})


def test_a_second_copy_is_kept():
    """Copies are told apart by instance; of a release's metadata the last counts."""
    items = [
        make_item(1, id=5001, basic={"title": "Old"}),
        make_item(2, id=5001, basic={"id": 5001, "title": "New"}),
    ]
    page = parse_page(make_page(*items), "demo", 1)

    assert [copy.instance_id for copy in page.copies] == [2173236001, 2173236002]
    assert [release.title for release in page.releases.values()] == ["New"]


@pytest.mark.parametrize(
    "value",
    [None, 0, -1, True, "12", 1.0, 2**63, []],
)
@pytest.mark.parametrize("name", ["instance_id", "id"])
def test_an_item_needs_its_ids(name, value):
    """Ids are whole numbers from 1 to 2^63 − 1, and nothing else is read as one."""
    told = problem(make_page(make_item(1), make_item(2, **{name: value})))

    complaint = "is missing" if value is None else "is not a whole number in its range"
    assert told == f"page 1, item 2: {name} {complaint}"


@pytest.mark.parametrize("name", ["instance_id", "id", "date_added", "basic_information"])
def test_what_identifies_a_copy_must_be_there(name):
    """The page and the position are named, counted from 1."""
    payload = make_page(make_item(1), without(make_item(2), name), page=7, pages=9)

    assert problem(payload, page=7) == f"page 7, item 2: {name} is missing"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2024-05-01T09:30:00",
        "2024-05-01",
        20240501,
        "2024-13-01T00:00:00-07:00",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_date_names_one_instant(value):
    """Without an offset nobody could say when it was."""
    words = "text" if value == 20240501 else "a date and time with an offset from UTC"

    assert problem(make_page(make_item(date_added=value))) == (
        f"page 1, item 1: date_added is not {words}"
    )


@pytest.mark.parametrize(
    "value", ["2013-11-03T01:30:00-08:00", "2013-11-03T01:30:00Z", "2013-11-03 01:30:00+05:30"]
)
def test_a_date_is_kept_as_sent(value):
    """It is read where it is needed."""
    page = parse_page(make_page(make_item(date_added=value)), "demo", 1)

    assert page.copies[0].date_added == value


@pytest.mark.parametrize("value", [None, 5, "a secret note", [], True])
def test_an_item_must_be_an_object(value):
    """And what it is instead is not quoted."""
    assert problem(make_page(make_item(1), value)) == "page 1, item 2: the entry is not an object"


def test_a_title_must_be_there():
    """Null is as good as absent."""
    absent = make_item(basic_information={"id": 5001})

    expected = "page 1, item 1: basic_information.title is missing"
    assert problem(make_page(absent)) == expected
    assert problem(make_page(make_item(basic={"title": None}))) == expected


def test_an_entry_of_a_list_must_be_an_object():
    """Its place in the item is named."""
    assert problem(make_page(make_item(basic={"artists": [{"name": "A"}, 3]}))) == (
        "page 1, item 1: basic_information.artists[1] is not an object"
    )


def test_two_release_ids_must_agree():
    """Nobody could say which one is meant."""
    assert problem(make_page(make_item(basic={"id": 4}))) == (
        "page 1, item 1: its two release ids differ"
    )


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({}, "pagination is missing"),
        ({"releases": []}, "pagination is missing"),
        ({"pagination": None, "releases": []}, "pagination is missing"),
        ({"pagination": [], "releases": []}, "pagination is not an object"),
        (without(make_page(), "releases"), "releases is missing"),
        (make_page() | {"releases": {}}, "releases is not a list"),
        (make_page(items=None), "pagination.items is missing"),
        (make_page(items="3"), "pagination.items is not a whole number in its range"),
        (make_page(pages=-1), "pagination.pages is not a whole number in its range"),
        (make_page(page=True), "pagination.page is not a whole number in its range"),
        ({"pagination": {"page": 1, "items": 0}, "releases": []}, "pagination.pages is missing"),
        ([], "the entry is not an object"),
    ],
)
def test_a_page_says_where_it_belongs(payload, expected):
    """Without that a reading could not be proven complete."""
    assert problem(payload) == f"page 1: {expected}"


def test_nesting_without_end_is_refused():
    """A bomb of brackets is no crash."""
    bomb: list[object] = []
    for _ in range(5000):
        bomb = [bomb]

    assert problem(make_page(make_item(junk=bomb))) == "page 1: is nested too deeply"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Blue Train ", "Blue Train"),
        ("Blue\x00 \x1b[31mTrain\x85", "Blue [31mTrain"),
        ("line\r\nbreak\t", "linebreak"),
        ("\ud83d alone", "\ufffd alone"),
        ("\U0001f3b7 Coltrane", "\U0001f3b7 Coltrane"),
        ("a\u2028b\u200bc", "a\u2028b\u200bc"),
        ("\x00", ""),
        ("Björk", "Björk"),
    ],
)
def test_text_is_made_fit_to_keep(text, expected):
    """At any depth, and nothing but text is touched."""
    assert clean({"a": [{"b": text}], "n": 5, "t": True, "z": None}) == {
        "a": [{"b": expected}],
        "n": 5,
        "t": True,
        "z": None,
    }


def test_pairs_of_surrogates_are_one_character():
    """JSON writes characters beyond the first plane as two escapes; only lone ones are broken."""
    payload = json.loads(
        json.dumps(make_page(make_item(basic={"title": "TITLE"}))).replace(
            "TITLE", r" \ud83c\udfb7 and \udfb7 \u0007"
        )
    )

    title = parse_page(payload, "demo", 1).releases[RELEASE].title
    assert title == "\U0001f3b7 and \ufffd"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(
    database=None, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "master_id",
                "year",
                "thumb",
                "cover_image",
                "artists",
                "labels",
                "formats",
                "genres",
                "styles",
                "id",
                "title",
            ]
        ),
        JUNK,
    ),
    st.dictionaries(
        st.sampled_from(["rating", "folder_id", "notes", "instance_id", "date_added"]), JUNK
    ),
)
def test_nothing_else_than_a_refusal_is_raised(basic, changes):
    """Whatever stands in an item, it is read or refused in words."""
    with suppress(Unreadable):
        parse_page(make_page(make_item(basic=basic, **changes)), "demo", 1)


def test_an_identity_is_id_and_name():
    """E-mail and everything else are dropped."""
    payload = {"id": 9, "username": "_.demo", "email": "me@example.org", "num_collection": 5}

    assert parse_identity(payload, "demo") == Identity(9, "_.demo")


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"username": "demo"}, "identity: id is missing"),
        ({"id": 5}, "identity: username is missing"),
        ({"id": 5, "username": " "}, "identity: username is empty"),
        ({"id": 5, "username": 5}, "identity: username is not text"),
    ],
)
def test_an_identity_must_be_complete(payload, expected):
    """Half an identity is nobody."""
    with pytest.raises(Unreadable) as caught:
        parse_identity(payload, "demo")
    assert caught.value.what == expected


def test_folders_are_their_ids():
    """Folder 0 is the whole collection; names and counts are dropped."""
    payload = {"folders": [{"id": 0, "name": "All", "count": 3}, {"id": 4711, "name": "Kay's"}]}

    assert parse_folder_ids(payload, "demo") == (0, 4711)


def test_folders_must_be_a_list():
    """Otherwise nobody could say who is asking."""
    with pytest.raises(Unreadable) as caught:
        parse_folder_ids({"folders": None}, "demo")
    assert caught.value.what == "folders: folders is missing"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Master(MasterId(700), 1957, ("Jazz",), ("Hard Bop",))),
        ({"year": 0}, Master(MasterId(700), None, ("Jazz",), ("Hard Bop",))),
        ({"styles": None, "genres": []}, Master(MasterId(700), 1957, (), ())),
    ],
)
def test_a_master_adds_year_and_genres(changes, expected):
    """A year of 0 is unknown, and lists may be absent."""
    payload = {"id": 700, "year": 1957, "genres": ["Jazz"], "styles": ["Hard Bop"], "title": "x"}

    assert parse_master(payload | changes, "demo") == expected


REAL = [
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
]


@pytest.mark.parametrize(("file", "copies"), REAL)
def test_real_collections_arrive_complete(real_data, file, copies):
    """Every copy of a recorded collection, compared with the raw JSON field by field."""
    raw = json.loads((real_data / file).read_text("utf-8"))
    items = raw if isinstance(raw, list) else raw["releases"]
    page = parse_page(make_page(*items), "demo", 1)

    assert len(page.copies) == copies
    assert [(copy.instance_id, copy.release_id, copy.date_added) for copy in page.copies] == [
        (item["instance_id"], item["id"], item["date_added"]) for item in items
    ]
    assert all(datetime.fromisoformat(copy.date_added).utcoffset() for copy in page.copies)
    assert [copy.folder_id for copy in page.copies] == [item.get("folder_id", 0) for item in items]
    assert set(page.releases) == {item["id"] for item in items}


@pytest.mark.parametrize(("file", "copies"), REAL)
def test_real_releases_say_what_was_sent(real_data, file, copies):
    """Names, numbers and carriers of every release, read from the raw JSON another way."""
    raw = json.loads((real_data / file).read_text("utf-8"))
    items = raw if isinstance(raw, list) else raw["releases"]
    last = {item["id"]: item["basic_information"] for item in items}
    releases = parse_page(make_page(*items), "demo", 1).releases

    for number, sent in last.items():
        release = releases[number]
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


def test_the_oldest_shape_is_refused(real_data):
    """Copies without a date cannot be kept; the page and the item are named."""
    raw = json.loads((real_data / "collections/real-oldest-shape-50.json").read_text("utf-8"))

    assert problem(raw) == "page 1, item 1: date_added is missing"


def test_real_pagination_is_read(real_data):
    """A middle page with links to all others."""
    raw = json.loads((real_data / "collections/real-page-2-of-3.json").read_text("utf-8"))
    page = parse_page(raw, "demo", 2)

    assert (page.page, page.pages, page.items) == (2, 3, 124)


def test_recorded_identities_are_read(real_data):
    """The answers to the same user's identity and profile agree."""
    folder = real_data / "endpoints/real-responses"
    identity = json.loads((folder / "oauth_identity.json").read_text("utf-8"))
    profile = json.loads((folder / "users__.bartholomews.json").read_text("utf-8"))

    assert parse_identity(identity, "demo") == Identity(identity["id"], identity["username"])
    assert parse_identity(profile, "demo") == Identity(profile["id"], profile["username"])


def test_recorded_masters_are_read(real_data):
    """One as recorded, one as documented."""
    recorded = real_data / "endpoints/real-responses/releases_get-master-release.json"
    documented = real_data / "endpoints/official-examples/GET_masters_master_id_200.json"
    for path in (recorded, documented):
        raw = json.loads(path.read_text("utf-8"))
        assert parse_master(raw, "demo") == Master(
            raw["id"], raw["year"], tuple(raw["genres"]), tuple(raw["styles"])
        )
