"""What search engines are told."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from generator.derive.feeds import PAGES, robots_file, sitemap_files
from generator.derive.pages import AccountContent, Page, SiteView, account_tree, site_pages
from tests.factories import NOW, make_collection, make_copy, make_snapshot

BASE = "https://me.example/records/"
SITE = SiteView(base_url=BASE)
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
ROBOTS = """\
User-agent: *
Allow: /
Disallow: /*/days.json$
Disallow: /*/stats.json$
Disallow: /*/releases.json$
Disallow: /*/releases.csv$
"""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def source(name, read=NOW, slug=None, instance=1):
    shelf = make_collection(make_copy(instance))
    return AccountContent(make_snapshot(shelf, account=name, synced_at=read), slug=slug)


def planned(*sources, site=SITE):
    """The files that belong to no account, by path."""
    entries = [account_tree(one, site).entry for one in sources]
    items = site_pages(entries, site, "d1")
    return {item.path: item.text for item in items if not isinstance(item, Page)}


def test_the_sitemap_lists_the_public_pages():
    older = source("b", datetime(2026, 11, 1, 9, 30, tzinfo=UTC), instance=2)

    files = planned(older, source("a"))

    assert files["sitemap.xml"] == (
        f"{HEAD}<urlset {SPACE}>\n"
        "<url><loc>https://me.example/records/</loc>"
        "<lastmod>2026-11-22T14:18:42Z</lastmod></url>\n"
        "<url><loc>https://me.example/records/u/a/</loc>"
        "<lastmod>2026-11-22T14:18:42Z</lastmod></url>\n"
        "<url><loc>https://me.example/records/u/a/collection/</loc>"
        "<lastmod>2026-11-22T14:18:42Z</lastmod></url>\n"
        "<url><loc>https://me.example/records/u/a/collection/all/</loc>"
        "<lastmod>2026-11-22T14:18:42Z</lastmod></url>\n"
        "<url><loc>https://me.example/records/u/b/</loc>"
        "<lastmod>2026-11-01T09:30:00Z</lastmod></url>\n"
        "<url><loc>https://me.example/records/u/b/collection/</loc>"
        "<lastmod>2026-11-01T09:30:00Z</lastmod></url>\n"
        "<url><loc>https://me.example/records/u/b/collection/all/</loc>"
        "<lastmod>2026-11-01T09:30:00Z</lastmod></url>\n"
        "</urlset>\n"
    )
    assert files["robots.txt"] == f"{ROBOTS}\nSitemap: {BASE}sitemap.xml\n"


def test_without_an_address_there_is_no_sitemap():
    files = planned(source("a"), site=SiteView())

    assert files.keys() == {"robots.txt", ".nojekyll"}
    assert files["robots.txt"] == ROBOTS


def test_every_page_of_an_account_is_listed():
    items = account_tree(source("a"), SITE).items
    paths = [item.path.removesuffix("index.html") for item in items if isinstance(item, Page)]

    assert paths == [f"u/a/{page}" for page in PAGES]


def test_a_site_of_nobody_has_a_front_page():
    assert dict(sitemap_files(BASE, [])) == {
        "sitemap.xml": f"{HEAD}<urlset {SPACE}>\n<url><loc>{BASE}</loc></url>\n</urlset>\n"
    }


def test_times_are_told_in_utc():
    read = datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=2)))

    text = dict(sitemap_files(BASE, [("u/a/", read)]))["sitemap.xml"]

    assert text.count("<lastmod>2025-12-31T23:00:00Z</lastmod>") == 4


def test_an_address_is_escaped():
    text = dict(sitemap_files("https://me.example/a&b/", []))["sitemap.xml"]

    assert "<loc>https://me.example/a&amp;b/</loc>" in text


@pytest.mark.parametrize(
    ("most", "parts"), [(7, None), (6, [6, 1]), (4, [4, 3]), (3, [3, 3, 1]), (1, [1] * 7)]
)
def test_a_long_sitemap_is_split(most, parts):
    trees = [("u/a/", NOW), ("u/b/", NOW - timedelta(days=1))]

    files = dict(sitemap_files(BASE, trees, most))

    whole = dict(sitemap_files(BASE, trees))["sitemap.xml"].splitlines()
    if parts is None:
        assert files == {"sitemap.xml": "\n".join(whole) + "\n"}
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    assert [*files] == [*names, "sitemap.xml"]
    split = [files[name].splitlines()[2:-1] for name in names]
    assert [len(lines) for lines in split] == parts
    assert [line for lines in split for line in lines] == whole[2:-1]
    ages = [lines[0].partition("<lastmod>")[2].partition("<")[0] for lines in split]
    assert files["sitemap.xml"] == (
        f"{HEAD}<sitemapindex {SPACE}>\n"
        + "".join(
            f"<sitemap><loc>{BASE}{name}</loc><lastmod>{age}</lastmod></sitemap>\n"
            for name, age in zip(names, ages, strict=True)
        )
        + "</sitemapindex>\n"
    )


def test_the_protocol_s_limit_is_kept():
    trees = [(f"u/{number}/", NOW) for number in range(16_667)]

    files = dict(sitemap_files(BASE, trees))

    assert {path: text.count("<loc>") for path, text in files.items()} == {
        "sitemap-1.xml": 50_000,
        "sitemap-2.xml": 2,
        "sitemap.xml": 2,
    }


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/u/demo/", True),
        ("/u/demo/collection/all/", True),
        ("/u/demo/feed.xml", True),
        ("/u/stats.json/", True),
        ("/u/demo/collection/all/catalog-0123456789abcdef.json", True),
        ("/u/demo/days.json", False),
        ("/u/demo/collection/stats.json", False),
        ("/repo/u/demo/collection/releases.json", False),
        ("/x/0ther/collection/releases.csv", False),
    ],
)
def test_crawlers_may_read_the_pages_but_not_the_data_files(path, allowed):
    rules = re.findall(r"^(Allow|Disallow): (.+)$", ROBOTS, re.MULTILINE)
    matching = [
        (len(rule), kind)
        for kind, rule in rules
        if re.match(re.escape(rule).replace(r"\*", ".*").replace(r"\$", "$"), path)
    ]

    assert (max(matching)[1] == "Allow") == allowed
    assert robots_file("") == ROBOTS
