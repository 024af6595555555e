"""What is asked of Discogs, and that a whole collection arrives."""

import pytest

from generator.demo import Person, StandIn, faults
from generator.discogs.client import Discogs
from generator.discogs.oauth import signer
from generator.domain.account import Identity, PersonalToken
from generator.errors import NotFound, Refused, Unauthorized, Unreadable
from tests.discogs.wire import SleptTime, make_item, make_transport

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


def anonymous(discogs, time=None):
    """A client without credentials."""
    return Discogs(make_transport(discogs.url, (time or SleptTime()).pacing()), "demo")


def owner(discogs):
    """A client with the first person's token."""
    auth = signer(PersonalToken("pat-123"), None)
    return Discogs(make_transport(discogs.url, auth=auth), "demo")


def fetched(client, username, number):
    """One page, asked for alone."""
    (page,) = client.fetch_pages(username, [number])
    return page


def test_a_collection_arrives_complete(discogs):
    """Every copy once, oldest additions first, in pages of a hundred."""
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
    """The query that makes readings comparable, under the name as it is spelt."""
    fetched(owner(discogs), "_.demo", 2)
    request = discogs.requests[0]

    assert request.path == "/users/_.demo/collection/folders/0/releases"
    assert request.query == {"page": "2", "per_page": "100", "sort": "added", "sort_order": "asc"}
    assert request.user_agent == "Gatefold/1.0 +https://records.example"
    assert request.authenticated is True


def test_the_owner_is_told_by_the_folders(discogs):
    """A stranger sees folder 0 of a public collection alone."""
    assert set(owner(discogs).fetch_folder_ids("_.demo")) == {0, 1, 4711}
    assert anonymous(discogs).fetch_folder_ids("_.demo") == (0,)


def test_a_profile_tells_the_true_spelling(discogs):
    """And the id that survives a rename."""
    assert anonymous(discogs).fetch_profile("_.DEMO") == Identity(77, "_.demo")


def test_a_private_collection_is_refused(discogs):
    """That is no outage, and no fault of the credentials."""
    with pytest.raises(Refused) as caught:
        fetched(anonymous(discogs), "hidden", 1)

    assert type(caught.value) is Refused
    assert len(discogs.requests) == 1


def test_a_revoked_token_is_unauthorized(discogs):
    """Only this asks for a new connection."""
    discogs.people["_.demo"].token = "another"

    with pytest.raises(Unauthorized):
        owner(discogs).fetch_identity()
    assert len(discogs.requests) == 1


def test_an_unknown_user_is_not_found(discogs):
    """Asked for once."""
    with pytest.raises(NotFound):
        fetched(anonymous(discogs), "nobody", 1)
    assert len(discogs.requests) == 1


@pytest.mark.parametrize("name", ["", ".", "..", "..."])
def test_a_name_of_dots_is_nobody(discogs, name):
    """It would lead to another path, so it is not asked for."""
    with pytest.raises(NotFound):
        anonymous(discogs).fetch_profile(name)
    assert discogs.requests == []


def test_a_name_stays_one_part_of_the_path(discogs):
    """Whatever a person types."""
    with pytest.raises(NotFound):
        anonymous(discogs).fetch_profile("a/../b?c=d#é")

    assert (discogs.requests[0].path, discogs.requests[0].query) == ("/users/a/../b?c=d#é", {})


def test_an_unreadable_item_names_its_place(discogs):
    """The page that was asked for and the position on it, by date."""
    discogs.people["_.demo"].copies[:] = [
        *COPIES[:58],
        make_item(900, date_added=DAY.format(59), instance_id=-5),
    ]
    with pytest.raises(Unreadable) as caught:
        fetched(owner(discogs), "_.demo", 1)

    assert str(caught.value) == (
        "demo: page 1, item 59: instance_id is not a whole number in its range"
    )


def test_a_passing_fault_is_survived(discogs):
    """One request more, and the page is there."""
    discogs.add_fault(faults.TRUNCATED, when=faults.on_page(2))

    assert len(fetched(owner(discogs), "_.demo", 2).copies) == 100
    assert [request.status for request in discogs.requests] == [200, 200]
