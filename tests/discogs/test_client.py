"""The requests that are made of Discogs, and a whole collection that arrives."""

import pytest

from generator.demo.api import Person
from generator.discogs.client import Discogs
from generator.discogs.oauth import signer
from generator.domain.account import Identity, PersonalToken
from generator.errors import NotFound, Refused, Unauthorized, Unreadable
from tests import faults
from tests.discogs.wire import make_item, make_transport
from tests.standin import StandIn

DAY = "2024-05-01T09:30:{:02}-07:00"
COPIES = [make_item(n, date_added=DAY.format(n % 60)) for n in range(1, 251)]


@pytest.fixture
def discogs():
    """A Discogs with a public and a private collection."""
    people = [
        Person("_.demo", id=77, copies=list(COPIES), token="pat-123", folders={4711: "Kay's"}),
        Person("hidden", id=78, private=True),
    ]
    with StandIn(people) as standin:
        yield standin


def anonymous(discogs):
    return Discogs(make_transport(discogs.url))


def owner(discogs):
    return Discogs(make_transport(discogs.url, auth=signer(PersonalToken("pat-123"), None)))


def fetched(client, username, number):
    (page,) = client.fetch_pages(username, [number])
    return page


def test_a_collection_arrives_whole(discogs):
    client = owner(discogs)
    pages = [*client.fetch_pages("_.demo", [1]), *client.fetch_pages("_.demo", [2, 3])]
    pages.sort(key=lambda page: page.page)

    assert [(page.page, page.pages, page.items) for page in pages] == [
        (n, 3, 250) for n in (1, 2, 3)
    ]
    assert [len(page.copies) for page in pages] == [100, 100, 50]
    read = [copy for page in pages for copy in page.copies]
    assert {copy.instance_id for copy in read} == {item["instance_id"] for item in COPIES}
    assert [copy.date_added for copy in read] == sorted(item["date_added"] for item in COPIES)


def test_a_page_is_asked_for_in_one_way(discogs):
    fetched(owner(discogs), "_.demo", 2)
    (request,) = discogs.requests

    assert request.path == "/users/_.demo/collection/folders/0/releases"
    assert request.query == {"page": "2", "per_page": "100", "sort": "added", "sort_order": "asc"}
    assert request.user_agent == "Gatefold/1.0 +https://records.example"
    assert request.authenticated is True


def test_folders_show_whether_the_owner_asks(discogs):
    assert set(owner(discogs).fetch_folders("_.demo")) == {0, 1, 4711}
    assert anonymous(discogs).fetch_folders("_.demo") == {0: "All"}


def test_a_profile_has_the_id_and_the_true_spelling(discogs):
    assert anonymous(discogs).fetch_profile("_.DEMO") == Identity(77, "_.demo")


@pytest.mark.parametrize(
    ("fetch", "error"),
    [
        (lambda discogs: fetched(anonymous(discogs), "hidden", 1), Refused),
        (lambda discogs: fetched(anonymous(discogs), "nobody", 1), NotFound),
        (lambda discogs: owner(discogs).fetch_identity(), Unauthorized),
    ],
)
def test_a_refusal_is_asked_for_once(discogs, fetch, error):
    discogs.people["_.demo"].token = "another"

    with pytest.raises(error) as caught:
        fetch(discogs)

    assert (type(caught.value), len(discogs.requests)) == (error, 1)


@pytest.mark.parametrize("name", ["", ".", "..", "..."])
def test_a_name_of_dots_is_not_asked_for(discogs, name):
    with pytest.raises(NotFound):
        anonymous(discogs).fetch_profile(name)
    assert discogs.requests == []


def test_any_name_stays_one_part_of_the_path(discogs):
    with pytest.raises(NotFound):
        anonymous(discogs).fetch_profile("a/../b?c=d#é")

    assert (discogs.requests[0].path, discogs.requests[0].query) == ("/users/a/../b?c=d#é", {})


def test_a_malformed_item_is_named_by_the_page_it_was_served_on(discogs):
    discogs.people["_.demo"].copies[:] = [
        *COPIES[:158],
        make_item(900, date_added=DAY.format(59), folder_id=1, basic={"title": None}),
    ]
    with pytest.raises(Unreadable) as caught:
        list(owner(discogs).fetch_pages("_.demo", [2]))

    assert str(caught.value) == (
        "page 2, item 59 (release 5900, instance 2173236900): basic_information.title is missing"
    )


def test_a_passing_fault_costs_one_request(discogs):
    discogs.add_fault(faults.TRUNCATED, when=faults.on_page(2))

    assert len(fetched(owner(discogs), "_.demo", 2).copies) == 100
    assert [request.status for request in discogs.requests] == [200, 200]
