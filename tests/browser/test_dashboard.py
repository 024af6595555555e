"""The dashboard around its charts: what is there more than once, words where nothing is drawn."""

import pytest

from tests.browser.shelf import artist, numbered_shelf
from tests.browser.sites import built_site, served
from tests.browser.tabs import lent
from tests.discogs.wire import make_item

DASHBOARD = "u/shelf/collection/"


def pressing(instance, release, master, title, **basic):
    """A copy of a release of an album."""
    usual = {
        "id": release,
        "master_id": master,
        "title": title,
        "year": 1979,
        "artists": [artist("Ann", 5)],
        "formats": [{"name": "Vinyl", "qty": "2", "descriptions": ["LP"]}],
        "labels": [{"name": "Factory (2)", "catno": "FACT 10", "id": 3}],
    }
    return make_item(instance, usual | basic, id=release)


def doubled_shelf():
    """Seven albums in two copies each, the first twice the same, the others in two pressings.

    Others make it too large for a shelf.
    """
    plain = {"year": 0, "labels": [], "formats": [{"name": "CD", "qty": "1"}]}
    items = [pressing(1, 71, 901, "Album 1"), pressing(2, 71, 901, "Album 1")]
    for album in range(2, 8):
        title = f"Album {album}"
        items.append(pressing(album * 10, album * 100, 900 + album, title))
        items.append(pressing(album * 10 + 1, album * 100 + 1, 900 + album, title, **plain))
    return items + [pressing(200 + n, 2000 + n, 0, f"Single {n}") for n in range(16)]


SHELVES = {"empty": 0, "one": 1}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the albums are served."""
    with served(built_site(tmp_path_factory.mktemp("doubled"), doubled_shelf())) as address:
        yield address + DASHBOARD


@pytest.fixture
def tab(browser, address):
    """The dashboard of the albums, loaded."""
    with lent(browser, media={"reduced_motion": "reduce"}) as tab:
        tab.page.goto(address)
        tab.page.wait_for_selector("main[data-ready]")
        yield tab.page
        assert tab.problems == []


def test_what_is_there_more_than_once_is_told(tab):
    cards = tab.locator(".doubles .record")

    assert tab.locator(".doubles > p").text_content() == (
        "1 record is here more than once: 2 copies. "
        "6 albums are here in more than one pressing: 12 copies."
    )
    assert [
        [card.locator(part).inner_text() for part in (".record-title", ".record-facts")]
        for card in cards.all()
    ] == [[f"Album {album}", "2 copies"] for album in range(1, 6)]


def test_milestones_are_told(tab):
    cards = tab.locator(".milestones .record")

    assert [card.locator(".record-before").inner_text() for card in cards.all()] == ["The first"]


def test_paper_shows_the_tables(tab):
    tab.emulate_media(media="print")
    rows = tab.locator("[data-chart] tbody tr")

    assert tab.locator("[data-chart] canvas >> visible=true").count() == 0
    assert [row.is_visible() for row in rows.all()] == [True] * rows.count()


@pytest.fixture(scope="module", params=SHELVES)
def small(request, browser, tmp_path_factory):
    """The dashboard of a collection with next to nothing, and which one it is."""
    items = numbered_shelf()[: SHELVES[request.param]]
    for item in items:
        item["basic_information"] |= {"year": 0, "genres": []}
    site = built_site(tmp_path_factory.mktemp("small"), items)
    with served(site) as address, lent(browser, media={"reduced_motion": "reduce"}) as tab:
        tab.page.goto(address + DASHBOARD)
        tab.page.wait_for_selector("main[data-ready]")
        yield request.param, tab.page


NOTHING = {"genres", "years"}


def test_what_cannot_be_drawn_is_said(small):
    which, page = small
    without = {"genres", "formats", "artists", "years"} if which == "empty" else NOTHING
    figures = page.locator("figure[data-chart]")
    boxes = page.locator(".chart-plot >> visible=true")
    said = {
        figure.get_attribute("data-chart"): figure.locator("figcaption p").text_content()
        for figure in figures.all()
    }

    for details in page.locator("details.chapter").all():
        details.evaluate("(each) => (each.open = true)")
    assert boxes.count() == figures.count() - len(without)
    assert all(said.values())
    assert page.locator(".doubles").count() == 0
