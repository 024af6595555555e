"""Facets that are long, closed, or in a sheet: what is seen is always right."""

import pytest

from tests.browser.shelf import numbered_shelf
from tests.browser.sites import built_site, served, tab

STYLES = [f"Style {number:02}" for number in range(1, 40)] + ["Köln + 1"]


def styled_shelf():
    """The 80 copies: each of the 40 styles twice, so that they stand in order of their names."""
    items = numbered_shelf()
    for at, item in enumerate(items):
        item["basic_information"]["styles"] = [STYLES[at % len(STYLES)]]
    return items


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the site of the 80 copies with styles is served."""
    with served(built_site(tmp_path_factory.mktemp("styled"), styled_shelf())) as address:
        yield address


def values(shown, facet="style"):
    """The values that are seen, with their numbers."""
    lines = shown.tab.locator(f'[data-facet="{facet}"] .facet-value:not([hidden])')
    return [
        (line.locator("bdi").text_content(), int(line.locator(".facet-count").text_content()))
        for line in lines.all()
    ]


def test_only_a_long_facet_can_be_looked_through(shown):
    fields = shown.tab.locator(".facet input")

    assert [field.get_attribute("aria-label") for field in fields.all()] == ["Find in Style"]
    assert fields.get_attribute("type") == "text"
    assert shown.tab.locator("input[type=search]").count() == 1


def test_a_value_is_found_by_its_folded_text(shown):
    field = shown.tab.get_by_label("Find in Style")
    field.press_sequentially("KOLN+")
    assert values(shown) == [("Köln + 1", 2)]
    assert [shown.read()["total"], shown.query] == [80, ""]
    assert not shown.tab.get_by_role("button", name="Show all 40").is_visible()
    field.fill("e 39")
    shown.tab.locator(".facet-include", has_text="Style 39").click()
    assert [shown.read()["total"], shown.query] == [2, "?style=Style+39"]

    field.fill("")
    assert len(values(shown)) == 9
    assert values(shown)[-1] == ("Style 39", 2)


def test_all_values_are_shown_in_their_order(shown):
    button = shown.tab.get_by_role("button", name="Show all 40")
    order = [name for name, _ in values(shown)]
    button.click()
    everything = [name for name, _ in values(shown)]

    assert sorted(everything) == sorted(STYLES)
    assert everything[:8] == order
    shown.search("needle")
    assert [name for name, _ in values(shown)] == everything
    dimmed = shown.tab.locator('[data-facet="style"] .facet-value[data-share="0"]')
    assert dimmed.count() == 40 - len({STYLES[at] for at in (19, 39, 59 % 40, 79 % 40)})
    shown.tab.get_by_role("button", name="Show fewer").click()
    assert [name for name, _ in values(shown)] == order


def test_a_bar_shows_the_share_of_the_largest_number(shown):
    bars = """() => [...document.querySelectorAll('[data-facet="genre"] li')].map((line) => {
      const count = line.querySelector(".facet-count");
      const [across] = getComputedStyle(count).backgroundSize.split(" ");
      return [line.querySelector("bdi").textContent, count.textContent, across];
    })"""
    assert shown.tab.evaluate(bars) == [["Jazz", "50", "100%"], ["Rock", "30", "62.5%"]]
    shown.search("needle")
    assert shown.tab.evaluate(bars) == [["Jazz", "3", "100%"], ["Rock", "1", "37.5%"]]
    shown.search(" 80")
    assert shown.tab.evaluate(bars) == [["Jazz", "1", "100%"], ["Rock", "0", "0%"]]


def test_values_of_a_facet_can_all_be_required(browser, tmp_path):
    items = numbered_shelf()
    for item in items[::5]:
        item["basic_information"]["genres"] = ["Rock", "Jazz", "Blues"]
    with served(built_site(tmp_path, items)) as address, tab(browser, address) as shown:
        shown.open()
        group = shown.tab.locator('[data-facet="genre"]')
        everything = group.get_by_role("button", name="Must be all of these")
        found = []

        def choose(value):
            group.locator(".facet-include", has_text=value).click()
            found.append((shown.query, shown.read()["total"]))

        choose("Rock")
        assert not shown.tab.get_by_role("button", name="Must be all of these").is_visible()
        choose("Jazz")
        assert everything.get_attribute("aria-pressed") == "false"
        everything.click()
        assert everything.get_attribute("aria-pressed") == "true"
        assert shown.read()["chips"] == ["Genre: must be Rock", "Genre: must be Jazz"]
        choose("Blues")
        choose("Rock")
        everything.click()
        choose("Blues")
        choose("Jazz")

    assert found == [
        ("?genre=Rock", 40),
        ("?genre=Rock&genre=Jazz", 80),
        ("?genre=%2BRock&genre=%2BJazz&genre=%2BBlues", 16),
        ("?genre=%2BJazz&genre=%2BBlues", 16),
        ("?genre=Jazz", 56),
        ("", 80),
    ]


def test_a_closed_facet_is_right_when_it_opens(shown):
    summary = shown.tab.locator('[data-facet="genre"] summary')
    summary.click()
    shown.search("needle")
    summary.click()

    assert values(shown, "genre") == [("Jazz", 3), ("Rock", 1)]


def test_the_sheet_is_right_when_it_opens(browser, address):
    with tab(browser, address, size=(360, 780), has_touch=True) as shown:
        shown.open("?genre=Rock")
        shown.search("needle")
        shown.tab.locator('[data-part="open"]').tap()
        sheet = shown.tab.get_by_role("dialog")
        heads = sheet.locator("summary:visible").all_inner_texts()
        assert [head.split("\n") for head in heads] == [
            ["Genre", "Rock"],
            ["Style"],
            ["Format"],
            ["Decade"],
        ]
        sheet.locator("summary").first.tap()

        assert values(shown, "genre") == [("Jazz", 3), ("Rock", 1)]
        assert sheet.get_by_role("button", name="Remove Genre: Rock").is_visible()
        for button in sheet.locator("button:visible").all()[:12]:
            assert button.bounding_box()["height"] >= 44
        sheet.get_by_role("button", name="Remove Genre: Rock").tap()
        assert sheet.locator('[data-part="done"]').inner_text() == "Show 4 records"
        shown.press("Show 4 records")
        shown.tab.wait_for_selector(".toolbar .chips", state="attached")


def test_a_group_of_values_is_one_tab_stop(shown):
    def focused():
        return shown.tab.evaluate(
            """() => [document.activeElement.className,
                      document.activeElement.closest("li")?.querySelector("bdi").textContent]"""
        )

    def press(*keys):
        for key in keys:
            shown.tab.keyboard.press(key)
        return focused()

    first, second = [name for name, _ in values(shown)][:2]
    last = [name for name, _ in values(shown)][-1]
    shown.tab.locator('[data-facet="style"] summary').focus()
    assert press("Tab") == ["field", None]
    assert press("Tab") == ["facet-include", first]
    assert press("ArrowDown") == ["facet-include", second]
    assert press("ArrowRight") == ["facet-exclude", second]
    assert press("ArrowUp") == ["facet-exclude", first]
    assert press("ArrowLeft") == ["facet-include", first]
    assert press("End") == ["facet-include", last]
    assert press("ArrowDown") == ["facet-include", last]
    assert press("Tab")[0] == "facet-more button"
    assert press("Shift+Tab") == ["facet-include", last]
    assert press("Home", "Space") == ["facet-include", first]
    assert shown.read()["total"] == 2


def test_the_records_can_be_skipped_to(shown):
    shown.tab.keyboard.press("Tab")
    shown.tab.keyboard.press("Tab")
    assert shown.tab.evaluate("document.activeElement.textContent") == "Skip to the records"
    shown.tab.keyboard.press("Enter")

    assert shown.tab.evaluate("document.activeElement.id") == "records"


def test_a_page_can_be_chosen(shown):
    pages = shown.tab.get_by_label("Page", exact=True)
    assert pages.locator("option").all_inner_texts() == ["1", "2", "3", "4"]
    pages.select_option("3")

    assert [shown.query, shown.read()["place"]] == ["?page=3", "Page 3 of 4"]
    shown.tab.go_back()
    assert pages.input_value() == "1"


DIVIDED = """() => [...document.querySelectorAll("[data-results] > *")].map((row) => [
  row.dataset.divider ?? "",
  row.querySelector(".row-added").textContent.replace(/^Added \\d+ /, ""),
])"""


def test_rows_are_divided_by_month(browser, tmp_path):
    items = numbered_shelf()
    for number, item in enumerate(items):
        item["date_added"] = f"2024-{1 + number // 20:02}-02T10:00:00-08:00"
    with served(built_site(tmp_path, items)) as address, tab(browser, address) as shown:
        for query in ("", "?page=2", "?sort=added-asc&page=3"):
            shown.open(query)
            lines = shown.tab.evaluate(DIVIDED)
            months = [month for _, month in lines]
            before = [months[0], *months]
            expected = [
                month if month != last else "" for month, last in zip(months, before, strict=False)
            ]
            assert [divider for divider, _ in lines] == expected
            assert any(expected)
        shown.press("Random")
        assert shown.tab.locator("[data-divider]").count() == 0
        shown.tab.set_viewport_size({"width": 1440, "height": 900})
        shown.open("?sort=added-asc")
        jump = shown.tab.get_by_label("Jump to")
        jump.focus()
        names = jump.locator("option").all_inner_texts()
        jump.select_option("March 2024")

        assert names == [
            "Jump to",
            *(f"{month} 2024" for month in ("January", "February", "March", "April")),
        ]
        assert shown.query == "?sort=added-asc&page=2"
        top = shown.tab.locator("[data-divider='March 2024']").bounding_box()["y"]
        assert top == pytest.approx(72, abs=12)
