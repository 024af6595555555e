"""The list's state is its address: it survives what the original lost it by."""

from collections import Counter

import pytest

from tests.browser.sites import titles


def test_turning_pages_pushes_history(shown):
    shown.press("Next")
    shown.press("Next")
    assert [shown.query, titles(shown.read())[0]] == ["?page=3", 30]
    shown.press("Previous")
    assert [shown.query, titles(shown.read())[0]] == ["?page=2", 55]

    shown.tab.go_back()
    assert [shown.query, shown.read()["place"]] == ["?page=3", "Page 3 of 4"]
    shown.tab.go_back()
    shown.tab.go_back()
    assert [shown.query, shown.read()["place"]] == ["", "Page 1 of 4"]
    shown.tab.go_forward()
    assert [shown.query, shown.read()["place"]] == ["?page=2", "Page 2 of 4"]


def test_back_and_forward_restore_everything(shown):
    shown.search("groove")
    shown.tab.locator(".facet-include", has_text="Jazz").click()
    shown.tab.get_by_label("Sort").select_option("title")
    first = shown.read()
    shown.press("Next")
    second = shown.read()
    shown.press("Previous")
    shown.press("Reset")
    assert shown.query == ""

    shown.tab.go_back()
    assert shown.read() == second
    shown.tab.go_back()
    assert shown.read() == first
    shown.tab.go_forward()
    shown.tab.go_forward()
    assert [shown.query, shown.read()["total"]] == ["", 80]
    assert shown.open("?genre=Jazz&q=groove&sort=title&page=2") == second


def test_a_reload_changes_nothing(shown):
    address = "?genre=Jazz&format=-CD&q=groove&sort=year-desc&page=2"
    before = shown.open(address)
    shown.tab.reload()
    shown.tab.wait_for_selector("main[data-ready]")

    assert shown.read() == before
    assert shown.query == address


def test_a_page_survives_loading(shown):
    assert titles(shown.open("?page=3")) == list(range(30, 5, -1))
    assert shown.query == "?page=3"


@pytest.mark.parametrize(
    ("asked", "place"),
    [("?page=999", "Page 4 of 4"), ("?page=0", "Page 1 of 4"), ("?page=two", "Page 1 of 4")],
)
def test_a_bad_page_is_a_page(shown, asked, place):
    assert shown.open(asked)["place"] == place


def test_the_page_count_follows_what_is_shown(shown):
    shown.open("?page=4")
    assert shown.ask("?genre=Rock&page=2")["place"] == "Page 2 of 2"
    shown.ask("?genre=Rock")
    shown.search("groove")

    assert shown.read()["place"] == "Page 1 of 2"
    assert shown.read()["total"] == 29


def test_reset_clears_the_search_text_too(shown):
    shown.open("?genre=Jazz&q=groove&sort=title&page=2")
    before = shown.tab.evaluate("history.length")
    shown.press("Random")
    shown.press("Reset")
    read = shown.read()

    assert [read["search"], read["sort"], read["chips"], shown.query] == ["", "added", [], ""]
    assert titles(read) == list(range(80, 55, -1))
    assert [read["paging"], shown.tab.evaluate("history.length")] == [True, before]


def test_an_unknown_value_is_a_chip_that_can_be_removed(shown):
    read = shown.open("?genre=Skiffle&format=CD")

    assert [read["total"], read["rows"]] == [0, []]
    assert read["chips"] == ["Genre: Skiffle (0)", "Format: CD"]
    shown.press("Remove Genre: Skiffle (0)")
    assert [shown.query, shown.read()["total"]] == ["?format=CD", 20]


def test_an_empty_result_says_what_to_remove(shown):
    shown.open("?genre=Rock&q=needle+80")
    way_out = shown.tab.locator('[data-part="empty"]')

    assert [line for line in way_out.inner_text().splitlines() if line] == [
        "Nothing matches all of these. Take one away:",
        "Genre: Rock (1 record)",
        "“needle 80” (30 records)",
    ]
    shown.press("Remove Genre: Rock (1 record)")
    assert titles(shown.read()) == [80]
    assert not way_out.is_visible()


def test_random_shows_three_of_the_result(shown):
    shown.open("?genre=Rock&page=2")
    shown.press("Random")
    picks = shown.read()

    assert [len(picks["rows"]), picks["total"], picks["paging"]] == [3, 30, False]
    assert set(titles(picks)) < set(range(1, 31))
    shown.press("Shuffle again")
    assert len(set(titles(shown.read()))) == 3
    shown.press("Show all 30")
    assert titles(shown.read()) == [5, 4, 3, 2, 1]
    assert [shown.query, shown.read()["paging"]] == ["?genre=Rock&page=2", True]


def test_random_leaves_nobody_out(shown):
    shown.open("?q=needle")
    picks = shown.tab.evaluate(
        """() => Array.from({ length: 1000 }, () => {
          document.querySelector('[data-part="random"]').click();
          return [...document.querySelectorAll("[data-results] .row-title")].map(
            (title) => Number(title.textContent.replace("Record ", "")));
        })"""
    )

    for place in range(3):
        # 1000 draws of 4: 250 each, standard deviation 13.7; six of them leave no room for chance.
        counts = Counter(pick[place] for pick in picks)
        assert set(counts) == {20, 40, 60, 80}
        assert all(168 < number < 332 for number in counts.values())


@pytest.mark.parametrize("change", ["search", "facet", "sort"])
def test_a_change_ends_the_random_picks(shown, change):
    shown.press("Random")
    if change == "search":
        shown.search("groove")
    elif change == "facet":
        shown.tab.locator(".facet-include", has_text="Vinyl").click()
    else:
        shown.tab.get_by_label("Sort").select_option("title")

    assert [len(shown.read()["rows"]), shown.read()["paging"]] == [25, True]


def test_sorting_replaces_the_history_entry(shown):
    before = shown.tab.evaluate("history.length")
    shown.tab.get_by_label("Sort").select_option("added-asc")

    assert shown.query == "?sort=added-asc"
    assert titles(shown.read()) == list(range(1, 26))
    assert shown.tab.evaluate("history.length") == before
    shown.tab.get_by_label("Sort").select_option("added")
    assert shown.query == ""


def test_damaged_data_say_so_instead_of_leaving_dead_controls(shown):
    def damaged(route):
        answer = route.fetch()
        text = answer.text().replace('"ratings":[', '"ratings":[7,', 1)
        route.fulfill(response=answer, body=text)

    shown.tab.route("**/all/", damaged)
    shown.tab.reload()
    shown.tab.wait_for_selector("main[data-ready]")

    assert shown.tab.get_by_role("alert").inner_text() == (
        "The data of this page are damaged: filters, search and sorting are off. "
        "Reload the page to try again."
    )
    assert shown.tab.locator("[data-results] [data-instance]").count() == 25
    controls = "main :is(input, select, button):not([data-component=theme]):enabled:visible"
    assert shown.tab.locator(controls).count() == 0
