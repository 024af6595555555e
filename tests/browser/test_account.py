"""The account page, and what both pages tell of dates: milestones, and this day of other years."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.browser.published import PAGES, source
from tests.browser.quality import View, visit
from tests.browser.shelf import artist, numbered_shelf
from tests.browser.sites import served
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


def shelf(first=ADDED[0]):
    """Twelve albums by Ann, added as above; the first perhaps on another day."""
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
        for number, day in enumerate([first, *ADDED[1:]], 1)
    ]


@pytest.fixture(scope="module", params=[360, 1440])
def width(request):
    """A phone and a desk."""
    return request.param


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the dashboard of the shelf is served."""
    directory = tmp_path_factory.mktemp("days") / "site"
    make_build(directory).run([source(shelf())], {})
    with served(directory) as address:
        yield address + PAGES["dashboard"]


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    """The same, but the first record, a milestone, was added on this very day."""
    directory = tmp_path_factory.mktemp("again") / "site"
    make_build(directory).run([source(shelf("2009-11-22"))], {})
    with served(directory) as address:
        yield address + PAGES["dashboard"]


DAY = """() => {
  const section = document.querySelector(".on-this-day");
  return [
    section.querySelector("p").textContent,
    ...[...section.querySelectorAll("[data-instance]")].map((line) => [
      [...line.querySelectorAll("p")].map((part) => part.textContent).join(": "),
      line.querySelector("a").getAttribute("href"),
      line.querySelector(".outside").href,
    ].join(" ")),
  ];
}"""
RELEASE = "https://www.discogs.com/release"


def today(shown, address):
    """What the page says of the day, once somebody has scrolled to its end."""
    shown.open(address)
    shown.tab.wait_for_selector(".on-this-day[data-shown]")
    return shown.tab.evaluate(DAY)


def test_the_day_is_told(browser, address, width):
    with visit(browser, View(width)) as shown:
        assert today(shown, address) == [
            "6 records added on 22 November, the first in 2010.",
            f"2010 16 years ago: Record 2 Ann all/#record=2173236002 {RELEASE}/5002",
            f"2012 14 years ago: Record 4 Ann all/#record=2173236004 {RELEASE}/5004",
            f"2013 13 years ago: Record 5 Ann all/#record=2173236005 {RELEASE}/5005",
        ]
        assert [shown.shifts(), shown.problems] == [[], []]


def test_a_copy_on_the_page_is_not_told_twice(browser, again):
    with visit(browser, View(360)) as shown:
        assert today(shown, again) == [
            "7 records added on 22 November, the first in 2009.",
            f"2010 16 years ago: Record 2 Ann all/#record=2173236002 {RELEASE}/5002",
            f"2012 14 years ago: Record 4 Ann all/#record=2173236004 {RELEASE}/5004",
            f"2013 13 years ago: Record 5 Ann all/#record=2173236005 {RELEASE}/5005",
        ]


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(days=1), "Nothing was added on 23 November in an earlier year."),
        (timedelta(days=-2), "Nothing was added on 20 November in an earlier year."),
        (timedelta(days=101), "Added on 3 March 2009."),
    ],
    ids=["never", "this year only", "once, and it is on the page"],
)
def test_a_day_without_more_to_show_says_so(browser, address, age, words):
    with visit(browser, View(360, age=age)) as shown:
        assert today(shown, address) == [words]
        assert shown.shifts() == []


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
def test_a_bad_file_says_nothing(browser, address, answer, width):
    with visit(browser, View(width)) as shown:
        shown.tab.route("**/days.json", lambda route: route.fulfill(**answer))
        shown.open(address)
        heading = shown.tab.get_by_role("heading", name="On this day")

        assert [heading.count(), shown.problems, shown.shifts()] == [0, [], []]


def test_the_day_waits_until_somebody_comes_near(browser, published):
    with visit(browser, View(360)) as shown:
        asked = []
        shown.tab.on("request", lambda request: asked.append(request.url.split("/")[-1]))
        shown.tab.goto(published.address("sample", "dashboard"))
        shown.tab.wait_for_selector("main[data-ready]")
        glanced = "days.json" in asked
        shown.tab.evaluate("scrollTo(0, document.body.scrollHeight)")
        shown.tab.wait_for_selector(".on-this-day[data-shown]")

        assert [glanced, "days.json" in asked] == [False, True]


