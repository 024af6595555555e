"""Reading whole collections through the command line: real ones, moving ones, and odd ones."""

import json
from random import Random

import pytest

from tests import faults
from tests.cli.running import make_shelf
from tests.derive.recount import items_of

TIED = "2024-06-01T12:00:00-07:00"


def payloads(real_data, name):
    """The copies in one of the real collections, which come with or without their page."""
    document = json.loads((real_data / "collections" / f"{name}.json").read_text("utf-8"))
    return document["releases"] if isinstance(document, dict) else document


def exported_ids(terminal):
    """The instance ids of an exported snapshot."""
    return [
        copy["instance_id"] for copy in json.loads(terminal.run("export", "demo").out)["copies"]
    ]


def ids(shelf):
    """The instance ids of copies as Discogs sends them, in the order of a snapshot."""
    return sorted(item["instance_id"] for item in shelf)


def once(number, change):
    """A hook that makes a change after page `number` was read for the first time."""
    done: list[object] = []

    def hook(request):
        if faults.on_page(number)(request) and not done:
            done.append(change())

    return hook


@pytest.mark.parametrize(
    ("name", "copies"), [("cc0-2554", 2554), ("real-500", 500), ("real-155", 155), ("real-33", 33)]
)
def test_real_collections_arrive_complete(connected, owner, real_data, name, copies):
    owner.copies[:] = payloads(real_data, name)

    assert connected.run().code == 0

    published = connected.published("u/demo/collection/releases.json")
    assert (published["copies"], len(published["items"])) == (copies, copies)
    last_year = int(published["synced_at"][:4]) + 1
    assert published["items"] == items_of(owner.copies, {}, last_year)


def test_the_oldest_shape_is_refused(synced, owner, real_data):
    before, exported = synced.snapshots(), synced.run("export", "demo").out
    owner.copies[:] = payloads(real_data, "real-oldest-shape-50")

    ended = synced.run("sync", "--force")

    assert (ended.code, len(ended.complaints)) == (1, 2)
    assert ended.complaints[0] == (
        "error: demo: page 1, item 1 (release 626459, instance 1): date_added is missing"
    )
    assert synced.snapshots() == before
    assert synced.run("export", "demo").out == exported


def test_a_copy_that_cannot_be_understood_is_named_by_its_place(synced, owner):
    owner.copies[:] = make_shelf(130)
    owner.copies[116]["basic_information"]["title"] = None

    ended = synced.run("sync", "--force")

    assert ended.code == 1
    assert ended.complaints[0] == (
        "error: demo: page 2, item 17 (release 5117, instance 2173236117): "
        "basic_information.title is missing"
    )


@pytest.mark.parametrize("copies", [0, 101])
def test_collections_of_every_size_are_read_and_built(connected, owner, copies):
    owner.copies[:] = make_shelf(copies)

    assert connected.run().code == 0
    assert exported_ids(connected) == ids(owner.copies)
    assert connected.published("u/demo/collection/stats.json")["copies"] == copies


@pytest.mark.parametrize(
    ("page", "added", "removed"), [(1, 0, 1), (2, 1, 0), (2, 0, 1), (2, 1, 1), (3, 1, 1)]
)
def test_a_collection_that_moves_while_it_is_read_is_never_kept_wrong(  # noqa: PLR0917
    connected, discogs, owner, page, added, removed
):
    owner.copies[:] = make_shelf(250)

    def change():
        owner.copies[:] = [*owner.copies[removed:], *make_shelf(added, first=900)]

    discogs.after_request.append(once(page, change))

    assert connected.run("sync").code == 0
    assert exported_ids(connected) == ids(owner.copies)


def test_a_collection_that_never_rests_is_given_up(synced, discogs, owner):
    before = synced.snapshots()
    owner.copies[:] = make_shelf(250)
    newcomers = iter(make_shelf(50, first=900))

    def hook(request):
        if faults.on_page(2)(request):
            owner.copies.append(next(newcomers))

    discogs.after_request.append(hook)
    ended = synced.run("sync", "--force")

    assert (ended.code, len(ended.complaints)) == (1, 2)
    assert ended.complaints[0].startswith("error: demo: the collection changed ")
    assert synced.snapshots() == before


def test_copies_of_one_second_may_change_places(connected, discogs, owner):
    owner.copies[:] = make_shelf(150)
    for item in owner.copies[70:130]:
        item["date_added"] = TIED
    discogs.shuffle_ties = Random(1)  # noqa: S311 - an order, not a secret

    assert connected.run("sync").code == 0
    assert exported_ids(connected) == ids(owner.copies)


def test_every_copy_of_a_release_is_kept(connected, owner):
    twin = make_shelf(1)[0] | {"instance_id": 2**53 + 1}
    owner.copies.append(twin)

    assert connected.run("sync").code == 0
    assert exported_ids(connected)[-1] == 2**53 + 1
    assert connected.listed()["demo"]["records"] == 13
