"""The list on paper: the whole result as a catalogue, and the page as it was before."""

import pytest

from tests.browser.shelf import artist, label
from tests.browser.sites import built_site, served, tab
from tests.discogs.wire import make_item

READ = "Synced: 22 November 2026, 14:18 UTC."

KEEP = """() => addEventListener("beforeprint", () => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const texts = (selector) => all(selector).map((each) => each.textContent);
  window.printed = { head: texts(".catalogue > :not(ol)"), lines: texts(".catalogue li") };
})"""


def printed(shown):
    """What is on the paper: the heading and the lines."""
    shown.tab.evaluate(KEEP)
    assert shown.tab.pdf().startswith(b"%PDF")
    paper = shown.tab.evaluate("printed")
    return paper["head"], paper["lines"]


def test_the_whole_result_is_printed(browser, address):
    with tab(browser, address) as shown:
        shown.open("?genre=Jazz&format=-CD&q=groove&sort=added-asc&page=2")
        head, lines = printed(shown)
        numbers = [number for number in range(31, 81) if number % 4 and number % 20]

        assert head == [
            "Records of shelf",
            "Genre: Jazz",
            "Format: not CD",
            "“groove”",
            f"{len(numbers)} of 80 records. Sorted by: Oldest added. {READ}",
        ]
        assert lines == [
            f"Groove Record {number}Vinyl · Blue Note BLP 1577 · 1997" for number in numbers
        ]


def test_a_line_says_what_is_known(browser, tmp_path):
    peculiar = {
        "title": "<b>Bold</b>",
        "artists": [artist("Ann", 1, join="&"), artist("Bob (2)", 2)],
        "formats": [{"name": "CD", "qty": "2"}, {"name": "DVD", "qty": "1"}],
        "labels": [label("Odd", "O 1"), label("Warp", "none")],
        "year": 0,
    }
    bare = {"title": "Bare", "formats": [], "labels": [], "year": 1960}
    items = [make_item(2, peculiar), make_item(1, bare)]
    with served(built_site(tmp_path, items)) as address, tab(browser, address) as shown:
        shown.open()

        assert printed(shown) == (
            [
                "Records of shelf",
                f"2 records. Sorted by: Newest added. {READ}",
            ],
            ["Ann & Bob <b>Bold</b>2×CD + DVD · Odd O 1 · year unknown", "Coltrane Bare1960"],
        )


def test_the_page_is_afterwards_as_it_was(browser, address):
    with tab(browser, address) as shown:
        before = shown.open("?genre=Jazz&page=2")
        printed(shown)
        printed(shown)

        assert shown.tab.locator(".catalogue").count() == 0
        assert [shown.read(), shown.query] == [before, "?genre=Jazz&page=2"]


def test_paper_shows_the_catalogue_alone(browser, address):
    with tab(browser, address, media={"color_scheme": "dark"}) as shown:
        shown.open("?sort=title")
        shown.tab.locator('[data-part="open-record"]').first.click()
        shown.tab.emulate_media(media="print")
        shown.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        visible = shown.tab.evaluate(
            """() => [...document.querySelectorAll("h1, h2, li, button, dialog, .colophon a")]
              .filter((each) => each.checkVisibility())
              .map((each) => each.closest(".catalogue") ? "catalogue" : each.textContent)"""
        )

        assert visible == ["catalogue"] * 81 + ["Data provided by Discogs."]
        ink = "getComputedStyle(document.querySelector('.catalogue')).color"
        assert shown.tab.evaluate(ink) == "rgb(23, 20, 15)"


@pytest.mark.parametrize(("most", "end"), [(80, ""), (79, " The first 79 are printed.")])
def test_a_long_result_is_cut_and_says_so(browser, address, most, end):
    def shortened(route):
        page = route.fetch()
        body = page.text().replace('"printed":20000', f'"printed":{most}')
        route.fulfill(response=page, body=body)

    with tab(browser, address) as shown:
        shown.tab.route("**/all/?sort=added-asc", shortened)
        shown.open("?sort=added-asc")
        head, lines = printed(shown)

        assert head[-1] == f"80 records. Sorted by: Oldest added. {READ}{end}"
        assert len(lines) == most
        assert f"Record {most}Vinyl" in lines[-1].replace("CD", "Vinyl")


def test_without_scripts_the_rows_are_printed(browser, address):
    with tab(browser, address, java_script_enabled=False) as shown:
        shown.tab.goto(shown.address)
        shown.tab.emulate_media(media="print")

        assert shown.tab.locator("[data-results] > li").count() == 25
        assert shown.tab.locator("[data-results]").is_visible()
        assert shown.tab.locator(".list-files").is_visible()
        assert not shown.tab.locator("input").first.is_visible()
