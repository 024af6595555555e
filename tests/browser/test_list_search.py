"""The search: its keys, what it marks, and how the address follows it."""

import random
import re

import pytest

from tests.browser.reference import rows as read_rows
from tests.browser.reference import search_text
from tests.browser.shelf import handmade_shelf
from tests.browser.sites import ASK, SYNCED_AT, built_site, served, tab, titles

MARKS = """() => [...document.querySelectorAll("[data-results] > *")].map((row) => ({
  instance: row.dataset.instance,
  shown: [...row.querySelectorAll(
    ".row-title, .row-credit a, .row-label > *, .row-year > :first-child, .row-pressing")]
    .map((field) => [
      field.textContent.replace(/^pressed /, ""),
      [...field.querySelectorAll("mark")].map((mark) => mark.textContent),
      field.matches(".row-number"),
    ]),
}))"""
MARKED = f"""(words) => words.map((word) => {{
  ({ASK})(`?q=${{word}}`);
  return ({MARKS})();
}})"""
TYPED = """(texts) => {
  const search = document.querySelector("input[type=search]");
  for (const text of texts) {
    search.value = text;
    search.dispatchEvent(new Event("input"));
  }
}"""


def focused(shown):
    """The type of what has the focus."""
    return shown.tab.evaluate("document.activeElement.type")


def test_a_slash_goes_to_the_search(shown):
    shown.search("groove")
    shown.tab.get_by_label("Sort").focus()
    shown.tab.mouse.click(700, 3)
    shown.tab.keyboard.press("/")

    assert focused(shown) == "search"
    shown.tab.keyboard.type("needle")
    assert [shown.read()["search"], shown.read()["total"]] == ["needle", 4]


def test_a_slash_is_typed_where_one_types(shown):
    shown.search("a/b")
    assert shown.read()["search"] == "a/b"
    shown.tab.mouse.click(700, 3)
    shown.tab.keyboard.press("Control+/")

    assert focused(shown) != "search"


def test_escape_empties_the_search_first(shown):
    shown.search("needle")
    shown.tab.keyboard.press("Escape")

    assert [shown.read()["search"], shown.read()["total"], shown.query] == ["", 80, ""]
    assert focused(shown) == "search"


def test_the_address_follows_soon_after_the_last_letter(shown):
    entries = shown.tab.evaluate("history.length")
    shown.tab.evaluate(
        """() => {
          globalThis.written = 0;
          const replace = history.replaceState.bind(history);
          history.replaceState = (...given) => (written++, replace(...given));
        }"""
    )
    shown.tab.evaluate(f"({TYPED})(['n', 'ne', 'need'])")
    shown.tab.wait_for_function("() => location.search === '?q=need'", timeout=3000)

    assert shown.tab.evaluate("written") == 1
    assert [shown.read()["total"], shown.tab.evaluate("history.length")] == [4, entries]


def test_what_was_typed_is_in_the_history_before_a_page_is_turned(shown):
    shown.tab.evaluate(
        f"""() => {{
          ({TYPED})(["groove"]);
          document.querySelector('[data-part="next"]').click();
        }}"""
    )
    assert shown.query == "?q=groove&page=2"
    shown.tab.go_back()

    assert shown.query == "?q=groove"
    assert titles(shown.read())[0] == 79


@pytest.fixture(scope="module")
def peculiar(browser, tmp_path_factory):
    """The list of the handmade shelf."""
    site = built_site(tmp_path_factory.mktemp("marked"), handmade_shelf())
    with served(site) as address, tab(browser, address) as shown:
        shown.open()
        yield shown


@pytest.mark.parametrize(
    ("search", "marks"),
    [
        ("acdc", {"AC/DC"}),
        ("ac+dc", {"AC", "DC"}),
        ("oeuvre", {"Œuvre"}),
        ("strass", {"Straß"}),
        ("bjor", {"Björ", "bjor"}),
        ("blink182", {"blink-182"}),
        ("blp4003", {"BLP-4003", "BLP 4003"}),
        ("!!!", {"!!!"}),
        ("1877", {"1877"}),
        ("script", {"script"}),
    ],
)
def test_what_matched_is_marked(peculiar, search, marks):
    peculiar.ask(f"?q={search}&sort=artist")
    found = [
        mark
        for line in peculiar.tab.evaluate(MARKS)
        for _, each, _ in line["shown"]
        for mark in each
    ]

    assert marks <= set(found)


def test_marks_are_where_the_search_looked(peculiar):
    rows = read_rows(handmade_shelf(), SYNCED_AT.year)
    dice = random.Random("marks")  # noqa: S311 - the same words in every run

    fields = [dice.choice(dice.choice(rows)["raw"])[:40].split() or ["x"] for _ in range(60)]
    words = [search_text(dice.choice(field))[: dice.randint(1, 5)].strip() for field in fields]
    words = [word for word in words if word and " " not in word]
    for word, lines in zip(words, peculiar.tab.evaluate(MARKED, words), strict=True):
        for text, marks, is_number in (field for line in lines for field in line["shown"]):
            looked_in = [search_text("" if text == "Year unknown" else text)]
            looked_in += [search_text(re.sub(r"\s", "", text))] if is_number else []
            assert bool(marks) == any(word in each for each in looked_in), (word, text)
            assert all(
                word in search_text(mark) or word in search_text(mark).replace(" ", "")
                for mark in marks
            ), (word, text)


def test_marks_go_with_the_search(peculiar):
    before = peculiar.ask("?sort=artist")
    peculiar.ask("?q=a&sort=artist")

    assert peculiar.ask("?sort=artist") == before
    assert peculiar.tab.locator("[data-results] mark").count() == 0


def test_the_label_that_matched_is_shown(peculiar):
    peculiar.ask("?q=ωmega")
    labels = set()
    for line in peculiar.tab.evaluate(MARKS):
        number = [is_number for _, _, is_number in line["shown"]].index(True)
        labels.add(line["shown"][number - 1][0])

    assert labels == {"Ωmega"}
