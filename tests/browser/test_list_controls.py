"""The list answers to its controls, with a mouse, keys, one hand, and without scripts."""

import re

from playwright.sync_api import expect

from tests.browser.shelf import handmade_shelf
from tests.browser.sites import COVER, COVERED, LIST, built_site, served, tab, titles


def test_the_list_opens_with_the_newest(shown):
    read = shown.read()

    assert titles(read) == list(range(80, 55, -1))
    assert [read["total"], read["place"], read["chips"]] == [80, "Page 1 of 4", []]
    assert [read["search"], read["sort"], read["paging"]] == ["", "added", True]
    assert shown.query == ""


def test_typing_searches_from_the_first_letter(shown):
    shown.open("?page=3")
    before = shown.tab.evaluate("history.length")
    totals: list[int] = []
    for letter in "needle 4":
        shown.tab.locator("input[type=search]").press(letter)
        totals.append(shown.read()["total"])

    assert totals == [80, 4, 4, 4, 4, 4, 4, 1]
    assert shown.query == "?q=needle+4"
    assert shown.tab.evaluate("history.length") == before
    assert shown.tab.evaluate("document.activeElement.type") == "search"


def test_a_value_is_included_and_taken_off_again(shown):
    shown.open("?page=2")
    rock = shown.tab.locator('[data-facet="genre"] .facet-include', has_text="Rock")
    rock.click()

    assert shown.query == "?genre=Rock"
    assert titles(shown.read()) == list(range(30, 5, -1))
    assert rock.get_attribute("aria-pressed") == "true"
    assert rock.evaluate("button => button === document.activeElement")
    rock.press("Enter")
    assert shown.query == ""
    assert rock.get_attribute("aria-pressed") == "false"
    assert shown.read()["total"] == 80


def test_a_value_is_excluded_by_its_minus(shown):
    shown.tab.locator(".facet-include", has_text="Rock").click()
    shown.press("Exclude Rock")

    assert shown.query == "?genre=-Rock"
    assert shown.read()["total"] == 50
    assert shown.read()["chips"] == ["Genre: not Rock"]


def test_the_numbers_follow_the_other_filters(shown):
    numbers = shown.ask("?genre=Rock&format=CD")["numbers"]

    assert numbers == [
        ["genre", "Jazz", 13],
        ["genre", "Rock", 7],
        ["format", "Vinyl", 23],
        ["format", "CD", 7],
        ["decade", "1990s", 7],
    ]


def test_chips_and_filters_have_the_same_colours(shown):
    shown.open("?genre=Rock&format=CD&decade=1990s")
    dots = """(selector) => Array.from(document.querySelectorAll(selector), (each) =>
      getComputedStyle(each.querySelector("bdi"), "::before").backgroundColor)"""
    chips = shown.tab.evaluate(dots, ".chip[data-tone]")
    filters = shown.tab.evaluate(dots, ".facet-value[data-tone]:has([aria-pressed=true])")

    assert chips == filters == ["rgb(51, 102, 159)", "rgb(63, 115, 145)"]


def test_a_chip_is_removed(shown):
    shown.open("?genre=Rock&format=CD&decade=1990s")
    shown.press("Remove Format: CD")

    assert shown.query == "?genre=Rock&decade=1990s"
    assert shown.tab.evaluate("document.activeElement.textContent") == "Decade: 1990s"


def test_a_row_keeps_its_element_while_its_copy_is_shown(shown):
    link = shown.tab.locator('[data-instance="2173236080"] .row-link')
    link.focus()
    shown.tab.evaluate(
        """() => {
          const search = document.querySelector("input[type=search]");
          search.value = "needle";
          search.dispatchEvent(new Event("input"));
        }"""
    )

    assert titles(shown.read()) == [80, 60, 40, 20]
    assert link.evaluate("link => link === document.activeElement")


def test_the_focus_is_never_lost(shown):
    shown.open("?page=3")
    shown.tab.get_by_role("button", name="Next", exact=True).press("Enter")

    assert shown.read()["place"] == "Page 4 of 4"
    assert shown.tab.evaluate("document.activeElement.className") == "list-body"


