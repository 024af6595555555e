"""The pages without scripts, on paper, and in colours that the system imposes."""

from datetime import timedelta
from itertools import product

import pytest

from tests.browser.quality import UNFOLD, View, visit

PAGES = ("index", "account", "dashboard", "list")
VIEWS = [
    *product(("hostile", "none"), PAGES, (360,)),
    *product(("sample",), PAGES, (1440,)),
    ("one", "dashboard", 360),
    ("sample", "404", 360),
    ("none", "404", 360),
]
OUTPUTS = {"paper": {"media": "print"}, "imposed colours": {"forced_colors": "active"}}


def named(view):
    return "-".join(map(str, view))


@pytest.fixture(scope="module", params=VIEWS, ids=named)
def plain(request, browser, published):
    """A page in a browser that runs no scripts, long after the reading."""
    collection, page, width = request.param
    with visit(browser, View(width, age=timedelta(hours=9), scripts=False)) as shown:
        shown.tab.goto(published.address(collection, page))
        yield shown


def test_everything_can_be_read_without_scripts(plain):
    assert plain.look("untold", "lostLinks") == []


def test_no_control_is_dead_without_scripts(plain):
    assert plain.look("dead") == []


def test_the_layout_holds_without_scripts(plain):
    assert plain.look("sticking", "cutOff", "overlapping", "fingers") == []


def test_nothing_goes_wrong_without_scripts(plain):
    assert plain.problems == []


@pytest.mark.parametrize("page", ["account", "dashboard", "list"])
def test_the_age_is_told_without_scripts(browser, published, page):
    with visit(browser, View(age=timedelta(hours=9), scripts=False)) as shown:
        shown.tab.goto(published.address("twelve", page))
        freshness = shown.tab.locator(".freshness")

        assert freshness.inner_text().strip() == "Updated 22 November 2026, 14:18 UTC"
        assert freshness.locator("time").get_attribute("datetime") == "2026-11-22T14:18:42Z"


@pytest.fixture(
    scope="module",
    params=list(product(("hostile", "sample"), ("account", "dashboard", "list"))),
    ids=named,
)
def page(request, browser, published):
    """A page as a screen shows it."""
    with visit(browser, View(768)) as shown:
        shown.open(published.address(*request.param))
        yield shown


@pytest.mark.parametrize("output", OUTPUTS)
def test_everything_can_be_read_elsewhere_than_on_a_screen(page, output):
    if output != "paper":
        page.tab.evaluate(UNFOLD)
    page.tab.emulate_media(**OUTPUTS[output])
    found = page.look("untold", "sticking", "cutOff", "overlapping")
    page.tab.emulate_media(media="null", forced_colors="null")

    assert [found, page.problems] == [[], []]
