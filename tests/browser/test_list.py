"""The list shows what the rules say: a real browser against a reading of the same raw items."""

import json
import random
from urllib.parse import urlencode

import pytest

from generator.demo.sample import sample_collection
from tests.browser.reference import FACETS, cleaned, numbers_beside, of, page, result
from tests.browser.reference import rows as read_rows
from tests.browser.shelf import handmade_shelf
from tests.browser.sites import SYNCED_AT, built_site, served, tab

SORTS = ("added", "added-asc", "artist", "artist-desc", "title", "year", "year-desc")
COLLECTIONS = {"handmade": 150, "real-500": 60, "cc0-2554": 40}
"""How many random queries each collection is asked."""
LINKS = {"handmade": 8, "real-500": 3, "cc0-2554": 3}
"""How many of them are also loaded: what a page reads from its address is the same for all."""
VIEWS = ("rows", "covers", "wall")
WALKED = {"handmade": 12, "real-500": 6, "cc0-2554": 5}
"""How many are followed to the last row, in every view."""

WALK = """async (address) => {
  const found = [];
  Element.prototype.scrollIntoView = () => {}; // where it leads on the page is not looked at
  const next = document.querySelector('[data-part="next"]');
  history.pushState(null, "", location.pathname + address);
  dispatchEvent(new PopStateEvent("popstate"));
  const { dataset } = document.querySelector("main [role=status]");
  const hung = () => String(document.querySelectorAll("[data-results] > .tile").length);
  while (address.includes("view=wall") && hung() !== dataset.count) {
    await new Promise(requestAnimationFrame);
  }
  for (;;) {
    const rows = document.querySelectorAll("[data-results] > *");
    found.push(...[...rows].map((row) => row.dataset.instance));
    if (next.disabled) return found;
    next.click();
  }
}"""


def raw_items(name, request):
    """The items of a collection as they were sent."""
    if name == "handmade":
        return handmade_shelf()
    data = request.getfixturevalue("real_data") / "collections" / f"{name}.json"
    payload = json.loads(data.read_text(encoding="utf-8"))
    return payload if isinstance(payload, list) else payload["releases"]


@pytest.fixture(scope="module", params=COLLECTIONS)
def collection(request, browser, tmp_path_factory):
    """A collection, read by the reference, and its list in a browser."""
    items = raw_items(request.param, request)
    rows = read_rows(items, SYNCED_AT.year)
    site = built_site(tmp_path_factory.mktemp("list"), items)
    with served(site) as address, tab(browser, address) as shown:
        shown.open()
        yield request.param, rows, shown


def seen(rows, address):
    """What the page ought to show, in the shape in which it is read."""
    total, number, pages, found = page(rows, address)
    return {
        "total": total,
        "place": f"Page {number:,} of {pages:,}",
        "rows": [
            {name: each[name] for name in ("instance", "url", "credit", "title", "formats")}
            | {"year": str(each["year"] or "Year unknown")}
            for each in found
        ],
    }


def shown_part(read):
    """The part of what was read that `seen` tells."""
    assert read["statuses"] == 1
    return {name: read[name] for name in ("total", "place", "rows")}


def random_query(rows, dice, **more):
    """A query of the address grammar: real values, strange ones, and words from the rows."""
    parts = list(more.items())
    for facet in FACETS:
        values = sorted({value for each in rows for value in of(each, facet)}) or ["none"]
        for _ in range(dice.choices([0, 1, 2, 3], [76, 14, 7, 3])[0]):
            value = dice.choices([dice.choice(values), dice.choice(values).upper(), ""], [20, 1, 1])
            mark = "\\" if value[0].startswith(("-", "+", "\\")) else ""
            parts.append((facet, dice.choice(["", "", "", "-", "+"]) + mark + value[0]))
    if dice.random() < 0.6:
        parts.append(
            ("q", " ".join(random_word(rows, dice) for _ in range(dice.choice([1, 1, 2]))))
        )
    if dice.random() < 0.8:
        parts.append(("sort", dice.choice([*SORTS, "Artist", ""])))
    if not more and dice.random() < 0.5:
        parts.append(("page", dice.choice(["1", "2", "3", "999", "0", "-1", "x", "1.5", "02"])))
    dice.shuffle(parts)
    return f"?{urlencode(parts)}" if parts else ""


def random_word(rows, dice):
    """A piece of a word of some row, sometimes changed so that it may match nothing."""
    field = dice.choice(dice.choice(rows)["raw"]) or "x"
    word = dice.choice(field.split() or ["x"])
    start = dice.randrange(len(word))
    piece = word[start : start + dice.randint(1, 6)]
    return dice.choice([piece, piece, piece.upper(), piece.lower(), f"{piece}!", f"{piece}q"])


def test_any_query_shows_the_rows_of_the_rules(collection):
    name, rows, shown = collection
    dice = random.Random(f"queries of {name}")  # noqa: S311 - the same queries in every run

    addresses = [random_query(rows, dice) for _ in range(COLLECTIONS[name])]
    for address, read in zip(addresses, shown.ask_all(addresses), strict=True):
        assert shown_part(read) == seen(rows, address), address


