"""What the files of one part of the site may tell of the others."""

import json
from itertools import pairwise

import pytest

from generator.derive.pages import DataFile, Page, SiteView, Source, account_pages, site_pages
from generator.domain.account import Privacy
from generator.errors import RenderError
from generator.render.privacy import Scope, account_scope, site_scope
from tests.render.shelf import built, make_build, make_shelf, pages

BASE = "https://me.example/r/"
SLUG = "5ec7e7"
PUBLIC = Scope("u/rock/", frozenset({"rock"}), frozenset({1, 2}))
UNLISTED = Scope(f"x/{SLUG}/", frozenset({"rock"}), frozenset({1, 2}))
SITE = Scope("", frozenset({"rock", "low-tide"}))


def refusal(scope, item):
    """What is wrong with the item; the error names its path."""
    with pytest.raises(RenderError) as error:
        scope.check(item, BASE)
    assert error.value.where == item.path
    return error.value.what


def instances(*numbers):
    """The column of a catalog that says which copies its rows are."""
    steps = [before - number for before, number in pairwise(numbers)]
    return json.dumps({"columns": {"instances": [*numbers[:1], *steps]}})


def data(path, text):
    """A data file of the account, or of the site for a path without a folder."""
    return DataFile(path, text)


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        (PUBLIC, "index.html"),
        (PUBLIC, "u/rocks/index.html"),
        (PUBLIC, f"x/{SLUG}/index.html"),
        (PUBLIC, "u/"),
        (UNLISTED, "u/rock/index.html"),
        (UNLISTED, "x/0ther/index.html"),
        (SITE, "u/rock/index.html"),
        (SITE, "u/index.html"),
        (SITE, f"x/{SLUG}/feed.xml"),
    ],
)
def test_a_file_stays_in_its_part_of_the_site(scope, path):
    """An account's in its tree, the site's own in none."""
    assert refusal(scope, Page(path, "", None)).startswith("is planned outside of ")


@pytest.mark.parametrize(
    "path", ["index.html", "rock/index.html", "assets/u/x/a.css", "u", "x.json"]
)
def test_other_places_belong_to_nobody(path):
    """Only u/ and x/ hold trees; a word alone means nothing."""
    SITE.check(data(path, "{}"), "")


@pytest.mark.parametrize("name", ["rock", "jazz"])
def test_a_page_shows_the_account_it_belongs_to(name):
    """The model's account is compared, whatever words the page has."""
    _, items = account_pages(Source(make_shelf(2, "rock", "rock jazz")), SiteView())
    scope = Scope("u/rock/", frozenset({name}), frozenset({1, 2}))

    if name == "rock":
        for item in items:
            scope.check(item, "")
    else:
        assert refusal(scope, items[0]) == "tells of an account that has no place in it"


def test_the_index_names_public_accounts_alone():
    """An entry of anybody else ends the build."""
    entries = [account_pages(Source(make_shelf(1, name)), SiteView())[0] for name in ("a", "rock")]
    index, *_ = site_pages(entries, SiteView(), "")

    site_scope(["a", "rock"], {}).check(index, "")
    for scope in (site_scope(["a"], {}), site_scope(["a", "rock"], {"rock": Privacy.PRIVATE})):
        assert refusal(scope, index) == "tells of an account that has no place in it"


def test_a_page_may_be_given_its_own_copies_only():
    """Those of the account's snapshot, whatever the plan says."""
    PUBLIC.check(Page("u/rock/a.html", "", None, frozenset({2})), "")

    page = Page("u/rock/a.html", "", None, frozenset({2, 3}))
    assert refusal(PUBLIC, page) == "shows a copy of another account"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"account": "jazz"}', "tells of an account that has no place in it"),
        ('[{"a": [{"account": "jazz"}]}]', "tells of an account that has no place in it"),
        ('{"items": [{"instance_id": 1}, {"instance_id": 3}]}', "tells of a copy of another"),
        (instances(1, 3), "tells of a copy of another account"),
        (instances(2, 1, 0), "tells of a copy of another account"),
        ('{"instances": 3}', "tells of a copy of another account"),
        ('{"instances": [[3]]}', "tells of a copy of another account"),
        ('{"instances": [1, "2"]}', "tells of a copy of another account"),
        ('{"instances": ["2", "3"]}', "tells of a copy of another account"),
        ("{account: 1}", "is no JSON"),
    ],
)
def test_json_that_tells_of_others_is_refused(text, what):
    """Accounts and copies are looked for by key, at any depth."""
    assert refusal(PUBLIC, data("u/rock/stats.json", text)).startswith(what)


