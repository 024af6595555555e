"""Rows and covers: the same records, looked at in two ways; and what a line offers."""

import pytest
from playwright.sync_api import expect

from tests.browser.quality import WITNESS
from tests.browser.shelf import numbered_shelf
from tests.browser.sites import COVER, COVERED, COVERS, built_site, served, tab, titles

SETTLED = """async () => {
  await document.fonts.ready;
  for (let frames = 0; frames < 4; frames += 1) await new Promise(requestAnimationFrame);
  return witness.shifts;
}"""
COLUMNS = """() => new Set([...document.querySelectorAll("[data-results] > *")]
  .slice(0, 12).map((row) => Math.round(row.getBoundingClientRect().left))).size"""
MARKS = """(names) => JSON.stringify(names) === JSON.stringify(
  [...document.querySelectorAll(".wall-scrubber button")].map((mark) => mark.textContent))"""
TOP = "(tile) => tile.getBoundingClientRect().top"


def test_covers_are_the_same_elements(shown):
    shown.tab.evaluate(
        "document.querySelectorAll('[data-instance]').forEach((row, at) => (row.mark = at))"
    )
    shown.press("Covers")

    assert titles(shown.read()) == list(range(80, 55, -1))
    assert shown.tab.evaluate(
        "[...document.querySelectorAll('[data-instance]')].every((row, at) => row.mark === at)"
    )
    pressed = shown.tab.locator('button[data-part="covers"]')
    assert pressed.get_attribute("aria-pressed") == "true"
    assert pressed.evaluate("button => button === document.activeElement")
    assert shown.tab.locator('button[data-part="rows"]').get_attribute("aria-pressed") == "false"


def test_the_view_is_remembered_from_the_first_paint(shown):
    shown.press("Covers")
    assert shown.query == "?view=covers"
    shown.tab.goto(shown.address)
    shown.tab.route("**/list.js", lambda route: route.abort())
    shown.tab.reload()

    assert shown.tab.evaluate("document.documentElement.dataset.view") == "covers"
    assert shown.tab.evaluate(COLUMNS) == 4


def test_comfortable_rows_are_remembered_from_the_first_paint(shown):
    sleeve = shown.tab.locator("[data-results] .cover").first
    button = shown.tab.get_by_role("button", name="Comfortable rows")

    def sizes():
        return [sleeve.bounding_box()["width"], button.get_attribute("aria-pressed")]

    assert sizes() == [68, "false"]
    button.click()
    assert sizes() == [110.5, "true"]
    shown.tab.route("**/list.js", lambda route: route.abort())
    shown.tab.reload()
    assert sleeve.bounding_box()["width"] == 110.5

    shown.tab.unroute("**/list.js")
    shown.open()
    assert sizes() == [110.5, "true"]
    button.click()
    assert sizes() == [68, "false"]
    shown.press("Covers")
    assert not button.is_visible()


@pytest.mark.parametrize(("width", "columns"), [(360, 2), (768, 3), (1440, 5)])
def test_the_wall_has_as_many_columns_as_fit(browser, address, width, columns):
    with tab(browser, address, size=(width, 900)) as shown:
        shown.open()
        shown.press("Covers")

        assert shown.tab.evaluate(COLUMNS) == columns
        assert shown.tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("view", ["rows", "covers"])
@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_moves_when_the_page_wakes_up(browser, address, view, width):
    kept = f"localStorage.setItem('gatefold-view', '{view}');"
    with tab(browser, address, size=(width, 900), script=kept + WITNESS) as shown:
        shown.open()

        assert shown.tab.evaluate(SETTLED) == []


