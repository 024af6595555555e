"""The plan of the site: its pages and files, and the data of each."""

import json
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from generator.derive.pages import (
    EMBEDDED_COPIES,
    AccountContent,
    AccountView,
    SiteView,
    account_tree,
    site_pages,
)
from tests.factories import NOW, make_collection, make_copy, make_snapshot

SITE = SiteView()
LATER = NOW + timedelta(hours=4)


def shelf(copies, first=1, name="low-tide"):
    """A snapshot of so many copies, each of another album, the last one added last."""
    ids = range(first, first + copies)
    return make_snapshot(
        make_collection(*(make_copy(number, number) for number in ids)), account=name
    )


def planned(snapshot) -> tuple[Any, dict[str, Any]]:
    """The entry on the index, and the items by path."""
    tree = account_tree(AccountContent(snapshot, next_sync=LATER), SITE)
    return tree.entry, {item.path: item for item in tree.items}


def instances(rows):
    return [row.instance_id for row in rows]


def test_every_page_of_an_account_knows_whose_it_is():
    entry, items = planned(shelf(2))

    views = [items[path].model.account for path in items if path.endswith("index.html")]
    assert [entry.account, *views] == [AccountView("low-tide", "LowTide", NOW, LATER)] * 4


def test_a_small_collection_is_a_shelf_and_a_larger_one_has_milestones_and_doubles():
    _, few = planned(make_snapshot(make_collection(*small())))
    _, many = planned(
        make_snapshot(
            make_collection(*small(), *(make_copy(number, number) for number in range(4, 31)))
        )
    )

    shelf, stats = (items["u/low-tide/collection/index.html"].model for items in (few, many))
    assert [instances(shelf.shelf), shelf.milestones, shelf.doubles] == [[3, 2, 1], (), ()]
    assert [stats.shelf, [(one.number, one.row.instance_id) for one in stats.milestones]] == [
        (),
        [(1, 1)],
    ]
    assert [(double.album.copies, double.row.instance_id) for double in stats.doubles] == [(2, 2)]


def small():
    """Three copies, two of them of one release."""
    return [make_copy(1, 1), make_copy(2, 1), make_copy(3, 2)]


def test_the_index_lists_accounts_by_name():
    entries = [planned(shelf(1, first, name))[0] for first, name in ((1, "b"), (5, "a"), (9, "c"))]

    index: Any = next(iter(site_pages(entries, SITE, "d1")))

    assert [(entry.account.name, entry.href) for entry in index.model.accounts] == [
        ("a", "u/a/"),
        ("b", "u/b/"),
        ("c", "u/c/"),
    ]


def test_an_unlisted_account_has_the_same_tree_elsewhere():
    tree: Any = account_tree(AccountContent(shelf(3), slug="5ec7e7"), SITE)
    public, items = planned(shelf(3))

    paths = [item.path for item in tree.items]
    assert all(path.startswith("x/5ec7e7/") for path in paths)
    assert [path.replace("x/5ec7e7/", "u/low-tide/") for path in paths] == list(items)
    views = [item.model.account for item in tree.items if item.path.endswith("index.html")]
    assert [view.listed for view in (tree.entry.account, *views)] == [False] * 4
    assert (tree.entry.href, public.href) == ("x/5ec7e7/", "u/low-tide/")


def test_a_profile_is_linked_safely():
    view = AccountView("odd", "Odd/Näme?#..", NOW)

    assert view.profile_url == ("https://www.discogs.com/user/Odd%2FN%C3%A4me%3F%23../collection")
    assert replace(view, discogs_name="Low.Tide-1_").profile_url == (
        "https://www.discogs.com/user/Low.Tide-1_/collection"
    )


def test_columns_of_a_large_collection_are_a_file():
    copies = [make_copy(number) for number in range(EMBEDDED_COPIES + 1)]
    _, small = planned(make_snapshot(make_collection(*copies[1:])))
    _, large = planned(make_snapshot(make_collection(*copies)))
    folder = "u/low-tide/collection/all/"
    page = large[f"{folder}index.html"].model
    (path,) = (path for path in large if path.startswith(f"{folder}catalog-"))

    assert small[f"{folder}index.html"].model.columns == ""
    assert json.loads(page.catalog)["columns"] == page.columns == path.removeprefix(folder)
    embedded = json.loads(small[f"{folder}index.html"].model.catalog)
    assert list(json.loads(page.catalog)) == list(embedded)
    assert list(json.loads(large[path].text)) == list(embedded["columns"])
