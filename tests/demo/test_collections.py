"""Collections: pages, order and visibility."""

import json
import random

import pytest

from generator.demo.api import Person
from tests.demo.browser import ask, ask_as, copies, query_of
from tests.standin import StandIn

PAGE = "/users/demo/collection/folders/0/releases"
NOT_OWNER = {
    "message": "You are not allowed to view this resource. "
    "Please authenticate as the owner to view this content."
}


@pytest.fixture
def discogs():
    """One public collection of 250 copies, one private one."""
    people = [
        Person("demo", 77, copies(250), folders={4711: "Kay's"}),
        Person("shy.one", 78, copies(3), private=True),
    ]
    with StandIn(people) as running:
        running.limit.anonymous = 1000
        yield running


def instances(answer):
    return [item["instance_id"] for item in answer.json()["releases"]]


@pytest.mark.parametrize(
    ("query", "page", "per_page", "shown"),
    [
        ("", 1, 50, range(1, 51)),
        ("?page=2", 2, 50, range(51, 101)),
        ("?per_page=100&page=3", 3, 100, range(201, 251)),
        ("?per_page=500", 1, 100, range(1, 101)),
        ("?per_page=0&page=7", 7, 1, range(7, 8)),
        ("?page=-3", 1, 50, range(1, 51)),
        ("?page=x&per_page=x", 1, 50, range(1, 51)),
    ],
)
def test_page_numbers_are_clamped(discogs, query, page, per_page, shown):
    answer = ask(discogs, PAGE + query)
    pagination = answer.json()["pagination"]

    assert (pagination["page"], pagination["per_page"]) == (page, per_page)
    assert pagination["items"] == 250
    assert pagination["pages"] == -(-250 // per_page)
    assert instances(answer) == list(shown)


def test_a_page_past_the_end_is_not_found(discogs):
    answer = ask(discogs, PAGE + "?per_page=100&page=4")

    assert answer.status_code == 404
    assert answer.json() == {"message": "The requested resource was not found."}


@pytest.mark.parametrize(
    ("page", "neighbours"),
    [
        (1, {"next": "2", "last": "3"}),
        (2, {"first": "1", "prev": "1", "next": "3", "last": "3"}),
        (3, {"first": "1", "prev": "2"}),
    ],
)
def test_a_page_links_to_its_neighbours(discogs, page, neighbours):
    answer = ask(discogs, f"{PAGE}?per_page=100&sort=added&page={page}")
    urls = answer.json()["pagination"]["urls"]

    assert {name: query_of(url)["page"] for name, url in urls.items()} == neighbours
    assert {query_of(url)["sort"] for url in urls.values()} == {"added"}
    assert answer.headers["Link"] == ", ".join(f"<{u}>; rel={n}" for n, u in urls.items())


def test_a_single_page_has_no_links(discogs):
    discogs.people["demo"].copies.clear()

    assert ask(discogs, PAGE).json() == {
        "pagination": {"page": 1, "pages": 1, "per_page": 50, "items": 0, "urls": {}},
        "releases": [],
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [2, 1, 3]),
        ("?sort=added&sort_order=desc", [3, 1, 2]),
        ("?sort=title", [3, 1, 2]),
        ("?sort=year&sort_order=desc", [1, 3, 2]),
        ("?sort=artist", [1, 2, 3]),
    ],
)
def test_copies_come_in_the_order_asked_for(discogs, query, expected):
    facts = [
        ("2020-11-01T01:30:00-07:00", "Middle", 1999, "Alpha"),
        ("2020-11-01T00:45:00-07:00", "Zenith", 1963, "beta"),
        ("2020-11-01T01:10:00-08:00", "Apex", 1980, "Gamma"),
    ]
    discogs.people["demo"].copies[:] = [
        {
            "instance_id": at,
            "date_added": added,
            "basic_information": {"title": title, "year": year, "artists": [{"name": name}]},
        }
        for at, (added, title, year, name) in enumerate(facts, start=1)
    ]

    assert instances(ask(discogs, PAGE + query)) == expected


def test_an_unknown_sort_is_refused(discogs):
    answer = ask(discogs, PAGE + "?sort=master&page=99")

    assert answer.status_code == 422
    assert answer.json() == {
        "message": "Invalid sort: expected one of "
        "added, artist, catno, format, label, rating, title, year."
    }