MILESTONES = """() => [...document.querySelectorAll(".milestones .moment")].map((line) =>
  [...line.querySelectorAll("p")].map((part) => part.textContent).join(": "))"""


def test_a_milestone_is_told(browser, address, tmp_path):
    with visit(browser, View(360)) as shown:
        shown.open(address)
        assert shown.tab.evaluate(MILESTONES) == ["1st record 3 March 2009: Record 1 Ann"]
        shown.open(address.removesuffix("collection/"))
        assert shown.tab.locator(".record-milestone").count() == 0
    make_build(tmp_path / "site").run([source(shelf()[:2])], {})
    with served(tmp_path / "site") as few, visit(browser, View(360)) as shown:
        shown.open(few + PAGES["account"])
        assert shown.tab.locator(".record").last.locator(".record-facts").inner_text() == (
            "Vinyl, 1997\nAdded 3 March 2009\n1st record"
        )


NEWER = str(shelf()[0]["instance_id"])
"""The first record's own copy: one with a smaller number was there before it."""


def test_a_copy_is_marked_once_though_told_twice(browser, tmp_path):
    twice = [*shelf(), shelf()[0] | {"instance_id": 4711}]
    make_build(tmp_path / "site").run([source(twice)], {})
    with served(tmp_path / "site") as few, visit(browser, View(360)) as shown:
        shown.open(few + PAGES["dashboard"])
        marked = shown.tab.evaluate(
            "() => [...document.querySelectorAll('[data-instance]')]"
            ".map((one) => [one.dataset.instance, one.className])"
        )

        assert [name for name, kind in marked if kind == "album-copy"] == [NEWER]
        assert len({name for name, _ in marked}) == len(marked)
        assert shown.tab.locator(".album-copy").count() == 2


ORDER = (
    """(parts) => parts.map((part) => document.querySelector(part).getBoundingClientRect().top)"""
)


def test_in_one_hand_the_covers_come_first(browser, published):
    parts = [".wall", ".actions", ".totals", ".gatefold-notes"]
    with visit(browser, View(360)) as shown:
        shown.open(published.address("sample", "account"))
        tops = shown.tab.evaluate(ORDER, parts)
        assert tops == sorted(tops)
    with visit(browser, View(1440)) as shown:
        shown.open(published.address("sample", "account"))
        totals, actions, wall, notes = (
            shown.tab.evaluate(ORDER, [part])[0]
            for part in (".totals", ".actions", ".wall", ".gatefold-notes")
        )
        assert totals < actions < wall < notes


@pytest.mark.parametrize("page", ["index", "account"])
def test_a_picture_that_fails_leaves_the_drawn_sleeve(browser, published, page):
    with visit(browser, View(1440)) as shown:
        shown.tab.route("**/*.jpeg", lambda route: route.abort())
        shown.open(published.address("sample", page))
        shown.tab.wait_for_function("() => document.images.length === 0")

        assert shown.tab.locator(".cover").count() == (3 if page == "index" else 6)


@pytest.mark.parametrize(
    ("known", "sentences"),
    [
        (0, []),
        (2, ["The original year is known for 2 of 3 albums."]),
        (3, ["The original year is known for every album."]),
    ],
)
def test_it_says_how_complete_the_original_years_are(tmp_path, browser, known, sentences):
    made = source(shelf()[:3])
    masters = {801 + at: make_master(801 + at) for at in range(known)}
    make_build(tmp_path / "site").run([replace(made, masters=masters)], {})
    with served(tmp_path / "site") as address, visit(browser, View(360)) as shown:
        shown.open(address + PAGES["account"])
        meters = shown.tab.evaluate(
            "() => [...document.querySelectorAll('meter')].map((one) => [one.value, one.max])"
        )

        assert shown.tab.locator("#original").all_inner_texts() == sentences
        assert meters == ([[known, 3]] if known else [])


def test_numbered_records_have_drawn_sleeves(browser, published):
    albums = {item["basic_information"]["master_id"] for item in numbered_shelf()[:6]}
    with visit(browser, View(360)) as shown:
        shown.open(published.address("six", "account"))

        assert shown.tab.locator(".wall .cover-disc").count() == len(albums)