def test_the_status_is_told_once_typing_rests(shown):
    status = shown.tab.get_by_role("status")
    shown.search("needle")

    assert status.get_attribute("data-count") == "4"
    expect(status).to_have_text("4 of 80 records, page 1 of 1")


def test_in_one_hand_the_filters_come_up_in_a_sheet(browser, address):
    with tab(browser, address, size=(360, 780), has_touch=True) as shown:
        shown.open()
        opener = shown.tab.locator('[data-part="open"]')
        assert not shown.tab.locator(".facet").first.is_visible()
        opener.tap()
        shown.tab.get_by_role("dialog").locator("summary").first.tap()
        shown.tab.get_by_role("dialog").locator(".facet-include", has_text="Rock").tap()
        shown.press("Show 30 records")

        assert not shown.tab.get_by_role("dialog").is_visible()
        assert opener.inner_text() == "Filters (1)"
        assert shown.query == "?genre=Rock"
        assert opener.evaluate("button => button === document.activeElement")


def test_without_scripts_nothing_is_dead(browser, address):
    with tab(browser, address, java_script_enabled=False) as shown:
        shown.tab.goto(shown.address)
        main = shown.tab.locator("main")

        assert main.locator("[data-results] [data-instance]").count() == 25
        assert main.get_by_role("status").get_attribute("data-count") == "80"
        controls = main.locator("button:visible, input:visible, select:visible")
        assert controls.count() > 5
        assert all(control.is_disabled() for control in controls.all())
        files = {link.get_attribute("href") for link in main.locator(".list-files a").all()}
        assert files == {"../releases.csv", "../releases.json"}


def test_the_first_page_is_the_same_with_and_without_scripts(browser, covered):
    markup = []
    for scripts in (False, True):
        with (
            served(covered) as address,
            tab(browser, address, java_script_enabled=scripts) as shown,
        ):
            shown.tab.route("https://i.discogs.com/**", lambda route: route.fulfill(**COVER))
            shown.tab.goto(shown.address)
            if scripts:
                shown.open("?genre=Rock")
                shown.press("Reset")
                shown.tab.wait_for_function(COVERED)
            rows = [row.inner_html() for row in shown.tab.locator("[data-results] > *").all()]
            plain = [re.sub("<button.*?</button>", "", " ".join(row.split())) for row in rows]
            markup.append([row.replace("> <", "><").strip() for row in plain])

    soon = [row.replace('fetchpriority="high"', 'loading="lazy"') for row in markup[0]]
    assert {place for place, row in enumerate(markup[0]) if "fetchpriority" in row} <= {0, 1, 2, 3}
    assert soon == markup[1]


def test_an_empty_collection_says_so(browser, tmp_path):
    with served(built_site(tmp_path, [])) as address, tab(browser, address) as shown:
        read = shown.open("?q=x&page=4")
        shown.press("Random")

        assert [read["total"], read["rows"], read["place"]] == [0, [], "Page 1 of 1"]
        text = shown.tab.locator('[data-part="empty"]').inner_text()
        assert text.startswith("There are no records in this collection yet.")


TALLEST = """() => Math.max(...Array.from(
  document.querySelectorAll("[data-results] > *"), (row) => row.getBoundingClientRect().height))"""


def test_hostile_text_stays_text(browser, tmp_path):
    with served(built_site(tmp_path, handmade_shelf())) as address, tab(browser, address) as shown:
        shown.open("?sort=artist")
        shown.tab.evaluate(
            "for (let i = 0; i < 9; i++) document.querySelector('[data-part=next]').click()"
        )

        assert shown.tab.title() == "All records of shelf · Gatefold"
        assert shown.tab.locator("main script:not(#collection)").count() == 0
        for width in (1440, 360):
            shown.tab.set_viewport_size({"width": width, "height": 800})
            for view in ("Covers", "Rows"):
                shown.press(view)
                for place in ("?sort=title", "?sort=artist", "?q=n&sort=artist", "?q=script"):
                    shown.ask(place)
                    assert shown.tab.evaluate("document.documentElement.scrollWidth") <= width
                    assert shown.tab.evaluate(TALLEST) < 700
        assert LIST in shown.tab.url
