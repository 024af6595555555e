"""Home: the newest records, this day of other years, and the front page of one account."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.browser.published import PAGES, source
from tests.browser.quality import View, visit
from tests.browser.shelf import artist
from tests.browser.sites import served
from tests.browser.tabs import fresh
from tests.discogs.wire import make_item
from tests.factories import make_master
from tests.render.shelf import make_build

ADDED = [
    "2009-03-03",
    "2010-11-22",
    "2010-11-22",
    "2012-11-22",
    "2013-11-22",
    "2014-11-22",
    *(f"2026-11-{day}" for day in (16, 17, 18, 19, 20, 22)),
]
"""When the records of the shelf were added: the last six are on the wall."""


def shelf():
    """Twelve albums by Ann, added as above."""
    return [
        make_item(
            number,
            {
                "title": f"Record {number}",
                "master_id": 800 + number,
                "artists": [artist("Ann", 5)],
                "thumb": "",
                "cover_image": "",
            },
            date_added=f"{day}T12:00:00+00:00",
        )
        for number, day in enumerate(ADDED, 1)
    ]


@pytest.fixture(scope="module", params=[360, 1440])
def width(request):
    """A phone and a desk."""
    return request.param


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the home of the shelf is."""
    directory = tmp_path_factory.mktemp("days") / "site"
    make_build(directory).run([source(shelf())], {})
    with served(directory) as address:
        yield address + PAGES["account"]


DAY = """() => [...document.querySelectorAll(".on-this-day .moment")].map((line) => [
  [...line.querySelectorAll("p")].map((part) => part.textContent).join(": "),
  line.querySelector("a").getAttribute("href"),
  line.querySelector(".outside").href,
].join(" "))"""
RELEASE = "https://www.discogs.com/release"


def today(shown, address):
    """What the page shows of the day, once it has been asked for."""
    with shown.tab.expect_response("**/days.json"):
        shown.open(address)
    shown.tab.wait_for_load_state("networkidle")
    return shown.tab.evaluate(DAY)


def test_the_first_record_of_the_day_is_shown(browser, address, width):
    with visit(browser, View(width)) as shown:
        shown.open(address)
        shown.tab.wait_for_selector(".on-this-day[data-shown]")

        assert shown.tab.evaluate(DAY) == [
            f"2010 16 years ago: Record 2 Ann collection/all/#record=2173236002 {RELEASE}/5002"
        ]
        assert shown.tab.locator(".on-this-day .cover").count() == 1
        assert [shown.shifts(), shown.problems] == [[], []]


@pytest.mark.parametrize(
    "age", [timedelta(days=1), timedelta(days=-2)], ids=["never", "this year only"]
)
def test_a_day_with_nothing_to_show_is_not_mentioned(browser, address, age):
    with visit(browser, View(360, age=age)) as shown:
        assert today(shown, address) == []
        assert not shown.tab.locator(".on-this-day").is_visible()
        assert shown.shifts() == []


def test_the_front_page_of_one_account_is_its_home(browser, address):
    front = address.removesuffix(PAGES["account"])
    with visit(browser, View(1440)) as shown:
        shown.open(address)
        home = shown.tab.locator("main").inner_text()
        links = shown.tab.evaluate("() => [...document.links].map((link) => link.href)")
        shown.open(front)
        again = shown.tab.evaluate("() => [...document.links].map((link) => link.href)")

        assert shown.tab.locator("main").inner_text() == home
        assert [link.replace(PAGES["account"], "") for link in again[2:]] == [
            link.replace(PAGES["account"], "") for link in links[2:]
        ]


@pytest.mark.parametrize(
    "answer",
    [
        {"body": "no JSON"},
        {"body": '{"schema": 2}'},
        {"body": '{"days": {"11-22": {"copies": 2}}}'},
        {"status": 404},
    ],
    ids=["broken", "of another kind", "incomplete", "not there"],
)
def test_a_bad_file_says_nothing(browser, address, answer):
    with visit(browser, View(360)) as shown:
        shown.tab.route("**/days.json", lambda route: route.fulfill(**answer))
        shown.open(address)
        heading = shown.tab.get_by_role("heading", name="On this day")

        assert [heading.count(), shown.problems, shown.shifts()] == [0, [], []]


def test_the_newest_is_the_hero_and_five_more_follow(browser, address):
    with visit(browser, View(1440)) as shown:
        shown.open(address)
        hero, others = shown.tab.locator(".hero"), shown.tab.locator(".rail .record-title")

        assert hero.locator(".hero-title").inner_text() == "Record 12"
        assert hero.locator(".record-disc").get_attribute("data-kind") == "vinyl"
        assert others.all_inner_texts() == [f"Record {number}" for number in range(11, 6, -1)]
        assert shown.tab.locator(".strip .cover").count() == 6
        assert shown.tab.locator(".home-head p").inner_text() == (
            "12 records by 1 artist, collected since March 2009. 6 added in 2026."
        )


def test_surprise_me_opens_a_record(browser, address):
    with visit(browser, View(1440)) as shown:
        shown.open(address)
        shown.tab.get_by_role("link", name="Surprise me").click()
        shown.tab.wait_for_selector("dialog[open] h2")

        assert "#record=" in shown.tab.url


@pytest.mark.parametrize("page", ["index", "account"])
def test_a_picture_that_fails_leaves_the_drawn_sleeve(browser, published, page):
    with visit(browser, View(1440)) as shown:
        shown.tab.route("**/*.jpeg", lambda route: route.abort())
        shown.open(published.address("sample", page))
        shown.tab.evaluate("for (const each of document.images) each.loading = 'eager'")
        shown.tab.wait_for_function("() => document.querySelectorAll('.cover img').length === 0")

        assert shown.tab.locator(".cover").count() == 78


@pytest.mark.parametrize(
    ("known", "sentences"),
    [
        (0, []),
        (2, ["The original year is known for 2 of 3 albums."]),
        (3, ["The original year is known for every album."]),
    ],
)
def test_stats_say_how_complete_the_original_years_are(tmp_path, browser, known, sentences):
    made = source(shelf()[:3])
    masters = {801 + at: make_master(801 + at) for at in range(known)}
    make_build(tmp_path / "site").run([replace(made, masters=masters)], {})
    with served(tmp_path / "site") as address, visit(browser, View(360)) as shown:
        shown.open(address + PAGES["dashboard"])

        assert shown.tab.locator("#original").all_inner_texts() == sentences
        assert shown.tab.locator(".facts > p").first.inner_text() == (
            "Read whole on 22 November 2026, 14:18 UTC: 3 of 3 records."
        )


HEADING = """() => {
  const range = document.createRange();
  range.selectNodeContents(document.querySelector("h1"));
  return range.getBoundingClientRect().width;
}"""


def test_the_wide_typeface_arrives_however_late(browser, published):
    held = []

    def hold(route):
        held.append(route)

    with fresh(browser) as tab:
        tab.page.route("**/fonts/**", hold)
        tab.page.goto(published.address("twelve", "account"), wait_until="domcontentloaded")
        tab.page.wait_for_selector("main[data-ready]")
        tab.page.wait_for_timeout(200)  # longer than a typeface may hold up the first frame
        fallback = tab.page.evaluate(HEADING)
        for route in held:
            route.continue_()
        tab.page.wait_for_function(f"before => ({HEADING})() !== before", arg=fallback)
        assert tab.problems == []
