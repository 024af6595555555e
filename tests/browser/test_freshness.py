"""How old the reading is: told in words that stay true, and nothing moves for it."""

from datetime import timedelta

import pytest

from tests.browser.published import source
from tests.browser.quality import WITNESS, View, visit
from tests.browser.shelf import numbered_shelf
from tests.browser.sites import SYNCED_AT, served
from tests.browser.tabs import fresh
from tests.render.shelf import make_build

LATE = "More than six hours old. See the live collection on Discogs."
LIVE = "https://www.discogs.com/user/low-tide/collection"


@pytest.mark.parametrize(
    ("page", "age", "words"),
    [
        ("account", timedelta(seconds=0), "just now"),
        ("account", timedelta(minutes=1), "1 minute ago"),
        ("account", timedelta(minutes=59), "59 minutes ago"),
        ("account", timedelta(hours=5, minutes=59), "5 hours ago"),
        ("account", timedelta(hours=6, minutes=1), "6 hours ago"),
        ("account", timedelta(days=3), "3 days ago"),
        ("dashboard", timedelta(days=1, hours=23), "47 hours ago"),
        ("list", timedelta(days=2), "2 days ago"),
    ],
)
def test_the_age_is_told_in_words(browser, published, page, age, words):
    with visit(browser, View(360, age=age)) as shown:
        shown.tab.goto(published.address("twelve", page))
        shown.tab.wait_for_selector("main[data-ready]")
        late = shown.tab.locator(".freshness .freshness-late")

        assert shown.tab.locator(".freshness-read").text_content() == f"Updated {words}"
        assert late.text_content() == LATE
        assert late.is_visible() is (age > timedelta(hours=6))
        assert late.get_by_role("link").count() == (age > timedelta(hours=6))
        assert shown.shifts() == []


def test_the_live_collection_is_one_link_away(browser, published):
    with visit(browser, View(360, age=timedelta(hours=7))) as shown:
        shown.tab.goto(published.address("twelve", "account"))
        link = shown.tab.locator(".freshness-late a")

        name = (
            shown.tab.locator(".colophon > p:not(.refresh) a").get_attribute("href").split("/")[-2]
        )
        assert link.get_attribute("href") == LIVE.replace("low-tide", name)


def test_a_late_reading_says_so_before_any_module_runs(browser, published):
    with visit(browser, View(360, age=timedelta(hours=7))) as shown:
        shown.tab.route("**/account.js", lambda route: route.abort())
        shown.tab.goto(published.address("twelve", "account"))

        assert shown.tab.locator(".freshness-late").is_visible()
        assert shown.tab.locator(".freshness-read").inner_text() == (
            "Updated 22 November 2026, 14:18 UTC"
        )


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_an_open_page_grows_old_without_moving(browser, published, width):
    with fresh(browser, size=(width, 740), script=WITNESS) as opened:
        tab = opened.page
        tab.clock.install(time=SYNCED_AT + timedelta(hours=5, minutes=59))
        tab.goto(published.address("twelve", "account"))
        tab.wait_for_selector("main[data-ready]")
        read, late = tab.locator(".freshness-read"), tab.locator(".freshness-late")
        before = [read.text_content(), late.is_visible()]
        tab.clock.run_for(121_000)
        after = [read.text_content(), late.is_visible()]
        shifts = tab.evaluate("witness.shifts")

    assert before == ["Updated 5 hours ago", False]
    assert after == ["Updated 6 hours ago", True]
    assert shifts == []


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(hours=2), "Updated 2 hours ago"),
        (timedelta(hours=7), "Updated 7 hours ago, more than six hours old"),
    ],
)
def test_the_index_tells_each_collections_age(browser, tmp_path, age, words):
    contents = [source(numbered_shelf()[:6]), source(numbered_shelf()[6:9], account="second")]
    make_build(tmp_path / "site").run(contents, {})
    with served(tmp_path / "site") as address, visit(browser, View(360, age=age)) as shown:
        shown.tab.goto(address)
        shown.tab.wait_for_selector("main[data-ready]")

        assert shown.tab.locator(".account [data-component]").all_inner_texts() == [words] * 2
        assert shown.shifts() == []
