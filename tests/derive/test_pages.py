"""The plan of the site: its pages and files, and the data of each."""

import json
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from generator.derive.feeds import robots_file
from generator.derive.pages import (
    EMBEDDED_COPIES,
    AccountContent,
    AccountView,
    DataFile,
    Page,
    SiteView,
    account_tree,
    json_text,
    site_pages,
)
from tests.factories import NOW, make_collection, make_copy, make_release, make_snapshot

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


def test_an_account_has_three_pages_and_four_files():
    _, items = planned(shelf(1))

    assert {path: getattr(item, "template", None) for path, item in items.items()} == {
        "u/low-tide/index.html": "pages/account.html",
        "u/low-tide/collection/index.html": "pages/dashboard.html",
        "u/low-tide/collection/all/index.html": "pages/list.html",
        "u/low-tide/days.json": None,
        "u/low-tide/collection/stats.json": None,
        "u/low-tide/collection/releases.json": None,
        "u/low-tide/collection/releases.csv": None,
        "u/low-tide/feed.xml": None,
    }


@pytest.mark.parametrize(
    ("copies", "on_index", "on_account", "on_list"),
    [(0, 0, 0, 0), (1, 1, 1, 1), (24, 3, 6, 24), (25, 3, 6, 25), (26, 3, 6, 25)],
)
def test_pages_show_so_many_copies(copies, on_index, on_account, on_list):
    newest = list(range(copies, 0, -1))

    entry, items = planned(shelf(copies))

    assert instances(entry.newest) == newest[:1]
    assert instances(items["u/low-tide/index.html"].model.newest) == newest[:on_account]
    assert instances(items["u/low-tide/collection/all/index.html"].model.rows) == newest[:on_list]


def test_a_tree_names_the_copies_it_is_made_from():
    tree = account_tree(AccountContent(shelf(30, first=100)), SITE)

    assert tree.instances == frozenset(range(100, 130))


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


def test_duplicates_are_counted():
    _, items = planned(make_snapshot(make_collection(*small())))

    assert '"duplicates": {\n  "releases": 1,\n  "albums": 0\n }' in (
        items["u/low-tide/collection/stats.json"].text
    )


def test_the_index_lists_accounts_by_name():
    entries = [planned(shelf(1, first, name))[0] for first, name in ((1, "b"), (5, "a"), (9, "c"))]

    items: list[Any] = list(site_pages(entries, SITE, "d1"))

    index, lost, robots, nojekyll = items

    assert [(entry.account.name, entry.href) for entry in index.model.accounts] == [
        ("a", "u/a/"),
        ("b", "u/b/"),
        ("c", "u/c/"),
    ]
    assert index.path == "index.html"
    assert lost == Page("404.html", "pages/404.html", None)
    assert robots == DataFile("robots.txt", robots_file(""))
    assert nojekyll == DataFile(".nojekyll", "")


def test_the_index_shows_a_copy_once():
    entries = [planned(shelf(4, 1, name))[0] for name in ("b", "a")]

    index: Any = next(iter(site_pages(entries, SITE, "d1")))

    assert [instances(entry.newest) for entry in index.model.accounts] == [[4], []]
    assert [entry.stats.copies for entry in index.model.accounts] == [4, 4]


def test_an_unlisted_account_has_the_same_tree_elsewhere():
    tree: Any = account_tree(AccountContent(shelf(3), slug="5ec7e7"), SITE)
    public, items = planned(shelf(3))

    paths = [item.path for item in tree.items]
    assert all(path.startswith("x/5ec7e7/") for path in paths)
    assert [path.replace("x/5ec7e7/", "u/low-tide/") for path in paths] == list(items)
    views = [item.model.account for item in tree.items if item.path.endswith("index.html")]
    assert [view.listed for view in (tree.entry.account, *views)] == [False] * 4
    assert (tree.entry.href, public.href) == ("x/5ec7e7/", "u/low-tide/")


def test_a_site_without_accounts_has_its_pages():
    paths = [item.path for item in site_pages([], SITE, "d1")]

    assert paths == ["index.html", "404.html", "robots.txt", ".nojekyll"]


def test_a_profile_is_linked_safely():
    view = AccountView("odd", "Odd/Näme?#..", NOW)

    assert view.profile_url == ("https://www.discogs.com/user/Odd%2FN%C3%A4me%3F%23../collection")
    assert replace(view, discogs_name="Low.Tide-1_").profile_url == (
        "https://www.discogs.com/user/Low.Tide-1_/collection"
    )


def test_published_json_is_readable():
    assert json_text({"a": ["Œuvre"], "b": None}) == '{\n "a": [\n  "Œuvre"\n ],\n "b": null\n}\n'


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


def test_covers_have_files_of_their_own():
    release = make_release(1, thumb="https://i.discogs.com/small", cover=None)
    _, items = planned(
        make_snapshot(make_collection(make_copy(1), releases=[release]), account="low-tide")
    )
    folder = "u/low-tide/collection/all/"
    named = json.loads(items[f"{folder}index.html"].model.catalog)["covers"]

    assert named["origin"] == "https://i.discogs.com/"
    assert [
        json.loads(items[folder + named[size]].text)["signatures"] for size in ("thumbs", "covers")
    ] == [["small"], ["small"]]