def test_copies_of_one_second_can_be_shuffled(discogs):
    discogs.people["demo"].copies[:40] = copies(40, date_added="2019-01-01T10:00:00-08:00")
    steady = instances(ask(discogs, PAGE + "?per_page=100"))
    discogs.shuffle_ties = random.Random(1)  # noqa: S311 - the order of equals
    shuffled = instances(ask(discogs, PAGE + "?per_page=100"))

    assert steady == list(range(1, 101))
    assert shuffled[:40] != steady[:40]
    assert sorted(shuffled[:40]) == steady[:40]
    assert shuffled[40:] == steady[40:]


def test_the_owner_gets_items_unchanged(discogs):
    odd = {"instance_id": 9, "date_added": "2020-01-01T00:00:00-08:00", "notes": [], "odd": {"": 0}}
    discogs.people["demo"].copies[:] = [odd]
    answer = ask_as(discogs, discogs.grant("demo"), PAGE)

    assert answer.json()["releases"] == [odd]


def test_notes_are_for_the_owner(discogs):
    own = ask_as(discogs, discogs.grant("demo"), PAGE).json()["releases"]
    seen = ask_as(discogs, discogs.grant("shy.one"), PAGE).json()["releases"]

    assert all("notes" in item for item in own)
    assert seen == [{k: v for k, v in item.items() if k != "notes"} for item in own]


def test_a_private_collection_is_for_its_owner(discogs):
    base = "/users/shy.one/collection/folders"
    refused = [ask(discogs, path) for path in (base, base + "/0", base + "/0/releases")]
    owner = discogs.grant("shy.one")

    assert [(answer.status_code, answer.json()) for answer in refused] == [(403, NOT_OWNER)] * 3
    assert len(ask_as(discogs, owner, base + "/0/releases").json()["releases"]) == 3


def test_the_owner_sees_all_folders(discogs):
    discogs.people["demo"].copies[0]["folder_id"] = 4711
    path = "/users/demo/collection/folders"
    own = ask_as(discogs, discogs.grant("demo"), path).json()["folders"]

    assert [(f["id"], f["name"], f["count"]) for f in own] == [
        (0, "All", 250),
        (4711, "Kay's", 1),
        (1, "Uncategorized", 249),
    ]
    assert [f["id"] for f in ask(discogs, path).json()["folders"]] == [0]
    assert ask(discogs, path + "/1/releases").status_code == 403


def test_fields_are_for_users(discogs):
    path = "/users/demo/collection/fields"
    anonymous = ask(discogs, path)
    own = ask_as(discogs, discogs.grant("demo"), path).json()["fields"]
    other = ask_as(discogs, discogs.grant("shy.one"), path).json()["fields"]

    assert (anonymous.status_code, anonymous.json()) == (403, NOT_OWNER)
    assert [(field["id"], field["name"], field["type"]) for field in own] == [
        (1, "Media Condition", "dropdown"),
        (2, "Sleeve Condition", "dropdown"),
        (3, "Notes", "textarea"),
    ]
    assert other == []


def test_a_profile_shows_less_to_visitors(discogs):
    own = ask_as(discogs, discogs.grant("shy.one"), "/users/shy.one").json()
    seen = ask(discogs, "/users/shy.one").json()

    assert (own["email"], own["num_collection"]) == ("owner@example.org", 3)
    assert {"email", "num_unread", "num_collection"}.isdisjoint(seen)
    assert ask(discogs, "/users/demo").json()["num_collection"] == 250


def test_case_does_not_matter_in_names(discogs):
    assert ask(discogs, "/users/SHY.One").json()["username"] == "shy.one"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/users/nobody", "User does not exist or may have been deleted."),
        ("/masters/5", "The requested resource was not found."),
        ("/nowhere", "The requested resource was not found."),
        ("/users/demo/nowhere", "The requested resource was not found."),
    ],
)
def test_errors_name_the_missing_thing(discogs, path, message):
    answer = ask(discogs, path)

    assert (answer.status_code, answer.json()) == (404, {"message": message})


def test_real_items_arrive_unchanged(discogs, real_data):
    recorded = json.loads((real_data / "collections/real-500.json").read_text("utf-8"))
    discogs.people["demo"].copies[:] = recorded
    token = discogs.grant("demo")
    served = [
        item
        for page in range(1, 6)
        for item in ask_as(discogs, token, f"{PAGE}?per_page=100&page={page}").json()["releases"]
    ]

    by_instance = {item["instance_id"]: item for item in recorded}
    assert len(served) == len(by_instance) == 500
    assert {item["instance_id"]: item for item in served} == by_instance
