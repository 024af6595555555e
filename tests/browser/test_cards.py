"""What a page says of itself in its head: to tabs, to search engines, where it is shared."""

import re

import pytest
from msgspec.structs import replace

from generator.derive.pages import SiteView
from tests.browser.published import ACCOUNT, PAGES, source
from tests.browser.shelf import hostile_shelf, numbered_shelf
from tests.render.shelf import make_build

BASE = "https://me.example/records/"
TAGS = (
    r"<title>.*?</title>"
    r'|<meta (?:name="(?:description|twitter)|property)[^>]*>'
    r'|<link rel="canonical"[^>]*>'
)
HOME = (
    f"{ACCOUNT} · Rock &amp; Roll",
    f"The record collection of {ACCOUNT}: 80 records by 1 artist. See the latest additions.",
)
TOLD = {
    "index": HOME,
    "account": HOME,
    "dashboard": (
        f"{ACCOUNT}’s collection in numbers · Rock &amp; Roll",
        (
            f"The record collection of {ACCOUNT} in numbers: genres, formats, artists and years of"
            " 80 records."
        ),
    ),
    "list": (
        f"All records of {ACCOUNT} · Rock &amp; Roll",
        f"The whole record collection of {ACCOUNT}: 80 records to search, filter and sort.",
    ),
}

PICTURE = [
    f'<meta property="og:image" content="{BASE}{PAGES["account"]}card.png">',
    '<meta property="og:image:width" content="1200">',
    '<meta property="og:image:height" content="630">',
    f'<meta property="og:image:alt" content="{ACCOUNT}: 80 records">',
]


def told(directory, page):
    """The tags of a page's head that speak of it."""
    path = PAGES[page] if page == "404" else f"{PAGES[page]}index.html"
    return re.findall(TAGS, (directory / path).read_text("utf-8"))


@pytest.fixture(scope="module", params=["", BASE], ids=["no address", "an address"])
def site(request, tmp_path_factory):
    """A site that knows its address, or does not: where it is published, and where it was built."""
    directory = tmp_path_factory.mktemp("cards") / "site"
    view = SiteView(title="Rock & Roll", base_url=request.param)
    make_build(directory, view).run([source(numbered_shelf())], {})
    return request.param, directory


@pytest.mark.parametrize("page", TOLD)
def test_a_page_has_a_card(site, page):
    base, directory = site
    title, description = TOLD[page]
    address = base + PAGES[page]

    assert told(directory, page) == [
        f"<title>{title}</title>",
        f'<meta name="description" content="{description}">',
        '<meta property="og:type" content="website">',
        '<meta property="og:site_name" content="Rock &amp; Roll">',
        f'<meta property="og:title" content="{title}">',
        f'<meta property="og:description" content="{description}">',
        f'<meta name="twitter:card" content="summary{"_large_image" if base else ""}">',
        *(PICTURE if base else []),
        *([f'<meta property="og:url" content="{address}">'] if base else []),
        *([f'<link rel="canonical" href="{address}">'] if base else []),
    ]


def test_a_page_that_is_none_has_no_card(site):
    assert told(site[1], "404") == [
        "<title>Not found · Rock &amp; Roll</title>",
        '<meta name="description" content="There is no page at this address.">',
    ]


@pytest.mark.parametrize("items", [[], numbered_shelf()[:1], hostile_shelf()], ids=len)
def test_a_description_is_short(tmp_path, items):
    make_build(tmp_path / "site", SiteView(title="T" * 200)).run([source(items)], {})
    files = [page for page, path in PAGES.items() if not set("?#") & set(path)]
    heads = [told(tmp_path / "site", page)[1] for page in files]
    lengths = [len(head) - len('<meta name="description" content="">') for head in heads]

    assert min(lengths) > 30
    assert max(lengths) <= 160


@pytest.mark.parametrize(
    ("names", "description"),
    [
        ((), "There is no public collection here yet."),
        (
            ("ann", "bob"),
            "2 record collections to browse: ann, bob",
        ),
        (
            tuple(f"collection-number-{number}" for number in range(1, 10)),
            (
                "9 record collections to browse: collection-number-1, collection-number-2,"
                " collection-number-3, collection-number-4, collection-number-5,…"
            ),
        ),
    ],
    ids=["none", "two", "many"],
)
def test_the_front_page_names_its_collections(tmp_path, names, description):
    empty = source([])
    sources = [replace(empty, snapshot=replace(empty.snapshot, account=name)) for name in names]
    make_build(tmp_path / "site", SiteView(title="Club")).run(sources, {})

    assert told(tmp_path / "site", "index")[1] == (
        f'<meta name="description" content="{description}">'
    )
