"""A plain collection of 80 copies and its list in a browser, and the sites of five others."""

import pytest

from tests.browser.published import publishing
from tests.browser.shelf import numbered_shelf
from tests.browser.sites import built_site, served, tab


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Where the site of the 80 copies is served."""
    with served(built_site(tmp_path_factory.mktemp("numbered"), numbered_shelf())) as address:
        yield address


@pytest.fixture(scope="session")
def covered(tmp_path_factory):
    """The site of the 80 copies; the odd ones have a small cover."""
    items = numbered_shelf()
    for number, item in enumerate(items, 1):
        if number % 2:
            item["basic_information"]["thumb"] = f"https://i.discogs.com/{number}.jpeg"
    return built_site(tmp_path_factory.mktemp("covered"), items)


@pytest.fixture
def shown(browser, address):
    """The list of the 80 copies, freshly loaded."""
    with tab(browser, address) as shown:
        shown.open()
        yield shown


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """The sites of five collections, each built when it is first visited."""
    with publishing(tmp_path_factory.mktemp("published")) as sites:
        yield sites