@pytest.mark.parametrize(
    "text",
    [
        '{"account": "rock", "discogs_name": "jazz", "title": "jazz", "account_of": "jazz"}',
        '{"genres": ["jazz"], "jazz": {"account": null}, "releases": [3, 4]}',
        '{"items": [{"instance_id": 2}], "copies": 3}',
        instances(2, 1),
        '{"instances": ["1", "2"]}',
    ],
)
def test_words_and_numbers_give_nobody_away(text):
    """A genre may be called like an account, a release numbered like a copy."""
    PUBLIC.check(data("u/rock/stats.json", text), "")


@pytest.mark.parametrize(("number", "refused"), [("2", False), ("3", True)])
def test_a_table_is_read_by_its_column(number, refused):
    """The copies of a CSV stand under instance_id."""
    file = data("u/rock/releases.csv", f'release_id,Title,instance_id\r\n3,"a\r\nb",{number}\r\n')

    if refused:
        assert refusal(PUBLIC, file) == "tells of a copy of another account"
    else:
        PUBLIC.check(file, "")


@pytest.mark.parametrize(
    ("scope", "text", "refused"),
    [
        (SITE, f"<urlset><url><loc>{BASE}u/rock/</loc></url></urlset>", False),
        (SITE, f"<urlset><url><loc>\n{BASE}x/{SLUG}/ </loc></url></urlset>", True),
        (SITE, f'<feed xmlns="a"><link rel="self" href="{BASE}x/{SLUG}/"/></feed>', True),
        (SITE, f'<feed><link href="x/{SLUG}/"/></feed>', True),
        (SITE, f"<feed><title>x/{SLUG}/</title></feed>", False),
        (PUBLIC, f'<feed><link href="../../x/{SLUG}/"/></feed>', True),
        (UNLISTED, f'<feed><id>{BASE}x/{SLUG}/</id><link href="./"/></feed>', False),
        (UNLISTED, f"<feed><id>{BASE}x/0ther/</id></feed>", True),
    ],
)
def test_feeds_and_sitemaps_do_not_lead_to_the_unlisted(scope, text, refused):
    """By whole addresses and by links; a title is no link."""
    file = data(f"{scope.top}feed.xml", text)

    if refused:
        assert refusal(scope, file) == "links to an unlisted account"
    else:
        scope.check(file, BASE)


def test_a_feed_has_to_be_xml():
    """What no reader can read is not published."""
    assert refusal(SITE, data("sitemap.xml", "<urlset>")) == "is no XML"


@pytest.mark.parametrize(
    ("slug", "level", "refused"),
    [
        (None, Privacy.PUBLIC, False),
        (None, Privacy.UNLISTED, True),
        (None, Privacy.PRIVATE, True),
        (SLUG, Privacy.PUBLIC, False),
        (SLUG, Privacy.UNLISTED, False),
        (SLUG, Privacy.PRIVATE, True),
    ],
)
def test_nobody_is_shown_more_than_their_level_allows(tmp_path, slug, level, refused):
    """Whatever was planned: the build ends, and the site that was there stays."""
    site = built(tmp_path / "site", make_shelf(2, "jazz"))
    before = pages(site)
    sources = [Source(make_shelf(2, "jazz")), Source(make_shelf(3, "rock"), slug=slug)]
    build = make_build(site)

    if refused:
        with pytest.raises(RenderError, match=f"^the site: an account that is {level} was planned"):
            build.run(sources, {"rock": level, "jazz": Privacy.PUBLIC})
        assert pages(site) == before
    else:
        told = build.run(sources, {"rock": level, "jazz": Privacy.PUBLIC})
        assert (told.accounts, told.unlisted, told.copies) == ((1, 1, 5) if slug else (2, 0, 5))


def test_the_scope_of_an_account_is_its_snapshot():
    """Its tree, its name, its copies."""
    assert account_scope(Source(make_shelf(2, "rock"), slug=SLUG), {}) == UNLISTED
    assert account_scope(Source(make_shelf(2, "rock")), {}) == PUBLIC
