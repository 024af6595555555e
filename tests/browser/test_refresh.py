"""The way to a sync rests until one is possible, for every hand, and says how long."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from generator.derive.pages import AccountContent, SiteView
from tests.browser.published import PAGES, source
from tests.browser.quality import WITNESS, View, visit
from tests.browser.shelf import numbered_shelf
from tests.browser.sites import SYNCED_AT, served
from tests.browser.tabs import fresh
from tests.render.shelf import make_build

RUNS = "https://github.com/owner/records/actions/workflows/publish.yml"
POSSIBLE = SYNCED_AT + timedelta(hours=4)


@contextmanager
def dashboard(browser, address, before, width=360):
    """The dashboard in a tab whose clock stands still, so long before a sync is possible."""
    with fresh(browser, size=(width, 740), script=WITNESS) as opened:
        tab = opened.page
        tab.context.route(RUNS, lambda route: route.fulfill(body="the runs"))
        tab.clock.install(time=POSSIBLE - before - timedelta(minutes=1))
        tab.goto(address)
        tab.wait_for_selector("main[data-ready]")
        tab.clock.pause_at(POSSIBLE - before)
        yield tab


def state(tab):
    """What the control says of itself."""
    link = tab.locator(".refresh a")
    return [link.get_attribute("aria-disabled"), tab.locator(".refresh").inner_text()]


def resting(words):
    return ["true", f"Refresh\nNext sync possible in {words}"]


def test_it_counts_the_minutes(browser, published):
    address = published.address("twelve", "dashboard")
    with dashboard(browser, address, timedelta(hours=3, minutes=18)) as tab:
        first = state(tab)
        tab.clock.run_for(60_000)
        second = state(tab)
        tab.clock.run_for(3 * 3_600_000 + 16 * 60_000)
        last = state(tab)
        tab.clock.run_for(60_000)
        over = state(tab)
        moved = tab.evaluate("witness.shifts")

    assert [first, second, last] == [resting(one) for one in ("3 h 18 min", "3 h 17 min", "1 min")]
    assert over == [None, "Refresh"]
    assert moved == []


@pytest.mark.parametrize("press", ["click", "Enter", "middle"])
def test_it_leads_nowhere_while_it_rests(browser, published, press):
    address = published.address("twelve", "dashboard")
    with dashboard(browser, address, timedelta(hours=1), 1440) as tab:
        pressed(tab, press)

        assert [one.url for one in tab.context.pages] == [address]
        assert tab.locator(".refresh a").get_attribute("aria-describedby") == "refresh-next"


@pytest.mark.parametrize("press", ["click", "Enter"])
def test_it_leads_to_the_runs_once_possible(browser, published, press):
    address = published.address("twelve", "dashboard")
    with dashboard(browser, address, timedelta(seconds=-1), 1440) as tab:
        described = tab.locator(".refresh a").get_attribute("aria-describedby")
        pressed(tab, press)
        tab.wait_for_url(RUNS)

        assert [described, tab.url] == [None, RUNS]


def pressed(tab, how):
    """Press the control with the pointer or with a key."""
    link = tab.locator(".refresh a")
    if how == "Enter":
        link.press("Enter")
    else:
        link.click(button="middle" if how == "middle" else "left", force=True)


def test_without_scripts_it_tells_the_moment(browser, published):
    with visit(browser, View(360, scripts=False)) as shown:
        shown.tab.goto(published.address("twelve", "dashboard"))

        assert state(shown.tab) == [
            None,
            "Refresh\nNext sync possible 22 November 2026, 18:18 UTC",
        ]
        assert shown.tab.locator(".refresh a").get_attribute("href") == RUNS


@pytest.mark.parametrize(
    ("repository", "next_sync", "shown"),
    [("", POSSIBLE, []), ("owner/records", None, [[None, "Refresh"]])],
    ids=["without a repository", "without a cooldown"],
)
def test_it_is_there_when_it_can_work(browser, tmp_path, repository, next_sync, shown):
    snapshot = source(numbered_shelf()[:1]).snapshot
    site = SiteView(repository=repository)
    make_build(tmp_path / "site", site).run([AccountContent(snapshot, next_sync=next_sync)], {})
    with served(tmp_path / "site") as address, visit(browser, View(360)) as found:
        found.open(address + PAGES["dashboard"])

        assert [state(found.tab) for _ in found.tab.locator(".refresh").all()] == shown
