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
    """Seven albums in two copies each: the first twice the same, the others in two pressings."""
    plain = {"year": 0, "labels": [], "formats": [{"name": "CD", "qty": "1"}]}
    items = [pressing(1, 71, 901, "Album 1"), pressing(2, 71, 901, "Album 1")]
    for album in range(2, 8):
        title = f"Album {album}"
        items.append(pressing(album * 10, album * 100, 900 + album, title))
        items.append(pressing(album * 10 + 1, album * 100 + 1, 900 + album, title, **plain))
    return items


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


COPIES = """() => [...document.querySelectorAll(".album")].map((album) => ({
  title: album.querySelector("h3").textContent,
  credit: album.querySelector(".album-head p").textContent,
  copies: [...album.querySelectorAll(".album-copy")].map((copy) => [
    copy.dataset.instance ?? "marked above",
    copy.querySelector("a").getAttribute("href"),
    copy.querySelector(".outside").getAttribute("href"),
    copy.querySelector("a").textContent.trim().replace(/\\s+/g, " "),
    copy.textContent.trim().replace(/\\s+/g, " ").split(": ")[0],
  ]),
}))"""


def entry(album, *copies):
    """What an album's entry holds: instance, release and text of each copy; 0 is a milestone."""
    title = f"Album {album}"
    return {
        "title": title,
        "credit": "Ann",
        "copies": [
            [
                str(2_173_236_000 + instance) if instance else "marked above",
                f"all/#record={2_173_236_000 + (instance or 1)}",
                f"https://www.discogs.com/release/{release}",
                text,
                f"{title}, Ann",
            ]
            for instance, release, text in copies
        ],
    }


def test_what_is_there_more_than_once_is_told(tab):
    first = "2×Vinyl, LP · 1979 · Factory FACT 10"

    assert tab.locator(".doubles-head p").text_content() == (
        "1 record is here more than once: 2 copies. "
        "6 albums are here in more than one pressing: 12 copies."
    )
    assert tab.evaluate(COPIES) == [
        entry(1, (0, 71, f"{first}, one of several copies"), (2, 71, f"{first} second copy")),
        *(
            entry(
                album,
                (album * 10, album * 100, first),
                (album * 10 + 1, album * 100 + 1, "CD · year unknown"),
            )
            for album in range(2, 8)
        ),
    ]


def test_five_albums_are_shown_and_the_rest_on_demand(tab):
    albums = tab.locator(".album >> visible=true")
    folded = albums.count()
    tab.locator(".doubles summary").click()

    assert (folded, albums.count()) == (5, 7)
    assert tab.locator(".doubles summary").text_content() == "2 more albums"


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
    without = {"genres", "formats", "artists", "years", "growth", "decades"}
    without = without if which == "empty" else NOTHING
    figures = page.locator("figure[data-chart]")
    boxes = page.locator(".chart-plot >> visible=true")
    said = {
        figure.get_attribute("data-chart"): figure.locator("figcaption p").inner_text()
        for figure in figures.all()
    }

    assert boxes.count() == figures.count() - len(without)
    assert all(said.values())
    assert page.locator(".doubles").count() == 0