def test_a_loaded_page_shows_the_same(collection):
    name, rows, shown = collection
    dice = random.Random(f"links of {name}")  # noqa: S311 - the same queries in every run

    for _ in range(LINKS[name]):
        address = random_query(rows, dice)
        assert shown_part(shown.open(address)) == seen(rows, address), address
        assert shown.query == address
    shown.open()


@pytest.mark.parametrize("view", VIEWS)
def test_any_query_is_right_to_the_last_row_in_every_view(collection, view):
    name, rows, shown = collection
    dice = random.Random(f"{view} of {name}")  # noqa: S311 - the same queries in every run

    for _ in range(WALKED[name]):
        address = random_query(rows, dice, view=view)
        expected = [each["instance"] for each in result(rows, address)]
        assert shown.tab.evaluate(WALK, address) == expected, address
        assert shown.tab.evaluate("document.documentElement.dataset.view") == view
    shown.ask("?view=rows")


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_is_right_to_the_last_row(collection, sort):
    _, rows, shown = collection
    address = "" if sort == "added" else f"?sort={sort}"

    assert shown.tab.evaluate(WALK, address) == [each["instance"] for each in result(rows, address)]


def test_the_numbers_beside_the_values(collection):
    name, rows, shown = collection
    dice = random.Random(f"numbers of {name}")  # noqa: S311 - the same queries in every run

    addresses = [random_query(rows, dice) for _ in range(12)]
    for address, read in zip(addresses, shown.ask_all(addresses), strict=True):
        numbers = numbers_beside(rows, address)
        expected = [[facet, value, numbers[facet][value]] for facet, value, _ in read["numbers"]]
        assert read["numbers"] == expected, address


@pytest.mark.parametrize(
    ("search", "artist"),
    [
        ("ac dc", "AC/DC"),
        ("acdc", "AC/DC"),
        ("AC/DC", "AC/DC"),
        ("blink182", "blink-182"),
        ("blink 182", "blink-182"),
        ("bjork", "Björk"),
        ("oeuvre", "Œuvre"),
        ("!!!", "!!!"),
        ("strasse", "Straße"),
        ("οδυσσευς", "ΟΔΥΣΣΕΥΣ"),
        ("кино", "Кино"),
        ("istanbul", "İstanbul"),
    ],
)
def test_a_search_finds(browser_shelf, search, artist):
    read = browser_shelf.ask(f"?{urlencode({'q': search, 'sort': 'artist'})}")

    assert artist in [each["credit"] for each in read["rows"]]


@pytest.mark.parametrize("search", ["none", "null", "undefined", "nan", "ann & bob", "4003 qx qy"])
def test_a_search_does_not_find(browser_shelf, search):
    assert browser_shelf.ask(f"?{urlencode({'q': search})}")["total"] == 0


@pytest.mark.parametrize("search", ["BLP 4003", "blp4003", "BLP-4003"])
def test_a_catalogue_number_is_found_however_it_is_spaced(browser_shelf, search):
    found = browser_shelf.tab.evaluate(WALK, f"?{urlencode({'q': search})}")
    numbers = {
        label["catno"]
        for item in cleaned(handmade_shelf())
        if str(item["instance_id"]) in found
        for label in item["basic_information"]["labels"]
    }

    assert {"BLP-4003", "BLP 4003"} <= numbers


@pytest.fixture(scope="module")
def browser_shelf(browser, tmp_path_factory):
    """The list of the handmade shelf."""
    site = built_site(tmp_path_factory.mktemp("shelf"), handmade_shelf())
    with served(site) as address, tab(browser, address) as shown:
        shown.open()
        yield shown


NUMBERED = """() => [...document.querySelectorAll('main a[href*="all/?"]')].map((link) => {
  const row = link.closest("tr");
  const own = link.textContent.match(/\\d[\\d,]*/);
  const beside = link.closest("li")?.querySelector("span")?.textContent ?? row?.dataset.copies;
  const inHead = link.closest("th") !== null;
  const number = inHead || link.closest("li") ? beside : own?.[0];
  return [new URL(link.href).search, number?.match(/\\d[\\d,]*/)?.[0].replaceAll(",", "")];
}).filter(([, number]) => number)"""


@pytest.mark.parametrize("name", ["sample", "handmade", "cc0-2554", "real-500", "real-155"])
def test_every_number_leads_to_exactly_as_many_records(browser, tmp_path, name, request):
    items = sample_collection().copies if name == "sample" else raw_items(name, request)
    site = built_site(tmp_path, items)
    with served(site) as address, tab(browser, address) as shown:
        shown.open()
        found: dict[str, int] = {}
        for page_of in ("u/shelf/", "u/shelf/collection/"):
            shown.tab.goto(address + page_of)
            found |= {link: int(number) for link, number in shown.tab.evaluate(NUMBERED)}
        shown.open()
        counted = dict(zip(found, shown.count_all(list(found)), strict=True))

    assert counted == found
    kinds = {link.partition("=")[0] for link in found}
    if name == "sample":
        assert len(found) > 250
        assert kinds >= {f"?{facet}" for facet in FACETS if facet not in ("style", "label")}
