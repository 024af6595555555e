"""Sharing a result: its link, and its files, which hold the published records unchanged."""

import json
import shutil
from urllib.parse import parse_qs

import pytest

from tests.browser.shelf import handmade_shelf, numbered_shelf
from tests.browser.sites import built_site, served, tab
from tests.browser.tabs import fresh

QUERIES = ["", "?genre=Jazz&genre=Rock&style=-Dub&sort=artist", "?q=none&sort=year-desc&page=2"]
QUERIES += ["?q=vol&sort=added-asc", "?genre=Skiffle"]
COLLECTION = "u/shelf/collection"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site of the peculiar copies."""
    return built_site(tmp_path_factory.mktemp("shared"), handmade_shelf())


@pytest.fixture
def shelf(browser, site):
    """Their list."""
    with served(site) as address, tab(browser, address) as shown:
        yield shown


def saved(shown, name):
    """The name of the file that a button saves, and its bytes."""
    with shown.tab.expect_download() as download:
        button(shown, name).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def button(shown, name):
    """A button of the menu, which is opened for it."""
    place = shown.tab.locator('[data-part="share"]')
    if not place.is_visible():
        shown.press("Share")
    return place.get_by_role("button", name=name, exact=True)


def walked(shown):
    """The instance ids of the whole result, as its pages show them."""
    found = [row["instance"] for row in shown.ask(without_page(shown.query))["rows"]]
    while shown.tab.locator('[data-part="next"]').is_enabled():
        shown.press("Next")
        found += [row["instance"] for row in shown.read()["rows"]]
    return found


def without_page(query):
    """The query from its first page on."""
    return query.replace("&page=2", "")


def csv_of(site, instances):
    """The header of the published file, and these copies' lines."""
    head, *lines = (site / COLLECTION / "releases.csv").read_bytes().split(b"\r\n")[:-1]
    published = json.loads((site / COLLECTION / "releases.json").read_bytes())["items"]
    by_instance = {item["instance_id"]: line for item, line in zip(published, lines, strict=True)}
    return b"\r\n".join([head, *(by_instance[int(each)] for each in instances), b""])


def json_of(site, instances, query):
    """The published document with these items alone."""
    document = json.loads((site / COLLECTION / "releases.json").read_bytes())
    by_instance = {item["instance_id"]: item for item in document.pop("items")}
    document |= {"copies": len(instances), "query": query}
    document["items"] = [by_instance[int(each)] for each in instances]
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


@pytest.mark.parametrize("query", QUERIES)
def test_the_files_hold_the_result(shelf, site, query):
    shelf.open(query)
    files = [saved(shelf, name) for name in ("CSV", "JSON")]
    instances = walked(shelf)

    assert files == [
        ("shelf-records.csv", csv_of(site, instances)),
        ("shelf-records.json", json_of(site, instances, without_page(query))),
    ]


def test_the_whole_collection_is_the_published_file(browser, site):
    published = site / COLLECTION / "releases.json"
    document = json.loads(published.read_bytes())
    with served(site) as address, tab(browser, address) as shelf:
        shelf.tab.route(
            "**/releases.json", lambda route: route.fulfill(body=json.dumps(document | {"b": 1.5}))
        )
        shelf.open()

        assert saved(shelf, "CSV")[1] == (site / COLLECTION / "releases.csv").read_bytes()
        assert json.loads(saved(shelf, "JSON")[1]) == document | {"b": 1.5, "query": ""}


def test_random_picks_leave_the_result_as_it_is(shelf, site):
    shelf.open("?genre=Jazz")
    shelf.press("Random")
    name, content = saved(shelf, "CSV")
    shelf.tab.locator('[data-part="all"]').click()

    assert (name, content) == ("shelf-records.csv", csv_of(site, walked(shelf)))


def test_what_was_saved_is_said(browser, address):
    with tab(browser, address) as shown:
        shown.open("?q=needle")
        saved(shown, "CSV")
        said = shown.tab.locator('[data-part="share"] [aria-live]', has_text="CSV")

        assert said.inner_text() == "CSV of 4 records"
        assert shown.read()["statuses"] == 1


@pytest.mark.parametrize("name", ["CSV", "JSON"])
def test_a_newer_reading_is_not_mixed_with_the_page(browser, tmp_path, name):
    site = built_site(tmp_path, numbered_shelf())
    (tmp_path / "newer").mkdir()
    newer = built_site(tmp_path / "newer", numbered_shelf()[1:])
    with served(site) as address, tab(browser, address) as shown:
        shown.open("?q=needle")
        shutil.copytree(newer / COLLECTION, site / COLLECTION, dirs_exist_ok=True)
        button(shown, name).click()

        shown.tab.get_by_text(
            "The collection has been updated since you opened this page. Reload it and try again."
        ).wait_for()


def test_a_file_that_does_not_come_is_said(browser, tmp_path):
    site = built_site(tmp_path, numbered_shelf())
    published = site / COLLECTION / "releases.csv"
    text = published.read_bytes()
    with served(site) as address, tab(browser, address) as shown:
        shown.open()
        published.unlink()
        button(shown, "CSV").click()
        shown.tab.get_by_text("The file could not be fetched. Try again.").wait_for()
        published.write_bytes(text)

        assert saved(shown, "CSV") == ("shelf-records.csv", text)


def test_the_link_is_the_state(browser, address):
    with tab(browser, address, fresh, permissions=["clipboard-read", "clipboard-write"]) as shown:
        shown.open("?genre=Jazz")
        shown.search("groove")
        shown.press("Next")
        button(shown, "Copy link").click()
        shown.tab.get_by_text("Copied", exact=True).wait_for()
        link = shown.tab.evaluate("navigator.clipboard.readText()")

        assert link.startswith(shown.address + "?")
        assert parse_qs(link.partition("?")[2]) == {
            "genre": ["Jazz"],
            "q": ["groove"],
            "page": ["2"],
        }


def test_nothing_is_offered_that_does_not_work(browser, address):
    with tab(browser, address, script="delete Navigator.prototype.clipboard") as shown:
        shown.open()
        button(shown, "CSV").wait_for(state="attached")  # the menu loads after the page answers
        assert button(shown, "Copy link").count() == 0
        assert button(shown, "CSV").count() == 1
    with tab(browser, address, java_script_enabled=False) as shown:
        shown.tab.goto(shown.address)
        assert shown.tab.locator('[data-part="share"] button').count() == 0
        links = shown.tab.locator(".list-files a")
        assert [link.get_attribute("href") for link in links.all()] == [
            "../releases.csv",
            "../releases.json",
        ]


@pytest.mark.parametrize("scrolled", [0, 900])
def test_the_menu_hangs_below_its_button(browser, address, scrolled):
    with tab(browser, address, size=(1440, 900)) as shown:
        shown.open()
        shown.tab.evaluate("(to) => scrollTo(0, to)", scrolled)
        shown.tab.locator(".share-open").click()
        button = shown.tab.locator(".share-open").bounding_box()
        menu = shown.tab.locator(".share").bounding_box()

        assert 0 <= menu["y"] - button["y"] - button["height"] <= 16
        assert menu["x"] + menu["width"] == pytest.approx(button["x"] + button["width"], abs=1)