@pytest.mark.parametrize("view", ["rows", "covers"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_line_opens_the_record_and_links_to_discogs(browser, address, view, width):
    kept = f"localStorage.setItem('gatefold-view', '{view}')"
    with tab(browser, address, size=(width, 900), script=kept) as shown:
        shown.open()
        line = shown.tab.locator('[data-instance="2173236079"]')
        line.scroll_into_view_if_needed()
        hit = """(part) => {
          const { left, top, width, height } = part.getBoundingClientRect();
          const there = document.elementFromPoint(left + width / 2, top + height / 2);
          return there.closest("a, button").className;
        }"""

        assert line.get_by_role("button").get_attribute("aria-label") == "Record 79, details"
        link = line.get_by_role("link", name="Record 79 on Discogs")
        assert link.get_attribute("href") == "https://www.discogs.com/release/5079"
        assert link.evaluate(hit) == "row-link"
        assert line.locator(".row-title").evaluate(hit) == "row-open"
        assert line.locator(".cover").evaluate(hit) == "row-open"
        assert link.bounding_box()["height"] >= (24 if width > 768 else 44)


def test_a_line_that_shows_another_record_forgets_the_first(shown):
    shown.search("needle")
    shown.ask("?q=needle&sort=added-asc")
    line = shown.tab.locator("[data-results] > *").first

    assert titles(shown.read()) == [20, 40, 60, 80]
    assert line.get_attribute("data-instance") == "2173236020"
    assert line.get_by_role("button").get_attribute("aria-label") == "Record 20, details"
    assert line.locator(".cover-title").text_content() == "Record 20"
    assert line.locator(".row-link").get_attribute("aria-label") == "Record 20 on Discogs"
    assert line.locator(".row-link").get_attribute("href").endswith("/release/5020")


def test_a_cover_never_stays_on_another_record(browser, covered):
    with served(covered) as address, tab(browser, address) as shown:
        shown.tab.route("https://i.discogs.com/**", lambda route: route.fulfill(**COVER))
        shown.open()
        for query in ("?sort=artist", "?q=record+1", "?page=2", "?sort=title&page=3"):
            shown.ask(query)
            shown.tab.wait_for_function(COVERED)

            for title, covers in shown.tab.evaluate(COVERS):
                number = int(title.removeprefix("Record "))
                assert covers == ([f"https://i.discogs.com/{number}.jpeg"] if number % 2 else [])


def test_the_view_is_in_the_address_and_wins_over_the_last_choice(shown):
    shown.press("Wall")
    assert shown.query == "?view=wall"
    expect(shown.tab.locator("[data-results] > .tile")).to_have_count(80)
    assert [shown.read()["total"], shown.tab.locator("nav.pagination").is_visible()] == [80, False]

    shown.open("?genre=Jazz&view=covers")
    assert shown.tab.evaluate("document.documentElement.dataset.view") == "covers"
    shown.press("Rows")
    assert shown.query == "?genre=Jazz"
    assert shown.read()["total"] == 50
    assert len(shown.read()["rows"]) == 25


def test_the_wall_shows_every_sleeve_of_the_result_and_names_one(shown):
    shown.open("?q=needle&sort=added-asc&view=wall")
    tiles = shown.tab.locator("[data-results] > .tile")
    assert [row["title"] for row in shown.read()["rows"]] == [None] * 4
    assert [tile.text_content() for tile in tiles.all()] == [
        f"Record {number}, NeedleDiscogs" for number in (20, 40, 60, 80)
    ]
    tiles.nth(1).hover()
    assert shown.tab.locator(".wall-name").text_content() == "Record 40 · Needle"

    tiles.nth(2).locator("button").click()
    assert shown.tab.get_by_role("dialog").get_by_role("heading").first.inner_text() == "Record 60"
    shown.tab.go_back()
    assert tiles.count() == 4
    shown.search("zzz")
    assert [tiles.count(), shown.read()["total"]] == [0, 0]


def test_shuffle_opens_one_record_of_the_result(shown):
    shown.search("needle")
    found = set()
    shown.press("Shuffle")
    for _ in range(12):
        found.add(shown.tab.get_by_role("dialog").get_by_role("heading").first.inner_text())
        shown.tab.get_by_role("dialog").get_by_role("button", name="Shuffle").click()

    assert found <= {f"Record {number}" for number in (20, 40, 60, 80)}
    assert len(found) > 1
    assert shown.tab.title().startswith("Record ")
    shown.tab.keyboard.press("Escape")
    shown.tab.wait_for_function("() => location.hash === ''")
    assert [shown.query, shown.read()["total"]] == ["?q=needle", 4]
    assert shown.tab.title().startswith("All records")


def test_links_in_rows_lead_to_their_records_without_loading_the_page(shown):
    shown.tab.evaluate("globalThis.same = true")
    shown.tab.locator("[data-results] > *").first.locator(".row-credit a").click()
    assert [shown.query, shown.read()["total"]] == ["?artist=1", 80]
    assert shown.read()["chips"] == ["Artist: Groove"]
    shown.tab.go_back()
    assert [shown.query, shown.read()["total"]] == ["", 80]
    shown.tab.locator("[data-results] > *").first.locator(".row-year a").click()
    assert shown.query == "?year=1997"
    assert shown.tab.evaluate("same")


def test_the_scrubber_leads_along_the_wall(browser, tmp_path):
    items = numbered_shelf()
    for number, item in enumerate(items):
        item["basic_information"]["year"] = 1978 + number // 4
    site = built_site(tmp_path, items)
    with served(site) as address, tab(browser, address, size=(360, 500)) as shown:
        shown.open("?view=wall&sort=year")
        scrubber = shown.tab.get_by_role("navigation", name="Jump to")
        scrubber.get_by_role("button", name="1990s").click()
        assert scrubber.get_by_role("button").all_inner_texts() == ["1970s", "1980s", "1990s"]
        assert 0 <= shown.tab.locator(".tile").nth(48).evaluate(TOP) < 200

        shown.tab.keyboard.press("ArrowUp")
        shown.tab.keyboard.press("Enter")
        assert 0 <= shown.tab.locator(".tile").nth(8).evaluate(TOP) < 200

        shown.ask("?view=wall&year=1978&year=1997&sort=year")
        shown.tab.wait_for_function(MARKS, arg=["1970s", "1990s"])
        shown.ask("?view=wall&year=1978&year=1997&sort=title")
        shown.tab.wait_for_function(MARKS, arg=["R"])

        shown.open("?view=wall&q=record+80")
        shown.tab.locator(".tile").first.wait_for()
        assert not scrubber.is_visible()


@pytest.mark.parametrize("query", ["", "?genre=Rock&genre=Jazz&format=CD&decade=1990s"])
@pytest.mark.parametrize(("size", "most"), [((1440, 900), 150), ((360, 780), 190)])
def test_the_first_record_is_high_on_the_page(browser, address, size, most, query):
    with tab(browser, address, size=size) as shown:
        shown.open(query)

        assert shown.tab.locator("[data-results] > *").first.bounding_box()["y"] <= most


def test_the_first_record_is_a_few_tab_stops_away(shown):
    stops = 0
    while not shown.tab.evaluate("document.activeElement.matches('[data-results] *')"):
        stops += 1
        assert stops <= 12
        shown.tab.keyboard.press("Tab")
        if shown.tab.evaluate("document.activeElement.hash") == "#records":
            shown.tab.keyboard.press("Enter")


@pytest.mark.parametrize("width", [360, 960, 1440])
def test_the_bar_keeps_its_height_whatever_is_chosen(browser, address, width):
    heights = []
    with tab(browser, address, size=(width, 900)) as shown:
        for query in ("", "?q=needle", "?genre=Rock&genre=Jazz&style=-Dub&format=CD&decade=1990s"):
            shown.open(query)
            heights.append(shown.tab.locator(".toolbar").bounding_box()["height"])
        shown.press("Random")
        heights.append(shown.tab.locator(".toolbar").bounding_box()["height"])

    assert heights == [heights[0]] * 4
    assert heights[0] < 100


@pytest.mark.parametrize("width", [360, 1440])
def test_a_page_begins_below_the_bar(browser, address, width):
    with tab(browser, address, size=(width, 780)) as shown:
        shown.open()
        for turn in ("Next", "Previous"):
            shown.press(turn)
            bar = shown.tab.locator(".toolbar").bounding_box()
            top = shown.tab.locator("[data-results] > *").first.bounding_box()["y"]

            assert bar["y"] + bar["height"] <= top < 120


def test_the_tab_of_the_wall_is_in_sight_on_a_phone(browser, address):
    with tab(browser, address, size=(320, 500)) as shown:
        shown.open("?view=wall")
        name = shown.tab.locator(".masthead [aria-current]")
        theme = shown.tab.locator(".masthead .theme")
        box, end = name.bounding_box(), theme.bounding_box()["x"]

        assert name.inner_text() == "Wall"
        assert box["x"] + box["width"] <= end
